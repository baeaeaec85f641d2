"""Chapters that people wrote: chapters/<order>-<slug>.<language>.md, Markdown without HTML and without pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mailflow.report.yearly.formats.extra import wanted
from mailflow.report.yearly.values import Chapter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_NAME = re.compile(r"([0-9]{1,4})-([a-z0-9][a-z0-9-]*)\.([A-Za-z-]+)\.md")
_TITLE = re.compile(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|$)")
BEFORE_TABLES = 50  # chapters of a lower order stand before the tables
_FIRST_INSIDE, _DEEPEST = 2, 6
TOP = 2  # level of its title in HTML; what stands in it is below


def chapters_of(files: Mapping[str, str], language: str) -> tuple[Chapter, ...]:
    """Those of a language, in order. `files`: names, without folder, with their text.

    ValueError when a name says no order, or a chapter has no title.
    """
    found = [_chapter(name, text, language) for name, text in sorted(files.items()) if name.endswith(".md")]
    return tuple(sorted((one for one in found if one), key=lambda one: (one.order, one.slug)))


def _chapter(name: str, text: str, language: str) -> Chapter | None:
    parts = _NAME.fullmatch(name)
    if not parts:
        raise ValueError(
            f"chapters/{name}: the name must be <order>-<slug>.<language>.md, as 10-promotion.{language}.md"
        )
    if parts[3] != language:
        return None
    title = _TITLE.match(text)
    if not title:
        raise ValueError(f'chapters/{name}: line 1: a chapter begins with its title, as "# Promotion"')
    return Chapter(int(parts[1]), parts[2], title[1], text[title.end() :].strip())


def parser() -> MarkdownIt:
    """CommonMark with tables; what looks like HTML stands there as text."""
    with wanted("markdown-it-py"):
        from markdown_it import MarkdownIt
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def tokens(chapter: Chapter) -> list[Token]:
    return parser().parse(chapter.body)


def as_html(chapter: Chapter) -> str:
    """The body: safe HTML, headings below its title, cells with a scope."""
    markdown = parser()
    found = markdown.parse(chapter.body)
    for token in found:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level(token.tag, TOP)}"
        elif token.type == "th_open":
            token.attrSet("scope", "col")
    return str(markdown.renderer.render(found, markdown.options, {}))


def level(tag: str, top: int) -> int:
    """Of a heading in a chapter whose title has level `top`: "## Workshops" is the first below it."""
    return min(max(int(tag[1]), _FIRST_INSIDE) + top - 1, _DEEPEST)
