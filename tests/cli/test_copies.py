"""`backup`, `keys backup`, `restore`, `upgrade`: copies that can be trusted, keys apart from data."""

import os
import sqlite3
import stat
from contextlib import closing

import pytest
from sqlalchemy import text

from mailflow.config import load_settings
from mailflow.daemon.lock import only_one
from mailflow.store.schema import REVISION
from mailflow.store.store import Store


@pytest.fixture
def copy(mailflow, opened, tmp_path):
    assert mailflow("backup", tmp_path / "copy").code == 0
    return tmp_path / "copy"


def test_a_backup_brings_everything_back(mailflow, copy, home, letter):
    before = mailflow("ticket", "list", "--json").out
    mailflow("ingest", letter())
    (home / "data/mailflow.db").unlink()
    said = mailflow("restore", copy)
    assert said.code == 0
    assert mailflow("ticket", "list", "--json").out == before
    assert "2 mails wait in its outbox; those that left since the backup would leave once more." in said.out
    assert mailflow("verify", "--offline").code == 0


def test_a_backup_is_for_its_owner_alone_and_holds_no_keys_and_no_words(mailflow, copy):
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert b"What does the convention say" not in copy.read_bytes()
    with closing(sqlite3.connect(copy)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "data_key" not in tables


def test_a_backup_never_overwrites(mailflow, copy):
    said = mailflow("backup", copy)
    assert (said.code, said.err) == (1, f"{copy} exists already: a backup never overwrites; name another file\n")


def test_a_database_that_is_there_is_replaced_by_force_alone(mailflow, copy):
    assert mailflow("restore", copy).code == 1
    assert mailflow("restore", "--force", copy).code == 0


def test_nothing_is_restored_under_a_daemon_at_work(mailflow, copy, home):
    with only_one(home / "data"):
        said = mailflow("restore", "--force", copy)
    assert said.code == 1
    assert said.err == f"a daemon of this installation runs already (process {os.getpid()}): stop it first\n"


def test_a_file_that_is_no_backup_changes_nothing(mailflow, opened, tmp_path):
    (tmp_path / "x").write_text("no backup")
    said = mailflow("restore", "--force", tmp_path / "x")
    assert said.code == 1
    assert said.err.endswith("is not a database of mailflow: restore a file that `mailflow backup` made\n")
    assert mailflow("ticket", "list", "--json").object["ref"] == opened


def test_what_was_erased_since_the_backup_stays_unreadable(mailflow, copy, home, opened):
    store = Store.open(load_settings(home))
    with store.database.read() as connection:
        store.vault.forget(connection.execute(text("SELECT key FROM key_owner")).scalars())
    store.close()
    said = mailflow("restore", "--force", copy)
    assert "keys were erased since: what they sealed stays unreadable." in said.out
    assert mailflow("ticket", "show", opened, "--json").object["unreadable"]


def test_the_keys_are_copied_apart_and_can_be_put_back(mailflow, home, opened, tmp_path):
    said = mailflow("keys", "backup", tmp_path / "keys")
    assert said.code == 0
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
    for file in (home / "data").glob("keys.db*"):
        file.unlink()
    (tmp_path / "keys").rename(home / "data/keys.db")
    assert mailflow("ticket", "show", opened, "--json").object["messages"][0]["text"]


def test_keys_are_never_overwritten(mailflow, tmp_path):
    mailflow("keys", "backup", tmp_path / "keys")
    assert mailflow("keys", "backup", tmp_path / "keys").code == 1


def test_an_up_to_date_database_is_left_as_it_is(mailflow, opened):
    said = mailflow("upgrade")
    assert (said.code, said.out) == (0, f"It is of version {REVISION}.\n")
    assert mailflow("ticket", "list", "--json").object["ref"] == opened
