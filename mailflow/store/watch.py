"""How the mailboxes and the daemon are doing: written by the daemon, read by `mailflow status`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from mailflow.store.store import Store
from mailflow.store.tables import AnyRow, LedgerRow, PulseRow, WatchRow

_watch, _ledger, _pulse = WatchRow.__table__, LedgerRow.__table__, PulseRow.__table__


def opened(store: Store, mailbox: str, folder: str, uidvalidity: int, now: datetime) -> datetime:
    """A folder was opened: all is well with it. Returns when that happened for the first time ever."""
    here = (_watch.c.mailbox == mailbox, _watch.c.folder == folder)
    with store.database.write() as connection:
        first: datetime | None = connection.execute(select(_watch.c.first_at).where(*here)).scalar_one_or_none()
        if first is None:
            row = {"mailbox": mailbox, "folder": folder, "uidvalidity": uidvalidity, "first_at": now, "last_ok": now}
            connection.execute(insert(_watch), row)
            return now
        values = {"uidvalidity": uidvalidity, "last_ok": now, "trouble": "", "trouble_since": None}
        connection.execute(update(_watch).where(*here).values(**values))
        return first


def in_trouble(store: Store, mailbox: str, folders: Sequence[str], sentence: str, now: datetime) -> None:
    """A mailbox can't be read: since when, and why. The sentence is for the operator."""
    with store.database.write() as connection:
        for folder in folders:
            here = (_watch.c.mailbox == mailbox, _watch.c.folder == folder)
            row = connection.execute(select(_watch.c.trouble_since).where(*here)).one_or_none()
            if row is None:
                connection.execute(insert(_watch), _never_opened(mailbox, folder, sentence, now))
            else:
                since = row.trouble_since or now
                connection.execute(update(_watch).where(*here).values(trouble=sentence, trouble_since=since))


def _never_opened(mailbox: str, folder: str, sentence: str, now: datetime) -> dict[str, object]:
    row = {"mailbox": mailbox, "folder": folder, "uidvalidity": 0, "first_at": now}
    return {**row, "trouble": sentence, "trouble_since": now}


def highest_uid(store: Store, mailbox: str, folder: str, uidvalidity: int) -> int | None:
    """The highest uid that was ever taken there."""
    here = (_ledger.c.mailbox == mailbox, _ledger.c.folder == folder, _ledger.c.uidvalidity == uidvalidity)
    with store.database.read() as connection:
        return connection.execute(select(func.max(_ledger.c.uid)).where(*here)).scalar()


def all_of(connection: Connection) -> Sequence[AnyRow]:
    return connection.execute(select(_watch).order_by(_watch.c.mailbox, _watch.c.folder)).all()


def beat(store: Store, name: str, pid: int, started: datetime, now: datetime) -> None:
    """A sign of life."""
    with store.database.write() as connection:
        done = connection.execute(
            update(_pulse).where(_pulse.c.name == name).values(pid=pid, started=started, beat=now)
        )
        if not done.rowcount:
            connection.execute(insert(_pulse), {"name": name, "pid": pid, "started": started, "beat": now})


def pulse(connection: Connection, name: str) -> AnyRow | None:
    return connection.execute(select(_pulse).where(_pulse.c.name == name)).one_or_none()


def stopped(store: Store, name: str) -> None:
    """A clean end: nobody needs to wonder where the daemon is."""
    with store.database.write() as connection:
        connection.execute(_pulse.delete().where(_pulse.c.name == name))
