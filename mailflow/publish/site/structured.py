"""What machines read: schema.org's QAPage for an item, an Atom feed, a sitemap, robots.txt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from markupsafe import Markup

from mailflow.core.publication import Item
from mailflow.publish.site.blocks import html, summary

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the sitemap, with the same page in other languages."""

    url: str
    changed: date | None
    others: Sequence[tuple[str, str]]  # language, url; itself among them


def question(item: Item, url: str, desk: str) -> Markup:
    """JSON-LD for an item's page, safe inside a script element. Months stand as their first day."""
    asked, changed = item.month.isoformat(), (item.changed or item.month).isoformat()
    told = {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "inLanguage": item.language,
        "url": url,
        "mainEntity": {
            "@type": "Question",
            "name": item.title,
            "text": item.question,
            "answerCount": 1,
            "datePublished": asked,
            "acceptedAnswer": {
                "@type": "Answer",
                "text": item.answer,
                "url": f"{url}#answer",
                "datePublished": asked,
                "dateModified": changed,
                "author": {"@type": "Organization", "name": desk},
            },
        },
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def feed(title: str, language: str, url: str, home: str, entries: Iterable[tuple[str, Item]]) -> bytes:
    """An Atom feed of these items, each with its address. Its dates are months: the first day, midnight."""
    shown = list(entries)
    root = ET.Element("feed", {"xmlns": _ATOM, f"{{{_XML}}}lang": language})
    latest = max((item.changed or item.month for _, item in shown), default=date(1970, 1, 1))
    for tag, text in (("title", title), ("id", url), ("updated", _moment(latest))):
        ET.SubElement(root, tag).text = text
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": url})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": home})
    ET.SubElement(ET.SubElement(root, "author"), "name").text = title
    for address, item in shown:
        _entry(root, address, item)
    return _document(root)


def sitemap(pages: Iterable[Listed]) -> bytes:
    """Every page that search engines may show."""
    root = ET.Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for page in pages:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = page.url
        if page.changed:
            ET.SubElement(url, "lastmod").text = f"{page.changed:%Y-%m}"
        for language, other in page.others if len(page.others) > 1 else ():
            ET.SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": other})
    return _document(root)


def robots(base: str, *, public: bool) -> bytes:
    """All may read a public site; nobody's robot one for training."""
    rules = f"Allow: /\n\nSitemap: {base}sitemap.xml\n" if public else "Disallow: /\n"
    return f"User-agent: *\n{rules}".encode()


def _entry(root: ET.Element, address: str, item: Item) -> None:
    entry = ET.SubElement(root, "entry", {f"{{{_XML}}}lang": item.language})
    texts = (
        ("title", item.title),
        ("id", address),
        ("published", _moment(item.month)),
        ("updated", _moment(item.changed or item.month)),
        ("summary", summary(item.question, 300)),
    )
    for tag, text in texts:
        ET.SubElement(entry, tag).text = text
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    ET.SubElement(entry, "content", {"type": "html"}).text = str(html(item.answer))


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _document(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()
