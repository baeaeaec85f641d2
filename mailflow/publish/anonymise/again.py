"""Whom the machine found in the mails, looked for in the text that would be published.

What was taken out comes back where reviewers keep it, or write it themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailflow.core.publication import Identities, Leak
from mailflow.publish.anonymise.folding import squeeze
from mailflow.publish.anonymise.known import Form, any_generic, form_spans, known_spans, name_parts, organisation_core
from mailflow.publish.anonymise.names import NameModel
from mailflow.publish.anonymise.ordinary import desks, ordinary
from mailflow.publish.anonymise.proposing import spans_of
from mailflow.publish.anonymise.reading import MOST, Reading, readable
from mailflow.publish.anonymise.spans import COURTESY
from mailflow.publish.anonymise.words import read_data, words_of

_CONFIDENT = 0.6
_LONG = 5  # letters and digits of a number or address that is looked for however it is spaced
_SPELLED = frozenset({"person", "organisation"})  # the rest is looked for letter by letter


@dataclass(frozen=True, slots=True)
class Found:
    """Something that names somebody, as it stands in the mails."""

    kind: str
    word: str
    role: str = ""  # as of `Span`


def identified(
    text: str, language: str, known: Identities | None = None, *, names: NameModel | None = None
) -> tuple[Found, ...]:
    """Each once, in the order of the text."""
    reading = Reading(readable(text[:MOST]), language, words_of(language), known or Identities())
    spans = spans_of(reading, names)
    direct = [span for span in spans if span.direct and span.kind != COURTESY and span.confidence >= _CONFIDENT]
    return tuple(dict.fromkeys(Found(span.kind, reading.text[span.start : span.end], span.role) for span in direct))


def again(texts: Mapping[str, str], language: str, found: Sequence[Found]) -> tuple[Leak, ...]:
    """Where they stand again, in texts by what they are."""
    forms = tuple(dict.fromkeys(form for each in found if each.kind in _SPELLED for form in _forms(each, language)))
    whole = [each for each in found if each.kind not in _SPELLED and len(squeeze(each.word)) >= _LONG]
    told = (leak for where, text in texts.items() for leak in _in_text(where, text[:MOST], language, forms, whole))
    return tuple(dict.fromkeys(told))


def _in_text(where: str, text: str, language: str, forms: tuple[Form, ...], whole: Sequence[Found]) -> Iterator[Leak]:
    reading = Reading(text, language, words_of(language))
    for span in form_spans(reading, forms, careful=True):
        yield Leak(span.kind, where, text[span.start : span.end])
    tight = squeeze(text)
    yield from (Leak(each.kind, where, each.word) for each in whole if squeeze(each.word) in tight)


def _forms(each: Found, language: str) -> Iterator[Form]:
    """A name whole, and the parts of it that are no words; of an organisation, its name without the legal form."""
    if each.kind == "organisation":
        core = organisation_core(each.word)
        if core not in any_generic() | desks() | ordinary(language):
            yield Form(core, each.kind, core, 1.0, capital=True)
        return
    parts = name_parts(each.word)
    for text in dict.fromkeys((" ".join(parts), *(part for part in parts if len(part) > 2))):  # noqa: PLR2004
        if len(parts) > 1 or text not in desks():
            yield Form(text, each.kind, (parts or ("",))[-1], 1.0, capital=True)


def told_by_ticket(word: str, language: str, known: Identities) -> bool:
    """Whether a word holds anything that the ticket knows of its people."""
    return any(True for _ in known_spans(Reading(word, language, words_of(language), known)))


def same_words(word: str, others: Sequence[str]) -> bool:
    """Whether it is one of these, or part of one."""
    return any(squeeze(word) and squeeze(word) in squeeze(other) for other in others)


def said_to_reviewers(language: str, what: str, **named: str) -> str:
    """A sentence in the language of the text where we have it, else in English."""
    table = read_data("warnings")
    said: dict[str, str] = {**table["en"], **table.get(words_of(language).language, {})}
    return said[what].format(**named)
