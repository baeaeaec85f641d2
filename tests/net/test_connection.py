"""A mailbox's connection to a real Dovecot: trust, login, and whatever ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow.core.settings import Login, Security
from mailflow.net.idle import Bell
from mailflow.net.mailbox import Mailbox
from mailflow.net.trouble import MailboxTrouble, TroubleKind
from tests.net.mailboxes import box, mail, opened, taken
from tests.servers.dovecot import Account, Dovecot
from tests.servers.proxy import Fault, Proxy
from tests.servers.running import free_ports

# ---------------------------------------------------------------- encryption and login


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_mail_is_taken_over_a_verified_encrypted_connection(
    account: Account, ca_file: Path, security: Security
) -> None:
    account.deliver(mail("sealed"))
    with opened(account.encrypted(ca_file, security)) as mailbox:
        assert len(taken(mailbox)) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_of_an_unknown_authority_is_not_trusted(account: Account, security: Security) -> None:
    with pytest.raises(MailboxTrouble, match="certificate can't be trusted") as caught:
        box(account.encrypted("", security)).connect()
    assert caught.value.kind is TroubleKind.TLS


def test_a_certificate_for_another_name_is_not_trusted(account: Account, ca_file: Path) -> None:
    with pytest.raises(MailboxTrouble, match="certificate can't be trusted"):
        box(replace(account.encrypted(ca_file), host="127.0.0.1")).connect()


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), ("no certificate", "")])
def test_an_unreadable_authority_file_is_named(
    account: Account, tmp_path: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    with pytest.raises(MailboxTrouble, match=f"could not read ca_file.*{said}") as caught:
        box(account.encrypted(tmp_path / "ca.pem")).connect()
    assert caught.value.kind is TroubleKind.TLS


def test_starttls_is_required_and_never_given_up(
    account: Account, ca_file: Path, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(account.server.imap)
    proxy.change(b" STARTTLS", b"")  # as somebody in the middle would
    with pytest.raises(MailboxTrouble, match="could not encrypt") as caught:
        box(replace(account.encrypted(ca_file, Security.STARTTLS), port=proxy.port)).connect()
    assert caught.value.kind is TroubleKind.TLS


def test_a_port_that_does_not_speak_tls_is_named_as_such(account: Account, ca_file: Path) -> None:
    with pytest.raises(MailboxTrouble) as caught:
        box(replace(account.encrypted(ca_file), port=account.server.imap)).connect()
    assert caught.value.kind is TroubleKind.TLS


def test_a_wrong_password_is_a_login_trouble_that_tells_no_secret(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONG", "not-the-password")
    settings = replace(account.settings(), login=Login(account.address, password_env="WRONG"))
    with pytest.raises(MailboxTrouble) as caught:
        box(settings).connect()
    assert caught.value.kind is TroubleKind.LOGIN
    assert "AUTHENTICATIONFAILED" in caught.value.sentence
    for secret in ("not-the-password", account.address):
        assert secret not in caught.value.sentence


def test_lesson_22_a_login_without_its_secret_is_a_state_with_a_sentence_and_no_crash(account: Account) -> None:
    settings = replace(account.settings(), login=Login(account.address, password_env="NOT_SET_ANYWHERE"))
    with pytest.raises(MailboxTrouble, match=r"main: password_env names NOT_SET_ANYWHERE") as caught:
        box(settings).connect()
    assert caught.value.kind is TroubleKind.LOGIN


# ---------------------------------------------------------------- connections that end


def test_no_server_at_all_is_a_connection_trouble(account: Account) -> None:
    with pytest.raises(MailboxTrouble, match="Connection refused") as caught:
        box(account.settings(free_ports(1)[0])).connect()
    assert caught.value.kind is TroubleKind.CONNECTION


def test_closing_twice_or_without_a_connection_is_no_error(account: Account) -> None:
    mailbox = box(account.settings())
    mailbox.close()
    mailbox.connect()
    mailbox.close()
    mailbox.close()
    with pytest.raises(MailboxTrouble, match="there is no connection"):
        mailbox.select("INBOX")


def test_a_server_restarted_in_the_middle_costs_a_trouble_and_no_mail(account: Account, restartable: Dovecot) -> None:
    account.deliver(mail("before"))
    with opened(account.settings()) as mailbox:
        mailbox.select("INBOX")
        uids = mailbox.new_uids()
        restartable.stop()
        for attempt in (lambda: mailbox.fetch(uids), mailbox.connect):
            with pytest.raises(MailboxTrouble) as caught:
                attempt()
            assert caught.value.kind is TroubleKind.CONNECTION
        restartable.start()
        account.deliver(mail("after"))
        mailbox.connect()
        assert len(taken(mailbox)) == 2


@pytest.fixture
def restartable(dovecot: Dovecot) -> Iterator[Dovecot]:
    yield dovecot
    if not dovecot.running:  # the tests after this one need it
        dovecot.start()


COMMANDS = [b"LOGIN", b"SELECT", b"UID SEARCH", b"RFC822.SIZE", b"BODY.PEEK[]", b"UID MOVE", b"CREATE", b"IDLE"]


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.SWALLOW, Fault.HALF], ids=lambda fault: fault.name.lower())
@pytest.mark.parametrize("word", COMMANDS, ids=lambda word: word.decode().lower())
def test_security_18_a_connection_cut_at_any_command_loses_no_mail(
    account: Account, proxied: Callable[[int], Proxy], word: bytes, fault: Fault
) -> None:
    account.deliver(mail("one"), mail("two"))
    proxy = proxied(account.server.imap)
    proxy.arm(word, fault)
    stored: set[bytes] = set()  # the ledger
    with closing(box(account.settings(proxy.port))) as mailbox, closing(Bell()) as bell:
        with pytest.raises(MailboxTrouble) as caught:
            visit(mailbox, stored, bell)
        assert caught.value.kind is TroubleKind.CONNECTION
        assert not mailbox.connected
        visit(mailbox, stored, bell)
    assert len(stored) == 2
    assert set(account.holds("Processed")) == stored
    assert account.holds("INBOX") == []


def visit(mailbox: Mailbox, stored: set[bytes], bell: Bell) -> None:
    mailbox.connect()
    mailbox.select("INBOX")
    for batch in mailbox.batches(mailbox.new_uids()):
        stored.update(fetched.raw for fetched in mailbox.fetch(batch))
        mailbox.settle(batch)
    bell.ring()
    mailbox.wait(bell)


def test_a_server_that_falls_silent_is_a_timeout_and_the_connection_is_not_used_again(
    account: Account, proxied: Callable[[int], Proxy]
) -> None:
    account.deliver(mail("one"))
    proxy = proxied(account.server.imap)
    proxy.arm(b"BODY.PEEK[]", Fault.STALL)
    with opened(replace(account.settings(proxy.port), timeout_seconds=1.0)) as mailbox:
        with pytest.raises(MailboxTrouble) as caught:
            taken(mailbox)
        assert caught.value.kind is TroubleKind.TIMEOUT
        assert not mailbox.connected
        mailbox.connect()
        assert len(taken(mailbox)) == 1
