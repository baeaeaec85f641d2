"""The machine's part of publication: it proposes a text, numbers what it replaced, and names what must not stay.

It only ever proposes. What people wrote is looked through, and never changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from babel import Locale, UnknownLocaleError

from mailflow.core.publication import Anonymised, Candidate, Identities, Leak, Mark, Text
from mailflow.publish.anonymise import NameModel, amended, anonymise, leaks, rare

PARTS = ("question", "answer")


@dataclass(frozen=True, slots=True)
class Circle:
    """How many tickets share the coding of this one, and what the coding says in the text's language."""

    alike: int
    enough: int  # fewer than this are few
    sector: str = ""  # its label
    countries: tuple[str, ...] = ()  # names


def looked_through(
    candidate: Candidate, known: Identities, circle: Circle, names: NameModel | None = None
) -> Candidate:
    """The same with a text, where no person wrote one; and with all that its reviewers should know of it."""
    made = candidate if _by_a_person(candidate) else _proposed(candidate, known, names)
    found = leaks(made.text.parts, made.language, known)
    few = rare(
        circle.sector,
        _named(circle.countries, made.language),
        f"{made.text.question}\n{made.text.answer}",
        circle.alike,
        circle.enough,
        made.language,
    )
    return replace(made, leaks=tuple(found), warnings=tuple(dict.fromkeys((*made.warnings, *few))))


def _named(countries: tuple[str, ...], language: str) -> tuple[str, ...]:
    """ISO 3166 codes as the language calls them."""
    try:
        territories = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        territories = Locale.parse("en").territories
    return tuple(territories.get(code, code) for code in countries)


def still_leaks(candidate: Candidate, known: Identities) -> tuple[Leak, ...]:
    """Before a page is made of it: the check once more, with all that is known by now."""
    return leaks(candidate.text.parts, candidate.language, known)


def _by_a_person(candidate: Candidate) -> bool:
    return bool(candidate.text.answer) and not candidate.numbered


def _proposed(candidate: Candidate, known: Identities, names: NameModel | None) -> Candidate:
    """The machine's text, with what reviewers wanted of it."""
    originals = candidate.original.parts
    first = {part: anonymise(originals[part], candidate.language, known, names=names) for part in PARTS}
    numbered = tuple(_numbered(originals, first))
    done = {part: _amended(candidate, part, originals[part], first[part], numbered) for part in PARTS}
    texts = {part: done[part].text for part in PARTS}
    return replace(
        candidate,
        text=Text(candidate.text.title or candidate.original.title, **texts),
        question_marks=first["question"].replaced,
        answer_marks=first["answer"].replaced,
        numbered=numbered,
        warnings=tuple(dict.fromkeys((*done["question"].warnings, *done["answer"].warnings))),
    )


def _numbered(originals: dict[str, str], first: dict[str, Anonymised]) -> Iterator[Mark]:
    """Question and answer are numbered on, so that a number means one place."""
    number = 0
    for part in PARTS:
        for each in first[part].replaced:
            number += 1
            word = originals[part][each.start : each.end]
            yield Mark(number, part, word, each.replacement, each.kind, each.confidence, each.by)


def _amended(
    candidate: Candidate, part: str, original: str, found: Anonymised, numbered: tuple[Mark, ...]
) -> Anonymised:
    """What #keep and #replace ask for; the last word about a number counts."""
    places = [mark.number for mark in numbered if mark.part == part]
    first = places[0] if places else 0
    wanted = {number - first + 1: words for number, words in candidate.edits.replace if number in places}
    kept = {number - first + 1 for number in candidate.edits.keep if number in places} - set(wanted)
    return amended(original, found, kept, wanted)
