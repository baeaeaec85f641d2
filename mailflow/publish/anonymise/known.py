"""What the ticket itself knows of its people, in every form in which it may stand in a text.

Names whole and in parts, declined, with initials; organisations with and without their legal form; domains with and
without www; numbers in any spacing; tokens however they are broken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from mailflow.core.publication import Identities
from mailflow.publish.anonymise.folding import Folded, fold, squeeze
from mailflow.publish.anonymise.ordinary import desks, kin_of, tells
from mailflow.publish.anonymise.reading import HAN, Reading
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import LANGUAGES, words_of

MOST_FORMS = 5_000  # of one ticket's people: more would be no ticket's
ENDING = 4  # letters that declension may add
UNSPACED = re.compile(f"[{HAN}\u3040-\u30ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_HAN_NAME = re.compile(f"[{HAN}]{{3,5}}")
_DIGITS = re.compile(r"\d(?:[\s.\-/()\u2010-\u2013]{0,3}+\d)*+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_WRITTEN_OUT = re.compile(r"(?<=[^\W\d_aeiouqäöü])[aou]e(?=[^\W\d_]{2})", re.IGNORECASE)  # not in "Sue", "Bauer"
_LONG = 6  # letters from which on a part of a name counts in small letters, too
_COMPOUND = 10  # letters from which on what stands before or after an "@" is hardly one word
_FEW_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which something known may be written, folded."""

    text: str
    kind: str
    thing: str
    confidence: float
    capital: bool = False  # counts only where it begins with a capital, if its script has them
    declined: bool = False  # may have an ending, or another one
    squeezed: bool = False  # compared without spaces and signs


def known_spans(reading: Reading) -> Iterator[Span]:
    forms = forms_of(reading.known)
    yield from form_spans(reading, tuple(form for form in forms if not form.squeezed), careful=True)
    yield from _squeezed_spans(reading.folded, tuple(form for form in forms if form.squeezed))
    yield from _number_spans(reading.text, reading.known.numbers)
    yield from _initial_spans(reading)


def forms_of(known: Identities) -> tuple[Form, ...]:
    found = [
        *(form for name in known.names for form in _person_forms(name)),
        *(form for name in known.organisations for form in organisation_forms(name)),
        *(form for address in known.addresses for form in _address_forms(address)),
        *(form for domain in known.domains for form in _domain_forms(domain)),
        *(Form(squeeze(token), "token", squeeze(token), 1.0, squeezed=True) for token in known.tokens),
    ]
    return tuple(dict.fromkeys(form for form in found if len(form.text) > 1))[:MOST_FORMS]


# ---------------------------------------------------------------- people


def people_of(known: Identities) -> tuple[str, ...]:
    """Names in each spelling; not those of a desk, such as "Human Resources"."""
    names = (name for name in known.names if not _of_a_desk(name))
    return tuple(dict.fromkeys(spelled for name in names for spelled in spellings(name)))


def _person_forms(name: str) -> Iterator[Form]:
    """Of all spellings, as one person."""
    thing = (name_parts(name) or ("",))[-1]
    for spelled in people_of(Identities(names=(name,))):
        yield from (replace(form, thing=thing) for form in name_forms(spelled))


def _of_a_desk(name: str) -> bool:
    words = re.findall(r"[^\W\d_]+", fold(name))
    return bool(words) and all(word in desks() for word in words)


def spellings(name: str) -> tuple[str, ...]:
    """As in "Müller", "Mueller": an umlaut may be written with two letters, and two letters be an umlaut."""
    written = unicodedata.normalize("NFC", name)
    spelled = written.translate(_UMLAUTS)
    bare = _WRITTEN_OUT.sub(lambda found: found[0][0], written)
    return tuple(dict.fromkeys((name, spelled, bare)))


def name_forms(name: str, confidence: float = 1.0) -> Iterator[Form]:
    """The whole name, turned round, and each part that can stand alone."""
    parts = name_parts(name)
    if not parts:
        return
    thing = parts[-1]
    whole = fold(name.replace(",", " "))
    for text in {whole, " ".join(parts), " ".join((*parts[1:], parts[0])), f"{parts[-1]}, {' '.join(parts[:-1])}"}:
        yield Form(
            text, "person", thing, confidence, declined=len(parts) > 1, capital=len(parts) == 1 < len(text) < _LONG
        )
    for part in parts:
        if len(parts) > 1 and (len(part) > 2 or (UNSPACED.search(part) and len(part) > 1)):  # noqa: PLR2004
            yield Form(part, "person", thing, 0.9 * confidence, capital=len(part) < _LONG, declined=True)
    if len(parts) > 1 and UNSPACED.search(thing):
        yield Form("".join(parts), "person", thing, confidence)
    if len(parts) == 1 and _HAN_NAME.fullmatch(thing):
        yield from (Form(half, "person", thing, 0.8 * confidence) for half in _han_halves(thing))


def _han_halves(name: str) -> tuple[str, ...]:
    """Of a name without a space: the given name of three characters, either half of four or five."""
    return (name[1:],) if len(name) == 3 else (name[:2], name[2:], name[:-2], name[-2:])  # noqa: PLR2004


def name_parts(name: str) -> tuple[str, ...]:
    """Without titles, particles and initials."""
    words = [fold(word).strip(".'\"()") for word in re.split(r"[\s,;·・=＝]+", name)]
    left_out = words_of("").set("people", "particles") | _any_title()
    return tuple(word for word in words if len(word) > 1 and word not in left_out)


@lru_cache(maxsize=1)
def _any_title() -> frozenset[str]:
    return frozenset(fold(title).strip(".") for tag in LANGUAGES for title in words_of(tag).listed("people", "titles"))


def _initial_spans(reading: Reading) -> Iterator[Span]:
    """As in "J. R." or "J.R." of somebody whose names begin so."""
    for name in people_of(reading.known):
        parts = name_parts(name)
        if len(parts) < 2 or UNSPACED.search(name):  # noqa: PLR2004
            continue
        pattern = r"\.?[ \-]?".join(re.escape(part[0].upper()) for part in parts)
        for found in re.finditer(rf"(?<![\w.]){pattern}\.", reading.text):
            yield Span(found.start(), found.end(), "person", 0.8, thing=parts[-1])


# ---------------------------------------------------------------- organisations, addresses


def organisation_forms(name: str, confidence: float = 1.0) -> Iterator[Form]:
    """With and without its legal form, its first word if that is no common one, its initials."""
    core = organisation_core(name)
    generic = any_generic()
    whole = {fold(name), _without(fold(name), _edges(("",)))}
    for text in whole if core in generic else {*whole, core}:
        yield Form(text, "organisation", core, confidence, capital=len(text) < _LONG, declined=False)
    words = _without(fold(name), _edges(("",))).split()
    if len(words) > 1 and len(words[0]) > 3 and words[0] != core and words[0] not in generic:  # noqa: PLR2004
        yield Form(words[0], "organisation", core, 0.7 * confidence, capital=True)
    initials = "".join(word[0] for word in words if word not in generic or len(word) > 3)  # noqa: PLR2004
    if len(initials) > 2 and initials.isascii():  # noqa: PLR2004
        yield Form(initials, "organisation", core, 0.6 * confidence, capital=True)


def organisation_core(name: str) -> str:
    """Its name without legal form and article, folded: the same for all ways to name it."""
    return _without(_without(fold(name), _edges(("", *LANGUAGES))), _edges(("", *LANGUAGES))) or fold(
        name
    )  # twice: "Empresa Textiles X S.A."


def _without(name: str, edges: tuple[tuple[str, str], ...]) -> str:
    core = name.strip(" .,\"'()")
    for text, spaced in edges:
        core = core.removesuffix(f"{spaced}{text}").removeprefix(f"{text}{spaced}").strip(" .,()")
    return core.removeprefix("the ")


@lru_cache(maxsize=2)
def _edges(tags: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Legal forms of languages, the longest first, and what stands between them and the name."""
    edges = {
        text
        for tag in tags
        for side in ("before", "after")
        for edge in words_of(tag).set("organisations", side)
        for text in (edge, edge.replace(".", ""))
    }
    return tuple((edge, "" if UNSPACED.search(edge) else " ") for edge in sorted(edges, key=lambda e: (-len(e), e)))


@lru_cache(maxsize=1)
def any_generic() -> frozenset[str]:
    return frozenset().union(*(words_of(tag).set("organisations", "generic") for tag in LANGUAGES))


def _address_forms(address: str) -> Iterator[Form]:
    local, _, _domain = address.rpartition("@")
    yield Form(fold(address), "address", fold(address), 1.0)
    if len(local) > 3 and not _of_a_desk(local):  # noqa: PLR2004
        yield Form(fold(local), "address", fold(address), 0.8, capital=_a_word(local))
        spoken = re.sub(r"[._\-]+", " ", local)
        if " " in spoken.strip() and not any(sign.isdecimal() for sign in spoken):
            yield Form(fold(spoken), "person", fold(spoken).split()[-1], 0.8)


def _a_word(text: str) -> bool:
    """Whether it may be a word of any language, so that only a capital makes a name of it."""
    return text.isalpha() and len(text) < _COMPOUND


def _domain_forms(domain: str) -> Iterator[Form]:
    bare = fold(domain).removeprefix("www.").strip(".@")
    if not bare:
        return
    for text in (
        bare,
        f"www.{bare}",
        bare.replace(".", " dot "),
        bare.replace(".", " (dot) "),
        bare.replace(".", "[.]"),
    ):
        yield Form(text, "url", bare, 1.0)
    label = max(bare.split(".")[:-1] or [bare], key=len)
    if len(label) > 3 and label not in any_generic() and not _of_a_desk(label):  # noqa: PLR2004
        yield Form(label, "organisation", label, 0.8, capital=_a_word(label))
        if "-" in label:
            yield Form(label.replace("-", " "), "organisation", label, 0.8)


# ---------------------------------------------------------------- where they stand


def form_spans(reading: Reading, forms: tuple[Form, ...], *, careful: bool = False) -> Iterator[Span]:
    """In one pass, however many forms there are. `careful`: a common word counts only where it is used as a name."""
    if not forms:
        return
    kin = kin_of(name_parts(name) for name in people_of(reading.known)) if careful else {}
    by_text: dict[str, list[Form]] = {}
    for form in forms:
        by_text.setdefault(_stem(form), []).append(form)
    needles = list(by_text)
    text = reading.folded.text
    for number, start, end in AhoCorasick(needles).find_matches_as_indexes(text, overlapping=True):
        for form in by_text[needles[number]]:
            stop = _end_of(text, start, end, form)
            if stop is None:
                continue
            first, last = reading.folded.place(start, stop)
            bent = text[start:stop] != form.text
            word = text[start:stop]
            meant = not careful or not word.isalpha() or form.kind == "url" or tells(reading, first, word, kin)
            if meant and (not (form.capital or bent) or not reading.text[first].islower()):
                yield Span(first, last, form.kind, form.confidence, thing=form.thing)


def _stem(form: Form) -> str:
    """As in "Kowalsk" for "Kowalski", as in "Kowalskiego"; "Ann" for "Anna", as in "Anną"."""
    return form.text[:-1] if _bends(form) and form.text[-1] in "aeiouy" else form.text


def _bends(form: Form) -> bool:
    return form.declined and len(form.text) > 3 and not UNSPACED.search(form.text)  # noqa: PLR2004


def _end_of(text: str, start: int, end: int, form: Form) -> int | None:
    """Where the word ends that the form stands in; None where it is but a part of another word."""
    if UNSPACED.search(form.text):
        return end
    if start and text[start].isalnum() and in_word(text[start - 1]):
        return None
    stop = end
    while stop < len(text) and stop - end <= ENDING and in_word(text[stop]):
        stop += 1
    whole = start + len(form.text)
    if stop == whole and text[start:whole] == form.text:
        return stop
    return stop if _bends(form) and end < stop <= end + ENDING else None


def in_word(sign: str) -> bool:
    return (sign.isalnum() and not UNSPACED.match(sign)) or "\u093a" <= sign <= "\u094f" or "\u0900" <= sign <= "\u0903"


def _squeezed_spans(text: Folded, forms: tuple[Form, ...]) -> Iterator[Span]:
    long_enough = [form for form in forms if len(form.text) >= _FEW_DIGITS]
    if not long_enough:
        return
    tight = text.squeezed()
    for number, start, end in AhoCorasick([form.text for form in long_enough]).find_matches_as_indexes(
        tight.text, overlapping=True
    ):
        first, last = tight.place(start, end)
        yield Span(first, last, "token", 1.0, thing=long_enough[number].thing)


def _number_spans(text: str, numbers: tuple[str, ...]) -> Iterator[Span]:
    """However they are spaced, with or without the country's prefix."""
    wanted = {ending for number in numbers for ending in number_endings(number)}
    if not wanted:
        return
    for found in _DIGITS.finditer(text):
        digits = digits_of(found[0])
        if any(digits.endswith(ending) or (len(ending) > 7 and ending in digits) for ending in wanted):  # noqa: PLR2004
            yield Span(found.start(), found.end(), "telephone", 1.0, thing=digits[-7:])


def digits_of(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def number_endings(number: str) -> tuple[str, ...]:
    """The digits by which a number is known: all, or without a country's or a trunk prefix."""
    digits = digits_of(number)
    if len(digits) < _FEW_DIGITS:
        return ()
    return (digits.lstrip("0") if len(digits) < 9 else digits[-8:],)  # noqa: PLR2004
