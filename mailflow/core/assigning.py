"""Who in a queue gets a ticket, and what a hand-over asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core import mails
from mailflow.core.deadlines import due_after
from mailflow.core.effects import AddMessage, Assign, Effect, SetDue, SetState, StopDraft
from mailflow.core.lifecycle import Act, Clock, move
from mailflow.core.model import Assignment, Policy, Queue, Role, Situation, Ticket

if TYPE_CHECKING:
    from mailflow.core.commands import Order


def choose(queue: Queue, language: str, known: Situation, policy: Policy) -> tuple[str, ...]:
    """The slugs that get a ticket of this queue: one, or all of an everyone-queue. Readers of the language first."""
    readers = tuple(slug for slug in queue.experts if language in policy.people[slug].reads)
    able = readers or queue.experts
    if not able or queue.assignment is Assignment.EVERYONE:
        return able
    if queue.assignment is Assignment.LEAST_LOADED:
        return (min(able, key=lambda slug: known.load.get(slug, 0)),)
    last = known.last_assigned.get(queue.name, "")
    after = able.index(last) + 1 if last in able else 0
    return (able[after % len(able)],)


def answer_days(queue: str, policy: Policy) -> int:
    return policy.queues[queue].answer_days if queue else policy.triage_days


def works(slug: str, policy: Policy) -> bool:
    """Whether this person can have tickets: an expert or a coordinator, and still there."""
    member = policy.people.get(slug)
    return member is not None and bool(member.roles & {Role.EXPERT, Role.COORDINATOR})


def holders(ticket: Ticket, policy: Policy) -> tuple[str, ...]:
    """Who has this ticket now: its assignee, else its whole queue, else the coordinators."""
    if works(ticket.assignee, policy):
        return (ticket.assignee,)
    queue = policy.queues.get(ticket.queue)
    return queue.experts if queue and queue.experts else policy.coordinators


def hand_over(ticket: Ticket, queue: str, slugs: tuple[str, ...], order: Order) -> tuple[Effect, ...]:
    """A coordinator gives the ticket to people; a settled one starts a fresh deadline, without a word to the requester."""
    assignee = slugs[0] if len(slugs) == 1 else ""
    step = move(ticket.state, Act.ASSIGN)
    effects: list[Effect] = [Assign(ticket.ref, assignee, queue, f"by {order.by}")]
    effects += [StopDraft(draft.id) for draft in order.known.drafts if draft.author not in slugs]
    if order.text:
        effects.append(AddMessage(ticket.ref, "note", Role.COORDINATOR.value, order.text))
    if step:
        effects.append(SetState(ticket.ref, step.to))
    if step and step.clock is Clock.START:
        due = due_after(order.policy.calendar, order.known.now, answer_days(queue, order.policy))
        effects.append(SetDue(ticket.ref, due, ticket.clock + 1))
    by = order.actor.name if order.actor else order.policy.desk
    key = f"assignment:{ticket.ref}:{order.known.inbox or order.known.now.isoformat()}"
    effects += mails.assignment(ticket, slugs, order.text, by, order.known, order.policy, key)
    return tuple(effects)
