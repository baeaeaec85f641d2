"""Copies of the database: one SQLite file, sealed as the database is. The keys are never in it.

So whoever holds a copy alone can read no mail, and what was erased since stays unreadable after a restore.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePath
from urllib.parse import quote

from mailflow.store import files, schema
from mailflow.store.database import Database, sqlite_file
from mailflow.store.errors import StoreError
from mailflow.store.failures import sqlite_failure


def backup(database: Database, file: Path) -> None:
    """Copy the database as it is at one moment, while it is in use, to a new file of mode 0600.

    The name appears once the copy is whole, checked and on disk. Raises StoreError when the file exists or can't be
    written, or when the database is damaged; then nothing is left of it.
    """
    if file.exists():
        raise StoreError(f"{file} exists already: a backup never overwrites; name another file")
    with _replacing(file) as unfinished:
        _copy(database, unfinished)
        _checked(unfinished, file)


def backup_keys(keys: Database, file: Path) -> None:
    """The same for keys.db. Such copies must not be kept long: they can open what was erased since."""
    if file.exists():
        raise StoreError(f"{file} exists already: a backup never overwrites; name another file")
    with _replacing(file) as unfinished:
        _copy(keys, unfinished)


def _copy(database: Database, target: Path) -> None:
    with database.read() as connection:
        source = connection.connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise StoreError("this copies SQLite files alone: back up a PostgreSQL database with pg_dump")
        with closing(sqlite3.connect(target)) as opened:
            source.backup(opened)
            opened.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def restore(
    file: Path, url: str | PurePath, *, home: PurePath | None = None, force: bool = False, folder: Path | None = None
) -> str:
    """Make the database anew from a backup, and return its revision: an older one still needs `schema.upgrade`.

    Raises StoreError when it exists (unless `force`) or is in use, and when the backup is damaged, of a newer
    mailflow or not of mailflow: then the database stays as it was. Afterwards erase again the tickets that own keys
    of `Vault.erased_since()`: their texts can't be read any more, but their rows came back.
    """
    target = sqlite_file(url, home)
    if target is None:
        raise StoreError("this restores SQLite files alone: restore a PostgreSQL database with pg_restore")
    if target.exists() and not force:
        raise StoreError(f"the database {target} exists: stop mailflow and move it away before you restore another one")
    log = files.beside(file, "-wal")
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"{file} is not whole, its last changes stand in {log}: restore a file that `mailflow backup` made"
        )
    with _replacing(target) as unfinished:
        _fetch(file, unfinished)
        revision = _checked(unfinished, file)
        schema.require_known(revision, folder)
        _free(target)
    return revision


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A private file in the same folder that takes the name once it is on disk; gone when the block raises."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as opened:
            unfinished = Path(opened.name)
    except OSError as error:
        raise StoreError(
            f"{file} can't be made ({error.strerror}): give mailflow's user write access to {file.parent}"
        ) from error
    try:
        yield unfinished
        files.sync(unfinished)
        unfinished.replace(file)
        files.sync(file.parent)
    except sqlite3.Error as error:
        raise sqlite_failure(error, str(file)) or error from error
    except OSError as error:
        raise StoreError(
            f"{file} can't be written ({error.strerror}): free some space or correct the access; nothing was changed",
            temporary=True,
        ) from error
    finally:
        for each in (unfinished, *(files.beside(unfinished, suffix) for suffix in files.BESIDE)):
            each.unlink(missing_ok=True)


def _fetch(file: Path, target: Path) -> None:
    try:
        source = file.open("rb")
    except OSError as error:
        raise StoreError(
            f"the backup {file} can't be read ({error.strerror}): see that it exists and is readable"
        ) from error
    with source, target.open("wb") as opened:
        shutil.copyfileobj(source, opened, 1 << 20)


def _checked(copy: Path, name: Path) -> str:
    """The revision of a copy that nobody has open. Raises StoreError, by that name, when it is damaged or not ours."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(copy))}?mode=ro&immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise StoreError(f"{name} is damaged: take an earlier backup")
            (revision,) = connection.execute(schema.REVISION_QUERY).fetchone()
    except (sqlite3.DatabaseError, TypeError):  # not a database, no such table, no row
        raise StoreError(f"{name} is not a database of mailflow: restore a file that `mailflow backup` made") from None
    return str(revision)


def _free(database: Path) -> None:
    """Nobody has the old database open, and nothing of it is left beside it that SQLite could mix into the new one."""
    if database.exists():
        with closing(sqlite3.connect(database, timeout=1.0)) as connection:
            try:
                connection.execute("PRAGMA journal_mode=DELETE")  # only for the last one who has it open
            except sqlite3.OperationalError as error:
                raise StoreError(
                    f"the database {database} is in use: stop mailflow before you restore", temporary=True
                ) from error
            except sqlite3.DatabaseError:
                pass  # damaged: that is why it is replaced
    for suffix in files.BESIDE:
        files.beside(database, suffix).unlink(missing_ok=True)
