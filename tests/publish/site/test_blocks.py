"""Plain text as paragraphs, lists and links; nothing of it can become markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from mailflow.publish.site.blocks import html, summary


def test_a_blank_line_parts_paragraphs_and_a_dash_makes_a_list() -> None:
    assert html("One\ntwo\n\nthree:\n- four\n- five") == (
        "<p>One<br>\ntwo</p>\n<p>three:</p>\n<ul>\n<li>four</li>\n<li>five</li>\n</ul>"
    )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/b_(c), then", "https://a.example/b_(c)"),
        ("参见https://a.example/b。", "https://a.example/b"),
        ("「https://a.example/b」", "https://a.example/b"),
        ("https://a.example/?q=1&r=2", "https://a.example/?q=1&r=2"),
    ],
)
def test_a_link_ends_where_its_address_ends(text: str, address: str) -> None:
    (link,) = HTMLParser(html(text)).css("a")
    assert link.attributes["href"] == address


def test_other_schemes_are_no_links() -> None:
    assert "<a" not in html("javascript:alert(1) http://a.example data:text/html,x")


@given(st.text())
def test_no_text_becomes_an_element_of_its_own(text: str) -> None:
    tags = {node.tag for node in HTMLParser(f"<main>{html(text)}</main>").css("main *")}
    assert tags <= {"p", "br", "ul", "li", "a"}


def test_a_summary_is_one_line_cut_between_words() -> None:
    assert summary("One two\n\n- three four", 10) == "One two…"
    assert summary("労働時間の上限はありますか", 5) == "労働時間の…"
    assert summary("short", 10) == "short"
