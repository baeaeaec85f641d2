"""What every table stands on: the period, the years before it, and the figures from before this system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mailflow.core.counting import Case
from mailflow.report.yearly.labels import Labels, resolved
from mailflow.report.yearly.periods import Period, before, months_earlier, windows, years
from mailflow.report.yearly.settings import Form, Mapped, Opening, OpeningTable, Settings
from mailflow.report.yearly.words import Words

_DAY = timedelta(days=1)
_SOME = 3  # months from the beginning to the first question that nobody wonders about
_YEAR = 12  # months: `last` is what was counted in the year before the opening balance


@dataclass(frozen=True, slots=True)
class Ground:
    cases: Sequence[Case]
    settings: Settings
    labels: Labels
    words: Words
    period: Period
    opening: Opening | None  # as it stands before the first question that is counted here

    @property
    def as_of(self) -> date:
        """From this day on questions are counted; what is older is an opening balance."""
        return self.opening.as_of if self.opening else min(self.settings.start, self.period.since)

    @property
    def start(self) -> date:
        return min(self.settings.start, self.period.since)

    @property
    def previous(self) -> Period:
        return before(self.period)

    @property
    def since_opening(self) -> Period:
        return Period(self.as_of, self.period.until)

    @property
    def years(self) -> float:
        """Those of which something is known."""
        whole = years(self.start, self.period.until)
        return whole - sum(years(gap.since, gap.until) for gap in self.gaps)

    @property
    def gaps(self) -> tuple[Period, ...]:
        """When nothing was recorded, though the desk answered: before the first question that is counted here, and in
        the year before. A zero of these times would be none.
        """
        days = [day for case in self.cases for day in (case.opened, case.answered) if day and day >= self.as_of]
        first = min([*days, self.period.since]).replace(day=1) - _DAY  # the day of a question is not to be told
        found = [Period(self.as_of, first)] if months_earlier(first + _DAY, _SOME) > self.as_of else []
        last = self.previous
        long, told = months_earlier(self.period.since, _YEAR) >= last.since, any(last.since in gap for gap in found)
        if last.since >= self.as_of and long and not told and not any(day in last for day in days):
            found.append(last)
        return tuple(found)

    @property
    def past(self) -> tuple[Period, ...]:
        """The period and those before it that this system counts."""
        return windows(self.period, self.as_of)

    def balance(self, form: Form) -> Mapping[str, int] | None:
        """Rows with what they had before `as_of`; None when nobody knows."""
        if self.opening is None:
            return {}
        table = self.opening.of(form.id)
        return table.balance if table else {} if self.opening.as_of <= self.start else None

    def total_before(self, form: Form) -> int | None:
        """All questions before `as_of`; None when nobody knows, as for tables that the former reports didn't have."""
        if self.opening is None:
            return 0
        return None if self.balance(form) is None else self.opening.total

    def last(self, form: Form) -> OpeningTable | None:
        """The figures of the former report, where the period before this one is theirs."""
        if self.opening is None or self.previous != Period(
            months_earlier(self.opening.as_of, _YEAR), before(Period(self.opening.as_of, self.opening.as_of)).until
        ):
            return None
        table = self.opening.of(form.id)
        return table if table and table.last else None

    def counts_previous(self) -> bool:
        """Whether the period before is this system's to count."""
        if any(day in self.previous for case in self.cases for day in (case.answered, case.opened)):
            return True
        return self.previous.since >= self.as_of and not any(self.previous.until in gap for gap in self.gaps)


def ground(cases: Sequence[Case], settings: Settings, labels: Labels, words: Words, period: Period) -> Ground:
    """ValueError when the period begins before what the opening balance can be led back to."""
    forms = tuple(form for form in settings.tables if not form.versions or labels.version in form.versions)
    settings = replace(settings, tables=forms)
    opening = _mapped(settings.opening, settings.mappings) if settings.opening else None
    if opening and period.since < opening.as_of:
        opening = _earlier(opening, period)
    return Ground(cases, settings, labels, words, period, opening)


def _earlier(opening: Opening, period: Period) -> Opening:
    """The balance a year before: what that year counted is taken off again. Stray rows keep theirs."""
    year_before = months_earlier(opening.as_of, _YEAR)
    if period.since < year_before or opening.last_total is None:
        raise ValueError(
            f"the opening balances in rules/report.toml are those before {opening.as_of}: "
            f"no report can begin before {year_before if opening.last_total is not None else opening.as_of}"
        )
    tables = tuple(
        replace(one, balance={row: value - one.last.get(row, 0) for row, value in one.balance.items()}, last={})
        for one in opening.tables
    )
    total = None if opening.total is None else opening.total - opening.last_total
    return replace(opening, as_of=year_before, total=total, last_total=None, tables=tables)


def _mapped(opening: Opening, mappings: Sequence[Mapped]) -> Opening:
    """Its rows under the codes of today."""
    ofs = {one.of for one in mappings}
    return replace(opening, tables=tuple(_table_mapped(one, ofs, mappings) for one in opening.tables))


def _table_mapped(table: OpeningTable, ofs: set[str], mappings: Sequence[Mapped]) -> OpeningTable:
    def today(id_: str) -> str:
        return next((new for of in sorted(ofs) if (new := resolved(of, id_, mappings)) != id_), id_)

    def summed(rows: Mapping[str, int]) -> dict[str, int]:
        found: dict[str, int] = {}
        for row, value in rows.items():
            found[today(row)] = found.get(today(row), 0) + value
        return found

    unknown = tuple(today(row) for row in table.unknown)
    return replace(table, balance=summed(table.balance), last=summed(table.last), unknown=unknown)
