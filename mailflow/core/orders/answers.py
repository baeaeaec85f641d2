"""What leaves for the requester: ask, draft, send, stop, correct, same; approve and reject; and notes, which never do."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from mailflow.core import answering, letters, panel, reviewing
from mailflow.core.commands import Done, Order, command, references_in
from mailflow.core.effects import AddMessage, Effect, EndTask, GiveTask, Link, ReleaseDraft
from mailflow.core.model import Attachment, Draft, Mail, Role, Situation, TaskKind, Ticket, TokenKind
from mailflow.core.orders import publishing
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
        return order.done(Said.ASKED_DETAILS, *letters.details(ticket, order.known, order.policy))
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
    if not answering.may_answer_for(order, the_ticket(order)):
        return order.refused(Said.NOT_YOURS)
    others: dict[str, Situation] = {}
    for ref in references_in(order.argument, order.policy.prefix):
        known = order.known.on.get(ref)
        if known is None or known.ticket is None:
            return order.refused(Said.NO_SUCH_TICKET, ref=ref)
        if known.ticket.ref == the_ticket(order).ref:
            return order.refused(Said.SAME_TICKET)
        if not answering.may_answer_for(order, known.ticket):
            return order.refused(Said.NOT_THEIRS, ref=known.ticket.ref)
        if answering.refused(known.ticket, order.actor):
            return order.refused(Said.WAS_REFUSED)
        others[known.ticket.ref] = known
    done = _written(order, "answer", Said.SAME, Held.NONE)
    if not done.line.done:
        return done
    effects: list[Effect] = [*done.effects]
    for known in others.values():
        effects += _same_answer(the_ticket(order), replace(order, known=known))
    reviewed = sorted(
        {each.task.ref for each in effects if isinstance(each, GiveTask) and each.task.kind is TaskKind.REVIEW}
    )
    return order.done(Said.SAME_REVIEWED if reviewed else Said.SAME, *effects, ref=", ".join(reviewed))


def _same_answer(first: Ticket, order: Order) -> tuple[Effect, ...]:
    """To the requester of another ticket, in the light of what is known of that one."""
    ticket = the_ticket(order)
    return Link(first.ref, ticket.ref, "same_answer"), *_answer(order, ticket, "answer", Held.NONE)


def _written(order: Order, template: str, said: Said, held: Held) -> Done:
    """The text below the command, on its way to the requester."""
    if order.mail is None or order.actor is None:
        return order.refused(Said.BY_MAIL_ONLY)
    if not answering.may_answer_for(order, the_ticket(order)):
        return order.refused(Said.NOT_YOURS)
    if answering.refused(the_ticket(order), order.actor):
        return order.refused(Said.WAS_REFUSED)
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
    kept = AddMessage(ticket.ref, kind, answering.speaks_as(order.actor), below.text, below=True)
    translator = "" if held else panel.way_back(below, ticket, order.actor, order.known, order.policy)
    if translator:
        asked = answering.to_translate(below, ticket, order.actor, translator, template, order.known, order.policy)
        return replace(kept, kind="draft"), *asked
    return kept, *answering.departure(below, ticket, order.actor, order.known, order.policy, template, held)


@command("send", excludes=("stop", "close"))
def send(order: Order) -> Done:
    """Let your answer leave now, also one that waits for you; where a second person reads it first, they get it."""
    waits = {task.draft for task in order.known.tasks if task.kind is TaskKind.REVIEW}
    mine = _mine(order)
    if any(draft.id in waits for draft in mine):
        return order.refused(Said.STILL_REVIEWED)
    if not mine:
        return _untranslated(order)
    effects: dict[str, tuple[Effect, ...]] = {}
    for each in mine:
        first = reviewing.copies(each, order.known)[0]
        slugs = reviewing.unread(first, the_ticket(order), order.known, order.policy)
        read = reviewing.read_by_others(first, the_ticket(order), slugs, order.known, order.policy) if slugs else ()
        effects[first.id if read else each.id] = read or (ReleaseDraft(each.id),)
    submitted = any(isinstance(effect, GiveTask) for done in effects.values() for effect in done)
    return order.done(Said.SUBMITTED if submitted else Said.SENT, *chain.from_iterable(effects.values()))


def _untranslated(order: Order) -> Done:
    """Their answer that nobody translates, as they wrote it."""
    owed = next((t for t in order.known.tasks if t.kind is TaskKind.RETURN and t.slug == t.by == order.by), None)
    if owed is None or order.actor is None:
        return order.refused(Said.NOTHING_HELD)
    part = panel.own_words(order.known)
    files = tuple(Attachment(name, "application/octet-stream", 0, "") for name in part.files if part.inbox)
    known = replace(order.known, inbox=part.inbox or order.known.inbox)
    kept = AddMessage(owed.ref, "answer", answering.speaks_as(order.actor), part.text)
    words, template = Mail("", "", text=part.text, attachments=files), owed.draft or "answer"
    leaves = answering.departure(words, the_ticket(order), order.actor, known, order.policy, template)
    return order.done(Said.SENT_UNTRANSLATED, EndTask(owed.id, "done"), kept, *leaves)


@command("stop", excludes=("send",))
def stop(order: Order) -> Done:
    """Keep your answer back for good; nothing else is needed."""
    mine = _mine(order)
    if not mine:
        return order.refused(Said.NOTHING_HELD)
    return order.done(Said.STOPPED, *(effect for d in mine for effect in answering.stopped(d, order.known)))


@command("approve", excludes=("reject", "stop", "keep", "replace"))
def approve(order: Order) -> Done:
    """Let the draft that you read leave, exactly as you saw it. “OK” alone does it, too."""
    if publishing.meant(order):
        return publishing.approve(order)
    draft = _reviewed(order)
    if isinstance(draft, Done):
        return draft
    effects = reviewing.approved(the_ticket(order), draft, order.actor, order.known, order.policy)
    return order.done(Said.APPROVED, *effects)


@command("reject REASON", takes_text=True, text_will_do=True, excludes=("approve", "send", "keep", "replace"))
def reject(order: Order) -> Done:
    """Send the draft back to its author, with your reason."""
    why = "\n".join(part for part in (order.argument, order.text) if part)
    if publishing.meant(order):
        return publishing.reject(order, why)
    draft = _reviewed(order)
    if isinstance(draft, Done):
        return draft
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
