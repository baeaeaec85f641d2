"""Waiting for mail, on a real Dovecot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow.core.settings import MailboxSettings, Security
from mailflow.net.idle import Bell, Woken, sleep
from mailflow.net.login import PasswordCredentials
from mailflow.net.mailbox import Mailbox
from mailflow.net.trouble import MailboxTrouble, TroubleKind
from tests.servers.dovecot import Account
from tests.servers.proxy import Fault, Proxy

MAIL = b"From: ann@example.com\r\nSubject: hello\r\n\r\nhello\r\n"
LONG = 30.0  # seconds: only a wait that misses its event lasts so long


@pytest.fixture
def bell() -> Iterator[Bell]:
    with closing(Bell()) as one:
        yield one


@pytest.fixture
def late_bell(bell: Bell) -> Iterator[Bell]:
    """Rings when whatever should have ended the wait was missed."""
    ringer = threading.Timer(LONG / 2, bell.ring)
    ringer.start()
    yield bell
    ringer.cancel()
    ringer.join()


def looking(settings: MailboxSettings) -> Mailbox:
    mailbox = Mailbox(settings, PasswordCredentials(settings.login, "[[mailbox]] main"))
    mailbox.connect()
    mailbox.select("INBOX")
    return mailbox


@pytest.mark.parametrize("security", list(Security))
def test_a_delivery_wakes_the_wait(account: Account, ca_file: Path, late_bell: Bell, security: Security) -> None:
    settings = account.settings() if security is Security.NONE else account.encrypted(ca_file, security)
    with closing(looking(settings)) as mailbox:
        delivery = threading.Timer(0.3, account.deliver, [MAIL])
        delivery.start()
        assert mailbox.wait(late_bell, LONG) is Woken.MAIL
        delivery.join()
        mailbox.select("INBOX")
        assert mailbox.new_uids() == (1,)


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
def test_mail_that_came_just_before_idle_is_not_missed(
    account: Account, ca_file: Path, late_bell: Bell, security: Security
) -> None:
    settings = account.settings() if security is Security.NONE else account.encrypted(ca_file, security)
    with closing(looking(settings)) as mailbox:
        for _ in range(3):
            account.deliver(MAIL)
            assert mailbox.wait(late_bell, LONG) is Woken.MAIL
            mailbox.select("INBOX")


def test_mail_announced_in_one_breath_with_the_servers_go_ahead_is_not_missed(
    account: Account, bell: Bell, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(account.server.imap)
    proxy.change(b"+ idling\r\n", b"+ idling\r\n* 7 EXISTS\r\n")
    with closing(looking(account.settings(proxy.port))) as mailbox:
        bell.ring()  # would end a wait for anything else
        assert mailbox.wait(bell, LONG) is Woken.MAIL


@pytest.mark.parametrize("wanted", [True, False])
def test_mail_announced_with_the_answer_to_our_search_but_not_in_it_is_not_missed(
    account: Account, bell: Bell, proxied: Callable[[int], Proxy], wanted: bool
) -> None:
    proxy = proxied(account.server.imap)
    proxy.change(b"* SEARCH\r\n", b"* SEARCH\r\n* 1 EXISTS\r\n")  # as Dovecot does when a mail comes that moment
    with closing(looking(replace(account.settings(proxy.port), idle=wanted))) as mailbox:
        assert mailbox.new_uids() == ()
        bell.ring()  # would end a wait for anything else
        assert mailbox.wait(bell, LONG) is Woken.MAIL
        mailbox.select("INBOX")
        assert mailbox.wait(bell, 0.1) is Woken.BELL


def test_mail_announced_before_the_servers_go_ahead_is_not_missed(
    account: Account, bell: Bell, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(account.server.imap)
    proxy.change(b"+ idling\r\n", b"* 7 EXISTS\r\n+ idling\r\n")
    with closing(looking(account.settings(proxy.port))) as mailbox:
        bell.ring()  # would end a wait for anything else
        assert mailbox.wait(bell, LONG) is Woken.MAIL


def test_a_server_that_refuses_idle_is_trouble_and_no_endless_wait(
    account: Account, bell: Bell, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(account.server.imap)
    with closing(looking(account.settings(proxy.port))) as mailbox:
        proxy.change(b" IDLE\r\n", b" UNKNOWN\r\n")
        with pytest.raises(MailboxTrouble, match="could not wait for mail: the server refused"):
            mailbox.wait(bell, LONG)


def test_the_bell_ends_the_wait_and_the_connection_goes_on(account: Account, bell: Bell) -> None:
    with closing(looking(account.settings())) as mailbox:
        ringer = threading.Timer(0.2, bell.ring)
        ringer.start()
        assert mailbox.wait(bell, LONG) is Woken.BELL
        ringer.join()
        mailbox.select("INBOX")
        assert mailbox.wait(bell, 0.1) is Woken.TIME  # it was heard once, and not again


def test_a_bell_rung_often_before_the_wait_ends_one_wait(bell: Bell) -> None:
    for _ in range(100_000):
        bell.ring()
    assert sleep(LONG, bell) is Woken.BELL
    assert sleep(0.0, bell) is Woken.TIME


def test_without_events_the_time_ends_the_wait(account: Account, bell: Bell) -> None:
    with closing(looking(account.settings())) as mailbox:
        assert mailbox.wait(bell, 0.1) is Woken.TIME
        assert mailbox.wait(bell, 0.1) is Woken.TIME


def test_one_idle_lasts_a_minute_at_most(account: Account, bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def idle(session: object, seconds: float, bell: Bell) -> Woken:
        del session, bell
        asked.append(seconds)
        return Woken.TIME

    monkeypatch.setattr("mailflow.net.mailbox.idle", idle)
    with closing(looking(account.settings())) as mailbox:
        mailbox.wait(bell, 3600)
        mailbox.wait(bell)
    assert asked == [60, 60]


@pytest.mark.parametrize("offered", [True, False])
def test_where_idle_is_missing_or_not_wanted_the_wait_is_a_plain_sleep(
    account: Account, bell: Bell, proxied: Callable[[int], Proxy], offered: bool
) -> None:
    proxy = proxied(account.server.imap)
    if not offered:
        proxy.change(b" IDLE", b"")
    proxy.arm(b"IDLE", Fault.CUT)
    with closing(looking(replace(account.settings(proxy.port), idle=not offered))) as mailbox:
        account.deliver(MAIL)
        assert mailbox.wait(bell, 0.1) is Woken.TIME
        bell.ring()
        assert mailbox.wait(bell, LONG) is Woken.BELL
        mailbox.select("INBOX")
        assert mailbox.new_uids() == (1,)


def test_a_peer_that_dies_while_we_wait_is_trouble_and_not_silence(
    account: Account, bell: Bell, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(account.server.imap)
    with closing(looking(account.settings(proxy.port))) as mailbox:
        cut = threading.Timer(0.3, proxy.cut)
        cut.start()
        with pytest.raises(MailboxTrouble) as caught:
            mailbox.wait(bell, LONG)
        cut.join()
        assert caught.value.kind is TroubleKind.CONNECTION


def test_a_peer_that_fell_silent_is_noticed_after_the_wait(
    account: Account, bell: Bell, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(account.server.imap)
    proxy.arm(b"DONE", Fault.STALL)
    with closing(looking(replace(account.settings(proxy.port), timeout_seconds=1.0))) as mailbox:
        with pytest.raises(MailboxTrouble) as caught:
            mailbox.wait(bell, 0.1)
        assert caught.value.kind is TroubleKind.TIMEOUT
