"""What is known of a website's use in a period: counts alone, nothing of who it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

# What a line of an access log became: every line is exactly one of these.
Fate = Literal["views", "robots", "not_pages", "failed", "outside", "malformed"]
FATES: tuple[Fate, ...] = ("views", "robots", "not_pages", "failed", "outside", "malformed")

Source = Literal["search", "social", "site", "direct", "internal"]
# A visit's source; of two views in the same second the earlier of these names decides.
SOURCES: tuple[Source, ...] = ("search", "social", "site", "direct", "internal")

REGIONS = ("africa", "americas", "asia", "europe", "oceania", "unknown")
UNKNOWN = "ZZ"  # the code that ISO 3166 leaves free for it
TEN = 10


@dataclass(frozen=True, slots=True)
class Month:
    """None: the files don't say."""

    visits: int | None
    users: int | None
    views: int | None


@dataclass(frozen=True, slots=True)
class Faulty:
    """The lines of one file that are no lines of an access log."""

    file: str  # its name, without folders
    count: int
    lines: tuple[tuple[int, int], ...]  # the first of them: from, to; the first line of a file is 1


@dataclass(frozen=True, slots=True)
class WebFigures:
    """A website's part of the yearly report. None, or an empty table, where the files don't say."""

    origin: Literal["log", "export"]
    begins: date
    ends: date  # the last day, which counts
    visits: int | None
    users: int | None
    new_users: int | None  # first seen in the period, in the files read
    looks_back: bool  # whether the files reach back before the period: only then can a user be old
    pages: int | None  # page views
    by_country: Mapping[str, int] = field(default_factory=dict)  # users, by ISO 3166's two letters
    by_source: Mapping[str, int] = field(default_factory=dict)  # visits
    by_page: tuple[tuple[str, int], ...] = ()  # views, the most read first
    by_topic: Mapping[str, int] = field(default_factory=dict)  # views; "" where the address names none
    by_language: Mapping[str, int] = field(default_factory=dict)  # views; "" where the address names none
    by_month: Mapping[str, Month] = field(default_factory=dict)  # "2026-03"
    lines: Mapping[str, int] = field(default_factory=dict)  # of an access log, by fate
    faulty: tuple[Faulty, ...] = ()
    own: tuple[str, ...] = ()  # the site's own hosts
    own_guessed: bool = False
    without_agent: int = 0  # views of which nobody can say whether a robot made them
    silence: int = 30  # minutes after which a visit is over
    understood: tuple[str, ...] = ()  # of an export: which columns were read as what
    strange: tuple[str, ...] = ()  # of an export: names of countries that aren't known
    unequal: tuple[tuple[str, str, int], ...] = ()  # of an export: totals that disagree: what, by what, how many
    more_pages: int = 0  # views of pages beyond the number that is kept apart

    @property
    def months(self) -> int:
        """How many calendar months the period touches."""
        return (self.ends.year - self.begins.year) * 12 + self.ends.month - self.begins.month + 1

    @property
    def visits_a_month(self) -> int | None:
        return None if self.visits is None else round(self.visits / self.months)

    @property
    def countries(self) -> int | None:
        """How many have a user."""
        return sum(bool(users) for code, users in self.by_country.items() if code != UNKNOWN) or None


@dataclass(frozen=True, slots=True)
class WebTable:
    """A table of the report in one language. A cell is a text, a count, a percentage (a float), or None: not known."""

    name: str  # activity, regions, ...: the same in every language
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    note: str = ""
