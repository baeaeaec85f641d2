"""The daily rounds: what each person must be reminded of, in one mail, at the beginning of their working day.

A duty is something that somebody owes by a deadline: an answer, a first contact, a contribution, a translation, a
review. As its deadline comes near and passes it goes through stages (core/deadlines.py); each stage is told once, to
whom it concerns. What was told is remembered by a key, so that no restart, and no clock, tells it twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mailflow.core import letters, mails
from mailflow.core.assigning import stand_ins
from mailflow.core.deadlines import A_DAY, Stage, due_after, stage, working_days_until
from mailflow.core.effects import Change, Effect, EndTask, Fact, Remember, Send
from mailflow.core.lifecycle import Act
from mailflow.core.model import Board, Grant, Situation, State, TaskKind, Ticket, TokenKind, person
from mailflow.core.panel import ended
from mailflow.core.panel_mails import lead
from mailflow.core.policy import Policy, Span
from mailflow.core.views import neutral_name
from mailflow.core.wording import Line, Said

MOST = 40  # lines of one mail
REPLY = "reply"  # what a requester without an address owes us


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that these people owe by then."""

    key: str  # of the duty and its deadline: another deadline is another duty
    ticket: Ticket
    what: str  # a Span, a kind of task, or REPLY
    slugs: tuple[str, ...]
    due: datetime


def duties(board: Board, policy: Policy) -> Iterator[Duty]:
    """All that anybody owes, soonest first within each ticket."""
    tickets = {ticket.ref: ticket for ticket in board.tickets}
    translating = {task.ref for task in board.tasks if task.kind is TaskKind.TRANSLATION}
    for ticket in board.tickets:
        if ticket.running and ticket.due and ticket.ref not in translating:
            key = f"answer:{ticket.ref}:{ticket.clock}:{ticket.due.isoformat()}"
            yield Duty(key, ticket, Span.ANSWER.value, lead(ticket, policy), ticket.due)
        if ticket.state is State.NEW and ticket.clock <= 1:  # a reopened one is watched by its answer
            due = due_after(policy.calendar, ticket.opened, policy.days_for(Span.FIRST_CONTACT, ticket))
            yield Duty(f"first:{ticket.ref}:{ticket.clock}", ticket, Span.FIRST_CONTACT.value, policy.coordinators, due)
    for task in board.tasks:
        if task.ref in tickets and (tickets[task.ref].state is not State.WAITING or task.kind is TaskKind.REMINDER):
            yield Duty(task.id, tickets[task.ref], task.kind.value, (task.slug,), task.due)


def unheard(board: Board, policy: Policy) -> Iterator[Duty]:
    """Questions of ours to requesters without an address: nobody can remind them but the coordinators."""
    for ticket in board.tickets:
        if ticket.state is State.WAITING and ticket.asked and not ticket.requester.reachable:
            due = due_after(policy.calendar, ticket.asked, policy.deadlines.silent)
            yield Duty(f"reply:{ticket.ref}:{ticket.asked.isoformat()}", ticket, REPLY, policy.coordinators, due)


def day_began(slug: str, day: date, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """One mail with all that this person must be reminded of today; none when there is nothing new."""
    board = known.board or Board()
    lines: list[Line] = []
    keys: list[str] = []
    done: list[Effect] = []
    for duty in (*duties(board, policy), *unheard(board, policy)):
        reached = _reached(duty, slug, known, policy)
        said = _said(duty, slug, reached, known, policy)
        key = f"{duty.key}:{reached.value}:{slug}"
        if said is not None and key not in board.told:
            lines.append(about(duty, said, slug, policy))
            keys.append(key)
            done += [EndTask(duty.key, "done")] if duty.what == TaskKind.REMINDER else []
    if not lines:
        return ()
    return _reminder(slug, day, tuple(lines), policy), Remember(tuple(keys)), *done


def _reached(duty: Duty, slug: str, known: Situation, policy: Policy) -> Stage:
    if duty.what == TaskKind.REMINDER:
        calendar = policy.hours_of(slug)
        return Stage.LATE if calendar.day_of(duty.due) <= calendar.day_of(known.now) else Stage.QUIET
    if duty.what == REPLY:
        return Stage.LATE if duty.due <= known.now else Stage.QUIET
    reached = stage(policy.calendar, duty.due, known.now, policy.deadlines.reminders)
    return Stage.QUIET if reached is Stage.EARLY and not _long(duty, policy) else reached


def _long(duty: Duty, policy: Policy) -> bool:
    """Whether it takes so long that a first warning comes well after its beginning."""
    if duty.what != Span.ANSWER.value:
        return False
    calendar = policy.calendar
    days = working_days_until(calendar, calendar.day_of(duty.ticket.opened), calendar.day_of(duty.due))
    return days > policy.deadlines.reminders.early


def _said(duty: Duty, slug: str, reached: Stage, known: Situation, policy: Policy) -> Said | None:
    """What this person is told of a duty at this stage; None: nothing."""
    if reached is Stage.QUIET:
        return None
    if slug in duty.slugs or any(slug in stand_ins(each, known, policy) for each in duty.slugs):
        if duty.what == TaskKind.REMINDER:
            return Said.YOUR_REMINDER
        if duty.what == REPLY:
            return Said.UNHEARD
        return {Stage.EARLY: Said.DUE_SOON, Stage.SOON: Said.DUE_NOW}.get(reached, Said.OVERDUE)
    if duty.what in (TaskKind.REMINDER, REPLY):
        return None
    watches = (slug in policy.coordinators and reached >= Stage.ESCALATED) or (
        slug in policy.supervisors and reached >= Stage.SUPERVISED
    )
    return Said.ESCALATED if watches else None


def about(duty: Duty, said: Said, slug: str, policy: Policy) -> Line:
    """A line of a reminder or a digest: reference, neutral name, what is owed by whom, and by when."""
    language = policy.language_for(policy.people[slug])
    names = ", ".join(policy.people[each].name for each in duty.slugs if each in policy.people)
    values = {"name": neutral_name(duty.ticket, policy, language), "people": names}
    return Line(duty.ticket.ref, said, tuple(sorted(values.items())), what=duty.what, when=duty.due)


def _reminder(slug: str, day: date, lines: tuple[Line, ...], policy: Policy) -> Send:
    facts: dict[str, Fact] = {
        "lines": lines[:MOST],
        "more": max(0, len(lines) - MOST),
        "actions": ("status", "digest", "help"),
    }
    grant = Grant(TokenKind.DIGEST, day.isoformat(), person(slug))
    return mails.to_person(slug, "reminder", f"reminder:{day.isoformat()}", policy, grant, "", facts)


# ---------------------------------------------------------------- what the requester is told


def deadline_passed(known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """The requester learns, once a promise, that their answer is late, and by when it is expected instead."""
    ticket = known.ticket
    if ticket is None or not ticket.running or ticket.due is None or ticket.late_told >= ticket.clock:
        return ()
    if known.now < (ticket.promised or ticket.due) or _on_its_way(ticket.promised or ticket.due, known):
        return ()
    if ticket.promised is None or not ticket.requester.reachable:  # they were told no day
        return (Change(ticket.ref, {"late_told": ticket.clock}),)
    expected = max(due_after(policy.calendar, known.now, policy.deadlines.extension), ticket.due)
    told = letters.late(ticket, expected, policy)
    return (Change(ticket.ref, {"late_told": ticket.clock, "promised": expected}), *told)


def _on_its_way(due: datetime, known: Situation) -> bool:
    """An answer is about to leave, or in review, and the deadline was over less than a day ago: then it isn't called late yet.

    When it is stopped meanwhile, or stays, the next look says so.
    """
    leaving = any(draft.leaves for draft in known.drafts)
    reviewed = any(task.kind is TaskKind.REVIEW for task in known.tasks)
    return (leaving or reviewed) and known.now <= due + A_DAY


def silence_reached(known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """They are reminded of our question once; then their ticket is closed, with a courteous mail."""
    ticket = known.ticket
    if ticket is None or ticket.state is not State.WAITING or ticket.asked is None:
        return ()
    if ticket.nudged is None:
        until = due_after(policy.calendar, known.now, policy.deadlines.closing)
        return Change(ticket.ref, {"nudged": known.now}), *letters.silent(ticket, until, policy)
    closed = ended(ticket, Act.EXPIRE, known)
    return *closed, *letters.closing(ticket, known, policy), Change(ticket.ref, {"asked": None, "paused": None})
