"""What the users of other ticket systems suffered, as stories: none of it may happen here. The number is the lesson's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailflow.core.deadlines import Calendar, due_after
from mailflow.core.model import Outcome, State
from mailflow.store import inbox
from tests.conversations.clients import CLIENTS, phone, quoted
from tests.conversations.test_automatic_mail import AWAY, bounce

QUESTION = "What does the convention say about the minimum wage of apprentices?"
ANSWER = "It applies to them as well, unless the law says otherwise."


@pytest.fixture
def asked(desk, ann, lucia):
    """Ann's acknowledgement, and the question as Lucia has it."""
    return desk.question_of(ann, QUESTION, lucia)


def test_lesson_1_several_mails_that_wait_are_all_handled(desk, ann, bob, lucia, kofi):
    for number in range(5):
        ann.writes(f"Question {number}: what about the minimum wage?", headers={"X-Number": str(number)})
        bob.writes(f"Question {number}: and what about the minimum wage of interns?")
    assert [result.outcome for result in desk.works()] == [Outcome.OPENED] * 10
    for person in (ann, bob, lucia, kofi):
        person.unread.clear()


def test_lesson_2_a_mail_is_safe_here_before_anything_is_done_with_it(desk, ann, lucia):
    raw = ann.writes(QUESTION)
    waiting = inbox.claim(desk.engine.store, desk.now, 10)
    assert [mail.raw for mail in waiting] == [raw]
    inbox.forget_leases(desk.engine.store)  # whoever claimed it died
    desk.works()
    ann.gets("acknowledgement")
    lucia.gets("question")


def test_lesson_3_a_mail_fetched_twice_is_one_ticket_and_one_acknowledgement(desk, ann, lucia):
    raw = ann.writes(QUESTION)
    desk.works()
    desk.takes_in(raw)
    desk.works()
    ann.gets("acknowledgement")
    lucia.gets("question")
    assert [result.ref for result in desk.results] == ["2026-0001"]


def test_lesson_4_one_bad_mail_stops_nobody(desk, ann, lucia, ana, jean):
    desk.takes_in(
        b"From: x@firm.example\r\nMessage-ID: <bad@firm.example>\r\n"
        + b"To: helpdesk@example.org\r\n" * 4_000
        + b"\r\n"
    )
    ann.writes(QUESTION)
    desk.works()
    ann.gets("acknowledgement")
    lucia.gets("question")
    for coordinator in (ana, jean):
        coordinator.gets("shelf")


def test_lesson_5_a_lying_charset_loses_no_word(desk, ann, lucia, ana, jean):
    head = (
        "From: Ann Lee <ann@firm.example>\r\nTo: helpdesk@example.org\r\nMessage-ID: <1@firm.example>\r\nSubject: x\r\n"
    )
    text = "Quels congés, quel salaire minimum, et à quel âge pour les apprentis français ?"
    kind = "Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    desk.takes_in((head + kind + text).encode("cp1252"))
    desk.works()
    assert desk.story("2026-0001")[0].part.text == text
    assert ann.gets("acknowledgement")["Content-Language"] == "fr"
    for coordinator in (ana, jean):
        coordinator.gets("question")


def test_lesson_6_two_robots_do_not_talk_to_each_other(desk, ann, lucia, asked):
    receipt, _ = asked
    for number in range(5):
        robot = f"ann+auto{number}@firm.example"  # another address each time
        desk.people[robot] = ann
        ann.replies(receipt, "I am away.", address=robot, headers=AWAY, return_path="")
        desk.works()
    ann.gets_nothing()
    lucia.gets_nothing()


def test_lesson_7_an_absence_note_neither_reopens_nor_changes_a_ticket(desk, ann, lucia, asked):
    lucia.replies(asked[1], ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer, before = ann.gets("answer"), desk.ticket("2026-0001")
    ann.replies(answer, "I am away until Monday.", headers=AWAY)
    desk.works()
    assert desk.ticket("2026-0001") == before
    assert before.state is State.ANSWERED


@pytest.mark.parametrize("status", ["5.1.1", "5.7.129", "5.7.133", "5.2.2"])
def test_lesson_8_whatever_its_number_a_bounce_is_told_once_and_mutes(desk, ann, ana, jean, kofi, asked, status):
    bounce(desk, asked[0], ann.address, status)
    bounce(desk, asked[0], ann.address, status)
    desk.works()
    assert status in ana.gets("undelivered").text
    jean.gets("undelivered")
    ann.writes("And the minimum wage of interns?")
    desk.works()
    kofi.gets("question")
    ann.gets_nothing()
    desk.passes(days=8)  # no mute is for ever
    ann.gets("acknowledgement")


def test_lesson_9_one_bad_recipient_does_not_keep_a_mail_from_the_others(desk, ann, mei, nadia, ana, jean):
    desk.refuses[mei.address] = "550 5.1.1"
    ann.writes("Is child labour on farms forbidden, and from which age on?")
    desk.works()
    ann.gets("acknowledgement")
    nadia.gets("question")
    mei.gets_nothing()
    assert "To: expert" in ana.gets("undelivered").text
    jean.gets("undelivered")


def test_lesson_10_a_reply_to_another_desk_with_the_same_numbers_joins_nothing(desk, ann, kofi, asked):
    foreign = asked[0].reply_to.partition("+")[2].partition("@")[0][::-1]
    ann.writes(
        "About the minimum wage, see my earlier mail.",
        subject="Re: [2026-0001] We have received your question",
        headers={
            "In-Reply-To": f"<{foreign}.x@example.org>",
            "References": f"<{foreign}.x@example.org> <1@example.org>",
        },
    )
    desk.works()
    assert desk.last.ref == "2026-0002"
    ann.gets("acknowledgement")
    kofi.gets("question")


def test_lesson_11_who_knows_the_number_cannot_write_into_a_ticket(desk, bob, lucia, kofi, asked):
    bob.writes("The minimum wage question of mine is settled, thank you.", subject=f"Re: [{asked[0].ref}]")
    desk.works()
    assert desk.last.ref == "2026-0002"
    assert len(desk.story("2026-0001")) == 1
    bob.gets("acknowledgement")
    kofi.gets("question")
    lucia.gets_nothing()


@pytest.mark.parametrize("left", ["the address", "the references", "the line in the text"])
def test_lesson_12_any_one_carrier_of_the_token_is_enough(desk, ann, lucia, asked, left):
    """Clients and relays lose the others: plus addresses, References, quotations."""
    receipt, more = asked[0], "They are seventeen years old."
    if left == "the address":
        ann.replies(receipt, more, client=phone, thread=False)
    elif left == "the references":
        ann.replies(receipt, more, client=phone, to="helpdesk@example.org")
    else:
        ann.replies(receipt, more, thread=False, to="helpdesk@example.org")
    desk.works()
    assert (desk.last.outcome, desk.last.ref) == (Outcome.ADDED, "2026-0001")
    lucia.gets("more")


def test_lesson_13_a_forwarded_mail_of_ours_is_a_new_question_that_coordinators_can_link(
    desk, bob, lucia, kofi, ana, jean, asked
):
    receipt, _ = asked
    forwarded = f"What is this about the minimum wage?\n\n-------- Forwarded Message --------\nSubject: {receipt.subject}\n\n{receipt.text}"
    bob.writes(forwarded, subject=f"Fwd: {receipt.subject}")
    desk.works()
    assert (desk.last.outcome, desk.last.ref) == (Outcome.OPENED, "2026-0002")
    bob.gets("acknowledgement")
    for member in (kofi, ana):
        assert "it was not joined to it" in member.gets("question").text
    jean.gets("question")
    lucia.gets_nothing()


def test_lesson_14_nobody_is_picked_out_of_what_staff_forward(desk, ana, jean, lucia):
    """No address in a text becomes a requester; a coordinator hears that nothing was done."""
    lucia.writes(
        "Please take this over.\n\n---------- Forwarded message ----------\nFrom: Victim <victim@firm.example>\n"
        f"To: lucia.santos@example.org\nSubject: wages\n\n{QUESTION}",
        subject="Fwd: wages",
    )
    desk.works()
    assert (desk.last.outcome, desk.last.because) == (Outcome.SHELVED, "staff_without_ticket")
    lucia.gets("held")
    for coordinator in (ana, jean):
        coordinator.gets("shelf")


def test_lesson_15_what_stands_below_a_quotation_is_relayed_and_all_of_it_is_kept(desk, ann, lucia, asked):
    receipt, _ = asked

    def client(message, text, letter):
        lines = quoted(letter.text).splitlines()
        message.set_content(
            "\n".join(
                ["Some words above.", *lines[:6], "Words in between, of some length.", *lines[6:], "Words below."]
            )
        )

    ann.replies(receipt, "", client=client)
    desk.works()
    more = lucia.gets("more").text
    for words in ("Some words above.", "Words in between, of some length.", "Words below."):
        assert words in more
    part = desk.story("2026-0001")[-1].part
    assert "You will hear from us by" in part.text + part.quoted


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_lesson_16_an_expert_answers_from_their_own_mail_program(desk, ann, lucia, asked, client):
    lucia.replies(asked[1], f"Dear Sir or Madam,\n\n{ANSWER}", client=client)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = ann.gets("answer").text
    assert ANSWER in answer
    for ours in ("To answer, reply to this mail", "Subject of the question", "wrote:", "Sent:", QUESTION):
        assert ours not in answer


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_lesson_16_an_asker_replies_from_their_own_mail_program(desk, ann, lucia, asked, client):
    ann.replies(asked[0], "They are seventeen years old, and paid by the week.", client=client)
    desk.works()
    more = lucia.gets("more").text
    assert "They are seventeen years old, and paid by the week." in more
    assert "You will hear from us" not in more


def test_lesson_17_an_answer_to_an_internal_note_never_reaches_the_requester(desk, ann, lucia, asked):
    lucia.replies(asked[1], "#note I must ask the ministry first.")
    desk.works()
    receipt = lucia.gets("transcript")
    lucia.replies(receipt, "By the way, this asker is a nuisance, if you ask me; let us not hurry.")
    desk.works()
    lucia.gets("transcript")  # says what can be done here instead
    desk.passes(days=1)
    ann.gets_nothing()


def test_lesson_17_an_answer_to_a_notice_of_a_failed_mail_never_reaches_the_requester(desk, ann, ana, jean, asked):
    bounce(desk, asked[0], ann.address)
    desk.works()
    jean.gets("undelivered")
    ana.replies(ana.gets("undelivered"), "Could somebody please ring her up? I have no number of hers at all.")
    desk.works()
    ana.gets("transcript")
    desk.passes(days=8)
    ann.gets_nothing()


def test_lesson_17_a_reply_to_a_shelf_notice_never_reaches_the_requester(desk, ann, lucia, ana, jean, asked):
    lucia.replies(asked[1], ANSWER, vouched="")
    desk.works()
    lucia.gets("held")
    jean.gets("shelf")
    ana.replies(ana.gets("shelf"), "That looks strange to me; did Lucia really write this from her phone?")
    desk.works()
    ana.gets("transcript")
    desk.passes(minutes=30)
    ann.gets_nothing()


def test_lesson_18_nobody_in_copy_gets_anything(desk, ann, bob, lucia):
    ann.writes(QUESTION, cc=bob.address, headers={"Reply-To": bob.address})
    desk.works()
    ann.gets("acknowledgement")
    lucia.replies(lucia.gets("question"), ANSWER, cc=f"{ann.address}, {bob.address}")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")
    bob.gets_nothing()
    for letter in desk.left:
        assert len(letter.message.get_all("To")) == 1
        assert "," not in letter["To"]
        assert not letter["Cc"]
        assert not letter["Bcc"]


def test_lesson_19_a_staff_member_is_who_our_own_server_says(desk, ann, lucia, ana, jean, asked):
    lucia.replies(
        asked[1], ANSWER, vouched="fail", headers={"ARC-Authentication-Results": "i=1; mx.example.org; dmarc=pass"}
    )
    desk.works()
    assert desk.last.because == "unproven_staff"
    lucia.gets("held")
    for coordinator in (ana, jean):
        coordinator.gets("shelf")
    ann.gets_nothing()


def test_lesson_20_a_crafted_bounce_mutes_nobody(desk, ann, kofi, asked):
    bounce(desk, asked[0], ann.address, message_id="<guess@example.org>")
    desk.works()
    ann.writes("And the minimum wage of interns?")
    desk.works()
    ann.gets("acknowledgement")
    kofi.gets("question")


def test_lesson_21_an_acknowledgement_carries_no_words_of_its_sender_and_is_capped(desk, lucia, kofi):
    """Somebody writes in the name of a victim, to have us send them an advertisement."""
    victim = desk.knows("BUY PILLS www.pills.example", "victim@firm.example")
    for number in range(10):
        victim.writes(
            f"BUY PILLS minimum wage {number} www.pills.example, the best pills of all!",
            subject="BUY PILLS",
            vouched="none",
        )
    desk.works()
    assert len(victim.unread) == 3
    assert not any("pills" in letter.everything.casefold() for letter in victim.unread)
    for person in (victim, lucia, kofi):
        person.unread.clear()


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        (
            datetime(2026, 3, 27, 23, 59, tzinfo=UTC),
            datetime(2026, 3, 30, 16, tzinfo=UTC),
        ),  # Saturday there already; summer time
        (datetime(2026, 3, 27, 22, 59, tzinfo=UTC), datetime(2026, 3, 30, 16, tzinfo=UTC)),
        (
            datetime(2026, 10, 23, 9, 0, tzinfo=UTC),
            datetime(2026, 10, 26, 17, tzinfo=UTC),
        ),  # winter time began meanwhile
        (datetime(2028, 2, 28, 9, 0, tzinfo=UTC), datetime(2028, 2, 29, 17, tzinfo=UTC)),
    ],
)
def test_lesson_23_deadlines_are_right_at_the_edges(desk, asked_at, due):
    calendar = Calendar(desk.engine.policy.calendar.zone)
    assert due_after(calendar, asked_at, 1) == due


def test_lesson_25_a_mail_too_short_to_tell_its_language_is_answered_in_two(desk, bob, ana, jean):
    bob.writes("Info?", subject="?")
    desk.works()
    assert "," in bob.gets("bilingual")["Content-Language"]
    for coordinator in (ana, jean):
        coordinator.gets("question")
