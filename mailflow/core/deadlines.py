"""Working days and hours: pure arithmetic on a calendar that config has resolved to dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import IntEnum

MONDAY_TO_FRIDAY = frozenset(range(5))
A_DAY = timedelta(days=1)
FOREVER = 400  # days after which a working day must have come: config refuses a calendar without any


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: the desk, or one of its people."""

    zone: tzinfo
    working_days: frozenset[int] = MONDAY_TO_FRIDAY  # Monday is 0
    holidays: frozenset[date] = frozenset()
    closes: time = time(18, 0)  # a deadline is met until then, local time
    opens: time = time(9, 0)

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.working_days and day not in self.holidays

    def day_of(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes, self.zone).astimezone(UTC)


def working_day_after(calendar: Calendar, day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself never counts; `count` of 0 or less gives `day`.

    A calendar without a single working day a week would never end: config refuses it.
    """
    while count > 0:
        day += A_DAY
        count -= calendar.works_on(day)
    return day


def working_days_until(calendar: Calendar, day: date, last: date) -> int:
    """How many working days lie after `day`, up to `last`; below 0 when `last` is past.

    The inverse of `working_day_after`: from `day` it is `count` working days to `working_day_after(day, count)`.
    """
    if last < day:
        return -working_days_until(calendar, last, day)
    return sum(calendar.works_on(day + timedelta(days=ahead)) for ahead in range(1, (last - day).days + 1))


def due_after(calendar: Calendar, now: datetime, days: int) -> datetime:
    """When a promise of `days` working days made at `now` (aware) ends: close of that day, in UTC."""
    return calendar.closing(working_day_after(calendar, calendar.day_of(now), max(days, 1)))


def due_on(calendar: Calendar, day: date) -> datetime:
    """The close of a day that somebody named."""
    return calendar.closing(day)


def days_left(calendar: Calendar, now: datetime, due: datetime) -> int:
    """Working days until a deadline: 0 on its own day, below 0 when it is past."""
    left = working_days_until(calendar, calendar.day_of(now), calendar.day_of(due))
    return min(left, -1) if now > due else left


def resumed(calendar: Calendar, due: datetime, paused: datetime, now: datetime) -> datetime:
    """A deadline that was paused: the working days that were left then are left again, one at least."""
    left = working_days_until(calendar, calendar.day_of(paused), calendar.day_of(due))
    return max(due_after(calendar, now, left), due)


def postponed(calendar: Calendar, due: datetime, days: int) -> datetime:
    """A deadline moved by so many working days."""
    return calendar.closing(working_day_after(calendar, calendar.day_of(due), days))


def open_at(calendar: Calendar, now: datetime) -> bool:
    """Whether `now` lies in somebody's working hours."""
    local = now.astimezone(calendar.zone)
    return calendar.works_on(local.date()) and calendar.opens <= local.time().replace(tzinfo=None) < calendar.closes


def next_opening(calendar: Calendar, now: datetime) -> datetime:
    """`now` if it lies in working hours, else the moment when the next ones begin."""
    if open_at(calendar, now):
        return now
    day = calendar.day_of(now)
    for ahead in range(FOREVER):
        opening = calendar.opening(day + timedelta(days=ahead))
        if calendar.works_on(day + timedelta(days=ahead)) and opening >= now:
            return opening
    raise ValueError("a calendar without working days")


# ---------------------------------------------------------------- how late something is


class Stage(IntEnum):
    """How near a deadline is; each stage is told once to whom it concerns."""

    QUIET = 0
    EARLY = 1  # a first warning,
    SOON = 2  # and a second one
    LATE = 3  # a reminder on the first working day after it
    ESCALATED = 4  # coordinators are told
    SUPERVISED = 5  # supervisors, too


@dataclass(frozen=True, slots=True)
class Reminders:
    """In working days before and after a deadline."""

    early: int = 3
    soon: int = 1
    late: int = 1
    escalate: int = 2
    supervise: int = 5


def stage(calendar: Calendar, due: datetime, now: datetime, reminders: Reminders) -> Stage:
    """How far a deadline has come. It never goes back while time goes on."""
    left = days_left(calendar, now, due)
    if left >= 0:
        return Stage.SOON if left <= reminders.soon else Stage.EARLY if left <= reminders.early else Stage.QUIET
    reached = [
        (reminders.supervise, Stage.SUPERVISED),
        (reminders.escalate, Stage.ESCALATED),
        (reminders.late, Stage.LATE),
    ]
    return next((each for days, each in reached if -left >= days), Stage.SOON)
