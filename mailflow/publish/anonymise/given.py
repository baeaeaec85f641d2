"""First and last names that many people bear, as a library of sample data lists them for some eighty countries.

They speak for a person where a word could be one's name; nobody is missed only because a list lacks them.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.gazetteer import countries
from mailflow.publish.anonymise.reading import HAN, Reading
from mailflow.publish.anonymise.spans import Span

_LISTS = (dict, list, tuple)
_HAN_RUN = re.compile(f"[{HAN}]{{3,40}}")
_KANA_NAME = re.compile(r"[\u30a1-\u30fa\u30fc]{2,16}+(?:[・＝=][\u30a1-\u30fa\u30fc]{1,16}+){1,4}")


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    return frozenset(_listed("first_name"))


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    return frozenset(_listed("last_name"))


def _listed(which: str) -> Iterator[str]:
    """Folded."""
    import faker.providers.person as people

    for module in pkgutil.iter_modules(people.__path__):
        provider = import_module(f"{people.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            names = getattr(provider, attribute)
            if attribute.startswith(which) and isinstance(names, _LISTS):
                yield from (fold(name) for name in names if isinstance(name, str))


def listed_names(reading: Reading) -> Iterator[Span]:
    """In scripts without capitals: a last and a first name side by side."""
    language = reading.words.language
    if language == "ja":
        yield from _kana(reading)
        yield from _han(reading, _japanese)
    elif language in {"zh", "zh-Hant"}:
        yield from _han(reading, _chinese)
    elif language in {"ne", "ur"}:
        yield from _neighbours(reading)


def _kana(reading: Reading) -> Iterator[Span]:
    """A foreigner's name, written with points; or a country and a town of it."""
    for found in _KANA_NAME.finditer(reading.text):
        country, _, rest = found[0].partition("・")
        if fold(country) in countries():
            yield Span(found.end() - len(rest), found.end(), "place", 0.75, thing=fold(rest))
        else:
            yield Span(*found.span(), "person", 0.7, thing=fold(found[0]))


def _han(reading: Reading, name_in: object) -> Iterator[Span]:
    for run in _HAN_RUN.finditer(reading.text):
        at = 0
        while at < len(run[0]) - 1:
            length = name_in(run[0], at)  # type: ignore[operator]
            if length:
                start = run.start() + at
                yield Span(start, start + length, "person", 0.65, thing=fold(run[0][at : at + length]))
            at += length or 1


def _japanese(run: str, at: int) -> int:
    """A last name of two or three characters, and a first name up to the end of the run."""
    for length in (3, 2):
        rest = run[at + length :]
        if run[at : at + length] in last_names() and 0 < len(rest) < 4 and rest in first_names():  # noqa: PLR2004
            return len(run) - at
    return 0


def _chinese(run: str, at: int) -> int:
    """A last name and a first name of two characters."""
    given = run[at + 1 : at + 3]
    return 3 if run[at] in last_names() and len(given) == 2 and given in first_names() else 0  # noqa: PLR2004


def _neighbours(reading: Reading) -> Iterator[Span]:
    """A first name, and the words after it that may go on with it."""
    stops = reading.words.set("people", "stops") | reading.words.set("people", "endings")
    number = 0
    while number < len(reading.tokens) - 1:
        first, second = reading.tokens[number], reading.tokens[number + 1]
        follows = reading.gap(number, number + 1) == " " and second.folded not in stops and second.word[0].isalpha()
        name, ending = _bare(reading, second.word)
        follows = follows and first.folded not in stops
        known = fold(name) in last_names() or fold(name) in first_names()
        likely = known or reading.words.language == "ur"
        if first.folded in first_names() and len(first.folded) > 2 and follows and likely:  # noqa: PLR2004
            yield Span(first.start, second.end - ending, "person", 0.65, thing=fold(name))
            number += 1
        number += 1


def _bare(reading: Reading, word: str) -> tuple[str, int]:
    """Without the ending that Nepali sets to it, and how long that is."""
    for ending in reading.words.listed("people", "endings"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending), len(ending)
    return word, 0
