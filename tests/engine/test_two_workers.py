"""Two processes at the same mails: a daemon, and `mailflow ingest` beside it. Each mail is handled once."""

from datetime import UTC, datetime, timedelta

import pytest

from mailflow import config
from mailflow.daemon.installation import opened
from mailflow.store import inbox, queries
from mailflow.store.inbox import Arrived
from mailflow.store.store import Store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RAW = b"From: Ann Lee <ann@firm.example>\r\nMessage-ID: <1@firm.example>\r\n\r\nWhat about the minimum wage?\r\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two") / "desk"
    config.make_installation(folder)
    Store.create(config.load_settings(folder)).close()
    return folder


@pytest.fixture
def both(home):
    with opened(home) as first, opened(home) as second:
        yield first.engine, second.engine


@pytest.mark.parametrize("how", ["a daemon starts and forgets all leases", "the lease is over"])
def test_a_mail_that_another_worker_claimed_meanwhile_is_left_to_it(both, how):
    slow, quick = both
    later = NOW
    inbox.keep(slow.store, [Arrived(RAW + how.encode(), "file")], NOW)
    in_hand = slow.read(slow.claim(NOW))
    if how == "the lease is over":
        later = NOW + inbox.LEASE + timedelta(seconds=1)
    else:
        inbox.forget_leases(quick.store)
    before = len(queries.tickets(quick.store))
    taken_over = quick.read(quick.claim(later))
    assert slow.handle(in_hand, later) == []
    (done,) = quick.handle(taken_over, later)
    assert done.ref
    assert len(queries.tickets(quick.store)) == before + 1
    assert quick.work(later) == []


def test_a_mail_that_was_handled_meanwhile_is_not_handled_again(both):
    slow, quick = both
    inbox.keep(slow.store, [Arrived(RAW + b"once", "file")], NOW)
    in_hand = slow.read(slow.claim(NOW))
    inbox.forget_leases(quick.store)
    (done,) = quick.work(NOW)
    before = len(queries.tickets(quick.store))
    assert slow.handle(in_hand, NOW) == []
    assert len(queries.tickets(quick.store)) == before
    assert queries.fates(quick.store, [done.inbox])[done.inbox].ticket == done.ref
