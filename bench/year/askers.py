"""Those who ask: when they write, and what they do with what they get."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bench.year import letters, texts
from bench.year.letters import Author, Letter
from bench.year.world import World

ZONES = {
    "en": ("Europe/London", "America/New_York", "Asia/Dhaka", "Africa/Nairobi"),
    "fr": ("Europe/Paris", "Africa/Dakar"),
    "es": ("America/Mexico_City", "Europe/Madrid"),
    "pt": ("America/Sao_Paulo",),
    "de": ("Europe/Berlin",),
    "ja": ("Asia/Tokyo",),
    "zh": ("Asia/Shanghai",),
    "zh-Hant": ("Asia/Taipei",),
    "vi": ("Asia/Ho_Chi_Minh",),
    "th": ("Asia/Bangkok",),
    "my": ("Asia/Yangon",),
    "ur": ("Asia/Karachi",),
    "ne": ("Asia/Kathmandu",),
}
# How many come in a month, against an ordinary one: few in summer and at the end of the year, many in autumn.
SEASON = {7: 0.7, 8: 0.5, 10: 1.4, 11: 1.3, 12: 0.6, 1: 1.1}
WEEKEND, EVENING, NIGHT = 0.2, 0.3, 0.08  # against an hour of office work
BUSIEST = 1.4


@dataclass(frozen=True, slots=True)
class Habits:
    """How likely an asker does something, each time that there is occasion to."""

    away: float = 0.05  # their program answers whatever comes
    no_publication: float = 0.04
    thanks: float = 0.4
    further: float = 0.14  # after an answer
    adds: float = 0.06  # before it
    news: float = 0.12
    news_when_late: float = 0.35
    replies: float = 0.6  # to our question
    replies_when_reminded: float = 0.4
    contests: float = 0.3  # that their question is inadmissible
    long_after: float = 0.06  # months later


USUAL = Habits()


@dataclass(eq=False)
class Asker:
    world: World
    name: str
    address: str
    question: texts.Question
    zone: ZoneInfo
    chance: random.Random
    answers: int = 0
    _habits: dict[str, Callable[[Letter], None]] = field(init=False)
    _robot: bool = field(init=False)

    def __post_init__(self) -> None:
        self._robot = self.chance.random() < USUAL.away
        self._habits = {
            "acknowledgement": self._acknowledged,
            "bilingual": self._acknowledged,
            "answer": self._answered,
            "correction": self._answered,
            "inquiry": self._asked,
            "details": self._asked,
            "which_language": self._asked,
            "silent": self._reminded,
            "late": self._put_off,
            "inadmissible": self._refused,
            "closing": self._given_up,
        }

    @property
    def author(self) -> Author:
        return Author(self.name, self.address)

    def asks(self) -> None:
        text = f"{self.question.text}\n\n{self.name}"
        self.world.takes_in(letters.new(self.author, self.question.subject, text, self.world.now))

    def gets(self, letter: Letter) -> None:
        if self._robot:
            away = f"I am out of the office and will read your message when I am back.\n\n{self.name}"
            raw = partial(letters.automatic, self.author, letter, away)
            self._soon(timedelta(minutes=1), lambda: self.world.takes_in(raw(self.world.now)))
        if letter.send.template in self._habits:
            self._habits[letter.send.template](letter)

    # ------------------------------------------------------------ habits

    def _acknowledged(self, letter: Letter) -> None:
        if self._does(USUAL.no_publication):
            word = {"fr": "Non", "de": "Nein", "pt": "Não", "ja": "いいえ", "zh": "不"}.get(letter.send.language, "No")
            self._writes(letter, word, days=0.2)
        elif self._does(USUAL.adds):
            self._writes(letter, texts.further(self.question.language, self.chance), days=3)
        elif self._does(USUAL.news):
            self._writes(letter, texts.courtesy("news", self.question.language, self.chance), days=9)
            if self._does(0.5):
                self._writes(letter, texts.courtesy("news", self.question.language, self.chance), days=11)

    def _answered(self, letter: Letter) -> None:
        self.answers += 1
        if self._does(USUAL.further / self.answers):
            self._writes(letter, texts.further(self.question.language, self.chance), days=4)
        elif self._does(USUAL.long_after):
            self._writes(letter, texts.further(self.question.language, self.chance), days=120)
        elif self._does(USUAL.thanks):
            self._writes(letter, texts.courtesy("thanks", self.question.language, self.chance), days=1)

    def _asked(self, letter: Letter) -> None:
        if self._does(USUAL.replies):
            text = texts.further(
                "en" if letter.send.template == "which_language" else self.question.language, self.chance
            )
            self._writes(letter, text, days=3)

    def _reminded(self, letter: Letter) -> None:
        if self._does(USUAL.replies_when_reminded):
            self._writes(letter, texts.further(self.question.language, self.chance), days=3)

    def _put_off(self, letter: Letter) -> None:
        if self._does(USUAL.news_when_late):
            self._writes(letter, texts.courtesy("news", self.question.language, self.chance), days=3)

    def _refused(self, letter: Letter) -> None:
        if self._does(USUAL.contests):
            self._writes(letter, texts.further(self.question.language, self.chance), days=2)

    def _given_up(self, letter: Letter) -> None:
        if self._does(0.5):
            self._writes(letter, texts.further(self.question.language, self.chance), days=self.chance.choice((5, 110)))

    # ------------------------------------------------------------ ways to do it

    def _does(self, likely: float) -> bool:
        return self.chance.random() < likely

    def _writes(self, letter: Letter, text: str, days: float) -> None:
        """After about so many days, at an hour at which people write."""
        when = self.world.now + timedelta(days=days * self.chance.uniform(0.4, 1.6))
        signed = text if len(text) < 8 else f"{text}\n\n{self.name}"
        raw = partial(letters.reply, self.author, letter, signed)
        self.world.at(at_a_human_hour(when, self.zone, self.chance), lambda: self.world.takes_in(raw(self.world.now)))

    def _soon(self, wait: timedelta, act: Callable[[], None]) -> None:
        self.world.at(self.world.now + wait, act)


def at_a_human_hour(when: datetime, zone: ZoneInfo, chance: random.Random) -> datetime:
    """The next moment from then on at which somebody there would write."""
    while chance.random() * BUSIEST > busy(when, zone):
        when += timedelta(hours=chance.uniform(0.5, 6))
    return when


def busy(when: datetime, zone: ZoneInfo) -> float:
    """How many mails are written at such a moment, against an ordinary hour of office work."""
    local = when.astimezone(zone)
    season = SEASON.get(local.month, 1.0)
    hour = 1.0 if 9 <= local.hour < 18 else EVENING if 7 <= local.hour < 23 else NIGHT
    return season * hour * (WEEKEND if local.weekday() >= 5 else 1.0)


def population(world: World, number: int, shares: Mapping[str, int]) -> list[Asker]:
    """Those who will ask, each with a name, an address and a question; and when each does is on the agenda."""
    chance = random.Random(world.seed + 1)
    languages = chance.choices(list(shares), list(shares.values()), k=number)
    each_language: dict[str, int] = {}
    found = []
    for place, language in enumerate(languages):
        nth = each_language[language] = each_language.get(language, -1) + 1
        found.append(_asker(world, place, language, nth, chance))
    for asker in found:
        world.readers[asker.address] = asker
        world.at(_arrival(world, asker.zone, chance), asker.asks)
    return found


def _asker(world: World, place: int, language: str, nth: int, chance: random.Random) -> Asker:
    zone = ZoneInfo(chance.choice(ZONES[language]))
    address = f"asker{place:03d}@{chance.choice(('firm', 'union', 'farm', 'office'))}{place % 97}.example"
    shuffled = random.Random(language).sample(texts.questions(language), k=len(texts.questions(language)))
    question = shuffled[nth % len(shuffled)]
    # names are shared by languages that write them alike: the place makes them differ
    name = texts.name(nth if language in ("ja", "zh", "zh-Hant") else place, language)
    return Asker(world, name, address, question, zone, random.Random(f"{world.seed}:{place}"))


def _arrival(world: World, zone: ZoneInfo, chance: random.Random) -> datetime:
    """As the seasons, weeks and days of the place go."""
    seconds = (world.last - world.first).total_seconds()
    while True:
        when = world.first + timedelta(seconds=math.floor(chance.random() * seconds))
        if chance.random() * BUSIEST < busy(when, zone):
            return when.astimezone(UTC)
