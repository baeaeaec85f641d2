"""The digest: how the desk stands, for coordinators each working day; for experts, once a week, what they have.

It names tickets by reference and neutral name. Nothing in it tells who asked, and no word of a mail stands in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from math import ceil
from statistics import median

from mailflow.core import mails
from mailflow.core.deadlines import Stage, stage
from mailflow.core.effects import Chart, Effect, Fact, Send
from mailflow.core.model import Board, Figures, Flow, Grant, Role, Situation, State, TaskKind, Ticket, TokenKind, person
from mailflow.core.policy import Policy
from mailflow.core.rounds import Duty, about, duties
from mailflow.core.views import neutral_name
from mailflow.core.wording import Line, Said, line

MOST = 60  # lines of one section
SHORT_ID = 10  # last letters of a mail's id: its first ones tell the moment, which a batch shares


def digests(slug: str, day: date, known: Situation, policy: Policy) -> tuple[Effect, ...]:
    """What this person gets today: coordinators their digest, experts on the week's first working day theirs."""
    member = policy.people[slug]
    if Role.COORDINATOR in member.roles:
        return (letter(slug, f"digest:{day.isoformat()}", known, policy),)
    calendar = policy.hours_of(slug)
    monday = day.toordinal() - day.weekday()
    first = not any(calendar.works_on(date.fromordinal(each)) for each in range(monday, day.toordinal()))
    if (
        first
        and Role.EXPERT in member.roles
        and any(slug in duty.slugs for duty in duties(known.board or Board(), policy))
    ):
        return (letter(slug, f"weekly:{day.isoformat()}", known, policy),)
    return ()


def letter(slug: str, key: str, known: Situation, policy: Policy) -> Send:
    """A digest for this person now: the desk's for those who watch over it, their own for experts."""
    watches = not policy.people[slug].roles.isdisjoint({Role.COORDINATOR, Role.SUPERVISOR})
    facts = _of_desk(slug, known, policy) if watches else _of_person(slug, known, policy)
    grant = Grant(TokenKind.DIGEST, key, person(slug))
    return mails.to_person(slug, "digest" if watches else "weekly", key, policy, grant, "", facts)


def _of_person(slug: str, known: Situation, policy: Policy) -> dict[str, Fact]:
    mine = [duty for duty in duties(known.board or Board(), policy) if slug in duty.slugs]
    return {"lines": _lines(mine, slug, policy), "actions": ("status", "away", "help")}


def _of_desk(slug: str, known: Situation, policy: Policy) -> dict[str, Fact]:
    board = known.board or Board()
    owed = sorted(duties(board, policy), key=lambda duty: duty.due)
    stages = {duty.key: stage(policy.calendar, duty.due, known.now, policy.deadlines.reminders) for duty in owed}
    others = (TaskKind.REVIEW.value, TaskKind.REMINDER.value)
    late = [duty for duty in owed if duty.due < known.now and duty.what not in others]
    soon = [d for d in owed if d.due >= known.now and stages[d.key] is not Stage.QUIET and d.what not in others]
    return {
        "late": _lines(late, slug, policy),
        "soon": _lines(soon, slug, policy),
        "waiting": _tickets((t for t in board.tickets if t.state is State.WAITING), slug, policy, asked=True),
        "review": _lines([duty for duty in owed if duty.what == TaskKind.REVIEW.value], slug, policy),
        "shelf": shelf_lines(board),
        "undelivered": undelivered_lines(board),
        "publications": _tickets((t for t in board.flagged), slug, policy),
        "open": len(board.tickets),
        **_figures(board.figures or Figures()),
        **_shares(board.tickets, board.figures or Figures()),
        "actions": ("status", "find", "new", "away", "help"),
    }


def shelf_lines(board: Board) -> tuple[Line, ...]:
    return tuple(
        Line(item.id[-SHORT_ID:], Said.SHELF_LINE, (("size", str(item.size)),), what=item.reason, when=item.at)
        for item in board.shelf[:MOST]
    )


def undelivered_lines(board: Board) -> tuple[Line, ...]:
    return tuple(Line(sent.ref, Said.UNDELIVERED_LINE, what=sent.template) for sent in board.undelivered[:MOST])


def _lines(owed: Iterable[Duty], slug: str, policy: Policy) -> tuple[Line, ...]:
    return tuple(about(duty, Said.OPEN_DUTY, slug, policy) for duty in owed)[:MOST]


def _tickets(tickets: Iterable[Ticket], slug: str, policy: Policy, *, asked: bool = False) -> tuple[Line, ...]:
    language = policy.language_for(policy.people[slug])
    return tuple(
        Line(
            ticket.ref,
            Said.TICKET_LINE,
            (("name", neutral_name(ticket, policy, language)),),
            when=ticket.asked if asked else ticket.answered,
        )
        for ticket in tickets
    )[:MOST]


def _figures(figures: Figures) -> dict[str, Fact]:
    """In and out, this week against the last four; how soon first answers left, against the promise."""
    this, before = (figures.weeks[0], figures.weeks[1:]) if figures.weeks else (Flow(), ())
    days = sorted(days for _, _, days, _ in figures.first_answers)
    kept = sum(in_time for _, _, _, in_time in figures.first_answers)
    return {
        "opened": this.opened,
        "answered": this.answered,
        "opened_before": _mean([week.opened for week in before]),
        "answered_before": _mean([week.answered for week in before]),
        "median_days": _figure(median(days)) if days else "",
        "late_days": str(days[ceil(0.9 * len(days)) - 1]) if days else "",
        "in_time": str(round(100 * kept / len(days))) if days else "",
        "answers": len(days),
        "chart": Chart(
            "weeks",
            tuple(str(number) for number in range(len(figures.weeks) - 1, -1, -1)),
            (
                tuple(week.opened for week in reversed(figures.weeks)),
                tuple(week.answered for week in reversed(figures.weeks)),
            ),
        )
        if any(week.opened or week.answered for week in figures.weeks)
        else None,
    }


def _shares(tickets: Iterable[Ticket], figures: Figures) -> dict[str, Fact]:
    """By queue and by language: open tickets, most first, and how soon the first answers left lately."""
    listed = list(tickets)
    return {
        "queues": _share((t.queue for t in listed), [(queue, days) for queue, _, days, _ in figures.first_answers]),
        "languages": _share((t.language for t in listed), [(code, days) for _, code, days, _ in figures.first_answers]),
    }


def _share(names: Iterable[str], answers: list[tuple[str, int]]) -> tuple[Line, ...]:
    opened = Counter(names)
    opened.update(dict.fromkeys((name for name, _ in answers), 0))
    lines = []
    for name, number in opened.most_common():
        days = [each for one, each in answers if one == name]
        values = {"number": str(number), **({"days": _figure(median(days))} if days else {})}
        lines.append(line(name, Said.SHARE_DAYS if days else Said.SHARE, values))
    return tuple(lines)


def _mean(numbers: list[int]) -> str:
    return _figure(sum(numbers) / len(numbers)) if numbers else ""


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
