"""`status`: how everything is, and whether somebody must come."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from mailflow.config import load_settings
from mailflow.store import watch
from mailflow.store.store import Store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def store(home):
    opened = Store.open(load_settings(home))
    yield opened
    opened.close()


@pytest.fixture
def alive(store):
    """A daemon that gave a sign of life, and a mailbox that it could open."""
    watch.beat(store, "daemon", 4242, NOW, NOW)
    watch.opened(store, "main", "INBOX", 1, NOW)


def test_when_all_is_well_it_says_so_and_ends_with_0(mailflow, alive):
    said = mailflow("status", "--json")
    assert said.code == 0
    assert said.object["needs"] == []
    assert said.object["daemon"] == {
        "alive": True, "pid": 4242, "started": "2026-11-23T09:00:00Z", "beat": "2026-11-23T09:00:00Z",
    }  # fmt: skip
    assert said.object["mailboxes"] == [
        {"mailbox": "main", "folder": "INBOX", "last_ok": "2026-11-23T09:00:00Z", "trouble": "", "since": None}
    ]
    assert mailflow("status").out.startswith("daemon: process 4242")


@pytest.mark.parametrize(("later", "code"), [("2026-11-23T09:00:30Z", 0), ("2026-11-23T09:00:31Z", 1)])
def test_a_daemon_that_is_silent_for_half_a_minute_is_not_alive(mailflow, alive, later, code):
    assert mailflow("status", now=later).code == code


def test_a_mailbox_in_trouble_needs_a_person(mailflow, alive, store):
    watch.in_trouble(store, "main", ["INBOX"], "mailbox main: could not log in: the server refused", NOW)
    said = mailflow("status", "--json")
    assert said.code == 1
    assert "could not log in" in said.object["needs"][0]
    assert said.object["mailboxes"][0]["since"] == "2026-11-23T09:00:00Z"


def test_the_trouble_of_a_mailbox_that_is_configured_no_more_needs_nobody(mailflow, alive, store):
    watch.in_trouble(store, "former", ["INBOX"], "mailbox former: gone", NOW)
    assert mailflow("status").code == 0


def test_mail_that_nobody_handles_needs_a_person(mailflow, alive, letter, home):
    mailflow("ingest", letter())
    with closing(sqlite3.connect(home / "data/mailflow.db")) as connection:
        connection.execute("UPDATE inbox SET state = 'waiting'")
        connection.execute("UPDATE outbox SET state = 'sent'")
        connection.commit()
    said = mailflow("status", "--json").object
    assert (said["unhandled"], said["oldest_unhandled"], said["needs"]) == (1, "2026-11-23T09:00:00Z", [])
    late = mailflow("status", "--json", now="2026-11-23T09:11:00Z").object["needs"]
    assert any(each.startswith("mail is not handled since") for each in late)


def test_mail_that_does_not_leave_needs_a_person(mailflow, alive, opened):
    assert mailflow("status").code == 0
    late = mailflow("status", "--json", now="2026-11-23T09:11:00Z").object["needs"]
    assert any(each.startswith("mail of ours has not left since") for each in late)


def test_a_mail_that_did_not_arrive_needs_a_person_until_its_ticket_is_closed(mailflow, alive, opened, home):
    with closing(sqlite3.connect(home / "data/mailflow.db")) as connection:
        connection.execute("UPDATE outbox SET state = 'failed'")
        connection.commit()
    said = mailflow("status", "--json")
    assert (said.code, said.object["undelivered"], said.object["outbox"]["failed"]) == (1, 2, 2)
    mailflow("ticket", "close", opened)
    assert mailflow("status").code == 0


def test_a_mail_on_the_shelf_needs_a_person(mailflow, alive, shelved):
    said = mailflow("status", "--json")
    assert (said.code, said.object["shelf"]) == (1, 1)
    assert said.object["needs"] == ["1 mail on the shelf: `mailflow shelf list` shows more"]
