"""Figures that aren't counts: how long answers took, and the key figures on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from mailflow.core.counting import Case
from mailflow.report.yearly.counting import ADMISSIBLE, IN_TIME, LATE, chosen
from mailflow.report.yearly.ground import Ground
from mailflow.report.yearly.periods import Period
from mailflow.report.yearly.settings import Form
from mailflow.report.yearly.tables import Counted
from mailflow.report.yearly.values import HIDDEN, NONE, UNKNOWN, Figure, Measure, Row, Table

_TENTHS = {"median": 5, "ninth_tenth": 9}


def measured(form: Form, one: Counted, ground: Ground) -> tuple[Measure, ...]:
    """The measures that a form asks for, for the period and the one before."""
    return tuple(_measure(id_, one, ground) for id_ in form.measures)


def _measure(id_: str, one: Counted, ground: Ground) -> Measure:
    label, unit = ground.words.say(f"measure.{id_}"), "percent" if id_ == "in_time" else "days"
    found = {}
    for column, period in (("period", ground.period), ("previous", ground.previous)):
        if column == "previous" and one.previous is None:
            found[column] = UNKNOWN
        else:
            found[column] = _kept(one, column) if id_ == "in_time" else _days(id_, ground, period)
    return Measure(id_, label, unit, found["period"], found["previous"])


def _kept(one: Counted, column: str) -> Figure:
    """The share of answers within the promise, of those for which one was recorded."""
    tally = one.period if column == "period" else one.previous
    if tally is None:
        return UNKNOWN
    if one.veils[column].rows & {IN_TIME, LATE}:
        return HIDDEN
    kept, late = (tally.rows.get(id_, 0) for id_ in (IN_TIME, LATE))
    return Figure(kept / (kept + late) * 100) if kept + late else NONE


def _days(id_: str, ground: Ground, period: Period) -> Figure:
    days = [case.days for case in chosen(ground.cases, ground.settings, period) if case.days is not None]
    if len(days) < ground.settings.fewer_than:
        return HIDDEN if days else NONE
    return tenths(days, _TENTHS[id_])


def tenths(days: Sequence[int], count: int) -> Figure:
    """The least number of working days within which so many tenths of the answers left."""
    if not days:
        return NONE
    return Figure(sorted(days)[max(ceil(len(days) * count / 10), 1) - 1])


# ---------------------------------------------------------------- the first page


def key_figures(tables: Sequence[Table], questions: Row, ground: Ground) -> tuple[Measure, ...]:
    """What stands on the first page, without those of which nothing is known."""
    numbers, words = ground.words.numbers, ground.words
    start = numbers.month(ground.start)
    found = [
        Measure("questions", words.say("measure.questions"), "questions", questions["period"], questions["previous"]),
        Measure("change", words.say("measure.change"), "percent", questions["change"], NONE),
        Measure("cumulative", words.say("measure.cumulative", start=start), "questions", questions["cumulative"], NONE),
        Measure("mean", words.say("measure.mean", start=start), "questions", questions["mean"], NONE),
        *_of_tables(tables, ground),
    ]
    return tuple(one for one in found if one.period.known)


def _of_tables(tables: Sequence[Table], ground: Ground) -> list[Measure]:
    found = [measure for table in tables for measure in table.measures if measure.id == "in_time"]
    forms = {form.id: form for form in ground.settings.tables}
    for table in tables:
        form, total = forms[table.id], table.total
        if form.of == "decision":
            found.append(_refused(table, ground))
        if form.day == "published":
            label = ground.words.say("measure.published")
            found.append(Measure("published", label, "questions", total["period"], total["previous"]))
    return found


def _refused(table: Table, ground: Ground) -> Measure:
    """All that were decided on, less the admissible ones."""
    admissible, total = table.row(ADMISSIBLE), table.total
    values = {}
    for column in ("period", "previous"):
        all_, good = total[column], admissible[column]
        lacking = next((one for one in (all_, good) if not one.known), None)
        values[column] = lacking or Figure((all_.value or 0) - (good.value or 0))
    return Measure(
        "inadmissible", ground.words.say("measure.inadmissible"), "questions", values["period"], values["previous"]
    )


def questions_row(tables: Sequence[Table], ground: Ground) -> Row | None:
    """The total of the first table that counts questions and knows of former years, if any does."""
    forms = {form.id: form for form in ground.settings.tables}
    counting = [table for table in tables if forms[table.id].day == "counted"]
    best = [table for table in counting if table.total["cumulative"].known] or counting
    return best[0].total if best else None


def waiting(cases: Sequence[Case], ground: Ground) -> int:
    """Questions that arrived by the end of the period, and will be counted when they are answered."""
    if ground.settings.counts == "opened":
        return 0
    until = ground.period.until
    return sum(
        case.admissible is not False and case.opened <= until and (case.answered is None or case.answered > until)
        for case in cases
    )
