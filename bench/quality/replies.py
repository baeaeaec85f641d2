"""Own words: what the parser leaves of the replies in tests/quality/replies/, and of other projects' replies.

`python -m bench.quality.replies --part tune` prints the figures and every failure; without `--part`, all of it.
Rules are tuned on the part "tune" alone; "held" is looked at only at the end. Other projects' replies are read where
MAILFLOW_CORPUS names their folder; of them a failure tells the name of the file and nothing else.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.quality.realmail import A_REPLY, CORPUS, bytes_of, expected, squeezed
from bench.quality.section import Figure, Section, at_least, at_most, none_of
from mailflow.mail.html import Page
from mailflow.mail.parse import parse
from mailflow.mail.quotes import Cut, cut

ROOT = Path(__file__).parents[2]
REPLIES = ROOT / "tests" / "quality" / "replies"
LOST, EXACT, EXACT_OF_OTHERS = 3, 85, 75


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one reply."""

    name: str
    lost: bool  # a line of the author isn't in the text
    exact: bool  # the text is what a person would cut out, whitespace apart
    risked: bool = False  # its answers stand between the lines, and yet something was cut, or called sure
    language: str = ""

    @property
    def told(self) -> str:
        risk = "cut although the answers stand between the lines"
        return risk if self.risked else "words lost" if self.lost else "not exact"


def lines_lost(own: str, text: str) -> list[str]:
    """The author's lines that are missing from a text, wherever either was wrapped."""
    found = squeezed(text)
    return [line for line in own.split("\n") if squeezed(line) not in found]


# ---------------------------------------------------------------- our own set


@cache
def labels() -> dict[str, dict[str, Any]]:
    return tomllib.loads((REPLIES / "labels.toml").read_text(encoding="utf-8"))


def judged(name: str, label: dict[str, Any]) -> Verdict:
    """A reply as the desk would read it."""
    found = parse((REPLIES / name).read_bytes())
    lost = bool(lines_lost(label["own"], found.text))
    return Verdict(
        name=name,
        lost=lost,
        exact=squeezed(found.text) == squeezed(label["own"]),
        risked=not label["sure"] and (lost or found.cut_sure),
        language=label["language"],
    )


def verdicts_of(part: str) -> list[Verdict]:
    return [judged(name, label) for name, label in labels().items() if label["part"] == part]


def figures_of(what: str, verdicts: list[Verdict], exact: float) -> list[Figure]:
    lost = sum(verdict.lost for verdict in verdicts)
    return [
        at_most(f"{what}: author's words lost", lost, len(verdicts), LOST),
        at_least(f"{what}: own words exact", sum(verdict.exact for verdict in verdicts), len(verdicts), exact),
    ]


def of_part(part: str, verdicts: list[Verdict]) -> list[Figure]:
    between = sum(not labels()[verdict.name]["sure"] for verdict in verdicts)
    risked = sum(verdict.risked for verdict in verdicts)
    return [*figures_of(part, verdicts, EXACT), none_of(f"{part}: answers between the lines cut", risked, between)]


# ---------------------------------------------------------------- replies that nobody here wrote

_AUTOMATIC = re.compile(r"\n(?:Sent from|-- ).*", re.DOTALL)
_RULES = re.compile(r"^[-_=* ]{4,}$", re.MULTILINE)


def of_talon() -> list[Verdict]:
    """Its mails by client, as text, and its pages, as lines."""
    verdicts = []
    for entry in expected("talon"):
        octets = bytes_of(entry)
        if "reply" in entry["expect"]:
            want = _AUTOMATIC.sub("", entry["expect"]["reply"])
            text = parse(A_REPLY + octets).text
        elif "reply_html_as_text_ignoring_whitespace" in entry["expect"]:
            want = entry["expect"]["reply_html_as_text_ignoring_whitespace"]
            text = cut(Page(octets.decode("utf-8", "replace")).lines).text
        else:
            continue
        verdicts.append(Verdict(entry["path"], bool(lines_lost(want, text)), squeezed(text) == squeezed(want)))
    return verdicts


def of_mail_parser_reply() -> list[Verdict]:
    """Its texts, each judged by all that its tests say of the newest reply."""
    verdicts = []
    for entry in expected("mail-parser-reply"):
        lines = bytes_of(entry).decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
        checks = [(check["op"], check["target"], str(check["value"])) for check in entry["expect"]["checks"]]
        own = [value for op, target, value in checks if target == "mail.replies[0].body" and op in ("in", "eq")]
        found = cut(lines)
        lost = any(lines_lost(_RULES.sub("", value), found.text) for value in own)
        if any(_says(target) for _, target, _ in checks):
            verdicts.append(Verdict(f"{entry['path']} ({entry['test']})", lost, not lost and _agrees(found, checks)))
    return verdicts


def _says(target: str) -> bool:
    return target.startswith("mail.replies[") or target == "len(mail.replies)"


def _agrees(found: Cut, checks: Iterable[tuple[str, str, str]]) -> bool:
    return all(_holds(found, *check) for check in checks)


def _holds(found: Cut, op: str, target: str, value: str) -> bool:
    text, quoted, wanted = (squeezed(_RULES.sub("", one)) for one in (found.text, found.quoted, value))
    if target == "len(mail.replies)":
        return value == "1" or bool(quoted)
    if target == "mail.replies[0].body":
        return text == wanted if op == "eq" else _typed(value) or (wanted in text) == (op == "in")
    if target == "mail.replies[0].signatures":
        return op == "not in" or not wanted or _typed(value) or wanted in quoted
    later = re.fullmatch(r"mail\.replies\[[1-9]\]\.(?:body|content|headers|signatures)", target)
    return op == "not in" or not later or wanted in quoted


def _typed(value: str) -> bool:
    """Whether what they take for a signature is a closing and a name, which are the author's for us."""
    last = value.rsplit("\n", maxsplit=1)[-1].lstrip("-/ ")
    return len(value.split()) < 6 and last[:1].isupper() and not last.startswith("Sent")


# ---------------------------------------------------------------- the section

OWN_NOTE = (
    "Own set: the text that the parser gives is compared with what a person would cut out, whitespace apart. Greeting,"
    " closing and a typed name are the author's; an automatic signature, the line of a device, a disclaimer and a"
    " banner are not. A reply counts as lost when one line of its author is missing. Of the part “held” 97.6 % were exact"
    " when its failures were first looked at; the faults of the code that they showed were then corrected, so that its"
    " figure is no longer that of a text never seen."
)
OTHERS_NOTE = (
    "talon's and mail-parser-reply's replies, read as the replies that they are, whatever their header says: where they keep an automatic signature (“Sent from …”, below “-- ”) we"
    " compare without it; where they take a closing and a name for a signature, as mail-parser-reply does, we keep both"
    " and don't compare them; lines of dashes are left out. Of mail-parser-reply a text is exact when all that its"
    " tests say of the newest reply and of the earlier ones holds. They divide a thread between whose lines answers"
    " stand; we cut nothing there, which counts as not exact."
)


def measure() -> Section:
    figures, failures = [], []
    for part in ("tune", "held"):
        verdicts = verdicts_of(part)
        figures += of_part(part, verdicts)
        failures += [f"{v.name} ({part}): {v.told}" for v in verdicts if not v.exact or v.risked]
    if CORPUS.is_dir():
        others = [*of_talon(), *of_mail_parser_reply()]
        figures += figures_of("talon, mail-parser-reply", others, EXACT_OF_OTHERS)
        failures += [f"{v.name}: {v.told}" for v in others if not v.exact]
    return Section(
        "Replies",
        "Whole replies as mail clients write them, in our languages (tests/quality/replies/), and the replies of"
        " talon's and mail-parser-reply's own tests.",
        tuple(figures),
        tuple(failures),
        (OWN_NOTE, OTHERS_NOTE),
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--part", choices=["tune", "held"])
    chosen = options.parse_args().part
    if chosen:
        judgements = verdicts_of(chosen)
        section = Section("", "", tuple(of_part(chosen, judgements)), tuple(v.name for v in judgements if not v.exact))
    else:
        section = measure()
    for failure in section.failures:
        print(failure)
    for figure in section.figures:
        print(f"{figure.what}: {figure.reached}" + (f" ({figure.aim})" if figure.aim else ""))
