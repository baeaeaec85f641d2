"""A database and its transactions: one writer at a time, readers that see one moment, durable once committed.

SQLite and PostgreSQL. What only one of them needs stands in a class of its own, chosen once by the URL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from mailflow.store import files
from mailflow.store.errors import StoreError
from mailflow.store.failures import postgresql_failure, sqlite_failure

WAIT_SECONDS = 10.0
_READERS = 5


class Database:
    """One database, for all threads of this process."""

    def __init__(
        self, url: str | PurePath, *, home: PurePath | None = None, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        """By SQLAlchemy URL, or by the path of a SQLite file; a relative one stands in `home`.

        Nothing is opened yet, but a SQLite file must exist (StoreError).
        `wait_seconds`: how long to wait for another writer before giving up.
        """
        self.url = _resolved(url, home)
        self.file = sqlite_file(url, home)  # None on a server
        self.wait_seconds = wait_seconds
        if self.file is not None:
            files.keep_private(self.file)
            self._writer = self._sqlite_engine(self.file, writes=True)
            self._reader = self._sqlite_engine(self.file, writes=False)
        else:
            self._writer = _server_engine(self.url)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            event.listen(self._writer, "handle_error", self._explain)

    @classmethod
    def create(cls, url: str | PurePath, *, home: PurePath | None = None, wait_seconds: float = WAIT_SECONDS) -> Self:
        """The same, for a SQLite file that must not exist yet: it is made empty (mode 0600, a new folder 0700)."""
        file = sqlite_file(url, home)
        if file is not None:
            files.create_private(file)
        return cls(url, home=home, wait_seconds=wait_seconds)

    @property
    def name(self) -> str:
        """For sentences to people: the file, or the URL without its password."""
        return str(self.file or self.url.render_as_string(hide_password=True))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may change things: committed, on disk, when the block ends; rolled back when it raises.

        On SQLite it holds the only write lock from its start, so what is read in it stays true. Don't nest it.
        """
        with self._transaction(self._writer) as connection:
            yield connection
            _still_open(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database, blocks nobody and cannot change anything."""
        with self._transaction(self._reader) as connection:
            yield connection

    @contextmanager
    def rebuild(self) -> Iterator[Connection]:
        """`write()` for migrations: on SQLite, foreign keys are checked as a whole before the commit, and not acted on.

        SQLite changes a table by making it anew, and would take dropping the old one for deleting what refers to it.
        """
        self._outside_transaction("PRAGMA foreign_keys=OFF")
        try:
            with self.write() as connection:
                yield connection
                if self.file is not None and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise StoreError(
                        f"a migration would break references in {self.name}: nothing was changed; please report it"
                    )
        finally:
            self._outside_transaction("PRAGMA foreign_keys=ON")

    def checkpoint(self) -> bool:
        """Empty SQLite's write-ahead log into the file, so that nothing deleted still stands in it.

        False when a reader kept it from that: the next one will.
        """
        row = self._outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")
        return row is None or row[0] == 0

    def close(self) -> None:
        """Give back every connection. The database can be used again afterwards."""
        self._writer.dispose()
        self._reader.dispose()

    def __repr__(self) -> str:
        return f"Database({self.name})"

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            connection = engine.connect()
        except PoolTimeout:
            raise StoreError(
                f"{self.name} is busy: every connection of this process has been in use for {self.wait_seconds:g} s",
                temporary=True,
            ) from None
        with connection, connection.begin():
            yield connection

    def _outside_transaction(self, pragma: str) -> tuple[int, ...] | None:
        """The pragma's first row, from the one connection that writes; None on a server, which has none of them."""
        if self.file is None:
            return None
        connection = self._writer.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(pragma)
            return cursor.fetchone()
        except sqlite3.Error as error:
            raise sqlite_failure(error, self.name) or error from error
        finally:
            connection.close()

    def _sqlite_engine(self, file: Path, *, writes: bool) -> Engine:
        """One connection that writes, a few that can only read: SQLite has one write lock for all."""

        def connect() -> sqlite3.Connection:
            return _sqlite_connection(file, self.wait_seconds, writes=writes)

        engine = create_engine(
            "sqlite://",
            creator=connect,
            poolclass=QueuePool,
            pool_size=1 if writes else _READERS,
            max_overflow=0,
            pool_timeout=self.wait_seconds,
            hide_parameters=True,  # nothing that is stored may stand in an exception
        )
        event.listen(engine, "handle_error", self._explain)
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    def _explain(self, context: ExceptionContext) -> StoreError | None:
        """Faults of the machine become a StoreError, wherever they show; mistakes in our statements stay so."""
        explain = sqlite_failure if self.file is not None else postgresql_failure
        return explain(context.original_exception, self.name)


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo what this block did, and that alone, when it raises. They may be nested.

    In plain SQL: begin_nested() costs three times as much. After a StoreError the whole
    transaction is lost: let it pass.
    """
    _still_open(connection)
    connection.exec_driver_sql("SAVEPOINT mailflow")
    try:
        yield
    except BaseException:
        _still_open(connection)
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT mailflow")
        connection.exec_driver_sql("RELEASE SAVEPOINT mailflow")
        raise
    connection.exec_driver_sql("RELEASE SAVEPOINT mailflow")


def _still_open(connection: Connection) -> None:
    """SQLite ends a transaction by itself on some faults (disk full): what follows would be committed alone."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        raise StoreError(
            "the database gave up the transaction because of an earlier fault: nothing of it was kept; try again",
            temporary=True,
        )


def _sqlite_connection(file: Path, wait_seconds: float, *, writes: bool) -> sqlite3.Connection:
    """`mode=rw`: a missing file is an error, never a new empty database."""
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?mode=rw",
        uri=True,
        timeout=wait_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        _tune(connection, file, writes=writes)
    except BaseException:
        connection.close()
        raise
    return connection


def _tune(connection: sqlite3.Connection, file: Path, *, writes: bool) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise StoreError(f"{file} stands on a file system without shared memory: put it on a disk of this machine")
    connection.execute("PRAGMA synchronous=FULL")  # a commit is on the disk
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA temp_store=MEMORY")  # no temporary files
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")


def _server_engine(url: URL) -> Engine:
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StoreError(f"a PostgreSQL database needs the package {error.name}: install it beside mailflow") from None


def _resolved(url: str | PurePath, home: PurePath | None) -> URL:
    """A checked URL; a SQLite file in it is absolute."""
    try:
        parsed = URL.create("sqlite", database=str(url)) if isinstance(url, PurePath) else make_url(url)
        backend = parsed.get_backend_name()
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError):
        raise StoreError(
            "the database URL is not one: write sqlite:///mailflow.db or postgresql://user@host/name in config.toml"
        ) from None
    if backend == "postgresql":
        return parsed
    if backend != "sqlite" or parsed.query or not parsed.database or parsed.database == ":memory:":
        raise StoreError(f"a {backend} database of this kind is not served: write sqlite:///mailflow.db in config.toml")
    return parsed.set(database=str(Path(home or "").absolute() / parsed.database))


def sqlite_file(url: str | PurePath, home: PurePath | None = None) -> Path | None:
    """The absolute SQLite file that a URL or path means, existing or not; None for a server."""
    parsed = _resolved(url, home)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
