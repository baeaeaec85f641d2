"""Which lines of a mail are its author's own words, and which are a quotation or a signature.

The cut is a view: nothing is lost, `quoted` has the rest. When in doubt nothing is cut, and `sure` is False:
to lose a word is worse than to leave a quotation. One exception: from the line with our marker on, all is ours.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mailflow.core import tokens
from mailflow.mail import footers, signatures
from mailflow.mail.attributions import (
    FORWARD_SUBJECT,
    REPLY_SUBJECT,
    announces_forward,
    bare,
    ends_attribution,
    label,
    may_begin,
    saying,
    separates,
)
from mailflow.mail.html import BREAK, MARKS, SIGNATURE

MAX_LINES = 20_000  # further lines are not looked at
MAX_LETTERS = 400  # of a line, or of an attribution in several lines
ATTRIBUTION_LINES = 4
BLOCK_LINES = 12  # of a header block, long lists of addresses included
UNWRAPPED_LETTERS = 60  # no client breaks a line that is shorter
MARKER = "[ref:"
_CITED = (">", " >", "  >", "   >")


@dataclass(frozen=True, slots=True)
class Cut:
    text: str
    quoted: str
    sure: bool
    kept: tuple[int, ...]  # numbers of the author's lines
    given: int  # where in `text` a mail begins that the author forwards to us; its length where there is none


def _hints(line: str) -> bool:
    """Whether a line has something without which no quotation is introduced."""
    return (
        ":" in line or "--" in line or "__" in line or "：" in line or "道" in line or line == BREAK
        or "==" in line or "##" in line or "**" in line or "သည်" in line
    )  # fmt: skip


def forwards(subject: str) -> bool:
    """Whether a subject says that the mail is a forward, and not the answer to one."""
    return bool(FORWARD_SUBJECT.match(subject.strip()[:MAX_LETTERS]))


def answers(subject: str) -> bool:
    """Whether a subject says that the mail is a reply."""
    return bool(REPLY_SUBJECT.match(subject.strip()[:MAX_LETTERS]))


def cut(lines: Sequence[str], *, forwarded: bool = False) -> Cut:
    """Cut a text, given as lines; `forwarded`: what looks like a quotation is given to us, for the mail is no reply."""
    reading = _Reading(lines[:MAX_LINES], len(lines), forwarded=forwarded)
    kept, sure = reading.own()
    own = set(kept)
    rest = [] if len(own) == len(lines) else [line for number, line in enumerate(lines) if number not in own]
    text = _joined([lines[number] for number in kept])
    above = [lines[number] for number in kept if number < reading.given]
    given = len(_joined(above)) if len(above) < len(kept) else len(text)
    return Cut(text, _joined(rest), sure, tuple(kept), given)


def _joined(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    if BREAK in text or SIGNATURE in text:
        text = "\n".join(line for line in lines if line not in MARKS)
    if "\n\n\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", text)
    return text.strip("\n")


@dataclass(frozen=True, slots=True)
class _Opener:
    """Lines that introduce a quotation."""

    start: int
    end: int  # first line after it
    alone: bool  # sure even without ">" below


class _Reading:
    """One text. Regions are pairs (first line, line after the last)."""

    def __init__(self, lines: Sequence[str], length: int, *, forwarded: bool) -> None:
        self.whole_lines = lines
        self.lines = [line[:MAX_LETTERS] for line in lines]
        self.length = length  # more than `lines` when the text is too long to be looked at
        self.forwarded = forwarded
        self.given = length  # the line at which a mail begins that the author gives us
        self.bare = [bare(line) for line in self.lines]
        self.cited = [line.startswith(_CITED) for line in self.lines]
        self.blank = [not line or (len(line) == 1 and line in MARKS) for line in self.bare]
        self._hints = [number for number, line in enumerate(self.lines) if _hints(line)]
        self._openers: dict[int, _Opener | None] = {}
        # No quotation begins, and no forwarded mail, but at these lines.
        self._ends = {number for number in self._hints if ends_attribution(self.bare[number])}
        spots = {number - back for number in self._ends for back in range(ATTRIBUTION_LINES)}
        spots.update(self._hints)
        spots.update(number for number, cited in enumerate(self.cited) if cited)
        self._spots = sorted(spots)

    def own(self) -> tuple[list[int], bool]:
        """Numbers of the author's lines, and whether that is sure."""
        marker = next((number for number in self._hints if self._marks(number)), None)
        if marker is not None:
            return self._around_marker(marker)
        return self._own_of(0, len(self.lines))

    def _marks(self, number: int) -> bool:
        """Whether our marker stands here: its token in this line, or in the next one when a client broke it."""
        line = self.lines[number]
        return "[" in line and MARKER in line.lower() and bool(tokens.find(" ".join(self.bare[number : number + 2])))

    # ------------------------------------------------------------ the general case

    def _own_of(self, start: int, end: int) -> tuple[list[int], bool]:
        start = signatures.after_banner(self, start, end)
        given = self._forward(start, end)
        self.given = given if given < end else self.length
        whole = list(range(start, end if end < len(self.lines) else self.length))
        opener = self._opener(start, given)
        first = next((n for n in range(start, given) if self.cited[n]), None)
        if first is not None and (opener is None or first < opener.start):
            if self._author_introduces(start, first):
                return whole, False
            opener = _Opener(first, first, alone=False)
        if opener is None:
            return self._unsigned(start, end) if given == end else whole, True
        if given < end:
            return whole, True  # a quotation above a forwarded mail: it belongs to what is given
        return self._before(opener, start, end, whole)

    def _before(self, opener: _Opener, start: int, end: int, whole: list[int]) -> tuple[list[int], bool]:
        """What belongs to the author when a quotation is introduced."""
        if self._announced(start, opener.start):
            return whole, False
        below = next((n for n in range(opener.end, end) if not self.blank[n]), None)
        if below is not None and self.cited[below]:
            return self._around_block(start, end, opener, whole)
        if opener.alone and signatures.words(self, start, opener.start):
            return self._unsigned(start, opener.start, maybe_empty=True), True
        return whole, False

    def _around_block(self, start: int, end: int, opener: _Opener, whole: list[int]) -> tuple[list[int], bool]:
        """A block of ">" lines: the author wrote above it, or below, or (unsure) both or in between."""
        cited = [n for n in range(opener.end, end) if self.cited[n]]
        if self._answers_between(cited):
            return whole, False
        above = signatures.words(self, start, opener.start)
        below = self._below(cited[-1] + 1, end)
        if above and below:
            return whole, False
        if below:
            return below, True
        if above:
            return self._unsigned(start, opener.start, maybe_empty=True), True
        introduced = opener.end > opener.start
        return ([], True) if introduced else (whole, False)

    def _author_introduces(self, start: int, first: int) -> bool:
        """Whether the author leads over to the first line with ">": they cite what they want to have read."""
        last = next((n for n in range(first - 1, start - 1, -1) if not self.blank[n]), None)
        return last is not None and self.bare[last].endswith((":", "：")) and self._attribution(last) is None

    def _announced(self, start: int, end: int) -> bool:
        """Whether the author says that the answers stand inside the quotation."""
        return footers.answers_elsewhere(
            [self.bare[n] for n in range(start, min(end, start + 60)) if not self.blank[n]]
        )

    def _below(self, start: int, end: int) -> list[int]:
        """The author's lines below a quotation, without signature and footer; [] when there are none."""
        stop = signatures.end_of_words(self, start, end, maybe_empty=True)
        if not signatures.words(self, start, stop):
            return []
        if signatures.begins(self, next(n for n in range(start, stop) if not self.blank[n])):
            return []
        return self._unsigned(start, end)

    def _answers_between(self, cited: list[int]) -> bool:
        """Whether own words stand between ">" lines: a paragraph of their own, not the rest of a wrapped line."""
        for before, after in pairwise(cited):
            if after == before + 1:
                continue
            run = [n for n in range(before + 1, after) if not self.blank[n]]
            if not run or self._introduces(run[0], after):
                continue
            if self.blank[before + 1] or self.blank[after - 1] or len(run) > 1 or not self._goes_on(before, run[0]):
                return True
        return False

    def _goes_on(self, number: int, below: int) -> bool:
        """Whether a line is the rest of one that a client broke: that one is long, and no sentence ends there."""
        broken = len(self.lines[number]) >= UNWRAPPED_LETTERS and not signatures.is_sentence(self.bare[number])
        return broken and self.bare[below][:1].islower()

    def _unsigned(self, start: int, end: int, *, maybe_empty: bool = False) -> list[int]:
        """The lines of a region without its signature and footers."""
        stop = signatures.end_of_words(self, start, end, maybe_empty=maybe_empty)
        marked = signatures.marked(self, start, stop, maybe_empty=maybe_empty)
        if all(self.blank[stop:]):
            stop = self.length
        return [n for n in range(start, stop) if n not in marked]

    # ------------------------------------------------------------ our marker

    def _around_marker(self, marker: int) -> tuple[list[int], bool]:
        """Above the marker the author writes; below it all is ours, unless ">" tells our lines from theirs."""
        start = self._start_of_ours(marker)
        cited = [n for n in range(marker, len(self.lines)) if self.cited[n]]
        theirs = bool(cited) and cited[0] == marker
        between = theirs and self._answers_between(cited)
        if signatures.words(self, 0, start):
            own, sure = self._own_of(0, start)
            tail = theirs and bool(self._below(cited[-1] + 1, len(self.lines)))
            return own, sure and not between and not tail and not self._announced(0, start)
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

    def _introduces(self, start: int, end: int) -> bool:
        """Whether nothing of the author's can stand from here to a line further down."""
        number = start
        while number < end:
            opener = None if self.blank[number] or self.cited[number] else self._opens(number)
            if opener is None and not self.blank[number] and not self.cited[number]:
                return False
            number = opener.end if opener else number + 1
        return True

    def _back(self, number: int) -> int:
        """Over blank lines, rules and ">" lines that stand right above."""
        while number and (self.blank[number - 1] or self.cited[number - 1] or signatures.rules(self.lines[number - 1])):
            number -= 1
        return number

    # ------------------------------------------------------------ what introduces a quotation

    def _opener(self, start: int, end: int) -> _Opener | None:
        idle: set[int] = set()  # openers that introduce nothing: what leads to one of them is followed no further
        for number in self._within(start, end):
            if number not in idle and not self.cited[number] and (opener := self._opens(number)):
                opener = self._with_what_follows(opener, end, idle)
                if opener.alone or (opener.end < end and self.cited[opener.end]):
                    return replace(opener, start=self._over_rules(opener.start, start))
        return None

    def _with_what_follows(self, opener: _Opener, end: int, idle: set[int]) -> _Opener:
        """All that introduces one quotation: a mark of the page, then an attribution or a header block, or both.

        Every opener that was met goes into `idle`, which counts only when they introduce nothing.
        """
        number, alone = opener.end, opener.alone
        idle.add(opener.start)
        while number < end:
            if self.blank[number]:
                number += 1
            elif number in idle and not alone:
                break
            elif not self.cited[number] and (further := self._opens(number)):
                idle.add(number)
                number, alone = further.end, alone or further.alone
            else:
                number = self._over_unknown(opener, number, end)
                break
        return _Opener(opener.start, number, alone)

    def _over_unknown(self, opener: _Opener, number: int, end: int) -> int:
        """Over an attribution in words that we don't know, when the page marks one and a cited block follows."""
        if self.lines[opener.start] != BREAK or any(not self.blank[n] for n in range(opener.end, number)):
            return number
        shown = [n for n in range(number, min(end, number + 2 * ATTRIBUTION_LINES)) if not self.blank[n]]
        first = next((n for n in shown if self.cited[n]), None)
        return first if first is not None and shown.index(first) <= ATTRIBUTION_LINES else number

    def _over_rules(self, number: int, start: int) -> int:
        """Up over the line that a client draws above its header block."""
        above = number
        while above > start and self.blank[above - 1]:
            above -= 1
        return above - 1 if above > start and signatures.rules(self.lines[above - 1]) else number

    def _within(self, start: int, end: int) -> list[int]:
        return self._spots[bisect_left(self._spots, start) : bisect_left(self._spots, end)]

    def _opens(self, number: int) -> _Opener | None:
        if number not in self._openers:
            self._openers[number] = self._read_opener(number)
        return self._openers[number]

    def _read_opener(self, number: int) -> _Opener | None:
        if self.lines[number] == BREAK:
            return _Opener(number, number + 1, alone=True)
        if self.blank[number]:
            return None
        readings: tuple[Callable[[int], _Opener | None], ...] = (self._separator, self._header_block, self._attribution)
        return next((opener for reading in readings if (opener := reading(number))), None)

    def _separator(self, number: int) -> _Opener | None:
        apart = separates(self.bare[number].lower())
        return _Opener(number, number + 1, alone=True) if apart else None

    def _header_block(self, number: int) -> _Opener | None:
        """From, Sent, To, Subject in any order and language: three kinds at least, and an address or a subject."""
        if not label(self.bare[number]):
            return None
        kinds: set[str] = set()
        end = others = 0
        for n in range(number, min(number + BLOCK_LINES, len(self.lines))):
            kind = label(self.bare[n])
            others = 0 if kind else others + 1
            if others > 2:  # noqa: PLR2004  a long list of addresses runs over as many
                break
            if kind:
                kinds.add(kind)
                end = n + 1
        enough = len(kinds) > 2 and "from" in kinds and ("date" in kinds or "to" in kinds)  # noqa: PLR2004
        named = "subject" in kinds or any("@" in self.lines[n] for n in range(number, end))
        return _Opener(number, end, alone=True) if enough and named else None

    def _attribution(self, number: int) -> _Opener | None:
        """Somebody wrote, somewhen, and a colon: in up to four lines, and in as few as say as much."""
        last = min(number + ATTRIBUTION_LINES, len(self.lines))
        end = next((n for n in range(number, last) if n in self._ends), None)
        if end is None or any(self.blank[n] or self.cited[n] != self.cited[number] for n in range(number, end + 1)):
            return None
        parts = [self.bare[n].lower() for n in range(number, end + 1)]
        if len(" ".join(parts)) > MAX_LETTERS or not may_begin(parts[0]):
            return None
        said = saying(" ".join(parts))
        if any(may_begin(parts[n]) and saying(" ".join(parts[n:])).signs >= said.signs for n in range(1, len(parts))):
            return None  # it begins further down
        return _Opener(number, end + 1, said.sure) if said.attributes else None

    def _forward(self, start: int, end: int) -> int:
        """Where a forwarded mail begins, if nothing quoted stands above; else `end`."""
        for number in self._within(start, end):
            if announces_forward(self.bare[number]):
                return number
            if self.cited[number]:
                return end
            opener = self._opens(number)
            if opener and (self.forwarded or self.lines[number] != BREAK):
                return number if self.forwarded else end
        return end
