"""When to try a mail again that the server did not take."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=3)


def wait(tries: int) -> timedelta:
    """How long to wait after the `tries`-th failure (from 1): doubled each time, up to LONGEST."""
    return min(FIRST * (1 << min(max(tries, 1) - 1, 16)), LONGEST)


def next_try(made: datetime, now: datetime, tries: int) -> datetime | None:
    """When to try again a mail that was due at `made`; None once GIVE_UP_AFTER has passed."""
    return now + wait(tries) if now - made < GIVE_UP_AFTER else None
