"""The requester's side: a question opens a ticket, a later mail joins it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from mailflow.core import assigning, coding, mails, views
from mailflow.core.deadlines import due_after
from mailflow.core.effects import (
    AddMessage,
    Conclude,
    Effect,
    Note,
    OpenTicket,
    RefusePublication,
    SetDue,
    SetState,
)
from mailflow.core.lifecycle import Act, Clock, move
from mailflow.core.model import (
    UNKNOWN_LANGUAGE,
    Mail,
    OriginKind,
    Outcome,
    Policy,
    Requester,
    Role,
    SignKind,
    Situation,
    State,
    Ticket,
    Verdict,
)
from mailflow.core.routing import Route, about, route
from mailflow.core.wording import Flag, Said, line

AROUND_A_WORD = " \t\r\n\u00a0\u202f.!,;。！၊။।۔\"'“”„«»‹›「」『』‘’"

WATCHED = frozenset({Flag.VIA_LIST, Flag.FOREIGN_TOKEN, Flag.DANGER})  # a coordinator is told of such a question
_HINTS = {
    SignKind.DANGER: Flag.DANGER,
    SignKind.INADMISSIBLE: Flag.MAYBE_INADMISSIBLE,
    SignKind.DEADLINE: Flag.NAMES_DEADLINE,
}
_WISHES = {"no_publication": Flag.NO_PUBLICATION, "erasure": Flag.ERASURE}


def open_ticket(mail: Mail, known: Situation, policy: Policy, remarks: tuple[Flag, ...] = ()) -> tuple[Effect, ...]:
    """A new question: a ticket, an acknowledgement, and the question for whoever will answer it."""
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
        due=due_after(policy.calendar, known.now, assigning.answer_days(way.queue, policy)),
        clock=1,
        topics=tuple(topic.id for topic in about(mail.topics, policy.topics))[:5],
    )
    flags = remarks + _flags(mail, ticket, way, chosen, policy)
    return (
        OpenTicket(ticket, way.because),
        AddMessage(ticket.ref, "question", Role.REQUESTER.value),
        *mails.acknowledgement(ticket, mail, known, policy),
        *mails.question(ticket, mail, _readers(chosen, flags, policy), flags, way.why, known, policy),
        Conclude(Outcome.OPENED, way.because, ticket.ref),
    )


def _readers(chosen: tuple[str, ...], flags: tuple[Flag, ...], policy: Policy) -> tuple[str, ...]:
    """Whoever answers the question; and the coordinators, where nobody does or there is something to look into."""
    watched = not chosen or not WATCHED.isdisjoint(flags)
    return tuple(dict.fromkeys((*chosen, *(policy.coordinators if watched else ()))))


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
    """The requester adds to their ticket: it goes to whoever has it; a settled ticket starts a fresh deadline."""
    if refuses_publication(mail, policy):
        because = "the requester refuses publication"
        kept = AddMessage(ticket.ref, "more", Role.REQUESTER.value)
        return RefusePublication(ticket.ref), kept, Conclude(Outcome.ADDED, because, ticket.ref)
    step = move(ticket.state, Act.WRITE_AGAIN)
    effects: list[Effect] = [AddMessage(ticket.ref, "more", Role.REQUESTER.value)]
    current = ticket
    if step and step.clock is Clock.START:
        due = due_after(policy.calendar, known.now, assigning.answer_days(ticket.queue, policy))
        to = step.to if ticket.queue or ticket.assignee else State.NEW
        current = replace(ticket, state=to, due=due, clock=ticket.clock + 1, archived=False)
        effects += [SetState(ticket.ref, to), SetDue(ticket.ref, due, current.clock)]
        effects += mails.acknowledgement(current, mail, known, policy)
    flags = _sender_flags(mail, policy) + _hints(mail, policy)
    readers = _readers(assigning.holders(current, policy), flags, policy)
    effects += mails.more(current, mail, readers, flags, known, policy)
    return (*effects, Conclude(Outcome.ADDED, "its reply token belongs to the sender's ticket", ticket.ref))


def refuses_publication(mail: Mail, policy: Policy) -> bool:
    """A reply of one refusing word and nothing else, as the acknowledgement offers; it may be quoted as it stands there."""
    word = unicodedata.normalize("NFC", mail.text).strip(AROUND_A_WORD).casefold()
    return word in policy.refusals and all(file.type in views.PERSONAL_TYPES for file in mail.attachments)


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
        (Flag.OTHERS_IN_COPY, bool(mails.others_in_copy(mail, policy))),
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
