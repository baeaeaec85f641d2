"""The sample site: a few questions in many languages from items.toml, and as many copies as a test of speed wants."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mailflow.core.publication import Audience, Item
from mailflow.publish.site.nouns import Domain, Site, Topic

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[1] / "templates" / "site"


def told() -> Mapping[str, Any]:
    return tomllib.loads((HERE / "items.toml").read_text(encoding="utf-8"))


def site() -> Site:
    """The sample desk's site, with its pages in Markdown."""
    told_ = told()
    return Site(
        **{**told_["site"], "languages": tuple(told_["site"]["languages"])},
        topics=tuple(Topic(**topic) for topic in told_["topic"]),
        domains=tuple(Domain(**domain) for domain in told_["domain"]),
        pages=HERE / "pages",
    )


def items() -> Sequence[Item]:
    """Every sample question, with its earlier version where it has one."""
    return [item for group in told()["group"] for text in group["text"] for item in _versions(group, text)]


def many(count: int) -> Sequence[Item]:
    """So many items, each with words of its own, in the samples' languages."""
    shown = [item for item in items() if not item.withdrawn and not item.changed and item.audience is Audience.PUBLIC]
    others = [item.answer for item in shown]
    return [_copy(shown[number % len(shown)], number, others) for number in range(count)]


def _copy(item: Item, number: int, answers: Sequence[str]) -> Item:
    """As long as a real answer is: three answers in one."""
    same = [text for text in answers if text.isascii() == item.answer.isascii()][number % 7 :][:2]
    return replace(
        item,
        id=f"{item.id}-{number}",
        group=f"{item.group}-{number}",
        title=f"{item.title} ({number})",
        answer="\n\n".join((item.answer, *same)),
    )


def _versions(group: Mapping[str, Any], text: Mapping[str, Any]) -> Iterator[Item]:
    item = Item(
        id=group["id"],
        group=group["id"],
        language=text["language"],
        title=text["title"],
        question=text["question"].strip(),
        answer=text["answer"].strip(),
        topics=tuple(group["topics"]),
        month=group["month"],
        version=group.get("version", 1),
        changed=group.get("changed"),
        countries=tuple(group.get("countries", ())),
        audience=Audience(group.get("audience", "public")),
        review_by=group.get("review_by"),
        withdrawn=group.get("withdrawn"),
    )
    yield item
    if "before" in text:
        yield replace(item, version=1, changed=None, answer=text["before"])
