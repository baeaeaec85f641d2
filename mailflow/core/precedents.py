"""Earlier published answers that may help with a new question. Only ever a suggestion, and marked as one."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from mailflow.core.publication import Item

READ = 4_000  # characters of a question that are compared
ENOUGH = 0.12  # a published answer that has less in common is no suggestion
_WORD = re.compile(r"[^\W\d_]{4,40}")
_UNPARTED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]{2,}")  # scripts that don't part words
_STEM = 6  # letters of a word that count: its ending changes


def likely(text: str, language: str, topics: Sequence[str], items: Iterable[Item], most: int) -> tuple[Item, ...]:
    """The published answers nearest to a question, nearest first: of its topics, by the words that few of them share."""
    offered = [item for item in items if not item.withdrawn and not set(topics).isdisjoint(item.topics)]
    if not offered or most < 1:
        return ()
    asked = set(_stems(text[:READ]))
    words = {item.id: set(_stems(f"{item.title}\n{item.question}")) for item in offered}
    shared = Counter(stem for stems in words.values() for stem in stems)
    scores = {item.id: _alike(asked, words[item.id], shared, len(offered)) for item in offered}
    near = [item for item in offered if scores[item.id] >= ENOUGH]
    near.sort(key=lambda item: (item.language != language, -scores[item.id], item.id))
    return tuple(_one_of_each(near))[:most]


def _alike(asked: set[str], told: set[str], shared: Counter[str], number: int) -> float:
    """0 to 1: the cosine of two texts, a word weighing more the fewer answers it stands in."""
    weights = {stem: math.log(1 + number / shared[stem]) for stem in asked | told if stem in shared}
    both = sum(weights[stem] ** 2 for stem in asked & told)
    length = math.sqrt(sum(weights.get(s, 0.0) ** 2 for s in asked) * sum(weights[s] ** 2 for s in told))
    return both / length if length else 0.0


def _stems(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).casefold()
    pairs = (run[at : at + 2] for run in _UNPARTED.findall(plain) for at in range(len(run) - 1))
    return [*(word[:_STEM] for word in _WORD.findall(plain)), *pairs]


def _one_of_each(items: Iterable[Item]) -> Iterable[Item]:
    """Of the same answer in several languages, the first."""
    seen: set[str] = set()
    for item in items:
        if item.group not in seen:
            seen.add(item.group)
            yield item
