"""What somebody wants to know: help, status, show, find, digest."""

from __future__ import annotations

from mailflow.core import digest as _digest
from mailflow.core import views
from mailflow.core.commands import WATCHING, Done, Order, command, concerned, usable
from mailflow.core.effects import Effect, Note, Passage
from mailflow.core.model import Board, Role, Ticket
from mailflow.core.orders.naming import the_ticket
from mailflow.core.rounds import duties
from mailflow.core.wording import Line, Said

MOST_FOUND = 20
EXCERPT = 200  # letters


@command("help", needs=None)
def help_(order: Order) -> Done:
    """List the commands that you may use here."""
    listed = tuple(Line(entry.usage, Said.HELP, what=entry.word) for entry in usable(order))
    return Done((), order.done(Said.HELP).line, listed)


@command("status", needs=None)
def status(order: Order) -> Done:
    """Say where the ticket stands; to the plain address, what you have."""
    if order.known.ticket is not None:
        return Done((), _standing(order.known.ticket, order))
    board = order.known.board or Board()
    mine = [duty for duty in duties(board, order.policy) if order.by in duty.slugs]
    rows = tuple(
        f"{duty.ticket.ref}: {views.neutral_name(duty.ticket, order.policy, _language(order))}" for duty in mine
    )
    return Done((), order.done(Said.YOURS, number=str(len(mine))).line, usage=rows)


def _standing(ticket: Ticket, order: Order) -> Line:
    member = order.policy.people.get(ticket.assignee)
    values = {"person": member.name if member else ticket.queue or "-", "queue": ticket.queue or "-"}
    return Line(order.written, Said.STANDING, tuple(sorted(values.items())), what=ticket.state.value, when=ticket.due)


def _language(order: Order) -> str:
    return order.policy.language_for(order.actor) if order.actor else order.policy.staff_languages[0]


@command("on REF", needs=None)
def on(order: Order) -> Done:
    """What the commands below it are about: a ticket, or a mail on the shelf, as digests and reminders number them."""
    known = order.known
    theirs = concerned(order) if known.ticket else known.shelf is not None and not order.roles.isdisjoint(WATCHING)
    if not theirs:
        return order.refused(Said.NOT_ON_DESK, name=order.argument)
    return order.done(Said.ON)


@command("show", takes_text=False)
def show(order: Order) -> Done:
    """Show all that was written on the ticket, as you may see it."""
    ticket = the_ticket(order)
    told = [part for part in order.known.story if part.kind not in ("command", "automatic")]
    texts = (
        f"{part.at:%Y-%m-%d %H:%M} {part.kind} ({part.from_role})\n{views.for_staff(part.text, part.sender, part.name)}"
        for part in told
    )
    linked = ", ".join(f"{ref} ({kind})" for ref, kind in order.known.links)
    seen: tuple[Effect, ...] = (Note(ticket.ref, f"shown to {order.by}"),)
    return Done(seen, order.done(Said.SHOWN).line, story=Passage("\n\n".join(filter(None, (linked, *texts)))))


@command("find WORDS", Role.EXPERT, Role.COORDINATOR, Role.DATA_PROTECTION, needs=None)
def find(order: Order) -> Done:
    """Search the tickets that you may see for words; the search is recorded."""
    found = order.known.found
    rows = tuple(
        f"{each.ticket.ref} ({each.ticket.state.value}) "
        + excerpt(views.for_staff(each.part.text, each.part.sender, each.part.name), order.argument)
        for each in found[:MOST_FOUND]
    )
    searched: tuple[Effect, ...] = (Note("", f"search by {order.by}: {len(found)} found"),)
    said = Said.FOUND if found else Said.FOUND_NOTHING
    return Done(searched, order.done(said, number=str(len(found)), words=order.argument).line, usage=rows)


def excerpt(text: str, words: str) -> str:
    """The part of a text around the first of the words."""
    plain = " ".join(text.split())
    places = [plain.casefold().find(word) for word in words.casefold().split()]
    first = min((place for place in places if place >= 0), default=0)
    start = max(0, first - EXCERPT // 2)
    piece = plain[start : start + EXCERPT]
    return f"{'…' if start else ''}{piece}{'…' if start + EXCERPT < len(plain) else ''}"


@command("digest", Role.COORDINATOR, Role.EXPERT, Role.SUPERVISOR, needs=None)
def digest(order: Order) -> Done:
    """Have the digest sent to you now."""
    if order.actor is None:
        return order.refused(Said.BY_MAIL_ONLY)
    key = f"digest-now:{order.known.inbox}"
    return order.done(Said.DIGEST_SENT, _digest.letter(order.by, key, order.known, order.policy))
