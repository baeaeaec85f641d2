"""What goes wrong with a mail goes wrong with that mail alone, and somebody is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.core.model import Outcome

QUESTION = "What does the convention say about the minimum wage of apprentices?"


@pytest.fixture
def poison(desk, monkeypatch):
    """Handling any mail whose subject is "poison" raises."""
    understand = type(desk.engine.understanding).understand

    def fragile(understanding, parsed):
        if parsed.subject == "poison":
            raise RuntimeError("a fault of ours that nobody foresaw")
        return understand(understanding, parsed)

    monkeypatch.setattr(type(desk.engine.understanding), "understand", fragile)
    desk.expects_faults = True


def test_after_three_failing_tries_a_mail_goes_to_the_shelf(desk, ann, bob, lucia, kofi, ana, jean, poison):
    ann.writes(QUESTION, subject="poison")
    bob.writes("And the minimum wage of interns?")
    desk.works()
    desk.works()
    bob.gets("acknowledgement")  # others are not kept waiting
    lucia.gets("question")
    ana.gets_nothing()

    desk.passes(seconds=10)
    desk.passes(seconds=20)
    assert (desk.last.outcome, desk.last.because) == (Outcome.SHELVED, "failed")
    notice = ana.gets("shelf")
    assert "handling the mail failed three times" in notice.text
    jean.gets("shelf")
    ann.gets_nothing()


def test_a_mail_that_failed_is_handled_once_the_fault_is_mended(desk, ann, lucia, ana, jean, poison, monkeypatch):
    ann.writes(QUESTION, subject="poison")
    for _ in range(3):
        desk.passes(seconds=20)
    notice = ana.gets("shelf")
    jean.gets("shelf")
    monkeypatch.undo()
    ana.replies(notice, "#release")
    desk.passes(minutes=1)
    ana.gets("transcript")
    ann.gets("acknowledgement")
    lucia.gets("question")


def test_a_mail_that_fails_again_after_its_release_is_told_again(desk, ann, ana, jean, poison):
    ann.writes(QUESTION, subject="poison")
    for _ in range(3):
        desk.passes(seconds=20)
    notice = ana.gets("shelf")
    jean.gets("shelf")
    ana.replies(notice, "#release")
    for _ in range(4):
        desk.passes(seconds=20)
    ana.gets("transcript")
    ana.gets_nothing()
    desk.passes(minutes=15)  # notices that come soon after another travel together
    ana.gets("notices")
    jean.gets("notices")


def test_a_robots_mail_that_was_released_is_still_a_robots(desk, ann, lucia, ana, jean, poison, monkeypatch):
    """Nobody can see on the shelf what a mail holds: a release must not begin a conversation of two robots."""
    ann.writes("I am away until Monday.", subject="poison", headers={"Auto-Submitted": "auto-replied"}, return_path="")
    for _ in range(3):
        desk.passes(seconds=20)
    notice = ana.gets("shelf")
    jean.gets("shelf")
    monkeypatch.undo()
    ana.replies(notice, "#release")
    desk.passes(minutes=1)
    ana.gets("transcript")
    assert desk.last.outcome is Outcome.IGNORED
    ann.gets_nothing()


def test_a_mail_beyond_the_limits_is_kept_and_may_be_released(desk, ann, ana, jean, lucia):
    ann.writes(QUESTION, headers={f"X-Filler-{number}": "x" * 900 for number in range(200)})
    desk.works()
    assert (desk.last.outcome, desk.last.because) == (Outcome.SHELVED, "too_large")
    notice = ana.gets("shelf")
    assert "beyond a limit of size or structure" in notice.text
    jean.gets("shelf")
    ann.gets_nothing()


def test_the_same_mail_twice_is_one_ticket(desk, ann, lucia):
    raw = ann.writes(QUESTION)
    desk.takes_in(raw)  # the server gives it out again, under another number
    desk.works()
    ann.gets("acknowledgement")
    lucia.gets("question")
    assert len(desk.results) == 1


def test_a_mail_that_came_through_two_mailboxes_is_one_ticket(desk, ann, lucia):
    raw = ann.writes(QUESTION)
    desk.takes_in(b"Received: from elsewhere by mx2.example.org; Mon, 2 Mar 2026 09:00:01 +0000\r\n" + raw, "info")
    desk.works()
    ann.gets("acknowledgement")
    lucia.gets("question")
    assert [result.outcome for result in desk.results] == [Outcome.OPENED, Outcome.DUPLICATE]


def test_a_message_id_alone_makes_no_duplicate(desk, ann, lucia, kofi):
    ann.writes(QUESTION, message_id="<1@firm.example>")
    desk.works()
    ann.writes("And the minimum wage of interns?", message_id="<1@firm.example>")
    desk.works()
    assert [result.outcome for result in desk.results] == [Outcome.OPENED, Outcome.OPENED]
    for person in (ann, lucia, kofi):
        person.unread.clear()


def test_a_held_mail_with_a_twin_can_still_be_released(desk, ann, lucia, ana, jean):
    """It came through two mailboxes: the second copy was a duplicate, the first one lies on the shelf."""
    _, question = desk.question_of(ann, QUESTION, lucia)
    raw = lucia.replies(question, "It applies to them as well, unless the law says otherwise.", vouched="")
    desk.takes_in(b"Received: from elsewhere by mx2.example.org; Mon, 2 Mar 2026 09:00:01 +0000\r\n" + raw, "info")
    desk.works()
    lucia.gets("held")
    jean.gets("shelf")
    ana.replies(ana.gets("shelf"), "#release")
    desk.works()
    ana.gets("transcript")
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")


def test_a_suspected_spam_may_be_released(desk, ann, lucia, ana):
    ann.writes(QUESTION, headers={"X-Spam-Flag": "YES"})
    desk.works()
    assert desk.last.outcome is Outcome.SHELVED
    ann.gets_nothing()
    desk.engine.command("release", "", desk.now, shelf=desk.last.inbox)
    desk.works()
    ann.gets("acknowledgement")
    lucia.gets("question")


def test_an_assignee_who_changed_their_work_does_not_lose_a_follow_up(desk, ann, lucia, kofi):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    policy = desk.engine.policy
    moved = replace(policy.people["lucia"], roles=policy.people["grace"].roles)
    queues = {**policy.queues, "wages": replace(policy.queues["wages"], experts=("kofi",))}
    desk.engine = replace(desk.engine, policy=replace(policy, people={**policy.people, "lucia": moved}, queues=queues))
    ann.replies(receipt, "They are seventeen years old.")
    desk.works()
    assert "seventeen" in kofi.gets("more").text
