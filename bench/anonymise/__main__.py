"""`make anonymise-quality`: measure what the anonymiser finds, and write docs/anonymise-quality.md.

`python -m bench.anonymise --tune [LANGUAGE...]` prints the part for tuning with every failure, and nothing of the other.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bench.anonymise.measuring import Result, Score, measured
from bench.anonymise.texts import Text, texts
from mailflow.publish.anonymise import installed_names, missing_names

PAGE = Path(__file__).parents[2] / "docs" / "anonymise-quality.md"
HEAD = """# How much the anonymiser finds

Written by `make anonymise-quality`. **People, not the machine, make a text anonymous.** The machine proposes; two people
read every text before it is published, and this page says what they must still look for. What it leaves most often:
what somebody is like or does, told in small letters; names in scripts without capitals, where no title stands beside
them; and what is known from elsewhere, which no list holds.

The texts are invented ([bench/anonymise/texts](../bench/anonymise/texts)), with every place marked that tells who is
meant. A place counts as found when all its letters are replaced; a name half left over is a name left over. *Direct*:
it identifies by itself (names, addresses, numbers). *Indirect*: it does so together with others (towns, days, head
counts, what somebody is like). *Right*: the share of replacements that touch a marked place. *Whole*: texts in which
every direct one is found. *Clean*: texts in which the leak check then finds nothing, neither of what the ticket knows
nor addresses, numbers and titled names; it shares its detectors with the anonymiser, so a name that neither knows stays
unseen by both. What the ticket knows of its own participants is given with each text, as in use.

The detectors were tuned on the part "tune"; "held" was measured only, and says more about the next text. In languages
with one to three texts a figure is no more than a hint.
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tune", nargs="*", metavar="LANGUAGE", help="print the part for tuning alone")
    arguments.add_argument("--model", action="store_true", help="with --tune: with the models that are installed")
    given = arguments.parse_args()
    every = texts()
    if given.tune is None:
        _write(every)
        return
    some = [text for text in every if text.part == "tune" and (not given.tune or text.language in given.tune)]
    result = measured(some, installed_names() if given.model else None)
    print("\n".join([*_table(result), *_kinds(result), *_detectors(result), *_listed("Missed", result.missed)]))
    print("\n".join(_listed("Besides", result.besides)))


def _write(every: list[Text]) -> None:
    names = installed_names()
    lines = [HEAD]
    for part in ("held", "tune"):
        chosen = [text for text in every if text.part == part]
        lines += [f"## Part “{part}”, rules alone", "", *_section(measured(chosen))]
        if names is None:
            continue
        served = [text for text in chosen if text.language in names.languages]
        lines += [f"## Part “{part}”, with models of {', '.join(sorted(names.languages))}", ""]
        lines += _section(measured(served, names))
    missing = missing_names()
    if missing:
        lines += [f"Not installed, so not measured: {', '.join(missing)}.", ""]
    fresh = PAGE.with_name(f".{PAGE.name}.new")
    fresh.write_text("\n".join(lines), encoding="utf-8")
    os.replace(fresh, PAGE)  # noqa: PTH105
    print(f"written: {PAGE.relative_to(Path.cwd()) if PAGE.is_relative_to(Path.cwd()) else PAGE}")


def _section(result: Result) -> list[str]:
    return [
        *_table(result),
        *_kinds(result),
        *_detectors(result),
        *_folded("Missed", result.missed),
        *_folded("Replaced though nobody marked it", result.besides),
    ]


def _table(result: Result) -> list[str]:
    lines = [
        "| language | texts | direct | indirect | right | whole | clean |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows = [*result.scores.items(), ("all", _sum(result))]
    for language, score in rows:
        cells = (score.direct, score.indirect, score.right, score.whole, score.clean)
        lines.append(f"| {language} | {score.whole[1]} | {' | '.join(map(_share, cells))} |")
    return [*lines, ""]


def _sum(result: Result) -> Score:
    total = Score()
    for score in result.scores.values():
        for name in ("direct", "indirect", "right", "whole", "clean"):
            both = zip(getattr(total, name), getattr(score, name), strict=True)
            setattr(total, name, [one + other for one, other in both])
    return total


def _share(count: list[int]) -> str:
    return f"{100 * count[0] / count[1]:.1f} % ({count[0]} of {count[1]})" if count[1] else "none"


def _kinds(result: Result) -> list[str]:
    lines = ["| kind | found |", "| --- | --- |"]
    return [*lines, *(f"| {kind} | {_share(count)} |" for kind, count in sorted(result.kinds.items())), ""]


def _detectors(result: Result) -> list[str]:
    lines = ["| detector | recall alone | found by it only | right |", "| --- | --- | --- | --- |"]
    for name, share in sorted(result.shares.items(), key=lambda pair: -pair[1].covers):
        alone, right = _share([share.covers, result.marks]), _share([share.right, share.found])
        lines.append(f"| {name} | {alone} | {share.only} | {right} |")
    return [*lines, ""]


def _listed(title: str, failures: list[str]) -> list[str]:
    return [f"{title} ({len(failures)}):", *(f"- {' '.join(failure.split())}" for failure in failures)]


def _folded(title: str, failures: list[str]) -> list[str]:
    rows = [f"- {_escaped(' '.join(failure.split()))}" for failure in failures]
    return [f"<details><summary>{title} ({len(failures)})</summary>", "", *rows, "", "</details>", ""]


def _escaped(text: str) -> str:
    """What Markdown would take for its own."""
    for sign in "\\|*_<>[]`":
        text = text.replace(sign, f"\\{sign}")
    return text


if __name__ == "__main__":
    main()
