"""Servers that restart, go away, refuse us or forget their numbers: nothing is lost, and nothing is said twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.sink import SinkProcess
from mailflow.core.settings import Login
from tests.e2e.conftest import MakeDesk
from tests.e2e.world import ASKER, World, question
from tests.servers.dovecot import Account, Dovecot
from tests.servers.running import until


def test_a_restart_of_the_mailbox_server_in_the_middle_is_survived(world: World, dovecot: Dovecot) -> None:
    world.desk.start()
    world.ask("before")
    world.wait_for(1, ASKER)
    dovecot.stop()
    until(lambda: world.desk.logged("trouble", mailbox="main"), "the daemon sees that the server is gone")
    dovecot.start()
    world.ask("after")
    world.wait_for(2, ASKER)
    world.settle()
    assert len(world.mails(ASKER)) == len(world.refs()) == 2


def test_while_the_smtp_server_is_away_mails_wait_and_then_leave_once(world: World) -> None:
    world.sink.stop()
    world.desk.start()
    world.ask("1")
    world.ask("2")
    until(lambda: world.desk.logged("unreachable"), "the daemon sees that the server is gone")
    world.sink.start()
    world.settle()
    assert len(world.mails(ASKER)) == len(world.refs()) == 2


def test_a_mailbox_with_a_wrong_password_does_not_stop_the_other(
    account: Account, outside: SinkProcess, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILFLOW_TEST_WRONG", "guessed")
    wrong = Login(user=f"other-{account.address}", password_env="MAILFLOW_TEST_WRONG")
    mailboxes = [replace(account.settings(), name="barred", login=wrong), account.settings()]
    world = World(account, outside, make_desk(account.address, mailboxes, outside.settings()))
    world.desk.start()
    until(lambda: world.desk.logged("trouble", mailbox="barred"), "the wrong password is refused")
    world.ask()
    world.wait_for(1, ASKER)
    assert not world.desk.logged("trouble", mailbox="main")
    assert world.desk.stop() == 0


def test_new_numbers_on_the_server_do_not_make_old_mail_new(
    account: Account, outside: SinkProcess, make_desk: MakeDesk
) -> None:
    """The folder is made anew with the same mail in it: another UIDVALIDITY, and no mark on the mail."""
    settings = replace(account.settings(), folders=("Questions",), afterwards="flag")
    old, new = question(account.address, "old").stamped(), question(account.address, "new").stamped()
    with account.another_client() as client:
        client.create_folder("Questions")
        client.append("Questions", old)
        first = client.folder_status("Questions", ["UIDVALIDITY"])
        world = World(account, outside, make_desk(account.address, [settings], outside.settings()))
        world.desk.start()
        world.wait_for(1, ASKER)
        client.delete_folder("Questions")
        client.create_folder("Questions")
        client.append("Questions", old)
        client.append("Questions", new)
        assert client.folder_status("Questions", ["UIDVALIDITY"]) != first
    world.wait_for(2, ASKER)
    world.settle()
    assert len(world.mails(ASKER)) == len(world.refs()) == 2


def test_two_mailboxes_with_the_same_mail_open_one_ticket(
    account: Account, outside: SinkProcess, make_desk: MakeDesk
) -> None:
    second = Account(account.server, f"second-{account.address}")
    mailboxes = [account.settings(), replace(second.settings(), name="second")]
    world = World(account, outside, make_desk(account.address, mailboxes, outside.settings()))
    asked = question(account.address)
    world.deliver(asked, replace(asked, recipient=second.address))
    world.desk.start()
    until(lambda: len(world.desk.rows("SELECT id FROM inbox WHERE state = 'handled'")) == 2, "both are handled")
    world.settle()
    outcomes = world.desk.rows("SELECT outcome FROM inbox ORDER BY outcome")
    assert outcomes == [("duplicate",), ("opened",)]
    assert len(world.mails(ASKER)) == len(world.refs()) == 1
