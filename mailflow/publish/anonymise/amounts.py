"""Amounts of money, head counts and ages made coarser: one figure counts, the rest becomes noughts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from mailflow.publish.anonymise.reading import MARKS, Reading
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import words_of

_NUMBER = r"\d{1,3}(?:[.,'’  \u00a0\u202f]\d{2,3}(?!\d)){1,4}(?:[.,]\d{1,2}(?!\d))?|\d{1,9}(?:[.,]\d{1,2}(?!\d))?"
_PART = re.compile(r"(?<![\w.,/\-])(\d{1,6}) (?:of|de|des|von|sur|dos|das|out of)(?: \w{1,6}){0,2} $")
_CITED = ("no.", "no", "n°", "nº", "nr.", "núm.", "art.", "article", "c", "num", "#")  # what follows is no count
_COUPLE = 2
_SMALL = 20  # heads: fewer are left as they are
_ADULT = 18  # years: the age of a child is what the question is about


def amounts(reading: Reading) -> Iterator[Span]:
    for found in _money(reading.words.language).finditer(reading.text):
        number = found["before"] or found["after"]
        coarse = _rounded(number, up=True)
        if coarse is None:
            continue
        before, shown = _about(reading, found.start(), found[0].replace(number, coarse, 1), "about")
        yield Span(found.start() - before, found.end(), "amount", 0.8, thing=found[0], shown=shown)


def counts(reading: Reading) -> Iterator[Span]:
    """How many people, as the word after the number says; or before it, where the language has it so."""
    pattern = _counted(reading.words.language)
    if pattern is None:
        return
    told: dict[str, str] = {}
    for found in pattern.finditer(reading.text):
        for part in _part(reading, found.start("number")):
            yield part
            told[part.thing] = str(_rounded(part.thing, up=False))
        coarse = _rounded(found["number"], up=False)
        if _value(found["number"]) < _SMALL:
            yield from _few(reading, found)
        if coarse is None or _value(found["number"]) < _SMALL:
            continue
        told[found["number"]] = coarse
        template = reading.words.say("numbers", "over", "{n}")
        whole = "{noun}" in template
        end = found.end() if whole else found.end("number")
        noun = reading.text[found.end("number") : found.end()] if whole else ""
        before, shown = _about(reading, found.start("number"), template.format(n=coarse, noun=noun), "")
        yield Span(found.start("number") - before, end, "count", 0.8, thing=found[0], shown=shown)

    yield from _again(reading, told)


def _few(reading: Reading, found: re.Match[str]) -> Iterator[Span]:
    """Three to nineteen are several: how many exactly a reader need not know."""
    feminine = found[0].endswith("as")
    several = reading.words.say("numbers", "several_f" if feminine else "several") or reading.words.say(
        "numbers", "several"
    )
    if several and _value(found["number"]) > _COUPLE and found["number"].isdecimal():
        before, shown = _about(reading, found.start("number"), several, "")
        yield Span(found.start("number") - before, found.end("number"), "count", 0.6, thing=found[0], shown=shown)


def _part(reading: Reading, place: int) -> Iterator[Span]:
    """The first of "37 of the 612 workers"."""
    found = _PART.search(reading.text[max(0, place - 24) : place])
    coarse = _rounded(found[1], up=False) if found else None
    if found and coarse and int(found[1]) >= _SMALL:
        start = max(0, place - 24) + found.start(1)
        template = reading.words.say("numbers", "over", "{n}")
        shown = template.format(n=coarse, noun="")
        yield Span(start, start + len(found[1]), "count", 0.7, thing=found[1], shown=shown)


def _again(reading: Reading, told: Mapping[str, str]) -> Iterator[Span]:
    """The same number elsewhere, without a word after it that says what is counted."""
    for number, coarse in told.items():
        for found in re.finditer(rf"(?<![\w.,/\-°]){re.escape(number)}(?![\w/\-]|[.,]\d)", reading.text):
            before = reading.text[max(0, found.start() - 6) : found.start()].casefold().rstrip()
            if not before.endswith(_CITED):
                template = reading.words.say("numbers", "over", "{n}")
                yield Span(*found.span(), "count", 0.55, thing=number, shown=template.format(n=coarse, noun=""))


def words_for_few(reading: Reading) -> Iterator[Span]:
    """As in "Six workers": numbers in words, before those who are counted."""
    several = reading.words.say("numbers", "several")
    pattern = _spelled_out(reading.words.language)
    if several and pattern is not None:
        feminine = reading.words.say("numbers", "several_f") or several
        for found in pattern.finditer(reading.text):
            shown = _like(found[0], feminine if found[0].endswith("as") else several)
            yield Span(found.start("number"), found.end("number"), "count", 0.6, thing=found[0], shown=shown)


@lru_cache(maxsize=32)
def _spelled_out(language: str) -> re.Pattern[str] | None:
    words = words_of(language)
    spelled, nouns = words.listed("numbers", "spelled"), words.listed("numbers", "heads")
    if not spelled or not nouns:
        return None
    gap = rf"[ \u00a0](?:(?:[^\W\d_]|[{MARKS}\-]){{1,16}}+[ \u00a0]){{0,2}}?"
    return re.compile(rf"(?<!\w)(?P<number>{_choice(spelled)}){gap}(?:{_choice(nouns)})(?!\w)", re.IGNORECASE)


def ages(reading: Reading) -> Iterator[Span]:
    """Of adults, to the ten."""
    for shape, instead in reading.words.spelled("numbers", "ages").items():
        for found in _age(shape).finditer(reading.text):
            years = int(found["n"])
            if years > _ADULT and years % 10:
                tens = _in_the_shape_of(found["n"], years - years % 10)
                shown = _spelled(found[0], found["n"], str(instead), tens)
                yield Span(found.start(), found.end(), "age", 0.7, thing=found["n"], shown=shown)


def _spelled(found: str, number: str, instead: str, tens: str) -> str:
    return found.replace(number, instead.format(n=tens), 1)


@lru_cache(maxsize=64)
def _age(shape: str) -> re.Pattern[str]:
    before, _, after = shape.partition("<n>")
    left = r"(?<!\w)" if before[:1].isascii() and before.strip() else r"(?<!\d)"
    return re.compile(rf"{left}{re.escape(before)}(?P<n>\d{{2}}){re.escape(after)}", re.IGNORECASE)


def _value(number: str) -> float:
    digits = re.sub(r"[.,]\d{1,2}$", "", number)
    return float("".join(sign for sign in digits if sign.isdecimal()) or 0)


def _rounded(number: str, *, up: bool) -> str | None:
    """The same number with one figure and noughts, its separators kept; None where it is so already.

    `up`: to the nearest, else downwards.
    """
    head = re.sub(r"[.,]\d{1,2}$", "", number)
    digits = [sign for sign in head if sign.isdecimal()]
    value = int("".join(digits)) if digits else 0
    length = len(str(value))
    if value < 10 and head != number and len(digits) == 1:  # noqa: PLR2004
        return str(max(1, round(float(number.replace(",", ".")))))
    if value < 10 or len(digits) != length:  # noqa: PLR2004
        return None
    unit = 10 ** (length - 1)
    coarse = max(unit, (round(value / unit) if up else value // unit) * unit)
    if coarse == value and head == number:
        return None
    return _in_the_shape_of(head, coarse)


def _in_the_shape_of(head: str, value: int) -> str:
    """The same separators, the same script's digits."""
    shape = head
    text = str(value)
    zero = next((ord(sign) - int(sign) for sign in head if sign.isdecimal()), ord("0"))
    while sum(sign.isdecimal() for sign in shape) < len(text):
        shape = f"{head[0]}{shape}"
    figures = iter(text)
    return "".join(chr(zero + int(next(figures))) if sign.isdecimal() else sign for sign in shape)


def _about(reading: Reading, start: int, shown: str, word: str) -> tuple[int, str]:
    """A word such as "about" before the number goes; another comes, where one is wanted."""
    before = reading.text[max(0, start - 24) : start]
    lowered = before.casefold().rstrip(" \u00a0")
    template = reading.words.say("numbers", word) if word else ""
    for about in reading.words.listed("numbers", "abouts"):
        known = about.casefold()
        if lowered.endswith(known) and (not known[0].isascii() or not lowered[: -len(known)][-1:].isalnum()):
            taken = len(before) - len(lowered) + len(known)
            kept = f"{before[len(before) - taken :]}{shown}" if word else shown
            return taken, kept if word else _like(before[-taken:], shown)
    return 0, template.format(n=shown) if template else shown


def _like(old: str, new: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


@lru_cache(maxsize=32)
def _money(language: str) -> re.Pattern[str]:
    words = words_of(language)
    before = _choice((*words.listed("numbers", "money_before"),))
    after = _choice((*words.listed("numbers", "money_after"),))
    scale = _choice(words.listed("numbers", "scales"))
    scaled = rf"(?:[  \u00a0]?{scale}(?![^\W\d_]))?" if scale else ""
    return re.compile(
        rf"(?<![^\W_]){before}[  \u00a0]?(?P<before>{_NUMBER}){scaled}"
        rf"|(?<![\d.,])(?P<after>{_NUMBER}){scaled}[  \u00a0]?(?:de |d')?{after}(?![A-Za-z])",
        re.IGNORECASE,
    )


@lru_cache(maxsize=32)
def _counted(language: str) -> re.Pattern[str] | None:
    words = words_of(language)
    nouns = words.listed("numbers", "heads")
    if not nouns:
        return None
    gap = rf"[ \u00a0]?(?:(?:[^\W\d_]|[{MARKS}\-]){{1,16}}+[ \u00a0]){{0,2}}?"
    return re.compile(rf"(?<![\d.,/\-])(?P<number>{_NUMBER}){gap}(?:{_choice(nouns)})(?![A-Za-z])", re.IGNORECASE)


def _choice(words: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
