"""Whoever declines or is away is passed over; nobody left means that the coordinators have it."""

from __future__ import annotations

import pytest

from mailflow.core.model import State

WAGES = "What does the convention say about the minimum wage of apprentices?"
CHILDREN = "From which age may children work on farms? Is child labour there forbidden?"


def test_a_declined_question_goes_to_the_next_and_then_to_the_coordinators(desk, ann, lucia, kofi, ana, jean):
    _, question = desk.question_of(ann, WAGES, lucia)
    lucia.replies(question, "#decline I advised the other side")
    desk.works()
    assert "The ticket went on to Kofi Mensah." in lucia.gets("transcript").text
    given = kofi.gets("assignment")
    assert "minimum wage of apprentices" in given.text
    assert desk.ticket("2026-0001").assignee == "kofi"
    ann.gets_nothing()

    kofi.replies(given, "#decline\n\nSo did I.")
    desk.works()
    assert "Nobody of the queue is left: the ticket went to the coordinators." in kofi.gets("transcript").text
    for coordinator in (ana, jean):
        assert "minimum wage of apprentices" in coordinator.gets("assignment").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.assignee, ticket.state) == ("", State.NEW)


def test_somebody_away_gets_no_new_tickets_and_their_deputy_learns_of_the_open_ones(desk, ann, bob, lucia, kofi):
    desk.question_of(ann, WAGES, lucia)
    lucia.writes("#away 2 March..13 March deputy kofi", subject="holidays")
    desk.works()
    assert "away from 2026-03-02 to 2026-03-13" in lucia.gets("transcript").text
    told = kofi.gets("away")
    assert "Lucia Santos is away" in told.text
    assert "2026-0001" in told.text

    desk.question_of(bob, WAGES, kofi)
    assert desk.ticket("2026-0002").assignee == "kofi"


def test_an_out_of_office_reply_counts_as_an_absence(desk, ann, bob, lucia, kofi, ana, jean):
    _, question = desk.question_of(ann, WAGES, lucia)
    lucia.replies(
        question,
        "I am out of the office until 13 March 2026, and will answer then.",
        headers={"Auto-Submitted": "auto-replied"},
    )
    desk.works()
    for coordinator in (ana, jean):
        assert "2026-0001" in coordinator.gets("away").text
    assert desk.ticket("2026-0001").assignee == "lucia"

    desk.question_of(bob, WAGES, kofi)  # she would be next: he has as many
    assert desk.ticket("2026-0002").assignee == "kofi"


def test_who_is_back_gets_tickets_again(desk, ann, bob, lucia):
    lucia.writes("#away 2 March..3 March", subject="a short leave")
    desk.works()
    lucia.gets("transcript")
    desk.passes(days=2)
    desk.question_of(ann, WAGES, lucia)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("2026-03-01..2026-02-01", "is no day that can be used here"),
        ("2025-03-01..2025-03-10", "is no day that can be used here"),
        ("soon", "is no day that can be used here"),
        ("2026-03-03..2026-03-05 deputy luzia", "Did you mean lucia?"),
        ("", "#away needs more"),
    ],
)
def test_an_absence_that_can_not_be_understood_is_not_recorded(desk, ann, kofi, lucia, days, said):
    lucia.writes(f"#away {days}", subject="away")
    desk.works()
    assert said in lucia.gets("transcript").text
    desk.question_of(ann, WAGES, lucia)


def test_what_the_asker_adds_meanwhile_reaches_the_deputy_too(desk, ann, lucia, kofi):
    receipt, _ = desk.question_of(ann, WAGES, lucia)
    lucia.writes("#away today..2026-03-13 deputy kofi", subject="holidays")
    desk.works()
    lucia.gets("transcript")
    kofi.gets("away")
    ann.replies(receipt, "I forgot to say that they are paid by the week.")
    desk.works()
    for reader in (lucia, kofi):
        assert "paid by the week" in reader.gets("more").text


def test_when_all_of_a_queue_are_away_the_coordinators_have_the_question(desk, ann, lucia, kofi, ana, jean):
    for member in (lucia, kofi):
        member.writes("#away 2 March to 13 March", subject="away")
        desk.works()
        member.gets("transcript")
    ann.writes(WAGES)
    desk.works()
    ann.gets("acknowledgement")
    jean.gets("question")
    assert "the queue has nobody to give the ticket to" in ana.gets("question").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.queue, ticket.assignee) == (State.NEW, "wages", "")


def test_tickets_of_a_coordinator_who_is_away_are_named_to_the_other(desk, bob, ana, jean):
    bob.writes("Where can one read about the history of your organization?")
    desk.works()
    bob.gets("acknowledgement")
    jean.gets("question")
    ana.replies(ana.gets("question"), "#take")
    desk.works()
    ana.gets("transcript")
    ana.writes("#away 2026-03-02..2026-03-20", subject="away")
    desk.works()
    ana.gets("transcript")
    assert "2026-0001" in jean.gets("away").text


def test_the_first_to_take_it_has_a_question_that_all_of_a_queue_got(desk, ann, mei, nadia):
    ann.writes(CHILDREN)
    desk.works()
    ann.gets("acknowledgement")
    hers, other = mei.gets("question"), nadia.gets("question")
    mei.replies(hers, "#take")
    desk.works()
    assert "The ticket is with you now." in mei.gets("transcript").text
    assert desk.ticket("2026-0001").assignee == "mei"

    nadia.replies(other, "#take")
    desk.works()
    assert "Mei Tanaka has the ticket already." in nadia.gets("transcript").text
    mei.replies(hers, "#take")
    desk.works()
    assert "already is with you" in mei.gets("transcript").text
    assert desk.ticket("2026-0001").assignee == "mei"


def test_who_declines_of_all_is_left_out_and_the_others_have_it_still(desk, ann, mei, nadia):
    ann.writes(CHILDREN)
    desk.works()
    receipt = ann.gets("acknowledgement")
    nadia.gets("question")
    mei.replies(mei.gets("question"), "#decline I am at a congress")
    desk.works()
    assert "Nadia Haddad" in mei.gets("transcript").text
    nadia.gets("assignment")
    ann.replies(receipt, "They are twelve years old.")
    desk.works()
    nadia.gets("more")
    mei.gets_nothing()


def test_somebody_who_never_had_it_can_not_decline_it(desk, ann, lucia, kofi):
    desk.question_of(ann, WAGES, lucia)
    kofi.writes("#on 2026-0001\n#decline I have no time", subject="no time")
    desk.works()
    assert "that you may act on" in kofi.gets("transcript").text
    assert desk.ticket("2026-0001").assignee == "lucia"


def test_a_colleague_who_answers_instead_is_held_and_its_coordinator_decides(desk, ann, lucia, kofi, ana, jean):
    """Kofi got Lucia's mail forwarded and answers from his own address: her token is not his."""
    _, question = desk.question_of(ann, WAGES, lucia)
    kofi.replies(question, "It applies to them as well; Lucia asked me to answer for her.")
    desk.works()
    jean.gets("shelf")
    notice = ana.gets("shelf")
    lucia.gets("held")
    desk.passes(days=1)
    ann.gets_nothing()
    ana.replies(notice, "#drop")
    desk.works()
    ana.gets("transcript")
    desk.passes(hours=1)
    ann.gets_nothing()


@pytest.fixture
def deputy(desk, ann, lucia, kofi):
    """Lucia is away, Kofi stands in: what he gets when the requester writes again."""
    receipt, _ = desk.question_of(ann, WAGES, lucia)
    lucia.writes("#away today..2026-03-13 deputy kofi", subject="holidays")
    desk.works()
    lucia.gets("transcript")
    kofi.gets("away")
    ann.replies(receipt, "I forgot to say that they are paid by the week.")
    desk.works()
    lucia.gets("more")
    return kofi.gets("more")


def test_a_deputy_answers_as_whoever_is_away_would(desk, ann, kofi, deputy):
    kofi.replies(deputy, "It applies to them as well, however often they are paid.")
    desk.works()
    kofi.gets("leaving")
    desk.passes(minutes=10)
    assert "however often they are paid" in ann.gets("answer").text
    assert desk.ticket("2026-0001").state is State.ANSWERED


def test_a_deputy_gives_commands_and_takes_the_ticket(desk, ann, lucia, kofi, deputy):
    kofi.replies(deputy, "#note They rang me up, too.")
    desk.works()
    kofi.gets("transcript")
    kofi.replies(deputy, "#take")
    desk.works()
    assert "with you now" in kofi.gets("transcript").text
    assert "Kofi Mensah took this ticket over" in lucia.gets("taken_away").text
    assert desk.ticket("2026-0001").assignee == "kofi"


def test_a_deputy_can_do_nothing_once_the_other_is_back(desk, ann, lucia, kofi, ana, jean, deputy):
    desk.passes(days=12)
    kofi.replies(deputy, "It applies to them as well, however often they are paid.")
    desk.works()
    for reader in (ana, jean):
        reader.gets("shelf")
    kofi.gets("held")
    ann.gets_nothing()


@pytest.mark.parametrize(
    "written",
    ["until 13 March, deputy: “Kofi Mensah”.", "2/3 - 13/3 [deputy kofi]", "du 2 mars au 13 mars suppléant kofi"],
)
def test_an_absence_and_a_deputy_as_people_write_them(desk, ann, lucia, kofi, written):
    desk.question_of(ann, WAGES, lucia)
    lucia.writes(f"#away {written}", subject="holidays")
    desk.works()
    assert "away from 2026-03-02 to 2026-03-13" in lucia.gets("transcript").text
    assert "from Monday 2 March 2026 to Friday 13 March 2026" in " ".join(kofi.gets("away").text.split())


@pytest.mark.parametrize("word", ["#back", "#away off", "#away de retour"])
def test_who_is_back_early_says_so(desk, ann, lucia, word):
    lucia.writes("#away today to 20 March", subject="ill")
    desk.works()
    lucia.gets("transcript")
    desk.passes(days=2)
    lucia.writes(word, subject="well again")
    desk.works()
    assert "Your absence from 2026-03-02 to 2026-03-20 is over" in lucia.gets("transcript").text
    desk.question_of(ann, WAGES, lucia)
    lucia.writes(word, subject="well again")
    desk.works()
    assert "No absence of yours is noted" in lucia.gets("transcript").text


def test_an_absence_to_come_may_be_cancelled(desk, ann, lucia):
    lucia.writes("#away 4 March to 20 March", subject="holidays")
    desk.works()
    lucia.gets("transcript")
    lucia.writes("#away off", subject="I stay")
    desk.works()
    assert "never begins" in lucia.gets("transcript").text
    desk.passes(days=3)
    desk.question_of(ann, WAGES, lucia)


def test_the_deputy_is_told_again_once_when_an_absence_begins(desk, ann, bob, lucia, kofi, ana):
    desk.question_of(ann, WAGES, lucia)
    lucia.writes("#away 11 March to 20 March deputy kofi", subject="holidays")
    desk.works()
    lucia.gets("transcript")
    assert "2026-0001" in kofi.gets("away").text
    bob.writes("What is the minimum wage of interns?")
    desk.works()
    bob.gets("acknowledgement"), kofi.gets("question")
    ana.writes("#on 2026-0002\n#assign lucia", subject="for her")
    desk.works()
    ana.gets("transcript"), lucia.gets("assignment"), kofi.gets("taken_away")
    desk.lives_until(desk.now.replace(day=11, hour=16))
    told = kofi.gets("away").text
    assert "2026-0001" in told
    assert "2026-0002" in told
    desk.lives_until(desk.now.replace(day=13, hour=16))
    kofi.gets_nothing()


def test_who_is_consulted_while_away_is_named_as_such(desk, ann, lucia, mei):
    _, question = desk.question_of(ann, WAGES, lucia)
    mei.writes("#away 2026-03-02..2026-03-20", subject="away")
    desk.works()
    mei.gets("transcript")
    lucia.replies(question, "#consult mei\n\nWhat do you think?")
    desk.works()
    assert "but is away until 2026-03-20" in lucia.gets("transcript").text
    mei.gets("contribution")
    lucia.replies(question, "#consult lucia")
    desk.works()
    assert "That is you" in lucia.gets("transcript").text
