"""What the desk's store says about the mails that went through the post office."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from mailflow.store.store import Store
from mailflow.store.tables import InboxRow, OutboxRow, TicketRow

_inbox, _outbox, _ticket = InboxRow.__table__, OutboxRow.__table__, TicketRow.__table__


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mail to the desk."""

    outcome: str  # opened, added, ...; "shelved" for a mail on the shelf
    because: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail of the desk's."""

    template: str
    ticket: str
    language: str


@dataclass(frozen=True, slots=True)
class TicketNow:
    ref: str
    state: str
    queue: str
    assignee: str
    language: str


class Book:
    def __init__(self, store: Store) -> None:
        self._store = store

    def fate(self, raw: bytes) -> Fate | None:
        """None while the mail waits."""
        query = select(_inbox.c.state, _inbox.c.outcome, _inbox.c.because, _inbox.c.ticket)
        with self._store.database.read() as connection:
            row = connection.execute(query.where(_inbox.c.digest == self._store.blind_mail(raw))).one_or_none()
        if row is None or row.state == "waiting":
            return None
        return Fate(row.outcome, row.because, row.ticket)

    def sent(self, message_id: str) -> Sent | None:
        """None for a mail that isn't the desk's."""
        blind = self._store.blind_message_id(message_id)
        query = select(_outbox.c.template, _outbox.c.ticket, _outbox.c.language)
        with self._store.database.read() as connection:
            row = connection.execute(query.where(_outbox.c.message_id == blind)).one_or_none()
        return Sent(row.template, row.ticket, row.language) if row else None

    def tickets(self) -> tuple[TicketNow, ...]:
        columns = (_ticket.c[name] for name in ("ref", "state", "queue", "assignee", "language"))
        with self._store.database.read() as connection:
            rows = connection.execute(select(*columns).order_by(_ticket.c.ref)).all()
        return tuple(TicketNow(*row) for row in rows)

    def outbox_empty(self) -> bool:
        """Nothing waits to be sent."""
        query = select(func.count()).select_from(_outbox).where(_outbox.c.state == "waiting")
        with self._store.database.read() as connection:
            return connection.execute(query).scalar_one() == 0
