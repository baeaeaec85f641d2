"""From page views to visits and users, exactly, whatever the order and the number of the files.

Each view is a record of 15 octets: a keyed hash of address and agent, the second, the source, the country. Records are
strewn over BUCKETS files by their hash, so that all of one visitor's lie in one of them; then each file is sorted and
walked through. Memory holds one bucket at a time, the rest is on the disk. The key is random, is never written, and
goes with the run: what is left can't be turned back into an address, nor compared with another run's.
"""

from __future__ import annotations

import os
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from mailflow.report.web.figures import SOURCES

BUCKETS = 64
HASH, RECORD = 8, 15
_REST = struct.Struct(">IB2s")  # second, place in SOURCES, country
_FULL = 1 << 16  # octets of a bucket that wait in memory
_QUARTER = 900  # seconds; no zone's month begins within one


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as a visit, and when. Seconds since 1970."""

    begins: int
    silence: int  # seconds
    zone: tzinfo


@dataclass(slots=True)
class Visited:
    """The sums of some visitors."""

    visits: Counter[str] = field(default_factory=Counter)  # by month of their first view
    users: Counter[str] = field(default_factory=Counter)  # by each month in which they came
    views: Counter[str] = field(default_factory=Counter)  # by month
    by_source: Counter[str] = field(default_factory=Counter)  # visits
    by_country: Counter[str] = field(default_factory=Counter)  # users
    new: int = 0
    looks_back: bool = False
    first: int | None = None  # seconds since 1970, of a view
    last: int = 0

    def add(self, other: Visited) -> None:
        for mine, its in (
            (self.visits, other.visits), (self.users, other.users), (self.views, other.views),
            (self.by_source, other.by_source), (self.by_country, other.by_country),
        ):  # fmt: skip
            mine.update(its)
        self.new += other.new
        self.looks_back |= other.looks_back
        self.first = min((at for at in (self.first, other.first) if at is not None), default=None)
        self.last = max(self.last, other.last)


class Strewn:
    """Records on their way to their buckets, from one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.buffers = [bytearray() for _ in range(BUCKETS)]

    def write(self, least: int = _FULL) -> None:
        """Put away whatever has grown over so many octets."""
        for bucket, buffer in enumerate(self.buffers):
            if len(buffer) > least:
                with (self._folder / f"{bucket}.{os.getpid()}").open("ab") as file:
                    file.write(buffer)
                buffer.clear()


def record(visitor: bytes, at: int, source: int, country: bytes) -> bytes:
    return visitor + _REST.pack(at, source, country)


def count(folder: Path, bucket: int, rule: Rule) -> Visited:
    """The visits of all whose records lie in this bucket."""
    octets = b"".join(file.read_bytes() for file in folder.glob(f"{bucket}.*"))
    records = sorted(octets[start : start + RECORD] for start in range(0, len(octets), RECORD))
    visited = Visited()
    for _, of_one in groupby(records, itemgetter(slice(HASH))):
        _count_one(visited, (_REST.unpack_from(each, HASH) for each in of_one), rule)
    return visited


def _count_one(visited: Visited, views: Iterable[tuple[int, int, bytes]], rule: Rule) -> None:
    """One visitor's views, in order of time."""
    last, old, months, where = -rule.silence - 1, False, set[str](), b""
    for at, source, country in views:
        begins, last, where = at - last > rule.silence, at, country
        if at < rule.begins:
            old = True
            continue
        month = month_of(at // _QUARTER, rule.zone)
        months.add(month)
        visited.views[month] += 1
        visited.first = at if visited.first is None else min(visited.first, at)
        if begins:
            visited.visits[month] += 1
            visited.by_source[SOURCES[source]] += 1
    visited.looks_back |= old
    if months:
        visited.last = max(visited.last, last)
        visited.users.update(months)
        visited.by_country[where.decode()] += 1
        visited.new += not old


@lru_cache(maxsize=2**16)
def month_of(quarter: int, zone: tzinfo) -> str:
    """2026-03, of a quarter of an hour since 1970."""
    return datetime.fromtimestamp(quarter * _QUARTER, zone).strftime("%Y-%m")
