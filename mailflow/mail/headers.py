"""Raw header fields to values: unfolding, encoded words, parameters, ids, dates. Linear, and nothing raises.

A raw value is what the standard parser keeps: folded, ASCII, other octets as surrogate escapes.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from mailflow.mail.charsets import clean, decode, octets_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_IDS = 200  # of a References line: the newest are kept
MAX_ID = 500  # letters of a Message-ID
MAX_PARAMETERS = 100
MANY = 100  # faults of a mail, after which no charset is guessed any more
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_ID = re.compile(r"<([^<>]{1,500})>")
_TYPE = re.compile(r"([a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100})(?:[;,\s(]|$)")
_PERCENT = re.compile(r"%[89a-fA-F][0-9a-fA-F]%")
_SPACE = re.compile(r"\s+")
_NAMED_ZONE = re.compile(r"(?<!\()\b(?:GMT|UTC?) ?([+-])(\d{1,2}):?(\d{2})?\b")
_HEX = re.compile(r"[0-9A-F]{2}")
_NOT_BASE64 = bytes(
    octet for octet in range(256) if not (chr(octet).isascii() and (chr(octet).isalnum() or octet in b"+/"))
)


def unfolded(raw: str) -> str:
    """One line. Line ends that are no folding become spaces."""
    if "\n" not in raw and "\r" not in raw:
        return raw.strip()
    return _FOLD.sub("", raw).replace("\r", " ").replace("\n", " ").strip()


def text_of(raw: str, defects: list[str], hint: str = "") -> str:
    """A header's text, encoded words decoded, in one line. `hint` is a charset for octets that name none."""
    line = unfolded(raw)
    if "=?" not in line and line.isascii():
        return clean(line)
    return _SPACE.sub(" ", _with_words(line, defects, hint)).strip()


def _with_words(line: str, defects: list[str], hint: str) -> str:
    texts: list[str] = []
    words: list[bytes] = []  # adjacent ones in one charset: a letter may be split between two
    charset, position = "", 0
    while found := _WORD.search(line, position):
        end = _end_of_word(line, found.end(), found[2])
        if end < 0:
            break
        between = line[position : found.start()]
        label = found[1].partition("*")[0].lower()
        if between.strip() or not words or label != charset:
            texts.append(_decoded(b"".join(words), charset, defects, hint))
            if between.strip() or not words:
                texts.append(_plain(between, defects, hint))
            words, charset = [], label
        words.append(_word_octets(line[found.end() : end], found[2], defects))
        position = end + 2
    rest = _plain(line[position:], defects, hint)
    return "".join((*texts, _decoded(b"".join(words), charset, defects, hint), rest))


def _end_of_word(line: str, start: int, encoding: str) -> int:
    """Where "?=" stands; a question mark before an encoded octet looks like it."""
    end = line.find("?=", start)
    while encoding in "qQ" and end >= 0 and _HEX.match(line, end + 2):
        later = line.find("?=", end + 2)
        if later < 0 or " " in line[end:later]:
            return end
        end = later
    return end


def _plain(text: str, defects: list[str], hint: str) -> str:
    return clean(text) if text.isascii() else _decoded(octets_of(text), "", defects, hint)


def _decoded(octets: bytes, charset: str, defects: list[str], hint: str = "") -> str:
    text, defect = decode(octets, charset, hint, guess=len(defects) < MANY)
    if defect:
        defects.append(f"header: {defect}")
    return text.replace("\n", " ").replace("\t", " ")


def _word_octets(text: str, encoding: str, defects: list[str]) -> bytes:
    octets = octets_of(text)
    if encoding in "qQ":
        return binascii.a2b_qp(octets, header=True)
    bare = octets.translate(None, _NOT_BASE64)
    if len(bare) % 4 == 1:
        bare = bare[:-1]
        defects.append("header: broken base64 word")
    return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))


# ---------------------------------------------------------------- parameters (RFC 2045 and 2231)


def media_type(raw: str, default: str = "text/plain") -> str:
    """The type and subtype of a Content-Type in lower case; text/plain when it names none (RFC 2045, 5.2)."""
    found = _TYPE.match(raw[:1000].lstrip().lower())
    return found[1] if found else default if not raw.strip() else "text/plain"


def parameters(raw: str, defects: list[str]) -> dict[str, str]:
    """The parameters after the first ";": names in lower case, values decoded, MAX_PARAMETERS at most."""
    return named(pairs(raw), defects)


def named(found: Iterable[tuple[str, str]], defects: list[str]) -> dict[str, str]:
    """The pairs that `pairs` gives, with the pieces of RFC 2231 joined and decoded."""
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in found:
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(base, value)
            continue
        number = rest.rstrip("*")
        if number == "" or (number.isdecimal() and len(number) < 4):  # noqa: PLR2004
            extended.setdefault(base, {})[int(number or 0)] = (value, rest.endswith("*") or not number)
    texts = {name: _plain_value(value, defects) for name, value in plain.items()}
    return texts | {name: _joined(pieces, defects) for name, pieces in extended.items()} if extended else texts


def _plain_value(value: str, defects: list[str]) -> str:
    """A value in the old form: some senders put percent signs of RFC 2231 there."""
    if "%" in value and _PERCENT.search(value):
        try:
            return clean(unquote_to_bytes(octets_of(value)).decode("utf-8"))
        except UnicodeError:
            pass
    return text_of(value, defects)


def pairs(raw: str) -> list[tuple[str, str]]:
    """(name, raw value) of each parameter: what stands between semicolons outside quotes, MAX_PARAMETERS at most."""
    line = unfolded(raw)
    found: list[tuple[str, str]] = []
    position = line.find(";")
    if position < 0 and "=" in line:  # no semicolon at all: type and parameter stand apart by a blank
        position = next((place for place, letter in enumerate(line[:200]) if letter in " \t"), -1)
    while 0 <= position < len(line) and len(found) < MAX_PARAMETERS:
        name, equals, _ = line[position + 1 : position + 200].partition("=")
        if not equals or ";" in name:
            position = line.find(";", position + 1)
            continue
        start = position + 1 + len(name) + 1
        value, position = _value(line, start)
        found.append((name.strip().lower(), value))
    return found


def _value(line: str, start: int) -> tuple[str, int]:
    """A parameter's value from `start` on, and where its ";" stands (-1: nowhere)."""
    while start < len(line) and line[start] in " \t":
        start += 1
    if line[start : start + 1] != '"':
        end = line.find(";", start)
        return (line[start:] if end < 0 else line[start:end]).strip(), end
    end = start + 1
    while end < len(line) and line[end] != '"':
        end += 2 if line[end] == "\\" else 1
    value = re.sub(r"\\(.)", r"\1", line[start + 1 : end]) if "\\" in line[start:end] else line[start + 1 : end]
    return value, _behind(line, end + 1)


def _behind(line: str, position: int) -> int:
    """Where the next parameter begins behind a quoted value: at its ";", or at the blank that some put in its place."""
    blank = position < len(line) and line[position] in " \t"
    end = line.find(";", position)
    equals = line.find("=", position, end if end >= 0 else len(line)) if blank else -1
    return position if equals >= 0 and line[position:equals].strip().isalnum() else end


def _joined(pieces: dict[int, tuple[str, bool]], defects: list[str]) -> str:
    """RFC 2231 continuations, charset'language'value in the first one."""
    ordered = [pieces[number] for number in sorted(pieces)]
    charset, first_mark, rest = ordered[0][0].partition("'")
    _, second_mark, first = rest.partition("'")
    if ordered[0][1] and first_mark and second_mark:
        ordered[0] = (first, True)
    else:
        charset = ""
    octets = b"".join(unquote_to_bytes(octets_of(text)) if coded else octets_of(text) for text, coded in ordered)
    text = _decoded(octets, charset, defects)
    # Some clients put encoded words where RFC 2231 wants percent signs.
    return text_of(text, defects) if "=?" in text else text.strip()


# ---------------------------------------------------------------- ids and dates


def ids(raw_values: Iterable[str]) -> tuple[str, ...]:
    """Message-IDs in angle brackets, each once (its newest place counts), the newest MAX_IDS."""
    found = [
        f"<{clean(bare)}>"
        for raw in raw_values
        for inner in _ID.findall(raw)
        if (bare := "".join(inner.split())).isascii()
    ]
    newest_first = dict.fromkeys(reversed(found))
    return tuple(reversed(list(newest_first)[:MAX_IDS]))


def single_id(raw: str, defects: list[str]) -> str:
    """A Message-ID with its brackets, "" when there is none."""
    found = ids((raw,))
    if len(found) == 1:
        return found[0]
    bare = clean("".join(unfolded(raw[:MAX_ID]).split())).strip("<>")
    if raw.strip():
        defects.append("Message-ID: not one id in angle brackets")
    return found[0] if found else f"<{bare}>" if bare.isascii() and bare else ""


def moment(raw: str, defects: list[str]) -> datetime | None:
    """A Date line as an aware time in UTC; -0000 and missing zones count as UTC."""
    line = unfolded(raw[:200])
    if not line:
        return None
    zone = _NAMED_ZONE.search(line)
    if zone:  # GMT+0100, UTC+1
        line = f"{line[: zone.start()]} {zone[1]}{zone[2].rjust(2, '0')}{zone[3] or '00'}"
    for reading in (parsedate_to_datetime, _iso):
        try:
            read = reading(line)
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    defects.append("Date: unreadable")
    return None


def _iso(line: str) -> datetime:
    return datetime.fromisoformat(line.replace("/", "-"))
