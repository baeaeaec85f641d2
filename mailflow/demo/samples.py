"""The demo's askers, as samples.toml tells them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody with a question. samples.toml says what each word means."""

    name: str
    address: str
    language: str  # BCP 47
    subject: str
    text: str
    called: str = ""
    order: str = ""
    note: str = ""
    contribution: str = ""
    translation: str = ""
    answer: str = ""
    answer_back: str = ""
    follow_up: str = ""
    second_answer: str = ""
    away: str = ""
    twice: bool = False
    full: bool = False
    shown: bool = False

    @property
    def screen_name(self) -> str:
        return self.called or self.name

    @property
    def deadlines(self) -> int:
        """How many deadlines start for them, each of which is acknowledged once: a settled question can start anew."""
        return 2 if self.follow_up else 1

    @property
    def answers(self) -> tuple[str, ...]:
        """What they get of the experts, in their own language."""
        return tuple(text for text in (self.answer_back or self.answer, self.second_answer) if text)


def load() -> tuple[Asker, ...]:
    """All askers, in the order in which they write."""
    text = files("mailflow.demo").joinpath("samples.toml").read_text(encoding="utf-8")
    return tuple(Asker(**row) for row in tomllib.loads(text)["asker"])
