"""The desk's words, looked for in one pass over a mail, however many there are: rules/topics/ and rules/signs/.

An entry is a word or a phrase, `*` at its end makes it a word family ("discriminat*"). Accents, capitals, and the
ways to write an apostrophe, a hyphen or a line break make no difference. Of the entries of one key that stand inside
one another only the longest counts, so "credit union" = 0 silences the "union" in it, for that key.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

from mailflow.mail.folding import fold
from mailflow.mail.names import with_names

READ = 50_000  # characters of a text that are read, so that no mail takes long
FOREIGN = 0.7  # what a word is worth when it is of another language than the mail's

_UNSPACED = re.compile(  # scripts that set no space between words
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff]"
)

Words = Mapping[str, Mapping[str, Mapping[str, float]]]  # language (BCP 47) -> key -> entry -> weight


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    key: str  # a topic's id, or kind.value of a sign
    spelled: str  # as the rules spell it
    weight: float


@dataclass(frozen=True, slots=True)
class Place:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heard:
    """The entries of one language that stand in a mail, each with its places in order."""

    text: str  # folded: subject, own words, what was forwarded, signature, a line each
    own: int  # where the own words begin,
    given: int  # what was forwarded,
    signature: int  # and the signature
    entries: Mapping[Entry, list[Place]]
    worth: float = 1.0  # less when the words are those of another language than the mail's


class Lexicons:
    """Knows the words of every language; each is made ready when a mail first needs it."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._ready: dict[str, _Lexicon] = {}

    def hear(self, subject: str, text: str, language: str, given: str = "", signature: str = "") -> tuple[Heard, ...]:
        """What stands in a mail, in its language; in a language without words of its own, an unknown one included,
        what stands there of each language of its scripts, at a discount. `given` was forwarded to us.
        """
        zones = [fold(zone[:READ]) for zone in (subject, text, given, signature)]
        folded = "\n".join(zones)  # no entry holds a line break, so none spans two zones
        own = len(zones[0]) + 1
        at = (own, own + len(zones[1]) + 1, own + len(zones[1]) + len(zones[2]) + 2)
        for code in (language, language.partition("-")[0]):
            if code in self._words:
                return (Heard(folded, *at, self._of(code).heard(folded)),)
        letters = frozenset(f"{subject}{text}{given}".lower())
        written = (code for code, firsts in self._first_letters.items() if not letters.isdisjoint(firsts))
        return tuple(Heard(folded, *at, self._of(code).heard(folded), FOREIGN) for code in written)

    @cached_property
    def _first_letters(self) -> Mapping[str, frozenset[str]]:
        """By language; asked for by the few mails whose language has no words."""
        return {language: _first_letters(keys) for language, keys in self._words.items()}

    def _of(self, language: str) -> _Lexicon:
        if language not in self._ready:
            self._ready[language] = _Lexicon(with_names(self._words[language], language))
        return self._ready[language]


def faults(words: Words) -> Iterator[str]:
    """A sentence for each entry that says the same as another one of its key: only one of them is heard."""
    for language, keys in words.items():
        for key, entries in keys.items():
            seen: dict[tuple[str, bool], str] = {}
            for spelled in entries:
                twin = seen.setdefault(_pattern(spelled), spelled)
                if twin is not spelled:
                    yield f"{language}, {key}: {spelled!r} says the same as {twin!r}"


def _first_letters(keys: Mapping[str, Mapping[str, float]]) -> frozenset[str]:
    """The letters with which words of a language begin: those that tell its script, where it has one of its own."""
    letters = Counter(entry[:1].lower() for entries in keys.values() for entry in entries)
    foreign = {letter for letter in letters if not letter.isascii()}
    own = sum(letters[letter] for letter in foreign)
    return frozenset(foreign if own * 2 > letters.total() else letters)


class _Lexicon:
    """The words of one language, ready to be looked for all at once."""

    def __init__(self, keys: Mapping[str, Mapping[str, float]]) -> None:
        patterns: dict[tuple[str, bool], list[Entry]] = {}  # folded word, is it a family -> who listens to it
        for key, entries in keys.items():
            for spelled, weight in entries.items():
                listeners = patterns.setdefault(_pattern(spelled), [])
                if not listeners or listeners[-1].key != key:  # of two that say the same the first is heard
                    listeners.append(Entry(key, spelled, weight))
        patterns.pop(("", False), None)
        patterns.pop(("", True), None)
        self._entries = list(patterns.values())
        self._opens = [_joins(word[0]) for word, _ in patterns]  # whether a letter before it makes it another word
        self._joined = [_joins(word[-1]) for word, _ in patterns]  # and one after it,
        self._families = [family for _, family in patterns]  # unless any ending will do
        self._automaton = AhoCorasick(
            [word for word, _ in patterns], implementation=Implementation.ContiguousNFA, store_patterns=False
        )

    def heard(self, folded: str) -> dict[Entry, list[Place]]:
        """Where each entry stands in the text, in order; not where it stands inside a longer one of its key."""
        covered: dict[str, int] = {}
        found: dict[Entry, list[Place]] = {}
        for start, backwards, pattern in sorted(self._places(folded)):
            for entry in self._entries[pattern]:
                if covered.get(entry.key, 0) < -backwards:
                    covered[entry.key] = -backwards
                    found.setdefault(entry, []).append(Place(start, -backwards))
        return found

    def _places(self, folded: str) -> Iterator[tuple[int, int, int]]:
        """(start, -end, pattern) of every whole word or phrase: sorted, longer ones come first."""
        opens, joined, families, length = self._opens, self._joined, self._families, len(folded)
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if opens[pattern] and start and _joins(folded[start - 1]):
                continue
            if joined[pattern] and end < length and _joins(folded[end]):
                if families[pattern]:  # to the end of the word, so that "bank loan*" covers the "loans" in "bank loans"
                    yield start, -_end_of_word(folded, end), pattern
                continue
            yield start, -end, pattern


def _pattern(spelled: str) -> tuple[str, bool]:
    """The folded word, and whether it is a family. The rules are checked for a `*` that stands elsewhere."""
    return fold(spelled.removesuffix("*")), spelled.endswith("*")


def _end_of_word(folded: str, end: int) -> int:
    while end < len(folded) and _joins(folded[end]):
        end += 1
    return end


@lru_cache(maxsize=4096)
def _joins(letter: str) -> bool:
    """Whether this letter beside a word makes it part of a longer one."""
    return (letter.isalnum() or unicodedata.category(letter)[0] == "M") and not _UNSPACED.match(letter)
