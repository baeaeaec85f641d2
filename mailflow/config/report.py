"""What rules/report.toml may say: the tables of the yearly report, and what was counted before this system."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mailflow.config.declared import Section
from mailflow.config.labels import Label
from mailflow.config.values import Slug, Text

Column = Literal["previous", "period", "change", "share", "mean", "cumulative", "opening"]
Attribute = Literal[
    "user_type", "user_region", "region", "sector", "topic", "domain", "heard_from", "language", "decision", "promise"
]
Count = Annotated[int, Field(ge=0)]
Counts = dict[Slug, Count]


class ReportTableEntry(Section):
    id: Slug = Field(description="What files and other programs call the table. It never changes.")
    of: Attribute = Field(
        description="What of a question it counts: a code of the taxonomy; its `language`; the `decision` whether it is "
        "admissible; whether the `promise` was kept."
    )
    title: Label
    columns: list[Column] = Field(min_length=1, description="Its columns, in order.")
    day: Literal["counted", "decided", "published"] = Field(
        default="counted",
        description="Which questions it counts: those of the report, all that were decided on, or those whose answer "
        "was published in the period.",
    )
    rows: list[Slug] = Field(default=[], description="Its rows, in order; empty: all that the taxonomy has.")
    groups: Literal["", "domain"] = Field(default="", description='"domain": rows stand under the domains of topics.')
    several: bool = Field(default=False, description="A question may name several; the rows may add up to more.")
    unspecified: str = Field(default="", description="The row that says nothing, as `sector_unspecified`.")
    proper: bool = Field(default=False, description="Labels keep their capital inside a sentence.")
    measures: list[Literal["median", "ninth_tenth", "in_time"]] = Field(
        default=[], description="Figures besides the counts: working days, and the share within the promise."
    )
    versions: list[Text] = Field(default=[], description="Editions of the taxonomy for which it holds; empty: all.")


class MappingEntry(Section):
    of: Attribute = Field(description="The list that the codes are of.")
    old: Slug = Field(description="The code that tickets carry.")
    new: Slug = Field(description="The code under which it counts, in the years before, too.")


class StrayEntry(Section):
    id: Slug = Field(description="What files call the row.")
    label: Label
    balance: Count = Field(description="What it had before `as_of`; nothing is ever added.")
    last: Count | None = Field(default=None, description="Of these, in the year before `as_of`.")


class OpeningTableEntry(Section):
    table: Slug = Field(description="The id of a table of this file.")
    balance: Counts = Field(default={}, description="For each row, what it had before `as_of`.")
    last: Counts = Field(default={}, description="For each row, what of these it had in the year before `as_of`.")
    unknown: list[Slug] = Field(default=[], description="Rows whose balance is lost: they get no total.")
    stray: list[StrayEntry] = Field(default=[], description="Rows of former reports that have no code.")
    stated_total: Count | None = Field(default=None, description="The sum that was printed under `balance`.")
    stated_last: Count | None = Field(default=None, description="The sum that was printed under `last`.")


class OpeningSection(Section):
    as_of: date = Field(description="The first day that this system counts itself.")
    total: Count | None = Field(default=None, description="All questions before that day.")
    last_total: Count | None = Field(default=None, description="Of these, in the year before that day.")
    source: dict[str, Text] = Field(default={}, description="Where the figures stand, as a sentence has it.")
    table: list[OpeningTableEntry] = Field(default=[], description="The rows of a table, as they were printed.")


class ClaimEntry(Section):
    label: Label
    stated: float = Field(description="The figure as it was printed; a change is in per cent.")
    parts: list[float] = Field(default=[], description="What it should be the sum of.")
    before: float | None = Field(default=None, description="Or the figure from which it is the change,")
    after: float | None = Field(default=None, description="and the one to which.")


class ReportFile(Section):
    title: Label
    start: date = Field(default=date(2000, 1, 1), description="When the desk began.")
    counts: Literal["answered", "opened"] = Field(
        default="answered", description="A question counts in the period of its first answer, or of its arrival."
    )
    undecided: Literal["counted", "apart"] = Field(
        default="counted", description="Answered questions of which nobody said whether they are admissible."
    )
    fewer_than: Annotated[int, Field(ge=0, le=100)] = Field(
        default=0, description="Figures below this are suppressed, and others that would give them away; 0: none."
    )
    small_base: Annotated[int, Field(ge=0)] = Field(
        default=20, description="No percentage of change is given where the earlier figure is smaller."
    )
    table: list[ReportTableEntry] = Field(min_length=1, description="A table of the report.")
    mapping: list[MappingEntry] = Field(default=[], description="A code that counts as another one today.")
    opening: OpeningSection | None = Field(default=None, description="What was counted before this system.")
    claim: list[ClaimEntry] = Field(default=[], description="Another printed figure that can be worked out again.")
