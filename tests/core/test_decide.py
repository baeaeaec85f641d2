"""Single judgements, each with its counterpart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailflow.core.deadlines import due_after
from mailflow.core.decide import decide
from mailflow.core.effects import (
    Assign,
    Change,
    Conclude,
    Effect,
    OpenTicket,
    ReleaseMail,
    Send,
    SetDue,
    SetState,
    StopDraft,
)
from mailflow.core.events import MailArrived, MailSent
from mailflow.core.model import (
    Authentication,
    Draft,
    Grant,
    Mail,
    Origin,
    OriginKind,
    Outcome,
    Requester,
    SentMail,
    ShelfItem,
    Situation,
    State,
    TokenKind,
    TopicScore,
    Verdict,
    person,
    requester,
)
from mailflow.core.wording import Said
from tests.core.desk import NOW, POLICY, QUESTION, TICKET

PROVEN = Authentication(Verdict.PASS, "")
LUCIA = Grant(TokenKind.TICKET, TICKET.ref, person("lucia"), TICKET.ref)
COORD = Grant(TokenKind.TICKET, TICKET.ref, person("coord"), TICKET.ref)
FRESH = Situation(NOW, "2026-0002", inbox="i1", requester=Requester("r2", new=True))
HELD = Situation(NOW, "2026-0002", inbox="i1", ticket=TICKET)
ANSWER = "The convention asks for wages to be paid at regular intervals, and in full."


def staff(text: str, slug: str = "lucia", **changes: object) -> Mail:
    return replace(Mail("<2@example.org>", f"{slug}@example.org", text=text, authentication=PROVEN), **changes)


def outcome(effects: tuple[Effect, ...]) -> Outcome:
    end = effects[-1]
    assert isinstance(end, Conclude)
    return end.outcome


def templates(effects: tuple[Effect, ...]) -> list[tuple[str, str]]:
    return [(effect.template, effect.to.id) for effect in effects if isinstance(effect, Send)]


def said(effects: tuple[Effect, ...]) -> list[Said]:
    sent = next(effect for effect in effects if isinstance(effect, Send) and effect.template == "transcript")
    lines = sent.facts["lines"]
    assert isinstance(lines, tuple)
    return [line.said for line in lines]


def test_a_question_goes_to_the_least_loaded_expert_of_the_queue_that_its_topic_names() -> None:
    mail = replace(QUESTION, topics=(TopicScore("wages", 5.0, ("wage",)),))
    effects = decide(MailArrived(mail), replace(FRESH, load={"lucia": 2, "kofi": 1}), POLICY)
    opened = effects[0]
    assert isinstance(opened, OpenTicket)
    assert (opened.ticket.queue, opened.ticket.assignee) == ("wages", "kofi")
    assert templates(effects) == [("bilingual", "r2"), ("question", "kofi")]


@pytest.mark.parametrize(
    ("changes", "acknowledged"),
    [
        ({}, True),
        ({"return_path": "ann@firm.example"}, True),
        ({"return_path": ""}, False),
        ({"authentication": Authentication(Verdict.FAIL, "")}, False),
        ({"origin": Origin(OriginKind.LIST, "")}, False),
        ({"origin": Origin(OriginKind.AUTO_REPLY, "")}, False),
        ({"origin": Origin(OriginKind.CALENDAR, "")}, False),
        ({"sender": "helpdesk@example.org"}, False),
        ({"sender": "kofi@example.org", "authentication": PROVEN}, False),
        ({"sender": ""}, False),
    ],
)
def test_an_acknowledgement_goes_only_to_whom_an_automatic_mail_may_go(changes: dict, acknowledged: bool) -> None:
    told = templates(decide(MailArrived(replace(QUESTION, **changes)), FRESH, POLICY))
    assert (("bilingual", "r2") in told) is acknowledged


def test_an_everyone_queue_gets_the_question_whole_and_whoever_answers_first_takes_it() -> None:
    mail = replace(QUESTION, topics=(TopicScore("child_labour", 5.0),))
    effects = decide(MailArrived(mail), FRESH, POLICY)
    assert [to for template, to in templates(effects) if template == "question"] == ["lucia", "kofi", "deputy"]
    shared = replace(TICKET, queue="all", assignee="")
    grant = replace(LUCIA, party=person("kofi"))
    answered = decide(MailArrived(staff(ANSWER, "kofi")), replace(HELD, ticket=shared, grants=(grant,)), POLICY)
    assert Assign(TICKET.ref, "kofi", "all", "answered first") in answered


def test_a_queue_for_one_language_takes_no_question_in_another() -> None:
    mail = replace(QUESTION, topics=(TopicScore("privacy", 5.0),))
    opened = decide(MailArrived(mail), FRESH, POLICY)[0]
    assert isinstance(opened, OpenTicket)
    assert opened.ticket.queue == ""


@pytest.mark.parametrize(
    ("mail", "grants", "expected"),
    [
        (staff(ANSWER), (LUCIA,), Outcome.ADDED),
        (staff(ANSWER, authentication=Authentication(Verdict.NONE, "")), (LUCIA,), Outcome.SHELVED),
        (staff(ANSWER, authentication=Authentication(Verdict.FAIL, "")), (LUCIA,), Outcome.SHELVED),
        (staff(ANSWER, "kofi"), (LUCIA,), Outcome.SHELVED),
        (staff(ANSWER, "kofi"), (replace(LUCIA, party=person("kofi")),), Outcome.SHELVED),
        (staff(ANSWER), (LUCIA, replace(LUCIA, party=person("kofi"))), Outcome.SHELVED),
        (staff(ANSWER), (), Outcome.SHELVED),
        (replace(staff(ANSWER), sender="lucia@example.net"), (LUCIA,), Outcome.ADDED),
        (replace(staff(ANSWER), sender="ann@firm.example"), (LUCIA,), Outcome.SHELVED),
    ],
    ids=[
        "the assigned expert", "unproven", "disowned", "another's token", "not assigned", "two tokens", "no token",
        "their other address", "a stranger with an expert's token",
    ],
)  # fmt: skip
def test_an_answer_leaves_only_with_the_experts_own_token_proof_and_assignment(
    mail: Mail, grants: tuple[Grant, ...], expected: Outcome
) -> None:
    effects = decide(MailArrived(mail), replace(HELD, grants=grants), POLICY)
    assert outcome(effects) is expected
    assert any(template == "answer" for template, _ in templates(effects)) is (expected is Outcome.ADDED)


def test_an_answer_waits_for_the_undo_window_and_its_author_sees_it_at_once() -> None:
    effects = decide(MailArrived(staff(ANSWER)), replace(HELD, grants=(LUCIA,)), POLICY)
    answer, notice = (effect for effect in effects if isinstance(effect, Send))
    assert (answer.template, answer.leaves, answer.held) == ("answer", NOW + timedelta(minutes=10), False)
    assert (notice.template, notice.to, notice.leaves) == ("leaving", person("lucia"), None)


@pytest.mark.parametrize(
    ("text", "held"), [("Yes.", True), ("Hi Kofi,\n" + ANSWER, True), ("Dear Sir,\n" + ANSWER, False)]
)
def test_what_looks_like_a_slip_of_the_hand_waits_for_send(text: str, held: bool) -> None:
    effects = decide(MailArrived(staff(text)), replace(HELD, grants=(LUCIA,)), POLICY)
    answer = next(effect for effect in effects if isinstance(effect, Send))
    assert answer.held is held


def test_a_reply_to_the_notice_replaces_the_draft_that_it_shows() -> None:
    known = replace(
        HELD,
        grants=(Grant(TokenKind.DRAFT, "d1", person("lucia"), TICKET.ref),),
        drafts=(Draft("d1", TICKET.ref, "lucia", NOW), Draft("d2", TICKET.ref, "kofi", NOW)),
    )
    effects = decide(MailArrived(staff(ANSWER)), known, POLICY)
    assert [effect.id for effect in effects if isinstance(effect, StopDraft)] == ["d1"]


def test_stop_touches_nobody_elses_draft_and_a_coordinators_stops_all() -> None:
    drafts = (Draft("d1", TICKET.ref, "lucia", NOW), Draft("d2", TICKET.ref, "kofi", NOW))
    by_lucia = decide(MailArrived(staff("#stop")), replace(HELD, grants=(LUCIA,), drafts=drafts), POLICY)
    assert [effect.id for effect in by_lucia if isinstance(effect, StopDraft)] == ["d1"]
    by_coord = decide(MailArrived(staff("#stop", "coord")), replace(HELD, grants=(COORD,), drafts=drafts), POLICY)
    assert [effect.id for effect in by_coord if isinstance(effect, StopDraft)] == ["d1", "d2"]


@pytest.mark.parametrize(
    ("text", "slug", "grant", "expected"),
    [
        ("#assign kofi", "coord", COORD, Said.ASSIGNED),
        ("#ASSIGN  Kofi Example.", "coord", COORD, Said.ASSIGNED),
        ("#assign “Kofi”", "coord", COORD, Said.ASSIGNED),
        ("#assign nobody", "coord", COORD, Said.NO_SUCH_PERSON),
        ("#assign", "coord", COORD, Said.NEEDS_ARGUMENT),
        ("#assign kofi", "lucia", LUCIA, Said.NOT_ALLOWED),
        ("#asign kofi", "coord", COORD, Said.UNKNOWN_COMMAND),
        ("#xyzzy", "coord", COORD, Said.UNKNOWN_COMMAND_BARE),
        ("#queue osh", "coord", COORD, Said.QUEUED),
        ("#queue nowhere", "coord", COORD, Said.NO_SUCH_QUEUE),
        ("#close", "coord", COORD, Said.CLOSED),
        ("#note", "lucia", LUCIA, Said.NEEDS_TEXT),
        ("#note For the file.", "lucia", LUCIA, Said.NOTED),
        ("#release", "coord", COORD, Said.NEEDS_SHELF),
        ("#stop", "lucia", LUCIA, Said.NOTHING_HELD),
    ],
)
def test_each_command_is_answered_by_what_was_done_or_why_not(
    text: str, slug: str, grant: Grant, expected: Said
) -> None:
    effects = decide(MailArrived(staff(text, slug)), replace(HELD, grants=(grant,)), POLICY)
    assert outcome(effects) is Outcome.COMMANDED
    assert said(effects)[0] is expected


def test_of_several_commands_all_are_done_or_none() -> None:
    both = decide(MailArrived(staff("#assign kofi\n#note see above", "coord")), replace(HELD, grants=(COORD,)), POLICY)
    assert said(both) == [Said.ASSIGNED, Said.NOTED]
    spoilt = decide(MailArrived(staff("#assign kofi\n#queue nowhere", "coord")), replace(HELD, grants=(COORD,)), POLICY)
    assert not any(isinstance(effect, Assign) for effect in spoilt)
    assert Said.NOTHING_DONE in said(spoilt)
    torn = decide(MailArrived(staff("#assign kofi\n#close", "coord")), replace(HELD, grants=(COORD,)), POLICY)
    assert Said.CONTRADICTION in said(torn)
    assert not any(isinstance(effect, Assign | SetState) for effect in torn)


def test_release_names_who_vouches() -> None:
    grant = Grant(TokenKind.SHELF, "i9", person("coord"))
    known = replace(HELD, ticket=None, grants=(grant,), shelf=ShelfItem("i9", "failed", NOW))
    effects = decide(MailArrived(staff("#release", "coord")), known, POLICY)
    assert ReleaseMail("i9", "coord") in effects


def test_a_requester_who_answers_our_question_gets_the_days_that_were_left() -> None:
    grant = Grant(TokenKind.TICKET, TICKET.ref, requester("r1"), TICKET.ref)
    asked = NOW - timedelta(days=7)  # five working days ago, when ten were left
    waiting = replace(TICKET, state=State.WAITING, paused=asked, asked=asked, due=NOW + timedelta(days=7))
    known = replace(HELD, ticket=waiting, requester=Requester("r1"), grants=(grant,))
    effects = decide(MailArrived(QUESTION), known, POLICY)
    assert SetState(TICKET.ref, State.ASSIGNED) in effects
    assert [(e.due, e.clock) for e in effects if isinstance(e, SetDue)] == [(due_after(POLICY.calendar, NOW, 10), 1)]
    assert Change(TICKET.ref, {"paused": None, "asked": None, "nudged": None}) in effects
    assert templates(effects) == [("more", "lucia")]


@pytest.mark.parametrize("state", [State.ANSWERED, State.CLOSED])
def test_a_requester_who_writes_again_starts_a_fresh_deadline_for_the_same_expert(state: State) -> None:
    grant = Grant(TokenKind.TICKET, TICKET.ref, requester("r1"), TICKET.ref)
    known = replace(HELD, ticket=replace(TICKET, state=state), requester=Requester("r1"), grants=(grant,))
    effects = decide(MailArrived(QUESTION), known, POLICY)
    assert SetState(TICKET.ref, State.ASSIGNED) in effects
    assert [effect.clock for effect in effects if isinstance(effect, SetDue)] == [2]
    assert templates(effects) == [("acknowledgement", "r1"), ("more", "lucia")]


def test_a_requester_who_adds_while_the_deadline_runs_gets_no_second_acknowledgement() -> None:
    grant = Grant(TokenKind.TICKET, TICKET.ref, requester("r1"), TICKET.ref)
    effects = decide(MailArrived(QUESTION), replace(HELD, requester=Requester("r1"), grants=(grant,)), POLICY)
    assert templates(effects) == [("more", "lucia")]


@pytest.mark.parametrize("state", list(State))
def test_an_answer_that_left_settles_every_ticket_but_a_closed_one(state: State) -> None:
    sent = SentMail("s1", TICKET.ref, requester("r1"), "answer")
    effects = decide(MailSent(), replace(HELD, ticket=replace(TICKET, state=state), sent=sent), POLICY)
    noted = Change(TICKET.ref, {"answered": NOW, "paused": None, "asked": None, "nudged": None})
    settled = (SetState(TICKET.ref, State.ANSWERED), SetDue(TICKET.ref, None, 1), noted)
    assert effects == (() if state is State.CLOSED else settled)


def test_a_hand_over_stops_the_drafts_of_those_who_lose_the_ticket() -> None:
    drafts = (Draft("d1", TICKET.ref, "lucia", NOW), Draft("d2", TICKET.ref, "kofi", NOW))
    known = replace(HELD, grants=(COORD,), drafts=drafts)
    effects = decide(MailArrived(staff("#assign kofi", "coord")), known, POLICY)
    assert [effect.id for effect in effects if isinstance(effect, StopDraft)] == ["d1"]


def test_what_somebody_writes_behind_a_hash_never_stands_in_the_log() -> None:
    effects = decide(MailArrived(staff("#AnnLeeIsIll see below")), replace(HELD, grants=(LUCIA,)), POLICY)
    end = effects[-1]
    assert isinstance(end, Conclude)
    assert end.because == "an unknown command: refused, nothing was done"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.SHELVED),
        ({"to": ("desk@example.org",)}, Outcome.OPENED),
        ({"headers": (("list-id", "<talk.lists.example>"),)}, Outcome.OPENED),
    ],
)
def test_list_mail_that_names_neither_its_list_nor_anybody_waits_for_a_person(changes: dict, outcome: Outcome) -> None:
    strewn = replace(
        QUESTION, origin=Origin(OriginKind.LIST, "it came through a mailing list"), **{"to": (), **changes}
    )
    (end,) = (e for e in decide(MailArrived(strewn), FRESH, POLICY) if isinstance(e, Conclude))
    assert end.outcome is outcome
