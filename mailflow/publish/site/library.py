"""Which item stands where: current, earlier and withdrawn ones, by language, topic, country and group."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from mailflow.core.publication import Audience, Item
from mailflow.publish.site.language import is_country
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
    odd: tuple[str, ...] = ()  # what is left out or filed elsewhere than it says, and why


def arrange(site: Site, items: Iterable[Item]) -> Library:
    """The items that this site's audience may see. None that is odd keeps the others from the site, or on it."""
    visible = [item for item in items if site.audience is Audience.TRAINING or item.audience is Audience.PUBLIC]
    topics = frozenset(topic.id for topic in site.topics)
    homeless = {_called(item) for item in visible if _no_place(item)}  # with all versions: no old one stands in
    chosen = [_filed(item, topics) for item in visible if _called(item) not in homeless]
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
        odd=tuple(sorted({f"{_called(item)}: {why}" for item in visible for why in _odd(item, topics)})),
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


def _called(item: Item) -> str:
    return f"{item.language}/{item.id}"


def _no_place(item: Item) -> str:
    """Why it can't stand anywhere; "" when it can."""
    if not _ID.fullmatch(item.id):
        return "it is left out: an id holds a-z, 0-9, - and _ only, since it stands in an address"
    if not _LANGUAGE.fullmatch(item.language):
        return f"it is left out: {item.language!r} is no language tag such as en or zh-Hant"
    if not item.withdrawn and not (item.title.strip() and item.question.strip() and item.answer.strip()):
        return "it is left out: its title, question or answer is empty"
    return ""


def _filed(item: Item, topics: frozenset[str]) -> Item:
    """Under what there is of its topics and countries."""
    return replace(
        item,
        topics=tuple(topic for topic in item.topics if topic in topics),
        countries=tuple(code for code in item.countries if is_country(code)),
    )


def _odd(item: Item, topics: frozenset[str]) -> Iterator[str]:
    """Of a withdrawn one nobody needs to know."""
    if why := _no_place(item):
        yield why
    elif not item.withdrawn:
        yield from (f"topic {topic!r} is not among the site's topics" for topic in item.topics if topic not in topics)
        yield from (f"{code!r} is no country" for code in item.countries if not is_country(code))
