"""Ways to reach somebody: mail addresses, web addresses, telephones, accounts, coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.reading import Reading
from mailflow.publish.anonymise.spans import Span
from mailflow.publish.anonymise.words import words_of

_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~\-]"
_ADDRESS = re.compile(r"[\w\-]++(?:\.[\w\-]++)*+\.?")
_AT = re.compile(
    r"[ \t]?[@＠]|[ \t]{0,2}[(\[{<][ \t]?(?:at|arroba|chez|arobase|@)[ \t]?[)\]}>][ \t]{0,2}| +(?:arroba|arobase) +"
)
_DOT = re.compile(
    r"\.|[ \t]?[(\[{<][ \t]?(?:dot|point|punto|punkt|ponto|\.)[ \t]?[)\]}>][ \t]?|[ \t](?:dot|point|punto|punkt|ponto)[ \t]"
)
_LABEL = re.compile(r"[\w\-]++")
_URL = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'«»「」（）()\[\]]++|www\.[\w\-]++(?:\.[\w\-]++)++(?:/[^\s<>\"'«»（）()\[\]]*+)?+",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\w@.\-])[a-z0-9\-]++(?:\.[a-z0-9\-]++)*+(?<=\.(?:com|org|net|edu|gov|int|biz))(?:/[^\s<>\"'«»()\[\]]*+)?+"
    r"|(?<![\w@.\-])[a-z0-9\-]++(?:\.[a-z0-9\-]++)++(?:/[^\s<>\"'«»()\[\]]*+)?+",
    re.IGNORECASE,
)
_ENDS = frozenset(
    [
        "com",
        "org",
        "net",
        "edu",
        "gov",
        "int",
        "biz",
        "info",
        "example",
        "test",
        "io",
        "co",
        "me",
        "app",
        "dev",
        "shop",
        "online",
        "site",
    ]
)
_COUNTRIES = frozenset(
    [
        "ac",
        "ae",
        "ar",
        "at",
        "au",
        "bd",
        "be",
        "bg",
        "br",
        "ca",
        "ch",
        "cl",
        "cn",
        "co",
        "cr",
        "cz",
        "de",
        "dk",
        "do",
        "ec",
        "ee",
        "eg",
        "es",
        "eu",
        "fi",
        "fr",
        "gh",
        "gr",
        "gt",
        "hk",
        "hn",
        "hr",
        "hu",
        "id",
        "ie",
        "il",
        "in",
        "it",
        "jo",
        "jp",
        "ke",
        "kh",
        "kr",
        "la",
        "lb",
        "lk",
        "lt",
        "lu",
        "lv",
        "ma",
        "mm",
        "mx",
        "my",
        "mz",
        "ng",
        "ni",
        "nl",
        "no",
        "np",
        "nz",
        "pa",
        "pe",
        "ph",
        "pk",
        "pl",
        "pt",
        "py",
        "qa",
        "ro",
        "rs",
        "ru",
        "sa",
        "se",
        "sg",
        "si",
        "sk",
        "sn",
        "sv",
        "th",
        "tn",
        "tr",
        "tw",
        "tz",
        "ua",
        "ug",
        "uk",
        "us",
        "uy",
        "uz",
        "ve",
        "vn",
        "za",
        "zm",
        "zw",
    ]
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,30}+")
_UNDERSCORED = re.compile(
    r"(?<![\w/.@\-])[a-z][a-z0-9.]{0,30}_[a-z0-9._]{0,30}[a-z0-9](?![\w@])", re.IGNORECASE | re.ASCII
)
_SAID = re.compile(
    r"\b(?:facebook|instagram|twitter|linkedin|telegram|whatsapp|wechat|line|tiktok|skype|signal|zalo|viber|weibo|x)"
    r"(?:[ \t]id)?[ \t]?[:：][ \t]?([@\w.\-/]{3,60}+)|微信(?:号|號)?[:：][ \t]?([\w.\-]{3,40}+)",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"(?<![\d.])[+-]?\d{1,3}\.\d{3,10}°?[ \t]?[NS]?[ \t]?,[ \t]?[+-]?\d{1,3}\.\d{3,10}°?[ \t]?[EWO]?"
    r"|\d{1,3}°[ \t]?\d{1,2}['′’][ \t]?(?:\d{1,2}(?:\.\d{1,4})?[\"″”][ \t]?)?[NSEWO]"
    r"(?:[ \t,]{1,3}\d{1,3}°[ \t]?\d{1,2}['′’][ \t]?(?:\d{1,2}(?:\.\d{1,4})?[\"″”][ \t]?)?[NSEWO])?"
)
_CALLED = re.compile(
    r"[ \t]{0,2}(?:no\.?|n°|nr\.?|is|:|：|号码|號碼)?[ \t]{0,2}:?[ \t]{0,2}(\+?[(\d][\d \t().\-/\u2010-\u2013]{4,24}+)",
    re.IGNORECASE,
)


def addresses(reading: Reading) -> Iterator[Span]:
    """Also as people write them for other people: "name (at) firm dot example"."""
    text = reading.text
    for at in _AT.finditer(text):
        start = at.start()
        while start > max(0, at.start() - 64) and re.match(_LOCAL, text[start - 1]):
            start -= 1
        end = _domain_end(text, at.end())
        if start < at.start() and end:
            yield Span(start, end, "address", 0.99, thing=fold(text[start:end]))


def _domain_end(text: str, place: int) -> int:
    """Where a domain of at least two labels ends that begins here; 0 if there is none."""
    end, dots = place, 0
    label = _LABEL.match(text, place)
    while label and dots < 8:  # noqa: PLR2004
        end = label.end()
        dot = _DOT.match(text, end)
        label = _LABEL.match(text, dot.end()) if dot else None
        dots += bool(label)
    return end if dots else 0


def urls(reading: Reading) -> Iterator[Span]:
    for found in _URL.finditer(reading.text):
        end = found.start() + len(found[0].rstrip(".,;:!?。、，"))
        if not is_public(found[0]):
            yield Span(found.start(), end, "url", 0.95, thing=_host(found[0]))
    for found in _BARE.finditer(reading.text):
        host = _host(found[0])
        last = host.rpartition(".")[2]
        if (
            (last in _ENDS or (last in _COUNTRIES and not host[0].isdigit()))
            and "." in host
            and not is_public(found[0])
        ):
            yield Span(found.start(), found.start() + len(found[0].rstrip(".,;:/-")), "url", 0.85, thing=host)


def _host(url: str) -> str:
    bare = fold(url).partition("://")[2] or fold(url)
    return re.split(r"[/?#:]", bare, maxsplit=1)[0].removeprefix("www.").strip(".")


def is_public(url: str) -> bool:
    """Whether it leads to a public body of the world, which gives nobody away."""
    host = _host(url)
    ends = words_of("").listed("stays", "domains")
    return any(host == end or host.endswith(f".{end}") for end in ends)


def handles(reading: Reading) -> Iterator[Span]:
    for found in _HANDLE.finditer(reading.text):
        yield Span(found.start(), found.end(), "handle", 0.8, thing=fold(found[0]))
    for found in _UNDERSCORED.finditer(reading.text):
        yield Span(found.start(), found.end(), "handle", 0.7, thing=fold(found[0]))
    for found in _SAID.finditer(reading.text):
        group = 1 if found[1] else 2
        yield Span(found.start(group), found.end(group), "handle", 0.8, thing=fold(found[group]))


def coordinates(reading: Reading) -> Iterator[Span]:
    for found in _DEGREES.finditer(reading.text):
        yield Span(found.start(), found.end(), "coordinates", 0.95, thing=found[0])


def telephones(reading: Reading) -> Iterator[Span]:
    """Valid numbers in the countries of the language; what a word for telephone announces; any with a "+"."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    regions = reading.words.tables.get("numbers", {}).get("regions", ())
    for line_start, line in _lines_with_digits(reading.text):
        for region in (None, *regions):
            for match in PhoneNumberMatcher(line, region, Leniency.VALID, 1000):
                digits = "".join(sign for sign in match.raw_string if sign.isdecimal())
                plain = digits == match.raw_string
                if len(digits) > 6 and not (plain and len(digits) < 9):  # noqa: PLR2004
                    yield Span(line_start + match.start, line_start + match.end, "telephone", 0.9, thing=digits[-7:])
    yield from _announced(reading)
    for found in re.finditer(r"\+\d[\d \t().\-/]{6,22}+", reading.text):
        end = found.start() + len(found[0].rstrip(" \t(.-/"))
        yield Span(found.start(), end, "telephone", 0.8, thing=_last_digits(found[0]))


def _lines_with_digits(text: str) -> Iterator[tuple[int, str]]:
    """Runs of digits with some room around them: the matcher's cost grows with what it sees at once."""
    for found in re.finditer(r"[+(＋（]?\d[\d\s().\-/\u2010-\u2013０-９]{5,28}+", text):
        yield found.start(), found[0]


def _announced(reading: Reading) -> Iterator[Span]:
    cues = _cue_pattern(reading.words.language)
    for cue in cues.finditer(reading.text):
        found = _CALLED.match(reading.text, cue.end())
        digits = _last_digits(found[1]) if found else ""
        if found and len(digits) > 5:  # noqa: PLR2004
            end = found.start(1) + len(found[1].rstrip(" \t(.-/\u2010\u2011\u2012\u2013"))
            yield Span(found.start(1), end, "telephone", 0.9, thing=digits)


@lru_cache(maxsize=32)
def _cue_pattern(language: str) -> re.Pattern[str]:
    words = words_of(language).listed("numbers", "telephone")
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?:{choices})(?![A-Za-z])", re.IGNORECASE)


def _last_digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())[-7:]
