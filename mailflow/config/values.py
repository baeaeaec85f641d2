"""The kinds of value that stand in the files: how each is written, read, checked and shown."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator

from mailflow.config.problems import suggestion

DURATIONS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}  # the largest that divides evenly shows a value best
SIZES = {"GB": 10**9, "MB": 10**6, "kB": 10**3, "B": 1}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_QUANTITY = re.compile(r"([0-9]{1,12}) ?([A-Za-z]{1,3})")
_SLUG = re.compile(r"[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_LOCAL, _LONGEST_DOMAIN = 128, 253
_SITE = re.compile(r"(https?://[^\s/?#]+[^\s?#]*)?")
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)?")
_PREFIX = re.compile(r"([A-Z][A-Z0-9]{0,10}-?)?")


def toml(value: object) -> str:
    """A plain value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(item) for item in value)}]"
    return str(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value must be, in the words of a sentence "must be ..."; `show` writes it as the file does."""

    text: str
    show: Callable[[object], str] = toml
    private: bool = False  # an address, or what may be a secret by mistake: never repeated in an error


class Hint(ValueError):
    """What an operator may want to know besides what the value must be."""


# ---------------------------------------------------------------- reading one value


def quantity(text: object, units: dict[str, int]) -> int:
    """A written amount such as "10 min", as a count of the smallest unit."""
    found = _QUANTITY.fullmatch(text) if isinstance(text, str) else None
    if found is None or found[2] not in units:
        raise ValueError
    return int(found[1]) * units[found[2]]


def written(amount: int, units: dict[str, int]) -> str:
    """The other way: 600 as "10 min", in the largest unit that leaves no remainder."""
    unit = next(unit for unit, size in units.items() if amount % size == 0 and (amount or size == 1))
    return f'"{amount // units[unit]} {unit}"'


def normal_domain(text: str) -> str:
    """A domain in lower-case A-labels (IDNA 2008, UTS 46). ValueError when it cannot be one."""
    domain = text
    if not text.isascii():
        import idna  # heavy, and seldom needed

        domain = idna.encode(unicodedata.normalize("NFC", text), uts46=True).decode("ascii")
    domain = domain.lower()
    if len(domain) > _LONGEST_DOMAIN or not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise ValueError
    return domain


def normal_address(text: str) -> str:
    """An address as all of them are compared: the local part exact, in NFC; the domain in lower-case A-labels.

    ValueError when it is none, or one that a mail's From could not be trusted with.
    """
    local, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    plain = local.isprintable() and not set(local) & set(' "(),:;<>@[\\]') and all(local.split("."))
    if not at or not plain or "=?" in local or len(local) > _LONGEST_LOCAL:
        raise ValueError
    return f"{local}@{normal_domain(domain)}"


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if pattern.fullmatch(text) is None:
            raise ValueError
        return text

    return check


def _zone(name: object) -> ZoneInfo:
    if not isinstance(name, str):
        raise ValueError  # noqa: TRY004 - pydantic reports ValueErrors; a TypeError would escape it
    if name not in _zones():
        raise Hint(suggestion(name, _zones()))
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _network(text: str) -> str:
    return str(ip_network(text) if "/" in text else ip_address(text))


def _day(text: str) -> int:
    return DAYS.index(text)


def _filled(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError
    return text.strip()


# ---------------------------------------------------------------- the kinds


def _seconds(value: object) -> str:
    return written(int(value.total_seconds()), DURATIONS) if isinstance(value, timedelta) else toml(value)


def _octets(value: object) -> str:
    return written(value, SIZES) if isinstance(value, int) else toml(value)


def _zone_name(value: object) -> str:
    return toml(value.key) if isinstance(value, ZoneInfo) else toml(value)


def _day_name(value: object) -> str:
    return toml(DAYS[value]) if isinstance(value, int) else toml(value)


Text = Annotated[str, AfterValidator(_filled), Kind("a text in quotes, not empty")]
Duration = Annotated[
    timedelta,
    BeforeValidator(lambda text: timedelta(seconds=quantity(text, DURATIONS))),
    Kind('a length of time such as "10 min" (units: s, min, h, d)', _seconds),
]
Size = Annotated[
    int,
    BeforeValidator(lambda text: quantity(text, SIZES)),
    Kind('a size such as "25 MB" (units: B, kB, MB, GB)', _octets),
]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), Kind('a time zone such as "Europe/Zurich"', _zone_name)]
Address = Annotated[
    str, AfterValidator(normal_address), Kind('one mail address such as "ann@example.org"', private=True)
]
Domain = Annotated[str, AfterValidator(normal_domain), Kind('a domain such as "example.org"')]
Website = Annotated[
    str,
    AfterValidator(_matching(_SITE)),
    Kind('an address such as "https://helpdesk.example.org", or "" while there is none'),
]
Slug = Annotated[str, AfterValidator(_matching(_SLUG)), Kind('a short name of lower-case letters, digits, "-" and "_"')]
CountryCode = Annotated[
    str, AfterValidator(_matching(_COUNTRY)), Kind('a country\'s two capital letters (ISO 3166-1), such as "BD"')
]
LanguageTag = Annotated[
    str, AfterValidator(_matching(_LANGUAGE)), Kind('a language tag (BCP 47) such as "en" or "zh-Hant"')
]
Weekday = Annotated[int, BeforeValidator(_day), Kind('a day of the week such as "monday"', _day_name)]
Network = Annotated[
    str, AfterValidator(_network), Kind('an IP address or network such as "192.0.2.7" or "192.0.2.0/24"')
]
Variable = Annotated[
    str,
    AfterValidator(_matching(_VARIABLE)),
    Kind("the name of an environment variable, not the secret itself", private=True),
]
Prefix = Annotated[
    str,
    AfterValidator(_matching(_PREFIX)),
    Kind('capital letters and digits, at most 11, beginning with a letter, such as "BH-"'),
]
