"""The links under a mail are the commands that apply to its ticket now."""

from __future__ import annotations

from datetime import timedelta

from mailflow.core.mails import actions_for
from mailflow.core.model import State
from tests.conversations.test_telephone import WAGES


def links(desk, who):
    return actions_for(who, desk.ticket("2026-0001"), desk.engine.policy)


def test_who_waits_for_the_requester_is_not_offered_to_ask_but_may_ask_again(desk, ann, lucia):
    _, question = desk.question_of(ann, WAGES, lucia)
    assert "ask" in links(desk, "lucia")
    for text in ("In which country is that?", "And which kind of apprenticeship do you mean?"):
        lucia.replies(question, f"#ask\n\n{text}")
        desk.works()
        assert "Your question goes to the requester" in lucia.gets("transcript").text
        lucia.gets("leaving")
        desk.passes(minutes=10)
        assert text in ann.gets("inquiry").text
        assert "ask" not in links(desk, "lucia")
        ticket = desk.ticket("2026-0001")
        assert (ticket.state, ticket.asked) == (State.WAITING, desk.now)
        desk.now += timedelta(hours=2)


def test_a_refused_question_is_not_offered_for_publication(desk, ann, ana, lucia):
    desk.question_of(ann, WAGES, lucia)
    ana.writes("#on 2026-0001\n#inadmissible dispute")
    desk.works()
    ana.gets("transcript")
    ann.gets("inadmissible")
    lucia.gets("taken_away")
    assert links(desk, "ana") == ("reopen", "note", "show", "help")
    assert links(desk, "lucia") == ("reopen", "show", "help")


def test_an_answer_is_offered_for_publication_until_the_requester_refuses(desk, ann, lucia):
    _, question = desk.question_of(ann, WAGES, lucia)
    lucia.replies(question, "It applies to them as well, and a lower rate may only be set by law.")
    desk.works()
    lucia.gets("leaving")
    desk.passes(minutes=10)
    answer = ann.gets("answer")
    assert "publish" in links(desk, "ana")
    ann.replies(answer, "no")
    desk.works()
    assert "publish" not in links(desk, "ana")
