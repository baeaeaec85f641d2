"""An item for another content system."""

from __future__ import annotations

import sys
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from mailflow.publish.site import MissingExtraError, Site, SiteError, as_docx, as_html
from tests.publish.site.made import item

TEXT = "Two lines\nhere, see https://a.example/b.\n\n- one\n- two"


def test_the_html_is_clean(site: Site) -> None:
    page = HTMLParser(as_html(item(answer=TEXT, language="ur"), site))
    assert page.css_first("html").attributes == {"lang": "ur", "dir": "rtl"}
    assert {name for node in page.css("article *") for name in node.attributes} <= {"href", "rel", "lang"}
    assert [node.text() for node in page.css("h1, h2")] == ["Title of first", "سوال", "جواب"]
    assert [node.text() for node in page.css("article > ul:last-child li")] == ["Wages"]


def test_the_docx_says_the_same(site: Site) -> None:
    document = Document(BytesIO(as_docx(item(answer=TEXT), site)))
    told = [(p.style.name, p.text) for p in document.paragraphs]
    assert told == [
        ("Heading 1", "Title of first"),
        ("Heading 2", "Question"),
        ("Normal", "May one?"),
        ("Normal", "Really?"),
        ("Heading 2", "Answer"),
        ("Normal", "Two lines\nhere, see https://a.example/b."),
        ("List Bullet", "one"),
        ("List Bullet", "two"),
        ("Normal", "Wages"),
    ]
    assert [link.address for p in document.paragraphs for link in p.hyperlinks] == ["https://a.example/b"]


def test_the_docx_tells_nothing_of_who_made_it_or_when(site: Site) -> None:
    made = as_docx(item(), site)
    assert made == as_docx(item(), site)
    told = Document(BytesIO(made)).core_properties
    assert (told.author, told.last_modified_by, told.comments, told.created.year) == ("", "", "", 1980)
    assert {entry.date_time for entry in ZipFile(BytesIO(made)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_urdu_runs_from_right_to_left_and_japanese_has_its_font(site: Site) -> None:
    urdu = ZipFile(BytesIO(as_docx(item(language="ur"), site))).read("word/document.xml").decode()
    assert urdu.count("<w:bidi/>") == urdu.count("<w:p>") + 1
    assert "<w:rtl/>" in urdu
    japanese = ZipFile(BytesIO(as_docx(item(language="ja"), site))).read("word/styles.xml").decode()
    assert 'w:eastAsia="Yu Mincho"' in japanese
    assert 'w:eastAsia="ja"' in japanese


def test_a_withdrawn_item_never_leaves(site: Site) -> None:
    for export in (as_html, as_docx):
        with pytest.raises(SiteError, match="withdrawn"):
            export(item(withdrawn=date(2026, 3, 1)), site)


def test_without_the_extra_docx_says_what_to_install(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"mailflow\[site\]"):
        as_docx(item(), site)
