"""What if: past questions through changed rules, beside what today's rules make of them. Nothing is written or sent."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailflow import config
from mailflow.core import coding
from mailflow.core.deadlines import working_days_until
from mailflow.core.decide import decide
from mailflow.core.effects import OpenTicket
from mailflow.core.events import MailArrived
from mailflow.core.model import Mail, Requester, Situation, Ticket
from mailflow.core.policy import Policy
from mailflow.mail.language import LanguageDetector
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.parsed import Parsed
from mailflow.mail.understand import Understanding
from mailflow.store import inbox
from mailflow.store.errors import Unreadable

if TYPE_CHECKING:
    from mailflow.config import Desk, InstallationSettings
    from mailflow.engine import Engine


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The desk as it is."""

    home: Path
    settings: InstallationSettings
    desk: Desk
    engine: Engine


@dataclass(frozen=True, slots=True)
class Difference:
    ref: str
    what: str  # queue, with, answer (working days), admissible
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Outcome:
    questions: int
    differences: tuple[Difference, ...]
    load_before: Counter[str]  # questions a person
    load_after: Counter[str]


@dataclass(slots=True)
class _Side:
    """One set of rules, and what it has given to whom so far."""

    policy: Policy
    understanding: Understanding
    load: Counter[str]
    last: dict[str, str]

    def opened(self, parsed: Parsed, now: datetime) -> tuple[Mail, Ticket | None]:
        mail = self.understanding.understand(parsed)
        known = Situation(now, "0000-0001", load=self.load, last_assigned=self.last, requester=Requester("rehearsed"))
        # whoever wrote it then asked a question: that is what is rehearsed
        effects = decide(MailArrived(replace(mail, tokens=())), known, self.policy)
        ticket = next((effect.ticket for effect in effects if isinstance(effect, OpenTicket)), None)
        if ticket and ticket.assignee:
            self.load[ticket.assignee] += 1
            self.last[ticket.queue] = ticket.assignee
        return mail, ticket


def rehearsed(now: Rehearsed, rules: Path, since: datetime | None) -> Outcome:
    """Every question that opened a ticket, oldest first. Raises ConfigError with all that is wrong in the changed rules."""
    sides = [_side(now, now.desk), _side(now, _desk_of(now, rules))]
    differences: list[Difference] = []
    questions = 0
    for ref, at, parsed in _questions(now.engine, since):
        questions += 1
        (mail, before), (changed, after) = (side.opened(parsed, at) for side in sides)
        told = (_told(mail, before, sides[0].policy, at), _told(changed, after, sides[1].policy, at))
        differences += [
            Difference(ref, what, told[0][what], told[1][what]) for what in told[0] if told[0][what] != told[1][what]
        ]
    return Outcome(questions, tuple(differences), sides[0].load, sides[1].load)


def _side(now: Rehearsed, desk: Desk) -> _Side:
    policy = desk.policy
    detector, lexicons = LanguageDetector(policy.languages), Lexicons(desk.words)
    understanding = Understanding(policy.own_addresses, now.settings.auth, detector, lexicons)
    return _Side(policy, understanding, Counter(), {})


def _desk_of(now: Rehearsed, rules: Path) -> Desk:
    """The changed rules beside the installation's own templates."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(rules, home / "rules")
        (home / "templates").symlink_to(now.home / "templates", target_is_directory=True)
        return config.load_policy(home, now.settings)


def _questions(engine: Engine, since: datetime | None) -> Iterator[tuple[str, datetime, Parsed]]:
    for row in inbox.questions(engine.store, since):
        try:
            parsed = engine.reader.read(inbox.raw(engine.store, row.id))
        except Unreadable:  # erased since
            continue
        if isinstance(parsed, Parsed):
            yield row.ticket, row.taken_at, parsed


def _told(mail: Mail, ticket: Ticket | None, policy: Policy, at: datetime) -> Mapping[str, str]:
    """What is compared, as people read it."""
    admissible = coding.admissible(mail, coding.suggestions(mail, policy), policy)
    days = ""
    if ticket and ticket.due:
        calendar = policy.calendar
        days = str(working_days_until(calendar, calendar.day_of(at), calendar.day_of(ticket.due)))
    return {
        "queue": ticket.queue or "coordinators" if ticket else "none",
        "with": (ticket.assignee or ticket.queue or "coordinators") if ticket else "nobody",
        "answer (working days)": days,
        "admissible": {True: "yes", False: "no", None: "unsure"}[admissible],
    }
