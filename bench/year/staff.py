"""Those who work at the desk: when they read their mail, what they do about it, and what they forget."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from bench.year import letters, texts
from bench.year.askers import Asker
from bench.year.leaves import Leave
from bench.year.letters import Author, Letter
from bench.year.world import A_DAY, World, YearError
from mailflow.core.deadlines import Calendar, next_opening
from mailflow.core.effects import Passage
from mailflow.core.model import Role
from mailflow.core.policy import Assignment, Person
from mailflow.core.wording import Line, Said

WORKING_HOURS = 9.0  # of a day
LONG = 400  # days within which somebody must be there again
WORK = ("question", "assignment", "more", "translated")  # what asks for an answer
TASKS = ("contribution", "translation", "review")


@dataclass(frozen=True, slots=True)
class Habits:
    """Of one person. Likelihoods, and working days."""

    days: float = 3.0  # until they answer, about
    forgets: float = 0.1  # a question, until somebody reminds them
    declines: float = 0.05
    asks: float = 0.09  # the asker for something
    consults: float = 0.05
    heeds: float = 0.75  # a reminder
    stops: float = 0.02  # an answer of theirs, to write it anew
    curt: float = 0.02  # writes so few words that the desk asks back
    rejects: float = 0.15  # a draft that they read
    corrects: float = 0.12
    publishes: float = 0.05


USUAL = Habits()
SLOW = Habits(days=8.0, forgets=0.2, heeds=0.4)
SWIFT = Habits(days=1.5, forgets=0.03, declines=0.02, heeds=0.95)
OF = {"amir": SLOW, "tomas": SLOW, "lucia": SWIFT, "mei": SWIFT, "linh": SWIFT}  # the others are as people are


@dataclass(eq=False)
class Member:
    """A member of staff with a mail program, and a memory for what lies in it."""

    world: World
    slug: str
    subjects: dict[str, Asker]  # by address: what a question is about, for whoever reads it
    colleagues: dict[str, Member]
    leaves: list[Leave] = field(default_factory=list)
    chance: random.Random = field(init=False)
    habits: Habits = field(init=False)
    open: dict[str, Letter] = field(default_factory=dict)  # by reference: what is still to be answered
    owed: dict[str, Letter] = field(default_factory=dict)  # by the task: a contribution, translation or review
    planned: set[str] = field(default_factory=set)  # what they mean to turn to, at a moment that they chose
    told_away: set[date] = field(default_factory=set)  # absences of which their program has told the desk
    refused: list[tuple[str, str]] = field(default_factory=list)  # what the desk said to commands that it refused

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.world.seed}:{self.slug}")
        self.habits = OF.get(self.slug, USUAL)
        for leave in self.leaves:
            if leave.announced:
                day = leave.first - A_DAY * self.chance.randint(4, 10)
                self.world.at(self.when(0.5, datetime.combine(day, time(6), UTC)), partial(self._announces, leave))

    @property
    def member(self) -> Person:
        return self.world.policy.people[self.slug]

    @property
    def calendar(self) -> Calendar:
        return self.world.policy.hours_of(self.slug)

    @property
    def coordinates(self) -> bool:
        return Role.COORDINATOR in self.member.roles

    @property
    def author(self) -> Author:
        return Author(self.member.name, self.member.addresses[0])

    # ------------------------------------------------------------ time

    def leave_on(self, day: date) -> Leave | None:
        return next((leave for leave in self.leaves if leave.first <= day <= leave.last), None)

    def when(self, hours: float, since: datetime | None = None) -> datetime:
        """After so many hours of work, on days on which they are there."""
        moment, left = self._there(since or self.world.now), timedelta(hours=hours)
        while True:
            closing = self.calendar.closing(self.calendar.day_of(moment))
            if moment + left < closing:
                return moment + left
            left -= closing - moment
            moment = self._there(closing)

    def _there(self, when: datetime) -> datetime:
        for _ in range(LONG):
            when = next_opening(self.calendar, when)
            leave = self.leave_on(self.calendar.day_of(when))
            if leave is None:
                return when
            when = self.calendar.opening(leave.last + A_DAY)
        raise YearError(f"{self.slug} never comes back")

    def _later(self, days: float, act: Callable[[], None]) -> None:
        """After about so many working days."""
        hours = max(0.3, days * WORKING_HOURS * self.chance.lognormvariate(0, 0.6))
        self.world.at(self.when(hours), act)

    def _does(self, likely: float) -> bool:
        return self.chance.random() < likely

    # ------------------------------------------------------------ their mail

    def gets(self, letter: Letter) -> None:
        leave = self.leave_on(self.calendar.day_of(self.world.now))
        if leave and not leave.announced and leave.first not in self.told_away:
            self.told_away.add(leave.first)
            self.world.at(self.world.now + timedelta(minutes=1), partial(self._program_answers, letter, leave))
        habit = getattr(self, f"_{letter.send.template}", None)
        if habit:
            habit(letter)

    def _writes(self, letter: Letter, text: str) -> None:
        self.world.takes_in(letters.reply(self.author, letter, text, self.world.now))

    def _signed(self, text: str) -> str:
        return f"{text}\n\n{self.member.name}"

    def _announces(self, leave: Leave) -> None:
        deputy = f" deputy {leave.deputy}" if leave.deputy else ""
        text = f"#away {leave.first.isoformat()}..{leave.last.isoformat()}{deputy}"
        self.world.takes_in(letters.new(self.author, "My holidays", text, self.world.now))

    def _program_answers(self, letter: Letter, leave: Leave) -> None:
        last = f"{leave.last.day} {leave.last:%B %Y}"
        text = f"I am out of the office until {last} and do not read my mail."
        self.world.takes_in(letters.automatic(self.author, letter, text, self.world.now))

    # ------------------------------------------------------------ questions to answer

    def _question(self, letter: Letter) -> None:
        self.open[letter.ref] = letter
        if self._does(self.habits.forgets):
            return
        queue = self.world.policy.queues.get(str(letter.send.facts["queue"]))
        if queue and queue.assignment is Assignment.EVERYONE:
            self._plans(letter.ref, 0.6, self._takes)
        else:
            self._plans(letter.ref, self.habits.days, self._turns_to)

    def _assignment(self, letter: Letter) -> None:
        self.open[letter.ref] = letter
        if not self._does(self.habits.forgets):
            self._plans(letter.ref, self.habits.days, partial(self._turns_to, straight=True))

    _translated = _assignment
    _more = _assignment

    def _plans(self, ref: str, days: float, act: Callable[[str], None]) -> None:
        if ref not in self.planned:
            self.planned.add(ref)
            self._later(days, partial(self._begins, ref, act))

    def _begins(self, ref: str, act: Callable[[str], None]) -> None:
        self.planned.discard(ref)
        if ref in self.open:
            act(ref)

    def _takes(self, ref: str) -> None:
        self._writes(self.open[ref], "#take")
        self._plans(ref, self.habits.days, self._turns_to)

    def _turns_to(self, ref: str, *, straight: bool = False) -> None:
        """They read it, and answer it, give it back, ask the asker, or ask a colleague first."""
        letter, chance = self.open[ref], self.chance.random()
        doubts = (0.0, 0.0, 0.0) if straight else (self.habits.declines, self.habits.asks, self.habits.consults)
        if chance < doubts[0]:
            del self.open[ref]
            self._writes(letter, "#decline This is not my field.")
        elif chance < sum(doubts[:2]):
            details = self._does(0.5)
            self._writes(letter, "#ask details" if details else f"#ask\n{self._signed(texts.EXPLAINED)}")
        elif chance < sum(doubts):
            others = [slug for slug, other in self.colleagues.items() if other.answers and slug != self.slug]
            self._writes(letter, f"#consult {self.chance.choice(others)} by 4 days\nWhat do you think?")
            self._plans(ref, self.habits.days, partial(self._turns_to, straight=True))
        else:
            self._answers(letter)

    def _answers(self, letter: Letter) -> None:
        self.open.pop(letter.ref, None)
        if self._does(self.habits.curt):
            self._writes(letter, "Yes, in general.")
            return
        self._writes(letter, self._signed(texts.answer(self._language_for(letter), self.chance)))

    def _language_for(self, letter: Letter) -> str:
        asked = str(letter.send.facts.get("language", ""))
        return asked if asked in self.member.writes else self.member.writes[0]

    @property
    def answers(self) -> bool:
        return Role.EXPERT in self.member.roles

    def _leaving(self, letter: Letter) -> None:
        held = letter.send.facts["held"]
        if held in ("short", "greets_colleague", "draft"):
            self._later(0.2, partial(self._writes, letter, "#send"))
        elif not held and self._does(self.habits.stops):
            self.world.at(self.world.now + timedelta(minutes=4), partial(self._thinks_again, letter))
        elif self._does(self.habits.publishes):
            self._later(1, partial(self._writes, letter, "#publish"))

    def _thinks_again(self, letter: Letter) -> None:
        self._writes(letter, "#stop")
        text = self._signed(texts.answer(self._language_for(letter), self.chance))
        if letter.send.facts["template"] == "answer":
            self._later(0.5, partial(self._writes, letter, text))

    def _reviewed(self, letter: Letter) -> None:
        if letter.send.facts["verdict"] == "rejected":
            self.open[letter.ref] = letter
            self._plans(letter.ref, 1, partial(self._turns_to, straight=True))

    # ------------------------------------------------------------ what they owe others

    def _contribution(self, letter: Letter) -> None:
        self._will_do(letter, self.habits.days * 0.7)

    def _translation(self, letter: Letter) -> None:
        self._will_do(letter, self.habits.days * 0.5)

    def _review(self, letter: Letter) -> None:
        self._will_do(letter, self.habits.days * 0.3)

    def _will_do(self, letter: Letter, days: float) -> None:
        task = letter.send.grant.subject if letter.send.grant else ""
        self.owed[task] = letter
        if not self._does(self.habits.forgets):
            self._later(days, partial(self._does_task, task))

    def _does_task(self, task: str) -> None:
        letter = self.owed.pop(task, None)
        if letter is None:
            return
        if letter.send.template == "review":
            self._judges(letter)
        elif self._does(self.habits.declines):
            self._writes(letter, "#decline I have no time for it this week.")
        elif letter.send.template == "translation":
            self._writes(letter, texts.answer(str(letter.send.facts["target"]), self.chance))
        else:
            self._writes(letter, self._signed(texts.answer("en", self.chance)))

    def _judges(self, letter: Letter) -> None:
        chance, draft = self.chance.random(), letter.send.facts["answer"]
        if chance < self.habits.rejects:
            self._writes(letter, "#reject Please name the convention.")
        elif chance < self.habits.rejects + self.habits.corrects and isinstance(draft, Passage):
            self._writes(letter, f"{draft.text}\n\n{texts.answer(letter.send.language, self.chance)}")
        else:
            self._writes(letter, self.chance.choice(("OK", "#approve", "D'accord.", "de acuerdo")))

    # ------------------------------------------------------------ reminders

    def _reminder(self, letter: Letter) -> None:
        for line in lines_of(letter, "lines"):
            if line.said is Said.ESCALATED:
                self._hears_of(letter, line)
            elif self._does(self.habits.heeds):
                self._hurries(line.command)

    def _hurries(self, ref: str) -> None:
        """They turn to all that they still owe that ticket, within a day."""
        if ref in self.open:
            self._later(0.3, partial(self._begins, ref, partial(self._turns_to, straight=True)))
        for task, letter in self.owed.items():
            if letter.ref == ref:
                self._later(0.3, partial(self._does_task, task))

    def is_chased(self, ref: str) -> None:
        """A coordinator or supervisor telephones."""
        if ref in self.open or any(letter.ref == ref for letter in self.owed.values()):
            self._hurries(ref)

    def _hears_of(self, letter: Letter, line: Line) -> None:
        """A supervisor asks whoever has it, or the coordinators."""
        del letter
        self._later(0.3, partial(self._chases, line.command))

    def _chases(self, ref: str) -> None:
        for other in self.colleagues.values():
            other.is_chased(ref)

    # ------------------------------------------------------------ what the desk makes of their mail

    def _transcript(self, letter: Letter) -> None:
        for line in lines_of(letter, "lines"):
            if not line.done and line.said is not Said.NOTHING_DONE:
                self.refused.append((line.command.partition(" ")[0], line.said.value))
                if line.said in (Said.TAKEN, Said.NOT_YOURS):
                    self.open.pop(letter.ref, None)

    def _held(self, letter: Letter) -> None:
        self.open.pop(str(letter.send.facts["seems"]), None)


def lines_of(letter: Letter, fact: str) -> tuple[Line, ...]:
    found = letter.send.facts.get(fact) or ()
    return tuple(line for line in found if isinstance(line, Line)) if isinstance(found, tuple) else ()
