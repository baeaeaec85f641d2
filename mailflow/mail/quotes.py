"""Which lines of a mail are its author's own words, and which are a quotation or a signature.

The cut is a view: nothing is lost, `quoted` has the rest. When in doubt nothing is cut, and `sure` is False:
to lose a word is worse than to leave a quotation. One exception: from the line with our marker on, all is ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mailflow.core import tokens
from mailflow.mail.attributions import (
    ABOVE_LINE,
    BEGINNINGS,
    CLIENT_SIGNATURES,
    DEVICES,
    FORWARD_SUBJECT,
    FORWARDED,
    LABELS,
    ORIGINAL,
    WROTE,
)
from mailflow.mail.html import BREAK, SIGNATURE

MAX_LINES = 20_000  # further lines are not looked at
MAX_LETTERS = 400  # of a line, or of an attribution in several lines
ATTRIBUTION_LINES = 4
FOOTER_LINES = 10
BLOCK_LINES = 12  # of a header block, long lists of addresses included
SIGNING_LETTERS = 120  # of "Sent from my phone" and the like
SIGNATURE_LINES = 20  # a longer block below "-- " is no signature
MARKER = "[ref:"
_RULE = re.compile(r"[-_=*~ ]{5,}")
_DASHES = re.compile(r"[-_=*]{2}")
_TIME = re.compile(r"\d[:.h時点时]\s?\d\d")
_HINT = re.compile("[:：道\x1e]|--|__|==|##|\\*\\*")  # without one of these no quotation is introduced here
_COLONS = (":", "：", "写道", "寫道")


@dataclass(frozen=True, slots=True)
class Cut:
    text: str
    quoted: str
    sure: bool
    kept: tuple[int, ...]  # numbers of the author's lines


def forwards(subject: str) -> bool:
    """Whether a subject says that the mail is a forward, and not the answer to one."""
    return bool(FORWARD_SUBJECT.match(subject.strip()[:MAX_LETTERS]))


def cut(lines: Sequence[str], *, forwarded: bool = False) -> Cut:
    """Cut a text, given as lines; `forwarded`: the subject says that what looks like a quotation is given to us."""
    reading = _Reading([line[:MAX_LETTERS] for line in lines[:MAX_LINES]], len(lines), forwarded=forwarded)
    kept, sure = reading.own()
    own = set(kept)
    return Cut(
        _joined(lines[number] for number in kept),
        _joined(line for number, line in enumerate(lines) if number not in own),
        sure,
        tuple(kept),
    )


def _joined(lines: Iterable[str]) -> str:
    text = "\n".join(line for line in lines if line not in (BREAK, SIGNATURE))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


@dataclass(frozen=True, slots=True)
class _Opener:
    """Lines that introduce a quotation."""

    start: int
    end: int  # first line after it
    alone: bool  # sure even without ">" below


class _Reading:
    """One text. Regions are pairs (first line, line after the last)."""

    def __init__(self, lines: list[str], length: int, *, forwarded: bool) -> None:
        self.lines = lines
        self.length = length  # more than `lines` when the text is too long to be looked at
        self.forwarded = forwarded
        self.bare = [bare(line) for line in lines]
        self.cited = [">" in line[:4] and line.lstrip(" ").startswith(">") for line in lines]
        self.blank = [not line or line in (BREAK, SIGNATURE) for line in self.bare]
        self._hints = [bool(_HINT.search(line)) for line in lines]
        self._openers: dict[int, _Opener | None] = {}

    def own(self) -> tuple[list[int], bool]:
        """Numbers of the author's lines, and whether that is sure."""
        marker = next((n for n in range(len(self.lines)) if self._hints[n] and self._marks(n)), None)
        if marker is not None:
            return self._around_marker(marker)
        return self._own_of(0, len(self.lines))

    def _marks(self, number: int) -> bool:
        """Whether our marker stands here: its token in this line, or in the next one when a client broke it."""
        return MARKER in self.lines[number].lower() and bool(tokens.find(" ".join(self.bare[number : number + 2])))

    # ------------------------------------------------------------ the general case

    def _own_of(self, start: int, end: int) -> tuple[list[int], bool]:
        given = self._forward(start, end)
        opener = self._opener(start, given)
        cited = [n for n in range(start, given) if self.cited[n]]
        whole = list(range(start, end if end < len(self.lines) else self.length))
        if cited and (opener is None or cited[0] < opener.start):
            opener = _Opener(cited[0], cited[0], alone=False)
        if opener is None:
            return self._unsigned(start, end) if given == end else whole, True
        if given < end:
            return whole, True  # a quotation above a forwarded mail: it belongs to what is given
        below = [n for n in cited if n >= opener.end]
        if below and self._only_blank(opener.end, below[0]):
            return self._around_block(start, end, opener, below)
        if opener.alone and self._words(start, opener.start):
            return self._unsigned(start, opener.start), True
        return whole, False

    def _around_block(self, start: int, end: int, opener: _Opener, cited: list[int]) -> tuple[list[int], bool]:
        """A block of ">" lines: the author wrote above it, or below, or (unsure) both or in between."""
        whole = list(range(start, end if end < len(self.lines) else self.length))
        if self._answers_between(cited):
            return whole, False
        above = self._words(start, opener.start)
        below = self._below(cited[-1] + 1, end)
        if above and below:
            return whole, False
        if below:
            return below, True
        if above:
            return self._unsigned(start, opener.start), True
        introduced = opener.end > opener.start
        return ([], True) if introduced else (whole, False)

    def _footer(self, start: int, end: int) -> int:
        """Where the footer of a mailing list begins: a rule, then a few lines with an address or a link; else `end`."""
        while end > start and self.blank[end - 1]:
            end -= 1
        for number in range(max(start, end - FOOTER_LINES), end):
            if _RULE.fullmatch(self.lines[number].strip()):
                linked = any("@" in line or "://" in line or "www." in line for line in self.lines[number + 1 : end])
                return number if linked else end
        return end

    def _below(self, start: int, end: int) -> list[int]:
        """The author's lines below a quotation, without signature and footer; [] when there are none."""
        stop = self._footer(start, end)
        if not self._words(start, stop) or self._signs(next(n for n in range(start, stop) if not self.blank[n])):
            return []
        return self._unsigned(start, stop)

    def _answers_between(self, cited: list[int]) -> bool:
        """Whether own words stand between ">" lines: a paragraph of their own, not the rest of a wrapped line."""
        for before, after in pairwise(cited):
            run = [n for n in range(before + 1, after) if not self.blank[n]]
            if run and (self.blank[before + 1] or self.blank[after - 1] or len(run) > 1):
                return True
            if run and len(self.lines[before]) < 60:  # noqa: PLR2004  no client wraps there
                return True
        return False

    # ------------------------------------------------------------ our marker

    def _around_marker(self, marker: int) -> tuple[list[int], bool]:
        """Above the marker the author writes; below it all is ours, unless ">" tells our lines from theirs."""
        start = self._start_of_ours(marker)
        cited = [n for n in range(marker, len(self.lines)) if self.cited[n]]
        theirs = bool(cited) and cited[0] == marker
        between = theirs and self._answers_between(cited)
        if self._words(0, start):
            own, sure = self._own_of(0, start)
            tail = theirs and bool(self._below(cited[-1] + 1, len(self.lines)))
            return own, sure and not between and not tail
        if not theirs:
            return [], False
        if between:
            return [n for n in range(marker, len(self.lines)) if not self.cited[n]], False
        return self._below(cited[-1] + 1, len(self.lines)), True

    def _start_of_ours(self, marker: int) -> int:
        """The first line of what introduces our quoted mail."""
        start = self._back(marker)
        first = max(0, marker - 4 * ATTRIBUTION_LINES)
        for number in range(first, marker):
            opener = self._opens(number)
            if opener and self._introduces(opener.end, marker):
                return self._back(number)
        return start

    def _introduces(self, start: int, marker: int) -> bool:
        """Whether nothing of the author's can stand from here to the marker."""
        number = start
        while number < marker:
            opener = None if self.blank[number] or self.cited[number] else self._opens(number)
            if opener is None and not self.blank[number] and not self.cited[number]:
                return False
            number = opener.end if opener else number + 1
        return True

    def _back(self, number: int) -> int:
        """Over blank lines, rules and ">" lines that stand right above."""
        while number and (
            self.blank[number - 1] or self.cited[number - 1] or _RULE.fullmatch(self.lines[number - 1].strip())
        ):
            number -= 1
        return number

    # ------------------------------------------------------------ what introduces a quotation

    def _opener(self, start: int, end: int) -> _Opener | None:
        for number in range(start, end):
            if not self.cited[number] and (opener := self._opens(number)):
                follows = next((n for n in range(opener.end, end) if not self.blank[n]), None)
                if opener.alone or (follows is not None and self.cited[follows]):
                    return _Opener(self._over_rules(opener.start, start), opener.end, opener.alone)
        return None

    def _over_rules(self, number: int, start: int) -> int:
        """Up over the line that a client draws above its header block."""
        above = number
        while above > start and self.blank[above - 1]:
            above -= 1
        return above - 1 if above > start and _RULE.fullmatch(self.lines[above - 1].strip()) else number

    def _opens(self, number: int) -> _Opener | None:
        if number not in self._openers:
            near = any(self._hints[number : number + ATTRIBUTION_LINES])
            self._openers[number] = self._read_opener(number) if near else None
        return self._openers[number]

    def _read_opener(self, number: int) -> _Opener | None:
        if self.lines[number] == BREAK:
            return _Opener(number, number + 1, alone=True)
        if self.blank[number]:
            return None
        readings: tuple[Callable[[int], _Opener | None], ...] = (self._separator, self._header_block, self._attribution)
        return next((opener for reading in readings if (opener := reading(number))), None)

    def _separator(self, number: int) -> _Opener | None:
        if not self._hints[number]:
            return None
        line = self.lines[number].lower()
        words = bare(line).strip("-_=*. ")
        if words in ORIGINAL and _DASHES.search(line):
            return _Opener(number, number + 1, alone=True)
        if any(said in words for said in ABOVE_LINE):
            return _Opener(number, number + 1, alone=True)
        return None

    def _header_block(self, number: int) -> _Opener | None:
        """From, Sent, To, Subject in any order and language: three kinds at least, in ten lines."""
        if not self._hints[number] or not label(self.lines[number]):
            return None
        kinds: set[str] = set()
        end = others = 0
        for n in range(number, min(number + BLOCK_LINES, len(self.lines))):
            kind = label(self.lines[n])
            others = 0 if kind else others + 1
            if others > 2:  # noqa: PLR2004  a long list of addresses runs over as many
                break
            if kind:
                kinds.add(kind)
                end = n + 1
        enough = len(kinds) > 2 and "from" in kinds and ("date" in kinds or "to" in kinds)  # noqa: PLR2004
        return _Opener(number, end, alone=True) if enough else None

    def _attribution(self, number: int) -> _Opener | None:
        """Somebody wrote, somewhen, and a colon: in up to four lines."""
        last = min(number + ATTRIBUTION_LINES, len(self.lines))
        end = next((n for n in range(number, last) if self.bare[n].endswith(_COLONS)), None)
        if end is None or any(self.blank[n] or self.cited[n] != self.cited[number] for n in range(number, end + 1)):
            return None
        said = " ".join(self.bare[number : end + 1]).lower()
        if len(said) > MAX_LETTERS or not _may_begin(self.bare[number].lower()):
            return None
        alone = _says_who_and_when(said)
        return _Opener(number, end + 1, alone) if alone or WROTE.search(said) else None

    def _forward(self, start: int, end: int) -> int:
        """Where a forwarded mail begins, if nothing quoted stands above; else `end`."""
        for number in range(start, end):
            if self.cited[number]:
                return end
            if self._hints[number] and _announces_forward(self.bare[number]):
                return number
            opener = self._opens(number)
            if opener and self.lines[number] != BREAK:
                return number if self.forwarded else end
        return end

    # ------------------------------------------------------------ signatures

    def _unsigned(self, start: int, end: int) -> list[int]:
        """The lines of a region without its signature. Never empties it."""
        footer = self._footer(start, end)
        stop = self._without_client(start, footer if self._words(start, footer) else end)
        for number in range(start, stop):
            if self._signs(number) and self._words(start, number) and stop - number <= SIGNATURE_LINES:
                stop = self._without_client(start, number)
                break
        if all(self.blank[stop:]):
            stop = self.length
        return list(range(start, stop))

    def _without_client(self, start: int, end: int) -> int:
        """Where the region ends without "Sent from my ..."."""
        stop = end
        while stop > start:
            last = next((n for n in range(stop - 1, start - 1, -1) if not self.blank[n]), None)
            if last is None or not _client_signs(self.lines[last]) or not self._words(start, last):
                return stop
            stop = last
        return stop

    def _signs(self, number: int) -> bool:
        line = self.lines[number]
        return line == SIGNATURE or line.rstrip() in ("--", "—", "–", "__") or _client_signs(line)

    def _words(self, start: int, end: int) -> bool:
        return any(not self.blank[n] and any(letter.isalnum() for letter in self.lines[n]) for n in range(start, end))

    def _only_blank(self, start: int, end: int) -> bool:
        return all(self.blank[start:end])


def bare(line: str) -> str:
    """A line without quotation signs and emphasis."""
    return line.replace("\xa0", " ").strip("> \t*_\u200b\u200e\u200f")


def label(line: str) -> str:
    """The kind of header that a line of a header block names: from, date, to, cc, subject; or ""."""
    words = bare(line)[:40].replace("：", ":").partition(":")
    return LABELS.get(words[0].strip("* \u200e\u200f").lower(), "") if words[1] else ""


def _announces_forward(line: str) -> bool:
    words = line.lower().strip("-_=*:： ")
    return words.startswith(FORWARDED) and len(words) < 80  # noqa: PLR2004


def _may_begin(said: str) -> bool:
    return said.startswith(BEGINNINGS) or "@" in said or bool(WROTE.search(said)) or said[:1].isdigit()


def _says_who_and_when(said: str) -> bool:
    """An attribution beyond doubt: somebody wrote, at a time or from an address; or a time and an address alone."""
    timed, addressed = bool(_TIME.search(said)), "@" in said
    if WROTE.search(said):
        return addressed or (timed and said.startswith(BEGINNINGS))
    return timed and addressed


def _client_signs(line: str) -> bool:
    """Whether a client signs ("Sent from my phone"): it names a device or a program, and is no sentence."""
    words = bare(line).lower()
    if not words.startswith(CLIENT_SIGNATURES) or len(words) > SIGNING_LETTERS:
        return False
    return ", " not in words and bool(DEVICES.search(words))
