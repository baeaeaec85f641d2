"""Pages that people write in Markdown: <language>/<slug>.md for a theme, countries/<CC>.<language>.md for a country."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mailflow.publish.site.language import country
from mailflow.publish.site.nouns import MissingExtraError, Site, SiteError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FENCE = "+++"
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_KINDS: Mapping[str, type] = {"title": str, "topic": str, "order": int, "summary": str, "facts": dict}


@dataclass(frozen=True, slots=True)
class Article:
    """One Markdown file: what stands above it, and the text as HTML whose headings begin at the second level."""

    language: str
    slug: str  # of a country's page: its two letters
    title: str
    body: Markup
    order: int = 0
    topic: str = ""
    summary: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)  # of a country


@dataclass(frozen=True, slots=True)
class Articles:
    """What the pages folder holds."""

    themes: Mapping[str, tuple[Article, ...]] = field(default_factory=dict)  # by language, in their order
    countries: Mapping[tuple[str, str], Article] = field(default_factory=dict)  # by language and code


def gather(site: Site) -> Articles:
    """Every page of the folder. SiteError with the file's name when one can't be read."""
    if site.pages is None:
        return Articles()
    if not site.pages.is_dir():
        raise SiteError(f"{site.pages} is no folder: pages in Markdown are looked for there")
    topics = frozenset(topic.id for topic in site.topics)
    themes: dict[str, list[Article]] = {}
    for path in sorted(site.pages.glob("*/*.md")):
        if path.parent.name != "countries":
            themes.setdefault(path.parent.name, []).append(_theme(path, topics))
    ordered = {language: tuple(sorted(some, key=lambda a: (a.order, a.slug))) for language, some in themes.items()}
    return Articles(ordered, {(page.language, page.slug): page for page in _countries(site.pages / "countries")})


def _theme(path: Path, topics: frozenset[str]) -> Article:
    if not _SLUG.fullmatch(path.stem):
        raise SiteError(f"{path}: a page's file name holds a-z, 0-9, - and _ only, since it stands in an address")
    page = _article(path, path.parent.name, path.stem)
    if not page.title:
        raise SiteError(f'{path}: no title; write title = "..." between two lines of {_FENCE} at the top')
    if page.topic and page.topic not in topics:
        raise SiteError(f"{path}: topic {page.topic!r} is not among the site's topics")
    return page


def _countries(folder: Path) -> Iterator[Article]:
    for path in sorted(folder.glob("*.md")):
        code, dot, language = path.stem.partition(".")
        if not dot:
            raise SiteError(f"{path}: a country's page is called <CC>.<language>.md, such as VN.en.md")
        try:
            country(code, language)
        except SiteError as wrong:
            raise SiteError(f"{path}: {wrong}") from None
        yield _article(path, language, code)


def _article(path: Path, language: str, slug: str) -> Article:
    head, text = _parted(path)
    return Article(
        language,
        slug,
        title=head.get("title", ""),
        body=_html(text, path),
        order=head.get("order", 0),
        topic=head.get("topic", ""),
        summary=head.get("summary", ""),
        facts={str(name): str(value) for name, value in head.get("facts", {}).items()},
    )


def _parted(path: Path) -> tuple[dict[str, Any], str]:
    text = path.read_text(encoding="utf-8-sig")
    if not text.startswith(_FENCE):
        return {}, text
    head, closed, body = text.removeprefix(_FENCE).partition(f"\n{_FENCE}")
    if not closed:
        raise SiteError(f"{path}: the line {_FENCE} that ends its head is missing")
    try:
        told = tomllib.loads(head)
    except tomllib.TOMLDecodeError as wrong:
        raise SiteError(f"{path}: between {_FENCE} and {_FENCE}: {wrong}") from None
    for key, value in told.items():
        if not isinstance(value, _KINDS.get(key, ())):
            raise SiteError(f"{path}: {key} is not one of {', '.join(_KINDS)}, or of another kind than it should be")
    return told, body


def _html(text: str, path: Path) -> Markup:
    parser = _parser()
    tokens = parser.parse(text)
    if any(child.type == "image" for token in tokens for child in token.children or ()):
        raise SiteError(f"{path}: pictures can't stand in a page; take out ![...](...)")
    shift = int(any(token.tag == "h1" for token in tokens))  # the title is the one heading of the first level
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1:]) + shift)}"
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704  raw HTML is switched off


def _parser() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ModuleNotFoundError:
        raise MissingExtraError("a site with pages in Markdown") from None
    return MarkdownIt("commonmark", {"html": False}).enable("table")
