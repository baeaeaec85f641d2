"""The marked texts of bench/anonymise/texts: a file per language, part "tune" to look at, part "held" only to measure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailflow.core.publication import Identities

FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that tells who is meant."""

    start: int
    end: int
    kind: str
    direct: bool  # it identifies by itself


@dataclass(frozen=True, slots=True)
class Text:
    id: str
    language: str
    part: str
    text: str
    known: Identities
    marks: tuple[Mark, ...]


def texts(folder: Path = FOLDER) -> list[Text]:
    """ValueError, naming file and text, where a mark isn't found in its text."""
    return [
        _text(path, entry)
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["text"]
    ]


def _text(path: Path, entry: dict[str, Any]) -> Text:
    known = Identities(**{name: tuple(words) for name, words in entry.get("known", {}).items()})
    marks = [mark for span in entry["spans"] for mark in _marks(f"{path.name}, {entry['id']}", entry["text"], span)]
    marks.sort(key=lambda mark: mark.start)
    return Text(entry["id"], path.stem, entry["part"], entry["text"], known, tuple(marks))


def _marks(where: str, text: str, span: dict[str, Any]) -> list[Mark]:
    what, places, at = span["what"], [], text.find(span["what"])
    while at >= 0:
        places.append(at)
        at = text.find(what, at + 1)
    nth = span.get("nth")
    if not places or (nth and nth > len(places)):
        raise ValueError(f"{where}: spans: {what!r} does not stand there {nth or 1} times")
    places = [places[nth - 1]] if nth else places
    return [Mark(place, place + len(what), span["kind"], span["direct"]) for place in places]
