"""Which topics a mail speaks of, by the words of rules/topics/ that stand in it (mail/lexicon.py)."""

from __future__ import annotations

from collections.abc import Iterable

from mailflow.core.model import TopicScore
from mailflow.mail.lexicon import Entry, Heard, Place

SUBJECT = 2.0  # how often an entry counts that stands in the subject,
GIVEN = 0.5  # and one that stands only in what was forwarded to us
REPEATS = 0.5  # all repetitions of an entry together add less than this part of its weight
LEAST = 0.01  # a score below this is none; scores are rounded to it


def topic_scores(heard: Iterable[Heard]) -> tuple[TopicScore, ...]:
    """The topics that have a score (it is above 0), the strongest first: each with its best one in any language."""
    best: dict[str, TopicScore] = {}
    for score in sorted((s for one in heard for s in _scores(one)), key=lambda score: (-score.score, score.id)):
        best.setdefault(score.id, score)
    return tuple(best.values())


def _scores(heard: Heard) -> list[TopicScore]:
    """The topics with a score, in no order. Keys of signs have a dot in them; topics have none."""
    totals: dict[str, float] = {}
    because: dict[str, list[tuple[float, str]]] = {}
    for entry, places in heard.entries.items():
        if "." in entry.key or places[0].start >= heard.signature:
            continue
        points = heard.worth * weighed(entry, places, heard)
        totals[entry.key] = totals.get(entry.key, 0.0) + points
        if points > 0:
            because.setdefault(entry.key, []).append((-points, entry.spelled))
    return [
        TopicScore(topic, round(total, 2), tuple(spelled for _, spelled in sorted(because[topic])))
        for topic, total in totals.items()
        if total >= LEAST
    ]


def weighed(entry: Entry, places: list[Place], heard: Heard) -> float:
    """What an entry says in all: where it stands first counts most, repeating it little."""
    first = places[0].start
    once = SUBJECT if first < heard.own else GIVEN if first >= heard.given else 1.0
    return entry.weight * (once + REPEATS * (1 - 0.5 ** (len(places) - 1)))
