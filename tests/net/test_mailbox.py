"""The mailbox on a real Dovecot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow.core.settings import Afterwards, Login, MailboxSettings, Security
from mailflow.net.idle import Bell
from mailflow.net.login import PasswordCredentials
from mailflow.net.mailbox import Mailbox
from mailflow.net.trouble import MailboxTrouble, TroubleKind
from tests.servers.dovecot import Account, Dovecot
from tests.servers.proxy import Fault, Proxy
from tests.servers.running import free_ports

KEYWORD = b"$MailflowTaken"


def mail(text: str, size: int = 0) -> bytes:
    lines = f"From: ann@example.com\r\nSubject: {text}\r\n\r\n{text}\r\n".encode()
    return lines + (b"x" * 70 + b"\r\n") * (size // 72)


def box(settings: MailboxSettings) -> Mailbox:
    return Mailbox(settings, PasswordCredentials(settings.login, "[[mailbox]] main"))


@contextmanager
def opened(settings: MailboxSettings) -> Iterator[Mailbox]:
    with closing(box(settings)) as mailbox:
        mailbox.connect()
        yield mailbox


def taken(mailbox: Mailbox, folder: str = "INBOX") -> list[bytes]:
    """What the daemon does with a folder, without the ledger in between."""
    mailbox.select(folder)
    raws = []
    for batch in mailbox.batches(mailbox.new_uids()):
        raws += [fetched.raw for fetched in mailbox.fetch(batch)]
        mailbox.settle(batch)
    return raws


# ---------------------------------------------------------------- taking mail


def test_mail_is_fetched_byte_for_byte_and_moved_to_a_folder_made_for_it(account: Account) -> None:
    account.deliver(mail("one"), mail("two"))
    with opened(account.settings()) as mailbox:
        raws = taken(mailbox)
    assert [raw.endswith(sent) for raw, sent in zip(raws, (mail("one"), mail("two")), strict=True)] == [True, True]
    assert account.holds("Processed") == raws
    assert account.holds("INBOX") == []


def test_lesson_1_none_vanishes_when_several_wait_and_others_delete_in_between(account: Account) -> None:
    account.deliver(*(mail(f"number {n}") for n in range(1, 8)))
    with opened(replace(account.settings(), batch=2)) as mailbox:
        mailbox.select("INBOX")
        uids = mailbox.new_uids()
        raws = []
        for step, batch in enumerate(mailbox.batches(uids)):
            raws += [fetched.raw for fetched in mailbox.fetch(batch)]
            mailbox.settle(batch)
            if step == 0:
                with account.another_client() as other:  # message numbers shift now, UIDs don't
                    other.select_folder("INBOX")
                    other.delete_messages([uids[4]])
                    other.expunge()
    subjects = [raw.rpartition(b"number ")[2][:1] for raw in raws]
    assert subjects == [b"1", b"2", b"3", b"4", b"6", b"7"]


def test_lesson_2_fetching_leaves_no_mark_so_that_nothing_looks_handled_before_it_is(account: Account) -> None:
    account.deliver(mail("unread"))
    with opened(replace(account.settings(), afterwards=Afterwards.FLAG)) as mailbox:
        mailbox.select("INBOX")
        mailbox.fetch(mailbox.new_uids())
        assert account.flags() == {1: set()}
        assert mailbox.new_uids() == (1,)


def test_lesson_3_what_was_stored_but_not_settled_is_shown_again_under_the_same_name(account: Account) -> None:
    account.deliver(mail("once"))
    names = []
    for _ in range(2):  # the first time we die before settling
        with opened(account.settings()) as mailbox:
            names.append((mailbox.select("INBOX").uidvalidity, mailbox.new_uids()))
    assert names[0] == names[1]


@pytest.fixture
def zurich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine stands in a place whose clocks change."""
    monkeypatch.setenv("TZ", "Europe/Zurich")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zurich")
def test_the_time_of_arrival_is_utc_and_right_even_in_the_hour_that_comes_twice(account: Account) -> None:
    times = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    with account.another_client() as other:
        for one in times:
            other.append("INBOX", mail("in autumn"), msg_time=one)
    with opened(account.settings()) as mailbox:
        mailbox.select("INBOX")
        arrived = [fetched.internal_date for fetched in mailbox.fetch(mailbox.new_uids())]
    assert arrived == times
    assert {one.tzinfo for one in arrived if one} == {UTC}


def test_several_folders_are_read_also_with_names_beyond_ascii(account: Account) -> None:
    with account.another_client() as other:
        for name in ("Anfragen/Löhne", "質問"):
            other.create_folder(name)
            other.append(name, mail("there"))
    with opened(account.settings()) as mailbox:
        assert mailbox.folders() == ("Anfragen/Löhne", "INBOX", "質問")
        assert [len(taken(mailbox, name)) for name in mailbox.folders()] == [1, 0, 1]
    assert len(account.holds("Processed")) == 2


def test_an_empty_folder_has_nothing_to_take(account: Account) -> None:
    with opened(account.settings()) as mailbox:
        assert mailbox.select("INBOX").exists == 0
        assert mailbox.new_uids() == mailbox.all_uids() == ()
        assert mailbox.fetch(()) == []


def test_a_mail_that_somebody_deleted_is_let_be(account: Account) -> None:
    account.deliver(mail("deleted"), mail("left"))
    with account.another_client() as other:
        other.select_folder("INBOX")
        other.delete_messages([1])
    with opened(account.settings()) as mailbox:
        mailbox.select("INBOX")
        assert mailbox.new_uids() == (2,)
        assert mailbox.all_uids() == (1, 2)


def test_new_mail_is_seen_at_the_next_look_of_the_same_connection(account: Account) -> None:
    with opened(account.settings()) as mailbox:
        assert taken(mailbox) == []
        account.deliver(mail("later"))
        assert len(taken(mailbox)) == 1


# ---------------------------------------------------------------- marks instead of moving


@pytest.mark.parametrize(("afterwards", "mark"), [(Afterwards.KEYWORD, KEYWORD), (Afterwards.FLAG, rb"\Seen")])
def test_a_marked_mail_stays_and_is_not_taken_again(account: Account, afterwards: Afterwards, mark: bytes) -> None:
    account.deliver(mail("one"))
    with opened(replace(account.settings(), afterwards=afterwards)) as mailbox:
        assert len(taken(mailbox)) == 1
        assert account.flags() == {1: {mark}}
        assert taken(mailbox) == []


def test_a_mail_that_a_person_read_first_is_taken_all_the_same(account: Account) -> None:
    account.deliver(mail("known"), mail("read by somebody"))
    with account.another_client() as other:
        other.select_folder("INBOX")
        other.add_flags([1, 2], [rb"\Seen"])
    with opened(replace(account.settings(), afterwards=Afterwards.FLAG)) as mailbox:
        mailbox.select("INBOX")
        assert mailbox.new_uids() == ()
        assert mailbox.new_uids(after=1) == (2,)
        assert mailbox.new_uids(after=2) == ()  # although "3:*" names the last mail


def test_a_server_that_would_forget_our_keyword_is_refused_with_a_sentence(
    account: Account, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(account.server.imap)
    proxy.change(rb" \*)]", b")]")
    with opened(replace(account.settings(proxy.port), afterwards=Afterwards.KEYWORD)) as mailbox:
        with pytest.raises(MailboxTrouble, match=r"does not keep \$MailflowTaken") as caught:
            mailbox.select("INBOX")
        assert caught.value.kind is TroubleKind.FOLDER


@pytest.mark.parametrize("missing", [(b" MOVE",), (b" MOVE", b" UIDPLUS")])
def test_without_move_mail_is_copied_and_the_original_deleted(
    account: Account, proxied: Callable[[int], Proxy], missing: tuple[bytes, ...]
) -> None:
    account.deliver(mail("one"), mail("two"))
    with account.another_client() as other:
        other.select_folder("INBOX")
        other.append("INBOX", mail("marked by somebody else"), [rb"\Deleted"])
    proxy = proxied(account.server.imap)
    for capability in missing:
        proxy.change(capability, b"")
    with opened(account.settings(proxy.port)) as mailbox:
        assert "MOVE" not in mailbox.capabilities()
        assert len(taken(mailbox)) == 2
        assert taken(mailbox) == []
    assert len(account.holds("Processed")) == 2
    assert len(account.holds("INBOX")) == (1 if len(missing) == 1 else 3)  # without UIDPLUS nothing is expunged


# ---------------------------------------------------------------- batches


def test_a_batch_is_bounded_by_octets_and_a_large_mail_comes_alone(account: Account) -> None:
    account.deliver(mail("a", 1000), mail("b", 1000), mail("c", 9000), mail("d", 1000), mail("e"), mail("f"))
    with opened(replace(account.settings(), batch_bytes=5000)) as mailbox:
        mailbox.select("INBOX")
        assert list(mailbox.batches(mailbox.new_uids())) == [(1, 2), (3,), (4, 5, 6)]


def test_a_batch_is_bounded_by_number(account: Account) -> None:
    account.deliver(*(mail(str(n)) for n in range(5)))
    with opened(replace(account.settings(), batch=2)) as mailbox:
        mailbox.select("INBOX")
        assert list(mailbox.batches(mailbox.new_uids())) == [(1, 2), (3, 4), (5,)]


def test_vanished_mail_is_no_error_at_any_step(account: Account) -> None:
    account.deliver(mail("stays"), mail("goes"))
    with opened(account.settings()) as mailbox:
        mailbox.select("INBOX")
        uids = mailbox.new_uids()
        with account.another_client() as other:
            other.select_folder("INBOX")
            other.delete_messages([2])
            other.expunge()
        assert [fetched.uid for batch in mailbox.batches(uids) for fetched in mailbox.fetch(batch)] == [1]
        assert [fetched.uid for fetched in mailbox.fetch(uids)] == [1]
        mailbox.settle(uids)
    assert len(account.holds("Processed")) == 1


def test_a_very_large_folder_is_searched_in_spans(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailflow.net.mailbox.SEARCH_SPAN", 2)
    account.deliver(*(mail(str(n)) for n in range(5)))
    with opened(account.settings()) as mailbox:
        mailbox.select("INBOX")
        account.deliver(mail("came meanwhile"))
        assert mailbox.new_uids() == (1, 2, 3, 4, 5, 6)


def test_lesson_4_one_mail_that_makes_the_server_hang_up_does_not_stop_the_others(
    account: Account, proxied: Callable[[int], Proxy]
) -> None:
    account.deliver(*(mail(f"number {n}") for n in range(1, 5)))
    proxy = proxied(account.server.imap)
    got: list[int] = []

    def take_all(mailbox: Mailbox) -> None:
        mailbox.connect()
        mailbox.select("INBOX")
        for batch in mailbox.batches(mailbox.new_uids()):
            if 2 in batch:
                proxy.arm(b"BODY.PEEK[]", Fault.SWALLOW)
            got.extend(fetched.uid for fetched in mailbox.fetch(batch))
            mailbox.settle(batch)

    with closing(box(account.settings(proxy.port))) as mailbox:
        for _ in range(3):  # three rounds, each ended by the same mail
            with pytest.raises(MailboxTrouble):
                take_all(mailbox)
    assert sorted(got) == [1, 3, 4]
    assert len(account.holds("INBOX")) == 1  # and it is neither lost nor forgotten


# ---------------------------------------------------------------- folders


def test_a_missing_folder_is_a_sentence_that_names_it(account: Account) -> None:
    with opened(account.settings()) as mailbox:
        with pytest.raises(MailboxTrouble, match=r"mailbox main: could not open the folder 'Nowhere'") as caught:
            mailbox.select("Nowhere")
        assert caught.value.kind is TroubleKind.FOLDER
        assert not mailbox.connected


def test_a_folder_made_anew_shows_another_uidvalidity(account: Account) -> None:
    with account.another_client() as other:
        other.create_folder("Desk")
        other.append("Desk", mail("before"))
        with opened(account.settings()) as mailbox:
            before = mailbox.select("Desk").uidvalidity
            mailbox.select("INBOX")
            other.delete_folder("Desk")
            other.create_folder("Desk")
            other.append("Desk", mail("after"))
            after = mailbox.select("Desk").uidvalidity
            assert mailbox.new_uids() == (1,)
    assert before != after


def test_a_folder_deleted_under_us_is_trouble_and_not_silence(account: Account) -> None:
    with account.another_client() as other:
        other.create_folder("Desk")
        other.append("Desk", mail("lost by somebody else"))
        with opened(account.settings()) as mailbox:
            mailbox.select("Desk")
            other.delete_folder("Desk")
            with pytest.raises(MailboxTrouble):
                look_again(mailbox, "Desk")
            assert not mailbox.connected


def look_again(mailbox: Mailbox, folder: str) -> None:
    """More than once, because a server may serve for a while what it still has open."""
    for _ in range(3):
        mailbox.fetch(mailbox.new_uids())
        mailbox.select(folder)


def test_nothing_can_be_asked_before_a_folder_is_open(account: Account) -> None:
    with opened(account.settings()) as mailbox, pytest.raises(MailboxTrouble, match="no folder is open"):
        mailbox.new_uids()


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
