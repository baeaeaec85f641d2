"""The check before every step onward: whether a text still says who somebody is.

It reads a text in several ways, since what is broken over lines, spaced out, hidden between invisible characters or
encoded is found by search engines and by people, too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from mailflow.core.publication import Identities, Leak
from mailflow.publish.anonymise import contacts, identifiers, people
from mailflow.publish.anonymise.detectors import Detector, detected
from mailflow.publish.anonymise.folding import squeeze
from mailflow.publish.anonymise.known import Form, forms_of, known_spans
from mailflow.publish.anonymise.needed import ask_for_libraries
from mailflow.publish.anonymise.ordinary import ordinary_anywhere
from mailflow.publish.anonymise.proposing import staying_out
from mailflow.publish.anonymise.reading import MOST, Reading, readable
from mailflow.publish.anonymise.words import words_of

# What may not stand in what is published, whoever it belongs to. Web addresses may: answers cite sources.
FORBIDDEN: Mapping[str, Detector] = {
    "mail address": contacts.addresses,
    "telephone": contacts.telephones,
    "coordinates": contacts.coordinates,
    "bank account": identifiers.accounts,
    "register": identifiers.registered,
    "announced number": identifiers.announced,
    "title": people.titled,
    "title without capitals": people.unspaced,
}
_HYPHENATED = re.compile(r"[-\u00ad\u2010\u2011][ \t]*+\r?\n[ \t>]*+")
_SHOWN = 60  # characters of what is too long, so that people see where it is
_LONG = 7  # letters of a name that is looked for without regard to spaces


def leaks(texts: Mapping[str, str], language: str, known: Identities) -> tuple[Leak, ...]:
    """What must not be published, in texts by what they are (question, answer, title). None: it may go on."""
    ask_for_libraries()
    return tuple(
        dict.fromkeys(leak for where, text in texts.items() for leak in _in_text(where, text, language, known))
    )


def _in_text(where: str, text: str, language: str, known: Identities) -> Iterator[Leak]:
    if len(text) > MOST:  # what nobody read isn't proven
        yield Leak("description", where, text[MOST : MOST + _SHOWN])
    for version in readings_of(text[:MOST]):
        reading = Reading(version, language, words_of(language), known)
        yield from (Leak(span.kind, where, version[span.start : span.end]) for span in known_spans(reading))
        reading = Reading(readable(version), language, words_of(language), known)
        spans = staying_out(reading, tuple(detected(reading, FORBIDDEN)))
        yield from (Leak(span.kind, where, version[span.start : span.end]) for span in spans)
    yield from _run_together(where, text[:MOST], forms_of(known))


def readings_of(text: str) -> tuple[str, ...]:
    """The text as it stands, decoded, and with words joined that lines break; each once."""
    decoded = html.unescape(unquote(html.unescape(text)))
    whole = _HYPHENATED.sub("", decoded)
    return tuple(dict.fromkeys((text, decoded, whole)))


def _run_together(where: str, text: str, forms: Iterable[Form]) -> Iterator[Leak]:
    """As in "J a n e  R o e", "janeroe", "acme-textiles": whole names and addresses, letters alone compared."""
    tight = squeeze(html.unescape(unquote(text)))
    for form in forms:
        needle = squeeze(form.text)
        whole = " " in form.text or (form.kind in {"address", "url", "token"} and not form.text.isalpha())
        if len(needle) >= _LONG and whole and needle in tight:
            yield Leak(form.kind, where, form.text)


def known_words(known: Identities) -> tuple[str, ...]:
    """What to look for in files, as `file_leaks` wants it: whole names and words long enough to mean something."""
    forms = (form.text for form in forms_of(known) if len(form.text) > 3 or not form.text.isascii())  # noqa: PLR2004
    return tuple(dict.fromkeys(form for form in forms if form not in ordinary_anywhere()))
