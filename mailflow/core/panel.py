"""Several people, one answer: contributions, translations and reviews, each owed by one person by an inner deadline.

What they write goes to whoever leads, never to the requester: only an answer leaves, and only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from mailflow.core import letters, mails, panel_mails, views
from mailflow.core.deadlines import due_after
from mailflow.core.effects import (
    AddMessage,
    Change,
    Conclude,
    Effect,
    EndTask,
    GiveTask,
    Note,
    Passage,
    SetDue,
    SetState,
)
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
    return _translator({ticket.language}, wanted, (*slugs, *ticket.declined), known, policy)


def _translator(sources: set[str], targets: set[str], but: Iterable[str], known: Situation, policy: Policy) -> str:
    able = [
        slug
        for slug in here(policy.translators, known, policy)
        if slug not in but and sources & set(policy.people[slug].reads) and targets & set(policy.people[slug].writes)
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
    return _translator({written}, {ticket.language}, (member.slug, *ticket.declined), known, policy)


def translation_declined(
    ticket: Ticket, owed: Task, by: str, why: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """A translation goes to the next who can make it; without one, whoever needs it gets the text as it is."""
    left = replace(ticket, declined=tuple(dict.fromkeys((*ticket.declined, owed.slug))))
    kept = Change(ticket.ref, {"declined": " ".join(left.declined)})
    give_up = _answer_untranslated if owed.kind is TaskKind.RETURN else _question_untranslated
    return EndTask(owed.id, "declined"), kept, *give_up(left, owed, by, why, known, policy)


def _question_untranslated(
    ticket: Ticket, owed: Task, by: str, why: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """Without a translator the requester is asked for another language, and who has the ticket gets their words."""
    part = next((part for part in reversed(known.story) if part.kind in ("question", "more")), asked((), known.now))
    leads = panel_mails.lead(ticket, policy)
    translator = translator_for(ticket, leads, known, policy)
    if translator:
        return ask_translation(ticket, translator, part, known, policy)
    foreign = ticket.language not in policy.staff_languages and ticket.requester.reachable
    asking = paused(ticket, known) if foreign else ()
    asks = (*asking, *letters.which_language(ticket, policy)) if asking else ()
    slugs = tuple(slug for slug in dict.fromkeys((*leads, *policy.coordinators)) if slug != owed.slug)
    text = Passage(views.for_staff(part.text, part.sender, part.name))
    told = panel_mails.declined(ticket, owed, by, why, known, policy, slugs, text, waits=bool(asks))
    return *asks, *(replace(send, grant=mails.ticket_grant(ticket, send.to.id)) for send in told)


def _answer_untranslated(
    ticket: Ticket, owed: Task, by: str, why: str, known: Situation, policy: Policy
) -> tuple[Effect, ...]:
    """Without a translator an answer is its author's again: they send it as it is, or in other words."""
    author = owed.by if owed.by in policy.people else panel_mails.lead(ticket, policy)[0]
    part = own_words(known)
    sources = set(policy.people[author].writes)
    translator = _translator(sources, {ticket.language}, (author, *ticket.declined), known, policy)
    if translator:
        return ask_translation(ticket, translator, part, known, policy, owed.kind, owed.by, owed.draft)
    given = task(ticket, owed.kind, author, known, policy, by=author, draft=owed.draft)
    told = panel_mails.declined(ticket, owed, by, why, known, policy, (author,), Passage(part.text))
    actions = {"actions": ("send", "help")}
    mine = (replace(s, grant=panel_mails.task_grant(given), facts={**s.facts, **actions}) for s in told)
    return GiveTask(given), *mine


def own_words(known: Situation) -> Part:
    """The answer that is on its way through a translator, as its author wrote it."""
    return next((part for part in reversed(known.story) if part.kind == "draft"), asked((), known.now))


def other_language(mail: Mail, ticket: Ticket) -> bool:
    """A text is clearly not in the requester's language: whatever it is, it is no translation for them."""
    written, theirs = (code.partition("-")[0] for code in (mail.language.code, ticket.language))
    return UNKNOWN_LANGUAGE not in (written, theirs) and written != theirs


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
