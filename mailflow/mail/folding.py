"""One form for all the ways to write a word: what is alike for a reader is equal here, in words and texts alike."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = map(chr, range(0x300, 0x370))  # only these: the marks of Thai or Burmese are part of a word
_WIDTHLESS = map(
    chr, (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF)
)
_ARABIC_MARKS = map(chr, (0x621, 0x640, *range(0x64B, 0x656), 0x670))  # hamza, the stretch of a word, vowels
_INDIC_MARKS = "\u0901\u093c"  # candrabindu, which many leave out, and nukta
_SPACES = "\u2010\u2012\u2013\u2014\u2015\u2018\u2019\u2032\u2212\u02bc"  # hyphens, dashes, apostrophes
_ZEROS = (0x660, 0x6F0, 0x966, 0xE50, 0x1040)  # Arabic, Persian, Devanagari, Thai, Burmese
_TABLE = {
    **dict.fromkeys([*_ACCENTS, *_WIDTHLESS, *_ARABIC_MARKS, *_INDIC_MARKS], ""),
    **dict.fromkeys(_SPACES, " "),
    "°": "o",  # n° is often meant as nº
    **dict.fromkeys("\u0649\u064a", "\u06cc"),  # yeh, as the keyboards of neighbours have it
    **dict.fromkeys("\u0643\u06aa", "\u06a9"),  # kaf
    **dict.fromkeys("\u0629\u0647\u06be\u06c3\u06d5", "\u06c1"),  # heh, which many write for every heh
    "ई": "इ",  # long and short: few writers of Nepali keep them apart
    "ी": "ि",
    "ऊ": "उ",
    "ू": "ु",
    **dict.fromkeys("शष", "स"),  # alike in speech
    "ण": "न",
    "ब": "व",
    "ဉ": "ဥ",  # nya, which many write for the vowel
    **{chr(zero + value): str(value) for zero in _ZEROS for value in range(10)},
}
_REPLACED = frozenset(_TABLE)
_VIRAMA = "\u094d"
_HALF_NASAL = re.compile(  # for which an anusvara may stand: सङ्घ, संघ
    f"ङ{_VIRAMA}(?=[क-घ])|ञ{_VIRAMA}(?=[च-झ])|ण{_VIRAMA}(?=[ट-ढ])|न{_VIRAMA}(?=[त-ध])|म{_VIRAMA}(?=[प-भव])"
)
_WRAPPED = re.compile("(?<=[\u3005-\u30ff\u3400-\u9fff]) (?=[\u3005-\u30ff\u3400-\u9fff])")  # a line that ended there
# A zero that stands for the letter wa, which looks like it.
_WA = re.compile("(?<=[\u1000-\u103f])\u1040|\u1040(?=[\u1000-\u103f])")
_VOICED = frozenset("\u3099\u309a")  # the marks that NFKD parts from kana
_ANUSVARA = "\u0902"
_LENGTHENED = "आईउऊएऐओऔ\u093e\u0940\u0941\u0942\u0947\u0948\u094b\u094c"
_AS_CANDRABINDU = re.compile(  # after a vowel like these, or last in a word, an anusvara is as often a candrabindu
    f"(?<=[{_LENGTHENED}]){_ANUSVARA}|{_ANUSVARA}(?![क-ह])"
)


def fold(text: str) -> str:
    """The text as words are compared: in lower case, without accents, on one line, words a single space apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        letters = set(text)
        if _VIRAMA in letters:
            text = _HALF_NASAL.sub(_ANUSVARA, text)
        if "\u1040" in letters:
            text = _WA.sub("\u101d", text)
        if _ANUSVARA in text:
            text = _AS_CANDRABINDU.sub("", text)
        for letter in _REPLACED & letters:
            text = text.replace(letter, _TABLE[letter])
        if _VOICED & letters:
            text = unicodedata.normalize("NFC", text)  # が is no か with an accent
    line = " ".join(text.casefold().replace("'", " ").replace("-", " ").split())
    return line if line.isascii() else _WRAPPED.sub("", line)
