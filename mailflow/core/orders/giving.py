"""Who has a ticket: take, decline, assign, queue, consult."""

from __future__ import annotations

import re

from mailflow.core import assigning, panel, panel_mails, reviewing
from mailflow.core.commands import Done, Order, command
from mailflow.core.deadlines import due_on
from mailflow.core.effects import Assign, Effect, EndTask, SetState
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import Role, State, Task, TaskKind, TokenKind
from mailflow.core.orders.naming import day_named, nobody, person_called, the_ticket
from mailflow.core.presence import away, here, works
from mailflow.core.wording import Said

_BY = re.compile(r"\s+(?:by|until|before|pour|avant|para|antes del?)\s+(?=\S)", re.IGNORECASE)


@command("take", Role.EXPERT, Role.COORDINATOR, excludes=("decline", "assign", "queue"))
def take(order: Order) -> Done:
    """Have the ticket yourself: nobody else need answer it."""
    ticket = the_ticket(order)
    if order.actor is None:
        return order.refused(Said.NOBODY_HERE)
    if ticket.assignee == order.by and ticket.running:
        return order.done(Said.ALREADY_YOURS)
    stands_in = order.by in assigning.stand_ins(ticket.assignee, order.known, order.policy)
    if ticket.assignee and ticket.running and not stands_in and Role.COORDINATOR not in order.roles:
        return order.refused(Said.TAKEN, person=order.policy.people[ticket.assignee].name)
    step = move(ticket.state, Act.ASSIGN)
    state = (SetState(ticket.ref, step.to),) if step and ticket.running else ()
    left = assigning.taken_away(ticket, "taken", order, keeps=(order.by,)) if ticket.assignee else ()
    return order.done(Said.TOOK, Assign(ticket.ref, order.by, ticket.queue, "taken"), *state, *left)


@command("decline REASON", takes_text=True, text_will_do=True, excludes=("take", "assign", "queue", "send"))
def decline(order: Order) -> Done:
    """Give back what you were asked for; the next of the queue gets it, with your reason."""
    ticket = the_ticket(order)
    task = _task_of(order)
    if task is not None and task.kind is TaskKind.REVIEW:
        return _review_declined(task, order)
    if task is not None:
        return order.done(Said.DECLINED_TASK, *_task_declined(task, order))
    if order.by not in assigning.holders(ticket, order.policy) or ticket.settled:
        return order.refused(Said.NOT_YOURS)
    effects, chosen = assigning.given_back(ticket, order)
    names = ", ".join(order.policy.people[slug].name for slug in chosen)
    return order.done(Said.DECLINED, *effects, person=names) if chosen else order.done(Said.DECLINED_LAST, *effects)


def _task_of(order: Order) -> Task | None:
    """The task that the answered mail was about."""
    named = {grant.subject for grant in order.known.grants if grant.kind is TokenKind.TASK}
    return next((task for task in order.known.tasks if task.id in named), None)


def _review_declined(task: Task, order: Order) -> Done:
    """The draft stays where it is until somebody else has read it."""
    draft = reviewing.draft_of(task, order.known)
    if draft is None:
        return order.refused(Said.DRAFT_CHANGED)
    effects, slugs = reviewing.declined(task, draft, the_ticket(order), order.known, order.policy)
    names = ", ".join(order.policy.people[slug].name for slug in slugs)
    return order.done(Said.REVIEW_DECLINED, EndTask(task.id, "declined"), *effects, person=names)


def _task_declined(task: Task, order: Order) -> tuple[Effect, ...]:
    """A translation goes to the next who can make it; of anything else whoever leads learns that it won't come."""
    ticket, known, policy = the_ticket(order), order.known, order.policy
    why = "\n".join(part for part in (order.argument, order.text) if part)
    if task.kind in (TaskKind.TRANSLATION, TaskKind.RETURN):
        return panel.translation_declined(ticket, task, order.name, why, known, policy)
    return EndTask(task.id, "declined"), *panel_mails.declined(ticket, task, order.name, why, known, policy)


@command("assign PERSON", Role.COORDINATOR, takes_text=True, excludes=("queue", "close", "take"))
def assign(order: Order) -> Done:
    """Give the ticket to one person; text below goes to them as a note."""
    ticket, member = the_ticket(order), person_called(order.argument, order.policy)
    if member is None:
        return nobody(order)
    if not works(member.slug, order.policy):
        return order.refused(Said.NO_EXPERT, person=member.name)
    if ticket.assignee == member.slug and ticket.running:
        return order.done(Said.ALREADY_ASSIGNED, person=member.name)
    effects = assigning.hand_over(ticket, ticket.queue, (member.slug,), order)
    absent = not here((member.slug,), order.known, order.policy)
    return order.done(Said.ASSIGNED_AWAY if absent else Said.ASSIGNED, *effects, person=member.name)


@command("queue NAME", Role.COORDINATOR, takes_text=True, excludes=("assign", "close", "take"))
def queue(order: Order) -> Done:
    """Move the ticket to a queue, whose next expert gets it; text below goes to them as a note."""
    ticket, target = the_ticket(order), order.policy.queues.get(order.argument.casefold())
    if target is None:
        return order.refused(Said.NO_SUCH_QUEUE, name=order.argument, queues=", ".join(sorted(order.policy.queues)))
    chosen = assigning.choose(target, ticket.language, order.known, order.policy)
    if not chosen:
        return order.refused(Said.QUEUE_AWAY, queue=target.name)
    effects = assigning.hand_over(ticket, target.name, chosen, order)
    names = ", ".join(order.policy.people[slug].name for slug in chosen)
    return order.done(Said.QUEUED, *effects, queue=target.name, person=names)


@command("consult PERSON|QUEUE [by DATE]", Role.EXPERT, Role.COORDINATOR, takes_text=True)
def consult(order: Order) -> Done:
    """Ask somebody for their part of the answer, which comes to you; text below goes to them as a note."""
    ticket = the_ticket(order)
    if ticket.state is State.CLOSED:
        return order.refused(Said.IS_CLOSED)
    name, *when = _BY.split(order.argument, maxsplit=1)
    day = day_named(when[0], order) if when else None
    if when and day is None:
        return order.refused(Said.NO_SUCH_DAY, name=when[0])
    target = order.policy.queues.get(name.casefold())
    member = person_called(name, order.policy)
    if target is None and member is None:
        return nobody(order, name)
    able = here(target.experts, order.known, order.policy) if target else ()
    if member and member.slug == order.by:
        return order.refused(Said.NOT_YOURSELF)
    slug = member.slug if member else next((each for each in able if each != order.by), "")
    if not slug:
        return order.refused(Said.QUEUE_AWAY, queue=name)
    due = due_on(order.policy.calendar, day) if day else None
    part = panel.asked(order.known.story, order.known.now)
    effects = panel.ask_contribution(ticket, slug, part, order.text, order.by, order.known, order.policy, due)
    name, gone = order.policy.people[slug].name, away(slug, order.known, order.policy)
    if gone:
        return order.done(Said.CONSULTED_AWAY, *effects, person=name, last=gone.last.isoformat())
    return order.done(Said.CONSULTED, *effects, person=name)
