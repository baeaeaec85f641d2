"""What a mail hints at besides its topics: who asks, from where, about where, by when, in danger, with which wishes.

The words stand in rules/signs/<language>.toml, as kind.value (`sector.mining`); names of countries, languages and
months come from CLDR. This module finds; core/coding.py judges.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from mailflow.core.model import Sign, SignKind
from mailflow.mail.dates import days
from mailflow.mail.lexicon import Entry, Heard, Place
from mailflow.mail.topics import LEAST, weighed

NEAR = 45  # folded characters between a cue ("by", "reply in") and what it speaks of
SIGNATURE = 160  # folded characters at most of a signature without a closing above it
CLOSE = 22  # and between a country and what says that it is another's
ALONE = 30  # folded characters of a mail that says little else than a language
FAR = 90  # and between "we are a" and a country: what they are stands between
SHORT, CLOSE = 3, 24  # folded letters of a short cue, and how near its day stands: "by the end of Friday"
FOUND_NEAR = 3.0  # what a date or a language beside its cue is worth
OWN = 2.0  # how often a country counts that stands in a signature, or is called by a town,
SAID = 5.0  # and one behind "we are a"
TOWN = 2.0  # from this weight on a country's name is one that only people there use, such as that of a town
BEHIND = 2.0  # from this weight on, or below its negative, a cue stands behind the country that it speaks of
SEVERAL = 5  # countries in a row, at most
_AND = frozenset((",", "،", "၊", "、", "اور", "و", "یا", "र", "तथा", "वा", "နဲ့", "နှင့်", "と", "や"))
# What Nepali joins to a day, so that it is no word that could be heard as a cue: until, within, before.
_UNTIL = re.compile(r" ?(?:गते|तारिख)? ?(?:सम्म|भित्र|अघि|अगाडि|अगावै)")
_STOPS = frozenset(".。!?！？।۔။")
_ENDS = _STOPS | {"\n"}
# Kinds that are found by their words alone.
_WORDED = frozenset({
    SignKind.USER_TYPE, SignKind.SECTOR, SignKind.HEARD_FROM, SignKind.INADMISSIBLE, SignKind.DANGER, SignKind.WISH,
})  # fmt: skip


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
                cue = f"cue.{value}" if entry.weight > 0 else f"no.{value}"
                self.kinds[cue if kind == "cue" else kind].append((entry, places))

    def signs(self, written: date | None) -> Iterator[Sign]:
        for kind in _WORDED:
            yield from self._worded(kind)
        yield from self._countries()
        yield from self._languages()
        if written and (self.kinds["cue.deadline"] or _UNTIL.search(self.heard.text)):
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
        """In the signature, or where the asker says so, it is their own; elsewhere the question concerns it.

        Who says where they are, and names no other country, asks about that one; who names a town of theirs does, too.
        """
        end = self._signature()
        named = [(e, places) for kind in ("country", "region") for e, places in self.kinds[kind] if e.weight > 0]
        said = self._said((place, _is_town(entry)) for entry, places in named for place in places)
        elsewhere = any(place.start < end and place not in said for _, places in named for place in places)
        for entry, places in named:
            value = entry.key.partition(".")[2]
            kept = not elsewhere or _is_town(entry)
            theirs = [place for place in places if place.start >= end or place in said]
            about = [place for place in places if place.start < end and (kept or place not in said)]
            own = max((said.get(place, OWN) for place in theirs), default=OWN)
            for found, sign, worth in ((theirs, SignKind.COUNTRY, own), (about, SignKind.CONCERNED, 1.0)):
                if found:
                    points = worth * self.heard.worth * weighed(entry, found, self.heard)
                    yield Sign(sign, value, round(points, 2), (entry.spelled,))

    def _said(self, countries: Iterable[tuple[Place, bool]]) -> dict[Place, float]:
        """The first country after each "we are a", "based in", and each town that is not spoken of as somebody else's:
        "our supplier", a cue without weight, ends the reach of the others. Each country comes with whether it is a town;
        what comes back is how often it counts.
        """
        told: list[tuple[int, int, bool, Place]] = [(place.start, 2, town, place) for place, town in countries]
        behind = self._said_behind([place for *_, place in told])
        for rank, kind in enumerate(("no.based", "cue.based")):
            cues = (places for entry, places in self.kinds[kind] if abs(entry.weight) < BEHIND)
            told += [(place.start, rank, False, place) for places in cues for place in places]
        said: dict[Place, float] = {}
        last: tuple[int, Place] | None = None  # the cue that reaches from here on: 1, or 0 when it is another's
        for _, rank, town, place in sorted(told, key=lambda one: one[:2]):
            if rank < 2:  # noqa: PLR2004  a cue
                last = (rank, place)
                continue
            before = last[0] if last and self._follows(place, last[1], FAR) else None
            told_so = behind.get(place, before)
            if told_so or (told_so is None and town):
                said[place] = SAID if told_so else OWN
            last = None if last and last[0] else last
        return said

    def _said_behind(self, countries: Iterable[Place]) -> dict[Place, bool]:
        """Where the verb comes last: the last country before "live in" (a weight of 2) is theirs, the one before "buy
        from" (of -2) is another's, and so are those that an "and" joins to it. The first cue behind a country counts.
        """
        told = [(place.start, 0.0, place) for place in countries]
        for kind in ("no.based", "cue.based"):
            cues = ((entry.weight, places) for entry, places in self.kinds[kind] if abs(entry.weight) >= BEHIND)
            told += [(place.start, weight, place) for weight, places in cues for place in places]
        judged: dict[Place, bool] = {}
        last: list[Place] = []
        for _, weight, place in sorted(told, key=lambda one: one[0]):
            if not weight:
                joined = last and self.heard.text[last[-1].end : place.start].strip() in _AND
                last = [*last[-SEVERAL:], place] if joined else [place]
            elif last and self._follows(place, last[-1], NEAR if weight > 0 else CLOSE):
                for country in last:
                    judged.setdefault(country, weight > 0)
        return judged

    def _languages(self) -> Iterator[Sign]:
        cues = _Cues(self.kinds["cue.reply"])
        own = self.heard.text[self.heard.own : self.heard.given]
        alone = len(own.strip()) <= ALONE and not own.strip().endswith(("?", "؟", "？"))  # as a mail of ours offers
        for entry, places in self.kinds["language"]:
            if entry.weight > 0 and (
                alone or any(self._beside(place, cue) for place in places for _, cue in cues.near(place))
            ):
                value = entry.key.partition(".")[2]
                yield Sign(SignKind.REPLY_LANGUAGE, value, self.heard.worth * FOUND_NEAR, (entry.spelled,))

    def _deadlines(self, written: date) -> Iterator[Sign]:
        cues = _Cues(self.kinds["cue.deadline"])
        for day, place in days(self.heard, written):
            if until := _UNTIL.match(self.heard.text, place.end):
                yield Sign(SignKind.DEADLINE, day.isoformat(), self.heard.worth * FOUND_NEAR, (until[0].strip(),))
            for entry, cue in cues.near(place):
                if self._beside(place, cue):
                    yield Sign(SignKind.DEADLINE, day.isoformat(), self.heard.worth * entry.weight, (entry.spelled,))

    def _signature(self) -> int:
        """Where the signature begins: below the closing in the second half of the mail; else behind the last sentence."""
        heard = self.heard
        last = min(heard.given, heard.signature)
        middle = (heard.own + last) // 2
        closings = [p.end for _, places in self.kinds["cue.closing"] for p in places if middle <= p.start < last]
        if closings:
            return min(closings)
        first = max(middle, last - SIGNATURE)
        return next((at + 1 for at in range(last - 1, first, -1) if heard.text[at] in _STOPS), first)

    def _beside(self, place: Place, cue: Place) -> bool:
        """A short word ("by") stands before so much that it is a cue only right before its day."""
        short = cue.end - cue.start <= SHORT and self.heard.text[cue.start : cue.end].isascii()
        return self._follows(place, cue, CLOSE if short else NEAR) or (not short and self._follows(cue, place, NEAR))

    def _follows(self, place: Place, cue: Place, near: int) -> bool:
        """Whether it stands soon after the cue, in the same sentence."""
        if place.start <= cue.start and cue.end <= place.end:
            return True
        return -1 <= place.start - cue.end <= near and _ENDS.isdisjoint(self.heard.text[cue.end : place.start])


def _is_town(entry: Entry) -> bool:
    return entry.weight >= TOWN and entry.key.startswith("country.")


class _Cues:
    """Cues in their order, of which those near a place are found without looking at all of them."""

    def __init__(self, cues: Iterable[tuple[Entry, list[Place]]]) -> None:
        self._cues = sorted(((e, place) for e, places in cues for place in places), key=lambda cue: cue[1].start)
        self._starts = [place.start for _, place in self._cues]
        self._reach = NEAR + max((place.end - place.start for _, place in self._cues), default=0)

    def near(self, place: Place) -> list[tuple[Entry, Place]]:
        first = bisect_left(self._starts, place.start - self._reach)
        return self._cues[first : bisect_right(self._starts, place.end + NEAR)]
