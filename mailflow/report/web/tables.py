"""Figures as the tables of the report, in its language, with last year's beside them where they are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from mailflow.report.web import notes
from mailflow.report.web.figures import FATES, REGIONS, TEN, UNKNOWN, WebFigures, WebTable
from mailflow.report.web.places import region
from mailflow.report.web.words import Words, words

Cell = str | int | float | None
SOURCES = ("search", "social", "site", "direct")  # in the order of the table; what is internal is none
OTHER = "other"  # of an export: neither of them


def as_tables(
    figures: WebFigures,
    language: str,
    previous: WebFigures | None = None,
    templates: Path | None = None,
    topics: Mapping[str, str] = MappingProxyType({}),
) -> tuple[WebTable, ...]:
    """All tables for which there are figures. `templates` is an installation's folder of that name, `topics` the
    topics' names by the word in their pages' addresses.

    A cell is a text, a count (int), a percentage (float), or None where it isn't known. Raises WebTrouble when the
    language has no words.
    """
    maker = _Maker(figures, previous, words(language, templates), topics)
    made = (
        maker.activity(), maker.months(), maker.regions(), maker.countries(), maker.pages(), maker.sources(),
        maker.topics(), maker.languages(), maker.lines(),
    )  # fmt: skip
    return tuple(table for table in made if table.rows)


@dataclass(frozen=True, slots=True)
class _Maker:
    figures: WebFigures
    previous: WebFigures | None
    words: Words
    names: Mapping[str, str]  # of topics

    def activity(self) -> WebTable:
        before = _activity(self.previous) if self.previous else {}
        rows = (
            (self.words.say("activity", key), value, *self._beside(value, before.get(key)))
            for key, value in _activity(self.figures).items()
            if value is not None
        )
        return self._table("activity", ("measure", "number"), rows, notes.of_counting(self.figures, self.words))

    def months(self) -> WebTable:
        rows = (
            (self.words.month(name), each.visits, each.users, each.views)
            for name, each in self.figures.by_month.items()
        )
        return WebTable(
            "months", self.words.say("tables", "months"), self._heads("month", "visits", "users", "views"), tuple(rows)
        )

    def regions(self) -> WebTable:
        keys = REGIONS if self.figures.by_country else ()
        names = {key: self.words.say("regions", key) for key in keys}
        before = _by_region(self.previous.by_country) if self.previous else {}
        said = notes.of_places(self.figures, self.words)
        return self._summed("regions", ("region", "users"), names, _by_region(self.figures.by_country), before, said)

    def countries(self) -> WebTable:
        known = [code for code in self.figures.by_country if code != UNKNOWN]
        names = {code: self.words.country(code) for code in known[:TEN]}
        before = self.previous.by_country if self.previous else {}
        whole = sum(self.figures.by_country.values())
        rows = self._rows(names, self.figures.by_country, before, whole)
        return self._table("countries", ("country", "users", "share"), rows)

    def pages(self) -> WebTable:
        now, before = dict(self.figures.by_page), dict(self.previous.by_page) if self.previous else {}
        rows = self._rows({name: name for name in now}, now, before, self.figures.pages or 0)
        return self._table("pages", ("page", "views", "share"), rows, notes.of_pages(self.figures, self.words))

    def sources(self) -> WebTable:
        other = (OTHER,) if self.figures.by_source.get(OTHER) else ()
        keys = (*SOURCES, *other) if self.figures.by_source else ()
        names = {key: self.words.say("sources", key) for key in keys}
        before = self.previous.by_source if self.previous else {}
        said = notes.of_sources(self.figures, self.words)
        return self._summed("sources", ("source", "visits"), names, self.figures.by_source, before, said)

    def topics(self) -> WebTable:
        names = {
            topic: self.names.get(topic, topic) or self.words.say("words", "none") for topic in self.figures.by_topic
        }
        before = self.previous.by_topic if self.previous else {}
        return self._summed("topics", ("topic", "views"), names, self.figures.by_topic, before)

    def languages(self) -> WebTable:
        none = self.words.say("words", "none")
        names = {tag: self.words.tongue(tag) if tag else none for tag in self.figures.by_language}
        before = self.previous.by_language if self.previous else {}
        return self._summed("languages", ("language", "views"), names, self.figures.by_language, before)

    def lines(self) -> WebTable:
        keys = FATES if self.figures.lines else ()
        names = {str(fate): self.words.say("lines", fate) for fate in keys}
        before = self.previous.lines if self.previous else {}
        said = notes.of_lines(self.figures, self.words)
        return self._summed("lines", ("fate", "number"), names, self.figures.lines, before, said)

    def _summed(
        self,
        name: str,
        head: tuple[str, str],
        names: Mapping[str, str],
        now: Mapping[str, int],
        before: Mapping[str, int],
        said: Iterable[str] = (),
    ) -> WebTable:
        """A row for each name, and a last one for their sum, which is computed here."""
        whole, was = (sum(counts.get(key, 0) for key in names) for counts in (now, before))
        rows = self._rows(names, now, before, whole)
        if rows:
            total = self.words.say("words", "total")
            rows += self._rows({"": total}, {"": whole}, {"": was} if before else {}, whole)
        return self._table(name, (*head, "share"), rows, said)

    def _rows(
        self, names: Mapping[str, str], now: Mapping[str, int], before: Mapping[str, int], whole: int
    ) -> list[tuple[Cell, ...]]:
        return [
            (label, now.get(key, 0), _percent(now.get(key, 0), whole), *self._beside(now.get(key, 0), before.get(key)))
            for key, label in names.items()
        ]

    def _beside(self, value: Cell, before: Cell) -> tuple[Cell, ...]:
        """What it was before, and the change; nothing at all without figures of before."""
        if self.previous is None:
            return ()
        if isinstance(value, int) and isinstance(before, int):
            return before, _percent(value - before, before)
        return before, None

    def _table(
        self, name: str, head: Iterable[str], rows: Iterable[tuple[Cell, ...]], said: Iterable[str] = ()
    ) -> WebTable:
        columns = self._heads(*head)
        if self.previous:
            columns += (
                self.words.say("columns", "previous", period=self.words.period(self.previous)),
                *self._heads("change"),
            )
        return WebTable(name, self.words.say("tables", name), columns, tuple(rows), " ".join(said))

    def _heads(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.words.say("columns", key) for key in keys)


def _activity(figures: WebFigures) -> dict[str, int | float | None]:
    """The rows of the first table, in order. Only where the files reach back can a user be other than new."""
    old_are_known = figures.origin == "export" or figures.looks_back
    return {
        "visits": figures.visits,
        "visits_a_month": figures.visits_a_month,
        "users": figures.users,
        "new_users": _percent(figures.new_users, figures.users) if old_are_known else None,
        "first_visits": _percent(figures.new_users, figures.visits),
        "countries": figures.countries,
        "pages": figures.pages,
    }


def _by_region(by_country: Mapping[str, int]) -> dict[str, int]:
    counted = Counter[str]()
    for code, users in by_country.items():
        counted[region(code)] += users
    return dict(counted)


def _percent(part: int | None, whole: int | None) -> float | None:
    """Two decimals, as the report prints them; None of nothing."""
    return round(100 * part / whole, 2) if part is not None and whole else None
