"""The commands of the main job, one function each. Their words, roles and help lines stand beside them."""

from __future__ import annotations

import difflib

from mailflow.core import assigning
from mailflow.core.commands import Done, Order, command, usable
from mailflow.core.effects import (
    AddMessage,
    DropMail,
    Effect,
    Note,
    ReleaseDraft,
    ReleaseMail,
    SetDue,
    SetState,
    StopDraft,
)
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import Draft, Person, Policy, Role, Ticket, TokenKind
from mailflow.core.wording import Said


def _ticket(order: Order) -> Ticket:
    """The ticket of an order whose command needs one: carry_out has seen to it."""
    if order.known.ticket is None:
        raise ValueError("a command that needs a ticket was run without one")
    return order.known.ticket


@command("assign PERSON", Role.COORDINATOR, takes_text=True, excludes=("queue", "close"))
def assign(order: Order) -> Done:
    """Give the ticket to one person; text below goes to them as a note."""
    ticket, member = _ticket(order), _person_called(order.argument, order.policy)
    if member is None:
        return _nobody(order)
    if not assigning.works(member.slug, order.policy):
        return order.refused(Said.NO_EXPERT, person=member.name)
    if ticket.assignee == member.slug and ticket.running:
        return order.done(Said.ALREADY_ASSIGNED, person=member.name)
    effects = assigning.hand_over(ticket, ticket.queue, (member.slug,), order)
    return order.done(Said.ASSIGNED, *effects, person=member.name)


@command("queue NAME", Role.COORDINATOR, takes_text=True, excludes=("assign", "close"))
def queue(order: Order) -> Done:
    """Move the ticket to a queue, whose next expert gets it; text below goes to them as a note."""
    ticket, target = _ticket(order), order.policy.queues.get(order.argument.casefold())
    if target is None:
        return order.refused(Said.NO_SUCH_QUEUE, name=order.argument, queues=", ".join(sorted(order.policy.queues)))
    chosen = assigning.choose(target, ticket.language, order.known, order.policy)
    effects = assigning.hand_over(ticket, target.name, chosen, order)
    names = ", ".join(order.policy.people[slug].name for slug in chosen)
    return order.done(Said.QUEUED, *effects, queue=target.name, person=names)


@command("close", Role.COORDINATOR, excludes=("assign", "queue", "send"))
def close(order: Order) -> Done:
    """Close the ticket without a further mail to the requester; drafts of it are stopped."""
    ticket = _ticket(order)
    step = move(ticket.state, Act.CLOSE)
    if step is None:
        return order.done(Said.ALREADY_CLOSED)
    stopped = tuple(StopDraft(draft.id) for draft in order.known.drafts)
    closing = (SetState(ticket.ref, step.to), SetDue(ticket.ref, None, ticket.clock))
    return order.done(Said.CLOSED, *stopped, *closing, Note(ticket.ref, f"closed by {order.by}"))


@command("note [text]", takes_text=True)
def note(order: Order) -> Done:
    """Keep a note with the ticket, for staff alone; on the same line or below."""
    text = "\n".join(part for part in (order.argument, order.text) if part)
    if not text:
        return order.refused(Said.NEEDS_TEXT)
    return order.done(Said.NOTED, AddMessage(_ticket(order).ref, "note", _role(order), text))


@command("send", Role.EXPERT, Role.COORDINATOR, excludes=("stop", "close"))
def send(order: Order) -> Done:
    """Let your answer leave now, also one that waits for you."""
    return _drafts(order, Said.SENT, ReleaseDraft)


@command("stop", Role.EXPERT, Role.COORDINATOR, excludes=("send",))
def stop(order: Order) -> Done:
    """Keep your answer back for good; nothing else is needed."""
    return _drafts(order, Said.STOPPED, StopDraft)


@command("release", Role.COORDINATOR, Role.SUPERVISOR, needs=TokenKind.SHELF, excludes=("drop",))
def release(order: Order) -> Done:
    """Take the mail off the shelf and handle it: you vouch for its sender."""
    item = order.known.shelf
    if item is None or not item.waiting:
        return order.refused(Said.NOT_ON_SHELF)
    return order.done(Said.RELEASED, ReleaseMail(item.id, order.by))


@command("drop", Role.COORDINATOR, Role.SUPERVISOR, needs=TokenKind.SHELF, excludes=("release",))
def drop(order: Order) -> Done:
    """Leave the mail on the shelf unanswered for good."""
    item = order.known.shelf
    if item is None or not item.waiting:
        return order.refused(Said.NOT_ON_SHELF)
    return order.done(Said.DROPPED, DropMail(item.id, order.by))


@command("help", needs=None)
def help_(order: Order) -> Done:
    """List the commands that you may use here."""
    lines = tuple(f"#{entry.usage}: {entry.help}" for entry in usable(order))
    return Done((), order.done(Said.HELP).line, lines)


def _drafts(order: Order, said: Said, act: type[ReleaseDraft | StopDraft]) -> Done:
    """An act on the drafts that the order may touch: the one it replies to, else all of the ticket."""
    named = {grant.subject for grant in order.known.grants if grant.kind is TokenKind.DRAFT}
    mine = tuple(d for d in order.known.drafts if (not named or d.id in named) and _may_touch(d, order))
    if not mine:
        return order.refused(Said.NOTHING_HELD)
    effects: tuple[Effect, ...] = tuple(act(draft.id) for draft in mine)
    return order.done(said, *effects)


def _may_touch(draft: Draft, order: Order) -> bool:
    return draft.author == order.by or bool(order.roles & {Role.COORDINATOR, Role.OPERATOR})


def _role(order: Order) -> str:
    return (Role.COORDINATOR if Role.COORDINATOR in order.roles else min(order.roles)).value


def _person_called(name: str, policy: Policy) -> Person | None:
    """Somebody by slug, address, full name, or a part of the name that only one has."""
    wanted = name.casefold().removeprefix("@")
    exact = [p for p in policy.people.values() if wanted in (p.slug, p.name.casefold(), *p.addresses)]
    partial = [p for p in policy.people.values() if wanted in p.name.casefold().split()]
    found = exact or partial
    return found[0] if len(found) == 1 else None


def _nobody(order: Order) -> Done:
    names = {p.name.casefold(): p.slug for p in order.policy.people.values()} | {s: s for s in order.policy.people}
    close_ones = difflib.get_close_matches(order.argument.casefold(), names, n=1, cutoff=0.4)
    suggestion = names[close_ones[0]] if close_ones else ", ".join(sorted(order.policy.people))
    return order.refused(Said.NO_SUCH_PERSON, name=order.argument, suggestion=suggestion)
