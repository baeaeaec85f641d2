# ruff: noqa: SIM905  a table of words reads best as running text
"""Where a person's words end: above a signature, the line of a device, a disclaimer, a list's footer.

What is cut must be plain to see: two dashes, a mark of the page, a name that is typed and then printed again, a frame
of rules, or words that footers.py is sure of. A region is a pair (first line, line after the last).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from mailflow.mail import footers
from mailflow.mail.html import SIGNATURE, SIGNATURE_END

SIGNATURE_LINES = 20  # a longer block below "-- " is no signature
SHORT_LINE = 6  # two dashes and some blanks
PARAGRAPH_LINES = 25
FOOTER_LINES = 10
DISCLAIMER_LINES = 12  # in a paragraph that has more than the disclaimer
LONG_LETTERS, LONG_LETTERS_EAST = 40, 16  # of a line that isn't a closing or a name; in scripts that need fewer
WRAPPED = (55, 85)  # letters of a line that a client broke
BANNER_LINES = 4
REPORT_LINES = 4
PRINTED_LINES = 10  # of a signature without dashes
PRINTED_LETTERS = 80  # of a line in it
STEPS = 12  # as many footers are taken off one mail
PARAGRAPHS = 5  # of a disclaimer
NAME_LETTERS = 40
_RULE = re.compile(r"[-_=*~＝━─―—＊☆★◇◆■□+#・ ]{5,}")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")  # no rule begins so
_DASHES = ("--", "—", "–", "__")
_CONTACT = re.compile(r"@|www\.|https?://|\d[\d ()./-]{6,20}")
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "؟", "।", "။", "۔")
_ABBREVIATIONS = frozenset("ltd. inc. co. corp. plc. lda. ltda. cie. jr. sr. dept.".split())


class Text(Protocol):
    """What quotes.py knows of a text, line by line. `lines` are cut off at some length, `whole_lines` aren't."""

    @property
    def whole_lines(self) -> Sequence[str]: ...
    @property
    def lines(self) -> Sequence[str]: ...
    @property
    def bare(self) -> Sequence[str]: ...
    @property
    def blank(self) -> Sequence[bool]: ...


def rules(line: str) -> bool:
    """Whether a line only divides."""
    return line[:1] not in _LETTERS and bool(_RULE.fullmatch(line.strip()))


def words(text: Text, start: int, end: int) -> bool:
    return any(not text.blank[n] and any(letter.isalnum() for letter in text.lines[n]) for n in range(start, end))


def begins(text: Text, number: int) -> bool:
    """Whether a signature begins here: dashes, a mark of the page, a device."""
    return _dashes(text, number) or footers.client_signs(text.lines[number])


def after_banner(text: Text, start: int, end: int) -> int:
    """The first line below what the desk's own mail system wrote above a mail."""
    first = next((n for n in range(start, end) if not text.blank[n]), end)
    if first == end or not footers.may_be_banner(_lower(text, first, first + 1)):
        return start
    last = next((n for n in range(first + 1, first + 1 + BANNER_LINES) if n <= end and _is_banner(text, first, n)), 0)
    if not last:
        return start
    while last < end and not text.blank[last] and _is_wrapped(text.bare[last - 1]):
        last += 1
    while last < end and (text.blank[last] or rules(text.lines[last])):
        last += 1
    return last if words(text, last, end) else start


def _is_banner(text: Text, first: int, last: int) -> bool:
    return not any(text.blank[first:last]) and footers.is_banner(_lower(text, first, last))


def marked(text: Text, start: int, end: int, *, maybe_empty: bool) -> set[int]:
    """The lines of signatures that the page marks from their beginning to their end."""
    found: set[int] = set()
    if SIGNATURE in text.lines[start:end]:
        begun = None
        for number in range(start, end):
            if text.lines[number] == SIGNATURE:
                begun = number
            elif text.lines[number] == SIGNATURE_END and begun is not None:
                if number - begun <= SIGNATURE_LINES:
                    found.update(range(begun, number + 1))
                begun = None
    left = any(n not in found and words(text, n, n + 1) for n in range(start, end))
    return found if left or maybe_empty else set()


def end_of_words(text: Text, start: int, end: int, *, maybe_empty: bool) -> int:
    """The line after the author's last one; `maybe_empty`: nothing at all may be left of the region."""
    stop = _without_footers(text, start, end, maybe_empty=maybe_empty)
    dashes = next((n for n in range(max(start, stop - SIGNATURE_LINES), stop) if _signs_below(text, n, stop)), None)
    if dashes is not None and (maybe_empty or words(text, start, dashes)):
        stop = _without_footers(text, start, dashes, maybe_empty=maybe_empty)
    return _without_printed(text, start, stop)


def _dashes(text: Text, number: int) -> bool:
    line = text.lines[number]
    return len(line) < SHORT_LINE and (line == SIGNATURE or line.rstrip() in _DASHES)


def _signs_below(text: Text, number: int, end: int) -> bool:
    """Whether a signature stands from here to the end: people also set dashes between two questions.

    Two dashes and a blank are what the standard asks for, and what no person types.
    """
    if not _dashes(text, number):
        return False
    if text.lines[number] == SIGNATURE:
        return SIGNATURE_END not in text.lines[number:end]
    if text.whole_lines[number] == "-- ":
        return True
    return not any(_asks_or_tells(text.bare[n]) for n in range(number + 1, end))


def _asks_or_tells(line: str) -> bool:
    return line.endswith(("?", "？", "؟")) or (len(line) > PRINTED_LETTERS and is_sentence(line))


def _lower(text: Text, start: int, end: int) -> str:
    return "\n".join(text.whole_lines[start:end])[: footers.MAX_LETTERS].lower()


def _over_blank(text: Text, start: int, end: int) -> int:
    while end > start and text.blank[end - 1]:
        end -= 1
    return end


def _over_rules(text: Text, start: int, end: int) -> int:
    while end > start and (text.blank[end - 1] or rules(text.lines[end - 1])):
        end -= 1
    return end


def _paragraph(text: Text, start: int, end: int, most: int = PARAGRAPH_LINES) -> int:
    """The first line of the paragraph that ends before `end`, or of its last lines."""
    first = end
    while first > max(start, end - most) and not text.blank[first - 1] and not rules(text.lines[first - 1]):
        first -= 1
    return first


# ---------------------------------------------------------------- footers


def _without_footers(text: Text, start: int, end: int, *, maybe_empty: bool) -> int:
    stop = end
    for _ in range(STEPS):
        last = _over_blank(text, start, stop)
        above = _above_footer(text, start, last)
        if above == last or not (maybe_empty or words(text, start, above)):
            break
        stop = above
    return _over_blank(text, start, stop)


def _above_footer(text: Text, start: int, end: int) -> int:
    """Where the last footer of a region begins; `end` when the region ends with something else."""
    if end == start:
        return end
    if footers.client_signs(text.lines[end - 1]):
        return end - 1
    listed = _above_list(text, start, end)
    if listed < end:
        return listed
    last = _over_rules(text, start, end)
    above = _above_disclaimer(text, start, last)
    if above < last:
        return _over_frame(text, start, above)
    first = _paragraph(text, start, last, PRINTED_LINES + 1)
    if last - first > PRINTED_LINES:
        return end
    for number in range(last - 1, max(first, last - REPORT_LINES) - 1, -1):
        if footers.machine_reports(_lower(text, number, last)):
            while number > first and _is_wrapped(text.bare[number - 1]):
                number -= 1  # noqa: PLW2901  the sentence began further up
            return _over_frame(text, start, number)
    return _above_framed(text, start, first, last, end)


def _over_frame(text: Text, start: int, end: int) -> int:
    """Up over the rules that stand above a footer."""
    while end > start and rules(text.lines[end - 1]):
        end -= 1
    return end


def _above_list(text: Text, start: int, end: int) -> int:
    """Where the footer of a mailing list begins: a rule, then a few lines with an address or a link."""
    for number in range(max(start, end - FOOTER_LINES), end):
        if rules(text.lines[number]):
            return number if footers.names_list(_lower(text, number + 1, end)) else end
    return end


def _above_disclaimer(text: Text, start: int, end: int) -> int:
    """Where a disclaimer of one or more paragraphs begins; `end` when there is none."""
    found = last = end
    for _ in range(PARAGRAPHS):
        tail = max(start, last - 2)
        if not any(_is_long(text.bare[n]) for n in range(tail, last)) or not footers.may_disclaim(
            _lower(text, tail, last)
        ):
            break
        first = _paragraph(text, start, last)
        begins_at = _disclaimer_in(text, first, last)
        if begins_at < last:
            found = begins_at
            if found > first:
                break
        elif not footers.goes_on(_lower(text, first, last)):
            break
        last = _over_rules(text, start, first)
        if last == start:
            break
    return found


def _disclaimer_in(text: Text, first: int, last: int) -> int:
    """The first line of the disclaimer that ends a paragraph; `last` when there is none.

    Where a page sets no gaps, the author's words and a signature may stand above it in the same paragraph.
    """
    if footers.speaks_of_message(_lower(text, first, first + 1)) and footers.disclaims(_lower(text, first, last)):
        return first
    for number in range(last - 1, max(first, last - DISCLAIMER_LINES) - 1, -1):
        if footers.disclaims(_lower(text, number, last)):
            while number > first and _is_wrapped(text.bare[number - 1]):
                number -= 1  # noqa: PLW2901  the sentence began further up
            return number
    return last


def _is_long(line: str) -> bool:
    """Whether a line is none of those in which people close and sign."""
    return len(line) >= (LONG_LETTERS_EAST if line and max(line) > "\u0590" else LONG_LETTERS)


def _is_wrapped(line: str) -> bool:
    """Whether a client seems to have broken a sentence at the end of this line."""
    return WRAPPED[0] <= len(line) <= WRAPPED[1] and not is_sentence(line)


# ---------------------------------------------------------------- signatures without dashes


def _above_framed(text: Text, start: int, first: int, last: int, end: int) -> int:
    """Where a signature begins that stands between two rules and has an address or a number in it."""
    if first == start or not rules(text.lines[first - 1]):
        return end
    below = next((n for n in range(last, len(text.lines)) if text.lines[n].strip()), last)
    framed = (
        below < len(text.lines)
        and rules(text.lines[below])
        and any(_CONTACT.search(text.lines[n]) for n in range(first, last))
    )
    return _over_frame(text, start, first) if framed and _is_printed(text, first, last) else end


def _without_printed(text: Text, start: int, end: int) -> int:
    """Without a block that repeats the name typed above it and has an address in it: a program has put it there."""
    last = _over_blank(text, start, end)
    lowest = max(start, last - PRINTED_LINES)
    if not any(_CONTACT.search(text.lines[n]) for n in range(lowest, last)):
        return end
    for number in range(last - 2, lowest, -1):
        typed = _over_blank(text, start, number)
        if typed > start and not text.blank[number] and _repeats(text.bare[typed - 1], text.bare[number]):
            return typed if _is_printed(text, number, last) else end
    return end


def _is_printed(text: Text, first: int, last: int) -> bool:
    return all(len(text.lines[n]) <= PRINTED_LETTERS and not is_sentence(text.bare[n]) for n in range(first, last))


def is_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, and not with "Ltd." or "S.A."."""
    if not line.endswith(_SENTENCE_ENDS):
        return False
    last = line.rpartition(" ")[2].casefold()
    return not line.endswith(".") or not (last in _ABBREVIATIONS or "." in last[:-1] or len(last) <= len("V."))


def _repeats(typed: str, printed: str) -> bool:
    """Whether the first line of a block has a name again that was typed as the last line above it."""
    name, whole = typed.strip(" ,.-/–—").casefold(), printed.casefold()
    if not 1 < len(name) <= NAME_LETTERS:
        return False
    if name.isascii() or " " in name:
        return set(name.split()) <= set(re.split(r"[\s,|]", whole))
    return name in whole
