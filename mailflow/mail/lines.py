"""Puts the text of a page into lines, each knowing which pieces of the page stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_DEPTH_SHOWN = 10  # "> " signs before a line
_BLANK = re.compile(r"[ \t\n\r\f]+")
_UNSEEN = {0xA0: " ", 0xAD: None}  # a hard space, a soft hyphen


@dataclass(slots=True)
class Line:
    text: str
    nodes: tuple[int, ...] = ()  # mem_id of every text node that stands in it


def single_spaced(text: str) -> str:
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        return _BLANK.sub(" ", text)
    return text


@dataclass(slots=True)
class LineWriter:
    """A gap is asked for by blocks and written only when more text comes."""

    lines: list[Line] = field(default_factory=list)
    depth: int = 0  # of cited blocks
    begun: int = 0  # lines that got text
    lead: str = ""  # a list item's mark, written before its first text
    fresh: bool = False  # a cell has begun: no gap above its first paragraph
    join: bool = False  # the next text is another cell of a row
    _pieces: list[str] = field(default_factory=list)
    _nodes: list[int] = field(default_factory=list)
    _gap: int = 0
    _start: str = ""  # what stands before the line's own text
    _exact: bool = False  # the line has preformatted text: its indent counts

    @property
    def busy(self) -> bool:
        return bool(self._pieces)

    def gap(self, lines: int) -> None:
        if self._gap < lines and not self.join and (self._pieces or self.lines):
            self._gap = max(self._gap, 1 if self.fresh else lines)

    def newline(self) -> None:
        self.join = False
        if self._pieces or self.lines:
            self._gap = min(self._gap + 1, 3)

    def same_row(self) -> None:
        self._gap, self.join = 0, True

    def write(self, text: str, node: int = 0, *, exact: bool = False) -> None:
        if not exact:
            text = single_spaced(text)
            if text == " " and (self._gap or self.join or not self._pieces):
                return
        if self._gap:
            self.flush()
        self.fresh = False
        if not self._pieces:
            self._start, self.lead = "> " * min(self.depth, MAX_DEPTH_SHOWN) + self.lead, ""
            self._exact = exact
            self.begun += 1
        if self.join:
            self._pieces.append(" | ")
            self.join = False
        if not exact and self._pieces and self._pieces[-1].endswith(" "):
            text = text.removeprefix(" ")
        self._pieces.append(text)
        if node:
            self._nodes.append(node)

    def flush(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            if not text.isascii():
                text = text.translate(_UNSEEN) if "\xad" in text else text.replace("\xa0", " ")
            text = text.rstrip() if self._exact else text.strip()
            self.lines.append(Line((self._start + text).rstrip() if self._start else text, tuple(self._nodes)))
            self._pieces, self._nodes = [], []
        if self._gap > 1 and self.lines:
            sign = ("> " * min(self.depth, MAX_DEPTH_SHOWN)).rstrip()
            self.lines.extend(Line(sign) for _ in range(self._gap - 1))
        self._gap, self._start = 0, ""

    def mark(self, sign: str) -> None:
        """A line of its own that means something to quotes.py."""
        self.gap(1)
        self.flush()
        self.lines.append(Line(sign))
