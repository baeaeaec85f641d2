"""Mails that no person wrote, and those that only look like it: what mail/origin and mail/bounces make of them.

`python -m bench.quality.automatic --part tune` prints the figures and every failure of the mails in
tests/quality/automatic. The code is tuned on the part "tune" alone; "held" is looked at only at the end.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.quality.realmail import CORPUS, bytes_of, labelled
from bench.quality.section import Figure, Section, at_least, at_most, none_of
from mailflow.core.decide import addressed
from mailflow.core.model import BounceReport, Mail, Origin, OriginKind
from mailflow.mail import absences
from mailflow.mail.origin import HINTS, origin
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Parsed

ROOT = Path(__file__).parents[2]
MAILS = ROOT / "tests" / "quality" / "automatic"
QUESTIONS = ROOT / "tests" / "quality" / "questions"
OWN = frozenset({"help@desk.example", "assistance@desk.example"})
KINDS, BOUNCES, HINTED, FALSE_HINTS = 97, 95, 90, 3
PERSONS = (OriginKind.HUMAN, OriginKind.LIST)
# What the labels of discourse's mails call them; of what they call malformed, they leave it open.
REAL = {
    "human": PERSONS,
    "list": (OriginKind.LIST,),
    "bounce": (OriginKind.BOUNCE,),
    "system_notification": (OriginKind.NOTIFICATION, OriginKind.AUTO_REPLY),
    "spam": (OriginKind.SPAM,),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one mail."""

    name: str
    label: dict[str, Any]
    origin: Origin
    report: BounceReport

    @property
    def kind_right(self) -> bool:
        return self.origin.kind == self.label["kind"]

    @property
    def recipients_right(self) -> bool:
        return set(self.report.recipients) == set(self.label["recipients"])

    @property
    def class_right(self) -> bool:
        return class_of(self.report) == self.label["class"]

    @property
    def cited_right(self) -> bool:
        return self.label["cites"] in self.report.cites

    @property
    def hinted(self) -> bool:
        return self.origin.because in HINTS

    @property
    def faults(self) -> list[str]:
        told = [f"{self.origin.kind} instead of {self.label['kind']}"] * (not self.kind_right)
        if self.label["kind"] == OriginKind.BOUNCE:
            told += [f"recipients {', '.join(self.report.recipients) or 'none'}"] * (not self.recipients_right)
            told += [f"{class_of(self.report)} instead of {self.label['class']}"] * (not self.class_right)
            told += ["the mail of ours was not found"] * ("cites" in self.label and not self.cited_right)
        told += ["not noticed"] * ("hint" in self.label and not self.hinted)
        return told + ["wrongly taken for a robot's words"] * ("hint" not in self.label and self.hinted)


def class_of(report: BounceReport) -> str:
    """As the labels call it."""
    if report.failed:
        return "permanent" if report.permanent else "temporary"
    return "delay" if report.action == "delayed" else "delivered"


@cache
def labels() -> dict[str, dict[str, Any]]:
    return tomllib.loads((MAILS / "labels.toml").read_text(encoding="utf-8"))


def judged(name: str) -> Verdict:
    mail = parse((MAILS / f"{name}.eml").read_bytes())
    return Verdict(name, labels()[name], origin(mail, OWN), mail.report or BounceReport())


def verdicts_of(part: str) -> list[Verdict]:
    return [judged(name) for name, label in labels().items() if label["part"] == part]


def figures_of(part: str, verdicts: list[Verdict]) -> list[Figure]:
    bounces = [each for each in verdicts if each.label["kind"] == OriginKind.BOUNCE]
    citing = [each for each in bounces if "cites" in each.label]
    hints = [each for each in verdicts if "hint" in each.label]
    persons = [each for each in verdicts if each.label["kind"] in PERSONS]
    plain = [each for each in persons if "hint" not in each.label]
    return [
        at_least(f"{part}: kinds right", sum(each.kind_right for each in verdicts), len(verdicts), KINDS),
        at_least(f"{part}: bounces, recipient right", sum(b.recipients_right for b in bounces), len(bounces), BOUNCES),
        at_least(f"{part}: bounces, class right", sum(each.class_right for each in bounces), len(bounces), BOUNCES),
        at_least(f"{part}: bounces, the mail of ours right", sum(b.cited_right for b in citing), len(citing), BOUNCES),
        none_of(f"{part}: absences in words only that are dropped", sum(v.origin.automatic for v in hints), len(hints)),
        at_least(f"{part}: absences in words only that are noticed", sum(v.hinted for v in hints), len(hints), HINTED),
        none_of(f"{part}: people taken for a robot", sum(each.origin.automatic for each in persons), len(persons)),
        at_most(
            f"{part}: people whose words are taken for a robot's", sum(v.hinted for v in plain), len(plain), FALSE_HINTS
        ),
    ]


def failures_of(verdicts: Iterable[Verdict]) -> list[str]:
    return [f"{each.name}.eml ({each.label['part']}): {'; '.join(each.faults)}" for each in verdicts if each.faults]


def questions() -> tuple[Figure, list[str]]:
    """People's questions, many of them on leave and absence, none of which is a robot's."""
    asked = [q for file in sorted(QUESTIONS.glob("*.toml")) for q in tomllib.loads(file.read_text("utf-8"))["question"]]
    wrong = [question["id"] for question in asked if any(absences.told(question["subject"], question["text"]))]
    figure = at_most("questions whose words are taken for a robot's", len(wrong), len(asked), FALSE_HINTS)
    return figure, [f"question {id_}: its words are taken for a robot's" for id_ in wrong]


def real() -> tuple[list[Figure], list[str]]:
    """Real mail of discourse's tests, labelled by hand: kinds, and which must open a ticket. ([], []) without it."""
    read = labelled("discourse") if CORPUS.is_dir() else ()
    parsed = [(label, parse(bytes_of(label))) for label in read]
    told = [(label, origin(mail, OWN).kind) for label, mail in parsed]
    known = [(label, kind) for label, kind in told if label["kind"] in REAL]
    decided = [(label, _opens(mail)) for label, mail in parsed if label["must_open"] in (True, False)]
    wrong = [
        f"{_file(label)}: {kind} instead of {label['kind']}" for label, kind in known if kind not in REAL[label["kind"]]
    ]
    mistaken = [(label, opens) for label, opens in decided if opens is not label["must_open"]]
    wrong += [f"{_file(label)}: {'opens a' if opens else 'opens no'} ticket" for label, opens in mistaken]
    if not read:
        return [], []
    return [
        at_least("discourse's labels: kinds right", sum(k in REAL[each["kind"]] for each, k in known), len(known), 100),
        at_least("discourse's labels: opens a ticket or not, right", len(decided) - len(mistaken), len(decided), 100),
    ], wrong


def _opens(parsed: Parsed) -> bool:
    """Whether the desk takes it for a question: by its kind, and for list mail by whom it is addressed to."""
    kind = origin(parsed, OWN).kind
    mail = Mail("", "", to=parsed.to, cc=parsed.cc, headers=parsed.headers)
    return kind in PERSONS and (kind is not OriginKind.LIST or addressed(mail))


def _file(label: dict[str, Any]) -> str:
    return f"discourse, {Path(label['path']).name}"


def measure() -> Section:
    figures, failures = [], []
    for part in ("tune", "held"):
        verdicts = verdicts_of(part)
        figures += figures_of(part, verdicts)
        failures += failures_of(verdicts)
    asked, taken = questions()
    of_real, missed = real()
    return Section(
        "Mails that no person wrote",
        "Whole mails as servers, robots and people write them (tests/quality/automatic), labelled before the code was"
        " tuned on the part “tune”. Bounces: whom they speak of, whether the mail failed for good, and which mail of ours"
        " they mean. Absences that only words tell of are noticed, and never dropped.",
        (*figures, asked, *of_real),
        (*failures, *taken, *missed),
        (AUTHOR_NOTE, LIST_NOTE if of_real else "discourse's labels were not measured: their folder is absent"),
    )


AUTHOR_NOTE = (
    "One author wrote mails and code, so even the part “held” is kinder than the world. Absences told in the usual way"
    " that were written last, when all words had been chosen, were all noticed (24 of 24); of 26 that were written to be"
    " unusual (a strike, a removal, somebody who has left) 13 were, before their words were added and they went to “tune”."
)
LIST_NOTE = (
    "discourse's labels call a mail whose only mark is “Precedence: list” a list's, and want no ticket for it. Here a"
    " person who writes through a list opens one, without an acknowledgement: a question must not be lost."
)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--part", default="", choices=["tune", "held"])
    only = options.parse_args().part
    found = measure() if not only else None
    shown = verdicts_of(only) if only else []
    for failure in found.failures if found else failures_of(shown):
        print(failure)
    for figure in found.figures if found else figures_of(only, shown):
        print(f"{figure.what}: {figure.reached} ({figure.aim})")
