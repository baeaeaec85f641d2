"""What the commands of a mail speak of and a decision must know: other tickets, an address, what a search finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, select

from mailflow.core import views
from mailflow.core.commands import address_in, references_in, subject_of_on
from mailflow.core.model import UNKNOWN_LANGUAGE, Board, Found, Part, Requester, Role, Ticket
from mailflow.core.policy import Person, Policy
from mailflow.store import messages, tickets, working
from mailflow.store.errors import Unreadable
from mailflow.store.ids import new_id
from mailflow.store.store import Store
from mailflow.store.tables import RequesterAddressRow, RequesterRow

NEEDS_BOARD = frozenset({"status", "digest", "away"})
NAMES_ADDRESS = frozenset({"from", "new"})
HIDDEN = frozenset({"command", "automatic"})  # kinds of messages that a search passes over
MOST_FOUND = 50
SEE_ALL = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.DATA_PROTECTION})

_REF = re.compile(r"\d{4}-\d{4,}")
_requester, _address = RequesterRow.__table__, RequesterAddressRow.__table__


@dataclass(frozen=True, slots=True)
class Wanted:
    named_on: tuple[str, ...] = ()  # what #on and #same name
    others: dict[str, Ticket] = field(default_factory=dict)
    named: Requester | None = None
    found: tuple[Found, ...] = ()
    board: Board | None = None


def of_commands(
    connection: Connection,
    store: Store,
    commands: tuple[tuple[str, str], ...],
    member: Person | None,
    now: datetime,
    policy: Policy,
) -> Wanted:
    """For a mail of a member of staff; None: whoever sits at the keyboard, who may see all."""
    arguments = " ".join(argument for _, argument in commands)
    words = {word for word, _ in commands}
    find = next((argument for word, argument in commands if word == "find"), "")
    return Wanted(
        named_on=_named_on(commands, policy),
        others=_tickets(connection, arguments, policy),
        named=_named(connection, store, arguments, now) if words & NAMES_ADDRESS else None,
        found=search(connection, store, find, member, policy) if find else (),
        board=working.board(connection, policy, now) if words & NEEDS_BOARD else None,
    )


def _named_on(commands: tuple[tuple[str, str], ...], policy: Policy) -> tuple[str, ...]:
    named = [subject_of_on(argument) for word, argument in commands if word == "on"]
    same = (references_in(argument, policy.prefix) for word, argument in commands if word == "same")
    return tuple(dict.fromkeys((*named, *chain.from_iterable(same))))


def _tickets(connection: Connection, arguments: str, policy: Policy) -> dict[str, Ticket]:
    """By the reference as it was written, with or without the desk's prefix."""
    found: dict[str, Ticket] = {}
    for ref in dict.fromkeys(_REF.findall(arguments)):
        ticket = tickets.by_ref(connection, f"{policy.prefix}{ref}")
        if ticket is not None:
            found |= {ref: ticket, f"{policy.prefix}{ref}": ticket}
    return found


def _named(connection: Connection, store: Store, arguments: str, now: datetime) -> Requester:
    """Whom the address belongs to; somebody new, without one where none is named."""
    address = address_in(arguments)
    query = (
        select(_requester.c.id, _requester.c.language)
        .join(_address, _address.c.requester == _requester.c.id)
        .where(_address.c.blind == store.blind_address(address))
    )
    row = connection.execute(query).one_or_none() if address else None
    return (
        Requester(row.id, row.language)
        if row
        else Requester(new_id(now), UNKNOWN_LANGUAGE, reachable=bool(address), new=True)
    )


def search(
    connection: Connection, store: Store, words: str, member: Person | None, policy: Policy
) -> tuple[Found, ...]:
    """The newest tickets in which all of these words stand in one message; opened in memory, nothing is left on disk."""
    wanted = words.casefold().split()
    found: list[Found] = []
    for ticket in reversed(tickets.those(connection)):
        if len(found) == MOST_FOUND:
            break
        if wanted and _sees(member, ticket, connection, policy):
            found += _in_ticket(connection, store, ticket, wanted, member)
    return tuple(found)


def _in_ticket(
    connection: Connection, store: Store, ticket: Ticket, wanted: Sequence[str], member: Person | None
) -> list[Found]:
    """What somebody may not read they may not search for either: whether it is found would tell who asked."""
    try:
        told = messages.of_ticket(connection, store, ticket.ref)
    except Unreadable:  # erased
        return []
    parts = (message.part for message in told if message.part.kind not in HIDDEN)
    whole = member is None or Role.DATA_PROTECTION in member.roles
    hits = (part for part in parts if all(word in _readable(part, whole=whole) for word in wanted))
    return [Found(ticket, part) for part in hits][:1]


def _readable(part: Part, *, whole: bool) -> str:
    """In small letters."""
    text = f"{part.subject}\n{part.text}"
    return (text if whole else views.for_staff(text, part.sender, part.name)).casefold()


def _sees(member: Person | None, ticket: Ticket, connection: Connection, policy: Policy) -> bool:
    """Experts see the tickets that they have, had by their queue, or owe something."""
    if member is None or member.roles & SEE_ALL or ticket.assignee == member.slug:
        return True
    queue = policy.queues.get(ticket.queue)
    if queue and member.slug in queue.experts:
        return True
    return any(task.slug == member.slug for task in working.owed(connection, ticket.ref))
