"""Language and topic of the pages of our own site, whose addresses of answers hold no topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mailflow.report.web import pages

ANSWERS, TOPICS = "q", "topics"  # /<language>/q/<id>/ and /<language>/topics/<topic>/
OTHERS = frozenset({"pages", "countries", "search"})


@dataclass(frozen=True, slots=True)
class Sited:
    """`topics`: for the id of each answer, the first topic that it stands under. A value, so that processes can have it."""

    topics: Mapping[str, str]

    def __call__(self, path: str) -> tuple[str, str]:
        language, kind = pages.place(path)
        name = path.split("/")[3] if path.count("/") > 2 else ""  # noqa: PLR2004  what stands behind the kind
        if kind == ANSWERS:
            return language, self.topics.get(name, "")
        if kind == TOPICS:
            return language, name
        return language, "" if kind in OTHERS else kind
