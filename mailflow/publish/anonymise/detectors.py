"""All detectors, by name: the one place to add another.

Each is a function from a `Reading` to spans. It needs no more than that: overlaps, wording and numbering are done for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from mailflow.publish.anonymise import (
    amounts,
    capitals,
    contacts,
    courtesy,
    dates,
    given,
    identifiers,
    known,
    organisations,
    people,
    places,
)
from mailflow.publish.anonymise.reading import Reading
from mailflow.publish.anonymise.spans import Span

Detector = Callable[[Reading], Iterable[Span]]

DETECTORS: Mapping[str, Detector] = {
    "known": known.known_spans,
    "greeting": courtesy.greetings,
    "closing": courtesy.closings,
    "mail address": contacts.addresses,
    "web address": contacts.urls,
    "telephone": contacts.telephones,
    "account name": contacts.handles,
    "coordinates": contacts.coordinates,
    "bank account": identifiers.accounts,
    "register": identifiers.registered,
    "announced number": identifiers.announced,
    "long number": identifiers.long_numbers,
    "code": identifiers.codes,
    "grouped digits": identifiers.grouped,
    "title": people.titled,
    "introduction": people.introduced,
    "title without capitals": people.unspaced,
    "legal form": organisations.with_legal_form,
    "kind of body": organisations.by_cue,
    "body without capitals": organisations.unspaced,
    "street": places.streets,
    "kind of place": places.by_cue,
    "gazetteer": places.towns,
    "place without capitals": places.unspaced,
    "listed name": given.listed_names,
    "capitals": capitals.capitals,
    "date": dates.dates,
    "amount": amounts.amounts,
    "head count": amounts.counts,
    "few in words": amounts.words_for_few,
    "age": amounts.ages,
}


def detected(reading: Reading, detectors: Mapping[str, Detector] = DETECTORS) -> Iterator[Span]:
    for name, detector in detectors.items():
        yield from named(name, detector(reading))


def named(name: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Those that hold something, with the detector's name."""
    return (replace(span, by=name) for span in spans if span.end > span.start)
