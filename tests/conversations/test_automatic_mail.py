"""Robots: what they write is noted, and never answered."""

from __future__ import annotations

from email.message import EmailMessage
from itertools import count

import pytest

from mailflow.core.model import Outcome, State

QUESTION = "What does the convention say about the minimum wage of apprentices?"
ANSWER = "It applies to them as well, unless the law says otherwise."
COUNT = count(1)
AWAY = {"Auto-Submitted": "auto-replied", "Precedence": "bulk"}


def bounce(desk, of, recipient, status="5.1.1", *, message_id=None, action="failed"):
    """A delivery report (RFC 3464) about a mail of ours, as a mail server sends it."""
    report = EmailMessage()
    report["From"], report["To"] = (
        "Mail Delivery System <MAILER-DAEMON@mx.firm.example>",
        of.envelope_sender or "helpdesk@example.org",
    )
    report["Subject"], report["Auto-Submitted"] = "Undelivered Mail Returned to Sender", "auto-replied"
    report["Message-ID"] = f"<{next(COUNT)}@mx.firm.example>"
    cited = message_id or of["Message-ID"]
    parts = (
        ("text/plain; charset=us-ascii", "This is the mail system. Your message could not be delivered."),
        (
            "message/delivery-status",
            f"Reporting-MTA: dns; mx.firm.example\n\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n",
        ),
        ("message/rfc822", f"From: Helpdesk <helpdesk@example.org>\nMessage-ID: {cited}\nSubject: x\n\nx\n"),
    )
    body = "".join(f"--=_b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts) + "--=_b--\n"
    head = "".join(f"{name}: {value}\n" for name, value in report.items())
    raw = f'Return-Path: <>\n{head}MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n{body}'
    desk.takes_in(raw.replace("\n", "\r\n").encode())


def test_an_askers_absence_is_noted_and_answered_by_nobody(desk, ann, lucia):
    receipt, question = desk.question_of(ann, QUESTION, lucia)
    before = desk.ticket(receipt.ref)
    ann.replies(receipt, "I am away until Monday.", headers=AWAY, return_path="")
    desk.works()
    assert desk.last.outcome is Outcome.RECORDED
    assert desk.ticket(receipt.ref) == before
    assert [m.part.kind for m in desk.story(receipt.ref)] == ["question", "automatic"]
    ann.gets_nothing()
    lucia.gets_nothing()

    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answered = desk.ticket(receipt.ref)
    ann.replies(ann.gets("answer"), "I am away until Monday.", headers=AWAY, return_path="")
    desk.works()
    assert desk.ticket(receipt.ref) == answered  # it does not reopen what was answered


def test_an_experts_absence_is_noted_and_never_an_answer(desk, ann, lucia, ana, jean):
    _, question = desk.question_of(ann, QUESTION, lucia)
    before = desk.ticket("2026-0001")
    lucia.replies(question, "I am on mission until the end of the month and read no mail.", headers=AWAY)
    desk.works()
    assert desk.last.outcome is Outcome.RECORDED
    assert desk.ticket("2026-0001") == before
    assert desk.story("2026-0001")[-1].part.from_role == "expert"
    told = " ".join(ana.gets("away").text.split())
    assert "Lucia Santos is away from Monday 2 March 2026 to Tuesday 31 March 2026" in told
    assert "2026-0001" in jean.gets("away").text
    desk.passes(days=1)
    ann.gets_nothing()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-generated"},
        {"X-Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"X-Loop": "helpdesk@example.org"},
        {"List-Unsubscribe": "<https://news.example/u>", "Precedence": "bulk"},
        {"X-Spam-Flag": "YES"},
    ],
)
def test_mail_of_machines_opens_nothing(desk, bob, headers):
    bob.writes("Please confirm the minimum wage newsletter.", headers=headers)
    desk.works()
    assert desk.last.outcome in (Outcome.IGNORED, Outcome.SHELVED)
    bob.gets_nothing()


@pytest.mark.parametrize("address", ["no-reply@shop.example", "MAILER-DAEMON@shop.example", "owner-news@shop.example"])
def test_addresses_that_nobody_reads_get_nothing(desk, address):
    robot = desk.knows("", address)
    robot.writes(QUESTION)
    desk.works()
    assert desk.last.outcome is Outcome.IGNORED
    robot.gets_nothing()


def test_our_own_mail_that_comes_back_is_ignored(desk):
    loop = desk.knows("Helpdesk", "helpdesk@example.org")
    loop.writes(QUESTION)
    desk.works()
    assert desk.last.outcome is Outcome.IGNORED


def test_a_null_return_path_is_never_answered(desk, bob):
    bob.writes(QUESTION, return_path="")
    desk.works()
    bob.gets_nothing()


def test_a_bounced_acknowledgement_is_told_and_mutes_the_address(desk, ann, lucia, ana, jean):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    bounce(desk, receipt, ann.address)
    desk.works()
    told = ana.gets("undelivered")
    assert "Mail: acknowledgement" in told.text
    assert "5.1.1" in told.text
    jean.gets("undelivered")

    bounce(desk, receipt, ann.address, "5.7.133")  # says it twice
    desk.works()
    ana.gets_nothing()

    ann.writes("One more thing about the minimum wage: who controls it?")
    desk.works()
    ann.gets_nothing()  # muted: it waits
    desk.people["kofi.mensah@example.org"].gets("question")
    desk.passes(days=7)
    ann.gets("acknowledgement")


def test_a_bounced_answer_is_told_to_the_coordinators(desk, ann, lucia, ana, jean):
    _, question = desk.question_of(ann, QUESTION, lucia)
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    bounce(desk, ann.gets("answer"), ann.address)
    desk.works()
    assert "Mail: answer\nTo: requester" in ana.gets("undelivered").text
    jean.gets("undelivered")


def test_a_warning_that_a_mail_is_late_alarms_nobody(desk, ann, lucia):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    bounce(desk, receipt, ann.address, "4.4.1", action="delayed")
    desk.works()
    assert desk.last.outcome is Outcome.RECORDED


def test_a_forged_bounce_changes_nothing(desk, ann, lucia):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    bounce(desk, receipt, ann.address, message_id="<invented@example.org>")
    bounce(desk, receipt, "somebody.else@firm.example")  # a true Message-ID, and another recipient
    desk.works()
    assert [result.outcome for result in desk.results[-2:]] == [Outcome.IGNORED, Outcome.IGNORED]
    ann.writes("And the minimum wage of seasonal workers?")
    desk.works()
    ann.gets("acknowledgement")  # not muted
    desk.people["kofi.mensah@example.org"].gets("question")


def test_a_question_through_a_mailing_list_gets_a_ticket_and_no_acknowledgement(desk, bob, lucia, ana, jean):
    bob.writes(
        QUESTION,
        headers={"List-Id": "<talk.lists.example>", "List-Post": "<mailto:talk@lists.example>", "Precedence": "list"},
    )
    desk.works()
    assert desk.last.outcome is Outcome.OPENED
    bob.gets_nothing()
    for member in (lucia, ana):  # the coordinators are told, too
        assert "the mail came through a mailing list; no acknowledgement was sent" in member.gets("question").text
    assert "par une liste de diffusion" in jean.gets("question").text


def test_more_questions_than_the_cap_are_acknowledged_later(desk, ann, lucia, kofi):
    for number in range(7):
        ann.writes(f"Question {number} about the minimum wage of apprentices: does it apply?")
        desk.works()
        desk.now = desk.now.replace(minute=number + 1)
    assert len(ann.unread) == 3
    desk.passes(days=1)
    assert len(ann.unread) == 6  # so many a day, and none is lost
    desk.passes(days=1)
    assert len(ann.unread) == 7
    assert len({letter.ref for letter in ann.unread}) == 7
    for person in (ann, lucia, kofi):
        person.unread.clear()


def test_a_refusing_server_is_tried_again_and_then_told(desk, ann, lucia, ana, jean):
    desk.refuses[ann.address] = "451 4.3.0"
    ann.writes(QUESTION)
    desk.works()
    lucia.gets("question")
    desk.passes(hours=1)
    del desk.refuses[ann.address]
    desk.passes(hours=4)
    ann.gets("acknowledgement")

    desk.refuses[ann.address] = "550 5.1.1"
    ann.writes("And the minimum wage of seasonal workers?")
    desk.works()
    assert "550 5.1.1" in ana.gets("undelivered").text
    jean.gets("undelivered")
    desk.people["kofi.mensah@example.org"].gets("question")


def test_a_server_that_refuses_for_days_is_given_up(desk, ann, lucia, ana, jean):
    desk.refuses[ann.address] = "421 4.4.2"
    ann.writes(QUESTION)
    desk.works()
    lucia.gets("question")
    for _ in range(20):
        desk.passes(hours=4)
    assert "421 4.4.2" in ana.gets("undelivered").text
    jean.gets("undelivered")


def test_old_mail_is_kept_and_answered_by_nobody(desk, ann):
    ann.writes(QUESTION, archive=True)
    desk.works()
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.archived) == (State.CLOSED, True)
    assert desk.story("2026-0001")[0].part.text == QUESTION
