"""Tickets that end, go on, or belong together: close, reopen, merge, split, link."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core import asking, assigning, mails, panel
from mailflow.core.commands import Done, Order, command, references_in
from mailflow.core.deadlines import due_after
from mailflow.core.effects import AddMessage, Change, Effect, Link, Note, OpenTicket, SetDue, SetState
from mailflow.core.lifecycle import Act, Clock, move
from mailflow.core.model import Part, Role, State, Ticket
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
    return order.done(Said.CLOSED, *_closed(ticket, "closed", order), Note(ticket.ref, f"closed by {order.by}"))


def _closed(ticket: Ticket, what: str, order: Order, other: Ticket | None = None) -> tuple[Effect, ...]:
    return *assigning.taken_away(ticket, what, order, other=other), *panel.ended(ticket, Act.CLOSE, order.known)


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
    untold = Change(ticket.ref, {"promised": None})
    changes: tuple[Effect, ...] = (untold, again) if again else (untold,)
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
    if other.admissible is False:
        return order.refused(Said.OTHER_REFUSED, ref=other.ref)
    said = tuple(part for part in order.known.story if part.kind in ("question", "more") and part.text.strip())
    kept = (AddMessage(other.ref, "more", part.from_role, part.text, part.subject) for part in said)
    joined = (Change(ticket.ref, {"merged": other.ref}), Link(ticket.ref, other.ref, "merged"))
    goes_on = () if ticket.settled else _taken_up(ticket, other, said, order)
    over = _closed(ticket, "merged", order, other)
    return order.done(Said.MERGED, *kept, *joined, *over, *goes_on, ref=other.ref)


def _taken_up(ticket: Ticket, other: Ticket, said: tuple[Part, ...], order: Order) -> tuple[Effect, ...]:
    """What is still to be answered goes on where it was joined to, as a further mail of the requester does there."""
    known, policy = order.known, order.policy
    step = move(other.state, Act.WRITE_AGAIN)
    effects: list[Effect] = []
    current = other
    if step and step.clock in (Clock.START, Clock.RESUME):
        current = replace(other, state=step.to if other.queue or other.assignee else State.NEW, archived=False)
        effects.append(SetState(other.ref, current.state))
    if step and step.clock is Clock.RESUME:
        current, going_on = asking.resumes(current, known, policy)
        effects += going_on
    if step and step.clock is Clock.START:  # they know by when: it was acknowledged
        fresh = due_after(policy.calendar, known.now, policy.days_for(Span.ANSWER, other))
        current = replace(current, due=ticket.due or fresh, clock=other.clock + 1)
        effects += (SetDue(other.ref, current.due, current.clock), Change(other.ref, {"promised": ticket.promised}))
    return *effects, *_joined(ticket, current, said, order)


def _joined(ticket: Ticket, other: Ticket, said: tuple[Part, ...], order: Order) -> tuple[Effect, ...]:
    """The words, for whoever has the other ticket; through a translator, where they could not read them."""
    known, policy = order.known, order.policy
    slugs = assigning.readers(other, known, policy)
    translations = tuple(part for part in known.story if part.kind == "translation")
    translator = panel.translator_for(replace(other, language=ticket.language), slugs, known, policy)
    if said and translator and not translations:
        return panel.ask_translation(replace(other, language=ticket.language), translator, said[-1], known, policy)
    others = [slug for slug in slugs if slug != order.by]
    return mails.joined(other, translations or said, others, known, policy)


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
