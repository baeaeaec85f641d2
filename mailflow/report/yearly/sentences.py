"""The paragraph of each table, written from its figures: what comes first, what rose, what fell, by how much."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailflow.report.yearly.counting import ADMISSIBLE
from mailflow.report.yearly.settings import Form
from mailflow.report.yearly.values import Figure, Measure, Row, Table, Why
from mailflow.report.yearly.words import Words

_LEADING, _MOVED = 3, 3  # how many rows a sentence names
_NOTABLE = 3  # a difference of fewer questions is not spoken of
_ACRONYM = re.compile(r" \([^()a-z]+\)$")  # "Enterprises (EMN)": prose has the words alone


def paragraph(table: Table, words: Words, form: Form, since: str) -> str:
    """Sentences for a person to edit. `since`: the month in which the desk began, in words."""
    if form.of == "promise":
        return " ".join(_time(table, words))
    if form.of == "decision":
        return " ".join(_decisions(table, words))
    if table.total["period"].value == 0:
        return words.say("sentence.none")
    found = _published(table, words) if form.day == "published" else []
    found += [*_leading(table, words), *_unspecified(table, words)]
    found += [*_moves(table, words), *_since(table, words, since)]
    return " ".join(found)


def _codes(table: Table) -> list[Row]:
    return [row for row in table.rows if row.kind == "code" and row.id != table.unspecified]


def _label(row: Row, table: Table) -> str:
    """As it stands inside a sentence: acronyms and names keep their capital."""
    label = _ACRONYM.sub("", row.label)
    first = re.split(r"[ /'’-]", label, maxsplit=1)[0]
    keeps = table.proper or first[1:] != first[1:].lower() or (len(first) == 1 and label[1:2] not in "'’ ")
    return label if keeps else label[:1].lower() + label[1:]


def _largest(rows: Sequence[Row], column: str) -> list[Row]:
    """The rows with the most, in falling order; all that share the last place, or none of them."""
    known = sorted((row for row in rows if row[column].value), key=lambda row: -(row[column].value or 0))
    if len(known) > _LEADING and known[_LEADING][column] == known[_LEADING - 1][column]:
        cut = known[_LEADING][column]
        above = [row for row in known[:_LEADING] if row[column] != cut]
        return above or known[:0]
    return known[:_LEADING]


def _leading(table: Table, words: Words) -> list[str]:
    first = _largest(_codes(table), "period")
    if not first:
        hidden = any(row["period"].why is Why.HIDDEN for row in table.rows)
        unspecified = any(row["period"].value for row in table.rows)
        return [] if unspecified else [words.say("sentence.few" if hidden else "sentence.uncoded")]
    share, label = words.numbers.percent(first[0]["share"].value or 0), _label(first[0], table)
    row = "sentence.row_published" if f"sentence.row_{table.id}" in words.entries else "sentence.row"
    named = words.count(row, first[0]["period"].value or 0, label=label, share=share)
    rest = [
        words.say("sentence.row_next", label=_label(row, table), n=words.numbers.count(row["period"].value or 0))
        for row in first[1:]
    ]
    return [words.say(_key("lead" if rest else "lead_first", table, words), rows=words.listed([named, *rest]))]


def _key(section: str, table: Table, words: Words) -> str:
    """The sentence that a table has of its own, or else the one for all others."""
    own = f"{section}.{table.id}"
    return own if own in words.entries else f"{section}.other"


def _unspecified(table: Table, words: Words) -> list[str]:
    row = next((row for row in table.rows if row.id == table.unspecified), None)
    if row is None or not row["period"].value:
        return []
    share = words.numbers.percent(row["share"].value or 0)
    return [_capital(words.count(_key("unspecified", table, words), row["period"].value, share=share))]


def _moves(table: Table, words: Words) -> list[str]:
    """What rose and what fell since the period before; silence where that is not known."""
    known = [row for row in _codes(table) if row["previous"].known and row["period"].known]
    if not any(row["previous"].value for row in known):
        return []
    by = {row.id: (row["period"].value or 0) - (row["previous"].value or 0) for row in known}
    rose = sorted((row for row in known if by[row.id] >= _NOTABLE), key=lambda row: -by[row.id])
    fell = sorted((row for row in known if by[row.id] <= -_NOTABLE), key=lambda row: by[row.id])
    whole = len(known) == len(_codes(table))  # of hidden figures nothing is said, so "the only one" can't be
    if not rose and not fell:
        return [words.say("sentence.steady")] if whole else []
    said = []
    for key, rows in (("rose", rose), ("fell" if rose else "fell_alone", fell)):
        if rows:
            only = "_one" if len(rows) == 1 and whole and key != "fell_alone" else ""
            said.append(
                words.say(
                    f"sentence.{key}{only}", rows=words.listed([_moved(row, table, words) for row in rows[:_MOVED]])
                )
            )
    return said


def _moved(row: Row, table: Table, words: Words) -> str:
    before, after = (words.numbers.count(row[column].value or 0) for column in ("previous", "period"))
    if row["change"].value is None:  # of too few to speak of per cent
        return words.say("sentence.moved", label=_label(row, table), before=before, after=after)
    percent = words.numbers.percent(row["change"].value, signed=True)
    return words.say("sentence.moved_percent", label=_label(row, table), before=before, after=after, percent=percent)


def _since(table: Table, words: Words, since: str) -> list[str]:
    if "cumulative" not in table.columns:
        return []
    known = [row for row in _codes(table) if row["cumulative"].known]
    first = max(known, key=lambda row: row["cumulative"].value or 0, default=None)
    if first is None or not first["cumulative"].value or len(known) < len(_codes(table)):
        return []  # one that isn't known may come before it
    count = words.numbers.count(first["cumulative"].value)
    return [words.say("sentence.since", start=since, label=_ACRONYM.sub("", first.label), n=count)]


# ---------------------------------------------------------------- tables of another kind


def _time(table: Table, words: Words) -> list[str]:
    found: dict[str, Measure] = {measure.id: measure for measure in table.measures}
    wanted = [found.get(id_) for id_ in ("in_time", "median", "ninth_tenth")]
    if not all(one and one.period.known for one in wanted):
        return [words.say("sentence.few" if table.total["period"].value else "sentence.none")]
    kept, median, ninth = (one.period.value or 0 for one in wanted if one)
    numbers = words.numbers
    promised = sum(table.row(id_)["period"].value or 0 for id_ in ("in_time", "late"))
    days = {"median": numbers.count(median), "ninth_tenth": numbers.count(ninth)}
    said = words.count("sentence.time", promised, percent=numbers.percent(kept), **days)
    before: Figure = found["in_time"].previous
    if before.value is None:
        return [said]
    return [said, words.say("sentence.time_change", percent=numbers.percent(before.value))]


def _decisions(table: Table, words: Words) -> list[str]:
    admissible, total = table.row(ADMISSIBLE)["period"].value, table.total["period"].value
    if not total or admissible is None:
        return [words.say("sentence.none" if total == 0 else "sentence.few")]
    said = [words.count("sentence.admissible", admissible, all=words.numbers.count(total))]
    refused = _largest([row for row in table.rows if row.id not in (ADMISSIBLE, "undecided")], "period")
    if refused:
        named = [f"{_reason(row)} ({words.numbers.count(row['period'].value or 0)})" for row in refused]
        key = "sentence.refused" if len(refused) > 1 else "sentence.refused_one"
        said.append(words.say(key, rows=words.listed(named)))
    return said


def _reason(row: Row) -> str:
    """Of "Inadmissible: a request for money" the reason alone."""
    return re.sub(r"^[^:]*:\s*", "", row.label)


def _published(table: Table, words: Words) -> list[str]:
    count = table.total["period"].value
    said = [words.count("sentence.published", count or 0)]
    before = table.total["previous"].value
    if before is not None:
        said.append(
            words.count("sentence.published_before", before) if before else words.say("sentence.published_none")
        )
    return said


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def summary(key: Sequence[Measure], questions: Row, words: Words, days: tuple[str, str, str]) -> tuple[str, ...]:
    """The first page's paragraphs. `days`: the first and the last of the period, and the month of the beginning."""
    since, until, start = days
    now, before = questions["period"].value or 0, questions["previous"].value
    first = words.count("summary.first", now, since=since, until=until) + _against(
        now, before, questions["change"], words
    )
    rest = []
    if questions["cumulative"].known and questions["mean"].value is not None:
        cumulative = words.numbers.count(questions["cumulative"].value or 0)
        rest.append(
            words.say(
                "summary.since",
                start=start,
                cumulative=cumulative,
                mean=words.numbers.plain(_half(questions["mean"].value)),
            )
        )
    found = {measure.id: measure.period.value for measure in key}
    rest += [
        _capital(words.count(f"summary.{id_}", found[name] or 0))
        for id_, name in (("refused", "inadmissible"), ("published", "published"))
        if found.get(name)
    ]
    return (first, " ".join(rest)) if rest else (first,)


def _half(number: float) -> float:
    """A mean of questions a year, whole where it is large."""
    return float(round(number)) if number >= 10 else number  # noqa: PLR2004


def _against(now: float, before: float | None, change: Figure, words: Words) -> str:
    if before is None:
        return ""
    if now == before:
        return words.say("summary.same")
    key = "more" if now > before else "fewer"
    if change.value is None:
        return words.say(f"summary.{key}_small", before=words.numbers.count(before))
    percent = words.numbers.percent(abs(change.value))
    return words.say(
        f"summary.{key}", n=words.numbers.count(abs(now - before)), before=words.numbers.count(before), percent=percent
    )
