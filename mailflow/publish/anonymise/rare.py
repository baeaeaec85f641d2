"""What points to few even without a name: sector, country, time and event together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.words import known_language, read_data

ENOUGH = 2  # parts of four that point to few together
_FIRST = 2  # a stem of this many letters and more may begin a word


def rare(sector: str, countries: Collection[str], words: str, count: int, k: int, language: str) -> tuple[str, ...]:
    """Warnings in the reader's language; none where nothing points to few.

    `sector`: its label, "" where none is coded; `countries`: the names of those concerned; `words`: the text that is
    to be published; `count`: how many of the desk's tickets share the coding; `k`: how many must, by policy.
    """
    said = _said(language)
    events, times = events_in(words, language), times_in(words, language)
    told = []
    if count < k:
        told.append(said[("few_none", "few_one", "few")[min(count, 2)]].format(count=count, k=k))
    parts = [part for part in (sector, ", ".join(countries), ", ".join(times), ", ".join(events)) if part]
    if (count < k and len(parts) > ENOUGH) or (events and times and countries):
        told.append(said["together"].format(parts=" + ".join(parts)))
    if told and len(parts) > 1:
        safer = [said["safer_event"]] * bool(events) + [said["safer_time"]] * bool(times)
        safer += [said["safer_country"]] * bool(countries) + [said["safer_sector"]] * bool(sector)
        told.append(said["safer"].format(ways="; ".join(safer)))
    return tuple(told)


def events_in(text: str, language: str) -> tuple[str, ...]:
    """Events that newspapers report, by the language's word for each that stands in the text."""
    return _standing(text, language, "events")


def times_in(text: str, language: str) -> tuple[str, ...]:
    """Months and years that stand in the text, each year once."""
    told = _standing(text, language, "months")
    years = [str(year) for year in range(1990, 2100) if re.search(rf"(?<!\d){year}(?!\d)", fold(text))]
    return (*told, *(year for year in years if not any(year in time for time in told)))


def _standing(text: str, language: str, what: str) -> tuple[str, ...]:
    words = re.sub(r"[.,;:'’()\"!?]", " ", fold(text)).split()
    searched = f" {' '.join(words)} "
    stems = _words(known_language(language), what)
    return tuple(dict.fromkeys(told for stem, shown in stems for told in _told(searched, stem, shown)))


def _told(searched: str, stem: str, shown: str) -> Iterator[str]:
    """The word as it is listed; where it ends with the first digits of a year or a day, with all of them."""
    if not stem[-1].isdecimal():
        yield from [shown] * (stem in searched)
        return
    for found in re.finditer(rf"{re.escape(stem)}(\d*+)", searched):
        yield f"{shown}{found[1]}"


@lru_cache(maxsize=64)
def _words(tag: str, what: str) -> tuple[tuple[str, str], ...]:
    """Stem as it is searched, and the word as it is shown; in spaced scripts a stem begins a word."""
    listed = read_data("rare").get(tag.partition("-")[0], {}).get(what, ())
    spaced = tag not in {"ja", "zh", "zh-Hant", "th", "my"}
    return tuple((f" {fold(word)}" if spaced else fold(word), word) for word in listed)


def _said(language: str) -> dict[str, str]:
    table = read_data("rare")
    said: dict[str, str] = {**table["en"]["said"], **table.get(known_language(language), {}).get("said", {})}
    return said
