"""Access logs to figures: shares for some processes, and their tallies added up in order."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mailflow.report.web import pages, sources, visits
from mailflow.report.web.entry import match
from mailflow.report.web.figures import FATES, TEN, Faulty, Month, WebFigures
from mailflow.report.web.hands import Hands
from mailflow.report.web.lines import SHARE, Share, head, shares, silently
from mailflow.report.web.ranking import grouped, ranked
from mailflow.report.web.tally import Tally, Wanted
from mailflow.report.web.trouble import WebTrouble
from mailflow.report.web.visits import BUCKETS, Rule, Visited

SAMPLE = 1 << 20  # octets of each file in which the site's own host is looked for
ALIKE = 5  # lines with which two files begin alike when they are the same log
_FOR_EVER = 2**32  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Asked:
    """What the figures are to be of. None: as far as the logs reach."""

    begins: date | None = None
    ends: date | None = None  # counts, too
    own: tuple[str, ...] = ()  # the site's hosts; else they are found out
    silence: int = 30  # minutes after which a visit is over
    zone: tzinfo = UTC  # whose days and months
    place: pages.Place = pages.place  # language and topic of a page


def from_logs(
    paths: Sequence[Path], asked: Asked, processes: int = 2, told: Callable[[int], object] = silently
) -> WebFigures:
    """The figures of all these logs together, in whatever order. `told` hears of every octet read.

    Exact, with any number of processes: visits are counted from records on the disk, and pages as long as there are no
    more than tally.PAGES different ones; the views of others are said. Raises WebTrouble.
    """
    _check(paths, asked)
    cut = [share for path in paths for share in shares(path, SHARE)]
    own = {sources.bare(host) for host in asked.own} or _own(paths)
    with TemporaryDirectory(prefix="mailflow-web-") as folder:
        begins, ends = (
            _second(asked.begins, asked, 0),
            _second(asked.ends and asked.ends + timedelta(1), asked, _FOR_EVER),
        )
        wanted = Wanted(begins, ends, frozenset(own), secrets.token_bytes(32), Path(folder))
        with Hands(processes if len(cut) > 1 else 1, told) as hands:
            tallies = hands.read(wanted, cut)
            rule = Rule(begins, asked.silence * 60, asked.zone)
            visited = _sum(hands.each(partial(visits.count, Path(folder), rule=rule), range(BUCKETS)))
    files = _by_file(cut, tallies)
    _refuse_strangers(files)
    return _figures(asked, files, visited, tuple(sorted(own)))


def _check(paths: Sequence[Path], asked: Asked) -> None:
    if asked.begins and asked.ends and asked.ends < asked.begins:
        raise WebTrouble(f"the period ends on {asked.ends}, before it begins on {asked.begins}: exchange the two days")
    begin = dict[object, Path]()
    for path in paths:
        lines = tuple(head(path, 1 << 14)[:ALIKE])
        for alike in (path.resolve(), lines if len(lines) == ALIKE else path.resolve()):
            if begin.setdefault(alike, path) is not path:
                raise WebTrouble(f"{path} and {begin[alike]} are the same log: name it once, or its visits count twice")


def _own(paths: Iterable[Path]) -> set[str]:
    """The host whose pages load the site's styles and pictures: nobody else's do, but for a few."""
    found = (match(line) for path in paths for line in head(path, SAMPLE))
    hosts = (sources.host(each[5] or b"") for each in found if each and pages.page(each[3]) is None)
    return {sources.most_frequent(host for host in hosts if sources.source_of(host) == "site")} - {""}


def _second(day: date | None, asked: Asked, otherwise: int) -> int:
    """When a day begins, since 1970."""
    return int(datetime.combine(day, time(), asked.zone).timestamp()) if day else otherwise


def _sum(parts: Iterable[Visited]) -> Visited:
    whole = Visited()
    for part in parts:
        whole.add(part)
    return whole


def _by_file(cut: Iterable[Share], tallies: Iterable[Tally]) -> dict[Path, Tally]:
    """A tally a file, from those of its shares in order: the lines of a share are numbered on from the one before."""
    files = dict[Path, Tally]()
    for share, tally in zip(cut, tallies, strict=True):
        _append(files.setdefault(share.path, Tally()), tally)
    return files


def _append(whole: Tally, part: Tally) -> None:
    for begin, end in part.faulty:
        whole.remember(begin + whole.lines, end + whole.lines)
    whole.lines += part.lines
    whole.fates.update(part.fates)
    whole.more_pages += part.more_pages
    whole.without_agent += part.without_agent
    for name, views in part.views.items():
        whole.view(name, views)


def _refuse_strangers(files: dict[Path, Tally]) -> None:
    for path, tally in files.items():
        if tally.lines and tally.fates["malformed"] == tally.lines:
            raise WebTrouble(
                f"{path}: no line of it is of an access log in the common or combined format: "
                "set the server's log format to combined, or name an export that ends with .csv"
            )
    if not any(tally.lines for tally in files.values()):
        raise WebTrouble("there is no line in these logs: name others with --log")


def _figures(asked: Asked, files: dict[Path, Tally], visited: Visited, own: tuple[str, ...]) -> WebFigures:
    whole = Tally()
    for tally in files.values():
        _append(whole, tally)
    begins, ends = _period(asked, visited)
    return WebFigures(
        origin="log",
        begins=begins,
        ends=ends,
        visits=visited.visits.total(),
        users=visited.by_country.total(),
        new_users=visited.new,
        looks_back=visited.looks_back,
        pages=visited.views.total(),
        by_country=ranked(visited.by_country),
        by_source=ranked(visited.by_source),
        by_page=tuple(ranked(whole.views).items())[:TEN],
        by_topic=grouped(whole.views, lambda name: asked.place(name)[1]),
        by_language=grouped(whole.views, lambda name: asked.place(name)[0]),
        by_month={
            month: Month(visited.visits[month], visited.users[month], visited.views[month])
            for month in _months(begins, ends)
        },
        lines={fate: whole.fates[fate] for fate in FATES},
        faulty=tuple(_faulty(path, tally) for path, tally in files.items() if tally.faulty),
        own=own,
        own_guessed=not asked.own,
        without_agent=whole.without_agent,
        silence=asked.silence,
        more_pages=whole.more_pages,
    )


def _period(asked: Asked, visited: Visited) -> tuple[date, date]:
    """Both days that were asked for, or those of the first and the last view."""
    if asked.begins and asked.ends:
        return asked.begins, asked.ends
    if visited.first is None:
        raise WebTrouble(
            "no page was read by a person in these logs: name a period with --from and --to, or other logs"
        )
    first, last = (datetime.fromtimestamp(at, asked.zone).date() for at in (visited.first, visited.last))
    return asked.begins or first, asked.ends or last


def _months(begins: date, ends: date) -> Iterator[str]:
    for number in range(begins.year * 12 + begins.month - 1, ends.year * 12 + ends.month):
        yield f"{number // 12:04}-{number % 12 + 1:02}"


def _faulty(path: Path, tally: Tally) -> Faulty:
    return Faulty(path.name, tally.fates["malformed"], tuple(tally.faulty))
