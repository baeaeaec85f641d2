"""Signs: what rules/signs/ and rules/coding.toml suggest about the questions in tests/quality/questions/.

`python -m bench.quality.signs --language vi --part tune` prints the figures and every failure with the words that spoke.
Words are tuned on the part "tune" alone; "held" is looked at only at the end.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.quality.section import Figure, Section, share
from bench.quality.topics import ROOT, languages, questions
from mailflow import config
from mailflow.core import coding
from mailflow.core.model import Mail, Sign, SignKind
from mailflow.core.policy import Policy
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.signs import signs_in
from mailflow.mail.topics import topic_scores

WRITTEN = date(2026, 11, 10)  # the day on which the questions are taken to have been written
# label of a question -> the kind of sign that suggests it
LABELS = {
    "user_type": SignKind.USER_TYPE,
    "country": SignKind.COUNTRY,
    "user_region": SignKind.USER_REGION,
    "region": SignKind.REGION,
    "sector": SignKind.SECTOR,
    "deadline": SignKind.DEADLINE,
    "reply_language": SignKind.REPLY_LANGUAGE,
}
# Those that an overlooked mail would suffer from, or that would refuse a mail that should be answered.
GRAVE = ("danger", "no_publication", "erasure", "inadmissible")


@dataclass(frozen=True, slots=True)
class Judged:
    id: str
    part: str
    wanted: Mapping[str, str]  # label -> value; "yes" for what is or isn't
    found: Mapping[str, frozenset[str]]
    because: Mapping[str, tuple[str, ...]]


@cache
def rules(language: str) -> tuple[Policy, Lexicons]:
    """The shipped rules, with the words of one language alone: a mistake in another doesn't matter here."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        for part in ("config.toml", "templates"):
            (home / part).symlink_to(ROOT / part)
        for file in (*(ROOT / "rules").glob("*.toml"), *(ROOT / "rules").glob(f"*/{language}.toml")):
            link = home / file.relative_to(ROOT)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
        _, desk = config.load(home)
    return desk.policy, Lexicons(desk.words)


def judged(question: Mapping[str, Any], language: str) -> Judged:
    policy, lexicons = rules(language)
    heard = lexicons.hear(question["subject"], question["text"], question.get("language", language))
    mail = Mail("", "", topics=topic_scores(heard), signs=signs_in(heard, WRITTEN))
    told = coding.suggestions(mail, policy)
    found = {label: frozenset(s.value for s in told if s.kind is kind) for label, kind in LABELS.items()}
    found |= {label: _yes(told, label) for label in GRAVE}
    because = {s.kind.value if s.kind is not SignKind.WISH else s.value: s.because for s in told}
    wanted = {label: str(question[label]) for label in LABELS if label in question}
    wanted |= {label: "yes" for label in GRAVE if question.get(label)}
    wanted |= {"inadmissible": "yes"} if question.get("admissible") is False else {}
    return Judged(question["id"], question["part"], wanted, found, because)


def _yes(told: Iterable[Sign], label: str) -> frozenset[str]:
    kinds = {"danger": SignKind.DANGER, "inadmissible": SignKind.INADMISSIBLE}
    hit = any(s.kind is kinds.get(label) or (s.kind is SignKind.WISH and s.value == label) for s in told)
    return frozenset({"yes"} if hit else ())


def all_of(language: str, part: str) -> list[Judged]:
    return [judged(question, language) for question in questions(language, part)]


def recall(label: str, among: Iterable[Judged]) -> tuple[int, int]:
    """How many of those that a person would tell are suggested."""
    asked = [one for one in among if label in one.wanted]
    return sum(one.wanted[label] in one.found[label] for one in asked), len(asked)


def precision(label: str, among: Iterable[Judged]) -> tuple[int, int]:
    """How many of the suggestions are right; where a person could not tell, nothing is counted as wrong but the grave."""
    told = [one for one in among if one.found[label] and (label in one.wanted or label in GRAVE)]
    return sum(one.wanted.get(label) in one.found[label] for one in told), len(told)


def figures_of(name: str, among: list[Judged]) -> list[Figure]:
    figures = []
    for label in (*LABELS, *GRAVE):
        (hit, asked), (right, told) = recall(label, among), precision(label, among)
        reached = (
            f"found {hit} of {asked} ({share(hit, asked):.0f} %), right {right} of {told} ({share(right, told):.0f} %)"
        )
        figures.append(Figure(f"{name}: {label}", reached))
    return figures


def failures_of(one: Judged) -> list[str]:
    told = []
    for label in (*LABELS, *GRAVE):
        wanted, found = one.wanted.get(label), one.found[label]
        wrong = wanted not in found if wanted else bool(found) and label in GRAVE
        if wrong:
            heard = ", ".join(one.because.get(label, ())[:6]) or "nothing"
            told.append(f"{label} {', '.join(sorted(found)) or 'none'} instead of {wanted or 'none'} (heard: {heard})")
    return told


def measure() -> Section:
    figures, failures = [], []
    for part in ("tune", "held"):
        among = [one for language in languages() for one in all_of(language, part)]
        figures += figures_of(part, among)
        failures += [f"{one.id} ({part}): {'; '.join(told)}" for one in among if (told := failures_of(one))]
    return Section(
        "Signs",
        "Who asks, from where, about where, in which sector, by when, in danger or not, with which wishes, admissible or"
        " not: suggested from the same questions in all languages. “Found” is the share of what a person could tell from"
        " the mail; “right” the share of suggestions that are right, where a person could tell. Suggestions decide"
        " nothing: a coordinator sees them with their reasons.",
        tuple(figures),
        tuple(failures),
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--language", required=True)
    options.add_argument("--part", default="tune", choices=["tune", "held", "extra"])
    asked_for = options.parse_args()
    judgements = all_of(asked_for.language, asked_for.part)
    for judgement in judgements:
        if sentences := failures_of(judgement):
            print(f"{judgement.id}: {'; '.join(sentences)}")
    for figure in figures_of(asked_for.language, judgements):
        print(f"{figure.what}: {figure.reached}")
