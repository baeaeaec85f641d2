"""`run`: one daemon an installation; and what `verify` says of the mailbox before and after."""

import signal
from contextlib import contextmanager

import pytest

from tests.cli.test_check import at_servers  # noqa: F401
from tests.servers.running import until


@pytest.fixture
def server(at_servers, sink, account):  # noqa: F811
    at_servers(sink)
    return account


@contextmanager
def at_work(process, mailflow):
    running = process("run", wait=False)
    try:
        until(
            lambda: mailflow("status", "--json", now=None).object["daemon"]["alive"], "the daemon gives a sign of life"
        )
        yield running
    finally:
        running.kill()
        running.communicate()


def question(number=1):
    return (
        f"From: Ann Lee <ann@firm.example>\r\nTo: helpdesk@example.org\r\nSubject: wages\r\nMessage-ID: <{number}@firm.example>"
        "\r\n\r\nWhat does the convention say about the minimum wage?\r\n"
    ).encode()


def test_once_takes_in_handles_sends_and_ends(process, server, sink, mailflow, change):
    change("config.toml", "answer_old = false", "answer_old = true")
    server.deliver(question())
    before = mailflow("verify", "--json")
    assert before.code == 1
    assert [set(each) for each in before.object["mailbox_not_taken"]] == [{"mailbox", "folder", "uidvalidity", "uid"}]
    said = process("run", "--once")
    assert said.code == 0
    assert {taken.recipients[0] for taken in sink.taken} >= {"ann@firm.example"}
    assert [each["state"] for each in mailflow("outbox", "list", "--json").objects] == ["sent", "sent"]
    after = mailflow("verify", "--json")
    assert (after.code, after.object["taken_in"], after.object["mailbox_not_taken"]) == (0, 1, [])
    assert "ann@firm.example" not in said.err


def test_a_second_daemon_is_refused_and_the_first_ends_cleanly(process, server, mailflow):
    with at_work(process, mailflow) as running:
        second = process("run")
        assert second.code == 1
        assert second.err == f"a daemon of this installation runs already (process {running.pid}): stop it first\n"
        assert process("upgrade").err == second.err
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=20) == 0


def test_mail_can_be_taken_in_from_files_while_the_daemon_is_at_work(process, server, mailflow, letter):
    with at_work(process, mailflow):
        files = [letter() for _ in range(5)]
        said = mailflow("ingest", "--json", *files, now=None)
        assert [each["outcome"] for each in said.objects] == ["opened"] * 5
        assert len({each["ticket"] for each in said.objects}) == 5


def test_a_mailbox_that_cannot_be_opened_is_told(process, server, change):
    change("config.toml", f"port = {server.server.imap}", "port = 1")
    said = process("run", "--once")
    assert said.code == 1
    assert said.err.splitlines()[-1].startswith("mailbox main: could not connect to 127.0.0.1:1")
