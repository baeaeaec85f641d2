"""A table from its form: rows with all their columns, and the way from their sum to the number of questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailflow.report.yearly.counting import ADMISSIBLE, UNDECIDED, Tally, chosen, rows_of, tally, values
from mailflow.report.yearly.ground import Ground
from mailflow.report.yearly.hiding import Hidden, hidden, together
from mailflow.report.yearly.periods import Period
from mailflow.report.yearly.settings import Form, OpeningTable
from mailflow.report.yearly.values import COLUMNS, COUNTS, HIDDEN, NONE, SMALL, UNKNOWN, Figure, Row

_TOTALS = {"counted": "questions", "decided": "decided", "published": "answers"}


@dataclass(frozen=True, slots=True)
class Counted:
    """The columns of one table before they are written down."""

    form: Form
    ids: tuple[str, ...]
    period: Tally
    since: Tally  # since the opening balance
    previous: Tally | None  # None: nobody knows
    veils: Mapping[str, Hidden]  # column -> what is hidden of it


def counted(form: Form, ground: Ground) -> Counted:
    ids = _ids(form, ground)

    def of(period: Period) -> Tally:
        return tally(ground.cases, form, ground.settings, ground.labels, period, ids)

    last = ground.last(form)
    previous = _of_report(last, ground, ids) if last else of(ground.previous) if ground.counts_previous() else None
    now, since = of(ground.period), of(ground.since_opening)
    least = ground.settings.fewer_than
    veils = {
        "period": _veil(form, now, least),
        "previous": _veil(form, previous, least) if previous and not last else Hidden(),  # printed before
        "cumulative": together(_veil(form, of(one), least) for one in ground.past) if least else Hidden(),
    }
    return Counted(form, ids, now, since, previous, veils)


def _ids(form: Form, ground: Ground) -> tuple[str, ...]:
    """All that ever occurred, where there is no list: which rows there are must not tell what a year had."""
    since = Period(min(ground.as_of, ground.previous.since), ground.period.until)
    occurring = {
        value
        for case in chosen(ground.cases, ground.settings, since, form.day)
        for value in values(case, form, ground.settings, ground.labels)
    }
    return rows_of(
        form, ground.labels, sorted(occurring, key=lambda id_: (id_ == form.unspecified, label_of(form, id_, ground)))
    )


def _of_report(table: OpeningTable, ground: Ground, ids: tuple[str, ...]) -> Tally:
    """What the former report printed for its period; its rows need not add up."""
    total = ground.opening.last_total if ground.opening else None
    return Tally(total or 0, {row: table.last.get(row, 0) for row in ids})


def _veil(form: Form, column: Tally, fewer_than: int) -> Hidden:
    """Of decisions, two rows are told elsewhere in the report, and so can't hide another one."""
    told = (ADMISSIBLE, UNDECIDED) if form.of == "decision" else ()
    return hidden({row: value for row, value in column.rows.items() if row not in told}, fewer_than)


# ---------------------------------------------------------------- rows


def rows(one: Counted, ground: Ground) -> tuple[Row, ...]:
    """Its rows in order, each group below its heading, then the rows without a code."""
    plain = [_row(one, ground, id_) for id_ in one.ids]
    if one.form.groups:
        plain = list(_grouped(plain, ground, one))
    return (*plain, *_strays(one.form, ground))


def _row(one: Counted, ground: Ground, id_: str) -> Row:
    opening = _balance(one.form, ground, id_)
    figures = {
        "period": Figure(one.period.rows[id_]),
        "previous": Figure(one.previous.rows[id_]) if one.previous else UNKNOWN,
        "opening": opening,
        "cumulative": _plus(opening, one.since.rows[id_]),
    }
    hide = {column for column, veil in one.veils.items() if id_ in veil.rows}
    return Row(id_, label_of(one.form, id_, ground), _derived(figures, hide, one, ground))


def _balance(form: Form, ground: Ground, id_: str) -> Figure:
    balance = ground.balance(form)
    table = ground.opening.of(form.id) if ground.opening else None
    if balance is None or (table and id_ in table.unknown):
        return UNKNOWN
    return Figure(balance.get(id_, 0))


def _derived(counts: Mapping[str, Figure], hide: Iterable[str], one: Counted, ground: Ground) -> dict[str, Figure]:
    """Counts with what is hidden of them, and the columns that follow."""
    figures = {column: HIDDEN if column in hide and counts[column].known else counts[column] for column in COUNTS}
    questions = one.period.questions
    figures["change"] = change(figures["previous"], figures["period"], ground.settings.small_base)
    figures["share"] = _times(figures["period"], 100 / questions) if questions else NONE
    if _total_is_hidden(one, "period"):  # a share would tell it
        figures["share"] = HIDDEN
    figures["mean"] = _times(figures["cumulative"], 1 / ground.years)
    return {column: figures[column] for column in COLUMNS}


def change(before: Figure, now: Figure, small_base: int) -> Figure:
    """In per cent of `before`; no figure of too few."""
    if before.value is None or now.value is None:
        return next(one for one in (before, now) if one.value is None)
    if not before.value or before.value < small_base:
        return SMALL if before.value or now.value else NONE
    return Figure((now.value - before.value) / before.value * 100)


def _times(figure: Figure, factor: float) -> Figure:
    return figure if figure.value is None else Figure(figure.value * factor)


def _plus(*figures: Figure | float) -> Figure:
    """Their sum: hidden when one is, unknown when one is."""
    parts = [one if isinstance(one, Figure) else Figure(one) for one in figures]
    for lacking in (HIDDEN, UNKNOWN, NONE):
        if lacking in parts:
            return lacking
    return Figure(sum(part.value or 0 for part in parts))


def _grouped(plain: list[Row], ground: Ground, one: Counted) -> Iterable[Row]:
    domain_of = {topic.id: topic.domain for topic in ground.labels.codes("topic")}
    for domain in ground.labels.codes("domain"):
        inside = [row for row in plain if domain_of.get(row.id) == domain.id]
        if inside:
            sums = {column: _plus(*(row[column] for row in inside)) for column in COUNTS}
            label = domain.said(ground.words.language)
            yield Row(domain.id, label, _derived(sums, (), one, ground), kind="group")
            yield from (Row(row.id, row.label, row.figures, group=domain.id) for row in inside)
    yield from (row for row in plain if not domain_of.get(row.id))


def _strays(form: Form, ground: Ground) -> Iterable[Row]:
    table = ground.opening.of(form.id) if ground.opening else None
    last = ground.last(form)
    for stray in table.stray if table else ():
        figures = dict.fromkeys(COLUMNS, NONE)
        figures |= {"opening": Figure(stray.balance), "cumulative": Figure(stray.balance)}
        if last and stray.last is not None:
            figures["previous"] = Figure(stray.last)
        label = stray.label.get(ground.words.language) or stray.label.get("en") or stray.id
        yield Row(stray.id, label, figures, kind="stray")


def label_of(form: Form, id_: str, ground: Ground) -> str:
    words, language = ground.words, ground.words.language
    if form.of in ("promise", "decision"):
        reason = ground.labels.code("reason", id_) if form.of == "decision" else None
        if reason:
            return words.say("row.inadmissible", reason=_in_sentence(reason.said(language)))
        known = f"row.{id_}" in words.entries
        return words.say(f"row.{id_}") if known else words.say("row.inadmissible", reason=id_)
    if form.of == "language":
        return words.say("row.und") if id_ == "und" else _capital(words.numbers.language_name(id_) or id_)
    return ground.labels.said(form.of, id_, language)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _in_sentence(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


# ---------------------------------------------------------------- the foot


def foot(one: Counted, above: tuple[Row, ...], ground: Ground) -> tuple[Row, ...]:
    """From the sum of the rows to the questions."""
    plain = [row for row in above if row.kind != "group"]
    columns = {column: _column(column, one, plain, ground) for column in COUNTS}
    day = ground.words.numbers.day(ground.as_of)
    lines = []
    for id_ in ("sum", "uncoded", "several", "opening_gap"):
        figures = {column: columns[column][id_] if column in COUNTS else NONE for column in COLUMNS}
        lines.append(Row(id_, ground.words.say(f"foot.{id_}", day=day), figures, kind="foot"))
    questions = {column: values_["questions"] for column, values_ in columns.items()}
    label = ground.words.say(f"foot.{_TOTALS[one.form.day]}")
    return (*lines, Row("questions", label, _derived(questions, (), one, ground), kind="foot"))


def _column(column: str, one: Counted, plain: list[Row], ground: Ground) -> dict[str, Figure]:
    """Sum + uncoded - several + opening_gap = questions."""
    before = ground.total_before(one.form)
    start = UNKNOWN if before is None else Figure(before)
    tallies = {"period": one.period, "previous": one.previous, "cumulative": one.since, "opening": Tally()}
    found = tallies[column]
    total = _plus(start, one.since.questions) if column == "cumulative" else start if column == "opening" else None
    if total is None:
        total = Figure(found.questions) if found else UNKNOWN
    veil = one.veils.get(column, Hidden())
    counted_ = sum(found.rows.values()) if found else 0
    sums = _summed(column, one, plain, counted_)
    values_ = {
        "sum": sums,
        "uncoded": Figure(found.uncoded) if found else UNKNOWN,
        "several": Figure(found.extra) if found else UNKNOWN,
    }
    if veil.foot:
        values_ = dict.fromkeys(values_, HIDDEN)
    if _total_is_hidden(one, column):
        total = HIDDEN
    values_["opening_gap"] = _gap(column, values_, total)
    return {**values_, "questions": total}


def _total_is_hidden(one: Counted, column: str) -> bool:
    """Of decisions, where all reasons are hidden: every question has one, so that their sum would tell too much."""
    return one.form.of == "decision" and one.veils.get(column, Hidden()).foot


def _summed(column: str, one: Counted, plain: list[Row], counted_: int) -> Figure:
    """The sum of a column. That of hidden figures is no secret: it follows from the questions."""
    if column in ("period", "previous"):
        strays = [row[column] for row in plain if row.kind == "stray" and row[column].known]
        return _plus(counted_, *strays) if column == "period" or one.previous else UNKNOWN
    balances = _plus(*(row["opening"] for row in plain))
    return balances if column == "opening" else _plus(balances, counted_)


def _gap(column: str, values_: Mapping[str, Figure], total: Figure) -> Figure:
    if column == "period":
        return NONE
    parts = [values_[id_] for id_ in ("sum", "uncoded", "several")]
    if total.value is None or any(part.value is None for part in parts):
        return next(one for one in (total, *parts) if one.value is None)
    sums, uncoded, several = (part.value or 0 for part in parts)
    return Figure(total.value - sums - uncoded + several)
