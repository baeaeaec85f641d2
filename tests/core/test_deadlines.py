"""Working days and hours: monotone, their own inverse, and right at every edge of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.days import day_in, days_in
from mailflow.core.deadlines import (
    Calendar,
    Reminders,
    Stage,
    days_left,
    due_after,
    next_opening,
    open_at,
    postponed,
    resumed,
    stage,
    working_day_after,
    working_days_until,
)

ZONES = ("UTC", "Europe/Zurich", "America/Lima", "Asia/Kathmandu", "Pacific/Auckland", "America/New_York")
moments = st.integers(0, 5 * 366 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
days = st.dates(date(2025, 1, 1), date(2029, 12, 31))
calendars = st.builds(
    Calendar,
    st.sampled_from(ZONES).map(ZoneInfo),
    st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    st.sets(days, max_size=40).map(frozenset),
    st.sampled_from((time(16, 30), time(18, 0), time(23, 59))),
    st.sampled_from((time(0, 0), time(7, 0), time(9, 0))),
)
counts = st.integers(1, 40)
ZURICH = Calendar(ZoneInfo("Europe/Zurich"))


@given(calendars, days, counts)
def test_counting_working_days_undoes_adding_them(calendar: Calendar, day: date, count: int) -> None:
    assert working_days_until(calendar, day, working_day_after(calendar, day, count)) == count


@given(calendars, days, days)
def test_the_way_back_is_as_long(calendar: Calendar, first: date, last: date) -> None:
    assert working_days_until(calendar, first, last) == -working_days_until(calendar, last, first)


@given(calendars, moments, counts, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_who_asks_later_is_answered_no_sooner(calendar: Calendar, now: datetime, count: int, later: timedelta) -> None:
    assert due_after(calendar, now + later, count) >= due_after(calendar, now, count) > now
    assert due_after(calendar, now, count + 1) > due_after(calendar, now, count)


@given(calendars, moments, counts)
def test_a_deadline_ends_at_the_close_of_a_working_day(calendar: Calendar, now: datetime, count: int) -> None:
    due = due_after(calendar, now, count).astimezone(calendar.zone)
    assert calendar.works_on(due.date())
    assert due.time() == calendar.closes


@given(calendars, moments, counts)
def test_as_many_days_are_left_as_were_given(calendar: Calendar, now: datetime, count: int) -> None:
    due = due_after(calendar, now, count)
    assert days_left(calendar, now, due) == count
    assert days_left(calendar, due, due) == 0
    assert days_left(calendar, due + timedelta(seconds=1), due) < 0


@given(calendars, moments, counts, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_pause_gives_back_what_was_left(calendar: Calendar, now: datetime, count: int, pause: timedelta) -> None:
    due = due_after(calendar, now, count)
    again = resumed(calendar, due, now, now + pause)
    assert again >= due
    assert days_left(calendar, now + pause, again) >= count or again == due
    assert resumed(calendar, due, now, now) == due


@given(calendars, moments, counts, counts)
def test_two_postponements_are_one(calendar: Calendar, now: datetime, first: int, second: int) -> None:
    due = due_after(calendar, now, 1)
    assert postponed(calendar, postponed(calendar, due, first), second) == postponed(calendar, due, first + second)


@given(calendars, moments, st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=12))
def test_a_deadline_only_ever_comes_nearer(calendar: Calendar, now: datetime, steps: list[timedelta]) -> None:
    due = due_after(calendar, now, 8)
    seen = []
    for step in steps:
        now += step
        seen.append(stage(calendar, due, now, Reminders()))
    assert seen == sorted(seen)


@given(calendars, moments)
def test_the_next_opening_lies_in_working_hours(calendar: Calendar, now: datetime) -> None:
    opening = next_opening(calendar, now)
    assert opening >= now
    assert open_at(calendar, opening)
    assert next_opening(calendar, opening) == opening


@pytest.mark.parametrize(
    ("now", "count", "due"),
    [
        ("2026-03-27T10:00+01:00", 1, "2026-03-30T18:00+02:00"),  # over the night in which summer time begins
        ("2026-10-23T10:00+02:00", 1, "2026-10-26T18:00+01:00"),  # and ends
        ("2028-02-28T10:00+01:00", 1, "2028-02-29T18:00+01:00"),  # a leap day
        ("2026-02-27T10:00+01:00", 1, "2026-03-02T18:00+01:00"),  # the report's year begins on a Sunday
        ("2026-03-02T23:59:59+01:00", 1, "2026-03-03T18:00+01:00"),
        ("2026-03-03T00:00+01:00", 1, "2026-03-04T18:00+01:00"),
        ("2026-12-31T10:00+01:00", 1, "2027-01-01T18:00+01:00"),  # a calendar without holidays
    ],
)
def test_at_the_edges_of_the_calendar(now: str, count: int, due: str) -> None:
    assert due_after(ZURICH, datetime.fromisoformat(now), count) == datetime.fromisoformat(due)


def test_stages_over_a_weekend_with_a_holiday() -> None:
    """Due on Thursday before Easter: Friday and Monday are holidays, so Tuesday is the first day late."""
    easter = Calendar(ZoneInfo("Europe/Zurich"), holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
    due = easter.closing(date(2026, 4, 2))
    told = {day: stage(easter, due, easter.opening(date(2026, 4, day)), Reminders()) for day in (1, 2, 3, 5, 7, 8, 13)}
    assert told == {
        1: Stage.SOON,
        2: Stage.SOON,
        3: Stage.LATE,
        5: Stage.LATE,
        7: Stage.LATE,
        8: Stage.ESCALATED,
        13: Stage.SUPERVISED,
    }


TODAY = date(2026, 3, 4)  # a Wednesday


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-20", "2026-03-20"),
        ("20.3.", "2026-03-20"),
        ("20.3.2027", "2027-03-20"),
        ("20/3", "2026-03-20"),
        ("3.3.", "2027-03-03"),
        ("20 March", "2026-03-20"),
        ("March 20", "2026-03-20"),
        ("20th march 2026", "2026-03-20"),
        ("1er avril", "2026-04-01"),
        ("20 de marzo", "2026-03-20"),
        ("20 Août", "2026-08-20"),
        ("friday", "2026-03-06"),
        ("Wednesday", "2026-03-11"),
        ("next fri", "2026-03-06"),
        ("miércoles", "2026-03-11"),
        ("today", "2026-03-04"),
        ("demain", "2026-03-05"),
        ("mañana", "2026-03-05"),
        ("5", "2026-03-11"),
        ("5 days", "2026-03-11"),
        ("3 jours ouvrables", "2026-03-09"),
    ],
)
def test_days_as_people_write_them(written: str, day: str) -> None:
    assert day_in(written, TODAY, ZURICH) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "written", ["", "soon", "31.2.", "2026-02-30", "0 days", "999 days", "ma", "13/13", "x" * 5000]
)
def test_what_is_no_day(written: str) -> None:
    assert day_in(written, TODAY, ZURICH) is None


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("2026-08-03..2026-08-21", ("2026-08-03", "2026-08-21")),
        ("3 August to 21 August", ("2026-08-03", "2026-08-21")),
        ("3.8. – 21.8.", ("2026-08-03", "2026-08-21")),
        ("du 3 août au 21 août", ("2026-08-03", "2026-08-21")),
        ("from 3 August to 21 August", ("2026-08-03", "2026-08-21")),
        ("3/8 - 21/8", ("2026-08-03", "2026-08-21")),
        ("2026-08-03 - 2026-08-21", ("2026-08-03", "2026-08-21")),
        ("3-21 August", ("2026-08-03", "2026-08-21")),
        ("del 3 al 21 de agosto", ("2026-08-03", "2026-08-21")),
        ("du 3 au 21 août", ("2026-08-03", "2026-08-21")),
        ("until Friday", ("2026-03-04", "2026-03-06")),
        ("jusqu’à vendredi", ("2026-03-04", "2026-03-06")),
        ("jusqu’au 13 mars", ("2026-03-04", "2026-03-13")),
        ("hasta el viernes", ("2026-03-04", "2026-03-06")),
        ("31-2 August", None),
        ("3 août au 21 août", ("2026-08-03", "2026-08-21")),
        ("tomorrow", ("2026-03-05", "2026-03-05")),
        ("2026-08-21..2026-08-03", None),
        ("whenever", None),
    ],
)
def test_a_range_of_days(written: str, span: tuple[str, str] | None) -> None:
    expected = tuple(map(date.fromisoformat, span)) if span else None
    assert days_in(written, TODAY, ZURICH) == expected
