"""Working days: pure arithmetic on a calendar that config has resolved to dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Calendar:
    zone: tzinfo
    working_days: frozenset[int] = MONDAY_TO_FRIDAY  # Monday is 0
    holidays: frozenset[date] = frozenset()
    closes: time = time(18, 0)  # a deadline is met until then, local time

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.working_days and day not in self.holidays


def working_day_after(calendar: Calendar, day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself never counts; `count` of 0 or less gives `day`.

    A calendar without a single working day a week would never end: config refuses it.
    """
    while count > 0:
        day += timedelta(days=1)
        count -= calendar.works_on(day)
    return day


def due_after(calendar: Calendar, now: datetime, days: int) -> datetime:
    """When a promise of `days` working days made at `now` (aware) ends: close of that day, in UTC."""
    today = now.astimezone(calendar.zone).date()
    last = working_day_after(calendar, today, max(days, 1))
    return datetime.combine(last, calendar.closes, calendar.zone).astimezone(UTC)
