"""One rehearsal from its first day to its last: everybody is there, the clock runs, and the books are read."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from unittest import mock

from bench.year import letters, texts
from bench.year.askers import population
from bench.year.books import read
from bench.year.checks import Year
from bench.year.coordinators import Coordinator, team
from bench.year.letters import Author, Letter
from bench.year.staff import Member
from bench.year.world import World
from mailflow.core.deadlines import next_opening
from mailflow.core.effects import Chart
from mailflow.mail import charts

CALLS = 6  # questions by telephone, in a year
ADVERTISEMENTS = 25
RESTARTS = 3
DEAD = 3  # askers of a hundred whose address does not exist; of every other one the desk's own server knows
DAYS = 365
PICTURES = 16


def rehearsed(
    home: Path, first: datetime, days: int, questions: int, seed: int = 2026, shares: Mapping[str, int] = texts.SHARES
) -> Year:
    """Raises YearError on the way. The world is closed when it is over; `checks.wrong` says what is not as it must be.

    `shares`: how many of the questions come in each language, against the others.
    """
    with mock.patch.object(charts, "draw", sparing(charts.draw)):
        world = World(home, first, first + timedelta(days=days), seed)
        return _rehearsed(world, days, questions, shares)


def _rehearsed(world: World, days: int, questions: int, shares: Mapping[str, int]) -> Year:
    try:
        askers = population(world, questions, shares)
        members = team(world, askers)
        chance = random.Random(world.seed + 3)
        _unreachable(world, [asker.address for asker in askers], chance)
        _calls(world, members, max(1, CALLS * days // DAYS), chance)
        _noise(world, max(2, ADVERTISEMENTS * days // DAYS), chance)
        for number in range(1, RESTARTS + 1):
            world.at(_opening(world, world.first + timedelta(days=days) * number / (RESTARTS + 1)), world.restart)
        world.run()
        return Year(world, read(world.engine.store, world.now), askers, members)
    finally:
        world.close()


def sparing(draw: Callable[[Chart], bytes]) -> Callable[[Chart], bytes]:
    """One picture of so many is drawn, and stands in the others' place: each takes as long as ten mails."""
    drawn: list[bytes] = []
    numbers = count()

    def drawn_now_and_then(chart: Chart) -> bytes:
        if next(numbers) % PICTURES == 0:
            drawn[:] = [draw(chart)]
        return drawn[0]

    return drawn_now_and_then


def _opening(world: World, when: datetime) -> datetime:
    """Just when the coordinators' day opens: where a daemon that forgets would tell them twice."""
    return next_opening(world.policy.hours_of(world.policy.coordinators[0]), when + timedelta(days=1))


def _calls(world: World, members: dict[str, Member], number: int, chance: random.Random) -> None:
    watching = [member for member in members.values() if isinstance(member, Coordinator)]
    for _ in range(number):
        member = chance.choice(watching)
        world.at(member.when(1, _some_time(world, chance)), member.enters_a_question)


def _some_time(world: World, chance: random.Random) -> datetime:
    return world.first + (world.last - world.first) * chance.random() * 0.95


def _noise(world: World, number: int, chance: random.Random) -> None:
    """Advertisements, and programs that answer what nobody wrote."""
    for place in range(number):
        author = Author("News", f"news{place}@shop.example")
        text = "Twenty per cent off all safety gloves, only this week.\n" * 5
        world.at(_some_time(world, chance), partial(_advertises, world, author, text))


def _advertises(world: World, author: Author, text: str) -> None:
    world.takes_in(letters.new(author, "This week only", text, world.now, letters.BULK))


def _unreachable(world: World, addresses: list[str], chance: random.Random) -> None:
    """Some gave an address that doesn't exist: our own server refuses it, or theirs says so a minute later."""
    for place, address in enumerate(chance.sample(addresses, k=max(2, len(addresses) * DEAD // 100))):
        if place % 2:
            world.refuses[address] = "5.1.1"
        else:
            world.readers[address] = Nowhere(world)


class Nowhere:
    """A mailbox that doesn't exist: its server says so."""

    def __init__(self, world: World) -> None:
        self.world = world

    def gets(self, letter: Letter) -> None:
        raw = partial(letters.bounce, letter, "5.1.1")
        self.world.at(self.world.now + timedelta(minutes=1), lambda: self.world.takes_in(raw(self.world.now)))
