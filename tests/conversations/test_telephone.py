"""A requester without an address: coordinators pass on what we write, and bring back what is said."""

from __future__ import annotations

import pytest

from mailflow.core.model import State

WAGES = "What does the convention say about the minimum wage of apprentices?"
ANSWER = (
    "The convention covers apprentices too, unless national law sets a lower rate for them after consulting both sides."
)
CALLED = "I rang them up and told them all of it; they were glad to hear it and send their thanks."


@pytest.fixture
def question(desk, ana, kofi):
    """Ana enters what somebody asked by telephone."""
    ana.writes(f"#new a shop steward, fr\n\n{WAGES}", subject="a call")
    desk.works()
    ana.gets("transcript")
    return kofi.gets("question")


def answered(desk, kofi, question):
    kofi.replies(question, ANSWER)
    desk.works()
    shown = kofi.gets("leaving")
    desk.passes(minutes=10)
    return shown


def test_the_coordinators_are_asked_to_pass_the_answer_on_each_in_their_language(desk, ana, jean, kofi, question):
    answered(desk, kofi, question)
    told, raconte = ana.gets("answer"), jean.gets("answer")
    assert told.text.splitlines()[2].startswith("Please pass this on to the requester, who has no e-mail address")
    assert "nothing of it is sent" in told.text
    assert "Madame, Monsieur" in told.text  # the letter itself is the requester's
    assert "Add a note for staff" in told.text
    assert "Merci de transmettre ceci au demandeur" in raconte.text
    assert "Please pass this on" in told.html


def test_what_a_coordinator_replies_to_it_is_a_note_and_nothing_is_sent_again(desk, ana, jean, kofi, question):
    answered(desk, kofi, question)
    jean.gets("answer")
    ana.replies(ana.gets("answer"), CALLED)
    desk.works()
    assert "The note is kept with the ticket" in ana.gets("transcript").text
    desk.passes(minutes=15)
    jean.gets_nothing(), kofi.gets_nothing()
    assert desk.story("2026-0001")[-1].part.kind == "note"
    assert desk.ticket("2026-0001").state is State.ANSWERED


def test_they_may_still_use_commands_on_it(desk, ana, jean, kofi, question):
    answered(desk, kofi, question)
    jean.gets("answer")
    ana.replies(ana.gets("answer"), "#reopen\n\nThey want to know about interns, too.")
    desk.works()
    assert "open again" in ana.gets("transcript").text
    assert "about interns" in kofi.gets("assignment").text


def asked(desk, ana, jean, kofi, question):
    kofi.replies(question, "#ask\n\nIn which country, and which kind of apprenticeship do you mean?")
    desk.works()
    kofi.gets("transcript"), kofi.gets("leaving")
    desk.passes(minutes=10)
    jean.gets("inquiry")
    return ana.gets("inquiry")


def test_what_they_say_to_our_question_reaches_the_expert_and_the_clock_goes_on(desk, ana, jean, kofi, question):
    inquiry = asked(desk, ana, jean, kofi, question)
    assert "Reply with what they say" in inquiry.text
    assert desk.ticket("2026-0001").state is State.WAITING
    ana.replies(inquiry, "They mean Kenya, and apprentices in textile factories.")
    desk.works()
    assert "went to whoever has the question" in ana.gets("transcript").text
    more = kofi.gets("more")
    assert "textile factories" in more.text
    assert "goes to the coordinators, who pass it on" in more.text
    assert desk.ticket("2026-0001").state is State.ASSIGNED


def test_their_silence_is_told_to_the_coordinators_alone_and_closes_nothing(desk, ana, jean, kofi, question):
    asked(desk, ana, jean, kofi, question)
    ana.daily.clear()
    for _ in range(60):
        desk.passes(days=1)
    for coordinator in (ana, jean):
        coordinator.gets_nothing()
    reminders = [letter.text for letter in ana.reads("reminder")]
    assert len([text for text in reminders if "know of no reply yet" in " ".join(text.split())]) == 1
    assert desk.ticket("2026-0001").state is State.WAITING


def test_stopping_an_answer_stops_it_for_every_coordinator(desk, ana, jean, kofi, question):
    kofi.replies(question, ANSWER)
    desk.works()
    kofi.replies(kofi.gets("leaving"), "#stop")
    desk.works()
    kofi.gets("transcript")
    desk.passes(minutes=30)
    ana.gets_nothing(), jean.gets_nothing()


@pytest.mark.parametrize("command", ["from", "new"])
@pytest.mark.parametrize("address", ["helpdesk@example.org", "helpdesk+abc@example.org", "kofi.mensah@example.org"])
def test_nobody_of_the_desk_is_entered_as_a_requester(desk, kofi, command, address):
    kofi.writes(f"#{command} {address}\n\n{WAGES}", subject="a question")
    desk.works()
    assert "is an address of the desk or of a colleague" in kofi.gets("transcript").text
