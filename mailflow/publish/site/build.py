"""A whole site from its items: everything is made first, and only then is anything written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from mailflow.core.publication import Audience, Item
from mailflow.publish.site import articles, search, structured, words, writing
from mailflow.publish.site import language as lingua
from mailflow.publish.site.frame import Frame, environment
from mailflow.publish.site.library import Library, arrange
from mailflow.publish.site.nouns import Built, Site, SiteError
from mailflow.publish.site.pages import Page, overdue, pages

ASSETS = ("site.css", "search.js", "icon.svg")
_IN_FEED = 30
_ADDRESS = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")


def build(site: Site, items: Sequence[Item], out: Path, *, today: date, templates: Path) -> Built:
    """Bring `out` to what these items make: a site that asks nobody else for anything.

    The same items give the same bytes. What hasn't changed is left alone, bytes and time; what is gone is removed.
    `templates` holds the pages, site.css, search.js, icon.svg and words/. SiteError, in one sentence, before anything
    is written; MissingExtraError without the extra.
    """
    _check(site)
    before = writing.manifest(out)
    frame = Frame(
        site, arrange(site, items), articles.gather(site), words.read(templates), today, environment(templates)
    )
    made = list(pages(frame))
    files = {page.path: page.html.encode() for page in made} | _others(frame, made) | _assets(templates)
    documents = {page.address: search.document(page) for page in _findable(frame)}
    fingerprint = writing.fingerprint(documents.items())
    known = writing.untouched(out, before, search.FOLDER) if fingerprint == before.search else None
    files |= search.index(documents) if known is None else known
    changes = writing.write(out, files, before, fingerprint)
    return _built(frame, made, changes, len(documents))


def _check(site: Site) -> None:
    parts = urlsplit(site.base_url)
    if parts.scheme not in {"https", "http"} or not parts.netloc or parts.query or parts.fragment:
        raise SiteError(f"{site.base_url!r} is no address of a site: write it as https://helpdesk.example.org/")
    if not site.languages:
        raise SiteError("the site has no language: name at least one, such as en")
    if not _ADDRESS.fullmatch(site.address):
        raise SiteError(f"{site.address!r} is no mail address: name the one where questions are asked")
    if not site.name:
        raise SiteError("the site has no name: give the desk's in one language at least")


def _others(frame: Frame, made: Iterable[Page]) -> dict[str, bytes]:
    """What isn't HTML and isn't a copy."""
    site = frame.site
    listed = [
        structured.Listed(
            frame.url(page.address),
            page.changed,
            [(tag, frame.url(address)) for tag, address in sorted((page.same or {}).items())],
        )
        for page in sorted(made, key=lambda page: page.address)
        if page.listed
    ]
    public = site.audience is Audience.PUBLIC
    feeds = {f"{language}/feed.xml": _feed(frame, language) for language in frame.library.languages}
    return feeds | {
        "sitemap.xml": structured.sitemap(listed if public else ()),
        "robots.txt": structured.robots(frame.url(""), public=public),
    }


def _feed(frame: Frame, language: str) -> bytes:
    newest = sorted(
        frame.library.by_language.get(language, ()), key=lambda e: e.item.changed or e.item.month, reverse=True
    )[:_IN_FEED]
    return structured.feed(
        frame.said(frame.site.name, language).text,
        language,
        frame.url(f"{language}/feed.xml"),
        frame.url(f"{language}/"),
        [(frame.url(entry.address), entry.item) for entry in newest],
    )


def _assets(templates: Path) -> dict[str, bytes]:
    try:
        return {f"assets/{name}": (templates / name).read_bytes() for name in ASSETS}
    except FileNotFoundError as wrong:
        raise SiteError(f"{wrong.filename} is missing: copy the site's templates from a fresh installation") from None


def _findable(frame: Frame) -> Iterator[search.Findable]:
    """What the search finds: the main text of items, themes and countries, and nothing of the frame."""
    for entry in frame.library.entries:
        item = entry.item
        yield search.Findable(
            entry.address,
            item.language,
            item.title,
            f"{item.question}\n\n{item.answer}",
            lingua.month(item.changed or item.month, frame.words(item.language).language),
            tuple(dict.fromkeys(item.topics)),
        )
    for language in frame.library.languages:
        for theme in frame.articles.themes.get(language, ()):
            topics = (theme.topic,) if theme.topic else ()
            text = f"{theme.summary} {theme.body.striptags()}"
            yield search.Findable(f"{language}/pages/{theme.slug}/", language, theme.title, text, topics=topics)
        for (tag, code), article in frame.articles.countries.items():
            if tag == language:
                title = article.title or lingua.country(code, language)
                address = f"{language}/countries/{code.lower()}/"
                yield search.Findable(address, language, title, article.body.striptags())


def _built(frame: Frame, made: Sequence[Page], changes: writing.Changes, searchable: int) -> Built:
    library: Library = frame.library
    return Built(
        items=len(library.entries),
        tombstones=len(library.withdrawn),
        pages=len(made),
        languages=library.languages,
        written=changes.written,
        kept=changes.kept,
        removed=changes.removed,
        searchable=searchable,
        overdue=tuple(
            f"{entry.item.language}/{entry.item.id}" for entry in library.entries if overdue(entry.item, frame.today)
        ),
        odd=library.odd,
    )
