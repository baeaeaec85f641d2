"""An access log of any size that looks like a helpdesk's: people who read some pages, what their pages load, robots.

The same seed gives the same octets. Addresses, agents and pages are made up or come from the list of robots; the
shares of each are those of a small public site, on which robots ask for about as many pages as people do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

BEGINS, DAYS = datetime(2026, 3, 1, tzinfo=UTC), 365
VISIT_OCTETS = 2680  # what one visit writes on average, robots and assets included
RETURNS = 0.2  # of the visits are of people who come again
LANGUAGES = ("es", "en", "fr", "ja", "zh", "vi")
TOPICS = ("wages", "freedom-of-association", "safety-and-health", "forced-labour", "child-labour", "working-time")
ASSETS = (
    "/style.css",
    "/site.js",
    "/fonts/text.woff2",
    "/logo.svg",
    "/pagefind/pagefind.js",
    "/pagefind/index/en_1.pf_index",
)
REFERRERS = (
    "-", "-", "-", "https://www.google.com/", "https://www.google.com/", "https://www.google.com/",
    "https://www.bing.com/search?q=minimum+wage", "https://duckduckgo.com/", "https://www.facebook.com/",
    "https://unions.example/links", "https://employers.example.org/a/b?c=d",
)  # fmt: skip
SYSTEMS = (
    "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64", "Linux; Android 10; K",
    "Linux; Android 14; SM-A{}5", "iPhone; CPU iPhone OS 18_{} like Mac OS X",
)  # fmt: skip


def write(path: Path, octets: int, seed: int = 5) -> int:
    """Write about so many octets of it; how many lines they are."""
    lines = 0
    with path.open("wb") as log:
        for piece in _pieces(octets, random.Random(seed)):
            log.write(piece)
            lines += piece.count(b"\n")
    return lines


def _pieces(octets: int, chance: random.Random) -> Iterator[bytes]:
    """A visit after another, in order of time, until there is enough."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    robots = [agent for known in CRAWLER_USER_AGENTS_DATA[:400] for agent in known["instances"]]
    people = [_agent(chance, number) for number in range(4000)]
    pages = _pages()
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(pages))))
    known = [(_address(chance), chance.choice(people)) for _ in range(20_000)]
    step = timedelta(days=DAYS) / (octets / VISIT_OCTETS)
    now, written = BEGINS, 0
    while written < octets:
        read = chance.choices(pages, cum_weights=weights, k=1 + min(9, int(chance.expovariate(0.9))))
        who = chance.choice(known) if chance.random() < RETURNS else (_address(chance), chance.choice(people))
        piece = "".join(_visit(chance, now, *who, read)).encode()
        piece += "".join(_robot(chance, now, chance.choice(robots), page) for page in read).encode()
        written += len(piece)
        now += step
        yield piece


def _visit(chance: random.Random, now: datetime, address: str, agent: str, read: list[str]) -> Iterator[str]:
    referrer = chance.choice(REFERRERS)
    for number, page in enumerate(read):
        yield _line(address, now, page, 200, referrer, agent)
        for asset in ASSETS if not number else ASSETS[4:]:
            yield _line(address, now, asset, chance.choice((200, 200, 304)), f"https://www.desk.example{page}", agent)
        referrer = f"https://www.desk.example{page}"
        now += timedelta(seconds=chance.randrange(5, 400))


def _robot(chance: random.Random, now: datetime, agent: str, page: str) -> str:
    status = chance.choice((200, 200, 200, 301, 404))
    return _line(f"192.0.{chance.randrange(256)}.{chance.randrange(256)}", now, page, status, "-", agent)


def _line(address: str, now: datetime, target: str, status: int, referrer: str, agent: str) -> str:
    stamp = now.strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{address} - - [{stamp}] "GET {target} HTTP/1.1" {status} 5120 "{referrer}" "{agent}"\n'


def _address(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return f"2a02:{chance.randrange(65536):x}:{chance.randrange(65536):x}::{chance.randrange(65536):x}"
    return ".".join(str(chance.randrange(1, 224)) for _ in range(4))


def _agent(chance: random.Random, number: int) -> str:
    system = chance.choice(SYSTEMS).format(number % 10)
    return (
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{chance.randrange(90, 150)}.0.{number}.0 Safari/537.36"
    )


def _pages() -> list[str]:
    fronts = [f"/{language}/" for language in LANGUAGES]
    topics = [f"/{language}/{topic}/" for topic in TOPICS for language in LANGUAGES]
    return fronts + topics + [f"{topic}item-{number}.html" for number in range(60) for topic in topics]
