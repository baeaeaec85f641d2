"""The figures of a year as a page, and one of its digests as a coordinator got it."""

from __future__ import annotations

import base64
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.year.checks import Year, reminded
from bench.year.letters import Letter
from mailflow.core.effects import Chart
from mailflow.core.model import PartyKind
from mailflow.core.wording import Said
from mailflow.mail import charts

_CID = re.compile(r'src="cid:([^"]{1,200})"')


@dataclass(frozen=True, slots=True)
class Cost:
    """What the rehearsal itself took."""

    seconds: float  # by the clock
    worked: float  # by the processors, the parser's included
    processors: int
    stages: dict[str, float]  # seconds


def role(year: Year, slug: str) -> str:
    """As what somebody of the staff counts: the first of their roles here."""
    roles = year.world.policy.people[slug].roles
    return next(
        name for name in ("coordinator", "supervisor", "expert", "translator", "data_protection") if name in roles
    )


def lines(year: Year) -> list[str]:
    return [*_what_happened(year), "", *_by_role(year), "", *_by_template(year), "", *_by_ticket(year)]


def _what_happened(year: Year) -> list[str]:
    outcomes = Counter(result.outcome.value for result in year.world.results)
    states = Counter(ticket.state.value for ticket in year.books.tickets)
    late = {promise.ticket.ref for promise in year.world.promises if _became_late(year, promise.ticket.ref)}
    told = Counter(line.said.value for _, line, _ in reminded(year))
    absences = sum(event.kind == "away" for event in year.books.events)
    rows = [
        ("questions by mail", len(year.askers)),
        ("tickets", len(year.books.tickets)),
        *((f"of them {state}", number) for state, number in states.most_common()),
        ("of them inadmissible", sum(ticket.admissible is False for ticket in year.books.tickets)),
        ("tickets that were late at some time", len(late)),
        ("mails taken in", len(year.world.results)),
        *((f"of them {outcome}", number) for outcome, number in outcomes.most_common()),
        ("mails sent", len(year.world.left)),
        ("absences that the desk learnt of", absences),
        ("warnings before a deadline", told[Said.DUE_SOON.value] + told[Said.DUE_NOW.value]),
        ("reminders after it", told[Said.OVERDUE.value]),
        ("escalations", told[Said.ESCALATED.value]),
        ("restarts", year.world.restarts),
        ("visits of the clock", year.world.ticks),
    ]
    return _table(("what", "number"), rows)


def _became_late(year: Year, ref: str) -> bool:
    return any(
        promise.ticket.ref == ref
        and promise.ticket.due is not None
        and promise.ticket.due < year.books.now
        and promise.runs_at(promise.ticket.due)
        for promise in year.world.promises
    )


def _by_role(year: Year) -> list[str]:
    """Mails, and the most that one person got on one of their days."""
    mails: Counter[str] = Counter()
    a_day: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for letter in year.world.left:
        to = letter.send.to
        if to.kind is PartyKind.REQUESTER:
            mails["requester"] += 1
            a_day["requester"][to.id, letter.at.date().isoformat()] += 1
            continue
        name = role(year, to.id)
        mails[name] += 1
        a_day[name][to.id, year.world.policy.hours_of(to.id).day_of(letter.at).isoformat()] += 1
    people = Counter(role(year, slug) for slug in year.members)
    people["requester"] = len(year.askers)
    rows = [
        (
            name,
            people[name],
            number,
            f"{number / people[name]:.1f}",
            f"{median(a_day[name].values()):g}",
            max(a_day[name].values()),
        )
        for name, number in mails.most_common()
    ]
    head = ("role", "people", "mails sent to them", "a person", "a person on a day with mail (median)", "and at most")
    return _table(head, rows)


def _by_template(year: Year) -> list[str]:
    sent = Counter(letter.send.template for letter in year.world.left)
    return _table(("template", "mails"), sent.most_common())


def _by_ticket(year: Year) -> list[str]:
    """Mails that each ticket took, of ours; the daily ones concern many at once."""
    staff: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for letter in year.world.left:
        if letter.ref:
            (theirs if letter.send.to.kind is PartyKind.REQUESTER else staff)[letter.ref] += 1
    refs = [ticket.ref for ticket in year.books.tickets]
    rows = [
        (name, f"{median(counts[ref] for ref in refs):g}", max(counts[ref] for ref in refs))
        for name, counts in (("to the requester", theirs), ("to staff", staff))
    ]
    return _table(("mails about one ticket", "median", "at most"), rows)


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> list[str]:
    first, *others = head
    rule = "| --- |" + " ---: |" * len(others)
    return [_row((first, *others)), rule, *map(_row, rows)]


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


# ---------------------------------------------------------------- the page


def page(year: Year, cost: Cost, samples: Iterable[str]) -> str:
    world = year.world
    stages = sorted(cost.stages.items(), key=lambda each: -each[1])
    links = ", ".join(f"[{name}](samples/{name})" for name in samples)
    head = [
        "# A rehearsal year",
        "",
        "Written by `make year`: every figure below was counted by it.",
        "",
        (
            f"From {world.first:%Y-%m-%d} to {world.last:%Y-%m-%d} the shipped desk works with its real engine, store, "
            "parser and templates, on a clock that jumps. Made-up people write to it: questions at the hours and in the "
            "seasons at which people write, thanks, further questions, questions for news, automatic replies, reports "
            "of mail that did not arrive. Experts, translators and reviewers answer, decline, ask back, forget, are ill "
            "or on leave; coordinators route, chase, give to others. Two queues have their answers reviewed. In between "
            f"the desk is stopped and started again {world.restarts} times, and the clock looks twice at the same moment."
        ),
        "",
        "At the end nothing of this was found: a ticket that is forgotten; one that was late, and not escalated, or whose",
        "requester was not told; a reminder told twice, or outside the working hours or days of whom it went to; a digest",
        "missing on a working day, or sent on any other; a name, address or token shown to the other side.",
        "",
    ]
    tail = [
        "",
        "## A digest of that year",
        "",
        f"As a coordinator got it, as HTML and as its plain-text twin: {links}.",
        "",
        "## What it costs",
        "",
        (
            f"{cost.seconds:.0f} s by the clock, {cost.worked:.0f} s of the processors, of which the machine has "
            f"{cost.processors}; aimed at: 90 s. Other work on the machine makes both longer. Of the picture in digests "
            "only some are drawn, and the sample's: each takes as long as ten mails. By the clock:"
        ),
        "",
        *_table(("stage", "seconds"), ((name, f"{seconds:.1f}") for name, seconds in stages)),
    ]
    return "\n".join([*head, "## Figures", "", *lines(year), *tail]) + "\n"


def fullest_digest(year: Year) -> Letter:
    """The one that tells most: long, and with something in each of its sections."""
    found = [letter for letter in year.world.left if letter.send.template == "digest" and letter.send.language == "en"]
    sections = ("late", "soon", "waiting", "review", "shelf", "undelivered", "publications")
    return max(found, key=lambda letter: (sum(bool(letter.send.facts[s]) for s in sections), len(letter.text)))


def write_samples(letter: Letter, folder: Path) -> list[str]:
    """The digest as files, its pictures inside the page, its reply token made unreadable. Returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    token = str(letter.message["Reply-To"]).partition("+")[2].partition("@")[0]
    hidden = "x" * len(token)
    chart = letter.send.facts["chart"]
    drawn = base64.b64encode(charts.draw(chart)).decode() if isinstance(chart, Chart) else ""
    shown = _CID.sub(lambda _: f'src="data:image/png;base64,{drawn}"', letter.body("text/html"))
    name = f"digest-{letter.send.language}"
    for suffix, content in (("html", shown), ("txt", letter.text)):
        (folder / f"{name}.{suffix}").write_text(content.replace(token, hidden) if token else content, "utf-8")
    return [f"{name}.html", f"{name}.txt"]
