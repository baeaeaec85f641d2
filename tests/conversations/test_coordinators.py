"""Coordinators work with nothing but mail: they answer, assign, queue, close and note by replying."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs

import pytest

from mailflow.core.model import Language, Mail, Outcome, State
from tests.conversations.desk import DESK

LOST = "Where can one read about the history of your organization?"  # no rule and no topic knows it
WAGES = "What does the convention say about the minimum wage of apprentices?"


@pytest.fixture
def unrouted(desk, ann, ana, jean):
    """A question that nobody could route, as Ana got it."""
    ann.writes(LOST)
    desk.works()
    ann.gets("acknowledgement")
    jean.gets("question")
    return ana.gets("question")


def test_a_question_that_nothing_could_route_goes_to_the_coordinators(desk, ann, unrouted):
    assert "no rule and no topic named a queue" in unrouted.text
    assert "#assign PERSON or #queue NAME" in unrouted.text
    assert "Thursday 5 March 2026" in unrouted.text  # the deadline of what nobody has yet
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.queue, ticket.assignee) == (State.NEW, "", "")


def test_a_coordinator_answers_it_themselves(desk, ann, ana, unrouted):
    ana.replies(unrouted, "The library of the organization has a whole shelf about it, and lends by post.")
    desk.works()
    ana.gets("leaving")
    desk.passes(minutes=10)
    assert "lends by post" in ann.gets("answer").text
    assert desk.ticket("2026-0001").state is State.ANSWERED


def test_assign_gives_it_to_somebody_with_a_note(desk, ann, ana, mei, unrouted):
    ana.replies(unrouted, "#assign mei\n\nYou wrote the chapter about it, didn't you?")
    desk.works()
    assert "#assign mei: The ticket is now with Mei Tanaka." in ana.gets("transcript").text
    given = mei.gets("assignment")
    assert "You wrote the chapter about it" in given.text
    assert LOST in given.text
    assert desk.ticket("2026-0001").assignee == "mei"

    mei.replies(given, "It is told in the anniversary book, which the library has in eleven languages.")
    desk.works()
    mei.gets("leaving")
    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert "anniversary book" in answer.text
    assert "chapter" not in answer.everything


@pytest.mark.parametrize("name", ["Mei Tanaka", "mei.tanaka@example.org", "tanaka", "@mei", "“Mei”."])
def test_people_may_be_called_by_any_of_their_names(desk, ana, mei, unrouted, name):
    ana.replies(unrouted, f"#assign {name}")
    desk.works()
    ana.gets("transcript")
    mei.gets("assignment")


def test_queue_gives_it_to_the_next_of_that_queue(desk, ana, lucia, unrouted):
    ana.replies(unrouted, "#Queue Wages")
    desk.works()
    assert "in the queue wages, with Lucia Santos" in ana.gets("transcript").text
    assert LOST in lucia.gets("assignment").text
    assert desk.ticket("2026-0001").queue == "wages"


def test_an_attachment_goes_along_when_a_ticket_is_assigned(desk, ann, ana, jean, mei):
    ann.writes(LOST, files=[("plan.txt", "text/plain", b"a plan")])
    desk.works()
    ann.gets("acknowledgement")
    jean.gets("question")
    ana.replies(ana.gets("question"), "#assign mei")
    desk.works()
    ana.gets("transcript")
    assert mei.gets("assignment").files == {"plan.txt": b"a plan"}


def test_close_ends_it_without_a_word_to_the_asker(desk, ann, ana, unrouted):
    ana.replies(unrouted, "#close")
    desk.works()
    assert "The ticket is closed." in ana.gets("transcript").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.due) == (State.CLOSED, None)
    assert ticket.closed == desk.now

    ana.replies(unrouted, "#close")
    desk.works()
    assert "already is closed" in ana.gets("transcript").text


def test_close_stops_an_answer_that_has_not_left(desk, ann, ana, lucia):
    _, question = desk.question_of(ann, WAGES, lucia)
    lucia.replies(question, "It applies to them as well, unless the law says otherwise.")
    desk.works()
    lucia.gets("leaving")
    ana.writes("#help", subject="[2026-0001]")
    desk.works()
    ana.gets("transcript")
    desk.engine.command("close", "", desk.now, ref="2026-0001")
    desk.passes(minutes=10)
    assert "was stopped" in lucia.gets("taken_away").text
    ann.gets_nothing()


def test_the_asker_may_write_again_to_a_closed_ticket(desk, ann, ana, jean, unrouted):
    ana.replies(unrouted, "#close")
    desk.works()
    ana.gets("transcript")
    receipt = next(letter for letter in desk.left if letter.template == "acknowledgement")
    ann.replies(receipt, "May I ask when I will hear from you about this?")
    desk.works()
    assert ann.gets("acknowledgement").ref == "2026-0001"
    assert desk.ticket("2026-0001").state is State.NEW
    assert "when I will hear" in ana.gets("more").text
    jean.gets("more")


def test_note_stays_among_staff(desk, ann, ana, mei, unrouted):
    ana.replies(unrouted, "#note She rang twice, too; please be quick.\n#assign mei")
    desk.works()
    assert "the requester does not see it" in ana.gets("transcript").text
    mei.gets("assignment")
    assert any(m.part.kind == "note" and "rang twice" in m.part.text for m in desk.story("2026-0001"))
    ann.gets_nothing()


def test_help_lists_what_one_may_use(desk, ana, lucia, ann, unrouted):
    ana.replies(unrouted, "#help")
    desk.works()
    help_ = ana.gets("transcript").text
    assert "#assign PERSON: Give the ticket to one person" in help_
    assert "#release" not in help_  # there is nothing on the shelf here

    lucia.writes("#help", subject="help")
    desk.works()
    hers = lucia.gets("transcript").text
    assert "#help" in hers
    assert "#assign" not in hers


def test_a_misspelt_command_does_nothing_and_says_what_was_meant(desk, ana, unrouted):
    ana.replies(unrouted, "#asign mei")
    desk.works()
    assert "There is no command #asign. Did you mean #assign?" in ana.gets("transcript").text
    assert desk.ticket("2026-0001").assignee == ""


def test_a_misspelt_person_does_nothing_and_says_who_was_meant(desk, ana, unrouted):
    ana.replies(unrouted, "#assign luzia")
    desk.works()
    assert "Did you mean lucia?" in ana.gets("transcript").text


def test_a_ticket_is_not_given_to_somebody_who_does_not_answer_questions(desk, ana, grace, unrouted):
    ana.replies(unrouted, "#assign grace")
    desk.works()
    assert "Grace Okoro is neither an expert nor a coordinator" in ana.gets("transcript").text
    assert desk.ticket("2026-0001").assignee == ""


def test_one_wrong_command_and_none_of_the_mail_is_done(desk, ana, unrouted):
    ana.replies(unrouted, "#note keep this\n#assign nobody-of-that-name\n#queue wages")
    desk.works()
    told = ana.gets("transcript").text
    assert "Because of that nothing of this mail was done." in told
    assert [m.part.kind for m in desk.story("2026-0001")] == ["question", "command"]
    assert desk.ticket("2026-0001").queue == ""


@pytest.mark.parametrize(
    "both", ["#assign mei\n#close", "#queue wages\n#assign mei", "#assign mei\n#assign lucia", "#send\n#close"]
)
def test_commands_that_contradict_each_other_do_nothing(desk, ana, unrouted, both):
    ana.replies(unrouted, both)
    desk.works()
    assert "contradict each other" in ana.gets("transcript").text
    ticket = desk.ticket("2026-0001")
    assert (ticket.state, ticket.assignee, ticket.queue) == (State.NEW, "", "")


def test_an_expert_may_not_do_what_is_a_coordinators(desk, ann, lucia, kofi):
    _, question = desk.question_of(ann, WAGES, lucia)
    lucia.replies(question, "#assign kofi\n\nThis is more for you, I think.")
    desk.works()
    assert "You may not use #assign: it is for coordinator." in lucia.gets("transcript").text
    assert desk.ticket("2026-0001").assignee == "lucia"
    kofi.gets_nothing()


def test_text_below_commands_reaches_nobody(desk, ann, ana, unrouted):
    ana.replies(unrouted, "#close\n\nThank you for your interest in our history.")
    desk.works()
    assert "was not sent to anybody" in ana.gets("transcript").text
    desk.passes(days=1)
    ann.gets_nothing()


def test_an_answer_that_only_mentions_a_number_is_no_command(desk, ann, ana, unrouted):
    ana.replies(unrouted, "#1 in our catalogue tells it best; it is the anniversary book, in eleven languages.")
    desk.works()
    ana.gets("leaving")
    desk.passes(minutes=10)
    assert "#1 in our catalogue" in ann.gets("answer").text


def test_a_link_under_a_mail_works(desk, ana, mei, unrouted):
    """What a mail program makes of "Give the ticket to somebody": a new mail to the reply address, filled in."""
    links = [unescape(link) for link in re.findall(r'href="(mailto:[^"]+)"', unrouted.html)]
    assert len(links) <= 5
    address, _, query = next(link for link in links if "assign" in link).removeprefix("mailto:").partition("?")
    filled_in = parse_qs(query)
    assert address == unrouted.reply_to
    ana.writes(filled_in["body"][0].rstrip() + " mei", to=address, subject=filled_in["subject"][0])
    desk.works()
    ana.gets("transcript")
    mei.gets("assignment")


def test_commands_from_the_blue_need_something_to_work_on(desk, ana):
    ana.writes("#close", subject="close it please", to=DESK)
    desk.works()
    assert "#close needs a ticket: reply to a mail about it." in ana.gets("transcript").text
    assert desk.last.outcome is Outcome.COMMANDED


def test_an_assigned_ticket_assigned_again_changes_nothing(desk, ana, mei, unrouted):
    ana.replies(unrouted, "#assign mei")
    desk.works()
    ana.gets("transcript")
    mei.gets("assignment")
    ana.replies(unrouted, "#assign mei")
    desk.works()
    assert "already is with Mei Tanaka" in ana.gets("transcript").text
    mei.gets_nothing()


def test_a_question_from_the_telephone_is_answered_through_the_coordinators(desk, ana, jean, lucia):
    asked = Mail("", "", subject="Call of a shop steward", text=WAGES, language=Language("en", 1.0, "hint"))
    ref = desk.engine.enter(asked, "telephone", "operator", desk.now)
    desk.works()
    question = lucia.gets("question")
    assert "asked by telephone or on paper: the answer comes back to the coordinator" in question.text
    lucia.replies(question, "It applies to them as well, unless the law says otherwise.")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    for coordinator in (ana, jean):
        assert "unless the law says otherwise" in coordinator.gets("answer").text
    assert desk.ticket(ref).state is State.ANSWERED
