"""What doesn't add up: in the figures counted here, and in those that former reports printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mailflow.report.yearly.counting import chosen, counts
from mailflow.report.yearly.ground import Ground
from mailflow.report.yearly.settings import Claim, Form, Opening, OpeningTable
from mailflow.report.yearly.tables import Counted
from mailflow.report.yearly.values import Finding, Table, Why
from mailflow.report.yearly.words import Words


def of_period(one: Counted, table: Table, words: Words, fewer_than: int) -> Iterator[Finding]:
    """Questions of the period in no row or in several, and codes that nobody knows."""
    tally, total = one.period, one.period.questions
    hidden = one.veils["period"].foot
    if tally.uncoded and not hidden:
        yield Finding(
            "uncoded",
            table.id,
            _capital(words.count("finding.uncoded", tally.uncoded, title=table.title)),
            total,
            total - tally.uncoded,
            "period",
        )
    if tally.several and not hidden:
        found = sum(tally.rows.values())
        text = words.count(
            "finding.several",
            tally.several,
            title=table.title,
            sum=words.numbers.count(found),
            total=words.numbers.count(total),
        )
        yield Finding("several", table.id, text, total, found, "period")
    for code, number in tally.strangers.items():
        text = words.say("finding.stranger", title=table.title, code=code)
        yield Finding("stranger", table.id, text, None, None if number < fewer_than else number, "period")


def of_opening(one: Counted, table: Table, ground: Ground) -> Iterator[Finding]:
    """How far the rows of the total since the beginning are from the questions, because of the former figures."""
    words, numbers = ground.words, ground.words.numbers
    former = ground.opening.of(table.id) if ground.opening else None
    for code, number in (former.balance if former else {}).items():
        if code not in one.ids and number:
            text = words.say("finding.opening_stranger", title=table.title, code=code, n=numbers.count(number))
            yield Finding("stranger", table.id, text, None, number, "balance")
    gap = next((row["cumulative"].value for row in table.foot if row.id == "opening_gap"), None)
    if gap and "cumulative" in table.columns:
        start, day, total = numbers.month(ground.start), numbers.day(ground.as_of), table.total["cumulative"].value or 0
        text = words.say("finding.gap", title=table.title, start=start, day=day, n=numbers.count(abs(gap)))
        yield Finding("gap", table.id, text, total, total - gap, "cumulative")


def unrecorded(ground: Ground) -> Iterator[str]:
    """The times of which nothing is known, in a sentence each."""
    words, numbers = ground.words, ground.words.numbers
    for gap in ground.gaps:
        days = {"since": numbers.day(gap.since), "until": numbers.day(gap.until)}
        yield words.say("finding.unrecorded", **days, start=numbers.month(ground.start))


def of_former_report(opening: Opening | None, forms: Mapping[str, Form], words: Words) -> Iterator[Finding]:
    """Whether the former report's own tables add up."""
    for table in opening.tables if opening else ():
        if opening is None or table.table not in forms:
            continue
        last = table.stated_last if table.stated_last is not None else opening.last_total
        whole = table.stated_total if table.stated_total is not None else opening.total
        yield from _checked(table, forms[table.table], "last", last, opening, words)
        yield from _checked(table, forms[table.table], "balance", whole, opening, words)


def _checked(
    table: OpeningTable, form: Form, of: str, stated: int | None, opening: Opening, words: Words
) -> Iterator[Finding]:
    rows = table.last if of == "last" else table.balance
    strays = [(stray, stray.last or 0 if of == "last" else stray.balance) for stray in table.stray]
    found = sum(rows.values()) + sum(value for _, value in strays)
    if stated is None or not rows or found == stated:
        return
    numbers, language = words.numbers, words.language
    title = form.title.get(language) or form.title["en"]
    where = words.say(f"finding.of_{of}", source=opening.source.get(language) or opening.source.get("en", ""))
    if of == "balance" and table.unknown:
        yield Finding(
            "unknown", table.table, words.say("finding.opening_unknown", title=title, of=where), stated, None, of
        )
        return
    key = "opening_less" if found < stated else "opening_more_several" if form.several else "opening_more"
    text = words.say(
        f"finding.{key}",
        title=title,
        of=where,
        sum=numbers.count(found),
        n=numbers.count(abs(found - stated)),
        total=numbers.count(stated),
    )
    for stray, value in strays:
        label = stray.label.get(language) or stray.label.get("en", stray.id)
        text += " " + words.say("finding.stray_explains", label=label, sum=numbers.count(found - value))
    yield Finding("rows", table.table, text, stated, found, of)


def of_claims(claims: tuple[Claim, ...], opening: Opening | None, words: Words) -> Iterator[Finding]:
    """Whether other printed figures are what their parts give."""
    source = (opening.source.get(words.language) or opening.source.get("en", "")) if opening else ""
    for claim in claims:
        label = claim.label.get(words.language) or claim.label.get("en", "")
        if claim.parts:
            finding = _sum(claim, label, source, words)
        elif claim.before and claim.after is not None:
            finding = _change(claim, label, source, words)
        else:
            raise ValueError(f'rules/report.toml: claim "{label}" needs either parts, or before and after')
        if finding:
            yield finding


def _sum(claim: Claim, label: str, source: str, words: Words) -> Finding | None:
    found, numbers = sum(claim.parts), words.numbers
    if found == claim.stated:
        return None
    stated, added, away = (numbers.plain(one) for one in (claim.stated, found, abs(found - claim.stated)))
    text = words.say("finding.claim_sum", source=source, label=label, stated=stated, found=added, n=away)
    return Finding("claim", "", text, claim.stated, found)


def _change(claim: Claim, label: str, source: str, words: Words) -> Finding | None:
    before, after, numbers = claim.before or 1, claim.after or 0, words.numbers
    found = (after - before) / before * 100
    if abs(found - claim.stated) < 0.05:  # noqa: PLR2004  the same with one digit behind the point
        return None
    stated = f"{numbers.plain(claim.stated)}{numbers.percent_sign}"
    worked_out = numbers.percent(found, signed=True)
    text = words.say(
        "finding.claim_change",
        source=source,
        label=label,
        stated=stated,
        before=numbers.plain(before),
        after=numbers.plain(after),
        found=worked_out,
    )
    return Finding("claim", "", text, claim.stated, found)


def undecided(ground: Ground) -> int:
    """Answered in the period, and nobody said whether it was admissible."""
    if ground.settings.undecided == "counted":
        return sum(case.admissible is None for case in chosen(ground.cases, ground.settings, ground.period))
    return sum(
        case.admissible is None and not counts(case, ground.settings) and case.answered in ground.period
        for case in ground.cases
    )


def hides(table: Table) -> bool:
    return any(figure.why is Why.HIDDEN for row in table.rows for figure in row.figures.values())


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
