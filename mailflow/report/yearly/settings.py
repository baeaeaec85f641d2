"""rules/report.toml as values: which tables there are, how they count, and what was counted before this system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar

from mailflow.report.yearly.values import COLUMNS

Labelled = Mapping[str, str]  # language -> words
FIRST = date(2000, 1, 1)
DAYS = ("counted", "decided", "published")
ATTRIBUTES = (
    "user_type", "user_region", "region", "sector", "topic", "domain", "heard_from", "language", "decision", "promise",
)  # fmt: skip
MEASURES = ("median", "ninth_tenth", "in_time")
COUNTS, UNDECIDED = ("answered", "opened"), ("counted", "apart")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Form:
    """A table: a row of data."""

    id: str
    of: str  # what of a question it counts, one of ATTRIBUTES
    title: Labelled
    columns: tuple[str, ...]
    day: str = "counted"
    rows: tuple[str, ...] = ()  # ids, in order; empty: all that the taxonomy has
    groups: str = ""  # "domain": rows stand under the domain of each topic
    several: bool = False  # a question may name several
    unspecified: str = ""
    proper: bool = False
    measures: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()  # of the taxonomy; empty: all


@dataclass(frozen=True, slots=True)
class Mapped:
    """Whatever carries the code `old` counts as `new`."""

    of: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Stray:
    """A row of former reports that has no code: only its balance is carried on."""

    id: str
    label: Labelled
    balance: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class OpeningTable:
    table: str
    balance: Mapping[str, int] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)  # of these, in the year before `as_of`
    unknown: tuple[str, ...] = ()  # rows whose balance is lost
    stray: tuple[Stray, ...] = ()
    stated_total: int | None = None  # as printed under it
    stated_last: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What was counted before the first day of this system, and in the year before it."""

    as_of: date
    total: int | None = None
    last_total: int | None = None
    source: Labelled = field(default_factory=dict)
    tables: tuple[OpeningTable, ...] = ()

    def of(self, table: str) -> OpeningTable | None:
        return next((one for one in self.tables if one.table == table), None)


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a former report that can be worked out: the sum of `parts`, or the change in % between two."""

    label: Labelled
    stated: float
    parts: tuple[float, ...] = ()
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    title: Labelled
    tables: tuple[Form, ...]
    start: date = FIRST
    counts: str = "answered"
    undecided: str = "counted"
    fewer_than: int = 0
    small_base: int = 20
    opening: Opening | None = None
    mappings: tuple[Mapped, ...] = ()
    claims: tuple[Claim, ...] = ()


def settings_of(file: Mapping[str, Any]) -> Settings:
    """The settings that rules/report.toml says: its tables as tomllib reads them, or a checked model of them dumped.

    ValueError, one sentence with the key, when a value is none of those that it may be.
    """
    opening = file.get("opening")
    settings = Settings(
        tables=tuple(_form(entry) for entry in file.get("table", ())),
        opening=_opening(opening) if opening else None,
        mappings=tuple(Mapped(entry["of"], entry["old"], entry["new"]) for entry in file.get("mapping", ())),
        claims=tuple(_made(Claim, entry) for entry in file.get("claim", ())),
        **{
            key: file[key]
            for key in ("title", "start", "counts", "undecided", "fewer_than", "small_base")
            if key in file
        },
    )
    _check(settings)
    return settings


def _form(entry: Mapping[str, Any]) -> Form:
    form = _made(Form, entry)
    where = f'rules/report.toml: table "{form.id}"'
    _one_of(f"{where}: of", (form.of,), ATTRIBUTES)
    _one_of(f"{where}: day", (form.day,), DAYS)
    _one_of(f"{where}: columns", form.columns, COLUMNS)
    _one_of(f"{where}: measures", form.measures, MEASURES)
    _one_of(f"{where}: groups", (form.groups,), ("", "domain"))
    return form


def _opening(entry: Mapping[str, Any]) -> Opening:
    tables = tuple(
        replace(_made(OpeningTable, table), stray=tuple(_made(Stray, one) for one in table.get("stray", ())))
        for table in entry.get("table", ())
    )
    return replace(_made(Opening, {key: value for key, value in entry.items() if key != "table"}), tables=tables)


def _made(kind: type[Value], entry: Mapping[str, Any]) -> Value:
    """A dataclass from the keys that it knows, lists as tuples."""
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    given = {key: value for key, value in entry.items() if key in known}
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()})


def _check(settings: Settings) -> None:
    _one_of("rules/report.toml: counts", (settings.counts,), COUNTS)
    _one_of("rules/report.toml: undecided", (settings.undecided,), UNDECIDED)
    ids = [form.id for form in settings.tables if not form.versions]
    twice = [id_ for id_ in ids if ids.count(id_) > 1]
    if twice:
        raise ValueError(
            f'rules/report.toml: two tables are called "{twice[0]}": give one of them another id, or versions'
        )
    known = {form.id for form in settings.tables}
    for table in settings.opening.tables if settings.opening else ():
        _one_of("rules/report.toml: opening: table", (table.table,), sorted(known))
        _one_of("rules/report.toml: mapping: of", [one.of for one in settings.mappings], ATTRIBUTES)


def _one_of(key: str, given: Sequence[str], allowed: Sequence[str]) -> None:
    for value in given:
        if value not in allowed:
            raise ValueError(f'{key} must be one of {", ".join(filter(None, allowed))}, not "{value}"')
