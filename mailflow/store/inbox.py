"""Raw mails, from the moment they are safe here until something became of them; among them the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from mailflow.core.model import Outcome, ShelfItem
from mailflow.store.errors import Unreadable
from mailflow.store.ids import new_id
from mailflow.store.store import Store
from mailflow.store.tables import AnyRow, InboxRow, KeyOwnerRow, LedgerRow, TombstoneRow
from mailflow.store.vault import ID_OCTETS, Place

LEASE = timedelta(minutes=5)
SHORTEST_ID = 8  # letters of an id that people name a mail by
TRIES = 3  # after so many a mail goes to the shelf
PAUSE = timedelta(seconds=5)  # after a failed try, so that others go first

_inbox, _ledger, _owner, _tombstone = (r.__table__ for r in (InboxRow, LedgerRow, KeyOwnerRow, TombstoneRow))
_INSERT_INBOX, _INSERT_LEDGER, _INSERT_OWNER = insert(_inbox), insert(_ledger), insert(_owner)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a mail stands on a mail server."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A raw mail to be kept; `spot` is None for one that came from a file."""

    raw: bytes
    source: str
    spot: Spot | None = None
    archive: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    inbox: str  # id of its row; of the earlier row when the same octets were taken in before
    new: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that was claimed for handling."""

    id: str
    raw: bytes | Unreadable  # its octets, or why they can't be opened
    size: int
    tries: int  # this one included
    archive: bool
    released_by: str
    taken_at: datetime
    key: bytes  # id of its data key


def keep(store: Store, mails: Sequence[Arrived], now: datetime) -> list[Kept]:
    """Seal and commit raw mails: when this returns they are safe, and the server may be told. Repeating it is harmless."""
    sealed = [_sealed(store, mail, now) for mail in mails]
    kept: list[Kept] = []
    with store.database.write() as connection:
        known = _known(connection, [row["digest"] for row, _ in sealed])
        inbox_rows, owners, ledger_rows = [], [], []
        for mail, (row, owner) in zip(mails, sealed, strict=True):
            earlier = known.get(row["digest"])
            if earlier is None:
                known[row["digest"]] = row["id"]
                inbox_rows.append(row)
                owners.append(owner)
            kept.append(Kept(earlier or row["id"], new=earlier is None))
            if mail.spot:
                ledger_rows.append(_ledger_row(mail.spot, kept[-1].inbox, now))
        for statement, rows in ((_INSERT_INBOX, inbox_rows), (_INSERT_OWNER, owners)):
            if rows:
                connection.execute(statement, rows)
        _enter(connection, ledger_rows)
    return kept


def _sealed(store: Store, mail: Arrived, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    row, key = new_id(now), store.vault.fresh()
    values = {
        "id": row,
        "digest": store.blind_mail(mail.raw),
        "source": mail.source,
        "taken_at": now,
        "size": len(mail.raw),
        "sealed": store.vault.seal(key, raw_place(row), mail.raw),
        "state": "waiting",
        "tries": 0,
        "archive": mail.archive,
    }
    return values, {"key": key.id, "owner": f"inbox:{row}"}


def raw_place(row: str) -> Place:
    return Place("inbox", row, "sealed", row)


def _known(connection: Connection, digests: Sequence[str]) -> dict[str, str]:
    """Digest to inbox id of what we hold; an erased mail counts as held, by nobody's id."""
    held = connection.execute(select(_inbox.c.digest, _inbox.c.id).where(_inbox.c.digest.in_(digests)))
    erased = connection.execute(select(_tombstone.c.digest).where(_tombstone.c.digest.in_(digests))).scalars()
    return {**dict.fromkeys(erased, "erased"), **{row.digest: row.id for row in held}}


def _ledger_row(spot: Spot, inbox: str, now: datetime) -> dict[str, Any]:
    where = {"mailbox": spot.mailbox, "folder": spot.folder, "uidvalidity": spot.uidvalidity, "uid": spot.uid}
    return {**where, "inbox": inbox, "taken_at": now, "settled": False}


def _enter(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add what the ledger doesn't hold yet."""
    if not rows:
        return
    first = rows[0]
    uids = [row["uid"] for row in rows]
    held = _held(connection, first["mailbox"], first["folder"], first["uidvalidity"], uids)
    fresh = [row for row in rows if row["uid"] not in held]
    if fresh:
        connection.execute(_INSERT_LEDGER, fresh)


def _held(connection: Connection, mailbox: str, folder: str, uidvalidity: int, uids: Iterable[int]) -> set[int]:
    query = select(_ledger.c.uid).where(
        _ledger.c.mailbox == mailbox,
        _ledger.c.folder == folder,
        _ledger.c.uidvalidity == uidvalidity,
        _ledger.c.uid.in_(list(uids)),
    )
    return set(connection.execute(query).scalars())


def held_uids(store: Store, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
    """Which of these uids the ledger holds: they need only be settled, never fetched again."""
    with store.database.read() as connection:
        return {
            uid
            for start in range(0, len(uids), 500)
            for uid in _held(connection, mailbox, folder, uidvalidity, uids[start : start + 500])
        }


def settled(store: Store, mailbox: str, folder: str, uidvalidity: int, uids: Sequence[int]) -> None:
    """The server was told about these mails."""
    statement = (
        update(_ledger)
        .where(_ledger.c.mailbox == mailbox, _ledger.c.folder == folder, _ledger.c.uidvalidity == uidvalidity)
        .where(_ledger.c.uid == bindparam("the_uid"))
        .values(settled=True)
    )
    with store.database.write() as connection:
        connection.execute(statement, [{"the_uid": uid} for uid in uids])


# ---------------------------------------------------------------- handling

_CLAIMABLE = (
    select(
        _inbox.c.id,
        _inbox.c.sealed,
        _inbox.c.size,
        _inbox.c.tries,
        _inbox.c.archive,
        _inbox.c.released_by,
        _inbox.c.taken_at,
    )
    .where(_inbox.c.state == "waiting")
    .where(or_(_inbox.c.leased_until.is_(None), _inbox.c.leased_until <= bindparam("now")))
    .order_by(_inbox.c.taken_at, _inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(_inbox)
    .where(_inbox.c.id == bindparam("the_id"))
    .values(tries=_inbox.c.tries + 1, leased_until=bindparam("until"))
)


def claim(store: Store, now: datetime, most: int) -> list[Waiting]:
    """The oldest waiting mails, their tries raised in a commit of its own: a crash while handling them is counted.

    One that failed before comes alone, so that it can only spoil itself.
    """
    with store.database.write() as connection:
        rows = connection.execute(_CLAIMABLE, {"now": now, "most": most}).all()
        chosen = _alone(rows)
        if chosen:
            connection.execute(_CLAIM, [{"the_id": row.id, "until": now + LEASE} for row in chosen])
    raws = store.vault.open_each([(row.sealed, raw_place(row.id)) for row in chosen])
    return [_waiting(row, raw) for row, raw in zip(chosen, raws, strict=True)]


def _waiting(row: AnyRow, raw: bytes | Unreadable) -> Waiting:
    key = row.sealed[1 : 1 + ID_OCTETS]
    return Waiting(row.id, raw, row.size, row.tries + 1, row.archive, row.released_by, row.taken_at, key)


def _alone(rows: Sequence[AnyRow]) -> Sequence[AnyRow]:
    suspect = next((number for number, row in enumerate(rows) if row.tries > 0), len(rows))
    return rows[: max(suspect, 1)]


def still_claimed(connection: Connection, claimed: Sequence[Waiting]) -> set[str]:
    """Which of these nobody claimed or handled since: each claim raises the tries, so an earlier one shows its age."""
    query = select(_inbox.c.id, _inbox.c.tries).where(_inbox.c.id.in_([each.id for each in claimed]))
    rows = connection.execute(query.where(_inbox.c.state == "waiting").with_for_update())
    tries = {each.id: each.tries for each in claimed}
    return {row.id for row in rows if row.tries == tries[row.id]}


def forget_leases(store: Store) -> None:
    """At the start of the only daemon: what a dead one had claimed is free again."""
    with store.database.write() as connection:
        connection.execute(update(_inbox).where(_inbox.c.leased_until.is_not(None)).values(leased_until=None))


def failed(store: Store, waiting: Waiting, fault: str, now: datetime) -> None:
    """A try failed: others go first, and the traceback is kept, sealed."""
    raw_key = store.vault.fresh()
    sealed = store.vault.seal(raw_key, Place("inbox", waiting.id, "fault", waiting.id), fault.encode())
    with store.database.write() as connection:
        connection.execute(_INSERT_OWNER, {"key": raw_key.id, "owner": f"inbox:{waiting.id}"})
        pause = now + PAUSE * waiting.tries
        row = update(_inbox).where(_inbox.c.id == waiting.id)
        connection.execute(row.values(fault=sealed, leased_until=pause))


def untried(store: Store, claimed: Sequence[Waiting]) -> None:
    """The try did not count: something else than the mail was at fault (a full disk, a locked database).

    Harmless when told twice, and for mails that were handled or claimed anew.
    """
    with store.database.write() as connection:
        connection.execute(_UNTRIED, [{"the_id": each.id, "this_try": each.tries} for each in claimed])


_UNTRIED = (
    update(_inbox)
    .where(_inbox.c.id == bindparam("the_id"), _inbox.c.state == "waiting", _inbox.c.tries == bindparam("this_try"))
    .values(tries=_inbox.c.tries - 1, leased_until=None)
)
_CONCLUDE = (
    update(_inbox)
    .where(_inbox.c.id == bindparam("the_id"))
    .values(
        state=bindparam("new_state"),
        outcome=bindparam("new_outcome"),
        because=bindparam("new_because"),
        ticket=bindparam("new_ticket"),
        sameness=bindparam("new_sameness"),
        handled_at=bindparam("at"),
        leased_until=None,
    )
)


def conclude(
    connection: Connection, inbox: str, outcome: Outcome, because: str, ticket: str, sameness: str, now: datetime
) -> None:
    """What became of a mail, within the transaction that did it."""
    state = "shelved" if outcome is Outcome.SHELVED else "handled"
    told = {"new_outcome": outcome.value, "new_because": because, "new_ticket": ticket, "new_sameness": sameness}
    connection.execute(_CONCLUDE, {"the_id": inbox, "new_state": state, "at": now, **told})


def release(connection: Connection, inbox: str, by: str) -> None:
    """Off the shelf, to be handled again."""
    values = {"state": "waiting", "tries": 0, "released_by": by, "outcome": "", "because": "", "leased_until": None}
    connection.execute(update(_inbox).where(_inbox.c.id == inbox, _inbox.c.state == "shelved").values(values))


def hold_until(connection: Connection, inbox: str, until: datetime | None) -> None:
    connection.execute(update(_inbox).where(_inbox.c.id == inbox).values(held_until=until))


def held_too_long(connection: Connection, now: datetime) -> list[str]:
    """The mails on the shelf whose deadline is over."""
    query = select(_inbox.c.id).where(_inbox.c.state == "shelved", _inbox.c.held_until <= now)
    return list(connection.execute(query.order_by(_inbox.c.held_until)).scalars())


def drop(connection: Connection, inbox: str) -> None:
    row = update(_inbox).where(_inbox.c.id == inbox, _inbox.c.state == "shelved")
    connection.execute(row.values(state="dropped"))


def on_shelf(connection: Connection, part: str) -> str:
    """The id of the one mail on the shelf whose id begins or ends so; "" when there is none, or more than one."""
    if len(part) < SHORTEST_ID or not part.isalnum():
        return ""
    named = or_(_inbox.c.id.startswith(part), _inbox.c.id.endswith(part))
    query = select(_inbox.c.id).where(_inbox.c.state == "shelved", named).limit(2)
    found = connection.execute(query).scalars().all()
    return found[0] if len(found) == 1 else ""


def shelf_item(connection: Connection, inbox: str) -> ShelfItem | None:
    """The shelf's side of a mail; `waiting` is False once it left the shelf."""
    columns = (_inbox.c.because, _inbox.c.handled_at, _inbox.c.ticket, _inbox.c.size, _inbox.c.state, _inbox.c.taken_at)
    row = connection.execute(select(*columns).where(_inbox.c.id == inbox)).one_or_none()
    if row is None:
        return None
    return ShelfItem(inbox, row.because, row.handled_at or row.taken_at, row.ticket, row.size, row.state == "shelved")


def questions(store: Store, since: datetime | None) -> list[AnyRow]:
    """The mails that opened a ticket: id, ticket, taken_at; oldest first."""
    query = select(_inbox.c.id, _inbox.c.ticket, _inbox.c.taken_at).where(
        _inbox.c.outcome == "opened", ~_inbox.c.archive
    )
    query = query.where(_inbox.c.taken_at >= since) if since else query
    with store.database.read() as connection:
        return list(connection.execute(query.order_by(_inbox.c.taken_at, _inbox.c.id)))


def raw(store: Store, inbox: str) -> bytes:
    """The octets of a mail that we hold. Raises KeyGone when they were erased, LookupError when there is no such row."""
    with store.database.read() as connection:
        sealed = connection.execute(select(_inbox.c.sealed).where(_inbox.c.id == inbox)).scalar_one_or_none()
    if sealed is None:
        message = f"no mail {inbox} in the inbox"
        raise LookupError(message)
    return store.vault.open(sealed, raw_place(inbox))
