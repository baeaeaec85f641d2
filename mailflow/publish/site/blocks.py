"""The plain text of an item as paragraphs, lists and links: for pages, for clean HTML and for docx alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

_BULLET = "- "
_LINK = re.compile(r"https://[^\s<>\"“”«»、。，；：！？（）「」『』【】]+")
_AFTER = ".,;:!?'’)]}*"  # of the sentence, not of the address


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one line; with `href` they are a link."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its lines, or a list with its points."""

    points: bool
    lines: tuple[tuple[Run, ...], ...]


def blocks(text: str) -> tuple[Block, ...]:
    """A blank line parts two paragraphs; lines beginning with "- " are a list."""
    return tuple(_blocks(text))


def html(text: str) -> Markup:
    """The same as HTML without a class or an id."""
    return Markup("\n").join(_html(block) for block in blocks(text))


def summary(text: str, most: int) -> str:
    """Its beginning in one line, cut between words where it has any."""
    line = " ".join(line.removeprefix(_BULLET) for line in text.split("\n") if line.strip())
    line = " ".join(line.split())
    if len(line) <= most:
        return line
    cut = line[:most]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[most // 2 :] else cut}…"


def _blocks(text: str) -> Iterator[Block]:
    for part in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for points, some in groupby(lines, key=lambda line: line.startswith(_BULLET)):
            yield Block(points, tuple(_runs(line.removeprefix(_BULLET).strip()) for line in some))


def _runs(line: str) -> tuple[Run, ...]:
    runs, done = [], 0
    for found in _LINK.finditer(line):
        address = _address(found[0])
        runs += [Run(line[done : found.start()]), Run(address, address)]
        done = found.start() + len(address)
    return tuple(run for run in (*runs, Run(line[done:])) if run.text)


def _address(found: str) -> str:
    """Without the sentence's own punctuation; a bracket that was opened within is closed within."""
    while found[-1] in _AFTER and not (found[-1] == ")" and found.count("(") >= found.count(")")):
        found = found[:-1]
    return found


def _html(block: Block) -> Markup:
    if block.points:
        points = Markup("\n").join(Markup("<li>{}</li>").format(_line(line)) for line in block.lines)
        return Markup("<ul>\n{}\n</ul>").format(points)
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(map(_line, block.lines)))


def _line(runs: tuple[Run, ...]) -> Markup:
    return Markup("").join(
        Markup('<a href="{}" rel="noopener">{}</a>').format(run.href, run.text) if run.href else escape(run.text)
        for run in runs
    )
