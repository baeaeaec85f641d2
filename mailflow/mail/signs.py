"""What a mail hints at besides its topics: who asks, from where, about where, by when, in danger, with which wishes.

The words stand in rules/signs/<language>.toml, as kind.value (`sector.mining`); names of countries, languages and
months come from CLDR. This module finds; core/coding.py judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from mailflow.core.model import Sign, SignKind
from mailflow.mail.dates import days
from mailflow.mail.lexicon import Entry, Heard, Place
from mailflow.mail.topics import LEAST, weighed

NEAR = 45  # folded characters between a cue ("by", "reply in") and what it speaks of
SIGNATURE = 160  # folded characters at the end in which a country is the asker's own, where no closing is heard
FOUND_NEAR = 3.0  # what a date or a language beside its cue is worth
_ENDS = frozenset(".。!?！？।۔။\n")
# Kinds that are found by their words alone.
_WORDED = frozenset({SignKind.USER_TYPE, SignKind.SECTOR, SignKind.INADMISSIBLE, SignKind.DANGER, SignKind.WISH})


def signs_in(heard: Iterable[Heard], written: date | None) -> tuple[Sign, ...]:
    """Every sign with a score above 0, strongest first. `written`: the day of the mail, without which no day is told."""
    best: dict[tuple[SignKind, str], Sign] = {}
    for sign in sorted((s for one in heard for s in _Reading(one).signs(written)), key=_order):
        best.setdefault((sign.kind, sign.value), sign)
    return tuple(best.values())


def _order(sign: Sign) -> tuple[float, str, str]:
    return -sign.score, sign.kind.value, sign.value


@dataclass(slots=True)
class _Reading:
    """The words of one language in a mail, by kind."""

    heard: Heard
    kinds: dict[str, list[tuple[Entry, list[Place]]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for entry, places in self.heard.entries.items():
            kind, dot, value = entry.key.partition(".")
            if dot:
                self.kinds[f"cue.{value}" if kind == "cue" else kind].append((entry, places))

    def signs(self, written: date | None) -> Iterator[Sign]:
        for kind in _WORDED:
            yield from self._worded(kind)
        yield from self._countries()
        yield from self._languages()
        if written and self.kinds["cue.deadline"]:
            yield from self._deadlines(written)

    def _worded(self, kind: SignKind) -> Iterator[Sign]:
        totals: dict[str, float] = defaultdict(float)
        because: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for entry, places in self.kinds[kind.value]:
            value = entry.key.partition(".")[2]
            points = self.heard.worth * weighed(entry, places, self.heard)
            totals[value] += points
            if points > 0:
                because[value].append((-points, entry.spelled))
        for value, total in totals.items():
            if total >= LEAST:
                yield Sign(kind, value, round(total, 2), tuple(word for _, word in sorted(because[value])))

    def _countries(self) -> Iterator[Sign]:
        """In the signature, or where the asker says so, it is their own; elsewhere the question concerns it."""
        end = self._signature()
        named = [(entry, places) for kind in ("country", "region") for entry, places in self.kinds[kind]]
        own = self._said([place for _, places in named for place in places])
        for entry, places in named:
            value = entry.key.partition(".")[2]
            theirs = [place for place in places if place.start >= end or place in own]
            about = [place for place in places if place not in theirs]
            for found, sign in ((theirs, SignKind.COUNTRY), (about, SignKind.CONCERNED)):
                if found and entry.weight > 0:
                    points = self.heard.worth * weighed(entry, found, self.heard)
                    yield Sign(sign, value, round(points, 2), (entry.spelled,))

    def _said(self, countries: Iterable[Place]) -> frozenset[Place]:
        """The first country after each "we are a", "based in"."""
        in_order = sorted(countries, key=lambda place: place.start)
        cues = (cue for _, places in self.kinds["cue.based"] for cue in places)
        firsts = (next((c for c in in_order if c.start >= cue.start and self._follows(c, [cue])), None) for cue in cues)
        return frozenset(first for first in firsts if first)

    def _languages(self) -> Iterator[Sign]:
        cues = [place for _, places in self.kinds["cue.reply"] for place in places]
        for entry, places in self.kinds["language"]:
            if entry.weight > 0 and any(self._beside(place, cues) for place in places):
                value = entry.key.partition(".")[2]
                yield Sign(SignKind.REPLY_LANGUAGE, value, self.heard.worth * FOUND_NEAR, (entry.spelled,))

    def _deadlines(self, written: date) -> Iterator[Sign]:
        cues = [(entry, place) for entry, places in self.kinds["cue.deadline"] for place in places]
        for day, place in days(self.heard, written):
            for entry, cue in cues:
                if entry.weight > 0 and self._beside(place, [cue]):
                    yield Sign(SignKind.DEADLINE, day.isoformat(), self.heard.worth * entry.weight, (entry.spelled,))

    def _signature(self) -> int:
        """Where the signature begins: below the closing in the second half of the mail; else near its end."""
        heard = self.heard
        last = min(heard.given, heard.signature)
        middle = (heard.own + last) // 2
        closings = [p.end for _, places in self.kinds["cue.closing"] for p in places if middle <= p.start < last]
        return min(closings) if closings else max(middle, last - SIGNATURE)

    def _beside(self, place: Place, cues: Iterable[Place]) -> bool:
        return any(self._follows(place, [cue]) or self._follows(cue, [place]) for cue in cues)

    def _follows(self, place: Place, cues: Iterable[Place]) -> bool:
        """Whether it stands soon after one of these, in the same sentence."""
        return any(
            (-1 <= place.start - cue.end <= NEAR and _ENDS.isdisjoint(self.heard.text[cue.end : place.start]))
            or (place.start <= cue.start and cue.end <= place.end)
            for cue in cues
        )
