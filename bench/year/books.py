"""What the desk's own database says at the end of a year: mails, tickets, absences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from mailflow.core.model import Absence, Party, PartyKind, Task, Ticket
from mailflow.store import eventlog, tickets, working
from mailflow.store.store import Store
from mailflow.store.tables import EventRow, InboxRow, OutboxRow

_outbox, _event, _inbox = OutboxRow.__table__, EventRow.__table__, InboxRow.__table__


@dataclass(frozen=True, slots=True)
class Sent:
    """A row of the outbox."""

    key: str
    ref: str
    party: Party
    template: str
    state: str
    made: datetime
    sent: datetime | None

    @property
    def slug(self) -> str:
        """Whose it is, of the staff; "" for an asker's."""
        return self.party.id if self.party.kind is PartyKind.PERSON else ""


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    kind: str
    ref: str
    facts: dict[str, str]


@dataclass(slots=True)
class Books:
    now: datetime
    mails: list[Sent]
    tickets: list[Ticket]
    tasks: tuple[Task, ...]  # still owed
    events: list[Event]
    undone: int  # mails that were taken in, and not handled
    log_holds: bool

    def absences(self, slug: str, at: datetime) -> list[Absence]:
        """What the desk knew of somebody's absences at that moment; a later notice of the same first day replaces it."""
        known: dict[str, Absence] = {}
        for event in self.events:
            if event.kind == "away" and event.at <= at and event.facts["person"] == slug:
                first, last = date.fromisoformat(event.facts["first"]), date.fromisoformat(event.facts["last"])
                known[event.facts["first"]] = Absence(slug, first, last)
        return list(known.values())


def read(store: Store, now: datetime) -> Books:
    with store.database.write() as connection:
        holds = eventlog.broken_at(connection) is None
    with store.database.read() as connection:
        waiting = connection.execute(select(_inbox.c.id).where(_inbox.c.state == "waiting")).all()
        return Books(
            now,
            list(_mails(connection)),
            list(tickets.those(connection)),
            working.owed(connection),
            list(_events(connection)),
            len(waiting),
            holds,
        )


def _mails(connection: Connection) -> Iterator[Sent]:
    for row in connection.execute(select(_outbox).order_by(_outbox.c.id)):
        yield Sent(row.key, row.ticket, Party.parse(row.party), row.template, row.state, row.made_at, row.sent_at)


def _events(connection: Connection) -> Iterator[Event]:
    for row in connection.execute(select(_event).order_by(_event.c.seq)):
        yield Event(row.at, row.kind, row.ticket, json.loads(row.facts))
