"""Backups: one private file that is whole or absent; restoring never costs what is there, nor brings back what was erased."""

import contextlib
import os
import sqlite3
import stat
from contextlib import closing

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select

from mailflow.store import schema
from mailflow.store.backup import backup, restore
from mailflow.store.database import Database
from mailflow.store.errors import KeyGone, StoreError
from mailflow.store.secrets import Secrets
from mailflow.store.vault import Place, Vault

item = Table("note", MetaData(), Column("id", Integer, primary_key=True), Column("sealed", LargeBinary))
PLACE = Place("note", "1", "sealed", "2026-0042")


@pytest.fixture
def database(tmp_path):
    made = Database.create(tmp_path / "data" / "mailflow.db")
    schema.create(made)
    with made.write() as connection:
        item.create(connection)
        connection.execute(insert(item), [{"id": 1, "sealed": b"one"}])
    yield made
    made.close()


@pytest.fixture
def file(tmp_path, database):
    """A backup that was made, and the database changed since."""
    made = tmp_path / "mailflow.backup"
    backup(database, made)
    with database.write() as connection:
        connection.execute(insert(item), [{"id": 2, "sealed": b"two"}])
    return made


def rows(database):
    with database.read() as connection:
        return list(connection.execute(select(item.c.sealed).order_by(item.c.id)).scalars())


def names(folder):
    return sorted(each.name for each in folder.iterdir())


# ---------------------------------------------------------------- backup


def test_a_backup_is_one_private_file_of_one_moment_made_while_others_write(database, tmp_path):
    file = tmp_path / "copies" / "mailflow.backup"
    file.parent.mkdir()
    with database.write() as connection:
        connection.execute(insert(item), [{"id": 2, "sealed": b"not committed"}])
        backup(database, file)
    assert names(file.parent) == ["mailflow.backup"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with closing(sqlite3.connect(file)) as copy:
        assert copy.execute("SELECT sealed FROM note").fetchall() == [(b"one",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert names(file.parent) == ["mailflow.backup"]


def test_a_backup_never_overwrites(database, file):
    before = file.read_bytes()
    with pytest.raises(StoreError, match="never overwrites"):
        backup(database, file)
    assert file.read_bytes() == before


def test_a_backup_that_cannot_be_written_leaves_nothing(database, tmp_path):
    with pytest.raises(StoreError, match="write access"):
        backup(database, tmp_path / "no such folder" / "mailflow.backup")
    assert names(tmp_path) == ["data"]


def test_a_backup_of_a_damaged_database_is_refused_and_leaves_nothing(database, tmp_path):
    spoil(database)
    with pytest.raises(StoreError, match="damaged"):
        backup(database, tmp_path / "mailflow.backup")
    assert names(tmp_path) == ["data"]


def test_the_keys_are_never_in_a_backup(database, tmp_path):
    vault = Vault.create(tmp_path / "keys.db", Secrets.of(bytes(32)))
    key = vault.fresh()
    backup(database, tmp_path / "mailflow.backup")
    with closing(sqlite3.connect(tmp_path / "mailflow.backup")) as copy:
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
    assert "data_key" not in tables
    assert key.id not in (tmp_path / "mailflow.backup").read_bytes()


# ---------------------------------------------------------------- restore


def test_a_lost_database_comes_back_private_and_ready_for_use(database, file):
    database.close()
    database.file.unlink()
    assert restore(file, database.file) == schema.REVISION
    assert rows(database) == [b"one"]
    assert stat.S_IMODE(database.file.stat().st_mode) == 0o600
    schema.require_current(database)
    with database.write() as connection:
        connection.execute(insert(item), [{"id": 3, "sealed": b"three"}])
    assert rows(database) == [b"one", b"three"]
    assert file.exists()


def test_a_database_that_is_there_is_kept_unless_forced(database, file):
    database.close()
    with pytest.raises(StoreError, match="exists: stop mailflow and move it away"):
        restore(file, database.file)
    assert rows(database) == [b"one", b"two"]
    database.close()
    restore(file, database.file, force=True)
    assert rows(database) == [b"one"]
    assert names(database.file.parent)[0] == "mailflow.db"


def test_a_database_that_somebody_has_open_is_not_replaced_even_when_forced(database, file):
    assert rows(database) == [b"one", b"two"]
    with pytest.raises(StoreError, match="is in use: stop mailflow"):
        restore(file, database.file, force=True)
    assert rows(database) == [b"one", b"two"]


def test_a_damaged_database_can_be_replaced_and_nothing_of_its_log_is_mixed_in(database, file):
    database.close()
    database.file.write_bytes(b"these are not the pages of a database " * 1000)
    log = database.file.with_name("mailflow.db-wal")
    log.write_bytes(b"an old log" * 1000)
    restore(file, database.file, force=True)
    assert not log.exists()
    assert rows(database) == [b"one"]


@pytest.mark.parametrize("content", [b"", b"a letter " * 1000])
def test_what_is_no_backup_of_ours_is_refused_and_the_database_stays(database, tmp_path, content):
    other = tmp_path / "other"
    other.write_bytes(content)
    database.close()
    with pytest.raises(StoreError, match="other is not a database of mailflow"):
        restore(other, database.file, force=True)
    assert rows(database) == [b"one"]
    assert [name for name in names(database.file.parent) if name.startswith(".")] == []


def test_somebody_elses_database_is_refused(database, tmp_path):
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE photo (id INTEGER)")
    database.close()
    with pytest.raises(StoreError, match="not a database of mailflow"):
        restore(tmp_path / "other", database.file, force=True)


def test_a_truncated_backup_is_refused(database, file):
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    database.close()
    with pytest.raises(StoreError):
        restore(file, database.file, force=True)
    assert rows(database) == [b"one", b"two"]


def test_a_backup_of_a_newer_mailflow_is_refused(database, file):
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '0777'")
    database.close()
    with pytest.raises(StoreError, match=r"newer version of mailflow \(revision 0777\)"):
        restore(file, database.file, force=True)
    assert rows(database) == [b"one", b"two"]


def test_a_hand_made_copy_whose_last_changes_stand_beside_it_is_refused(database, file, tmp_path):
    (tmp_path / "mailflow.backup-wal").write_bytes(b"changes")
    with pytest.raises(StoreError, match="not whole"):
        restore(file, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_a_missing_backup_is_named(database, tmp_path):
    with pytest.raises(StoreError, match="can't be read"):
        restore(tmp_path / "nothing", tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_what_was_erased_since_the_backup_stays_unreadable_and_is_named_for_replay(database, tmp_path):
    vault = Vault.create(tmp_path / "keys.db", Secrets.of(bytes(32)))
    key = vault.fresh()
    with database.write() as connection:
        connection.execute(insert(item), [{"id": 9, "sealed": vault.seal(key, PLACE, b"personal words")}])
    backup(database, tmp_path / "mailflow.backup")
    vault.forget([key.id])
    database.close()
    restore(tmp_path / "mailflow.backup", database.file, force=True)
    with pytest.raises(KeyGone) as caught:
        vault.open(rows(database)[-1], PLACE)
    assert caught.value.erased
    assert vault.erased_since() == (key.id,)


class Killed(BaseException):
    pass


def test_killed_at_any_moment_a_restore_leaves_the_old_database_or_the_new_one(database, file):
    database.close()
    seen = []
    for step in range(1, 30):
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Killed):
            die_at(step, patch)
            restore(file, database.file, force=True)
            step = 0  # noqa: PLW2901 (it lived)
        seen.append(rows(database))
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        database.close()
        if not step:
            break
    assert seen[0] == [b"one", b"two"]
    assert seen[-1] == [b"one"]
    assert seen == sorted(seen, key=len, reverse=True)
    assert len(seen) > 4


def die_at(step, patch):
    """From this call of the operating system on, nothing is done any more, no tidying up either."""
    left = [step]

    def dying(real):
        def call(*args, **kwargs):
            left[0] -= 1
            if left[0] <= 0:
                raise Killed
            return real(*args, **kwargs)

        return call

    for name in ("fsync", "replace", "unlink"):
        patch.setattr(os, name, dying(getattr(os, name)))


def spoil(database):
    """Overwrite a page in the middle, as a failing disk does."""
    database.checkpoint()
    database.close()
    with database.file.open("r+b") as opened:
        opened.seek(3 * 4096)
        opened.write(os.urandom(4096))
