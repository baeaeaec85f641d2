"""Several experts, one answer: one leads, the others give their part to whoever leads, and the requester gets one mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailflow.core.model import State, TaskKind
from mailflow.store import working

BROAD = (
    "Our supplier pays less than the minimum wage, the minimum wage of the law; his people have no safety helmets; "
    "and we fear child labour at his quarry. Which conventions apply?"
)
NARROW = "What does the convention say about the minimum wage of apprentices?"
PART = "Helmets are the employer's to give, and cost the worker nothing."
ANSWER = (
    "Three conventions apply. The wage is that of the law, helmets cost nothing, and children stay out of quarries."
)


def owed(desk, ref="2026-0001", kind=TaskKind.CONTRIBUTION):
    """Who owes what to a ticket: slug and day."""
    with desk.engine.store.database.read() as connection:
        tasks = working.owed(connection, ref)
    return {task.slug: task.due.date().isoformat() for task in tasks if task.kind is kind}


@pytest.fixture
def panel(desk, ann, lucia, mei, nadia):
    """A mail that concerns three queues: Lucia leads, Mei and Nadia are asked for their parts."""
    ann.writes(BROAD)
    desk.works()
    return ann.gets("acknowledgement"), lucia.gets("question"), mei.gets("contribution"), nadia.gets("contribution")


def test_three_experts_give_one_answer(desk, ann, lucia, mei, nadia, panel):
    receipt, _, for_mei, for_nadia = panel
    assert "Tuesday 17 March 2026" in receipt.text
    assert "Lucia Santos writes the answer" in for_mei.text
    assert "never to the requester" in for_mei.text
    assert "quarry" in for_nadia.text
    assert "Tuesday 10 March 2026" in for_nadia.text  # five working days: before the answer is due
    assert owed(desk) == {"mei": "2026-03-10", "nadia": "2026-03-10"}
    assert desk.ticket("2026-0001").assignee == "lucia"

    mei.replies(for_mei, PART)
    desk.works()
    first = lucia.gets("contributed")
    assert PART in first.text
    assert "Still to come: Nadia Haddad" in first.text
    assert "Tuesday 17 March 2026" in first.text
    ann.gets_nothing()

    nadia.replies(for_nadia, "No child works there, whatever its age: it is hazardous work.")
    desk.works()
    last = lucia.gets("contributed")
    assert "No other part is still to come" in last.text
    assert owed(desk) == {}

    lucia.replies(last, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert ANSWER.split(".")[0] in answer.text
    assert desk.ticket("2026-0001").state is State.ANSWERED
    kinds = [message.part.kind for message in desk.story("2026-0001")]
    assert kinds == ["question", "contribution", "contribution", "answer"]
    desk.passes(days=30)
    ann.gets_nothing()  # one answer, and no more


def test_the_lead_need_not_wait_and_what_comes_late_changes_nothing(desk, ann, lucia, mei, nadia, panel):
    _, question, for_mei, _ = panel
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")
    assert owed(desk) == {}

    mei.replies(for_mei, PART)
    desk.works()
    assert "over, or was done by somebody else" in mei.gets("transcript").text
    lucia.gets_nothing()
    ann.gets_nothing()


@pytest.mark.parametrize("command", ["#draft", "#ask", "#ask details", "#same 2026-0001"])
def test_a_contributor_can_not_write_to_the_asker(desk, ann, lucia, mei, nadia, panel, command):
    _, _, for_mei, _ = panel
    mei.replies(for_mei, command if command == "#ask details" else f"{command}\n\n{PART}")
    desk.works()
    told = mei.gets("transcript").text
    assert "The ticket is not with you." in told
    assert "nothing of this mail was done" in told
    desk.passes(days=2)
    ann.gets_nothing()


def test_a_contribution_that_is_declined_is_told_to_the_lead_who_asks_somebody_else(
    desk, ann, lucia, mei, nadia, kofi, panel
):
    _, _, for_mei, _ = panel
    mei.replies(for_mei, "#decline I know nothing of quarries")
    desk.works()
    assert "You are asked for it no longer" in mei.gets("transcript").text
    notice = lucia.gets("declined")
    assert "Mei Tanaka declined" in notice.text
    assert "I know nothing of quarries" in notice.text
    assert owed(desk) == {"nadia": "2026-03-10"}

    lucia.replies(notice, "#consult kofi by 6 March\n\nYou were at a quarry once.")
    desk.works()
    assert "Kofi Mensah was asked for their part" in lucia.gets("transcript").text
    asked = kofi.gets("contribution")
    assert "Lucia Santos asks you for your part" in asked.text
    assert "You were at a quarry once." in asked.text
    assert "Friday 6 March 2026" in asked.text
    kofi.replies(asked, PART)
    desk.works()
    assert PART in lucia.gets("contributed").text
    ann.gets_nothing()


@pytest.mark.parametrize(
    ("whom", "who", "day"),
    [
        ("mei", "mei", "2026-03-10"),
        ("Mei Tanaka by Friday", "mei", "2026-03-06"),
        ("safety", "mei", "2026-03-10"),
        ("safety by 2026-03-12", "mei", "2026-03-12"),
        ("children until 13.3.", "mei", "2026-03-13"),
        ("@nadia pour demain", "nadia", "2026-03-03"),
    ],
)
def test_consult_asks_a_person_or_a_queue_by_a_day(request, desk, ann, lucia, whom, who, day):
    _, question = desk.question_of(ann, NARROW, lucia)
    lucia.replies(question, f"#consult {whom}\n\nIs there anything on helmets?")
    desk.works()
    lucia.gets("transcript")
    asked = request.getfixturevalue(who).gets("contribution")
    assert "Is there anything on helmets?" in asked.text
    assert owed(desk) == {who: day}
    request.getfixturevalue(who).replies(asked, PART)
    desk.works()
    assert PART in lucia.gets("contributed").text
    assert desk.ticket("2026-0001").assignee == "lucia"


@pytest.mark.parametrize(
    ("whom", "said"),
    [
        ("luzia", "Did you mean"),
        ("quarries", "There is nobody called quarries"),
        ("mei by 1.3.2026", "is no day that can be used here"),
        ("mei by sometime", "is no day that can be used here"),
        ("lucia", "That is you: consult somebody else"),
    ],
)
def test_a_consultation_that_can_not_be_made_asks_nobody(desk, ann, lucia, whom, said):
    _, question = desk.question_of(ann, NARROW, lucia)
    lucia.replies(question, f"#consult {whom}")
    desk.works()
    assert said in lucia.gets("transcript").text
    assert owed(desk) == {}


def test_the_inner_deadline_is_watched_like_any_other(desk, lucia, mei, nadia, ana, panel):
    """Mei's part is due on Tuesday 10 March: she is told before, and the desk's calendar leaves out Monday 9."""
    desk.lives_until(datetime(2026, 3, 6, 6, tzinfo=UTC))
    assert "2026-0001" in mei.reads("reminder")[-1].text
    desk.lives_until(datetime(2026, 3, 13, 6, tzinfo=UTC))
    late, escalated = mei.reads("reminder")  # the first working day after it, and when the coordinators learn of it
    assert ": late" in late.text
    assert ": late" in escalated.text
    assert any("Mei Tanaka" in " ".join(letter.text.split()) for letter in ana.reads("reminder"))
    nadia.replies(panel[3], PART)
    desk.works()
    lucia.gets("contributed")
