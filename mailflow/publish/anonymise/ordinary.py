"""Words that say something else, too: where somebody is called so, only a capital or the rest of the name tells.

Else a requester called Grace, or who writes from contact@, would forbid a word to every text of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.gazetteer import countries, is_demonym
from mailflow.publish.anonymise.reading import Reading, Token
from mailflow.publish.anonymise.words import LANGUAGES, known_language, read_data, words_of

_LISTS = {"en": "en_US", "fr": "fr_FR", "es": "es_ES", "de": "de_DE"}  # common words, of a library of sample texts
_SETS = (
    ("common", "small"), ("common", "plain"), ("common", "laws"), ("organisations", "generic"), ("numbers", "heads"),
    ("people", "roles"), ("numbers", "telephone"), ("numbers", "identifiers"), ("numbers", "spelled"),
)  # fmt: skip
_BETWEEN = frozenset({"", " ", "\n", "-", ".", ", ", "\u00a0"})


@lru_cache(maxsize=1)
def desks() -> frozenset[str]:
    """What mailboxes and departments are called, in any language: nobody's name."""
    return frozenset(fold(word) for words in read_data("ordinary")["desks"].values() for word in words)


@lru_cache(maxsize=32)
def ordinary(language: str) -> frozenset[str]:
    """Words of a language that may be somebody's name as well; of one that we don't know, the English ones."""
    tag = known_language(language).partition("-")[0] or "en"
    listed = read_data("ordinary")["words"].get(tag, ())
    found = {fold(word) for word in (*listed, *_common(tag))}
    return frozenset(found.union(*(words_of(tag).set(section, name) for section, name in _SETS)))


@lru_cache(maxsize=1)
def ordinary_anywhere() -> frozenset[str]:
    return frozenset().union(desks(), *(ordinary(tag) for tag in LANGUAGES))


def _common(tag: str) -> tuple[str, ...]:
    module = _LISTS.get(tag)
    return tuple(import_module(f"faker.providers.lorem.{module}").Provider.word_list) if module else ()


def tells(reading: Reading, first: int, word: str, kin: Mapping[str, frozenset[str]]) -> bool:
    """Whether a single word that stands at `first` names somebody there."""
    if word not in ordinary(reading.language) and not _always_capital(reading, word):
        return True
    number = reading.before(first)
    if number >= len(reading.tokens) or reading.tokens[number].start != first:
        return True
    if _beside_kin(reading, number, kin.get(word, frozenset())):
        return True
    silent = reading.shouting or reading.words.language == "de" or _always_capital(reading, word)
    return not silent and reading.tokens[number].capital and not reading.opens_sentence(number)


def _always_capital(reading: Reading, word: str) -> bool:
    """Months, days, countries and their people have capitals, whoever is meant."""
    words = reading.words
    dated = word in words.table("dates", "months") or word in words.set("dates", "weekdays")
    return dated or word in countries() or is_demonym(word)


def _beside_kin(reading: Reading, number: int, kin: frozenset[str]) -> bool:
    return any(
        token.folded in kin or (len(token.folded) == 1 and token.capital and token.folded in {part[0] for part in kin})
        for token in _beside(reading, number)
    )


def _beside(reading: Reading, number: int) -> Iterator[Token]:
    if number and reading.gap(number - 1, number) in _BETWEEN:
        yield reading.tokens[number - 1]
    if number + 1 < len(reading.tokens) and reading.gap(number, number + 1) in _BETWEEN:
        yield reading.tokens[number + 1]


def kin_of(parts_of_names: Iterable[tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    """Each part of a name, and the others that it may stand beside."""
    kin: dict[str, set[str]] = {}
    for parts in parts_of_names:
        for part in parts:
            kin.setdefault(part, set()).update(other for other in parts if other != part)
    return {part: frozenset(others) for part, others in kin.items()}
