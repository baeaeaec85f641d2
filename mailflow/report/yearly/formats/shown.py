"""How a figure is written in the report's language: the same in every format."""

from __future__ import annotations

from dataclasses import dataclass

from mailflow.report.yearly.numbers import Numbers
from mailflow.report.yearly.values import Figure, Finding, Measure, Report, Row, Table, Why

_OF_PERIOD = ("uncoded", "several", "stranger", "left_out")


@dataclass(frozen=True, slots=True)
class Shown:
    """A report with the writing of its numbers."""

    report: Report

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.report.language)

    def cell(self, figure: Figure, column: str) -> str:
        if figure.value is None:
            return self.report.words.get(f"why_{figure.why}", "")
        if column in ("change", "share"):
            return self.numbers.percent(figure.value, signed=column == "change")
        return self.numbers.decimal(figure.value) if column == "mean" else self.numbers.count(figure.value)

    def meaning(self, figure: Figure) -> str:
        """What the sign in place of a number stands for; "" for a number."""
        return self.report.words.get(f"why_{figure.why}_said", "") if figure.value is None else ""

    def measure(self, one: Measure, figure: Figure) -> str:
        if figure.value is None:
            return self.report.words.get(f"why_{figure.why}", "")
        if one.unit == "percent":
            return self.numbers.percent(figure.value, signed=one.id == "change")
        return self.numbers.plain(figure.value if figure.value < 10 else round(figure.value))  # noqa: PLR2004

    @property
    def of_period(self) -> tuple[Finding, ...]:
        """What doesn't add up in the questions counted."""
        return tuple(one for one in self.report.findings if one.kind in _OF_PERIOD)

    @property
    def of_former(self) -> tuple[Finding, ...]:
        """What doesn't add up in the figures of former reports."""
        return tuple(one for one in self.report.findings if one.kind not in _OF_PERIOD)

    def caption(self, table: Table) -> str:
        return f"{self.numbered('table', table.number)}. {table.title}"

    def numbered(self, word: str, number: int) -> str:
        return self.report.words[f"heading_{word}"].replace("{number}", str(number))

    def signs(self, table: Table) -> str:
        """What the signs in place of numbers stand for, of those that occur in it: "n/a: not known; ..."."""
        figures = [row[column] for row in (*table.rows, *table.shown_foot) for column in table.columns]
        figures += [figure for one in table.measures for figure in (one.period, one.previous)]
        found = {figure.why for figure in figures if figure.value is None and figure.why is not Why.NONE}
        words, colon = self.report.words, "\N{NO-BREAK SPACE}: " if self.report.language == "fr" else ": "
        return "; ".join(f"{words[f'why_{why}']}{colon}{words[f'why_{why}_said']}" for why in sorted(found)).replace(
            "; ", "\N{NARROW NO-BREAK SPACE}; " if self.report.language == "fr" else "; "
        )


def grouped(table: Table) -> list[list[Row]]:
    """The rows, a list for each heading with what stands below it."""
    found: list[list[Row]] = []
    for row in table.rows:
        heading = found[-1][0] if found else None
        above = heading.id if heading and heading.kind == "group" else ""
        if heading and row.kind != "group" and row.group == above:
            found[-1].append(row)
        else:
            found.append([row])
    return found
