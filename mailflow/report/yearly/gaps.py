"""Rising topics to which no answer is published: what would be worth writing up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailflow.core.counting import Case
from mailflow.report.yearly.counting import chosen
from mailflow.report.yearly.labels import Labels, resolved
from mailflow.report.yearly.periods import Period, before
from mailflow.report.yearly.settings import Settings


@dataclass(frozen=True, slots=True)
class Gap:
    topic: str
    label: str
    period: int  # questions
    previous: int
    published: int  # answers that stand on its page; fewer than were asked for

    @property
    def rise(self) -> int:
        return self.period - self.previous


def gaps(
    cases: Sequence[Case],
    published: Mapping[str, int],
    settings: Settings,
    labels: Labels,
    since: date,
    until: date,
    language: str,
    *,
    at_least: int = 3,
    enough: int = 1,
) -> tuple[Gap, ...]:
    """Topics with more questions than in the period before, and fewer than `enough` published answers; steepest first.

    `published`: for each topic's id, how many answers stand on its page. `at_least`: fewer questions make no topic
    rise. Topics that the report counts in another's row stand for themselves here. ValueError for no period.
    """
    period = Period(since, until)
    now, then = (_asked(cases, settings, one) for one in (period, before(period)))
    answered = Counter[str]()
    for topic, number in published.items():
        answered[resolved("topic", topic, settings.mappings)] += number
    found = [
        Gap(topic, labels.said("topic", topic, language), number, then[topic], answered[topic])
        for topic, number in now.items()
        if number >= at_least and number > then[topic] and answered[topic] < enough
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.rise, -gap.period, gap.topic)))


def _asked(cases: Sequence[Case], settings: Settings, period: Period) -> Counter[str]:
    return Counter(
        topic
        for case in chosen(cases, settings, period)
        for topic in dict.fromkeys(resolved("topic", code, settings.mappings) for code in case.codes.get("topic", ()))
    )
