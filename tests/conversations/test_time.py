"""Deadlines: who is told what, when, and once; and what the requester learns of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mailflow.core.model import Outcome, State
from mailflow.store import working
from tests.conversations.desk import MONDAY

WAGES = "What does the convention say about the minimum wage of apprentices?"
ANSWER = "It applies to them as well, and a lower rate may only be set by law."


def at(month, day, hour=12, year=2026):
    return datetime(year, month, day, hour, tzinfo=UTC)


def lines(letters, ref="2026-0001"):
    """The lines of reminders about a ticket, in the order in which they came."""
    return [line for letter in letters for line in letter.text.splitlines() if line.startswith(f"- {ref}")]


@pytest.fixture
def asked(desk, ann, lucia):
    """Asked on Monday 2 March: due on Tuesday 17, for Monday 9 is a holiday of the desk."""
    return desk.question_of(ann, WAGES, lucia)


def answered(desk, asker, expert, question):
    expert.replies(question, ANSWER)
    desk.works()
    expert.gets("leaving")
    desk.passes(minutes=10)
    return asker.gets("answer")


# ---------------------------------------------------------------- those who owe something


def test_an_expert_is_warned_twice_reminded_once_and_then_others_are_told(
    desk, ann, lucia, kofi, ana, jean, grace, asked
):
    desk.lives_until(at(3, 12, 3))
    assert lines(lucia.reads("reminder")) == []  # four working days are left
    desk.lives_until(at(3, 13, 3))
    (early,) = lines(lucia.reads("reminder"))  # Thursday 12: three are left
    assert "due soon" in early
    desk.lives_until(at(3, 17, 3))
    (soon,) = lines(lucia.reads("reminder"))  # Monday 16: one is left
    assert "nearly due" in soon
    desk.lives_until(at(3, 18, 3))
    assert lines(lucia.reads("reminder")) == []
    assert "late" not in ann.unread

    desk.lives_until(at(3, 19, 3))
    assert "We are sorry" in ann.gets("late").text
    (late,) = lines(lucia.reads("reminder"))  # Wednesday 18: it is late
    assert ": late" in late
    for coordinator in (ana, jean):
        assert not [line for line in lines(coordinator.reads("reminder")) if "answer" in line]

    desk.lives_until(at(3, 20, 3))
    (still,) = lines(ana.reads("reminder"))  # Thursday 19: two working days late
    assert "late, and still with Lucia Santos" in still
    (toujours,) = lines(jean.reads("reminder"))
    assert "Lucia Santos" in toujours
    assert grace.reads("reminder") == []
    lucia.reads("reminder")

    desk.lives_until(at(3, 26, 3))  # Tuesday 24: five of them
    (supervised,) = lines(grace.reads("reminder"))
    assert "late, and still with Lucia Santos" in supervised
    desk.lives_until(at(4, 20, 3))
    assert lines(grace.reads("reminder")) == []  # told once
    assert lines(kofi.reads("reminder")) == []
    ann.gets_nothing()


def test_an_escalation_waits_over_a_weekend_and_a_holiday(desk, ann, kofi, lucia, ana, jean, grace):
    """Due on Thursday 5 March; the 6th it is late, and the next working day after Monday's holiday is the 10th."""
    ann.writes("Where can one read about the history of your organization?")  # nobody's: three days
    desk.works()
    assert "Thursday 5 March 2026" in ann.gets("acknowledgement").text
    jean.gets("question")
    ana.replies(ana.gets("question"), "#assign kofi")
    desk.works()
    ana.gets("transcript")
    kofi.gets("assignment")
    assert desk.ticket("2026-0001").due.date().isoformat() == "2026-03-05"

    desk.lives_until(at(3, 6, 20))
    ann.gets("late")
    assert [line for line in lines(kofi.reads("reminder")) if ": late" in line]
    ana.reads("reminder")
    desk.lives_until(at(3, 10, 6))
    assert ana.reads("reminder") == []  # Saturday, Sunday, and the desk's own Monday
    assert kofi.reads("reminder") == []
    desk.lives_until(at(3, 10, 20))
    (told,) = lines(ana.reads("reminder"))
    assert "late, and still with Kofi Mensah" in told
    assert grace.reads("reminder") == []


def test_nothing_reaches_anybody_outside_their_hours(desk, ann, bob, lucia, kofi, asked):
    """A month of silence: each reminder and digest came while the reader's own clock showed nine to six, on a working day."""
    bob.writes("Where can one read about the history of your organization?")
    seen = []
    while desk.now < at(4, 6):
        before = len(desk.left)
        desk.passes(hours=1)
        seen += [
            (desk.now, letter) for letter in desk.left[before:] if letter.template in ("reminder", "digest", "weekly")
        ]
    assert len(seen) > 40
    people = desk.engine.policy.people.values()
    zones = {p.addresses[0]: p.zone or ZoneInfo("Europe/Zurich") for p in people}
    for moment, letter in seen:
        local = moment.astimezone(zones[letter.recipient])
        assert 9 <= local.hour < 18
        assert local.weekday() < 5
        assert (local.month, local.day) != (3, 9)
    days = {
        (letter.recipient, letter.template, moment.astimezone(zones[letter.recipient]).date())
        for moment, letter in seen
    }
    assert len(days) == len(seen)  # one of each a day
    for person in desk.people.values():
        person.unread.clear()


def test_a_restart_reminds_nobody_twice(desk, ann, lucia, asked):
    desk.lives_until(at(3, 13, 3))
    assert len(lucia.reads("reminder")) == 1
    for _ in range(5):
        desk.works()
    desk.now = at(3, 12, 15)  # even a clock that was put back
    desk.works()
    assert lucia.reads("reminder") == []


# ---------------------------------------------------------------- what the requester learns


def test_the_requester_is_told_once_that_the_answer_is_late(desk, ann, lucia, asked):
    desk.lives_until(at(3, 17, 16))
    ann.gets_nothing()
    desk.lives_until(at(3, 17, 19))
    late = ann.gets("late")
    assert "by Tuesday 17 March 2026" in late.text
    assert "expect to answer you by Tuesday 24 March 2026" in late.text
    desk.lives_until(at(4, 20))
    ann.gets_nothing()
    answered(desk, ann, lucia, asked[1])


def test_a_requester_who_is_silent_is_reminded_once_and_then_their_ticket_is_closed(desk, ann, lucia, asked):
    lucia.replies(asked[1], "#ask\n\nIn which country do they work?")
    desk.works()
    lucia.gets("transcript")
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "In which country do they work?" in ann.gets("inquiry").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.paused) == (State.WAITING, desk.now)

    desk.lives_until(at(3, 17, 16))
    ann.gets_nothing()
    desk.lives_until(at(3, 18))
    reminder = ann.gets("silent")
    assert "On Monday 2 March 2026 we wrote to ask you" in reminder.text
    assert "by Tuesday 31 March 2026" in reminder.text
    desk.lives_until(at(3, 31, 15))
    ann.gets_nothing()
    desk.lives_until(at(4, 1))
    assert "We have therefore closed it" in ann.gets("closing").text
    assert desk.ticket("2026-0001").state is State.CLOSED
    desk.lives_until(at(5, 1))
    ann.gets_nothing()
    lucia.gets_nothing()

    ann.replies(reminder, "I am sorry for the delay: in Peru, and they are sixteen.")
    desk.works()
    assert ann.gets("acknowledgement").ref == "2026-0001"
    assert "in Peru" in lucia.gets("more").text
    assert desk.ticket("2026-0001").state is State.ASSIGNED


def test_the_clock_waits_for_the_requester_and_then_goes_on(desk, ann, lucia, asked):
    desk.passes(days=2)
    lucia.replies(asked[1], "#ask details")
    desk.works()
    lucia.gets("transcript")
    asking = ann.gets("details")
    assert desk.ticket("2026-0001").state is State.WAITING
    desk.passes(days=7)
    ann.replies(asking, "In Peru, in a bakery.")
    desk.works()
    assert "in a bakery" in lucia.gets("more").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.clock) == (State.ASSIGNED, 1)
    assert ticket.due.date().isoformat() == "2026-03-23"  # eight working days were left on the 4th
    ann.gets_nothing()  # the promise is the old one


def test_an_answer_on_its_way_when_the_deadline_passes_is_not_called_late(desk, ann, lucia, asked):
    desk.lives_until(at(3, 17, 16))
    desk.now = desk.ticket("2026-0001").due.replace(hour=16, minute=55)
    lucia.replies(asked[1], ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=7)
    ann.gets_nothing()
    desk.passes(minutes=4)
    ann.gets("answer")
    desk.lives_until(at(3, 25))
    ann.gets_nothing()


def test_an_answer_that_was_stopped_at_the_last_moment_is_late(desk, ann, lucia, asked):
    desk.lives_until(at(3, 17, 16))
    desk.now = desk.ticket("2026-0001").due.replace(hour=16, minute=55)
    lucia.replies(asked[1], ANSWER)
    desk.works()
    lucia.replies(lucia.gets("leaving"), "#stop")
    desk.passes(minutes=7)
    lucia.gets("transcript")
    assert "We are sorry" in ann.gets("late").text


def test_what_is_called_late_is_the_day_that_the_requester_was_told(desk, ann, lucia, ana, asked):
    """Held for five days: the requester was promised Tuesday 17 March, and learns on that day of the new one."""
    ana.writes("#on 2026-0001\n#hold 5", subject="hold it")
    desk.works()
    ana.gets("transcript")
    assert desk.ticket("2026-0001").due.date().isoformat() == "2026-03-24"
    desk.lives_until(at(3, 17, 19))
    late = ann.gets("late")
    assert "by Tuesday 17 March 2026" in late.text
    assert "expect to answer you by Tuesday 24 March 2026" in late.text
    desk.lives_until(at(4, 20))
    ann.gets_nothing()


def test_an_inner_deadline_before_the_promised_day_makes_nothing_late(desk, ann, lucia, ana, asked):
    ana.writes("#on 2026-0001\n#due 2026-03-10", subject="soon")
    desk.works()
    ana.gets("transcript")
    desk.lives_until(at(3, 17, 16))
    ann.gets_nothing()
    desk.lives_until(at(3, 17, 19))
    assert "by Tuesday 17 March 2026" in ann.gets("late").text


def test_a_deadline_that_staff_started_was_promised_to_nobody(desk, ann, lucia, ana, asked):
    answered(desk, ann, lucia, asked[1])
    ana.writes("#on 2026-0001\n#reopen", subject="again")
    desk.works()
    ana.gets("transcript")
    lucia.gets("assignment")
    desk.lives_until(at(4, 20))
    ann.gets_nothing()


def test_what_others_owe_waits_for_the_requester_as_the_answer_does(desk, ann, lucia, mei, ana, asked):
    lucia.replies(asked[1], "#consult mei")
    desk.works()
    lucia.gets("transcript")
    mei.gets("contribution")
    lucia.replies(asked[1], "#ask details")
    desk.works()
    lucia.gets("transcript")
    asking = ann.gets("details")
    desk.lives_until(at(3, 16, 12))
    assert lines(mei.reads("reminder")) == lines(ana.reads("reminder")) == []
    ann.replies(asking, "In Peru, in a bakery.")
    desk.works()
    lucia.gets("more")
    with desk.engine.store.database.read() as connection:
        (task,) = working.owed(connection, "2026-0001")
    assert task.due.date().isoformat() == "2026-03-23"  # five working days were left on the 2nd


def test_a_correction_and_the_status_name_the_day_of_the_latest_answer(desk, ann, lucia, asked):
    answer = answered(desk, ann, lucia, asked[1])
    first = desk.ticket("2026-0001").answered
    desk.passes(days=10)
    ann.replies(answer, "And what about apprentices below the age of sixteen in agriculture?")
    desk.works()
    ann.gets("acknowledgement")
    more = lucia.gets("more")
    answered(desk, ann, lucia, more)
    desk.passes(days=2)
    lucia.replies(more, f"#correct\n\nBetter so: {ANSWER}")
    desk.works()
    lucia.gets("transcript")
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "Thursday 12 March 2026" in ann.gets("correction").text
    ann.replies(answer, "Is there any news?")
    desk.works()
    assert "Saturday 14 March 2026" in ann.gets("status").text
    assert desk.ticket("2026-0001").answered == first


def test_who_declined_is_not_reminded_and_who_has_it_is(desk, ann, lucia, kofi, ana, jean, asked):
    lucia.replies(asked[1], "#decline no time")
    desk.works()
    lucia.gets("transcript")
    kofi.replies(kofi.gets("assignment"), "#decline no time either")
    desk.works()
    kofi.gets("transcript")
    for coordinator in (ana, jean):
        coordinator.gets("assignment")
    desk.lives_until(at(3, 17, 12))
    assert lines(lucia.reads("reminder")) == lines(kofi.reads("reminder")) == []
    assert [line for line in lines(ana.reads("reminder")) if "answer" in line]


@pytest.mark.parametrize("words", ["No.", "Yes, thank you.", "Thank you very much!", "Is there any news?"])
def test_however_short_it_is_a_reply_to_our_question_is_its_answer(desk, ann, lucia, asked, words):
    """Elsewhere these refuse publication, change nothing, or ask for the status."""
    lucia.replies(asked[1], "#ask\n\nAre the apprentices members of a trade union?")
    desk.works()
    lucia.gets("transcript")
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.replies(ann.gets("inquiry"), words)
    desk.works()
    assert words in lucia.gets("more").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.publication) == (State.ASSIGNED, "")
    ann.gets_nothing()


def test_a_short_answer_that_comes_after_we_gave_up_waiting_is_one_still(desk, ann, lucia, asked):
    lucia.replies(asked[1], "#ask details")
    desk.works()
    lucia.gets("transcript")
    desk.lives_until(at(4, 1))
    asking = ann.gets("details")
    ann.gets("silent")
    ann.gets("closing")
    ann.replies(asking, "No.")
    desk.works()
    ann.gets("acknowledgement")
    assert "No." in lucia.gets("more").text
    assert desk.ticket("2026-0001").publication == ""


THANKS = [
    "Thank you very much for your answer!",
    "Thanks a lot.\n\nBest regards\nAnn Lee",
    "Many thanks, very helpful.",
]
NEWS = ["Do you have any news for me?", "Is there any news about my question?\n\nKind regards\nAnn Lee"]


@pytest.mark.parametrize("words", THANKS)
def test_thanks_change_nothing(desk, ann, lucia, asked, words):
    answer = answered(desk, ann, lucia, asked[1])
    before = desk.ticket("2026-0001")
    ann.replies(answer, words)
    desk.works()
    assert desk.last.outcome is Outcome.ADDED
    assert desk.ticket("2026-0001") == before
    ann.gets_nothing()
    lucia.gets_nothing()
    assert desk.story("2026-0001")[-1].part.kind == "thanks"


def test_an_automatic_reply_changes_nothing(desk, ann, lucia, asked):
    answer = answered(desk, ann, lucia, asked[1])
    before = desk.ticket("2026-0001")
    ann.replies(answer, "I am on holiday.", headers={"Auto-Submitted": "auto-replied"})
    desk.works()
    assert desk.last.outcome is Outcome.RECORDED
    assert desk.ticket("2026-0001") == before


@pytest.mark.parametrize("words", NEWS)
def test_a_question_for_news_is_answered_with_the_status_once_a_week(desk, ann, lucia, asked, words):
    receipt, _ = asked
    ann.replies(receipt, words)
    desk.works()
    status = ann.gets("status")
    assert "You will hear from us by Tuesday 17 March 2026" in status.text
    lucia.gets_nothing()
    assert desk.ticket("2026-0001").clock == 1

    desk.passes(days=3)
    ann.replies(receipt, words)
    desk.works()
    ann.gets_nothing()
    desk.passes(days=5)
    ann.replies(status, words)
    desk.works()
    ann.gets("status")
    lucia.gets_nothing()


def test_a_follow_up_after_ninety_days_opens_a_linked_ticket(desk, ann, lucia, ana, asked):
    answer = answered(desk, ann, lucia, asked[1])
    ana.writes("#on 2026-0001\n#close", subject="done")
    desk.works()
    ana.gets("transcript")
    desk.passes(days=91)
    ann.replies(answer, "Does the minimum wage also hold for those who work at home?")
    desk.works()
    receipt = ann.gets("acknowledgement")
    assert receipt.ref == "2026-0002"
    assert "it comes back to a ticket that was closed long ago" in lucia.gets("question").text
    assert desk.ticket("2026-0001").state is State.CLOSED
    assert desk.ticket("2026-0002").queue == "wages"
    assert links(desk, "2026-0002") == (("2026-0001", "follows"),)


def test_a_follow_up_within_ninety_days_reopens_with_a_fresh_deadline(desk, ann, lucia, asked):
    answer = answered(desk, ann, lucia, asked[1])
    desk.passes(days=89)
    ann.replies(answer, "Does the minimum wage also hold for those who work at home?")
    desk.works()
    assert ann.gets("acknowledgement").ref == "2026-0001"
    lucia.gets("more")
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.clock) == (State.ASSIGNED, 2)


def links(desk, ref):
    with desk.engine.store.database.read() as connection:
        return working.links(connection, ref)


def test_a_reply_to_an_inadmissible_ticket_goes_to_the_coordinators_without_clock_or_receipt(
    desk, ann, lucia, ana, jean, asked
):
    ana.writes("#on 2026-0001\n#inadmissible individual_claim", subject="refuse it")
    desk.works()
    ana.gets("transcript")
    refusal = ann.gets("inadmissible")
    lucia.gets("taken_away")
    ann.replies(refusal, "But they owe me three months of wages! What am I to do?")
    desk.works()
    ann.gets_nothing()
    lucia.gets_nothing()
    jean.gets("more")
    assert "it belongs to a question that was not admissible" in ana.gets("more").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.due, ticket.clock) == (State.CLOSED, None, 1)


def test_danger_alerts_the_coordinators_at_any_hour(desk, ann, lucia, ana, jean):
    desk.now = MONDAY.replace(day=7, hour=23)  # a Saturday night
    ann.writes(f"{WAGES} The owner threatened to kill one of them yesterday.")
    desk.works()
    lucia.gets("question")
    ann.gets("acknowledgement")
    for coordinator in (ana, jean):
        coordinator.gets("question")
