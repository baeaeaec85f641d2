"""The proof that nothing was lost: every mail taken in is here and accounted for, and the event log is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from mailflow.store import eventlog, inbox
from mailflow.store.errors import KeyGone, Unreadable
from mailflow.store.store import Store
from mailflow.store.tables import AnyRow, EventRow, InboxRow, LedgerRow, TicketRow

_AT_ONCE = 100  # mails opened at a time
_ERASED = "erased"  # stands in the ledger for a mail that was erased and came again

_inbox, _ledger, _event, _ticket = (row.__table__ for row in (InboxRow, LedgerRow, EventRow, TicketRow))
_MAILS = select(_inbox.c.id, _inbox.c.state, _inbox.c.outcome, _inbox.c.ticket, _inbox.c.sealed).order_by(_inbox.c.id)
_CONCLUSIONS = (
    select(_event.c.kind, _event.c.ticket, _event.c.facts)
    .where(_event.c.kind.in_(("handled", "mail_released", "mail_dropped")))
    .order_by(_event.c.seq)
)


@dataclass(frozen=True, slots=True)
class Missing:
    inbox: str  # id of the mail
    why: str  # one sentence


@dataclass(frozen=True, slots=True)
class Proof:
    taken_in: int  # mails, each once
    missing: tuple[Missing, ...]
    broken_at: int | None  # first line of the event log where the chain of hashes doesn't hold

    @property
    def accounted(self) -> int:
        return self.taken_in - len(self.missing)


def verify(store: Store) -> Proof:
    """All at one moment of the database. Every mail is opened, so this takes its time."""
    with store.database.read() as connection:
        said = _conclusions(connection)
        tickets = set(connection.execute(select(_ticket.c.ref)).scalars())
        found: dict[str, str] = {}  # id -> what is wrong with it, "" for nothing
        for rows in connection.execution_options(yield_per=_AT_ONCE).execute(_MAILS).partitions():
            found |= {row.id: _wrong(row, said, tickets) for row in rows}
            found |= _unopened(store, rows)
        known = {*connection.execute(select(_ledger.c.inbox).distinct()).scalars(), *said} - {_ERASED}
        broken_at = eventlog.broken_at(connection)
    found |= dict.fromkeys(known - found.keys(), "it was taken in, and is not in the inbox any more")
    missing = tuple(Missing(row, why) for row, why in sorted(found.items()) if why)
    return Proof(len(found), missing, broken_at)


def not_taken(store: Store, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """Which of the uids that the server has in a folder the ledger doesn't hold."""
    held = inbox.held_uids(store, mailbox, folder, uidvalidity, uids)
    return [uid for uid in uids if uid not in held]


def _conclusions(connection: Connection) -> dict[str, tuple[str, str]]:
    """What the event log says last of each mail: the state that it must be in, and its ticket."""
    said = {}
    for row in connection.execute(_CONCLUSIONS):
        facts = json.loads(row.facts)
        said[facts["inbox"]] = (_state(row.kind, facts.get("outcome", "")), row.ticket)
    return said


def _state(kind: str, outcome: str) -> str:
    if kind == "handled":
        return "shelved" if outcome == "shelved" else "handled"
    return {"mail_released": "waiting", "mail_dropped": "dropped"}[kind]


def _wrong(row: AnyRow, said: dict[str, tuple[str, str]], tickets: set[str]) -> str:
    state, ref = said.get(row.id, ("waiting", ""))
    if row.state != state:
        return f"it is {row.state}, and the event log says {state}"
    if row.state == "handled" and row.ticket != ref:
        return "its ticket is not the one of the event log"
    if row.ticket and row.ticket not in tickets:
        return f"its ticket {row.ticket} does not exist"
    return ""


def _unopened(store: Store, rows: Sequence[AnyRow]) -> Iterator[tuple[str, str]]:
    """Those that can't be opened although nobody erased them."""
    opened = store.vault.open_each([(row.sealed, inbox.raw_place(row.id)) for row in rows])
    for row, octets in zip(rows, opened, strict=True):
        if isinstance(octets, Unreadable) and not (isinstance(octets, KeyGone) and octets.erased):
            yield row.id, octets.sentence
