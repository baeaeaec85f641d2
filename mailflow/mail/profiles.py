"""How likely a text is in each of some languages, by the letter sequences (n-grams) that langdetect ships of each.

langdetect itself draws its n-grams by lot. Here every n-gram of the text counts once: short texts are decided more
often and more rightly, any process says the same, and it takes less time (docs/quality.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from langdetect.detector_factory import DetectorFactory
from langdetect.utils.ngram import NGram

UNSEEN = 1e-5  # the probability of an n-gram that a language's profile doesn't have
WEIGHT = 0.4  # of an n-gram: it overlaps with others, so they don't speak independently
NEGLIGIBLE = 1e-3  # a probability below this isn't told

Logarithms = tuple[float, ...]  # one for each language


class Profiles:
    """The letter sequences of some languages; `among` are ISO 639-1 codes that langdetect has."""

    def __init__(self, among: tuple[str, ...]) -> None:
        folder = files("langdetect") / "profiles"
        factory = DetectorFactory()  # its cost, and ours, grows with the number of languages: only those that can occur
        factory.load_json_profile([(folder / code).read_text("utf-8") for code in among])
        self._languages = tuple(map(str, factory.langlist))
        self._known: dict[str, list[float]] = factory.word_lang_prob_map
        self._logarithms: dict[str, Logarithms] = {}  # of the n-grams met so far: at most as many as are known

    def probabilities(self, text: str, priors: Mapping[str, float]) -> dict[str, float]:
        """Language -> probability, negligible ones left out; empty when the text has no n-gram that any of them has.

        `priors` tells how likely each language is before the text is read, as multiples of 1.
        """
        rows = [self._logarithms.get(gram) or self._learnt(gram) for gram in _grams(text) if gram in self._known]
        if not rows:
            return {}
        sums = map(sum, zip(*rows, strict=True))
        told = [total + math.log(priors[code]) for code, total in zip(self._languages, sums, strict=True)]
        best = max(told)
        likelihoods = [math.exp(value - best) for value in told]
        whole = sum(likelihoods)
        ranked = zip(self._languages, likelihoods, strict=True)
        return {code: value / whole for code, value in ranked if value / whole > NEGLIGIBLE}

    def _learnt(self, gram: str) -> Logarithms:
        found = tuple(WEIGHT * math.log(probability + UNSEEN) for probability in self._known[gram])
        self._logarithms[gram] = found
        return found


@cache
def profiles(among: tuple[str, ...]) -> Profiles:
    """Loaded once, when first needed."""
    return Profiles(among)


class _Letters(dict[int, str]):
    """For str.translate: each letter as langdetect counts it; what is none becomes a space."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = str(NGram.normalize(chr(code)))
        return letter


_LETTERS = _Letters()


def _grams(text: str) -> Iterator[str]:
    """The sequences of one to three letters, as langdetect counts them: words in capitals and punctuation apart."""
    for word in text.translate(_LETTERS).split():
        if len(word) > 1 and word.isupper():
            continue
        yield from word
        spaced = f" {word} "
        for end in range(2, len(spaced) + 1):
            yield spaced[end - 2 : end]
        for end in range(3, len(spaced) + 1):
            yield spaced[end - 3 : end]
