"""The yearly report as a value: figures, rows, tables and sentences. Every format is made from it and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

COLUMNS = ("previous", "period", "change", "share", "mean", "cumulative", "opening")
COUNTS = ("previous", "period", "cumulative", "opening")  # whole numbers of questions
PERCENT = ("change", "share")


class Why(StrEnum):
    """Why a figure isn't given."""

    KNOWN = ""
    HIDDEN = "hidden"  # suppressed: few questions stand behind it, or it would give such a figure away
    UNKNOWN = "unknown"  # nobody knows it: it is older than this system, and was lost
    SMALL = "small"  # a percentage of too few
    NONE = "none"  # there is no such figure


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or the reason why there is none. Percentages are in per cent: -12.7."""

    value: float | None = None
    why: Why = Why.KNOWN

    @property
    def known(self) -> bool:
        return self.value is not None


HIDDEN, UNKNOWN, SMALL, NONE = (Figure(None, why) for why in (Why.HIDDEN, Why.UNKNOWN, Why.SMALL, Why.NONE))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. `figures` has every column of COLUMNS, those that the table doesn't show, too."""

    id: str
    label: str
    figures: Mapping[str, Figure]
    kind: str = "code"  # code; group: a heading with the sum of its rows; stray: only a balance of former years
    group: str = ""  # the heading that it stands under

    def __getitem__(self, column: str) -> Figure:
        return self.figures[column]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that isn't a count of questions: working days ("days"), or per cent ("percent")."""

    id: str
    label: str
    unit: str
    period: Figure
    previous: Figure


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, and how they lead to the number of questions: sum of the rows, plus uncoded, less counted twice."""

    id: str
    number: int
    title: str
    columns: tuple[str, ...]  # those shown, in order
    heads: Mapping[str, str]  # what stands above them
    rows: tuple[Row, ...]
    foot: tuple[Row, ...]  # sum, uncoded, several, opening_gap, and at last questions
    measures: tuple[Measure, ...] = ()
    paragraph: str = ""  # written from the figures, to be edited by a person
    notes: tuple[str, ...] = ()  # how it is counted, and what of it doesn't add up
    proper: bool = False  # labels keep their capital inside a sentence
    unspecified: str = ""  # the row that says nothing

    @property
    def total(self) -> Row:
        return self.foot[-1]

    @property
    def shown_foot(self) -> tuple[Row, ...]:
        """Without lines in which nothing stands; the sum alone would repeat the questions."""
        columns = [column for column in self.columns if column in COUNTS]
        told = [row for row in self.foot[:-1] if any(row[c].value or row[c].why is Why.HIDDEN for c in columns)]
        return (*(told if len(told) > 1 else ()), self.total)

    def row(self, id_: str) -> Row:
        """LookupError when it has none of that id, neither above nor in its foot."""
        found = [row for row in (*self.rows, *self.foot) if row.id == id_]
        if not found:
            raise LookupError(f"table {self.id} has no row {id_}")
        return found[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that doesn't add up, as one sentence and as figures."""

    kind: str  # rows, claim, uncoded, several, stranger, unrecorded, ...
    table: str  # an id; "" where it concerns none
    text: str
    stated: float | None = None
    found: float | None = None
    of: str = ""  # period, last, balance, cumulative


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that isn't what was handed in any more. None: not given."""

    table: str
    row: str
    column: str  # of the report handed in
    before: float | None
    now: float | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter that people wrote, as Markdown. Those of an order below 50 stand before the tables."""

    order: int
    slug: str
    title: str
    body: str  # without its title


@dataclass(frozen=True, slots=True)
class Report:
    language: str
    title: str
    since: date
    until: date
    period: str  # both days in words
    taxonomy: str  # its version
    key: tuple[Measure, ...]  # unit "questions", "days" or "percent"
    summary: tuple[str, ...]  # paragraphs
    method: tuple[str, ...]  # how it was counted, a sentence each
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    chapters: tuple[Chapter, ...] = ()
    differences: tuple[Difference, ...] = ()
    made: date | None = None
    words: Mapping[str, str] = field(default_factory=dict)  # headings and the like, for the formats

    def table(self, id_: str) -> Table:
        """LookupError when the report has no such table."""
        found = [table for table in self.tables if table.id == id_]
        if not found:
            raise LookupError(f"the report has no table {id_}")
        return found[0]
