"""Greetings at the beginning, closings and what follows them at the end: they go, with their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.reading import Reading
from mailflow.publish.anonymise.spans import COURTESY, Span

_LINE = re.compile(r"[^\n]*+\n?")
_WIDE = 70  # characters of a line of greeting, of closing, or of a signature
_BELOW = 12  # lines that may follow a closing
_ENDS = ",!:;，：！、。.\u060c\u0964\u104b"


def greetings(reading: Reading) -> Iterator[Span]:
    """At most two lines; or what stands before the first comma of a line that goes on."""
    place = _start(reading.text, 0)
    for _ in range(2):
        end = _greeting_end(reading, place)
        if not end:
            break
        stop = _start(reading.text, end)
        yield Span(0 if not _ else place, stop, COURTESY, 0.9, shown="")
        place = stop


def _start(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _greeting_end(reading: Reading, place: int) -> int:
    """Where a greeting ends that begins here; 0 for none."""
    found = _LINE.match(reading.text, place)
    line = found[0].rstrip() if found else ""
    words = reading.words
    head = _begins(line, words.listed("courtesy", "greetings"))
    tail = any(line.endswith(end) for end in words.listed("courtesy", "greeting_ends"))
    if not line or not (head or tail):
        return 0
    if len(line) <= _WIDE and line[-1] not in "?？؟" and (tail or line[-1] in _ENDS or len(line.split()) <= 5):  # noqa: PLR2004
        sentences = sum(sign in ".!?。！？" for sign in line[:-1]) - sum(
            line.count(f"{title}.") for title in ("Mr", "Ms", "Mrs", "Dr", "Sr", "Sra", "M")
        )
        if sentences <= 0 or tail:
            return place + len(line)
    comma = next((at for at, sign in enumerate(line[:_WIDE]) if at >= len(head) and sign in ",!，：！،:"), 0)
    return place + comma + 1 if comma else 0


def _begins(line: str, words: tuple[str, ...]) -> str:
    """The word or phrase with which a line begins."""
    lowered = line.casefold()
    for word in sorted(words, key=len, reverse=True):
        known = word.casefold()
        if lowered.startswith(known) and not (known[-1].isascii() and lowered[len(known) : len(known) + 1].isalnum()):
            return word
    return ""


def closings(reading: Reading) -> Iterator[Span]:
    """From the first line of the last ones that says goodbye, to the end, if all below it is as short as a signature."""
    place = closing_place(reading)
    if place is not None:
        start = len(reading.text[:place].rstrip())
        yield Span(start, len(reading.text), COURTESY, 0.9, shown="")


def closing_place(reading: Reading) -> int | None:
    lines = [(found.start(), found[0].strip()) for found in _LINE.finditer(reading.text) if found[0].strip()]
    found = None
    for number in range(len(lines) - 1, max(-1, len(lines) - _BELOW - 1), -1):
        place, line = lines[number]
        if len(line) > _WIDE and not _begins(line, reading.words.listed("courtesy", "footers")):
            break
        if _closes(reading, line):
            found = place
    return found or None


def _closes(reading: Reading, line: str) -> bool:
    words = reading.words
    if line in {"--", "—", "---", "-- "} or (set(line) <= set("-_=*") and len(line) > 4):  # noqa: PLR2004
        return True
    if _begins(line, words.listed("courtesy", "footers")):
        return True
    closing = _begins(line, words.listed("courtesy", "closings"))
    rest = fold(line)[len(fold(closing)) :].strip()
    return bool(closing) and len(rest) <= 48 and "?" not in line  # noqa: PLR2004
