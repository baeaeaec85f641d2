"""`verify`: every mail taken in is accounted for, the event log is whole, and nothing is left on the server."""

import sqlite3
from contextlib import closing

import pytest


@pytest.fixture
def tamper(home):
    def execute(*statements, file="mailflow.db"):
        with closing(sqlite3.connect(home / "data" / file)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return execute


def missing(mailflow):
    said = mailflow("verify", "--offline", "--json")
    assert said.code == 1
    assert said.object["accounted"] == said.object["taken_in"] - len(said.object["missing"])
    (only,) = said.object["missing"]
    return only["why"]


def test_an_installation_in_order_has_every_promised_field(mailflow, letter, shelved):
    mailflow("ingest", letter(), letter(Auto_Submitted="auto-replied"))
    said = mailflow("verify", "--offline", "--json")
    assert said.code == 0
    assert said.object == {"taken_in": 3, "accounted": 3, "missing": [], "chain": "ok", "mailbox_not_taken": []}


def test_an_empty_one_is_in_order_too(mailflow):
    assert mailflow("verify", "--offline", "--json").object["taken_in"] == 0
    assert mailflow("verify", "--offline").code == 0


def test_a_released_and_a_waiting_mail_are_accounted_for(mailflow, shelved, tamper, letter):
    mailflow("shelf", "release", shelved)
    assert mailflow("verify", "--offline").code == 0


def test_a_mail_that_is_gone_is_missed(mailflow, opened, tamper):
    tamper("DELETE FROM inbox")
    assert missing(mailflow) == "it was taken in, and is not in the inbox any more"


def test_a_mail_of_the_ledger_that_was_never_stored_is_missed(mailflow, opened, tamper):
    tamper("INSERT INTO ledger VALUES ('main', 'INBOX', 1, 7, 'nothing', 0, 1)")
    assert missing(mailflow) == "it was taken in, and is not in the inbox any more"


def test_a_mail_that_counts_as_handled_and_never_was_is_missed(mailflow, opened, tamper):
    tamper("UPDATE inbox SET state = 'shelved'")
    assert missing(mailflow) == "it is shelved, and the event log says handled"


def test_a_mail_whose_ticket_was_swapped_is_missed(mailflow, opened, tamper):
    tamper("UPDATE inbox SET ticket = '2026-0002'")
    assert missing(mailflow) == "its ticket is not the one of the event log"


def test_a_mail_whose_ticket_is_gone_is_missed(mailflow, opened, tamper):
    tamper("PRAGMA foreign_keys = OFF", "DELETE FROM ticket")
    assert missing(mailflow) == f"its ticket {opened} does not exist"


def test_a_mail_that_was_altered_is_missed(mailflow, opened, tamper):
    tamper("UPDATE inbox SET sealed = CAST(substr(sealed, 1, length(sealed) - 4) || x'00000000' AS BLOB)")
    assert "is damaged" in missing(mailflow)


def test_a_mail_without_its_key_is_missed_and_one_that_was_erased_is_not(mailflow, opened, tamper):
    tamper("DELETE FROM data_key", file="keys.db")
    assert missing(mailflow).startswith("keys.db lacks the key of this mail")


def test_a_changed_line_of_the_event_log_is_found(mailflow, opened, tamper):
    tamper("UPDATE event SET actor = 'nobody' WHERE seq = 3")
    said = mailflow("verify", "--offline", "--json")
    assert (said.code, said.object["chain"]) == (1, "broken at 3")


def test_people_read_what_is_wrong(mailflow, opened, tamper):
    tamper("DELETE FROM inbox", "UPDATE event SET actor = 'nobody' WHERE seq = 3")
    said = mailflow("verify", "--offline")
    assert said.code == 1
    assert "WRONG 0 of 1 mails are accounted for" in said.out
    assert "WRONG the event log's chain: broken at 3" in said.out


def test_a_server_that_cannot_be_reached_is_told_with_the_way_round(mailflow, change):
    change("config.toml", 'host = "mail.example.org"', 'host = "127.0.0.1"\nport = 1')
    said = mailflow("verify")
    assert said.code == 1
    assert said.err.startswith("mailbox main: could not connect to 127.0.0.1:1: ")
    assert said.err.endswith("; --offline leaves the mail servers out\n")
