"""The outbox: final octets, one recipient a row. A row leaves once, keeps its Message-ID, and is never made twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update

from mailflow.core import retry
from mailflow.core.effects import Send
from mailflow.store.errors import Unreadable
from mailflow.store.store import Store
from mailflow.store.tables import OutboxRow
from mailflow.store.vault import DataKey, Place

LEASE = timedelta(minutes=10)
NOTABLE = frozenset({"answer", "correction", "inquiry", "details"})  # their leaving changes the ticket

_outbox = OutboxRow.__table__
_INSERT = insert(_outbox)
_EXISTS = select(_outbox.c.id).where(_outbox.c.key == bindparam("the_key"))
_CLAIMABLE = (
    select(*(_outbox.c[name] for name in ("id", "key", "template", "ticket", "tries", "due_at", "sealed")))
    .where(_outbox.c.state == "waiting", _outbox.c.next_try <= bindparam("now"))
    .where(or_(_outbox.c.leased_until.is_(None), _outbox.c.leased_until <= bindparam("now")))
    .order_by(_outbox.c.next_try, _outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NEXT_DUE = select(func.min(_outbox.c.next_try)).where(_outbox.c.state == "waiting")
_CLAIM = update(_outbox).where(_outbox.c.id == bindparam("the_id")).values(leased_until=bindparam("until"))
_SENT = (
    update(_outbox)
    .where(_outbox.c.id == bindparam("the_id"))
    .values(state="sent", sent_at=bindparam("at"), next_try=None, leased_until=None, error="")
)


class Final(Protocol):
    """A mail of ours, final octets and all: what mail/compose makes."""

    @property
    def message_id(self) -> str: ...
    @property
    def envelope_sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def raw(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class NewMail:
    send: Send
    final: Final


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that is due, claimed for sending."""

    id: int
    template: str
    ticket: str
    tries: int  # before this one
    due_at: datetime
    envelope_sender: str
    recipient: str
    raw: bytes

    @property
    def notable(self) -> bool:
        return self.template in NOTABLE


def exists(connection: Connection, key: str) -> bool:
    return connection.execute(_EXISTS, {"the_key": key}).first() is not None


def add(connection: Connection, store: Store, key: DataKey, mails: Sequence[NewMail], now: datetime) -> None:
    """New mails of one event, sealed under its data key."""
    if mails:
        connection.execute(_INSERT, [_row(store, key, mail, now) for mail in mails])


def _row(store: Store, key: DataKey, mail: NewMail, now: datetime) -> dict[str, Any]:
    send, final = mail.send, mail.final
    envelope = json.dumps({"from": final.envelope_sender, "to": final.recipient}, ensure_ascii=False)
    due = None if send.held else max(send.leaves or now, now)
    return {
        "key": send.key,
        "ticket": send.ref,
        "party": str(send.to),
        "template": send.template,
        "language": send.language,
        "author": send.author,
        "message_id": store.blind_message_id(final.message_id),
        "recipient": store.blind_address(final.recipient),
        "domain": store.blind_domain(final.recipient),
        "state": "held" if send.held else "waiting",
        "tries": 0,
        "made_at": now,
        "due_at": due,
        "next_try": due,
        "sealed": store.vault.seal(key, _place(send.key, send.ref), f"{envelope}\n".encode() + final.raw),
    }


def claim(store: Store, now: datetime, most: int) -> list[Outgoing]:
    """The mails that are due, oldest first, leased to this process. One that can't be opened any more has failed."""
    with store.database.write() as connection:
        rows = connection.execute(_CLAIMABLE, {"now": now, "most": most}).all()
        if rows:
            connection.execute(_CLAIM, [{"the_id": row.id, "until": now + LEASE} for row in rows])
    opened = store.vault.open_each([(row.sealed, _place(row.key, row.ticket)) for row in rows])
    gone = [row.id for row, octets in zip(rows, opened, strict=True) if isinstance(octets, Unreadable)]
    if gone:
        with store.database.write() as connection:
            connection.execute(update(_outbox).where(_outbox.c.id.in_(gone)).values(state="failed", error="unreadable"))
    return [_outgoing(row, octets) for row, octets in zip(rows, opened, strict=True) if isinstance(octets, bytes)]


def _outgoing(row: Any, octets: bytes) -> Outgoing:
    head, _, raw = octets.partition(b"\n")
    envelope = json.loads(head)
    due = row.due_at
    return Outgoing(row.id, row.template, row.ticket, row.tries, due, envelope["from"], envelope["to"], raw)


def next_due(store: Store) -> datetime | None:
    """When the next waiting mail is to leave."""
    with store.database.read() as connection:
        return connection.execute(_NEXT_DUE).scalar()


def sent(connection: Connection, mail_id: int, now: datetime) -> None:
    """The server has it. A cancellation that came meanwhile came too late."""
    connection.execute(_SENT, {"the_id": mail_id, "at": now})


def put_off(store: Store, mail: Outgoing, error: str, now: datetime) -> bool:
    """It could not be sent now: when to try again. False: we give up, and the caller says so to the coordinators."""
    again = retry.next_try(mail.due_at, now, mail.tries + 1)
    if again is None:
        return False
    row = update(_outbox).where(_outbox.c.id == mail.id)
    with store.database.write() as connection:
        connection.execute(row.values(tries=mail.tries + 1, next_try=again, leased_until=None, error=error))
    return True


def gave_up(connection: Connection, mail_id: int, error: str) -> None:
    row = update(_outbox).where(_outbox.c.id == mail_id)
    connection.execute(
        row.values(state="failed", tries=_outbox.c.tries + 1, next_try=None, leased_until=None, error=error)
    )


def give_back(store: Store, ids: Sequence[int]) -> None:
    """Claimed and not tried: free again."""
    with store.database.write() as connection:
        connection.execute(update(_outbox).where(_outbox.c.id.in_(ids)).values(leased_until=None))


def forget_leases(store: Store) -> None:
    """At the start of the only daemon: what a dead one had claimed is free again."""
    with store.database.write() as connection:
        connection.execute(update(_outbox).where(_outbox.c.leased_until.is_not(None)).values(leased_until=None))


def release(connection: Connection, key: str, now: datetime) -> None:
    """Let a draft leave now: it says what its author wants to say at this moment."""
    row = update(_outbox).where(_outbox.c.key == key, _outbox.c.state.in_(("held", "waiting")))
    connection.execute(row.values(state="waiting", next_try=now, due_at=now, made_at=now))


def cancel(connection: Connection, key: str) -> None:
    row = update(_outbox).where(_outbox.c.key == key, _outbox.c.state.in_(("held", "waiting")))
    connection.execute(row.values(state="cancelled", next_try=None))


def again(store: Store, now: datetime, mail_id: int | None = None) -> int:
    """Try now what waits for another try or was given up; returns how many mails.

    Never what was stopped or waits for a person, nor what is being sent this moment.
    """
    put_off = and_(_outbox.c.state == "waiting", _outbox.c.error != "")
    free = or_(_outbox.c.leased_until.is_(None), _outbox.c.leased_until <= now)
    row = update(_outbox).where(or_(_outbox.c.state == "failed", put_off), free)
    if mail_id is not None:
        row = row.where(_outbox.c.id == mail_id)
    with store.database.write() as connection:
        done = connection.execute(row.values(state="waiting", next_try=now, due_at=now, leased_until=None))
        return done.rowcount


def _place(key: str, ticket: str) -> Place:
    return Place("outbox", key, "sealed", ticket)
