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


def test_a_claim_of_ones_own_is_marked_and_still_answered(desk, ann, lucia, ana, jean):
    ann.writes("I was fired last week and my employer has not paid me the minimum wage. He owes me 900 dollars.")
    desk.works()
    assert "may be inadmissible: a person decides" in lucia.gets("question").text
    told = ana.gets("question").text  # who decides
    assert "may be inadmissible: a person decides" in told
    assert "Refuse the question <mailto:" in told
    jean.gets("question")
    ann.gets("acknowledgement")
    ticket = desk.ticket("2026-0001")
    assert (ticket.admissible, ticket.state) == (None, State.ASSIGNED)


def test_wishes_are_told_and_change_nothing_by_themselves(desk, ann, ana, jean, lucia):
    ann.writes(f"{QUESTION} Please do not publish this, and delete my mail afterwards. Please reply in French.")
    desk.works()
    told = lucia.gets("question").text
    assert "seems not to want it published" in told
    assert "seems to want it erased" in told
    assert "answer in another language" in told
    assert desk.ticket("2026-0001").publication == ""
    assert "#publish never keeps it" in ana.gets("question").text  # coordinators decide about it
    jean.gets("question")
    ann.gets("acknowledgement")


def test_what_is_added_later_is_read_for_signs_too(desk, ann, lucia, ana, jean):
    asked = desk.question_of(ann, QUESTION, lucia)
    ann.replies(asked[0], "They have locked us in the dormitory, and we can't leave the factory. Please help!")
    desk.works()
    assert "life or liberty may be in danger" in lucia.gets("more").text
    assert "life or liberty may be in danger" in ana.gets("more").text
    assert "est peut-être en danger" in jean.gets("more").text


DANGER = "Please help: they threatened to kill our union leader tonight."


def test_danger_is_the_first_word_of_the_mail_about_it(desk, ann, ana, jean):
    ann.writes(DANGER)
    desk.works()
    told, raconte = ana.gets("question"), jean.gets("question")
    assert told.subject == "[2026-0001] URGENT: signs of danger"
    assert told.text.splitlines()[2].startswith("URGENT: somebody’s life or liberty may be in danger")
    assert raconte.subject == "[2026-0001] URGENT : signes de danger"
    ann.gets("acknowledgement")


def test_while_no_coordinator_is_there_a_supervisor_learns_of_danger_too(desk, ann, ana, jean, grace):
    for coordinator in (ana, jean):
        coordinator.writes("#away 2026-03-02..2026-03-20")
    desk.works()
    ana.unread.clear(), jean.unread.clear()
    ann.writes(DANGER)
    desk.works()
    for watcher in (ana, jean, grace):
        assert "2026-0001" in watcher.gets("question").subject
    ann.gets("acknowledgement")


def test_danger_in_a_mail_that_is_held_is_told_at_once(desk, ann, lucia, ana, jean):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    ann.replies(receipt, "I only wanted to add something.", vouched="fail")
    desk.works()
    ana.gets("shelf"), jean.gets("shelf")
    ann.replies(receipt, DANGER, vouched="fail")
    desk.works()  # a moment later, and yet by itself
    told = ana.gets("shelf")
    assert told.subject == "[2026-0001] URGENT: signs of danger"
    assert "URGENT: somebody’s life or liberty may be in danger" in told.text
    assert "union leader" not in told.everything
    assert "signes de danger" in jean.gets("shelf").subject


def test_danger_in_suspected_spam_waits_for_no_list(desk, ann, ana, jean):
    ann.writes(DANGER, headers={"X-Spam-Flag": "YES"})
    desk.works()
    assert "the mail looks like spam" in ana.gets("shelf").text
    assert "signes de danger" in jean.gets("shelf").subject
    ann.gets_nothing()
