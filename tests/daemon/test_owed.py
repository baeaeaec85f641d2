"""What the store could not be told is told later, and telling it twice does no harm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow import config
from mailflow.daemon.owed import Owed
from mailflow.daemon.writer import Writer
from mailflow.store import inbox
from mailflow.store.errors import StoreError
from mailflow.store.inbox import Arrived
from mailflow.store.store import Store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    config.make_installation(tmp_path / "home")
    made = Store.create(config.load_settings(tmp_path / "home"))
    yield made
    made.close()


def test_a_note_that_the_store_refuses_stays_owed_until_it_is_taken(writer: Writer) -> None:
    told: list[str] = []
    full = True

    def note(what: str) -> None:
        if full:
            raise StoreError("the disk is full")
        told.append(what)

    owed = Owed(writer)
    for what in ("first", "second"):
        with pytest.raises(StoreError):
            asyncio.run(owed.tell(note, what))
    with pytest.raises(StoreError):
        asyncio.run(owed.settle())
    full = False
    asyncio.run(owed.settle())
    asyncio.run(owed.settle())
    assert sorted(told) == ["first", "second"]


def test_a_note_that_is_itself_at_fault_is_not_owed(writer: Writer) -> None:
    def note() -> None:
        raise ZeroDivisionError

    owed = Owed(writer)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(owed.tell(note))
    asyncio.run(owed.settle())


def test_a_try_that_did_not_count_is_taken_back_once_however_often_it_is_said(store: Store) -> None:
    inbox.keep(store, [Arrived(b"Subject: one\r\n\r\n", "file")], NOW)
    first = inbox.claim(store, NOW, 1)
    for _ in range(3):
        inbox.untried(store, first)
    (again,) = inbox.claim(store, NOW, 1)
    assert again.tries == 1
