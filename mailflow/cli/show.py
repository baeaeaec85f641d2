"""How things are printed: a JSON object a line for programs, tables and sentences for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

WIDE = 10_000  # columns, where nobody looks: a program that reads our table must find each row on one line

JOINERS = "\u200c\u200d"  # Urdu and Nepali are spelled with them


def line(values: Mapping[str, object]) -> None:
    """One JSON object."""
    print(json.dumps(values, ensure_ascii=False))


def rfc3339(when: datetime | None) -> str | None:
    """A moment in UTC, as JSON has it."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z") if when else None


def local(when: datetime | None) -> str:
    """A moment for people, in this machine's zone."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M") if when else ""


def size(octets: int) -> str:
    return f"{octets / 1000:.0f} kB" if octets >= 1000 else f"{octets} B"  # noqa: PLR2004


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], none: str) -> None:
    """Aligned columns, or the sentence that there is nothing. What is shown is data, never markup."""
    cells = list(rows)
    if not cells:
        print(none)
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDE
    shown = Table(*columns, box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in shown.columns:
        column.overflow = "fold"
    for row in cells:
        shown.add_row(*(Text(_plain(cell)) for cell in row))
    console.print(shown)


def sentence(text: str) -> None:
    """One line for people, whatever stands in it."""
    print(_plain(text))


def verdict(fine: bool | None, text: str) -> None:
    """A sentence with a mark before it: right, wrong, or worth a thought; in colour on a terminal."""
    from rich.console import Console
    from rich.text import Text

    mark, colour = {True: ("ok", "green"), False: ("WRONG", "bold red"), None: ("note", "yellow")}[fine]
    Console(highlight=False, soft_wrap=True).print(Text(f"{mark:6}", style=colour) + Text(_plain(text)))


def passage(text: str) -> None:
    """Words of a mail, indented, without what would steer a terminal."""
    for row in text.splitlines():
        print(f"    {_plain(row)}".rstrip())


def _plain(cell: str) -> str:
    return "".join(letter if letter.isprintable() or letter in JOINERS else " " for letter in cell)
