"""The sentences under the tables: how was counted, what was left out, and what isn't known."""

from __future__ import annotations

from collections.abc import Iterator

from mailflow.report.web.figures import UNKNOWN, Faulty, WebFigures
from mailflow.report.web.tally import PAGES
from mailflow.report.web.words import Words

SPANS = 10  # of faulty lines that are named of a file


def of_counting(figures: WebFigures, words: Words) -> Iterator[str]:
    if figures.origin == "export":
        yield words.say("notes", "export", columns=", ".join(figures.understood))
        if figures.unequal:
            said = (f"{what} / {by}: {words.count(number)}" for what, by, number in figures.unequal)
            yield words.say("notes", "unequal", totals="; ".join(said))
        return
    yield words.say("notes", "visit", minutes=figures.silence)
    yield words.say("notes", "new" if figures.looks_back else "all_new")
    if gaps := [name for name, month in figures.by_month.items() if not month.views]:
        yield words.say("notes", "gaps", months=", ".join(map(words.month, gaps)))


def of_places(figures: WebFigures, words: Words) -> Iterator[str]:
    users = sum(figures.by_country.values())
    if unknown := figures.by_country.get(UNKNOWN, 0):
        yield words.say("notes", "unknown", share=words.percent(100 * unknown / users))
    if figures.strange:
        yield words.say("notes", "strange", names=", ".join(figures.strange))
    if figures.origin == "log":
        yield words.say("notes", "assigned")


def of_pages(figures: WebFigures, words: Words) -> Iterator[str]:
    if figures.more_pages:
        yield words.say("notes", "more_pages", number=words.count(figures.more_pages), kept=words.count(PAGES))


def of_sources(figures: WebFigures, words: Words) -> Iterator[str]:
    if figures.origin == "export":
        return
    if internal := figures.by_source.get("internal", 0):
        yield words.say("notes", "internal", number=words.count(internal))
    if figures.own:
        yield words.say("notes", "guessed" if figures.own_guessed else "own", hosts=", ".join(figures.own))
    else:
        yield words.say("notes", "no_own")


def of_lines(figures: WebFigures, words: Words) -> Iterator[str]:
    views, robots = (figures.lines.get(fate, 0) for fate in ("views", "robots"))
    if robots:
        yield words.say("notes", "robots", share=words.percent(100 * robots / (views + robots)))
    if figures.without_agent:
        yield words.say("notes", "without_agent", number=words.count(figures.without_agent))
    for faulty in figures.faulty:
        yield words.say("notes", "faulty", file=faulty.file, lines=_spans(faulty, words))


def _spans(faulty: Faulty, words: Words) -> str:
    named = faulty.lines[:SPANS]
    spans = [
        words.say("notes", "lines", **{"from": begin, "to": end})
        if end > begin
        else words.say("notes", "line", **{"from": begin})
        for begin, end in named
    ]
    whole = sum(end - begin + 1 for begin, end in named) == faulty.count
    return ", ".join(spans if whole else [*spans, words.say("notes", "and_more")])
