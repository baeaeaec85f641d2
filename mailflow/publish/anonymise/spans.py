"""A place that a detector found, and which of several that overlap counts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

COURTESY = "courtesy"
GUESS = 0.7  # up to which a detector only supposes
_PLACE = "place"  # may be part of a name, of which no end should stay
_CERTAIN = 0.99
_FEW = 12
# What names somebody by itself; the rest only narrows the circle.
DIRECT = frozenset(
    {
        COURTESY,
        "person",
        "organisation",
        "address",
        "url",
        "telephone",
        "number",
        "token",
        "handle",
        "coordinates",
        "plate",
        "street",
    }
)


@dataclass(frozen=True, slots=True)
class Span:
    """A place of the text, in code points."""

    start: int
    end: int
    kind: str  # as of `core.publication.Replaced`
    confidence: float  # 0 to 1
    role: str = ""  # which word stands for it (data/roles.toml); "": that of its kind
    thing: str = ""  # the same for all that names one person, company or place
    shown: str | None = None  # what stands instead; None: the words of its role
    by: str = ""  # the detector's name

    @property
    def direct(self) -> bool:
        return self.kind in DIRECT


Worth = Callable[[int, int], bool]  # whether what is left over between two places could name somebody


def resolved(spans: Iterable[Span], worth: Worth) -> tuple[Span, ...]:
    """In order, none overlapping another: what is direct before what is not, then the surest, then the longest.

    Of what overlaps, two of a kind become one; of two kinds the lesser keeps what is left of it, so that no end of a
    name stays. What is indirect gives way altogether.
    """
    found = sorted(spans, key=lambda span: (span.start, -span.end))
    sure = [span for span in found if not span.direct and span.confidence > GUESS]
    taken = _Taken()
    for span in sorted((s for s in found if s.direct and not _guessed(s, sure)), key=_rank):
        _take(taken, span, worth)
    for span in sorted((s for s in found if not s.direct), key=_rank):
        if span.kind == _PLACE:
            _take(taken, span, worth)
        elif not taken.overlapping(span):
            taken.add(span)
    return tuple(taken.spans)


def _rank(span: Span) -> tuple[bool, bool, bool, int, float, int, str]:
    """Least first."""
    certain, guess = span.confidence >= _CERTAIN, span.confidence <= GUESS
    return (span.kind != COURTESY, not certain, guess, span.start - span.end, -span.confidence, span.start, span.by)


def _guessed(span: Span, indirect: Sequence[Span]) -> bool:
    """A guess at a name gives way to a town that is known, or a place that a word announces."""
    if span.confidence > GUESS:
        return False
    at = bisect_right(indirect, span.start, key=lambda each: each.start)
    return any(span.end <= each.end for each in indirect[max(0, at - _FEW) : at])


def _take(taken: _Taken, span: Span, worth: Worth) -> None:
    others = taken.overlapping(span)
    if not others:
        taken.add(span)
        return
    alike = [other for other in others if other.kind == span.kind]
    if len(others) == 1 and alike:
        taken.widen(others[0], span)
        return
    for start, end in _left_over(span, others):
        if worth(start, end):
            taken.add(replace(span, start=start, end=end))


def _left_over(span: Span, others: Sequence[Span]) -> Iterator[tuple[int, int]]:
    place = span.start
    for other in others:
        if place < other.start:
            yield place, other.start
        place = max(place, other.end)
    if place < span.end:
        yield place, span.end


class _Taken:
    """Spans in order, none overlapping another."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def overlapping(self, span: Span) -> Sequence[Span]:
        first = bisect_right(self.spans, span.start, key=lambda each: each.end)
        last = bisect_left(self.spans, span.end, key=lambda each: each.start)
        return self.spans[first:last]

    def add(self, span: Span) -> None:
        if span.end > span.start:
            self.spans.insert(bisect_left(self.spans, span.start, key=lambda each: each.start), span)

    def widen(self, old: Span, span: Span) -> None:
        """The one taken keeps its kind, and learns its role where it had none."""
        at = bisect_left(self.spans, old.start, key=lambda each: each.start)
        start, end = min(old.start, span.start), max(old.end, span.end)
        self.spans[at] = replace(old, start=start, end=end, role=old.role or span.role)
