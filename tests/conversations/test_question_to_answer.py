"""From a question to its answer, and on: what each of the two sees."""

from __future__ import annotations

import pytest

from mailflow.core.model import Outcome, State
from tests.conversations.clients import phone

QUESTION = """Dear helpdesk,

Our factory pays by the piece. Does the convention on minimum wages apply to piece rates?

Kind regards
Ann Lee
ann@firm.example"""
ANSWER = "Yes: a worker of ordinary skill must reach the minimum wage within the normal hours of work."


def test_a_question_is_acknowledged_answered_and_closed(desk, ann, lucia):
    ann.writes(QUESTION, subject="Piece rates")
    desk.works()

    receipt = ann.gets("acknowledgement")
    assert receipt.ref == "2026-0001"
    assert "Tuesday 17 March 2026" in receipt.text  # ten working days, and the desk has a day off
    assert "60 months" in receipt.text
    assert "anonymised" in receipt.text
    assert receipt["In-Reply-To"] == "<1.mail@firm.example>"
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt.envelope_sender == ""  # so that nothing can come back to it automatically
    assert "piece" not in receipt.everything.casefold()  # it echoes nothing

    question = lucia.gets("question")
    assert "Does the convention on minimum wages apply to piece rates?" in question.text
    assert "Subject of the question: Piece rates" in question.text
    assert "[…]" in question.text  # where her name and address stood

    lucia.replies(question, ANSWER)
    desk.works()
    assert ANSWER in lucia.gets("leaving").text.replace("\n", " ")
    ann.gets_nothing()  # there is still time to stop it
    assert desk.ticket("2026-0001").state is State.ASSIGNED

    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert ANSWER in answer.text
    assert "It is not legal advice" in answer.text
    assert answer["From"] == receipt["From"] == "Helpdesk <helpdesk@example.org>"
    assert answer["In-Reply-To"] == "<1.mail@firm.example>"
    assert desk.ticket("2026-0001").state is State.ANSWERED
    assert desk.ticket("2026-0001").due is None
    assert desk.log_holds()


def test_a_follow_up_joins_the_ticket_and_starts_a_new_deadline(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)
    lucia.replies(question, ANSWER)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = ann.gets("answer")

    desk.passes(days=7)
    ann.replies(answer, "Thank you. And does that hold for home workers, too?")
    desk.works()

    again = ann.gets("acknowledgement")
    assert again.ref == "2026-0001"
    assert "Monday 23 March 2026" in again.text
    more = lucia.gets("more")  # the same expert
    assert "home workers" in more.text
    assert desk.ticket("2026-0001").state is State.ASSIGNED
    assert desk.ticket("2026-0001").clock == 2

    ann.replies(answer, "I forgot: they are paid by the week.")
    desk.works()
    lucia.gets("more")
    ann.gets_nothing()  # one acknowledgement a deadline

    lucia.replies(more, "It does: home workers must not be treated worse than others in that respect.")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "home workers must not be treated worse" in ann.gets("answer").text


def test_a_reply_without_any_quotation_is_enough(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)
    lucia.replies(question, ANSWER, client=phone)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert ANSWER in ann.gets("answer").text


def test_attachments_travel_both_ways(desk, ann, lucia):
    ann.writes(QUESTION, files=[("wages of Ann Lee.csv", "text/csv", b"week;pay\n1;50\n")])
    desk.works()
    ann.gets("acknowledgement")
    question = lucia.gets("question")
    assert question.files == {"wages of […].csv": b"week;pay\n1;50\n"}

    lucia.replies(question, ANSWER, files=[("Übersicht.pdf", "application/pdf", b"%PDF-1.7 guide")])
    desk.works()
    assert "Übersicht.pdf" in lucia.gets("leaving").text
    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert answer.files == {"Übersicht.pdf": b"%PDF-1.7 guide"}
    assert "- Übersicht.pdf" in answer.text


def signed(words):
    signature = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n-----END PGP SIGNATURE-----"
    return f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{words}\n{signature}\n"


def test_what_is_signed_in_the_text_does_not_pass_the_wall_as_a_file(desk, ann, lucia):
    ann.writes(signed(QUESTION))
    desk.works()
    ann.gets("acknowledgement")
    question = lucia.gets("question")
    assert "pays by the piece" in question.text
    assert "signed.asc […]" in question.text
    assert question.files == {}

    lucia.replies(question, signed(f"{ANSWER}\n\n{lucia.name}, {lucia.address}"), client=phone)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert ANSWER in answer.text
    assert answer.files == {}
    assert lucia.address not in answer.text


def test_an_answer_keeps_its_form_but_not_what_could_harm(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)
    page = (
        '<p>Two things count:</p><ul><li>the <b>hours</b></li><li>the <a href="https://law.example/w">law</a></li></ul>'
    )
    page += '<script>alert(1)</script><img src="https://spy.example/p.gif"><p onclick="x()">Piece rates are covered by both.</p>'

    def client(message, text, letter):
        message.set_content(
            "Two things count:\n\n- the hours\n- the law <https://law.example/w>\n\nPiece rates are covered by both."
        )
        message.add_alternative(page, subtype="html")

    lucia.replies(question, "", client=client)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert "<li>the <b>hours</b></li>" in answer.html or "<li>the <strong>hours</strong></li>" in answer.html
    assert 'href="https://law.example/w"' in answer.html
    assert "script" not in answer.html
    assert "spy.example" not in answer.everything
    assert "onclick" not in answer.html


def test_an_expert_who_signs_stays_unknown(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)
    lucia.replies(question, f"{ANSWER}\n\nKind regards\nLucia Santos\nlucia.santos@example.org or LUCIA@example.com")
    desk.works()
    assert "Lucia Santos" not in lucia.gets("leaving").text  # she sees what will leave
    desk.passes(minutes=10)
    assert ANSWER in ann.gets("answer").text  # the desk itself looks for names, addresses and tokens in all that leaves


def test_names_in_bold_do_not_slip_through_the_html_part(desk, ann, lucia):
    _, question = desk.question_of(ann, QUESTION, lucia)

    def client(message, text, letter):
        message.set_content(f"{ANSWER}\n\nlucia.santos@example.org")
        message.add_alternative(f"<p>{ANSWER}</p><p><b>lucia.santos</b>@example.org</p>", subtype="html")

    lucia.replies(question, "", client=client)
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    assert "lucia.santos" not in ann.gets("answer").everything


def test_others_in_copy_are_never_written_to(desk, ann, bob, lucia):
    ann.writes(QUESTION, cc=f"Bob Stone <{bob.address}>")
    desk.works()
    assert "copied to other people" in ann.gets("acknowledgement").text
    question = lucia.gets("question")
    assert "others stood in Cc" in question.text

    lucia.replies(question, ANSWER, cc=f"{bob.address}, kofi.mensah@example.org")  # Reply all
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    ann.gets("answer")
    bob.gets_nothing()


def test_two_questions_of_one_person_are_two_tickets(desk, ann, lucia, kofi):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    other, _ = desk.question_of(ann, "And what about overtime pay on minimum wage?", kofi)  # the less busy one
    assert (receipt.ref, other.ref) == ("2026-0001", "2026-0002")
    assert desk.ticket(receipt.ref).requester == desk.ticket(other.ref).requester


def test_a_whole_queue_gets_it_and_the_first_to_answer_has_it(desk, ann, mei, nadia):
    ann.writes("From which age may children work on farms? Is child labour there forbidden?")
    desk.works()
    ann.gets("acknowledgement")
    first, second = mei.gets("question"), nadia.gets("question")

    nadia.replies(second, "From fifteen years in general, and never where the work is hazardous.")
    desk.works()
    nadia.gets("leaving")
    assert desk.ticket("2026-0001").assignee == "nadia"

    mei.replies(first, "I think that it is fifteen years, but let us look at the national law first.")
    desk.works()
    assert desk.last.outcome is Outcome.SHELVED  # one answer a question: a coordinator decides about the second
    mei.gets("held")
    for coordinator in desk.coordinators:
        coordinator.gets("shelf")
    desk.passes(minutes=10)
    assert "never where the work is hazardous" in ann.gets("answer").text


@pytest.mark.parametrize("word", ["no", "No.", "NON", "Nein!", "「不可」"])
def test_one_word_refuses_publication(desk, ann, lucia, word):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    ann.replies(receipt, word)
    desk.works()
    assert desk.ticket(receipt.ref).publication == "never"
    assert desk.ticket(receipt.ref).state is State.ASSIGNED
    lucia.gets_nothing()
    ann.gets_nothing()


def test_a_sentence_that_begins_with_no_is_a_message(desk, ann, lucia):
    receipt, _ = desk.question_of(ann, QUESTION, lucia)
    ann.replies(receipt, "No, we do not pay by the day; we pay by the piece.")
    desk.works()
    assert desk.ticket(receipt.ref).publication == ""
    assert "we pay by the piece" in lucia.gets("more").text
