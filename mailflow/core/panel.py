"""Several people, one answer: contributions, translations and reviews, each owed by one person by an inner deadline.

What they write goes to whoever leads, never to the requester: only an answer leaves, and only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from mailflow.core import panel_mails
from mailflow.core.deadlines import due_after
from mailflow.core.effects import AddMessage, Change, Conclude, Effect, EndTask, GiveTask, Note, SetDue, SetState
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import (
    UNKNOWN_LANGUAGE,
    Mail,
    Outcome,
    Part,
    Role,
    Situation,
    State,
    Task,
    TaskKind,
    Ticket,
)
from mailflow.core.policy import Person, Policy, Span
from mailflow.core.presence import here, least_loaded

SPANS = {
    TaskKind.CONTRIBUTION: Span.CONTRIBUTION,
    TaskKind.TRANSLATION: Span.TRANSLATION,
    TaskKind.RETURN: Span.TRANSLATION,
    TaskKind.REVIEW: Span.REVIEW,
}


def task(
    ticket: Ticket,
    kind: TaskKind,
    slug: str,
    known: Situation,
    policy: Policy,
    *,
    by: str = "",
    due: datetime | None = None,
    draft: str = "",
) -> Task:
    """Never due after the answer itself, where that is still to come."""
    if due is None:
        due = due_after(policy.calendar, known.now, policy.days_for(SPANS[kind], ticket))
        due = min(due, ticket.due) if ticket.due and ticket.due > known.now else due
    row = f"{ticket.ref}:{kind.value}:{slug}:{known.inbox or known.now.isoformat()}"
    return Task(row, ticket.ref, kind, slug, due, by, draft)


# ---------------------------------------------------------------- contributions


def asked(story: Sequence[Part], now: datetime) -> Part:
    """The question, as whoever works on it should read it: in its translation, where there is one."""
    told = [part for part in story if part.kind in ("question", "translation")]
    return told[-1] if told else Part("question", Role.REQUESTER.value, now, "", "")


def convened(
    ticket: Ticket, queues: Iterable[str], lead: tuple[str, ...], part: Part, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """One expert of each further queue is asked for their part; the lead writes the answer."""
    effects: list[Effect] = []
    taken = set(lead)
    for name in sorted(queues, key=lambda each: len(policy.queues[each].experts)):  # who has no other choice, first
        there = [slug for slug in here(policy.queues[name].experts, known, policy) if slug not in taken]
        reading = [slug for slug in there if part.kind != "question" or not unread(ticket.language, (slug,), policy)]
        able = reading or ([] if policy.translates and ticket.state is State.WAITING else there)
        if able:
            slug = least_loaded(able, known)
            taken.add(slug)
            effects += ask_contribution(ticket, slug, part, "", "", known, policy)
    return tuple(effects)


def ask_contribution(
    ticket: Ticket,
    slug: str,
    part: Part,
    note: str,
    by: str,
    known: Situation,
    policy: Policy,
    due: datetime | None = None,
) -> tuple[Effect, ...]:
    given = task(ticket, TaskKind.CONTRIBUTION, slug, known, policy, by=by, due=due)
    return GiveTask(given), panel_mails.contribution(ticket, given, part, note, policy)


def further_queues(ticket: Ticket, policy: Policy) -> tuple[str, ...]:
    """The other queues that the ticket's topics belong to."""
    found = (name for topic in ticket.topics for name, queue in policy.queues.items() if topic in queue.topics)
    return tuple(dict.fromkeys(name for name in found if name != ticket.queue))


# ---------------------------------------------------------------- translations


def unread(language: str, slugs: Iterable[str], policy: Policy) -> bool:
    """None of them reads this language."""
    if not policy.translates or language in ("", UNKNOWN_LANGUAGE):
        return False
    return not any(language in policy.people[slug].reads for slug in slugs)


def translator_for(ticket: Ticket, slugs: tuple[str, ...], known: Situation, policy: Policy) -> str:
    """Who can put the requester's words into a language that one of these reads; "" when nobody can, or need."""
    if not slugs or not unread(ticket.language, slugs, policy):
        return ""
    wanted = {language for slug in slugs for language in policy.people[slug].reads}
    return _translator(ticket.language, wanted, slugs, known, policy)


def _translator(source: str, targets: set[str], but: Iterable[str], known: Situation, policy: Policy) -> str:
    able = [
        slug
        for slug in here(policy.translators, known, policy)
        if slug not in but and source in policy.people[slug].reads and targets & set(policy.people[slug].writes)
    ]
    return least_loaded(able, known)


def ask_translation(
    ticket: Ticket,
    slug: str,
    part: Part,
    known: Situation,
    policy: Policy,
    kind: TaskKind = TaskKind.TRANSLATION,
    by: str = "",
    template: str = "",
) -> tuple[Effect, ...]:
    """`template`: of the mail to the requester that comes back translated."""
    given = task(ticket, kind, slug, known, policy, by=by, draft=template)
    return GiveTask(given), panel_mails.translation(ticket, given, part, policy)


def way_back(mail: Mail, ticket: Ticket, member: Person, known: Situation, policy: Policy) -> str:
    """The translator through whom an answer returns: it isn't in the requester's language, and somebody can help."""
    written = mail.language.code
    if not policy.translates or UNKNOWN_LANGUAGE in (written, ticket.language) or written == ticket.language:
        return ""
    return _translator(written, {ticket.language}, (member.slug,), known, policy)


# ---------------------------------------------------------------- what comes back


def contributed(mail: Mail, member: Person, owed: Task, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """A contribution came: it is kept, and goes to whoever leads; the last one says that all are there."""
    ticket = known.ticket
    if ticket is None:
        return (Conclude(Outcome.COMMANDED, "a contribution to a ticket that is gone"),)
    left = [each for each in known.tasks if each.kind is TaskKind.CONTRIBUTION and each.id != owed.id]
    told = panel_mails.contributed(ticket, mail, member, left, known, policy)
    because = "a contribution, for whoever leads"
    kept = AddMessage(ticket.ref, "contribution", Role.EXPERT.value)
    return kept, EndTask(owed.id, "done"), *told, Conclude(Outcome.ADDED, because, ticket.ref)


def translated(mail: Mail, member: Person, owed: Task, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """The requester's words in a language that the experts read: the working version, for whoever has the ticket."""
    ticket = known.ticket
    if ticket is None:
        return (Conclude(Outcome.COMMANDED, "a translation for a ticket that is gone"),)
    kept = AddMessage(ticket.ref, "translation", Role.TRANSLATOR.value)
    told: tuple[Effect, ...] = panel_mails.translated(ticket, mail, member, known, policy)
    if not any(part.kind == "translation" for part in known.story):  # of the question: now its panel can read it
        part = Part("translation", Role.TRANSLATOR.value, known.now, mail.subject, mail.text)
        told += convened(ticket, further_queues(ticket, policy), panel_mails.lead(ticket, policy), part, known, policy)
    because = "a translation of what the requester wrote"
    return kept, EndTask(owed.id, "done"), *told, Conclude(Outcome.ADDED, because, ticket.ref)


# ---------------------------------------------------------------- the clock stands still while we wait for the requester


def paused(ticket: Ticket, known: Situation) -> tuple[Effect, ...]:
    """We asked the requester something, or something else: their turn."""
    if ticket.state is State.WAITING:
        return (Change(ticket.ref, {"asked": known.now, "nudged": None}),)
    step = move(ticket.state, Act.ASK)
    if step is None:
        return ()
    values = {"paused": known.now, "asked": known.now, "nudged": None}
    return SetState(ticket.ref, step.to), Change(ticket.ref, values)


def settled_tasks(known: Situation) -> tuple[Effect, ...]:
    """What was owed to a ticket is not needed any more."""
    return tuple(EndTask(each.id, "moot") for each in known.tasks if each.kind is not TaskKind.REMINDER)


def ended(ticket: Ticket, act: Act, known: Situation) -> tuple[Effect, ...]:
    """The ticket is closed by this act: its clock stops, and nobody owes it anything."""
    step = move(ticket.state, act)
    if step is None:
        return ()
    closing = (SetState(ticket.ref, step.to), SetDue(ticket.ref, None, ticket.clock))
    return (*closing, *settled_tasks(known), Note(ticket.ref, f"ended: {act.value}"))
