"""What is a page, by which name it is counted, and which topic and language it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote, unquote_to_bytes

LONGEST = 500  # octets of an address that are kept
# Of what ends otherwise (style.css, logo.svg, feed.xml, leaflet.pdf) nothing is a page; /en/wages/ and /en/about are.
_ENDINGS = frozenset(("html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp"))
_ENDING = re.compile(r"\.([A-Za-z0-9_-]{1,12})$")
_INDEX = re.compile(r"/(?:index|default)\.(?:x?html?|php|aspx?)$")
_NOT_READ = re.compile(r"/(?:_?pagefind|\.well-known|cgi-bin|wp-json|api)/")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
_ABOUT_SOMEBODY = re.compile(r"[@\uff20\ufe6b]|\d{7,}|(?:\d[ .()+_-]*){9,}")  # a mail address; a telephone number
HIDDEN = "…"
_WRAPPINGS = 3  # how often links that were sent on are quoted

Place = Callable[[str], tuple[str, str]]


def page(request: bytes) -> str | None:
    """The page that a request line asks for, without query; None when it asks for something else, or changes something."""
    method, _, rest = request.partition(b" ")
    target, _, protocol = rest.rpartition(b" ")
    if method != b"GET" or not protocol.startswith(b"HTTP/"):
        return None
    return named(target)


def named(target: bytes) -> str | None:
    """The name under which an address is counted: its path, readable, /index.html left off. None: no page."""
    path = target.partition(b"?")[0].partition(b"#")[0]
    if b"://" in path[:8]:  # a proxy's way of asking
        path = b"/" + path.partition(b"://")[2].partition(b"/")[2]
    if not path.startswith(b"/") or len(path) > LONGEST:
        return None
    name = unquote_to_bytes(path).decode("utf-8", "replace")
    ending = _ENDING.search(name)
    if (ending and ending[1].lower() not in _ENDINGS) or _NOT_READ.search(name):
        return None
    return discreet(_INDEX.sub("/", name))


def discreet(name: str) -> str:
    """The address with … for each part of it that may be somebody's mail address or telephone number."""
    return "/".join(HIDDEN if _tells(part) else part for part in name.split("/"))


def _tells(part: str) -> bool:
    for _ in range(_WRAPPINGS):
        if _ABOUT_SOMEBODY.search(part):
            return True
        part = unquote(part)
    return bool(_ABOUT_SOMEBODY.search(part))


def place(name: str) -> tuple[str, str]:
    """Language and topic of /<language>/<topic>/...; "" where there is none."""
    first, _, rest = name.lstrip("/").partition("/")
    if not _LANGUAGE.fullmatch(first):
        return "", ""
    topic, inside, _ = rest.partition("/")
    return first, topic if inside else ""
