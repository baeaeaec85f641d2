"""Taking mail from a real Dovecot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailflow.core.settings import Afterwards
from mailflow.net.mailbox import Mailbox
from mailflow.net.trouble import MailboxTrouble, TroubleKind
from tests.net.mailboxes import box, mail, opened, taken
from tests.servers.dovecot import Account
from tests.servers.proxy import Fault, Proxy

KEYWORD = b"$MailflowTaken"


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
