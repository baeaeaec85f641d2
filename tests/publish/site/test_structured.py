"""What machines read: QAPage data, feeds, the sitemap, robots.txt."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree as ET

from tests.publish.site.conftest import Look
from tests.publish.site.made import item

Make = Callable[..., Look]
ATOM, MAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def data(page: str) -> dict[str, object]:
    return json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])


def test_an_item_is_a_qapage_with_one_accepted_answer(make: Make) -> None:
    look = make([item(answer="a < b & c", language="fr", version=2, changed=date(2026, 5, 1))])
    told = data(look.page("fr/q/first"))
    url = "https://desk.example.org/answers/fr/q/first/"
    assert told == {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "inLanguage": "fr",
        "url": url,
        "mainEntity": {
            "@type": "Question",
            "name": "Title of first",
            "text": "May one?\n\nReally?",
            "answerCount": 1,
            "datePublished": "2026-03-01",
            "acceptedAnswer": {
                "@type": "Answer",
                "text": "a < b & c",
                "url": f"{url}#answer",
                "datePublished": "2026-03-01",
                "dateModified": "2026-05-01",
                "author": {"@type": "Organization", "name": "Le Service"},
            },
        },
    }


def test_each_language_has_a_feed_of_its_newest_answers(make: Make) -> None:
    look = make([item("old", month=date(2025, 1, 1)), item("new", month=date(2026, 6, 1)), item(language="fr")])
    feed = ET.parse(look.folder / "en/feed.xml").getroot()
    assert [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")] == [
        "https://desk.example.org/answers/en/q/new/",
        "https://desk.example.org/answers/en/q/old/",
    ]
    assert feed.findtext(f"{ATOM}updated") == "2026-06-01T00:00:00Z"
    assert feed.find(f"{ATOM}entry").findtext(f"{ATOM}content") == "<p>One may.</p>"


def test_the_sitemap_names_every_page_once_with_its_languages(make: Make) -> None:
    look = make([item(), item(language="fr"), item("alone")])
    urls = {
        url.findtext(f"{MAP}loc"): {link.get("hreflang"): link.get("href") for link in url.iter(LINK)}
        for url in ET.parse(look.folder / "sitemap.xml").getroot()
    }
    base = "https://desk.example.org/answers/"
    assert urls[f"{base}en/q/first/"] == {"en": f"{base}en/q/first/", "fr": f"{base}fr/q/first/"}
    assert urls[f"{base}en/q/alone/"] == {}
    for url in urls:
        assert (look.folder / url.removeprefix(base) / "index.html").is_file()
    assert not any("search" in url for url in urls)


def test_robots_are_told_where_the_sitemap_is(make: Make) -> None:
    told = (make([item()]).folder / "robots.txt").read_text()
    assert told == "User-agent: *\nAllow: /\n\nSitemap: https://desk.example.org/answers/sitemap.xml\n"
