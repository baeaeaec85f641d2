"""Faults of the machine, as SQLite and PostgreSQL report them, in words for a person."""

from __future__ import annotations

import sqlite3

from mailflow.store.errors import StoreError

_PRIMARY = 0xFF  # SQLite's extended codes keep the plain one in the low octet

# code: what is wrong with the named database, what to do, whether it may pass by itself
_SQLITE = {
    sqlite3.SQLITE_FULL: ("can't grow, its disk is full", "free some space; nothing was lost", True),
    sqlite3.SQLITE_BUSY: ("is locked by another process", "end the one that holds it, or try again", True),
    sqlite3.SQLITE_LOCKED: ("is locked by another process", "end the one that holds it, or try again", True),
    sqlite3.SQLITE_READONLY: ("can't be written", "give mailflow's user write access to the file and its folder", True),
    sqlite3.SQLITE_CANTOPEN: (
        "can't be opened",
        "see that it exists and that mailflow's user may write in its folder",
        True,
    ),
    sqlite3.SQLITE_PERM: ("can't be opened", "give mailflow's user access to the file and its folder", True),
    sqlite3.SQLITE_IOERR: (
        "can't be read or written, the disk reports an error",
        "look at the disk and its space",
        True,
    ),
    sqlite3.SQLITE_NOTADB: ("is not a database", "restore it from its backup", False),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "stop mailflow and restore it from its backup", False),
}

# the same by SQLSTATE, or by its class of two letters
_POSTGRESQL = {
    "53100": ("can't grow, its disk is full", "free some space; nothing was lost", True),
    "53": ("has no connections or memory left", "raise the server's limits, or try again", True),
    "08": ("can't be reached", "see that the server runs and that the URL in config.toml is right", True),
    "57": ("ended the connection", "see that the server runs", True),
    "58": ("can't be read or written, the server reports a system error", "look at its disk", True),
    "28": ("refuses our user or password", "correct the URL in config.toml", False),
    "3D": ("does not exist", "create it on the server, or correct the URL in config.toml", False),
    "42501": ("can't be changed by our user", "grant it the rights on the server", False),
    "25006": ("can't be written, the server is a read-only one", "name the primary server in config.toml", True),
    "55P03": ("is locked by another process", "try again", True),
    "40": ("was changed by another process at the same time", "try again", True),
    "XX": ("is damaged", "restore it from its backup", False),
}


def sqlite_failure(error: BaseException | None, database: str) -> StoreError | None:
    """The fault in one sentence; None when the statement itself was wrong or broke a constraint."""
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", None)  # absent when Python, not SQLite, raised it
    return _said(_SQLITE.get(code & _PRIMARY), database) if isinstance(code, int) else None


def postgresql_failure(error: BaseException | None, database: str) -> StoreError | None:
    """The same for psycopg. A failure without SQLSTATE never came from the server: it can't be reached."""
    if error is None or type(error).__module__.partition(".")[0] != "psycopg":
        return None
    state = getattr(error, "sqlstate", None)
    if state is None:
        return _said(_POSTGRESQL["08"], database) if type(error).__name__ == "OperationalError" else None
    return _said(_POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2]), database)


def _said(failure: tuple[str, str, bool] | None, database: str) -> StoreError | None:
    if failure is None:
        return None
    wrong, remedy, temporary = failure
    return StoreError(f"the database {database} {wrong}: {remedy}", temporary=temporary)
