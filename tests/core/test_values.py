"""Tokens, deadlines, views, commands, retries: the small pure parts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core import retry, tokens, views
from mailflow.core.commands import COMMANDS, has_commands, split
from mailflow.core.deadlines import Calendar, due_after, working_day_after
from mailflow.core.lifecycle import Act, Clock, move
from mailflow.core.model import Grant, State, TokenKind, person, requester
from tests.core.desk import NOW, POLICY

SECRET, NONCE = b"s" * 32, b"n" * tokens.NONCE_OCTETS
GRANT = Grant(TokenKind.TICKET, "2026-0001", person("lucia"), "2026-0001")
ZURICH = Calendar(
    ZoneInfo("Europe/Zurich"), holidays=frozenset({date(2026, 12, 25), date(2027, 1, 1), date(2028, 2, 29)})
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001

# ---------------------------------------------------------------- tokens


@given(st.binary(min_size=8, max_size=8))
def test_a_token_is_found_again_in_any_case_and_is_genuine_for_its_grant_alone(nonce: bytes) -> None:
    token = tokens.mint(SECRET, nonce, GRANT)
    assert tokens.find(f"To: helpdesk+{token.upper()}@example.org") == (token,)
    assert tokens.nonce_of(token) == nonce
    assert tokens.genuine(SECRET, token, GRANT)
    for other in (
        Grant(TokenKind.DRAFT, "2026-0001", person("lucia")),
        Grant(TokenKind.TICKET, "2026-0002", person("lucia")),
        Grant(TokenKind.TICKET, "2026-0001", person("kofi")),
        Grant(TokenKind.TICKET, "2026-0001", requester("lucia")),
    ):
        assert not tokens.genuine(SECRET, token, other)
    assert not tokens.genuine(b"t" * 32, token, GRANT)


@given(st.integers(0, tokens.LENGTH - 2), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_one_letter_changed_is_not_genuine(place: int, letter: str) -> None:
    token = tokens.mint(SECRET, NONCE, GRANT)
    changed = token[:place] + letter + token[place + 1 :]
    assert tokens.genuine(SECRET, changed, GRANT) is (changed == token)


@given(st.text())
def test_whatever_looks_like_a_token_is_gone_from_a_text_without_tokens(text: str) -> None:
    token = tokens.mint(SECRET, NONCE, GRANT)
    assert tokens.find(tokens.without(f"{text} {token} {text}")) == ()


# ---------------------------------------------------------------- deadlines


@given(moments, st.integers(1, 40))
def test_a_deadline_ends_on_a_working_day_at_closing_time(now: datetime, days: int) -> None:
    due = due_after(ZURICH, now, days).astimezone(ZURICH.zone)
    assert ZURICH.works_on(due.date())
    assert due.timetz().replace(tzinfo=None) == ZURICH.closes


@given(moments, st.integers(1, 40), st.integers(0, 400))
def test_a_later_start_or_more_days_never_end_earlier(now: datetime, days: int, hours: int) -> None:
    due = due_after(ZURICH, now, days)
    assert due > now
    assert due_after(ZURICH, now + timedelta(hours=hours), days) >= due
    assert due_after(ZURICH, now, days + 1) > due


@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.integers(1, 40))
def test_between_a_day_and_the_nth_working_day_after_it_lie_n_working_days(day: date, count: int) -> None:
    last = working_day_after(ZURICH, day, count)
    between = (day + timedelta(days=n) for n in range(1, (last - day).days + 1))
    assert sum(ZURICH.works_on(each) for each in between) == count


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-12-24T10:00+01:00", 1, "2026-12-28"),  # Christmas on a Friday
        ("2028-02-28T10:00+01:00", 1, "2028-03-01"),  # the leap day is a holiday here
        ("2027-03-26T23:30+01:00", 1, "2027-03-29"),  # over the night when clocks go forward
        ("2026-10-23T23:59+02:00", 2, "2026-10-27"),  # and back
    ],
)
def test_deadlines_at_the_edges_of_the_calendar(start: str, days: int, end: str) -> None:
    due = due_after(ZURICH, datetime.fromisoformat(start), days)
    assert due.astimezone(ZURICH.zone).isoformat()[:16] == f"{end}T18:00"


# ---------------------------------------------------------------- views


@given(
    st.text(max_size=30),
    st.text(max_size=30),
    st.sampled_from(("ann@firm.example", "ANN@Firm.Example", "Ann Lee", "ann  LEE")),
)
def test_no_address_or_name_of_the_requester_reaches_staff(before: str, after: str, spelt: str) -> None:
    seen = views.for_staff(f"{before} {spelt} {after}", "ann@firm.example", "Ann Lee").casefold()
    for hidden in ("ann@firm.example", "ann lee"):
        assert hidden not in seen.replace(before.casefold(), "").replace(after.casefold(), "")


@given(st.text(max_size=30))
def test_no_address_of_staff_and_no_token_reaches_the_requester(words: str) -> None:
    token = tokens.mint(SECRET, NONCE, GRANT)
    seen = views.for_requester(f"{words} Lucia@example.org {words} [ref:{token}]", POLICY)
    assert "lucia@example.org" not in seen.casefold()
    assert token not in seen


def test_an_answers_html_is_given_up_when_there_was_something_to_withhold() -> None:
    assert views.answer_for_requester("Yes.", "<p>Yes.</p>", POLICY).rich == "<p>Yes.</p>"
    assert views.answer_for_requester("Yes.", "<p>Yes.</p><p>kofi@example.org</p>", POLICY).rich == ""


# ---------------------------------------------------------------- commands, lifecycle, retries


@given(st.text())
def test_splitting_off_commands_never_fails_and_loses_no_line(text: str) -> None:
    found, rest = split(text)
    assert has_commands(text) is bool(found)
    kept = sum(bool(line.strip()) for line in text.splitlines())
    assert len(found) + sum(bool(line.strip()) for line in rest.splitlines()) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#close", (("close", ""),)),
        ("  # Close. ", (("close", ""),)),
        ("＃close", (("close", ""),)),
        ("#assign\u00a0kofi", (("assign", "kofi"),)),
        ("\n\n#note a\n#close\nwords", (("note", "a"), ("close", ""))),
        ("#1 is the first point", ()),
        ("Words first\n#close", ()),
    ],
)
def test_commands_are_understood_as_phones_and_autocorrect_write_them(
    text: str, found: tuple[tuple[str, str], ...]
) -> None:
    assert split(text)[0] == found


def test_every_command_says_what_it_does_and_contradicts_commands_that_there_are() -> None:
    for entry in COMMANDS.values():
        assert entry.help.endswith("."), entry.word
        assert entry.excludes <= COMMANDS.keys() - {entry.word}


@pytest.mark.parametrize("state", list(State))
def test_from_every_state_a_ticket_can_be_written_to_and_assigned(state: State) -> None:
    assert move(state, Act.WRITE_AGAIN)
    assert move(state, Act.ASSIGN)


BEING_WORKED_ON = (State.NEW, State.ASSIGNED, State.IN_REVIEW)


@pytest.mark.parametrize("state", list(State))
def test_each_act_takes_a_ticket_where_it_belongs(state: State) -> None:
    again, given_, answered, closed = (move(state, act) for act in (Act.WRITE_AGAIN, Act.ASSIGN, Act.ANSWER, Act.CLOSE))
    assert again
    assert given_
    if state in BEING_WORKED_ON:  # the asker was promised something: that promise stands
        assert (again.to, again.clock) == (state, Clock.KEEP)
        assert given_.clock is Clock.KEEP
    elif state is State.WAITING:  # and what was left of it is left again
        assert (again.to, again.clock) == (State.ASSIGNED, Clock.RESUME)
        assert given_.clock is Clock.KEEP
    else:
        assert (again.to, again.clock) == (State.ASSIGNED, Clock.START)
    if state is State.CLOSED:
        assert answered is None  # an answer that leaves late does not open what was closed
        assert closed is None
    else:
        assert answered
        assert closed
        assert (answered.to, answered.clock) == (State.ANSWERED, Clock.STOP)
        assert (closed.to, closed.clock) == (State.CLOSED, Clock.STOP)


@given(st.integers(-3, 60))
def test_waits_grow_up_to_the_longest(tries: int) -> None:
    assert retry.FIRST <= retry.wait(tries) <= retry.wait(tries + 1) <= retry.LONGEST


def test_a_mail_is_given_up_after_three_days_and_not_before() -> None:
    just_before = NOW + retry.GIVE_UP_AFTER - timedelta(seconds=1)
    assert retry.next_try(NOW, just_before, 9)
    assert retry.next_try(NOW, NOW + retry.GIVE_UP_AFTER, 9) is None
