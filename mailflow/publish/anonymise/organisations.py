"""Organisations by their legal form, and by what they call themselves: union, ministry, bank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.given import first_names
from mailflow.publish.anonymise.known import organisation_core
from mailflow.publish.anonymise.reading import HAN, KATAKANA, MARKS, Reading
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import words_of

_MOST = 8  # words of a name
_SHOUTED = 3  # in a text all in capitals, where nothing shows where it begins
_ENGLISH = frozenset({"of", "for", "in", "the"})
_AND = frozenset({"and", "et", "y", "e", "und", "&"})
_JA = f"{HAN}{KATAKANA}A-Za-z0-9Ａ-Ｚａ-ｚ&＆・ー"
_LETTER = rf"(?:[^\W\d_]|[{MARKS}])"


def with_legal_form(reading: Reading) -> Iterator[Span]:
    """As in "Acme Trading Co., Ltd.": back from the form over all that has a capital; and on from "PT", "Công ty"."""
    for found in _forms(reading.words.language, "after").finditer(reading.text):
        first = _back(reading, reading.before(found.start()), found.start())
        if first < reading.before(found.start()):
            yield _span(reading, reading.tokens[first].start, _without_stop(reading.text, found.end()), 0.95)
    for found in _forms(reading.words.language, "before").finditer(reading.text):
        first = reading.before(found.end())
        if first == len(reading.tokens) or reading.text[found.end() : reading.tokens[first].start].strip(
            " \u00a0\"«“'"
        ):
            continue
        end = _on(reading, first)
        if end > first:
            yield _span(reading, found.start(), _without_stop(reading.text, reading.tokens[end - 1].end), 0.85)


def _without_stop(text: str, end: int) -> int:
    """Without the full stop of a sentence that ends with it."""
    after = text[end : end + 2].strip(" \u00a0")
    return end - (text[end - 1] == "." and (not after or after[0].isupper() or after[0] == "\n"))


@lru_cache(maxsize=64)
def _forms(language: str, side: str) -> re.Pattern[str]:
    """Capitals count in short ones, which else would be words; full stops and commas are as people leave them out."""
    choices = []
    for form in sorted(words_of(language).listed("organisations", side), key=len, reverse=True):
        pattern = re.escape(form).replace(r"\.", r"\.?").replace(r"\ ", r"[ \u00a0]").replace(r",", ",?")
        choices += (
            [pattern, pattern.upper().replace(r"\U", r"\u").replace(r"\X", r"\x")] if form[-1].islower() else [pattern]
        )
    return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(choices) or '(?!)'})(?!{_LETTER}|\d)")


def _span(reading: Reading, start: int, end: int, confidence: float, role: str = "") -> Span:
    text = reading.text[start:end]
    return Span(start, end, "organisation", confidence, role, organisation_core(text))


def _back(reading: Reading, last: int, place: int) -> int:
    """The first token of a name whose last one stands before token `last`, which begins at `place`."""
    first = at = last
    while at > 0 and last - at < (_SHOUTED if reading.shouting else _MOST):
        at -= 1
        token = reading.tokens[at]
        gap = reading.text[token.end : place if at + 1 == last else reading.tokens[at + 1].start]
        if (
            token.word.endswith(".")
            and len(token.folded) > 1
            and token.folded not in reading.words.set("people", "titles")
        ):
            break
        if gap.strip(" \u00a0,'’") or "\n" in gap or ("," in gap and at + 1 != last):
            break
        if _named(reading, at):
            first = at
        elif at + 1 == last or not _crosses(reading, at):
            break
    while first < last and _only_opens(reading, first):
        first += 1
    return first


def _crosses(reading: Reading, at: int) -> bool:
    """As in "Smith & Sons", "Bank of X", "Cementos del Sur"; not "Jane Roe of X"."""
    token = reading.tokens[at]
    if token.word == "&" or token.folded in _AND:
        return True
    if not at or token.folded not in reading.words.set("organisations", "joins"):
        return False
    before = reading.tokens[at - 1].folded
    if token.folded in _ENGLISH:
        return before in reading.words.set("organisations", "generic") or before in reading.words.table(
            "organisations", "kinds"
        )
    return not any(each.folded in first_names() for each in reading.tokens[max(0, at - 3) : at])


def _named(reading: Reading, number: int) -> bool:
    token = reading.tokens[number]
    return token.capital or (token.word[0].isdecimal() and len(token.word) < 5)  # noqa: PLR2004


def _only_opens(reading: Reading, number: int) -> bool:
    """As in "The", "At", "Our", "In 2026": at a sentence's beginning they are no part of a name."""
    token = reading.tokens[number]
    return token.folded in reading.words.set("common", "small") or token.word[0].isdecimal()


def _on(reading: Reading, first: int) -> int:
    """After how many tokens a name ends that begins with this one."""
    end = at = first
    while at < len(reading.tokens) and at - first < _MOST:
        if at > first and reading.gap(at - 1, at).strip(" \u00a0"):
            break
        if at > first and reading.tokens[at - 1].word.endswith(".") and len(reading.tokens[at - 1].folded) > 3:  # noqa: PLR2004
            break
        if "\n" in (reading.gap(at - 1, at) if at > first else ""):
            break
        named = _named(reading, at) if at > first else reading.tokens[at].capital
        if named and reading.tokens[at].folded not in reading.words.set("common", "small"):
            end = at + 1
        elif at == first or reading.tokens[at].folded not in reading.words.set("organisations", "joins"):
            break
        at += 1
    return end


def by_cue(reading: Reading) -> Iterator[Span]:
    """As in "Garment Workers' Union", "Ministry of Labour", "Syndicat des mineurs": named by what they are."""
    kinds = {} if reading.shouting else reading.words.table("organisations", "kinds")
    for number, token in enumerate(reading.tokens):
        role = kinds.get(token.folded)
        if not role or not (token.capital or _names_one(reading, number, str(role))):
            continue
        first = _back(reading, number, token.start)
        end = _complement(reading, number + 1)
        alone = first == number and end == number + 1
        if alone or _public(reading, first, end):
            continue
        start, stop = reading.tokens[first].start, reading.tokens[end - 1].end
        yield _span(reading, start, stop - reading.text[start:stop].endswith("."), 0.75, str(role))


def _another(reading: Reading, number: int) -> bool:
    """Whether another body is named next: "Ministry of Labour and the Garment Workers' Union"."""
    kinds = reading.words.table("organisations", "kinds")
    ahead = reading.tokens[number : number + 2]
    return any(token.folded in kinds and token.capital for token in ahead)


def _names_one(reading: Reading, number: int, role: str) -> bool:
    """In small letters: "the union SITRAMA", "le ministère du Travail"."""
    ahead = reading.tokens[number + 1 : number + 3]
    if not ahead or reading.gap(number, number + 1) != " ":
        return False
    if ahead[0].capital:
        return ahead[0].folded not in reading.words.set("common", "small")
    of = ahead[0].folded in reading.words.set("organisations", "joins")
    return of and len(ahead) > 1 and ahead[1].capital and role not in {"union", "organisation_of", "organisation"}


def _complement(reading: Reading, number: int) -> int:
    """As in "of Textile and Garment Workers of Ruritania", "des travailleurs du textile"."""
    end = at = number
    after_join = False
    while at < len(reading.tokens) and at - number < 2 * _MOST:
        token = reading.tokens[at]
        if reading.gap(at - 1, at) not in {" ", "\u00a0", ""} or reading.tokens[at - 1].word.endswith("."):
            break
        join = token.folded in reading.words.set("organisations", "joins")
        if token.folded in _AND and _another(reading, at + 1):
            break
        if token.capital and (after_join or token.folded not in reading.words.set("common", "small")):
            end, after_join = at + 1, False
        elif join:
            after_join = True
        elif (
            after_join or token.folded in reading.words.set("organisations", "adjectives")
        ) and reading.words.language in {
            "fr",
            "es",
            "pt",
        }:
            end, after_join = at + 1, False
        else:
            break
        at += 1
    return end


def _public(reading: Reading, first: int, end: int) -> bool:
    """Bodies of the whole world stay: they give nobody away."""
    text = f" {fold(reading.text[reading.tokens[first].start : reading.tokens[end - 1].end])} "
    return any(f" {name} " in text for name in reading.words.set("stays", "organisations"))


def unspaced(reading: Reading) -> Iterator[Span]:
    """Chinese, Japanese, Thai, Burmese, Urdu, Nepali: a legal form, and the run of letters beside it."""
    for pattern in _patterns(reading.words.language):
        for found in pattern.finditer(reading.text):
            yield _span(reading, found.start(), found.end(), 0.85, _role(reading, found[0]))


def _role(reading: Reading, text: str) -> str:
    kinds = reading.words.tables.get("organisations", {}).get("kinds", {})
    return next((role for cue, role in kinds.items() if cue in text), "")


@lru_cache(maxsize=32)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    words = words_of(language).tables.get("organisations", {})
    shapes = words.get("shapes", ())
    parts = {
        "name": f"[{_JA}]",
        "han": f"[{HAN}A-Za-z0-9]",
        "letters": _LETTER,
        "stop": f"(?:{'|'.join(re.escape(stop) for stop in words.get('stops', ())) or '(?!)'})",
    }
    return tuple(re.compile(_filled(shape, parts)) for shape in shapes)


def _filled(shape: str, parts: dict[str, str]) -> str:
    for name, pattern in parts.items():
        shape = shape.replace(f"<{name}>", pattern)
    return shape
