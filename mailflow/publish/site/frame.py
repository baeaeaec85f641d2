"""What every page of the site shares: its frame, its words, its labels, and the way from one page to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from mailflow.core.publication import Audience
from mailflow.publish.site import language as lingua
from mailflow.publish.site.articles import Articles
from mailflow.publish.site.blocks import html, summary
from mailflow.publish.site.library import Library
from mailflow.publish.site.nouns import Labels, Site, SiteError
from mailflow.publish.site.policy import READING
from mailflow.publish.site.words import Glossary, Words

INDEX = "index.html"
_DESCRIPTION = 155  # characters of a description that search engines show


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and the language that they are in."""

    text: str
    language: str
    dir: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that a page is made from."""

    site: Site
    library: Library
    articles: Articles
    glossary: Glossary
    today: date
    environment: Environment

    def words(self, language: str) -> Words:
        """Those of the language, or English ones."""
        return self.glossary.of(language)

    def said(self, labels: Labels, language: str) -> Said:
        """A label in the language or the next best one."""
        text, found = lingua.label(labels, language, self.site.languages[0])
        return Said(text, found, lingua.direction(found))

    def url(self, address: str) -> str:
        """The whole of an address, for what leaves the site."""
        return f"{self.site.base_url.rstrip('/')}/{address}"

    def name(self, language: str) -> str:
        """A language as its speakers call it."""
        words = self.glossary.languages.get(language)
        return words.said["language"] if words else lingua.own_name(language)

    def render(self, template: str, address: str, language: str, **facts: Any) -> str:
        """A page at that address. SiteError when the template is faulty."""
        try:
            return self.environment.get_template(template).render(self._common(address, language, facts) | facts)
        except TemplateSyntaxError as wrong:
            raise SiteError(f"{wrong.filename}, line {wrong.lineno}: {wrong.message}") from wrong
        except TemplateError as wrong:
            raise SiteError(f"the site's template {template}: {wrong.message}") from wrong

    def _common(self, address: str, language: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        words = self.words(language)
        same: Mapping[str, str] = facts.get("same", {language: address})
        return {
            "address": address,
            "root": "../" * address.count("/"),
            "language": language,
            "ui": words.language,
            "dir": lingua.direction(language),
            "ui_dir": lingua.direction(words.language),
            "say": words.say,
            "desk": self.said(self.site.name, language),
            "privacy": self.said(self.site.privacy, language) if self.site.privacy else None,
            "menu": self.menu(same),
            "alternates": [(tag, self.url(same[tag])) for tag in sorted(same)] if len(same) > 1 else [],
            "canonical": self.url(address),
            "csp": READING,
            "hidden": self.site.audience is Audience.TRAINING,
            "site_training": self.site.audience is Audience.TRAINING,
            "themes": self.articles.themes.get(language, ()),
            "has_countries": self.countries(language),
            "searchable": True,
            "month": lambda day: lingua.month(day, words.language),
        }

    def menu(self, same: Mapping[str, str]) -> Sequence[tuple[str, str, str, str]]:
        """Every language: its tag, direction and name, and this page in it, or its first page."""
        return [
            (tag, lingua.direction(tag), self.name(tag), same.get(tag, f"{tag}/")) for tag in self.library.languages
        ]

    def countries(self, language: str) -> Sequence[str]:
        """The countries that have a page in a language, by name."""
        found = {code for tag, code in (*self.library.by_country, *self.articles.countries) if tag == language}
        return sorted(found, key=lambda code: lingua.country(code, language))


def environment(templates: Path) -> Environment:
    """The page templates of a folder, everything escaped."""
    if not (templates / "base.html").is_file():
        raise SiteError(f"{templates} has no base.html: copy the site's templates from a fresh installation")
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"text": html, "brief": lambda text: summary(text, _DESCRIPTION)}
    made.globals |= {"direction": lingua.direction}
    return made


def base_path(site: Site) -> str:
    """The path of the site's root on its server, with a slash at either end."""
    return f"{urlsplit(site.base_url).path.rstrip('/')}/"
