"""What one share of a log gives: each line meets its fate, views are counted by page and strewn as records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from mailflow.report.web import pages, places, robots, sources
from mailflow.report.web.entry import address, match, moment
from mailflow.report.web.figures import SOURCES, Fate
from mailflow.report.web.lines import Share, blocks, silently
from mailflow.report.web.visits import BUCKETS, HASH, Strewn, record

PAGES = 100_000  # different pages that are counted apart
FAULTS = 100  # spans of faulty lines that are remembered of a file
ANSWERED = frozenset((b"200", b"203", b"304"))  # a page was shown: sent, or found unchanged

# The same few again and again: each is judged once. The numbers bound what is remembered.
page = lru_cache(2**14)(pages.page)
is_robot = lru_cache(2**13)(robots.is_robot)
country = lru_cache(2**14)(places.country)
source = lru_cache(2**14)(sources.source)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What every process must know to read a share."""

    begins: int  # seconds since 1970
    ends: int  # the first that doesn't count any more
    own: frozenset[str]
    salt: bytes
    folder: Path  # of the buckets


@dataclass(slots=True)
class Tally:
    lines: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    views: Counter[str] = field(default_factory=Counter)
    more_pages: int = 0
    faulty: list[tuple[int, int]] = field(default_factory=list)
    without_agent: int = 0

    def remember(self, begin: int, end: int) -> None:
        """Faulty lines, one after the other."""
        if self.faulty and self.faulty[-1][1] == begin - 1:
            self.faulty[-1] = (self.faulty[-1][0], end)
        elif len(self.faulty) < FAULTS:
            self.faulty.append((begin, end))

    def view(self, name: str, times: int = 1) -> None:
        if name in self.views or len(self.views) < PAGES:
            self.views[name] += times
        else:
            self.more_pages += times


def read(wanted: Wanted, share: Share, told: Callable[[int], object] = silently) -> Tally:
    """All lines of a share. Raises WebTrouble when it can't be read."""
    tally, strewn = Tally(), Strewn(wanted.folder)
    for lines in blocks(share, told):
        fates = [_fate(wanted, tally, strewn, line) for line in lines]
        tally.fates.update(fates)
        if "malformed" in fates:
            for number in (place for place, fate in enumerate(fates, tally.lines + 1) if fate == "malformed"):
                tally.remember(number, number)
        tally.lines += len(lines)
        strewn.write()
    strewn.write(least=0)
    return tally


def _fate(wanted: Wanted, tally: Tally, strewn: Strewn, line: bytes) -> Fate:
    """What becomes of a line. A person's view before the period is remembered, not counted."""
    found = match(line)
    if found is None:
        return "malformed"
    asks, stamp, request, status, referrer, agent = found.groups()
    try:
        at = moment(stamp)
    except ValueError:
        return "malformed"
    early = at < wanted.begins
    if at >= wanted.ends:
        return "outside"
    if status not in ANSWERED:
        return "outside" if early else "failed"
    name = page(request)
    if name is None:
        return "outside" if early else "not_pages"
    if agent is not None and is_robot(agent):
        return "outside" if early else "robots"
    _strew(wanted, strewn, address(asks), agent or b"", at, referrer or b"")
    if early:
        return "outside"
    tally.view(name)
    tally.without_agent += agent is None
    return "views"


def _strew(wanted: Wanted, strewn: Strewn, who: bytes, agent: bytes, at: int, referrer: bytes) -> None:
    visitor = blake2b(who + b" " + agent, key=wanted.salt, digest_size=HASH).digest()
    came = SOURCES.index(source(referrer, wanted.own))
    strewn.buffers[visitor[0] % BUCKETS] += record(visitor, at, came, country(who))
