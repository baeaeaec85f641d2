"""Who is away when, and whether they say so beforehand."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from bench.year.world import A_DAY


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which somebody is away."""

    first: date
    last: date
    announced: bool  # by #away beforehand; else their mail program says it
    deputy: str = ""


HOLIDAYS = {  # the weeks of a year (ISO) that somebody takes off, and who stands in
    "ana": ((30, 2, "jean"), (7, 1, "")),
    "jean": ((33, 2, "ana"), (43, 1, "ana")),
    "grace": ((31, 3, ""),),
    "amir": ((22, 2, "nadia"),),
    "ingrid": ((32, 3, "kofi"), (6, 1, "kofi")),
    "kofi": ((29, 2, "ingrid"),),
    "lucia": ((38, 3, "tomas"),),
    "mei": ((18, 1, ""), (33, 1, "lucia")),
    "linh": ((16, 1, ""),),
    "nadia": ((34, 3, "paul"),),
    "paul": ((31, 3, "nadia"),),
    "tomas": ((32, 4, "lucia"),),
}
ILL = {"kofi": (12, 47), "amir": (40,), "ana": (21,), "lucia": (50,), "linh": (37,), "paul": (3,), "tomas": (25,)}


def leaves_of(slug: str, first: date, last: date, chance: random.Random) -> list[Leave]:
    """Holidays, announced; and some days of illness, of which only the mail program tells."""
    mondays = [first + A_DAY * n for n in range((last - first).days) if (first + A_DAY * n).weekday() == 0]
    weeks = {monday.isocalendar().week: monday for monday in mondays}
    found = []
    for week, length, deputy in HOLIDAYS.get(slug, ()):
        if week in weeks:
            found.append(Leave(weeks[week], weeks[week] + A_DAY * (7 * length - 3), announced=True, deputy=deputy))
    for week in ILL.get(slug, ()):
        if week in weeks:
            begins = weeks[week] + A_DAY * chance.randint(0, 2)
            found.append(Leave(begins, begins + A_DAY * chance.randint(1, 4), announced=False))
    return found
