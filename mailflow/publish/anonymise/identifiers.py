"""Numbers that stand for one person or company: accounts, registers, passports, cases, plates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.reading import Reading
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import words_of

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_MIXED = re.compile(r"(?<![A-Za-z0-9])[A-Z0-9][A-Z0-9.\-/]{6,19}+(?![A-Za-z0-9])")
_LONG_RUN = re.compile(r"(?<![\d.,\-/])\d{7,30}+(?![.,\-/]?\d)")
_JOIN = re.compile(
    r"(?:[ \t]{0,2}(?:no\.?|n°|nº|n\.º|núm\.?|num\.?|nr\.?|number|numbers|numéro|número|nummer|is|est|es|ist|é|#|\.|：|:|号码|號碼|号|號|番号|เลขที่|نمبر|နံပါတ်|"
    r"နံပါတ်|số|नम्बर|नं\.?|は))*+[ \t]{0,2}[(（]?",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:[A-Z]{1,4}[ \-/.]?)?[A-Za-z]{0,6}\d[\w\-/.]{2,24}+(?:[ ][\d\-/]{2,8}){0,3}|[\w]{1,6}[\-/][\w\-/]*\d[\w\-/]*",
    re.ASCII,
)
_GROUPS = re.compile(
    r"(?<![\w\-/.@])[A-Z]{1,6}\d{0,6}(?:[\-/ .]?[A-Z0-9]{1,10}){0,1}(?:[\-/.][A-Z0-9]{1,10}){1,5}(?![\w@])", re.ASCII
)
_LETTERS = re.compile(r"[A-Z]+")
_DIGIT_GROUPS = re.compile(r"(?<![A-Za-z0-9.,/\-])\(?\d{1,6}\)?(?:[ \-./]{1,2}\d{1,6}){1,8}(?![A-Za-z0-9])")
_ANY_DIGITS = re.compile(r"\d{4,20}")


def accounts(reading: Reading) -> Iterator[Span]:
    """IBANs with a right check sum; what looks like one beside the word is found by its cue."""
    from stdnum import iban

    for found in _IBAN.finditer(reading.text):
        shape = found[0]
        while shape and not iban.is_valid(shape):
            shape = shape.rpartition(" ")[0]
        if shape:
            yield Span(found.start(), found.start() + len(shape), "number", 0.99, "account", shape.replace(" ", ""))


@lru_cache(maxsize=1)
def _checks() -> tuple[Callable[[str], bool], ...]:
    from stdnum import lei
    from stdnum.br import cnpj, cpf
    from stdnum.es import nif
    from stdnum.eu import vat
    from stdnum.fr import siret
    from stdnum.in_ import gstin, pan

    return tuple(module.is_valid for module in (lei, vat, cnpj, cpf, nif, siret, gstin, pan))


def registered(reading: Reading) -> Iterator[Span]:
    """LEI, VAT and tax numbers with a right check sum."""
    for found in _MIXED.finditer(reading.text):
        code = found[0].rstrip(".-/")
        digits = sum(sign.isdecimal() for sign in code)
        if digits > 3 and (digits < len(code) or len(code) > 13) and any(valid(code) for valid in _checks()):  # noqa: PLR2004
            yield Span(found.start(), found.start() + len(code), "number", 0.95, thing=code)


def announced(reading: Reading) -> Iterator[Span]:
    """What a word such as "passport no." announces."""
    cues = _cues(reading.words.language)
    if cues is None:
        return
    for cue in cues.finditer(reading.text):
        joined = _JOIN.match(reading.text, cue.end())
        at = joined.end() if joined else cue.end()
        found = _CODE.match(reading.text, at) or _ANY_DIGITS.match(reading.text, at)
        if found is None:
            continue
        code = found[0].rstrip(".-/ ")
        if sum(sign.isdecimal() for sign in code) > 2 and not _year(code):  # noqa: PLR2004
            role = "plate" if fold(cue[0]) in reading.words.set("numbers", "plates") else ""
            yield Span(at, at + len(code), "plate" if role else "number", 0.9, role, fold(code))


def codes(reading: Reading) -> Iterator[Span]:
    """As in "HD-2026-0418", "A-2025-88713": letters and digits in groups; not "ISO 45001", which everybody may cite."""
    for found in _GROUPS.finditer(reading.text):
        code = found[0].rstrip("-/.")
        digits = sum(sign.isdecimal() for sign in code)
        prefix = _LETTERS.match(code)
        cited = prefix is not None and fold(prefix[0]) in reading.words.set("numbers", "cited")
        if digits > 3 and any(sign.isalpha() for sign in code) and not cited:  # noqa: PLR2004
            yield Span(found.start(), found.start() + len(code), "token", 0.75, thing=fold(code))


def grouped(reading: Reading) -> Iterator[Span]:
    """Digits in groups as no amount has them: with a nought in front, or of other lengths than three."""
    for found in _DIGIT_GROUPS.finditer(reading.text):
        digits = "".join(sign for sign in found[0] if sign.isdecimal())
        groups = re.split(r"[^\d]+", found[0].strip("( "))
        thousands = not digits.startswith("0") and all(len(group) == 3 for group in groups[1:])  # noqa: PLR2004
        if (not thousands and len(digits) > 7) or (len(digits) == 6 and digits == "000000"):  # noqa: PLR2004
            kind = "telephone" if digits.startswith("0") and len(digits) < 12 else "number"  # noqa: PLR2004
            yield Span(found.start(), found.end(), kind, 0.6, thing=digits[-7:])


def _year(code: str) -> bool:
    return len(code) == 4 and code.isdecimal() and 1900 <= int(code) < 2100  # noqa: PLR2004


@lru_cache(maxsize=32)
def _cues(language: str) -> re.Pattern[str] | None:
    words = words_of(language)
    cues = {*words.listed("numbers", "identifiers"), *words.listed("numbers", "plates")}
    choices = "|".join(re.escape(word) for word in sorted(cues, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{choices})(?![A-Za-z])", re.IGNORECASE) if cues else None


def long_numbers(reading: Reading) -> Iterator[Span]:
    """Seven digits and more at a stretch, as no amount is written."""
    for found in _LONG_RUN.finditer(reading.text):
        yield Span(found.start(), found.end(), "number", 0.6, thing=found[0])
