"""The append-only event log. Each row's hash covers the row and the hash before it, so nothing can be changed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from mailflow.store.tables import AnyRow, EventHeadRow, EventRow, Utc

GENESIS = bytes(32)
_event, _head = EventRow.__table__, EventHeadRow.__table__
_READ_HEAD = select(_head.c.seq, _head.c.hash).where(_head.c.id == 1).with_for_update()
_MOVE_HEAD = update(_head).where(_head.c.id == 1).values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
_APPEND = insert(_event)
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. `facts` are ids, codes, times and figures: never a word or an address of a mail."""

    kind: str
    ticket: str = ""
    facts: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


def append(connection: Connection, entries: Sequence[Entry], now: datetime, actor: str) -> None:
    """Add entries within the caller's transaction; the head row is locked until it ends."""
    if not entries:
        return
    head = connection.execute(_READ_HEAD).one_or_none()
    seq, last = (head.seq, head.hash) if head else (0, GENESIS)
    rows = []
    for entry in entries:
        seq += 1
        facts = json.dumps(entry.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        last = _hash(last, seq, now, entry.kind, entry.ticket, actor, facts)
        row = {"seq": seq, "at": now, "kind": entry.kind, "ticket": entry.ticket, "actor": actor}
        rows.append({**row, "facts": facts, "hash": last})
    connection.execute(_APPEND, rows)
    if head:
        connection.execute(_MOVE_HEAD, {"new_seq": seq, "new_hash": last})
    else:
        connection.execute(insert(_head), {"id": 1, "seq": seq, "hash": last})


def broken_at(connection: Connection) -> int | None:
    """The first sequence number where the chain does not hold, also when rows are missing; None: it holds."""
    last, expected = GENESIS, 0
    for row in _rows(connection):
        expected += 1
        good = _hash(last, expected, row.at, row.kind, row.ticket, row.actor, row.facts)
        if row.seq != expected or row.hash != good:
            return expected
        last = row.hash
    head = connection.execute(_READ_HEAD).one_or_none()
    whole = (head.seq, head.hash) == (expected, last) if head else expected == 0
    return None if whole else expected + 1


def _rows(connection: Connection) -> Iterator[AnyRow]:
    """All rows in order, a thousand at a time: the log of years must not fill the memory."""
    seq = -1
    while True:
        query = select(_event).where(_event.c.seq > seq).order_by(_event.c.seq).limit(_BATCH)
        batch = connection.execute(query).all()
        if not batch:
            return
        yield from batch
        seq = batch[-1].seq


def _hash(last: bytes, seq: int, at: datetime, kind: str, ticket: str, actor: str, facts: str) -> bytes:
    moment = Utc().process_bind_param(at, None)  # type: ignore[arg-type]  # the dialect makes no difference
    said = json.dumps([seq, moment, kind, ticket, actor, facts], ensure_ascii=False)
    return hashlib.sha256(last + said.encode()).digest()
