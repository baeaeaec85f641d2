"""Transactions: one writer, readers that see one moment, durable commits, and faults in one sentence each."""

import contextlib
import os
import sqlite3
import stat
import tempfile
import threading
from pathlib import Path, PurePath
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from mailflow.store.database import Database, savepoint
from mailflow.store.errors import StoreError
from mailflow.store.failures import postgresql_failure, sqlite_failure

NOBODY = 65534


@pytest.fixture
def database(tmp_path):
    made = Database.create(tmp_path / "data" / "mailflow.db", wait_seconds=0.05)
    with made.write() as connection:
        connection.exec_driver_sql("CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        connection.exec_driver_sql("CREATE TABLE part (item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE)")
    yield made
    made.close()


def add(connection, *ids):
    for each in ids:
        connection.exec_driver_sql("INSERT INTO item VALUES (?, 'x')", (each,))


def ids(database):
    with database.read() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM item ORDER BY id").scalars())


def pragmas(connection):
    names = "journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store", "busy_timeout", "query_only"
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


@contextlib.contextmanager
def as_ordinary_user():
    """Root may write anywhere: put the rights of an ordinary user on for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


# ---------------------------------------------------------------- files


def test_the_file_and_what_stands_beside_it_are_private_and_a_new_folder_too(database):
    with database.write() as connection:
        add(connection, 1)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in database.file.parent.iterdir()}
    assert modes == {"mailflow.db": 0o600, "mailflow.db-wal": 0o600, "mailflow.db-shm": 0o600}
    assert stat.S_IMODE(database.file.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(database):
    database.close()
    database.file.chmod(0o644)
    Database(database.file)
    assert stat.S_IMODE(database.file.stat().st_mode) == 0o600


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    Database.create(tmp_path / "mailflow.db")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_relative_url_stands_in_the_home_and_strange_names_work(tmp_path):
    name = "a ?mode=memory&#x%41.db"
    made = Database.create(PurePath(name), home=tmp_path)
    with made.write() as connection:
        connection.exec_driver_sql("CREATE TABLE item (id INTEGER)")
    assert (tmp_path / name).stat().st_size
    assert Database.create("sqlite:///plain.db", home=tmp_path).file == tmp_path / "plain.db"


# ---------------------------------------------------------------- transactions


def test_the_writer_is_durable_and_the_reader_cannot_write(database):
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "temp_store": 2,
        "busy_timeout": 50,
    }
    with database.write() as connection:
        assert pragmas(connection) == expected | {"query_only": 0}
    with database.read() as connection:
        assert pragmas(connection) == expected | {"query_only": 1}
        with pytest.raises(StoreError):
            add(connection, 1)


def test_a_block_that_ends_is_committed_and_one_that_raises_is_not(database):
    with database.write() as connection:
        add(connection, 1)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        add(connection, 2)
        1 / 0  # noqa: B018
    assert ids(database) == [1]


def test_a_write_holds_the_lock_from_its_start_so_what_it_reads_stays_true(database):
    other = Database(database.file, wait_seconds=0.01)
    with database.write(), pytest.raises(StoreError, match="locked by another process") as caught, other.write():
        pass
    assert caught.value.temporary
    with other.write() as connection:
        add(connection, 1)
    assert ids(database) == [1]


def test_readers_see_one_moment_and_wait_for_nobody(database):
    with database.read() as reader:
        before = reader.exec_driver_sql("SELECT count(*) FROM item").scalar()
        with database.write() as writer:
            add(writer, 1)
            assert reader.exec_driver_sql("SELECT count(*) FROM item").scalar() == before
        assert reader.exec_driver_sql("SELECT count(*) FROM item").scalar() == before
    assert ids(database) == [1]


def test_threads_write_one_after_the_other(database):
    patient = Database(database.file)
    failures = []

    def work(start):
        try:
            for n in range(start, start + 20):
                with patient.write() as connection:
                    add(connection, n)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 100, 200)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    assert len(ids(database)) == 60


def test_a_broken_constraint_is_not_a_fault_of_the_machine_and_shows_no_value(database):
    with pytest.raises(IntegrityError) as caught, database.write() as connection:
        connection.exec_driver_sql("INSERT INTO item VALUES (1, 'a'), (1, ?)", ("secret words",))
    assert "secret words" not in str(caught.value)
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO part VALUES (99)")
    with pytest.raises(OperationalError), database.write() as connection:
        connection.exec_driver_sql("SELECT * FROM nothing")


# ---------------------------------------------------------------- savepoints


def test_a_savepoint_undoes_its_own_block_alone(database):
    with database.write() as connection:
        add(connection, 1)
        with pytest.raises(IntegrityError), savepoint(connection):
            add(connection, 2, 1)
        with savepoint(connection):
            add(connection, 3)
            with pytest.raises(ZeroDivisionError), savepoint(connection):
                add(connection, 4)
                1 / 0  # noqa: B018
        add(connection, 5)
    assert ids(database) == [1, 3, 5]


def test_savepoints_are_worth_nothing_until_the_transaction_is_committed(database):
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        with savepoint(connection):
            add(connection, 1)
        1 / 0  # noqa: B018
    assert ids(database) == []


def test_a_transaction_that_sqlite_gave_up_is_never_half_committed(database):
    with pytest.raises(StoreError, match="nothing of it was kept") as caught, database.write() as connection:
        add(connection, 1)
        with pytest.raises(StoreError, match="nothing of it was kept"), savepoint(connection):
            connection.exec_driver_sql("ROLLBACK")  # as SQLite does by itself when the disk is full
            raise ZeroDivisionError
        with savepoint(connection):
            add(connection, 2)
    assert caught.value.temporary
    assert ids(database) == []


def test_a_transaction_that_was_given_up_without_notice_raises_at_its_end(database):
    with pytest.raises(StoreError, match="nothing of it was kept"), database.write() as connection:
        add(connection, 1)
        connection.exec_driver_sql("ROLLBACK")
    assert ids(database) == []


# ---------------------------------------------------------------- migrations and the log


def test_a_table_can_be_made_anew_in_a_rebuild_without_losing_what_refers_to_it(database):
    with database.write() as connection:
        add(connection, 1)
        connection.exec_driver_sql("INSERT INTO part VALUES (1)")
    with database.rebuild() as connection:
        connection.exec_driver_sql("CREATE TABLE new (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        connection.exec_driver_sql("INSERT INTO new SELECT * FROM item")
        connection.exec_driver_sql("DROP TABLE item")
        connection.exec_driver_sql("ALTER TABLE new RENAME TO item")
    with database.write() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM part").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_rebuild_that_breaks_references_changes_nothing(database):
    with pytest.raises(StoreError, match="would break references"), database.rebuild() as connection:
        connection.exec_driver_sql("INSERT INTO part VALUES (99)")
    with database.write() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM part").scalar() == 0
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_checkpoint_empties_the_log_unless_a_reader_needs_it(database):
    log = database.file.with_name("mailflow.db-wal")
    with database.write() as connection:
        add(connection, 1)
    assert database.checkpoint()
    assert log.stat().st_size == 0
    with database.read() as reader:
        reader.exec_driver_sql("SELECT * FROM item").all()
        with database.write() as connection:
            add(connection, 2)
        assert not database.checkpoint()
    assert database.checkpoint()


# ---------------------------------------------------------------- faults


def test_a_missing_file_is_refused_and_not_made(tmp_path):
    with pytest.raises(StoreError, match="is missing: restore it from its backup, or make"):
        Database(tmp_path / "mailflow.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_vanishes_later_is_not_made_anew(database):
    database.close()
    database.file.unlink()
    with pytest.raises(StoreError, match="can't be opened: see that it exists"), database.write():
        pass
    assert not database.file.exists()


def test_an_existing_file_is_never_made_anew(database):
    with pytest.raises(StoreError, match="never overwritten"):
        Database.create(database.file)


def test_a_file_that_is_no_database_is_named(tmp_path):
    file = tmp_path / "mailflow.db"
    file.write_bytes(b"these are not the pages of a database " * 100)
    with pytest.raises(StoreError, match="is not a database: restore") as caught, Database(file).read():
        pass
    assert not caught.value.temporary


def test_a_full_disk_is_temporary_and_loses_nothing(database):
    with database.write() as connection:
        add(connection, 1)
    with pytest.raises(StoreError, match="disk is full: free some space") as caught, database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        connection.exec_driver_sql("INSERT INTO item VALUES (2, ?)", ("x" * 100_000,))
    assert caught.value.temporary
    assert ids(database) == [1]


def test_a_read_only_folder_is_named_with_what_to_do(tmp_path):
    folder = tmp_path / "data"
    Database.create(folder / "mailflow.db").close()
    for parent in (tmp_path, *tmp_path.parents):
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o755)
    folder.chmod(0o555)
    (folder / "mailflow.db").chmod(0o400)
    if os.geteuid() == 0:
        os.chown(folder / "mailflow.db", NOBODY, NOBODY)
    with as_ordinary_user():
        with pytest.raises(StoreError, match="mailflow's user") as caught, Database(folder / "mailflow.db").write():
            pass
        with pytest.raises(StoreError, match="give mailflow's user write access"):
            Database.create(folder / "other.db")
    folder.chmod(0o755)
    assert caught.value.temporary


@pytest.mark.parametrize(
    "url", ["", "no url", "mysql://h/d", "oracle://h", "sqlite://", "sqlite:///:memory:", "sqlite:///a.db?mode=ro"]
)
def test_what_is_not_served_is_refused_without_repeating_it(url):
    with pytest.raises(StoreError, match=r"write sqlite:///mailflow\.db"):
        Database(url)


def test_every_connection_in_use_is_said_after_a_while(database):
    with (
        database.write(),
        pytest.raises(StoreError, match="every connection of this process") as caught,
        database.write(),
    ):
        pass
    assert caught.value.temporary


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "locked"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "write access to the file and its folder"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "can't be opened"),
        (sqlite3.SQLITE_IOERR_FSYNC, "the disk reports an error"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "is damaged"),
    ],
)
def test_sqlite_faults_are_told_by_their_code_whatever_their_words(code, words):
    error = sqlite3.OperationalError("words of the library")
    error.sqlite_errorcode = code
    failure = sqlite_failure(error, "mailflow.db")
    assert words in failure.sentence
    assert "words of the library" not in failure.sentence


def test_a_mistake_in_a_statement_is_no_fault_of_sqlite(tmp_path):
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(":memory:").execute("SELEKT")
    assert sqlite_failure(caught.value, "mailflow.db") is None
    assert sqlite_failure(sqlite3.ProgrammingError("closed"), "mailflow.db") is None
    assert sqlite_failure(ValueError(), "mailflow.db") is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("53100", "disk is full"),
        ("53300", "no connections"),
        ("08006", "can't be reached"),
        ("28P01", "refuses our user"),
        ("3D000", "does not exist"),
        ("40P01", "at the same time"),
        ("57P01", "ended the connection"),
        (None, "can't be reached"),
    ],
)
def test_postgresql_faults_are_told_by_their_state(state, words):
    kind = type("OperationalError", (Exception,), {"__module__": "psycopg.errors", "sqlstate": state})
    assert words in postgresql_failure(kind(), "desk").sentence


def test_a_mistake_in_a_statement_is_no_fault_of_postgresql():
    kind = type("UniqueViolation", (Exception,), {"__module__": "psycopg.errors", "sqlstate": "23505"})
    assert postgresql_failure(kind(), "desk") is None
    assert postgresql_failure(SimpleNamespace(), "desk") is None
