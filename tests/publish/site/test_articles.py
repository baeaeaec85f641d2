"""Pages in Markdown: where they stand, and what is wrong with one that can't be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailflow.publish.site import SiteError
from tests.publish.site.conftest import Look
from tests.publish.site.made import item

Make = Callable[..., Look]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / "pages" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder / "pages"


def test_a_theme_has_a_page_and_stands_on_its_topic(make: Make, tmp_path: Path) -> None:
    text = '+++\ntitle = "How wages are set"\ntopic = "wages"\n+++\n# First\n\nBy *agreement* <b>here</b>.\n'
    look = make([], pages=write(tmp_path, "en/setting.md", text))
    page = look.page("en/pages/setting")
    assert "<h1>How wages are set</h1>" in page
    assert "<h2>First</h2>" in page
    assert "<em>agreement</em> &lt;b&gt;here" in page
    assert "How wages are set" in look.page("en/topics/wages")
    assert look.built.searchable == 1


def test_a_country_shows_its_figures_and_text(make: Make, tmp_path: Path) -> None:
    pages = write(tmp_path, "countries/VN.en.md", '+++\nfacts = { "Hours" = "48" }\n+++\nSome words.\n')
    page = make([item(countries=("VN",))], pages=pages).page("en/countries/vn")
    assert "<dt>Hours</dt><dd>48</dd>" in page
    assert "Some words." in page
    assert "Title of first" in page


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("en/a.md", "no head", "a.md: no title"),
        ("en/a.md", '+++\ntitle = "x"\n', "that ends its head is missing"),
        ("en/a.md", "+++\ntitle = x\n+++\n", r"a.md: between"),
        ("en/a.md", '+++\ntitle = "x"\nauthor = "me"\n+++\n', "author is not one of"),
        ("en/a.md", '+++\ntitle = "x"\ntopic = "moon"\n+++\n', "topic 'moon'"),
        ("en/a.md", '+++\ntitle = "x"\n+++\n![](https://a.example/b.png)', "pictures can't stand"),
        ("en/Ä.md", '+++\ntitle = "x"\n+++\n', "file name holds"),
        ("countries/VN.md", "x", "is called <CC>"),
        ("countries/Q.en.md", "x", "no country"),
    ],
)
def test_a_page_that_cannot_be_read_is_named(make: Make, tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(SiteError, match=told):
        make([item()], pages=write(tmp_path, name, text))


def test_no_link_of_a_page_can_run_anything(make: Make, tmp_path: Path) -> None:
    text = '+++\ntitle = "x"\n+++\n[a](javascript:alert(1)) [b](data:text/html,x)\n'
    page = make([], pages=write(tmp_path, "en/a.md", text)).page("en/pages/a")
    assert 'href="javascript' not in page
    assert 'href="data' not in page
