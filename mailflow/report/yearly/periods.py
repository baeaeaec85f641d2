"""Periods: whole days, both ends included."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Period:
    """ValueError when it ends before it begins."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError(
                f"a period can't end ({self.until}) before it begins ({self.since}): exchange the two days"
            )

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until


def before(period: Period) -> Period:
    """The one of the same length that ends the day before: in months where it has whole ones, else in days."""
    months = months_between(period.since, period.until)
    if months is None:
        return Period(period.since - (period.until - period.since) - _DAY, period.since - _DAY)
    return Period(months_earlier(period.since, months), period.since - _DAY)


def months_between(since: date, until: date) -> int | None:
    """How many months from `since` to `until`, the last day included; None when they aren't whole."""
    end = until + _DAY
    return None if end.day != since.day else (end.year - since.year) * _YEAR + end.month - since.month


def months_earlier(day: date, months: int) -> date:
    """The same day so many months before, or the last of that month where it has no such day."""
    year, month = divmod(day.year * _YEAR + day.month - 1 - months, _YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years(since: date, until: date) -> float:
    """How many years, at least one day's worth: whole months count as twelfths."""
    months = months_between(since, until)
    return months / _YEAR if months else max((until - since).days + 1, 1) / 365.25


def windows(period: Period, start: date) -> tuple[Period, ...]:
    """The period and those before it, back to `start`, in which the first one begins."""
    found = [period]
    while found[-1].since > start:
        earlier = before(found[-1])
        found.append(Period(max(earlier.since, start), earlier.until))
    return tuple(found)
