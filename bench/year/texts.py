"""What people write in a year: questions, answers, thanks and the like, in the languages of the desk."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "tests/quality/questions"
COURTESIES = ROOT / "tests/quality/courtesies.toml"
SENTENCES = ROOT / "bench/sentences"
# How many of a hundred questions come in each language.
SHARES = {
    "en": 29, "fr": 14, "es": 14, "pt": 5, "de": 5, "ja": 5, "zh": 6, "vi": 5, "th": 4, "my": 5, "ur": 3, "ne": 3,
    "zh-Hant": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    language: str
    subject: str
    text: str  # without its author's name and what stands below it
    lead: str  # the topic that a coordinator would see in it; "" for none


@cache
def questions(language: str) -> tuple[Question, ...]:
    found = tomllib.loads((QUESTIONS / f"{language}.toml").read_text("utf-8"))["question"]
    return tuple(_question(language, entry) for entry in found)


def _question(language: str, entry: dict[str, Any]) -> Question:
    paragraphs = entry["text"].strip().split("\n\n")
    text = "\n\n".join(paragraphs[:-1] or paragraphs)
    return Question(language, entry.get("subject") or "-", text, entry.get("lead", ""))


@cache
def _courtesies() -> tuple[dict[str, str], ...]:
    return tuple(tomllib.loads(COURTESIES.read_text("utf-8"))["reply"])


def courtesy(kind: str, language: str, chance: random.Random) -> str:
    """Thanks, or a question for news."""
    fit = [each["text"].strip() for each in _courtesies() if each["kind"] == kind and each["language"] == language]
    return chance.choice(fit)


@cache
def _sentences(language: str) -> dict[str, list[str]]:
    file = SENTENCES / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}


def answer(language: str, chance: random.Random) -> str:
    """Some sentences in this language: an answer, a contribution, a translation."""
    words = _sentences(language)
    if words:
        return "\n\n".join([chance.choice(words["answers"]), *chance.sample(words["facts"], 2)])
    return further(language, chance)


def further(language: str, chance: random.Random) -> str:
    """Something else that an asker tells or asks."""
    return chance.choice(questions(language)).text.split("\n\n")[-1]


# ---------------------------------------------------------------- names that stand nowhere else in these texts

_LATIN = (
    ("Adela", "Bruno", "Corin", "Dagny", "Edwin", "Farida", "Gustav", "Hedda", "Ismael", "Jorun", "Katrin", "Leopold"),
    (
        "Quillane", "Vanderhoek", "Ostrowny", "Brakespear", "Tolvanen", "Merribrook", "Ashgrove", "Zellweide",
        "Fennimark", "Okparaeke", "Lindqvarn", "Duverneuil", "Castelmora", "Hrabowicz",
    ),
)  # fmt: skip
_NATIVE = {
    "ja": (("花菜子", "礼央斗", "真由香", "悠太朗"), ("綾小路", "勅使河原", "小比類巻", "八重樫", "四十物")),
    "zh": (("婉蓉", "浩淼", "思齐", "昱辰"), ("欧阳", "司徒", "诸葛", "慕容", "上官")),
    "zh-Hant": (("婉蓉", "浩淼", "思齊", "昱辰"), ("歐陽", "司徒", "諸葛", "慕容", "上官")),
}


def name(number: int, language: str) -> str:
    """A full name of its own for each asker."""
    given, family = _NATIVE.get(language, _LATIN)
    first, last = given[number % len(given)], family[number // len(given) % len(family)]
    return f"{last}{first}" if language in _NATIVE else f"{first} {last}"


EXPLAINED = "We read it with care, but a few words more would help: which country, and since when?"
NOTES = ("It was with a colleague for too long.", "Could you take this one? It is late.", "Urgent, please.")
TELEPHONE = {
    "en": "May an employer deduct the price of uniforms from the wages of new workers?",
    "fr": "Un employeur peut-il retenir le prix des uniformes sur le salaire des nouveaux travailleurs ?",
    "es": "¿Puede un empleador descontar el precio de los uniformes del salario de los nuevos trabajadores?",
}
