"""How scripts without spaces are spelled for the index, and what a missing program says. Finding: test_browser.py."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.site.samples import TEMPLATES
from mailflow.publish.site import MissingExtraError, readable
from mailflow.publish.site.search import THREES, TWOS, respelled, spelled
from tests.publish.site.conftest import Look
from tests.publish.site.made import item

Make = Callable[..., Look]
twos, threes = (st.text(letters, min_size=4) for letters in ("労働時間旅券のはカ护照强迫劳动", "แรงงานค้าอလုပ်ရှင်"))


def test_words_with_spaces_stay_as_they_are() -> None:
    for text in ("Wages and hours", "tiền lương", "اجرت", "ज्याला"):
        assert spelled(text) == text


@given(st.one_of(twos, threes), st.data())
def test_every_part_of_a_run_is_found(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : start + data.draw(st.integers(1, 6))]
    size = 2 if part > "\u3000" else 3
    asked = [one.rstrip("z") for one in spelled(part).split()][
        : max(1, len(part) - size + 1)
    ]  # as search.js asks: whole windows, or what there is
    assert all(any(word.startswith(one) for word in spelled(run).split()) for one in asked)


@given(st.one_of(twos, threes))
def test_what_was_spelled_can_be_read_back(run: str) -> None:
    assert respelled(spelled(f"see {run} there")).split() == ["see", run, "there"]


def test_the_page_spells_the_same_letters_as_the_index() -> None:
    script = (TEMPLATES / "search.js").read_text()
    for name, letters in (("THREES", THREES), ("TWOS", TWOS)):
        ranges = re.search(rf"const {name} = /\[(.*?)\]\+/g", script)[1]
        assert re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), ranges) == letters


def test_without_the_program_the_sentence_says_what_to_install(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pagefind_bin", None)
    with pytest.raises(MissingExtraError, match=r'pip install "mailflow\[site\]"'):
        make([item()])


def test_only_main_texts_are_indexed(look: Look) -> None:
    texts = dict(readable(look.folder))
    fragments = [text for path, text in texts.items() if path.endswith(".pf_fragment")]
    assert len(fragments) == look.built.searchable
    assert not any("Confidentiality" in text or "zebrafinch" in text for text in fragments)


def test_the_leak_check_can_read_what_the_index_holds(look: Look) -> None:
    texts = dict(readable(look.folder))
    assert any("強制労働の兆候" in text for path, text in texts.items() if path.endswith(".pf_fragment"))
    assert any("identity documents" in text for path, text in texts.items() if path.endswith(".pf_fragment"))
    assert "budgerigar" not in "".join(texts.values())
