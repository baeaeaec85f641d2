"""The yearly report: `year` makes it of cases and settings. Pure: the same in, the same out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from mailflow.core.counting import Case
from mailflow.report.yearly import measures, reconciliation, sentences
from mailflow.report.yearly.ground import Ground, ground
from mailflow.report.yearly.labels import Labels
from mailflow.report.yearly.periods import Period
from mailflow.report.yearly.settings import Form, Settings
from mailflow.report.yearly.tables import Counted, counted, foot, rows
from mailflow.report.yearly.values import Chapter, Finding, Measure, Report, Row, Table
from mailflow.report.yearly.words import Words


def year(
    cases: Sequence[Case],
    settings: Settings,
    labels: Labels,
    words: Words,
    since: date,
    until: date,
    *,
    chapters: Sequence[Chapter] = (),
    made: date | None = None,
) -> Report:
    """The report of `since` to `until`, both included, in the language of `words`.

    `cases`: all tickets that there ever were, not those of the period alone. `made`: the day printed on it.
    ValueError, one sentence, when the period is none or lies before the opening balances, or report.toml asks for
    what can't be.
    """
    base = ground(cases, settings, labels, words, Period(since, until))
    built = _built(base)
    tables = tuple(table for table, _ in built)
    questions = measures.questions_row(tables, base)
    key = measures.key_figures(tables, questions, base) if questions else ()
    numbers = words.numbers
    return Report(
        language=words.language,
        title=settings.title.get(words.language) or settings.title.get("en", ""),
        since=since,
        until=until,
        period=words.say("heading.period", since=numbers.day(since), until=numbers.day(until)),
        taxonomy=labels.version,
        key=key,
        summary=_summary(key, questions, base) if questions else (),
        method=tuple(_method(base)),
        tables=tables,
        findings=tuple(_findings(built, base, settings)),
        chapters=tuple(sorted(chapters, key=lambda chapter: (chapter.order, chapter.slug))),
        made=made,
        words=_sayings(words, base, made),
    )


def _summary(key: Sequence[Measure], questions: Row, base: Ground) -> tuple[str, ...]:
    numbers, period = base.words.numbers, base.period
    days = (numbers.day(period.since), numbers.day(period.until), numbers.month(base.start))
    return (*sentences.summary(key, questions, base.words, days), *reconciliation.unrecorded(base))


def _built(base: Ground) -> list[tuple[Table, Counted]]:
    """Every table that has rows; those of lists in which nothing was ever recorded are left out."""
    filled = [(form, one) for form in base.settings.tables if (one := counted(form, base)).ids]
    return [(_table(number, form, one, base), one) for number, (form, one) in enumerate(filled, 1)]


def _table(number: int, form: Form, one: Counted, base: Ground) -> Table:
    words = base.words
    above = rows(one, base)
    table = Table(
        id=form.id,
        number=number,
        title=form.title.get(words.language) or form.title.get("en", form.id),
        columns=form.columns,
        heads=_heads(base),
        rows=above,
        foot=foot(one, above, base),
        measures=measures.measured(form, one, base),
        notes=tuple(_notes(one, above, base)),
        proper=form.proper or (form.of == "language" and words.numbers.language_name("en")[:1].isupper()),
        unspecified=form.unspecified,
    )
    start = words.numbers.month(base.start)
    return replace(table, paragraph=sentences.paragraph(table, words, form, start))


def _heads(base: Ground) -> Mapping[str, str]:
    words, numbers = base.words, base.words.numbers
    start, day = numbers.month(base.start), numbers.day(base.as_of)

    def span(column: str, period: Period) -> str:
        ends = (numbers.month(period.since, short=True), numbers.month(period.until, short=True))
        return words.say(f"column.{column}", since=ends[0], until=ends[1])

    return {
        "previous": span("previous", base.previous),
        "period": span("period", base.period),
        "change": words.say("column.change"),
        "share": words.say("column.share"),
        "mean": words.say("column.mean", start=start),
        "cumulative": words.say("column.cumulative", start=start),
        "opening": words.say("column.opening", day=day),
    }


def _notes(one: Counted, above: Sequence[Row], base: Ground) -> list[str]:
    """How the rows of a table lead to its questions, and what of it isn't known."""
    words, tally, form = base.words, one.period, one.form
    open_ = not one.veils["period"].foot
    found = []
    if tally.uncoded and open_:
        found.append(words.count("note.uncoded", tally.uncoded))
    if tally.several and open_:
        found.append(words.count("note.several", tally.several, sum=words.numbers.count(sum(tally.rows.values()))))
    elif form.several:
        found.append(words.say("note.may_several"))
    if form.of == "topic" and any(code.counts_as for code in base.labels.codes("topic")):
        found.append(words.say("note.routed"))
    if "cumulative" in form.columns:
        found += _former(above, form, base)
    return [sentence[:1].upper() + sentence[1:] for sentence in found]


def _former(above: Sequence[Row], form: Form, base: Ground) -> list[str]:
    words = base.words
    strays = [words.say("note.stray", label=row.label) for row in above if row.kind == "stray"]
    table = base.opening.of(form.id) if base.opening else None
    lost = [row.label for row in above if table and row.id in table.unknown]
    if not lost:
        return strays
    quoted = words.listed([words.say("note.quoted", label=label) for label in lost])
    return [*strays, words.say("note.unknown", day=words.numbers.day(base.as_of), labels=quoted)]


def _method(base: Ground) -> list[str]:
    """The rules by which it was counted, as they stand in the settings."""
    words, settings, numbers = base.words, base.settings, base.words.numbers
    said = [words.say(f"method.{settings.counts}"), words.say("method.admissible")]
    undecided = reconciliation.undecided(base)
    if undecided:
        said.append(words.count(f"method.undecided_{settings.undecided}", undecided))
    waiting = measures.waiting(base.cases, base)
    if waiting:
        said.append(words.count("method.waiting", waiting))
    said.append(words.say("method.totals"))
    if base.opening:
        source = base.opening.source.get(words.language) or base.opening.source.get("en", "")
        said.append(words.say("method.opening", day=numbers.day(base.opening.as_of), source=source))
    said.append(words.say("method.small", n=numbers.count(settings.small_base)))
    if settings.fewer_than:
        said.append(words.say("method.hidden", n=numbers.count(settings.fewer_than)))
    if settings.mappings:
        said.append(words.count("method.mapping", len(settings.mappings)))
    return [sentence[:1].upper() + sentence[1:] for sentence in said]


def _findings(built: Sequence[tuple[Table, Counted]], base: Ground, settings: Settings) -> list[Finding]:
    """Of the period first, then of the former figures, as they were printed."""
    words, found = base.words, list[Finding]()
    for table, one in built:
        found += reconciliation.of_period(one, table, words, settings.fewer_than)
    found += [
        _left_out(form, words) for form in base.settings.tables if form.id not in {table.id for table, _ in built}
    ]
    found += [Finding("unrecorded", "", text) for text in reconciliation.unrecorded(base)]
    for table, one in built:
        found += reconciliation.of_opening(one, table, base)
    forms = {form.id: form for form in base.settings.tables}
    found += reconciliation.of_former_report(settings.opening, forms, words)
    found += reconciliation.of_claims(settings.claims, settings.opening, words)
    return found


def _left_out(form: Form, words: Words) -> Finding:
    title = form.title.get(words.language) or form.title.get("en", form.id)
    return Finding("left_out", form.id, words.say("finding.left_out", title=title))


def _sayings(words: Words, base: Ground, made: date | None) -> dict[str, str]:
    """Headings, and what stands where a figure isn't given: the formats need no other words."""
    said = {
        f"{section}_{key}": value
        for section in ("heading", "why", "difference", "chart")
        for key, value in words.section(section).items()
    }
    said["heading_fits"] = words.say("finding.fits")
    said["taxonomy"] = words.say("heading.taxonomy", version=base.labels.version)
    said["made"] = words.say("heading.made", day=words.numbers.day(made)) if made else ""
    return said
