"""Which item stands where: current, earlier and withdrawn ones, by language, topic, country and group."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from mailflow.core.publication import Audience, Item
from mailflow.publish.site.language import country
from mailflow.publish.site.nouns import Site, SiteError

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")

_K = TypeVar("_K")
ItemKey = tuple[str, str]  # language, and a topic's or a country's id


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it stands now, with the versions that it had before, the latest first."""

    item: Item
    earlier: tuple[Item, ...] = ()

    @property
    def address(self) -> str:
        """Below the site's root. It never changes: no topic stands in it."""
        return f"{self.item.language}/q/{self.item.id}/"

    def version(self, earlier: Item) -> str:
        """The address of a version that it had."""
        return f"{self.address}v{earlier.version}/"


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that is to be shown, in the order in which it is shown: the newest first."""

    languages: tuple[str, ...]
    entries: tuple[Entry, ...]
    withdrawn: tuple[Entry, ...]
    by_language: Mapping[str, Sequence[Entry]]
    by_topic: Mapping[ItemKey, Sequence[Entry]]
    by_country: Mapping[ItemKey, Sequence[Entry]]
    by_group: Mapping[str, Sequence[Entry]]


def arrange(site: Site, items: Iterable[Item]) -> Library:
    """The items that this site's audience may see. SiteError when one can't stand anywhere."""
    chosen = [item for item in items if site.audience is Audience.TRAINING or item.audience is Audience.PUBLIC]
    topics = frozenset(topic.id for topic in site.topics)
    for item in chosen:
        _check(item, topics)
    entries = sorted(_entries(chosen), key=_order)
    shown = tuple(entry for entry in entries if not entry.item.withdrawn)
    return Library(
        languages=tuple(dict.fromkeys((*site.languages, *sorted({item.language for item in chosen})))),
        entries=shown,
        withdrawn=tuple(entry for entry in entries if entry.item.withdrawn),
        by_language=_by((entry.item.language, entry) for entry in shown),
        by_topic=_by(((e.item.language, topic), e) for e in shown for topic in dict.fromkeys(e.item.topics)),
        by_country=_by(((e.item.language, code), e) for e in shown for code in dict.fromkeys(e.item.countries)),
        by_group=_by((entry.item.group, entry) for entry in shown),
    )


def _entries(items: Iterable[Item]) -> Iterable[Entry]:
    by_address = sorted(items, key=lambda item: (item.language, item.id, -item.version))
    for (language, name), versions in groupby(by_address, key=lambda item: (item.language, item.id)):
        current, *earlier = versions
        numbers = [item.version for item in (current, *earlier)]
        if len(set(numbers)) < len(numbers):
            raise SiteError(
                f"item {language}/{name} is there twice in the same version: give one another id or version"
            )
        yield Entry(current, () if current.withdrawn else tuple(earlier))


def _order(entry: Entry) -> tuple[int, str, str]:
    return (-entry.item.month.toordinal(), entry.item.language, entry.item.id)


def _by(pairs: Iterable[tuple[_K, Entry]]) -> Mapping[_K, Sequence[Entry]]:
    gathered: dict[_K, list[Entry]] = defaultdict(list)
    for key, entry in pairs:
        gathered[key].append(entry)
    return gathered


def _check(item: Item, topics: frozenset[str]) -> None:
    called = f"item {item.language}/{item.id}"
    if not _ID.fullmatch(item.id):
        raise SiteError(f"{called}: an id holds a-z, 0-9, - and _ only, since it stands in an address")
    if not _LANGUAGE.fullmatch(item.language):
        raise SiteError(f"{called}: {item.language!r} is no language tag such as en or zh-Hant")
    for topic in item.topics:
        if topic not in topics:
            raise SiteError(f"{called}: topic {topic!r} is not among the site's topics")
    for code in item.countries:
        country(code, item.language)
    if not item.withdrawn and not (item.title.strip() and item.question.strip() and item.answer.strip()):
        raise SiteError(f"{called}: its title, question or answer is empty")
