"""What a mail says besides its question reaches whoever must know, and decides nothing."""

from __future__ import annotations

from mailflow.core.model import State

QUESTION = "What does the convention say about the minimum wage of apprentices?"


def test_a_sign_of_danger_brings_the_coordinators_in_at_once(desk, ann, lucia, ana, jean):
    ann.writes(f"{QUESTION} The owner threatened to kill one of them yesterday.")
    desk.works()
    assert "life or liberty may be in danger" in lucia.gets("question").text
    assert "life or liberty may be in danger" in ana.gets("question").text
    assert "est peut-être en danger" in jean.gets("question").text
    ann.gets("acknowledgement")


def test_an_ordinary_question_is_for_its_expert_alone(desk, ann, lucia, ana):
    ann.writes(QUESTION)
    desk.works()
    assert "danger" not in lucia.gets("question").text
    ana.gets_nothing()
    ann.gets("acknowledgement")


def test_a_claim_of_ones_own_is_marked_and_still_answered(desk, ann, lucia):
    ann.writes("I was fired last week and my employer has not paid me the minimum wage. He owes me 900 dollars.")
    desk.works()
    assert "may be inadmissible: a person decides" in lucia.gets("question").text
    ann.gets("acknowledgement")
    ticket = desk.ticket("2026-0001")
    assert (ticket.admissible, ticket.state) == (None, State.ASSIGNED)


def test_wishes_are_told_and_change_nothing_by_themselves(desk, ann, lucia):
    ann.writes(f"{QUESTION} Please do not publish this, and delete my mail afterwards. Please reply in French.")
    desk.works()
    told = lucia.gets("question").text
    assert "seems not to want it published" in told
    assert "seems to want it erased" in told
    assert "answer in another language" in told
    assert desk.ticket("2026-0001").publication == ""
    ann.gets("acknowledgement")


def test_what_is_added_later_is_read_for_signs_too(desk, ann, lucia, ana, jean):
    asked = desk.question_of(ann, QUESTION, lucia)
    ann.replies(asked[0], "They have locked us in the dormitory, and we can't leave the factory. Please help!")
    desk.works()
    assert "life or liberty may be in danger" in lucia.gets("more").text
    assert "life or liberty may be in danger" in ana.gets("more").text
    assert "est peut-être en danger" in jean.gets("more").text
