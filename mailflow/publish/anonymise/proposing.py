"""A text without those it speaks of: found by every detector, replaced by roles, as a proposal for people."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from ahocorasick_rs import AhoCorasick, MatchKind

from mailflow.core.publication import Anonymised, Identities, Replaced
from mailflow.publish.anonymise.capitals import worth
from mailflow.publish.anonymise.detectors import DETECTORS, detected, named
from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.gazetteer import countries
from mailflow.publish.anonymise.given import first_names
from mailflow.publish.anonymise.known import Form, any_generic, form_spans, name_forms, organisation_forms
from mailflow.publish.anonymise.names import MODELS, NameModel, model_spans
from mailflow.publish.anonymise.needed import ask_for_libraries
from mailflow.publish.anonymise.reading import MOST, Reading, readable
from mailflow.publish.anonymise.roles import Cast, instead, phrases
from mailflow.publish.anonymise.spans import COURTESY, Span, resolved
from mailflow.publish.anonymise.words import read_data, words_of

_SHORT = re.compile(r" ?[(（][\"“«]?([^\W\d_][\w.\-]{1,13}+)[\"”»]?[)）]")
_HIDDEN = re.compile("\ufffd{60,}+")
_HALF, _LIKELY = 0.5, 0.6
_NUMBER = re.compile(r" ?\d{1,2}(?!\d)")
_SURE = 0.7  # from which on what was found once is looked for everywhere
_NO_CAPITALS = frozenset({"ja", "zh", "zh-Hant", "th", "my", "ur", "ne"})


def anonymise(
    text: str, language: str, known: Identities | None = None, *, names: NameModel | None = None
) -> Anonymised:
    """The proposal for a text in a language (BCP 47). People decide: no machine makes a text anonymous.

    The same arguments give the same result. In a language that we don't know, what needs no words of it is found, and
    a warning says so. `names`: a model to ask besides the rules (`installed_names()`).
    """
    ask_for_libraries()
    reading = Reading(readable(text[:MOST]), language, words_of(language), known or Identities())
    spans = (*spans_of(reading, names), *_unread(text))
    return written(text, spans, language, warnings_for(reading, spans, names, unread=len(text) > MOST))


def spans_of(reading: Reading, names: NameModel | None = None) -> tuple[Span, ...]:
    """In order, none overlapping another."""
    every = (*found(reading, names), *_coded(reading))
    return unified(resolved(every, lambda start, end: worth(reading, start, end)), reading.text)


def _coded(reading: Reading) -> Iterable[Span]:
    """Attachments in letters, which `readable` made unreadable: nobody knows what they hold."""
    for hidden in _HIDDEN.finditer(reading.text):
        yield Span(*hidden.span(), "token", 1.0, shown="[…]", by="coded attachment")


def _unread(text: str) -> Iterable[Span]:
    if len(text) > MOST:
        yield Span(MOST, len(text), "description", 1.0, shown="[…]", by="too long")


def found(reading: Reading, names: NameModel | None = None) -> tuple[Span, ...]:
    """All that any detector finds, overlapping and in no order."""
    first = list(detected(reading, DETECTORS))
    if names is not None:
        first += named("model", model_spans(reading, names))
    first += named("short form", _short_forms(reading, first))
    every = [*first, *named("echo", _echoes(reading, first))]
    return tuple(_without_possessive(reading, span) for span in staying_out(reading, every))


def _without_possessive(reading: Reading, span: Span) -> Span:
    """The "'s" stays in the text."""
    own = span.direct and span.shown is None and reading.text[span.start : span.end].endswith(("'s", "’s"))
    return replace(span, end=span.end - 2) if own and span.end - span.start > 2 else span  # noqa: PLR2004


def _echoes(reading: Reading, first: Iterable[Span]) -> Iterable[Span]:
    """Whoever was found by a title or a legal form stands elsewhere without it."""
    sure = [span for span in first if span.by not in {"known", "closing"} and span.confidence >= _enough(span)]
    people = {(span.thing, _bare(reading, span)) for span in sure if span.kind == "person" and span.thing}
    bodies = {span.thing for span in sure if span.kind == "organisation" and len(span.thing) > 2}  # noqa: PLR2004
    forms = [
        *(replace(form, thing=thing, capital=True) for thing, name in people for form in name_forms(name, 0.7)),
        *(_echoed(form) for body in bodies for form in organisation_forms(body, 0.7)),
    ]
    stays = reading.words.set("common", "small") | countries() | reading.words.set("organisations", "generic")
    return form_spans(
        reading, tuple(form for form in dict.fromkeys(forms) if len(form.text) > 1 and _speaks(form, stays))
    )


def _speaks(form: Form, stays: Collection[str]) -> bool:
    """Whether it is no common word; a weekday may be somebody's first name."""
    return form.text not in stays or (form.kind == "person" and len(form.text) > 3 and form.text in first_names())  # noqa: PLR2004


def _short_forms(reading: Reading, first: Iterable[Span]) -> Iterable[Span]:
    """The "(GWU)" after a name that was found goes with it, and stands for it elsewhere."""
    for span in first:
        if span.kind != "organisation" or span.confidence < _SURE:
            continue
        found = _SHORT.match(reading.text, span.end)
        if not found or fold(found[1]) in reading.words.set("people", "titles"):
            continue
        if fold(found[1]) in reading.words.set("stays", "organisations"):
            continue
        yield Span(found.start(), found.end(), "organisation", 0.85, span.role, span.thing, "")
        for again in re.finditer(rf"(?<!\w){re.escape(found[1])}(?!\w)", reading.text):
            if again.start() != found.start(1):
                yield Span(again.start(), again.end(), "organisation", 0.85, span.role, span.thing)


def _enough(span: Span) -> float:
    """One word alone is looked for only where it was found for sure."""
    return _HALF if " " in span.thing or span.by == "capitals" else _LIKELY if span.kind == "person" else _SURE


def _echoed(form: Form) -> Form:
    """A capital is asked for: we only guess at what is a name here."""
    return replace(form, capital=True)


def _bare(reading: Reading, span: Span) -> str:
    """A name without its title."""
    titles = reading.words.set("people", "titles")
    words = reading.text[span.start : span.end].split()
    return " ".join(word for word in words if fold(word).strip(".") not in titles)


def staying_out(reading: Reading, spans: Sequence[Span]) -> Iterable[Span]:
    """Public bodies, countries and our own roles that a rule took for somebody stay; what the ticket knows never does."""
    stays = reading.words.set("stays", "organisations") | reading.words.set("stays", "names") | countries()
    ours = _ours(reading)
    for span in spans:
        text = fold(reading.text[span.start : span.end])
        if span.by in {"known", "greeting", "closing"} or (text not in stays and not _within(span, ours)):
            yield span


def _neighbours_joined(spans: Sequence[Span], text: str) -> Sequence[Span]:
    """As in "Anny Kowalskiej" was found as two names of one person."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and span.thing and (last.kind, last.thing) == (span.kind, span.thing) and _touch(text, last, span):
            joined[-1] = replace(last, end=span.end)
        else:
            joined.append(span)
    return joined


def _touch(text: str, first: Span, second: Span) -> bool:
    return not text[first.end : second.start].strip() and second.start - first.end < 3  # noqa: PLR2004


def unified(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """As in "Acme", "Acme Textiles" and "Acme Textiles factory" are one: the shortest name that the others begin with."""
    names = sorted(
        {span.thing for span in spans if span.kind == "organisation" and span.thing}, key=lambda n: (len(n), n)
    )
    generic = any_generic()
    roles = {span.thing: span.role for span in spans if span.role}
    spans = _neighbours_joined(spans, text)
    whole = {name: next((short for short in names if _begins(name, short, generic)), name) for name in names}
    return tuple(
        replace(span, thing=whole[span.thing], role=span.role or roles.get(span.thing, ""))
        if span.kind == "organisation" and span.thing in whole
        else span
        for span in spans
    )


def _begins(name: str, short: str, generic: Collection[str]) -> bool:
    if name.isascii():
        return short not in generic and f"{name} ".startswith(f"{short} ")
    return short in name


def _ours(reading: Reading) -> Sequence[tuple[int, int]]:
    """Where our own words for somebody stand already, with a number after them."""
    finder = AhoCorasick(list(phrases(reading.language)), matchkind=MatchKind.LeftmostLongest)
    text = reading.folded.text
    found = finder.find_matches_as_indexes(text)
    numbered = ((start, end, _NUMBER.match(text, end)) for _, start, end in found)
    return [reading.folded.place(start, number.end() if number else end) for start, end, number in numbered]


def _within(span: Span, places: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(places, (span.start, len(places) and places[-1][1]))
    return at > 0 and places[at - 1][0] <= span.start and span.end <= places[at - 1][1]


# ---------------------------------------------------------------- writing it


def written(text: str, spans: Sequence[Span], language: str, warnings: tuple[str, ...] = ()) -> Anonymised:
    """The text with its replacements; `spans` are in order and don't overlap."""
    cast, since = Cast(), 0
    replaced: list[Replaced] = []
    for span in spans:
        start, end, shown = _shown(text, span, cast, language, since)
        replaced.append(Replaced(start, end, span.kind, shown, span.confidence, span.by))
        since = end
    return Anonymised(applied(text, replaced), tuple(replaced), warnings)


def _shown(text: str, span: Span, cast: Cast, language: str, since: int) -> tuple[int, int, str]:
    if span.kind == COURTESY:
        return span.start, span.end, ""
    if span.shown is None:
        words = instead(text, span, cast, language, since)
        return words.start, span.end, words.text
    return max(since, span.start), span.end, span.shown


def applied(text: str, replaced: Iterable[Replaced]) -> str:
    """The original with each replacement in its place."""
    parts, place = [], 0
    for each in replaced:
        parts += [text[place : each.start], each.replacement]
        place = each.end
    return "".join([*parts, text[place:]])


# ---------------------------------------------------------------- what to think of it


def warnings_for(
    reading: Reading, spans: Sequence[Span], names: NameModel | None, *, unread: bool = False
) -> tuple[str, ...]:
    """Sentences in the language of the text, where we have them, else in English."""
    tag = reading.words.language
    said = {**read_data("warnings")["en"], **read_data("warnings").get(tag, {})}
    language = tag or reading.language or "und"
    told = []
    if not tag:
        told.append(said["unknown"].format(language=language))
    elif tag in _NO_CAPITALS:
        told.append(said["no_capitals"].format(language=said.get(f"name_{tag}", tag)))
    if tag in MODELS and (names is None or tag not in names.languages):
        told.append(said["no_model"].format(package=MODELS[tag][0].package))
    elif tag and tag not in MODELS and tag not in _NO_CAPITALS:
        told.append(said["rules_only"].format(language=said.get(f"name_{tag}", tag)))
    unsure = sum(span.confidence < _SURE for span in spans)
    if unsure:
        told.append(said["unsure_one" if unsure == 1 else "unsure"].format(count=unsure))
    if unread:
        told.append(said["unread"].format(most=MOST))
    return tuple(told)
