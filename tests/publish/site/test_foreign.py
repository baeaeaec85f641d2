"""Nothing is asked of anybody else, and nothing runs or is styled inside a page."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser as HTMLParser

from bench.site.samples import TEMPLATES
from tests.publish.site.conftest import Look

BASE = "https://helpdesk.example.org/"
LOADS = {"src", "srcset", "data", "poster", "action", "formaction", "background", "manifest", "ping"}


def pages(look: Look) -> dict[str, HTMLParser]:
    return {str(path): HTMLParser(path.read_text(encoding="utf-8")) for path in sorted(look.folder.rglob("*.html"))}


def test_no_page_loads_anything_from_another_place(look: Look) -> None:
    for path, page in pages(look).items():
        for node in page.css("*"):
            loaded = [value for name, value in node.attributes.items() if name in LOADS and value]
            if node.tag == "link" and node.attributes.get("rel") not in {"canonical", "alternate"}:
                loaded.append(node.attributes["href"])
            assert not [value for value in loaded if re.match(r"(?:https?:)?//", value)], path


def test_every_other_address_of_another_place_is_a_link_in_a_text(look: Look) -> None:
    for path, page in pages(look).items():
        for node in page.css("a[href^=http]"):
            assert node.parent.tag in {"p", "li"}, path
            assert node.attributes["rel"] == "noopener"
        for node in page.css("link[href^=http]"):
            assert node.attributes["href"].startswith(BASE), path


def test_style_sheet_and_script_name_no_other_place(look: Look) -> None:
    for name in ("site.css", "search.js", "icon.svg"):
        text = (look.folder / "assets" / name).read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", text), name


def test_no_page_has_a_script_or_a_style_of_its_own(look: Look) -> None:
    for path, page in pages(look).items():
        scripts = [n for n in page.css("script") if n.attributes.get("type") != "application/ld+json"]
        assert [n.attributes.get("src") for n in scripts] == (
            ["../../assets/search.js"] if "/search/" in path else []
        ), path
        assert not page.css("style, [style], iframe, object, embed"), path
        assert not [name for node in page.css("*") for name in node.attributes if name.startswith("on")], path
        assert page.css_first('meta[http-equiv="Content-Security-Policy"]') is not None, path


def test_only_the_search_page_may_run_anything(look: Look) -> None:
    for path, page in pages(look).items():
        policy = page.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
        assert policy.startswith("default-src 'none'")
        assert ("script-src" in policy) == ("/search/" in path)
        assert "unsafe-inline" not in policy


def test_every_link_within_the_site_leads_somewhere(look: Look) -> None:
    for path, page in pages(look).items():
        for node in page.css("[href], [src]"):
            there = node.attributes.get("href") or node.attributes.get("src")
            if re.match(r"https?:|mailto:|#", there) or path.endswith("404.html"):
                continue
            target = (look.folder / path).parent / there.split("?")[0]
            assert (target / "index.html" if there.endswith("/") or there == "" else target).exists(), (path, there)


def test_no_trace_of_this_machine_or_of_now_is_in_a_page(look: Look) -> None:
    for path in look.folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert str(look.folder) not in text
        assert str(TEMPLATES) not in text
        assert "2026-11-26" not in text
