"""What a site is told before it is built, and what a build tells afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mailflow.core.publication import Audience

Labels = Mapping[str, str]  # BCP 47 -> words in that language


class SiteError(ValueError):
    """Why a site can't be built, in one sentence that says what to do next."""


class MissingExtraError(ImportError):
    """A library of the extra isn't installed; the sentence says how to get it."""

    def __init__(self, what: str) -> None:
        super().__init__(f'{what} needs the extra "site": pip install "mailflow[site]"')


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic page in every language. Its id stands in addresses: a-z, 0-9, - and _."""

    id: str
    domain: str  # the id of the heading that it stands under
    labels: Labels


@dataclass(frozen=True, slots=True)
class Domain:
    """A heading that groups topics on the first page."""

    id: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Site:
    """One desk's site. Where words lack a language, the first of `languages` and then any stands in, marked as such."""

    name: Labels  # the desk's
    base_url: str  # https://..., with the path below which the site will stand
    address: str  # where one asks: a mail address
    languages: tuple[str, ...]  # the first is the one to fall back on; those that only items have are added
    topics: tuple[Topic, ...]  # in the order in which they are shown
    domains: tuple[Domain, ...] = ()
    about: Labels = field(default_factory=dict)  # a sentence or two on the first page
    privacy: Labels = field(default_factory=dict)  # how questions are kept confidential; at the foot of each page
    audience: Audience = Audience.PUBLIC
    pages: Path | None = None  # <language>/<slug>.md and countries/<CC>.<language>.md


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. Paths are relative to the folder, with slashes."""

    items: int  # question-and-answer pages: one for each language, without tombstones and earlier versions
    tombstones: int
    pages: int  # all HTML pages
    languages: tuple[str, ...]
    written: tuple[str, ...]  # new or changed
    kept: tuple[str, ...]  # untouched, bytes and time
    removed: tuple[str, ...]
    searchable: int  # pages in the search index
    overdue: tuple[str, ...]  # language/id of the items whose review is due
    odd: tuple[str, ...] = ()  # "language/id: why" of those that are left out, or filed elsewhere than they say
