"""Tickets that end, go on, or belong together: close, reopen, merge, split, link."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core import assigning, panel
from mailflow.core.commands import Done, Order, command, references_in
from mailflow.core.deadlines import due_after
from mailflow.core.effects import AddMessage, Change, Effect, Link, Note, OpenTicket, SetDue, SetState, StopDraft
from mailflow.core.lifecycle import Act, move
from mailflow.core.model import Role, State, Ticket
from mailflow.core.orders.naming import the_ticket
from mailflow.core.policy import Span
from mailflow.core.wording import Said

_TEAM = (Role.EXPERT, Role.COORDINATOR)


@command("close", Role.COORDINATOR, excludes=("assign", "queue", "send", "reopen"))
def close(order: Order) -> Done:
    """Close the ticket without a further mail to the requester; drafts of it are stopped."""
    ticket = the_ticket(order)
    if move(ticket.state, Act.CLOSE) is None:
        return order.done(Said.ALREADY_CLOSED)
    return order.done(Said.CLOSED, *_closed(ticket, order), Note(ticket.ref, f"closed by {order.by}"))


def _closed(ticket: Ticket, order: Order) -> tuple[Effect, ...]:
    stopped = tuple(StopDraft(draft.id) for draft in order.known.drafts)
    return *stopped, *panel.ended(ticket, Act.CLOSE, order.known)


@command("reopen", *_TEAM, takes_text=True, excludes=("close", "inadmissible", "spam"))
def reopen(order: Order) -> Done:
    """Take the ticket up again, with a fresh deadline; the requester isn't told."""
    ticket, known, policy = the_ticket(order), order.known, order.policy
    step = move(ticket.state, Act.REOPEN)
    if step is None:
        return order.done(Said.ALREADY_OPEN)
    to = step.to if ticket.assignee or ticket.queue else State.NEW
    opened = replace(ticket, state=to, clock=ticket.clock + 1)
    due = due_after(policy.calendar, known.now, policy.days_for(Span.ANSWER, ticket))
    again = Change(ticket.ref, {"admissible": None, "reason": ""}) if ticket.admissible is False else None
    changes: tuple[Effect, ...] = (again,) if again else ()
    slugs = tuple(slug for slug in assigning.holders(opened, policy) if slug != order.by)
    told = assigning.delivered(replace(opened, due=due), slugs, order.text, order.name, known, policy) if slugs else ()
    return order.done(Said.REOPENED, SetState(ticket.ref, to), SetDue(ticket.ref, due, opened.clock), *changes, *told)


def _other(order: Order) -> Ticket | None:
    """The one ticket that a command names."""
    names = references_in(order.argument, order.policy.prefix)
    return order.known.others.get(names[0]) if len(names) == 1 else None


@command("merge REF", Role.COORDINATOR, excludes=("split", "close"))
def merge(order: Order) -> Done:
    """Join this ticket to another one of the same requester; mail to either goes there from now on."""
    ticket, other = the_ticket(order), _other(order)
    if other is None:
        return order.refused(Said.NO_SUCH_TICKET, ref=order.argument)
    if other.ref == ticket.ref:
        return order.refused(Said.SAME_TICKET)
    if other.requester.id != ticket.requester.id:
        return order.refused(Said.OTHER_REQUESTER, ref=other.ref)
    said = tuple(
        AddMessage(other.ref, "more", part.from_role, part.text, part.subject)
        for part in order.known.story
        if part.kind in ("question", "more") and part.text.strip()
    )
    joined = (Change(ticket.ref, {"merged": other.ref}), Link(ticket.ref, other.ref, "merged"))
    return order.done(Said.MERGED, *said, *joined, *_closed(ticket, order), ref=other.ref)


@command("split", Role.COORDINATOR, takes_text=True, excludes=("merge",))
def split(order: Order) -> Done:
    """Make a ticket of its own of the requester's last mail, or of what stands below; #queue or #assign it then."""
    ticket, known, policy = the_ticket(order), order.known, order.policy
    wrote = [part for part in known.story if part.kind == "more"]
    text = order.text or (wrote[-1].text if wrote else "")
    if not text.strip():
        return order.refused(Said.NEEDS_TEXT)
    fresh = Ticket(known.next_ref, ticket.requester, State.NEW, "", ticket.language, known.now, clock=1)
    fresh = replace(fresh, due=due_after(policy.calendar, known.now, policy.days_for(Span.ANSWER, fresh)))
    subject = wrote[-1].subject if wrote else ""
    made = (
        OpenTicket(fresh, f"split from {ticket.ref} by {order.by}"),
        AddMessage(fresh.ref, "question", Role.REQUESTER.value, text, subject),
        Link(fresh.ref, ticket.ref, "related"),
    )
    part = replace(wrote[-1], text=text, kind="question") if wrote else None
    seen = replace(known, story=(part,) if part else (), ticket=fresh)
    told = assigning.delivered(fresh, policy.coordinators, "", order.name, seen, policy)
    return order.done(Said.SPLIT, *made, *told, ref=fresh.ref)


@command("link REF", *_TEAM)
def link(order: Order) -> Done:
    """Note that another ticket belongs with this one."""
    other = _other(order)
    if other is None:
        return order.refused(Said.NO_SUCH_TICKET, ref=order.argument)
    if other.ref == the_ticket(order).ref:
        return order.refused(Said.SAME_TICKET)
    return order.done(Said.LINKED, Link(the_ticket(order).ref, other.ref, "related"), ref=other.ref)
