"""One line of an access log, in Apache's and nginx's common or combined format, to its parts.

    [virtual.host:443 ]address ident user [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.1" 200 2326[ "referrer" "agent"]

More may follow. Quotes inside quotes are escaped. The expression is linear: nothing in it can match in two ways.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from mailflow.report.web.places import is_address

_PLAIN, _ESCAPED = rb'"([^"]*+)"', rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'


def _format(quoted: bytes) -> re.Pattern[bytes]:
    """Groups: who asks (host, address, user), when, what for, how it ended, referrer, agent."""
    return re.compile(
        rb"([^\[]++)\[(.{26})\] " + quoted + rb" (\d{3}) (?:\d++|-)(?: " + quoted + b" " + quoted + b'|(?! "))',
        re.DOTALL,
    )


# Most lines have nothing escaped, and are read in a third of the time.
plain, escaped = _format(_PLAIN).match, _format(_ESCAPED).match
_STAMP = re.compile(rb"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}")
_MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_MAPPED = b"::ffff:"  # how a server that speaks IPv6 writes an address of IPv4
_A_DAY = (24, 60, 61)  # hours, minutes, and seconds with a leap second
_YEARS = range(1990, 2100)


def match(line: bytes) -> re.Match[bytes] | None:
    """The parts of a line, see `_format`; None when it is no line of such a log."""
    return escaped(line) if b"\\" in line else plain(line)


@lru_cache(maxsize=2**14)
def address(asks: bytes) -> bytes:
    """The address, or the name of the host, of who asks; not the virtual host that may stand before it."""
    first, _, rest = asks.partition(b" ")
    second, more, _ = rest.partition(b" ")
    follows = rest.count(b" ") > 2 and more  # noqa: PLR2004
    found = second if follows and is_address(second) and not is_address(first) else first
    return found.removeprefix(_MAPPED) if b"." in found else found


@lru_cache(maxsize=2**14)
def moment(stamp: bytes) -> int:
    """Seconds since 1970. ValueError when it is no moment, or there is no such day or hour."""
    if not _STAMP.fullmatch(stamp):
        raise ValueError("no moment")
    hour, minute, second = int(stamp[12:14]), int(stamp[15:17]), int(stamp[18:20])
    if hour >= _A_DAY[0] or minute >= _A_DAY[1] or second >= _A_DAY[2]:
        raise ValueError("no such hour")
    offset = int(stamp[22:24]) * 3600 + int(stamp[24:26]) * 60
    at = _day(stamp[:11]) + hour * 3600 + minute * 60 + second
    return at + offset if stamp[21:22] == b"-" else at - offset


@lru_cache(maxsize=2**10)
def _day(stamp: bytes) -> int:
    day, month, year = stamp.split(b"/")
    if month not in _MONTHS or int(year) not in _YEARS:
        raise ValueError("no such day")
    return int(datetime(int(year), _MONTHS[month], int(day), tzinfo=UTC).timestamp())
