"""What leaves for the requester: ask, draft, send, stop, correct, same; approve and reject; and notes, which never do."""

from __future__ import annotations

from dataclasses import replace

from mailflow.core import answering, mails, panel, reviewing
from mailflow.core.commands import Done, Order, command
from mailflow.core.effects import AddMessage, Effect, Link, ReleaseDraft
from mailflow.core.model import Draft, Mail, Role, TaskKind, Ticket, TokenKind
from mailflow.core.orders.naming import the_ticket
from mailflow.core.wording import Held, Said

DETAILS = frozenset({"details", "détails", "detalles", "detail"})
_TEAM = (Role.EXPERT, Role.COORDINATOR)


@command("note [text]", takes_text=True)
def note(order: Order) -> Done:
    """Keep a note with the ticket, for staff alone; on the same line or below."""
    text = "\n".join(part for part in (order.argument, order.text) if part)
    if not text:
        return order.refused(Said.NEEDS_TEXT)
    return order.done(Said.NOTED, AddMessage(the_ticket(order).ref, "note", order.role, text))


@command("ask [details]", *_TEAM, takes_text=True, excludes=("send", "close", "draft", "correct"))
def ask(order: Order) -> Done:
    """Ask the requester what stands below, and let the clock wait; #ask details sends a ready request for details."""
    ticket = the_ticket(order)
    if not answering.may_answer_for(order, ticket):
        return order.refused(Said.NOT_YOURS)
    if ticket.settled:
        return order.refused(Said.NOT_RUNNING)
    if order.argument.casefold().strip(" .") in DETAILS and not order.text:
        return order.done(Said.ASKED_DETAILS, *mails.details(ticket, order.known, order.policy))
    return _written(order, "inquiry", Said.ASKED, Held.NONE)


@command("draft", *_TEAM, takes_text=True, excludes=("send", "ask", "correct", "same"))
def draft(order: Order) -> Done:
    """Keep what stands below as your answer; it leaves when you reply #send."""
    if (
        order.mail
        and order.actor
        and panel.way_back(order.mail, the_ticket(order), order.actor, order.known, order.policy)
    ):
        return order.refused(Said.DRAFT_TO_TRANSLATE)
    return _written(order, "answer", Said.DRAFTED, Held.DRAFT)


@command("correct", *_TEAM, takes_text=True, excludes=("ask", "draft", "same"))
def correct(order: Order) -> Done:
    """Send what stands below as an answer that replaces the earlier one."""
    if the_ticket(order).answered is None:
        return order.refused(Said.NOTHING_TO_CORRECT)
    return _written(order, "correction", Said.CORRECTED, Held.NONE)


@command("same REF...", *_TEAM, takes_text=True, excludes=("ask", "draft", "correct"))
def same(order: Order) -> Done:
    """Send what stands below to this requester and to those of the other tickets, to each alone."""
    tickets = {ref: order.known.others.get(ref) for ref in order.argument.replace(",", " ").split()}
    if unknown := next((ref for ref, ticket in tickets.items() if ticket is None), ""):
        return order.refused(Said.NO_SUCH_TICKET, ref=unknown)
    done = _written(order, "answer", Said.SAME, Held.NONE)
    if not done.line.done:
        return done
    effects: list[Effect] = [*done.effects]
    for ticket in filter(None, tickets.values()):
        if not answering.may_answer_for(order, ticket):
            return order.refused(Said.NOT_THEIRS, ref=ticket.ref)
        effects.append(Link(the_ticket(order).ref, ticket.ref, "same_answer"))
        effects += _answer(order, ticket, "answer", Held.NONE)
    return order.done(Said.SAME, *effects)


def _written(order: Order, template: str, said: Said, held: Held) -> Done:
    """The text below the command, on its way to the requester."""
    if order.mail is None or order.actor is None:
        return order.refused(Said.BY_MAIL_ONLY)
    if not answering.may_answer_for(order, the_ticket(order)):
        return order.refused(Said.NOT_YOURS)
    below = replace(order.mail, text="\n".join(part for part in (_first_line(order, template), order.text) if part))
    if below.empty:
        return order.refused(Said.NEEDS_TEXT)
    return order.done(said, *_answer(replace(order, mail=below), the_ticket(order), template, held))


def _first_line(order: Order, template: str) -> str:
    """What stands on the command's own line is part of the text, where it names nothing."""
    return order.argument if template != "answer" or order.word == "draft" else ""


def _answer(order: Order, ticket: Ticket, template: str, held: Held) -> tuple[Effect, ...]:
    if order.actor is None:
        return ()
    below = order.mail or Mail("", "")
    kind = "inquiry" if template == "inquiry" else "answer"
    kept = AddMessage(ticket.ref, kind, answering.speaks_as(order.actor), below.text)
    translator = "" if held else panel.way_back(below, ticket, order.actor, order.known, order.policy)
    if translator:
        asked = answering.to_translate(below, ticket, order.actor, translator, template, order.known, order.policy)
        return replace(kept, kind="draft"), *asked
    return kept, *answering.departure(below, ticket, order.actor, order.known, order.policy, template, held)


@command("send", excludes=("stop", "close"))
def send(order: Order) -> Done:
    """Let your answer leave now, also one that waits for you."""
    waits = {task.draft for task in order.known.tasks if task.kind is TaskKind.REVIEW}
    mine = _mine(order)
    if any(draft.id in waits for draft in mine):
        return order.refused(Said.STILL_REVIEWED)
    if not mine:
        return order.refused(Said.NOTHING_HELD)
    return order.done(Said.SENT, *(ReleaseDraft(draft.id) for draft in mine))


@command("stop", excludes=("send",))
def stop(order: Order) -> Done:
    """Keep your answer back for good; nothing else is needed."""
    mine = _mine(order)
    if not mine:
        return order.refused(Said.NOTHING_HELD)
    return order.done(Said.STOPPED, *(effect for d in mine for effect in answering.stopped(d, order.known)))


@command("approve", excludes=("reject", "stop"))
def approve(order: Order) -> Done:
    """Let the draft that you read leave, exactly as you saw it. “OK” alone does it, too."""
    draft = _reviewed(order)
    if isinstance(draft, Done):
        return draft
    effects = reviewing.approved(the_ticket(order), draft, order.actor, order.known, order.policy)
    return order.done(Said.APPROVED, *effects)


@command("reject REASON", takes_text=True, text_will_do=True, excludes=("approve", "send"))
def reject(order: Order) -> Done:
    """Send the draft back to its author, with your reason."""
    draft = _reviewed(order)
    if isinstance(draft, Done):
        return draft
    why = "\n".join(part for part in (order.argument, order.text) if part)
    effects = reviewing.rejected(the_ticket(order), draft, order.actor, why, order.known, order.policy)
    return order.done(Said.REJECTED, *effects)


def _reviewed(order: Order) -> Draft | Done:
    """The draft that this person was asked to read, as they saw it; or why there is none."""
    named = {grant.subject for grant in order.known.grants if grant.kind is TokenKind.TASK}
    reviews = [task for task in order.known.tasks if task.kind is TaskKind.REVIEW]
    theirs = [task for task in reviews if task.id in named or (not named and task.slug == order.by)]
    if order.actor is None:
        theirs = reviews
    if not theirs:
        return order.refused(Said.DRAFT_CHANGED if named else Said.NOTHING_TO_REVIEW)
    found = reviewing.draft_of(theirs[0], order.known)
    if found is None:
        return order.refused(Said.DRAFT_CHANGED)
    return order.refused(Said.OWN_DRAFT) if found.author == order.by else found


def _mine(order: Order) -> tuple[Draft, ...]:
    """The drafts that the order may touch: the one it replies to, else all of the ticket."""
    named = {grant.subject for grant in order.known.grants if grant.kind is TokenKind.DRAFT}
    letters = {draft.letter for draft in order.known.drafts if draft.id in named}
    touched = (d for d in order.known.drafts if not named or d.letter in letters)
    return tuple(d for d in touched if d.author == order.by or order.roles & {Role.COORDINATOR, Role.OPERATOR})
