"""A short rehearsal, on the days around a change of the clocks; `make year` plays a whole year of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bench.year.checks import wrong
from bench.year.rehearsal import rehearsed
from mailflow.core.model import State

BEGINS = datetime(2026, 3, 12, tzinfo=UTC)
DAYS, QUESTIONS = 25, 16
LANGUAGES = {"en": 4, "fr": 2, "my": 1}  # the words of each language take a second to be read


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    return rehearsed(tmp_path_factory.mktemp("year") / "home", BEGINS, DAYS, QUESTIONS, shares=LANGUAGES)


def test_nothing_is_forgotten_told_twice_told_at_night_or_shown_to_the_other_side(year):
    assert wrong(year) == []


def test_there_was_something_to_look_at(year):
    sent = {letter.send.template for letter in year.world.left}
    assert {"acknowledgement", "question", "answer", "reminder", "digest", "weekly", "transcript"} <= sent
    assert len(year.books.tickets) >= QUESTIONS
    assert year.world.restarts == 3


# ---------------------------------------------------------------- what the checks would see


def _with(year, **changes):
    return replace(year, books=replace(year.books, **changes))


def _first(year, template):
    return next(mail for mail in year.books.mails if mail.template == template and mail.state == "sent")


def test_a_missing_digest_is_seen(year):
    gone = _first(year, "digest")
    found = wrong(_with(year, mails=[mail for mail in year.books.mails if mail is not gone]))
    assert len(found) == 1
    assert "got 0 digests" in found[0]


def test_a_digest_on_a_sunday_is_seen(year):
    mail = _first(year, "digest")
    sunday = replace(mail, key=f"digest:2026-03-22:{mail.slug}", sent=datetime(2026, 3, 22, 9, tzinfo=UTC))
    found = wrong(_with(year, mails=[*year.books.mails, sunday]))
    assert any("outside their hours" in sentence for sentence in found)
    assert any("got 1 digests on Sun" in sentence for sentence in found)


def test_a_digest_at_night_is_seen(year):
    mail = _first(year, "digest")
    late = replace(mail, sent=mail.sent.replace(hour=3))
    found = wrong(_with(year, mails=[late if each is mail else each for each in year.books.mails]))
    assert len(found) == 1
    assert "outside their hours" in found[0]


def test_a_reminder_that_is_made_twice_is_seen(year):
    mail = _first(year, "reminder")
    assert wrong(_with(year, mails=[*year.books.mails, mail]))


def test_a_ticket_that_nobody_has_is_seen(year):
    ticket = replace(year.books.tickets[0], state=State.ASSIGNED, assignee="nobody", due=year.books.now)
    found = wrong(_with(year, tickets=[ticket, *year.books.tickets[1:]]))
    assert found == [f"{ticket.ref} is open, and nobody has it"]


def test_a_ticket_that_is_late_for_weeks_without_a_reminder_is_seen(year):
    ticket = replace(year.books.tickets[0], ref="2026-9999", state=State.NEW, due=year.books.now - timedelta(days=14))
    found = wrong(_with(year, tickets=[*year.books.tickets, ticket]))
    assert len(found) == 1
    assert "nobody was reminded" in found[0]


def test_an_askers_address_in_a_mail_to_staff_is_seen(year, monkeypatch):
    letter = next(each for each in year.world.left if each.send.template == "question")
    shown = replace(
        letter, raw=letter.raw.replace(b"MIME-Version", f"X-From: {year.askers[0].address}\r\nMIME-Version".encode(), 1)
    )
    monkeypatch.setattr(year.world, "left", [*year.world.left, replace(shown, id="<another@example.org>")])
    found = wrong(year)
    assert len(found) == 1
    assert "shows who somebody else is" in found[0]
