"""The machine's part of publication: it proposes a text, numbers what it replaced, and names what must not stay.

It only ever proposes. What people wrote is looked through, and never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from babel import Locale, UnknownLocaleError

from mailflow.core.publication import Anonymised, Candidate, Identities, Leak, Mark, Text
from mailflow.publish.anonymise import (
    Found,
    NameModel,
    again,
    amended,
    anonymise,
    identified,
    leaks,
    rare,
    said_to_reviewers,
    same_words,
    told_by_ticket,
)

PARTS = ("question", "answer")
# What a reviewer may keep, where the ticket knows nothing of it: the machine takes public bodies and laws for others.
MAY_STAY = frozenset({"organisation", "place", "number", "url"})
PUBLIC = frozenset({"ministry", "authority"})  # roles of bodies that an answer may cite
SPOKEN: Mapping[str, str] = {}  # of each part: its language, where it isn't the candidate's


@dataclass(frozen=True, slots=True)
class Circle:
    """How many tickets share the coding of this one, and what the coding says in the text's language."""

    alike: int
    enough: int  # fewer than this are few
    sector: str = ""  # its label
    countries: tuple[str, ...] = ()  # names


def looked_through(
    candidate: Candidate,
    known: Identities,
    circle: Circle,
    names: NameModel | None = None,
    languages: Mapping[str, str] = SPOKEN,
) -> Candidate:
    """The same with a text, where no person wrote one; and with all that its reviewers should know of it.

    `languages`: of question and answer (BCP 47), where they aren't in the candidate's.
    """
    made = candidate if _by_a_person(candidate) else _proposed(candidate, known, names, languages)
    kept = _kept(made, known, languages)
    differ = () if _by_a_person(made) else _two_languages(made, languages)
    told = (*made.warnings, *_on_purpose(made, kept), *differ, *_few(made, circle))
    found = _leaks(made, known, kept, names, languages)
    return replace(made, leaks=found, warnings=tuple(dict.fromkeys(told)))


def _few(made: Candidate, circle: Circle) -> tuple[str, ...]:
    return rare(
        circle.sector,
        _named(circle.countries, made.language),
        f"{made.text.question}\n{made.text.answer}",
        circle.alike,
        circle.enough,
        made.language,
    )


def _named(countries: tuple[str, ...], language: str) -> tuple[str, ...]:
    """ISO 3166 codes as the language calls them."""
    territories = _locale(language).territories
    return tuple(territories.get(code, code) for code in countries)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def still_leaks(candidate: Candidate, known: Identities, languages: Mapping[str, str] = SPOKEN) -> tuple[Leak, ...]:
    """Before a page is made of it: the check once more, with all that is known by now."""
    return _leaks(candidate, known, _kept(candidate, known, languages), None, languages)


def _by_a_person(candidate: Candidate) -> bool:
    return bool(candidate.text.answer) and not candidate.numbered


# ---------------------------------------------------------------- what must not stay


def _leaks(
    made: Candidate,
    known: Identities,
    kept: tuple[str, ...],
    names: NameModel | None,
    languages: Mapping[str, str],
) -> tuple[Leak, ...]:
    """What the ticket knows, what nobody may publish, and whom the machine found in the mails; but for what is kept."""
    spoken = SPOKEN if _by_a_person(made) else languages  # a translation isn't in the language of the mails
    found = [
        leak
        for part, text in made.text.parts.items()
        for leak in leaks({part: text}, spoken.get(part, made.language), known)
    ]
    found += again(made.text.parts, made.language, _identified(made, known, names, languages))
    return tuple(dict.fromkeys(leak for leak in found if leak.kind not in MAY_STAY or not same_words(leak.word, kept)))


def _identified(
    made: Candidate, known: Identities, names: NameModel | None, languages: Mapping[str, str]
) -> tuple[Found, ...]:
    """Whoever is named in the mails, also where a person wrote another text: it may name them again."""
    originals = made.original.parts
    return tuple(
        each
        for part in PARTS
        for each in identified(originals[part], languages.get(part, made.language), known, names=names)
    )


def _kept(made: Candidate, known: Identities, languages: Mapping[str, str]) -> tuple[str, ...]:
    """Words that people left on purpose, and may: a false alarm must not block for good."""
    left = _cited(made, known, languages) if _by_a_person(made) else _chosen(made)
    words = dict.fromkeys(word.strip() for word in left)
    return tuple(word for word in words if not told_by_ticket(word, made.language, known))


def _chosen(made: Candidate) -> Iterator[str]:
    """By #keep."""
    wanted = made.edits.keep - {number for number, _ in made.edits.replace}
    yield from (mark.word for mark in made.numbered if mark.number in wanted and mark.kind in MAY_STAY)


def _cited(made: Candidate, known: Identities, languages: Mapping[str, str]) -> Iterator[str]:
    """The sources and public bodies of the expert's answer, where somebody wrote them into their own text."""
    spoken = languages.get("answer", made.language)
    written = tuple(made.text.parts.values())
    for each in identified(made.original.answer, spoken, known):
        if (each.kind == "url" or each.role in PUBLIC) and same_words(each.word, written):
            yield each.word


def _on_purpose(made: Candidate, kept: tuple[str, ...]) -> Iterator[str]:
    if kept:
        yield said_to_reviewers(made.language, "kept", words="; ".join(kept))


def _two_languages(made: Candidate, languages: Mapping[str, str]) -> Iterator[str]:
    question, answer = (languages.get(part, made.language) for part in PARTS)
    if question.partition("-")[0].lower() != answer.partition("-")[0].lower():
        called = _locale(said_to_reviewers(made.language, "locale")).languages
        names = {
            part: called.get(tag.partition("-")[0], tag) for part, tag in zip(PARTS, (question, answer), strict=True)
        }
        yield said_to_reviewers(made.language, "differ", **names)


# ---------------------------------------------------------------- the machine's text


def _proposed(
    candidate: Candidate, known: Identities, names: NameModel | None, languages: Mapping[str, str]
) -> Candidate:
    """The machine's text, with what reviewers wanted of it."""
    originals = candidate.original.parts
    first = {
        part: anonymise(originals[part], languages.get(part, candidate.language), known, names=names) for part in PARTS
    }
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
