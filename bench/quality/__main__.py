"""`make quality`: measure how well mails are understood, and write docs/quality.md with every failure named.

`python -m bench.quality NAME...` measures only these parts and prints them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bench.quality.section import Figure, Section

PAGE = Path(__file__).parents[2] / "docs" / "quality.md"
PARTS = ("corpus", "automatic", "language", "topics", "signs", "replies")
HEAD = """# How well mails are understood

Written by `make quality`: every figure below was measured by it, and every failure is named. The sets that were made up
for it lie in [tests/quality](../tests/quality); each is split into a part for tuning and a part that was held back,
because rules that were tuned on a text say little about the next one; where its failures were mended after the first look,
a note says so. Real mail that nobody here wrote is
read from the folder that `MAILFLOW_CORPUS` names, and never copied: of it, failures are named by file alone.
"""


def page(sections: list[Section]) -> str:
    return "\n".join([HEAD, *_summary(sections), *(line for section in sections for line in _section(section))])


def _summary(sections: list[Section]) -> list[str]:
    aimed = [figure for section in sections for figure in section.figures if figure.aim]
    missed = [figure for figure in aimed if not figure.met]
    told = "; ".join(f"{figure.what}: {figure.reached}, aimed at {figure.aim}" for figure in missed)
    return [f"Of {len(aimed)} aims {len(aimed) - len(missed)} are met. Missed: {told or 'none'}.", ""]


def _section(section: Section) -> list[str]:
    lines = [f"## {section.title}", "", section.about, ""]
    if section.figures:
        lines += ["| what | reached | aim |", "| --- | --- | --- |", *map(_row, section.figures), ""]
    lines += [f"- {note}" for note in section.notes] + [""] * bool(section.notes)
    if section.failures:
        lines += [f"<details><summary>Every failure ({len(section.failures)})</summary>", ""]
        lines += [f"- {_escaped(failure)}" for failure in section.failures]
        lines += ["", "</details>", ""]
    return lines


def _row(figure: Figure) -> str:
    aim = f"{figure.aim}{'' if figure.met else ' **(missed)**'}" if figure.aim else ""
    return f"| {_escaped(figure.what)} | {_escaped(figure.reached)} | {aim} |"


def _escaped(text: str) -> str:
    """What Markdown would take for its own."""
    for sign in "\\|*_<>[]`":
        text = text.replace(sign, f"\\{sign}")
    return text


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("part", nargs="*", choices=[[], *PARTS], help="only these, and print them")
    chosen = options.parse_args().part
    sections = []
    for name in chosen or PARTS:
        measure: Callable[[], Section] = import_module(f"bench.quality.{name}").measure
        sections.append(measure())
        print(f"{name}: {len(sections[-1].figures)} figures, {len(sections[-1].failures)} failures", file=sys.stderr)
    text = page(sections)
    if chosen:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
