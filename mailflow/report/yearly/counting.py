"""Which questions count, and how often each code was named among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mailflow.core.counting import Case
from mailflow.report.yearly.labels import Labels, resolved
from mailflow.report.yearly.periods import Period
from mailflow.report.yearly.settings import Form, Settings

IN_TIME, LATE, UNMEASURED = "in_time", "late", "unmeasured"  # the rows of "promise"
ADMISSIBLE, UNDECIDED, NO_REASON = "admissible", "undecided", "no_reason"  # of "decision", besides the reasons
FIXED: Mapping[str, tuple[str, ...]] = {"promise": (IN_TIME, LATE, UNMEASURED)}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions, and how many of them each row has."""

    questions: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    uncoded: int = 0  # questions that stand in no row
    several: int = 0  # questions that stand in more than one
    extra: int = 0  # by how much they raise the sum of the rows
    strangers: Mapping[str, int] = field(default_factory=dict)  # codes that no list has


def counts(case: Case, settings: Settings) -> bool:
    """Whether it is a question of the report: admissible, and answered where the answer decides the period."""
    if case.admissible is None:
        return settings.undecided == "counted" and case.answered is not None
    return case.admissible


def day_of(case: Case, settings: Settings, day: str = "counted") -> date | None:
    """The day on which a table counts it; None: never, or not yet."""
    if day == "published":
        return case.published if counts(case, settings) else None
    if day == "decided":  # the refused ones have no answer, and are dated by their arrival
        answered = settings.counts == "answered" and case.admissible is not False
        return case.answered if answered else case.opened
    if not counts(case, settings):
        return None
    return case.answered if settings.counts == "answered" else case.opened


def chosen(cases: Iterable[Case], settings: Settings, period: Period, day: str = "counted") -> list[Case]:
    return [case for case in cases if day_of(case, settings, day) in period]


def values(case: Case, form: Form, settings: Settings, labels: Labels) -> tuple[str, ...]:
    """What a question says in a table, each value once."""
    if form.of == "language":
        return (case.language or "und",)
    if form.of == "promise":
        return (UNMEASURED if case.in_time is None else IN_TIME if case.in_time else LATE,)
    if form.of == "decision":
        return (_decision(case, settings),)
    codes = (resolved(form.of, id_, settings.mappings) for id_ in case.codes.get(form.of, ()))
    if form.of in ("topic", "domain"):
        codes = (_row_of_topic(id_, form.of, settings, labels) for id_ in case.codes.get("topic", ()))
    return tuple(dict.fromkeys(code for code in codes if code))


def _decision(case: Case, settings: Settings) -> str:
    if case.admissible is None:
        return ADMISSIBLE if counts(case, settings) else UNDECIDED
    return ADMISSIBLE if case.admissible else case.reason or NO_REASON


def _row_of_topic(id_: str, of: str, settings: Settings, labels: Labels) -> str:
    id_ = resolved("topic", id_, settings.mappings)
    topic = labels.code("topic", id_)
    if of == "domain":
        return resolved("domain", topic.domain, settings.mappings) if topic else id_
    return topic.counts_as or id_ if topic else id_


def rows_of(form: Form, labels: Labels, occurring: Sequence[str]) -> tuple[str, ...]:
    """The ids of its rows in order. Where there is no list, as of languages, those that occur."""
    if form.rows:
        return form.rows
    if form.of in FIXED:
        return FIXED[form.of]
    if form.of == "decision":
        listed = tuple(code.id for code in labels.codes("reason"))
        return (ADMISSIBLE, *listed, *(id_ for id_ in occurring if id_ not in (ADMISSIBLE, *listed)))
    listed = tuple(code.id for code in labels.codes(form.of) if not code.counts_as)
    return listed or tuple(occurring)


def tally(
    cases: Sequence[Case], form: Form, settings: Settings, labels: Labels, period: Period, rows: Sequence[str]
) -> Tally:
    """What a table counts in a period."""
    known = frozenset(rows)
    found = [values(case, form, settings, labels) for case in chosen(cases, settings, period, form.day)]
    inside = [[value for value in one if value in known] for one in found]
    counted = Counter(value for one in inside for value in one)
    return Tally(
        questions=len(found),
        rows={row: counted[row] for row in rows},
        uncoded=sum(not one for one in inside),
        several=sum(len(one) > 1 for one in inside),
        extra=sum(len(one) - 1 for one in inside if one),
        strangers=dict(sorted(Counter(value for one in found for value in one if value not in known).items())),
    )
