"""The requester's side: a question opens a ticket, a later mail joins it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date, datetime, timedelta

from mailflow.core import assigning, coding, letters, mails, panel, publishing, reviewing, views
from mailflow.core.deadlines import due_after, resumed
from mailflow.core.effects import (
    AddMessage,
    Change,
    Conclude,
    Effect,
    Link,
    MoveTask,
    Note,
    OpenTicket,
    SetDue,
    SetState,
)
from mailflow.core.lifecycle import Act, Clock, move
from mailflow.core.model import (
    UNKNOWN_LANGUAGE,
    Mail,
    OriginKind,
    Outcome,
    Part,
    Requester,
    Role,
    SignKind,
    Situation,
    State,
    TaskKind,
    Ticket,
    Verdict,
)
from mailflow.core.policy import Policy, Span
from mailflow.core.presence import alarmed
from mailflow.core.routing import Route, about, route
from mailflow.core.wording import Flag, Said, line

AROUND_A_WORD = " \t\r\n\u00a0\u202f.!,;。！၊။।۔\"'“”„«»‹›「」『』‘’"

_PIECE = re.compile(r"[\n,;!.，。、！]")

WATCHED = frozenset(
    {Flag.VIA_LIST, Flag.FOREIGN_TOKEN, Flag.DANGER, Flag.MAYBE_INADMISSIBLE, Flag.NO_PUBLICATION, Flag.NOBODY_READS_IT}
)  # a coordinator is told of such a question
_HINTS = {
    SignKind.DANGER: Flag.DANGER,
    SignKind.INADMISSIBLE: Flag.MAYBE_INADMISSIBLE,
    SignKind.DEADLINE: Flag.NAMES_DEADLINE,
}
_WISHES = {"no_publication": Flag.NO_PUBLICATION, "erasure": Flag.ERASURE}


def open_ticket(
    mail: Mail, known: Situation, policy: Policy, remarks: tuple[Flag, ...] = (), follows: str = ""
) -> tuple[Effect, ...]:
    """A new question: a ticket, an acknowledgement, and the question for whoever will answer it.

    `follows`: the ticket that it comes back to, long after that was closed.
    """
    way = _way(mail, policy)
    asker = known.requester or Requester("", reachable=False)
    language = ticket_language(mail, asker, policy)
    queue = policy.queues.get(way.queue)
    chosen = assigning.choose(queue, language, known, policy) if queue else ()
    ticket = Ticket(
        ref=known.next_ref,
        requester=asker,
        state=State.ASSIGNED if chosen else State.NEW,
        queue=way.queue,
        language=language,
        opened=known.now,
        assignee=chosen[0] if len(chosen) == 1 else "",
        clock=1,
        topics=tuple(topic.id for topic in about(mail.topics, policy.topics))[:5],
        codes=coding.codes(mail, policy),
        wanted=coding.wanted(mail, policy),
    )
    ticket = replace(ticket, due=due_after(policy.calendar, known.now, policy.days_for(Span.ANSWER, ticket)))
    receipt = letters.acknowledgement(ticket, mail, known, policy)
    ticket = replace(ticket, promised=ticket.due if receipt else None)
    flags = remarks + _flags(mail, ticket, way, chosen, policy)
    ticket, given = _given(ticket, mail, chosen, flags, way, known, policy)
    return (
        OpenTicket(ticket, way.because),
        AddMessage(ticket.ref, "question", Role.REQUESTER.value),
        *((Link(ticket.ref, follows, "follows"),) if follows else ()),
        *receipt,
        *given,
        Conclude(Outcome.OPENED, way.because, ticket.ref),
    )


def _given(
    ticket: Ticket,
    mail: Mail,
    chosen: tuple[str, ...],
    flags: tuple[Flag, ...],
    way: Route,
    known: Situation,
    policy: Policy,
) -> tuple[Ticket, tuple[Effect, ...]]:
    """The question on its way to who answers it: through a translator, where none of them could read it."""
    part = as_part("question", mail, known)
    translator = panel.translator_for(ticket, chosen, known, policy)
    if translator:
        watching = _watching(flags, known, policy)
        seen = mails.question(ticket, mail, watching, flags, way.why, known, policy)
        return ticket, (*panel.ask_translation(ticket, translator, part, known, policy), *seen)
    asks: tuple[Effect, ...] = ()
    if chosen and panel.unread(ticket.language, chosen, policy):
        flags = (*flags, Flag.NOBODY_READS_IT)
        if _may_ask_language(ticket, mail, policy):
            ticket = replace(ticket, state=State.WAITING, paused=known.now, asked=known.now)
            asks = letters.which_language(ticket, policy)
    told = mails.question(ticket, mail, _readers(chosen, flags, known, policy), flags, way.why, known, policy)
    return ticket, (
        *asks,
        *told,
        *panel.convened(ticket, way.contributors if chosen else (), chosen, part, known, policy),
    )


def _may_ask_language(ticket: Ticket, mail: Mail, policy: Policy) -> bool:
    """Whether to ask the requester for one of our own languages: they wrote in another, and can be answered."""
    foreign = ticket.language not in policy.staff_languages
    return foreign and ticket.requester.reachable and letters.answerable(mail, policy)


def as_part(kind: str, mail: Mail, known: Situation) -> Part:
    """The mail being handled, as the ticket's story will tell it."""
    files = tuple(file.name for file in mail.attachments)
    words = (mail.subject, mail.text, mail.quoted, mail.sender, mail.name)
    return Part(kind, Role.REQUESTER.value, known.now, *words, files=files, inbox=known.inbox)


def _watching(flags: tuple[Flag, ...], known: Situation, policy: Policy) -> tuple[str, ...]:
    """The coordinators, where there is something to look into."""
    return () if WATCHED.isdisjoint(flags) else _overseers(flags, known, policy)


def _overseers(flags: tuple[Flag, ...], known: Situation, policy: Policy) -> tuple[str, ...]:
    """The coordinators, and whoever else must learn of a danger."""
    return alarmed(known, policy) if Flag.DANGER in flags else policy.coordinators


def _readers(chosen: tuple[str, ...], flags: tuple[Flag, ...], known: Situation, policy: Policy) -> tuple[str, ...]:
    """Whoever answers the question; and the coordinators, where nobody does or there is something to look into."""
    watching = _watching(flags, known, policy) if chosen else _overseers(flags, known, policy)
    return tuple(dict.fromkeys((*chosen, *watching)))


def archive(mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """Mail from before the desk used mailflow: a closed ticket that can be searched and replied to; nobody is written to."""
    if policy.person_at(mail.sender) or mail.authentication.verdict is Verdict.FAIL:
        return (Conclude(Outcome.IGNORED, "old mail that no requester wrote, kept without a ticket"),)
    asker = known.requester or Requester("", reachable=False)
    opened = mail.date or known.now
    ticket = Ticket(
        known.next_ref,
        asker,
        State.CLOSED,
        "",
        ticket_language(mail, asker, policy),
        opened,
        closed=known.now,
        archived=True,
    )
    because = "taken in as old mail, without any reply"
    kept = AddMessage(ticket.ref, "question", Role.REQUESTER.value)
    return OpenTicket(ticket, because), kept, Conclude(Outcome.OPENED, because, ticket.ref)


def write_again(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """The requester adds to their ticket. The first line that applies decides."""
    brief = () if answers_us(ticket) else _in_a_word(mail, ticket, known, policy)
    if brief:
        return brief
    return *_no_longer_published(mail, ticket, known, policy), *_says_more(mail, ticket, known, policy)


def _no_longer_published(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """They don't want it published, in whatever words: what is under way or stands already goes at once."""
    if ticket.publication in ("", "never") or Flag.NO_PUBLICATION not in _hints(mail, policy):
        return ()
    return publishing.withdrawn(known, policy)


def _says_more(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    if ticket.admissible is False:
        return _after_refusal(mail, ticket, known, policy)
    settled = ticket.settled_at or ticket.closed
    if settled and known.now - settled > timedelta(days=policy.deadlines.reopen_days):
        return open_ticket(mail, known, policy, (Flag.FOLLOWS,), follows=ticket.ref)
    return goes_on(mail, ticket, known, policy)


def _in_a_word(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """What moves nothing: a word that refuses publication, thanks, a question for news; () where they say more."""
    if refuses_publication(mail, policy):
        because = "the requester refuses publication"
        kept = AddMessage(ticket.ref, "refusal", Role.REQUESTER.value)
        return *publishing.withdrawn(known, policy), kept, Conclude(Outcome.ADDED, because, ticket.ref)
    courtesy = coding.courtesy(mail, policy)
    if courtesy == "thanks":
        kept = AddMessage(ticket.ref, "thanks", Role.REQUESTER.value)
        return kept, Conclude(Outcome.ADDED, "nothing but thanks: nothing changes", ticket.ref)
    if courtesy == "news" and ticket.admissible is not False:
        return _asked_for_news(ticket, known, policy)
    return ()


def answers_us(ticket: Ticket) -> bool:
    """We asked the requester something: whatever they write is taken for the answer, however short it is.

    Also when it comes after the ticket was closed because they were silent.
    """
    silent = ticket.state is State.CLOSED and ticket.nudged is not None and ticket.admissible is not False
    return ticket.state is State.WAITING or silent


def _asked_for_news(ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """They get the status, once a week at most; whoever has the ticket isn't bothered."""
    kept = AddMessage(ticket.ref, "news", Role.REQUESTER.value)
    again = known.now - timedelta(days=policy.deadlines.news_days)
    if ticket.status_told and ticket.status_told > again:
        return kept, Conclude(Outcome.ADDED, "a question for news, which were given lately", ticket.ref)
    named = {"promised": ticket.due} if ticket.due and ticket.due > known.now else {}
    noted = Change(ticket.ref, {"status_told": known.now, **named})
    told = letters.news(ticket, known, policy)
    return kept, noted, *told, Conclude(Outcome.ADDED, "a question for news: they were given", ticket.ref)


def _after_refusal(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """To a question that was not admissible: the coordinators read it; no clock, no receipt."""
    kept = AddMessage(ticket.ref, "more", Role.REQUESTER.value)
    flags = (Flag.REFUSED_BEFORE, *_sender_flags(mail, policy), *_hints(mail, policy))
    told = mails.more(ticket, mail, _overseers(flags, known, policy), flags, known, policy)
    return kept, *told, Conclude(Outcome.ADDED, "it belongs to a question that was not admissible", ticket.ref)


def goes_on(mail: Mail, ticket: Ticket, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """It goes to whoever has the ticket. A settled one starts a fresh deadline; one that waited goes on where it stood."""
    step = move(ticket.state, Act.WRITE_AGAIN)
    effects: list[Effect] = [AddMessage(ticket.ref, "more", Role.REQUESTER.value)]
    current = ticket
    language = _language_now(mail, ticket, policy) if ticket.state is State.WAITING else ""
    if language:
        current = replace(current, language=language)
        effects.append(Change(ticket.ref, {"language": language}))
    if step and step.clock in (Clock.START, Clock.RESUME):
        to = step.to if ticket.queue or ticket.assignee else State.NEW
        current = replace(current, state=to, archived=False)
        effects.append(SetState(ticket.ref, to))
    if step and step.clock is Clock.RESUME:
        current, going_on = resumes(current, known, policy)
        effects += going_on
    if step and step.clock is Clock.START:
        due = due_after(policy.calendar, known.now, policy.days_for(Span.ANSWER, current))
        current = replace(current, due=due, clock=ticket.clock + 1)
        effects.append(SetDue(ticket.ref, due, current.clock))
        receipt = letters.acknowledgement(current, mail, known, policy)
        effects += (*receipt, Change(ticket.ref, {"promised": due if receipt else None}))
    effects += _passed_on(current, mail, known, policy)
    return (*effects, Conclude(Outcome.ADDED, "its reply token belongs to the sender's ticket", ticket.ref))


def resumes(ticket: Ticket, known: Situation, policy: Policy) -> tuple[Ticket, tuple[Effect, ...]]:
    """The clock goes on: the working days that were left are left again, and so are those of what others owe."""
    paused, due = ticket.paused or known.now, ticket.due or known.now
    due = resumed(policy.calendar, due, paused, known.now)
    current = replace(ticket, due=due, paused=None, asked=None)
    unpaused = Change(
        ticket.ref, {"paused": None, "asked": None, "nudged": None, **_promise(ticket, paused, known, policy)}
    )
    owed = (task for task in known.tasks if task.ref == ticket.ref and task.kind is not TaskKind.REMINDER)
    moved = (MoveTask(task.id, resumed(policy.calendar, task.due, paused, known.now)) for task in owed)
    return current, (SetDue(ticket.ref, due, ticket.clock), unpaused, *moved)


def _promise(
    ticket: Ticket, paused: datetime, known: Situation, policy: Policy
) -> dict[str, str | bool | int | date | datetime | None]:
    """What the requester expects moves with the clock: they know that it waited for them."""
    return {"promised": resumed(policy.calendar, ticket.promised, paused, known.now)} if ticket.promised else {}


def _passed_on(ticket: Ticket, mail: Mail, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """What they added, to whoever has the ticket; through a translator, where none of them could read it."""
    leaving = any(draft.leaves for draft in known.drafts) or any(t.kind is TaskKind.REVIEW for t in known.tasks)
    under_way = (Flag.ANSWER_UNDER_WAY,) if leaving else ()
    flags = (*under_way, *_sender_flags(mail, policy), *_hints(mail, policy))
    slugs = assigning.readers(ticket, known, policy)
    written = replace(ticket, language=mail.language.code)
    translator = panel.translator_for(written, slugs, known, policy)
    if not translator:
        told = tuple(dict.fromkeys((*slugs, *_watching(flags, known, policy))))
        return mails.more(ticket, mail, told, flags, known, policy)
    asks = panel.ask_translation(written, translator, as_part("more", mail, known), known, policy)
    return *asks, *mails.more(ticket, mail, _watching(flags, known, policy), flags, known, policy)


def _language_now(mail: Mail, ticket: Ticket, policy: Policy) -> str:
    """The language that they choose, by its name or by writing in it, where nobody could read their own; or ""."""
    written = mail.language.code
    unread = panel.unread(ticket.language, assigning.holders(ticket, policy), policy)
    return language_named(mail, policy) or (written if unread and written in policy.staff_languages else "")


def language_named(mail: Mail, policy: Policy) -> str:
    """The staff language that a reply asks for, as we offered; or ""."""
    told = (sign.value for sign in mail.signs if sign.kind is SignKind.REPLY_LANGUAGE)
    return next((code for code in told if code in policy.staff_languages), "")


def refuses_publication(mail: Mail, policy: Policy) -> bool:
    """A refusing word and nothing else but thanks, as the acknowledgement offers; it may be quoted as it stands there."""
    said = unicodedata.normalize("NFC", mail.text).casefold()
    word, *more = [piece.strip(AROUND_A_WORD) for piece in _PIECE.split(said) if piece.strip(AROUND_A_WORD)] or [""]
    polite = all(piece in reviewing.POLITE or piece in mail.name.casefold().split() for piece in more)
    no = word in policy.refusals or any(
        word == f"{each} {thanks}" for each in policy.refusals for thanks in reviewing.POLITE
    )
    return (
        no
        and (polite or mail.name.casefold() in more)
        and all(f.type in views.PERSONAL_TYPES for f in mail.attachments)
    )


def entered(mail: Mail, via: str, actor: str, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A question that did not come by mail: as any other, told apart by a note."""
    opened = open_ticket(mail, known, policy)
    return (*opened, Note(known.next_ref, f"entered by {actor}, asked by {via}"))


def ticket_language(mail: Mail, asker: Requester, policy: Policy) -> str:
    """What the mail is written in; when that can't be told, what its sender wrote in before."""
    if mail.language.code in policy.languages:
        return mail.language.code
    return asker.language if asker.language in policy.languages else UNKNOWN_LANGUAGE


def _way(mail: Mail, policy: Policy) -> Route:
    """The route; a mail whose own domain disowns it goes to a person, whatever it says."""
    way = route(mail, policy)
    if mail.authentication.verdict is Verdict.FAIL:
        return Route("", (), line("", Said.DISOWNED))
    return way


def _flags(mail: Mail, ticket: Ticket, way: Route, chosen: tuple[str, ...], policy: Policy) -> tuple[Flag, ...]:
    shown = (
        (Flag.UNROUTED, not way.queue),
        (Flag.NO_EXPERT, bool(way.queue) and not chosen),
        (Flag.LANGUAGE_UNKNOWN, ticket.language == UNKNOWN_LANGUAGE),
        (Flag.VIA_LIST, mail.origin.kind is OriginKind.LIST),
        (Flag.NO_ADDRESS, not ticket.requester.reachable),
        (Flag.OTHERS_IN_COPY, bool(letters.others_in_copy(mail, policy))),
    )
    return tuple(flag for flag, true in shown if true) + _sender_flags(mail, policy) + _hints(mail, policy)


def _hints(mail: Mail, policy: Policy) -> tuple[Flag, ...]:
    """What a mail seems to say besides its question: for a person to look at."""
    told = coding.suggestions(mail, policy)
    seen = {_HINTS.get(sign.kind) or _WISHES.get(sign.value) for sign in told}
    if any(sign.kind is SignKind.REPLY_LANGUAGE and sign.value != mail.language.code for sign in told):
        seen.add(Flag.OTHER_LANGUAGE)
    return tuple(flag for flag in Flag if flag in seen)


def _sender_flags(mail: Mail, policy: Policy) -> tuple[Flag, ...]:
    if not mail.sender:
        return ()
    verdicts = {Verdict.FAIL: (Flag.FORGED,), Verdict.NONE: (Flag.UNAUTHENTICATED,) if policy.authenticates else ()}
    return verdicts.get(mail.authentication.verdict, ())
