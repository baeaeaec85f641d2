"""Between Send and the asker's mailbox: what an expert can still do about an answer."""

from __future__ import annotations

import pytest

from mailflow.core.model import State
from tests.conversations.desk import without_undo

QUESTION = "What does the convention say about the minimum wage of apprentices?"
ANSWER = "It applies to them as well, and a lower rate may only be set by law."


@pytest.fixture
def question(desk, ann, lucia):
    return desk.question_of(ann, QUESTION, lucia)[1]


def test_stop_keeps_an_answer_back(desk, ann, lucia, question):
    lucia.replies(question, ANSWER)
    desk.works()
    preview = lucia.gets("leaving")
    assert "You need do nothing" in preview.text
    lucia.replies(preview, "#stop")
    desk.passes(minutes=9)
    assert "The answer is stopped; it will not leave." in lucia.gets("transcript").text
    desk.passes(days=1)
    ann.gets_nothing()
    assert desk.ticket("2026-0001").state is State.ASSIGNED

    lucia.replies(question, ANSWER + " The law of the country says which.")  # answers anew
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "The law of the country says which." in ann.gets("answer").text


def test_stop_comes_too_late_once_the_answer_has_left(desk, ann, lucia, question):
    lucia.replies(question, ANSWER)
    desk.works()
    preview = lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")
    lucia.replies(preview, "#stop")
    desk.works()
    assert "it has left already, or was stopped" in lucia.gets("transcript").text


def test_send_lets_an_answer_leave_at_once(desk, ann, lucia, question):
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.replies(lucia.gets("leaving"), "#send")
    desk.works()
    assert "The answer leaves now." in lucia.gets("transcript").text
    assert ANSWER in ann.gets("answer").text


def test_a_very_short_answer_waits_for_send(desk, ann, lucia, question):
    lucia.replies(question, "Yes, it does.")
    desk.works()
    preview = lucia.gets("leaving")
    assert "does not leave by itself: it is very short" in preview.text
    desk.passes(days=2)
    ann.gets_nothing()
    lucia.replies(preview, "#send")
    desk.works()
    lucia.gets("transcript")
    assert "Yes, it does." in ann.gets("answer").text


def test_an_answer_that_greets_a_colleague_waits(desk, ann, lucia, question):
    lucia.replies(question, "Hi Kofi,\n\nshould we not ask the ministry first? I would rather wait for them.")
    desk.works()
    preview = lucia.gets("leaving")
    assert "it seems to speak to a colleague" in preview.text
    lucia.replies(preview, "#stop")
    desk.passes(days=1)
    lucia.gets("transcript")
    ann.gets_nothing()


def test_an_answer_that_greets_the_asker_leaves(desk, ann, lucia, question):
    lucia.replies(question, f"Dear colleague,\n\n{ANSWER}")
    desk.works()
    assert "You need do nothing" in lucia.gets("leaving").text
    desk.passes(minutes=10)
    ann.gets("answer")


def test_replying_to_the_preview_corrects_the_answer(desk, ann, lucia, question):
    lucia.replies(question, ANSWER)
    desk.works()
    preview = lucia.gets("leaving")
    desk.passes(minutes=5)
    lucia.replies(preview, "It applies to them as well; a lower rate needs a collective agreement.")
    desk.works()
    assert "collective agreement" in lucia.gets("leaving").text
    desk.passes(minutes=5)
    ann.gets_nothing()  # the first one was replaced
    desk.passes(minutes=5)
    answer = ann.gets("answer")
    assert "collective agreement" in answer.text
    assert "set by law" not in answer.text


def test_an_empty_reply_sends_nothing(desk, ann, lucia, question):
    lucia.replies(question, "")
    desk.works()
    assert "held no text above the quotation" in lucia.gets("transcript").text
    desk.passes(days=1)
    ann.gets_nothing()


def test_an_answer_between_the_quoted_lines_leaves_whole(desk, ann, lucia, question):
    def client(message, text, letter):
        lines = letter.text.splitlines()
        at = next(number for number, line in enumerate(lines) if "apprentices" in line) + 1
        body = [f"> {line}" for line in lines[:at]] + ["", ANSWER, ""] + [f"> {line}" for line in lines[at:]]
        message.set_content("On 02/03/2026 10:05, Helpdesk wrote:\n" + "\n".join(body))

    lucia.replies(question, "", client=client)
    desk.works()
    preview = lucia.gets("leaving")
    assert ANSWER in preview.text
    assert "it was not clear where the quotation in your mail begins" in preview.text
    desk.passes(minutes=10)
    assert ANSWER in ann.gets("answer").text


def test_without_an_undo_window_an_answer_leaves_at_once(desk, ann, lucia, question):
    without_undo(desk)
    lucia.replies(question, ANSWER)
    desk.works()
    assert ANSWER in ann.gets("answer").text
    lucia.gets_nothing()


def test_somebody_else_cannot_stop_an_answer(desk, ann, lucia, kofi, mei, nadia):
    ann.writes("From which age may children work on farms? Is child labour there forbidden?")
    desk.works()
    ann.gets("acknowledgement")
    hers, other = mei.gets("question"), nadia.gets("question")
    mei.replies(hers, "From fifteen years on, unless the work is light.")
    desk.works()
    mei.gets("leaving")
    nadia.replies(other, "#stop")
    desk.works()
    assert "The ticket is not with you" in nadia.gets("transcript").text
    desk.passes(minutes=10)
    ann.gets("answer")


@pytest.mark.parametrize(
    "above",
    ["Dear helpdesk,\n\n", "Hello\n", "Bonjour,\n\n", "Estimados colegas:\n", "- ", "1. ", "1.", "• ", "Hi,\n\n* "],
)
def test_a_greeting_or_a_bullet_above_a_command_changes_nothing(desk, ann, lucia, kofi, question, above):
    lucia.replies(question, f"{above}#decline I am no expert in this, and have no time in the coming weeks.")
    desk.works()
    assert "The ticket went on to Kofi Mensah." in lucia.gets("transcript").text
    kofi.gets("assignment")
    desk.passes(days=1)
    ann.gets_nothing()


def test_an_answer_in_whose_midst_a_command_stands_waits(desk, ann, lucia, question):
    lucia.replies(question, f"{ANSWER} But please read on.\n\n#decline I am no expert in this.")
    desk.works()
    preview = lucia.gets("leaving")
    assert "one of its lines begins with a command" in " ".join(preview.text.split())
    desk.passes(days=2)
    ann.gets_nothing()
    lucia.replies(preview, "#send")  # it was meant so
    desk.works()
    lucia.gets("transcript")
    assert "#decline I am no expert" in ann.gets("answer").text


def test_a_question_to_the_requester_in_whose_midst_a_command_stands_waits(desk, ann, lucia, question):
    lucia.replies(question, "#ask\n\nWhich country do you mean?\n#note She once asked about another one.")
    desk.works()
    lucia.gets("transcript")
    preview = lucia.gets("leaving")
    lucia.replies(preview, "#stop")
    desk.passes(days=2)
    lucia.gets("transcript")
    ann.gets_nothing()


def test_a_greeting_above_a_hashtag_is_the_beginning_of_an_answer(desk, ann, lucia, question):
    lucia.replies(question, f"Dear Sir or Madam,\n\n#FairWages is the campaign that you mean. {ANSWER}")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "#FairWages" in ann.gets("answer").text


def test_a_second_answer_replaces_the_first_that_did_not_leave_yet(desk, ann, lucia, question):
    lucia.replies(question, ANSWER)
    desk.passes(minutes=3)
    lucia.gets("leaving")
    lucia.replies(question, f"Better so. {ANSWER}")
    desk.works()
    assert "It replaces your earlier answer" in lucia.gets("leaving").text
    desk.passes(minutes=30)
    assert "Better so." in ann.gets("answer").text


def test_a_question_to_the_requester_replaces_no_answer(desk, ann, lucia, question):
    lucia.replies(question, f"#draft\n\n{ANSWER}")
    desk.works()
    lucia.gets("transcript")
    draft = lucia.gets("leaving")
    lucia.replies(question, "#ask\n\nWhich country do you mean?")
    desk.works()
    desk.passes(minutes=10)
    lucia.gets("transcript")
    lucia.gets("leaving")
    ann.gets("inquiry")
    lucia.replies(draft, "#send")
    desk.works()
    lucia.gets("transcript")
    ann.gets("answer")


@pytest.mark.parametrize(("refs", "said"), [("2026-0001", "this ticket itself"), ("2026-0009", "no ticket 2026-0009")])
def test_an_answer_to_several_names_other_tickets(desk, ann, lucia, question, refs, said):
    lucia.replies(question, f"#same {refs}\n\n{ANSWER}")
    desk.works()
    assert said in lucia.gets("transcript").text
    desk.passes(days=1)
    ann.gets_nothing()


def test_a_ticket_that_is_named_twice_gets_one_answer(desk, ann, bob, lucia, kofi, ana):
    desk.question_of(ann, QUESTION, lucia)
    desk.question_of(bob, f"{QUESTION} And of interns?", kofi)
    ana.writes(f"#on [2026-0001]\n#same [2026-0002], 2026-0002\n\n{ANSWER}")
    desk.works()
    desk.passes(minutes=10)
    ana.gets("transcript")
    ana.unread.clear()  # what will leave, for each
    ann.gets("answer")
    bob.gets("answer")


FURTHER = "I meant domestic workers, please forget the apprentices: does it apply to them?"


def test_what_the_asker_adds_while_an_answer_waits_is_still_to_be_answered(desk, ann, lucia, question):
    due = desk.ticket("2026-0001").due
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=2)
    ann.replies(receipt(desk), FURTHER)
    desk.works()
    more = lucia.gets("more")
    assert "an answer of ours is about to leave: #stop keeps it back" in " ".join(more.text.split())
    desk.passes(minutes=10)
    ann.gets("answer")
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.due) == (State.ASSIGNED, due)
    assert ticket.answered is not None

    lucia.replies(more, ANSWER + " To domestic workers, too.")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")
    assert desk.ticket("2026-0001").state is State.ANSWERED


def test_an_answer_that_its_author_sends_after_reading_what_was_added_answers_it(desk, ann, lucia, question):
    lucia.replies(question, f"#draft\n{ANSWER}")
    desk.works()
    lucia.gets("transcript")
    draft = lucia.gets("leaving")
    desk.passes(minutes=2)
    ann.replies(receipt(desk), FURTHER)
    desk.works()
    lucia.gets("more")
    desk.passes(minutes=2)
    lucia.replies(draft, "#send")
    desk.works()
    lucia.gets("transcript")
    ann.gets("answer")
    assert desk.ticket("2026-0001").state is State.ANSWERED


@pytest.mark.parametrize("words", ["No", "Thank you!", "Is there any news?"])
def test_a_word_while_an_answer_waits_leaves_nothing_to_be_answered(desk, ann, lucia, question, words):
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=2)
    ann.replies(receipt(desk), words)
    desk.passes(minutes=10)
    ann.gets("answer")
    ann.unread.clear()
    assert desk.ticket("2026-0001").state is State.ANSWERED


def receipt(desk):
    return next(letter for letter in desk.left if letter.template == "acknowledgement")
