"""A mail's octets as a tree of parts: where each header ends, where each body begins. Linear, and nothing raises.

The tree keeps places in the mail, not copies: a part that was signed, sealed or forwarded stays the octets that it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mailflow.mail.headers import media_type, named, pairs
from mailflow.mail.transfer import decoded

MAX_NAME = 200  # letters of a field's name
MAX_DEPTH = 50  # multiparts in multiparts; deeper ones are one part
FEW = 200  # octets: as many blanks are no part
MAX_PARTS = 2_000  # what stands behind them is one part
_BLANK = re.compile(rb"\r?\n\r?\n")
_BREAK = re.compile(r"\r?\n(?![ \t])")
_NAME = re.compile(r"([^\s:]{1,200})([ \t]{0,20}):")
_PLAIN_NAME = re.compile(r"[!-9;-~]+")
# Fields that a header has and that a text seldom begins a line with.
_KNOWN = re.compile(
    r"(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|content-type|content-transfer-encoding"
    r"|content-disposition)[ \t]{0,20}:",
    re.IGNORECASE,
)
# Fields that only a header has.
_SURE = re.compile(r"(?:received|return-path|delivered-to|message-id|mime-version)[ \t]{0,20}:", re.IGNORECASE)
_GUESSED = re.compile(rb"^--([^\r\n]{1,200})\r?\n(?:content-[a-z-]{2,40}:|\r?\n)", re.IGNORECASE | re.MULTILINE)
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]{0,200}(?:\r?\n|\Z)")


@dataclass(slots=True)
class Entity:
    """A mail or a part of one: `raw[start:end]` is its body, still encoded for transfer."""

    raw: bytes = field(repr=False)
    start: int
    end: int
    fields: list[tuple[str, str]]  # names in lower case; values folded, octets beyond ASCII as surrogate escapes
    loose: frozenset[str]  # names of fields that not every reader would see there
    kind: str  # type and subtype
    named: dict[str, str]  # the first value of each field
    parameters: dict[str, str]  # of its Content-Type
    children: list[Entity] = field(default_factory=list)
    outside: list[tuple[int, int]] = field(default_factory=list)  # what stands around the parts of a multipart

    @property
    def body(self) -> bytes:
        return self.raw[self.start : self.end]

    def octets(self, defects: list[str]) -> bytes:
        """The body, transfer encoding undone."""
        return decoded(self.body, self.named.get("content-transfer-encoding", ""), defects)


@dataclass(slots=True)
class Header:
    fields: list[tuple[str, str]]
    loose: frozenset[str]
    end: int  # where the body begins


def tree(raw: bytes, defects: list[str]) -> Entity:
    """The whole mail."""
    return _Reader(defects).entity(raw, 0, len(raw), "text/plain", 0)


def header(raw: bytes, start: int, end: int, defects: list[str]) -> Header:
    """The header that begins at `start`. A line in it that is no field is left out when more fields follow it."""
    if raw.startswith((b"\n", b"\r\n"), start):
        return Header([], frozenset(), min(end, start + 1 + raw.startswith(b"\r", start)))
    blank = _BLANK.search(raw, start, end)
    text = raw[start : blank.start() if blank else end].decode("ascii", "surrogateescape")
    fields: list[tuple[str, str]] = []
    whole = True
    for line in _BREAK.split(text):
        name, colon, value = line.partition(":")
        if colon and len(name) <= MAX_NAME and _PLAIN_NAME.fullmatch(name):
            fields.append((name.lower(), value.lstrip(" \t")))
        else:
            whole = False
            fields.append(("", line))
    body = blank.end() if blank else end
    return Header(fields, frozenset(), body) if whole else _repaired(fields, start, text, body, defects)


def _repaired(fields: list[tuple[str, str]], start: int, text: str, body: int, defects: list[str]) -> Header:
    """A header with lines that are no fields: those stand in `fields` without a name."""
    known = [number for number, (name, _) in enumerate(fields) if name and _KNOWN.match(f"{name}:")]
    sure = [number for number in known if _SURE.match(f"{fields[number][0]}:")]
    kept: list[tuple[str, str]] = []
    loose: set[str] = set()
    damaged = False
    for number, (name, value) in enumerate(fields):
        if name:
            kept.append((name, value))
            loose |= {name} if damaged else set()
        elif spelt := _oddly_named(value, begun=bool(kept)):
            kept.append(spelt)
            loose.add(spelt[0])
            defects.append("a header field with an odd name")
        elif not value or (not number and value.startswith(("From ", ">From "))):
            continue  # the last line's end, or what mailbox files put on top
        elif value.startswith("--") or not any(later > number for later in (known if kept else sure)[-1:]):
            defects.append("no empty line between header and body")
            return Header(kept, frozenset(loose), start + _line_start(text, number))
        else:
            damaged = True
            kept.append(("", value))
            defects.append("a line in the header that is no field")
    return Header(kept, frozenset(loose), body)


def _oddly_named(line: str, *, begun: bool) -> tuple[str, str] | None:
    """A field that one knows in spite of a blank before its colon, or of letters in its name that nobody sees."""
    found = _NAME.match(line)
    if not found:
        return None
    spelt = "".join(letter for letter in found[1] if "!" <= letter <= "~").lower()
    known = _KNOWN.match(f"{spelt}:") or (begun and found[1].isascii())
    return (spelt, line[found.end() :].lstrip(" \t")) if known else None


def _line_start(text: str, number: int) -> int:
    if not number:
        return 0
    for count, found in enumerate(_BREAK.finditer(text), 1):
        if count == number:
            return found.end()
    return len(text)


class _Reader:
    def __init__(self, defects: list[str]) -> None:
        self._defects = defects
        self._left = MAX_PARTS

    def entity(self, raw: bytes, start: int, end: int, default: str, depth: int) -> Entity:
        self._left -= 1
        head = header(raw, start, end, self._defects)
        first = dict(reversed(head.fields))
        said = first.get("content-type", "")
        kind = media_type(said, default) if said else default
        told = pairs(said) if said else []
        parameters = named(told, self._defects) if told else {}
        entity = Entity(raw, head.end, end, head.fields, head.loose, kind, first, parameters)
        if kind.startswith("multipart/"):
            boundary = next((value for name, value in told if name in ("boundary", "boundary*", "boundary*0")), "")
            self._divide(entity, boundary.encode("ascii", "surrogateescape").rstrip(), depth)
        return entity

    def _divide(self, entity: Entity, boundary: bytes, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self._defects.append("nested too deep")
            return
        raw, start, end = entity.raw, entity.start, entity.end
        marks = _marks(raw, start, end, boundary, self._left) if boundary else []
        if not marks and (coded := entity.named.get("content-transfer-encoding", "").strip().lower()) in (
            "base64",
            "quoted-printable",
        ):
            raw = decoded(entity.body, coded, self._defects)
            start, end = 0, len(raw)
            marks = _marks(raw, start, end, boundary, self._left) if boundary else []
        if not marks and (guess := _GUESSED.search(raw, start, end)):
            self._defects.append("a multipart whose boundary was guessed")
            marks = _marks(raw, start, end, guess[1].rstrip(), self._left)
        self._parts(entity, raw, marks, start, end, depth)

    def _parts(self, entity: Entity, raw: bytes, marks: list[_Mark], start: int, end: int, depth: int) -> None:
        if not marks:
            self._defects.append("a multipart without parts")
            return
        entity.outside.append((start, marks[0].line))
        default = "message/rfc822" if entity.kind == "multipart/digest" else "text/plain"
        for number, mark in enumerate(marks):
            if mark.closes:
                entity.outside.append((mark.after, end))
                break
            last = number + 1 == len(marks)
            until = end if last else marks[number + 1].before
            if last:
                self._defects.append("a multipart that is not closed")
            if until - mark.after < FEW and not raw[mark.after : max(until, mark.after)].strip():
                continue  # two boundaries in a row, or one in place of the closing one
            entity.children.append(self.entity(raw, mark.after, max(until, mark.after), default, depth + 1))
        if raw is not entity.raw:
            entity.raw, entity.start, entity.end = raw, start, end


@dataclass(slots=True)
class _Mark:
    """A boundary line."""

    line: int  # where it begins
    before: int  # where the part before it ends: the line's end belongs to the boundary
    after: int
    closes: bool


def _marks(raw: bytes, start: int, end: int, boundary: bytes, most: int) -> list[_Mark]:
    """The boundary lines up to the closing one, `most` at most."""
    wanted = b"--" + boundary
    marks: list[_Mark] = []
    at = start if raw.startswith(wanted, start) else _next(raw, wanted, start, end)
    while at >= 0 and len(marks) < most:
        tail = _AFTER_BOUNDARY.match(raw, at + len(wanted), end)
        if tail:
            before = max(start, at - 1 - (raw[at - 2 : at] == b"\r\n")) if at > start else start
            marks.append(_Mark(at, before, tail.end(), bool(tail[1])))
            if tail[1]:
                break
        at = _next(raw, wanted, max(at + len(wanted) - 1, tail.end() - 1 if tail else 0), end)
    return marks


def _next(raw: bytes, wanted: bytes, position: int, end: int) -> int:
    found = raw.find(b"\n" + wanted, position, end)
    return found + 1 if found >= 0 else -1
