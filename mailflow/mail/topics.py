"""Which topics a mail speaks of: the words of rules/topics/, looked for in one pass over subject and text.

An entry is a word or a phrase, `*` at its end makes it a word family ("discriminat*"). Accents, capitals, and the
ways to write an apostrophe, a hyphen or a line break make no difference. Of the entries of one topic that stand
inside one another only the longest counts, so "credit union" = 0 silences the "union" in it, for that topic.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

from mailflow.core.model import TopicScore

READ = 50_000  # characters of a text that are read, so that no mail takes long
SUBJECT = 2.0  # how often an entry counts that stands in the subject
REPEATS = 0.5  # all repetitions of an entry together add less than this part of its weight
LEAST = 0.01  # a score below this is none; scores are rounded to it
FOREIGN = 0.7  # what a score is worth when the words are those of other languages than the mail's

_ACCENTS = map(chr, range(0x300, 0x370))  # only these: the marks of Thai or Nepali are part of a word
_WIDTHLESS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphens and the like
_DROPPED = frozenset((*_ACCENTS, *_WIDTHLESS))
_SPACES = frozenset("\u2010\u2012\u2013\u2014\u2015\u2018\u2019\u2032\u2212\u02bc")  # hyphens, dashes, apostrophes
_UNSPACED = re.compile(  # scripts that set no space between words
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """The text as words are compared: in lower case, without accents, on one line, words a single space apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).replace("°", "o")  # n° is often meant as nº
        strange = set(text)
        for character in _DROPPED & strange:
            text = text.replace(character, "")
        for character in _SPACES & strange:
            text = text.replace(character, " ")
    return " ".join(text.casefold().replace("'", " ").replace("-", " ").split())


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    topic: str
    spelled: str  # as the rules spell it
    weight: float


class TopicMatcher:
    """Knows the words of every topic: language (BCP 47) -> topic id -> entry -> weight.

    Raises ValueError, naming language, topic and entry, for an entry that is empty, has a `*` anywhere but at its
    end, or says the same as another one of its topic.
    """

    def __init__(self, words: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
        self._lexicons = {language: _Lexicon(language, topics) for language, topics in words.items()}

    def score(self, subject: str, text: str, language: str) -> tuple[TopicScore, ...]:
        """The topics that have a score (it is above 0), the strongest first.

        A language without words of its own, an unknown one included, is read with the words of all languages:
        each topic then has its best score in any of them, at a discount.
        """
        title = fold(subject[:READ])
        folded = f"{title}\n{fold(text[:READ])}"  # no entry holds a line break, so none spans the two
        own = self._lexicons.get(language) or self._lexicons.get(language.partition("-")[0])
        if own:
            scores = own.scores(folded, len(title))
        else:
            scores = [score for other in self._lexicons.values() for score in other.scores(folded, len(title), FOREIGN)]
        best: dict[str, TopicScore] = {}
        for score in sorted(scores, key=lambda score: (-score.score, score.id)):
            best.setdefault(score.id, score)
        return tuple(best.values())


class _Lexicon:
    """The words of one language, ready to be looked for all at once."""

    def __init__(self, language: str, topics: Mapping[str, Mapping[str, float]]) -> None:
        patterns: dict[tuple[str, bool], list[_Entry]] = {}  # folded word, is it a family -> who listens to it
        for topic, entries in topics.items():
            for spelled, weight in entries.items():
                listeners = patterns.setdefault(_pattern(language, topic, spelled), [])
                if listeners and listeners[-1].topic == topic:
                    twin = listeners[-1].spelled
                    raise ValueError(f"topic words, {language}, {topic}: {spelled!r} says the same as {twin!r}")
                listeners.append(_Entry(topic, spelled, weight))
        self._entries = list(patterns.values())
        self._opens = [_joins(word[0]) for word, _ in patterns]  # whether a letter before it makes it another word
        self._closes = [not family and _joins(word[-1]) for word, family in patterns]
        self._automaton = AhoCorasick(
            [word for word, _ in patterns], implementation=Implementation.ContiguousNFA, store_patterns=False
        )

    def scores(self, folded: str, title: int, worth: float = 1.0) -> list[TopicScore]:
        """The topics with a score, in no order; `title` characters of the folded text are the subject."""
        totals: dict[str, float] = {}
        because: dict[str, list[tuple[float, str]]] = {}
        for entry, places in self._heard(folded).items():
            count = (SUBJECT if places[0] < title else 1.0) + REPEATS * (1 - 0.5 ** (len(places) - 1))
            points = worth * entry.weight * count
            totals[entry.topic] = totals.get(entry.topic, 0.0) + points
            if points > 0:
                because.setdefault(entry.topic, []).append((-points, entry.spelled))
        return [
            TopicScore(topic, round(total, 2), tuple(spelled for _, spelled in sorted(because[topic])))
            for topic, total in totals.items()
            if total >= LEAST
        ]

    def _heard(self, folded: str) -> dict[_Entry, list[int]]:
        """Where each entry stands in the text, in order; not where it stands inside a longer one of its topic."""
        covered: dict[str, int] = {}
        heard: dict[_Entry, list[int]] = {}
        for start, backwards, pattern in sorted(self._places(folded)):
            for entry in self._entries[pattern]:
                if covered.get(entry.topic, 0) < -backwards:
                    covered[entry.topic] = -backwards
                    heard.setdefault(entry, []).append(start)
        return heard

    def _places(self, folded: str) -> Iterator[tuple[int, int, int]]:
        """(start, -end, pattern) of every whole word or phrase: sorted, longer ones come first."""
        opens, closes, length = self._opens, self._closes, len(folded)
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if opens[pattern] and start and _joins(folded[start - 1]):
                continue
            if closes[pattern] and end < length and _joins(folded[end]):
                continue
            yield start, -end, pattern


def _pattern(language: str, topic: str, spelled: str) -> tuple[str, bool]:
    word = fold(spelled.removesuffix("*"))
    if not word or "*" in word:
        raise ValueError(f"topic words, {language}, {topic}: {spelled!r} is no word or phrase (a final * apart)")
    return word, spelled.endswith("*")


@lru_cache(maxsize=4096)
def _joins(letter: str) -> bool:
    """Whether this letter beside a word makes it part of a longer one."""
    return (letter.isalnum() or unicodedata.category(letter)[0] == "M") and not _UNSPACED.match(letter)
