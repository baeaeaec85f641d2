"""A mail's whole way on real servers: transport, Postfix, LMTP, Dovecot, mailbox."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing

import pytest

from mailflow.net.idle import Bell, Woken
from mailflow.net.login import PasswordCredentials
from mailflow.net.mailbox import Mailbox
from mailflow.net.transport import Refused, SmtpReport, Transport
from tests.servers.dovecot import Account, Dovecot
from tests.servers.postfix import Postfix

LONG = 30.0  # seconds: only a mail that never arrives lasts so long
MAIL = b"From: desk@example.org\r\nTo: desk@example.org\r\nSubject: hello\r\n\r\n.\r\n.. dots\r\n"


@pytest.fixture
def desk(dovecot: Dovecot, password: str) -> Account:
    """The one account that Postfix knows."""
    del password
    return dovecot.account("desk")


@pytest.fixture
def mailbox(desk: Account) -> Iterator[Mailbox]:
    settings = desk.settings()
    with closing(Mailbox(settings, PasswordCredentials(settings.login, "[[mailbox]] main"))) as mailbox:
        mailbox.connect()
        yield mailbox


def arrived(mailbox: Mailbox) -> bytes:
    """The one mail that comes, waited for as the daemon does."""
    with closing(Bell()) as bell:
        while True:
            mailbox.select("INBOX")
            if uids := mailbox.new_uids():
                (fetched,) = mailbox.fetch(uids)
                mailbox.settle(uids)
                return fetched.raw
            if mailbox.wait(bell, LONG) is Woken.TIME:
                pytest.fail("the mail did not arrive")


def send(postfix: Postfix, sender: str, recipient: str) -> None:
    async def run() -> None:
        transport = Transport(postfix.settings(), PasswordCredentials(postfix.settings().login, "[smtp]"))
        try:
            await transport.send(sender, recipient, MAIL)
        finally:
            await transport.close()

    asyncio.run(run())


@pytest.mark.parametrize(("sender", "path"), [("desk@example.org", b"<desk@example.org>"), ("", b"<>")])
def test_a_mail_sent_arrives_with_its_return_path_and_its_body_as_it_was(
    postfix: Postfix, mailbox: Mailbox, sender: str, path: bytes
) -> None:
    send(postfix, sender, "desk@example.org")
    raw = arrived(mailbox)
    assert raw.startswith(b"Return-Path: " + path + b"\r\n")
    assert raw.endswith(b"\r\n\r\n" + MAIL.partition(b"\r\n\r\n")[2])


def test_a_mail_to_a_reply_address_with_a_token_arrives_and_the_token_is_in_it(
    postfix: Postfix, mailbox: Mailbox
) -> None:
    send(postfix, "", "desk+abcdefghijklmnopqrstuvwxyz234@example.org")
    assert b"Delivered-To: desk+abcdefghijklmnopqrstuvwxyz234@example.org" in arrived(mailbox)


def test_an_unknown_recipient_is_refused_for_good_with_the_codes_of_the_server(postfix: Postfix) -> None:
    with pytest.raises(Refused) as caught:
        send(postfix, "desk@example.org", "nobody@example.org")
    assert (str(caught.value), caught.value.permanent) == ("550 5.1.1", True)


def test_the_check_is_satisfied_and_sends_nothing(postfix: Postfix, mailbox: Mailbox) -> None:
    async def run() -> SmtpReport:
        transport = Transport(postfix.settings(), PasswordCredentials(postfix.settings().login, "[smtp]"))
        try:
            return await transport.check("desk@example.org")
        finally:
            await transport.close()

    report = asyncio.run(run())
    assert report.null_sender
    assert {"dsn", "8bitmime", "smtputf8"} <= set(report.extensions)
    assert mailbox.select("INBOX").exists == 0
