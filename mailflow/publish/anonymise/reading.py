"""What every detector looks at: the text, cut into words, with the words of its language."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property

from mailflow.core.publication import Identities
from mailflow.publish.anonymise.folding import Folded, fold, folded
from mailflow.publish.anonymise.words import Words

# Vowel signs and the like, which belong to the letter before them.
MARKS = (
    "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u102b-\u103e\u1056-\u1059\u1062-\u1064\u200c\u200d"
)
LETTER = rf"(?:[^\W\d_]|[{MARKS}])"
_ELIDED = r"(?:[ldnmtsjc]|(?:jus|lors|puis|quel|)qu)['’](?=\w)"  # in French a word of its own
_WRAPPED = 45  # characters from which on a line may have been broken because it was full
_WORD_SHAPE = rf"{LETTER}++(?:['’\-‐‑]{LETTER}++)*+\.?|\d++(?:[.,/\-]\d++)*+|&"
_WORD = re.compile(_WORD_SHAPE)
_FRENCH_WORD = re.compile(rf"(?<![^\W\d_])(?i:{_ELIDED})|{_WORD_SHAPE}")
HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HALVES = re.compile("[\ud800-\udfff]")
KATAKANA = "\u30a0-\u30ff"


MOST = 200_000  # characters that are read; nobody's question is so long
_CODED = re.compile(r"[A-Za-z0-9+/=]{60,}+|[!-~]{400,}+")  # an attachment in letters, as no words are


def readable(text: str) -> str:
    """As long as the text, and without what no detector can make sense of: halves of signs, coded attachments."""
    whole = _HALVES.sub("\ufffd", text)
    return _CODED.sub(lambda found: "\ufffd" * len(found[0]), whole)


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    word: str  # with the full stop of an abbreviation
    folded: str  # without it

    @property
    def capital(self) -> bool:
        return self.word[0].isupper()


@dataclass(frozen=True)
class Reading:
    """A text at work."""

    text: str
    language: str
    words: Words
    known: Identities = field(default_factory=Identities)

    @cached_property
    def folded(self) -> Folded:
        return folded(self.text)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(
            Token(found.start(), found.end(), found[0], fold(found[0].removesuffix(".")))
            for found in (_FRENCH_WORD if self.words.language == "fr" else _WORD).finditer(self.text)
        )

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return tuple(token.start for token in self.tokens)

    @cached_property
    def shouting(self) -> bool:
        """Whether it is written in capitals alone, so that they say nothing."""
        upper = sum(sign.isupper() for sign in self.text)
        return upper > 0.6 * sum(sign.isalpha() for sign in self.text)

    def before(self, place: int) -> int:
        """The number of tokens that begin before this place."""
        return bisect_left(self.starts, place)

    def gap(self, first: int, second: int) -> str:
        """What stands between two neighbouring tokens."""
        gap = self.text[self.tokens[first].end : self.tokens[second].start]
        return " " if gap.strip(" \t>") == "\n" and self._wrapped(first) else gap

    def _wrapped(self, number: int) -> bool:
        """Whether the line that ends with this token is so long that it was broken, not ended."""
        end = self.tokens[number].end
        return end - self.text.rfind("\n", max(0, end - 2 * _WRAPPED), end) > _WRAPPED and self.text[end - 1] != "."

    def opens_sentence(self, number: int) -> bool:
        """Whether a token begins the text, a line or a sentence, where a capital says nothing."""
        if number == 0:
            return True
        gap, last = self.gap(number - 1, number), self.tokens[number - 1].word
        ended = last[-1] == "." and self.tokens[number - 1].folded not in self._abbreviations and len(last) > 2  # noqa: PLR2004
        return "\n" in gap or any(sign in gap for sign in '.!?:;。¿¡•«“"') or ended

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        return self.words.set("people", "titles") | self.words.set("common", "abbreviations")
