"""What people ask the store: tickets and their stories, the outbox, the shelf, how everything stands. Changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from mailflow.core.model import State
from mailflow.store import messages, watch, working
from mailflow.store.errors import Unreadable
from mailflow.store.messages import Message
from mailflow.store.store import Store
from mailflow.store.tables import AnyRow, EventRow, InboxRow, OutboxRow, TicketRow
from mailflow.store.vault import Place

RUNNING = (State.NEW.value, State.ASSIGNED.value, State.IN_REVIEW.value)  # a deadline runs
_PAGE = 500  # mails of the outbox that are opened at a time

_ticket, _event, _inbox, _outbox = (row.__table__ for row in (TicketRow, EventRow, InboxRow, OutboxRow))


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket as the lists show it: nothing that anybody wrote."""

    ref: str
    state: str
    queue: str
    assignee: str
    language: str
    topics: tuple[str, ...]
    opened: datetime
    due: datetime | None
    closed: datetime | None
    admissible: bool | None
    user_type: str
    user_region: str
    region: str
    sector: str

    def overdue(self, now: datetime) -> bool:
        return self.state in RUNNING and self.due is not None and self.due < now


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of ours in the outbox; without its words once they were erased."""

    id: int
    ticket: str
    party: str
    template: str
    language: str
    state: str  # waiting, held (for a person), sent, failed, cancelled
    tries: int
    made_at: datetime
    next_try: datetime | None
    sent_at: datetime | None
    error: str
    recipient: str  # "" when erased
    raw: bytes  # b"" when erased


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the event log."""

    seq: int
    at: datetime
    kind: str
    actor: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is kept of a ticket, each part oldest first."""

    ticket: TicketLine
    messages: tuple[Message, ...]
    letters: tuple[Letter, ...]
    events: tuple[Happened, ...]
    links: tuple[tuple[str, str], ...]  # tickets that belong with it, each with how
    unreadable: str  # why there are no messages, "" when there are


@dataclass(frozen=True, slots=True)
class Shelved:
    """A mail that a human must look at. `reason` is a code of wording.Reason."""

    id: str
    at: datetime
    reason: str
    tries: int
    size: int  # octets
    ticket: str  # that it seems to speak of


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mail in the inbox."""

    state: str  # waiting, handled, shelved, dropped
    outcome: str
    because: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything is, for `mailflow status`."""

    pulse: AnyRow | None  # pid, started, beat
    mailboxes: tuple[AnyRow, ...]  # mailbox, folder, last_ok, trouble, trouble_since
    unhandled: int
    oldest_unhandled: datetime | None
    outgoing: Mapping[str, int]  # mails of the outbox by state
    oldest_outgoing: datetime | None  # when the first of those that are late was to leave
    undelivered: int  # given up, about a ticket that is still open
    shelf: int
    tickets: int  # not closed
    overdue: int


# ---------------------------------------------------------------- tickets


def tickets(store: Store, *, state: str = "", queue: str = "", overdue_at: datetime | None = None) -> list[TicketLine]:
    """Oldest first; those alone that are in this state, in this queue, overdue at that moment."""
    query = select(_ticket).order_by(_ticket.c.opened, _ticket.c.ref)
    if state:
        query = query.where(_ticket.c.state == state)
    if queue:
        query = query.where(_ticket.c.queue == queue)
    if overdue_at:
        query = query.where(_overdue(overdue_at))
    with store.database.read() as connection:
        return [_ticket_line(row) for row in connection.execute(query)]


def ticket(store: Store, ref: str) -> TicketLine:
    """Raises LookupError when there is none of this reference."""
    with store.database.read() as connection:
        return _one_ticket(connection, ref)


def queues_of(store: Store, refs: Sequence[str]) -> dict[str, str]:
    """Reference to queue, of those that there are."""
    with store.database.read() as connection:
        rows = connection.execute(select(_ticket.c.ref, _ticket.c.queue).where(_ticket.c.ref.in_(refs)))
        return {row.ref: row.queue for row in rows}


def story(store: Store, ref: str) -> Story:
    """Raises LookupError for an unknown reference; what was erased is left out."""
    unreadable, told = "", list[Message]()
    with store.database.read() as connection:
        line = _one_ticket(connection, ref)
        letters = _letters(connection, store, _outbox.c.ticket == ref)
        links = working.links(connection, ref)
        events = connection.execute(select(_event).where(_event.c.ticket == ref).order_by(_event.c.seq)).all()
        try:
            told = messages.of_ticket(connection, store, ref)
        except Unreadable as why:
            unreadable = why.sentence
    happened = (Happened(row.seq, row.at, row.kind, row.actor, json.loads(row.facts)) for row in events)
    return Story(line, tuple(told), tuple(letters), tuple(happened), links, unreadable)


def _one_ticket(connection: Connection, ref: str) -> TicketLine:
    row = connection.execute(select(_ticket).where(_ticket.c.ref == ref)).one_or_none()
    if row is None:
        raise LookupError(f"there is no ticket {ref}: `mailflow ticket list` shows all")
    return _ticket_line(row)


def _ticket_line(row: AnyRow) -> TicketLine:
    plain = ("ref", "state", "queue", "assignee", "language", "opened", "due", "closed", "admissible")
    coded = ("user_type", "user_region", "region", "sector")
    values = {name: row._mapping[name] for name in (*plain, *coded)}  # noqa: SLF001  SQLAlchemy's public name for it
    return TicketLine(topics=tuple(row.topics.split()), **values)


def _overdue(now: datetime) -> ColumnElement[bool]:
    return and_(_ticket.c.due < now, _ticket.c.state.in_(RUNNING))


# ---------------------------------------------------------------- the outbox


def letters(store: Store, states: Sequence[str], ticket: str = "", only: int | None = None) -> Iterator[Letter]:
    """The mails of the outbox in these states, in the order in which they were made, opened a page at a time."""
    last = 0
    while True:
        where = [_outbox.c.id > last, _outbox.c.state.in_(states)]
        where += [_outbox.c.ticket == ticket] if ticket else []
        where += [_outbox.c.id == only] if only is not None else []
        with store.database.read() as connection:
            page = _letters(connection, store, *where, most=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1].id


def _letters(
    connection: Connection, store: Store, *where: ColumnElement[bool], most: int | None = None
) -> list[Letter]:
    rows = connection.execute(select(_outbox).where(*where).order_by(_outbox.c.id).limit(most)).all()
    opened = store.vault.open_each([(row.sealed, Place("outbox", row.key, "sealed", row.ticket)) for row in rows])
    return [_letter(row, octets) for row, octets in zip(rows, opened, strict=True)]


def _letter(row: AnyRow, octets: bytes | Unreadable) -> Letter:
    head, _, raw = octets.partition(b"\n") if isinstance(octets, bytes) else (b"{}", b"", b"")
    what, how = ("id", "ticket", "party", "template", "language"), ("state", "tries", "error")
    when = ("made_at", "next_try", "sent_at")
    values = {name: row._mapping[name] for name in (*what, *how, *when)}  # noqa: SLF001
    return Letter(**values, recipient=json.loads(head).get("to", ""), raw=raw)


# ---------------------------------------------------------------- the inbox and its shelf


def shelf(store: Store) -> list[Shelved]:
    """Oldest first."""
    query = select(_inbox).where(_inbox.c.state == "shelved").order_by(_inbox.c.handled_at, _inbox.c.id)
    with store.database.read() as connection:
        return [_shelved(row) for row in connection.execute(query)]


def shelved(store: Store, inbox: str) -> Shelved:
    """Raises LookupError when no mail of this id is on the shelf."""
    query = select(_inbox).where(_inbox.c.id == inbox, _inbox.c.state == "shelved")
    with store.database.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise LookupError(f"no mail {inbox} is on the shelf: `mailflow shelf list` shows what is")
    return _shelved(row)


def fault(store: Store, inbox: str) -> str:
    """The traceback of the last failed try, or ""."""
    with store.database.read() as connection:
        sealed = connection.execute(select(_inbox.c.fault).where(_inbox.c.id == inbox)).scalar()
    return store.vault.open(sealed, Place("inbox", inbox, "fault", inbox)).decode() if sealed else ""


def fates(store: Store, ids: Sequence[str]) -> dict[str, Fate]:
    """What became of these mails, of those that we hold."""
    columns = (_inbox.c.id, _inbox.c.state, _inbox.c.outcome, _inbox.c.because, _inbox.c.ticket)
    with store.database.read() as connection:
        rows = connection.execute(select(*columns).where(_inbox.c.id.in_(ids)))
        return {row.id: Fate(row.state, row.outcome, row.because, row.ticket) for row in rows}


def _shelved(row: AnyRow) -> Shelved:
    return Shelved(row.id, row.handled_at or row.taken_at, row.because, row.tries, row.size, row.ticket)


# ---------------------------------------------------------------- how everything stands


def standing(store: Store, now: datetime) -> Standing:
    with store.database.read() as connection:
        waiting = _inbox.c.state == "waiting"
        by_state = connection.execute(select(_outbox.c.state, func.count()).group_by(_outbox.c.state)).all()
        late = select(func.min(_outbox.c.due_at)).where(_outbox.c.state == "waiting", _outbox.c.due_at <= now)
        return Standing(
            pulse=watch.pulse(connection, "daemon"),
            mailboxes=tuple(watch.all_of(connection)),
            unhandled=_count(connection, InboxRow, waiting),
            oldest_unhandled=connection.execute(select(func.min(_inbox.c.taken_at)).where(waiting)).scalar(),
            outgoing={row[0]: row[1] for row in by_state},
            oldest_outgoing=connection.execute(late).scalar(),
            undelivered=_count(connection, OutboxRow, _outbox.c.state == "failed", _of_open_ticket()),
            shelf=_count(connection, InboxRow, _inbox.c.state == "shelved"),
            tickets=_count(connection, TicketRow, _ticket.c.state != State.CLOSED.value),
            overdue=_count(connection, TicketRow, _overdue(now)),
        )


def _of_open_ticket() -> ColumnElement[bool]:
    """Closing its ticket settles a mail that did not arrive."""
    still_open = select(_ticket.c.ref).where(_ticket.c.state != State.CLOSED.value)
    return _outbox.c.ticket.in_(still_open)


def _count(connection: Connection, of: type[InboxRow | OutboxRow | TicketRow], *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(of.__table__).where(*where)).scalar_one()
