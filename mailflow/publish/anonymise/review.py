"""The candidate as reviewers see it, each replacement numbered; and what their orders make of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed

from mailflow.core.publication import Anonymised
from mailflow.publish.anonymise.proposing import applied


@dataclass(frozen=True, slots=True)
class Mark:
    """One replacement, as reviewers name it."""

    number: int  # from 1, in the order of the text
    original: str
    replacement: str
    kind: str
    confidence: float
    by: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of both texts; `number` 0: the same in both."""

    number: int
    original: str
    candidate: str


@dataclass(frozen=True, slots=True)
class Marked:
    marks: tuple[Mark, ...]
    pieces: tuple[Piece, ...]  # both texts from beginning to end, for two columns
    text: str  # the candidate with "[3: a company]"
    original: str  # the original with "[3: Acme Ltd]"


def marked(original: str, anonymised: Anonymised) -> Marked:
    """For a mail to reviewers. ValueError where the candidate isn't made of this original."""
    _fits(original, anonymised)
    marks = tuple(
        Mark(number, original[each.start : each.end], each.replacement, each.kind, each.confidence, each.by)
        for number, each in enumerate(anonymised.replaced, 1)
    )
    pieces = _pieces(original, anonymised)
    return Marked(
        marks,
        pieces,
        "".join(_shown(piece.number, piece.candidate) for piece in pieces),
        "".join(_shown(piece.number, piece.original) for piece in pieces),
    )


def _pieces(original: str, anonymised: Anonymised) -> tuple[Piece, ...]:
    pieces, place = [], 0
    for number, each in enumerate(anonymised.replaced, 1):
        same = original[place : each.start]
        pieces += [Piece(0, same, same), Piece(number, original[each.start : each.end], each.replacement)]
        place = each.end
    pieces.append(Piece(0, original[place:], original[place:]))
    return tuple(piece for piece in pieces if piece.original or piece.candidate)


def _shown(number: int, text: str) -> str:
    if not number:
        return text
    body = text.strip("\n")
    if not body:
        return f"[{number}: …]"
    lead, tail = text[: len(text) - len(text.lstrip("\n"))], text[len(text.rstrip("\n")) :]
    return f"{lead}[{number}: {body}]{tail}"


def amended(
    original: str, anonymised: Anonymised, keep: Collection[int] = (), replace: Mapping[int, str] | None = None
) -> Anonymised:
    """After `#keep 3` and `#replace 5 "a buyer"`: kept places are as they were, the others as somebody wants them.

    ValueError for a number that no replacement has, or one both kept and replaced.
    """
    _fits(original, anonymised)
    wanted = dict(replace or {})
    highest = len(anonymised.replaced)
    unknown = sorted(number for number in {*keep, *wanted} if not 0 < number <= highest)
    if unknown:
        raise ValueError(f"there is no replacement {unknown[0]}: they are numbered from 1 to {highest}")
    both = sorted(set(keep) & set(wanted))
    if both:
        raise ValueError(f"replacement {both[0]} can't be both kept and replaced: send one of the two")
    replaced = tuple(
        changed(each, replacement=wanted[number], confidence=1.0, by="reviewer") if number in wanted else each
        for number, each in enumerate(anonymised.replaced, 1)
        if number not in keep
    )
    return Anonymised(applied(original, replaced), replaced, anonymised.warnings)


def _fits(original: str, anonymised: Anonymised) -> None:
    if applied(original, anonymised.replaced) != anonymised.text:
        raise ValueError("the candidate was made of another text: make it anew")
