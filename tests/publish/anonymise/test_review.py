"""What reviewers see, and what their orders do."""

from __future__ import annotations

import pytest

from mailflow.core.publication import Identities
from mailflow.publish.anonymise import amended, anonymise, marked

KNOWN = Identities(names=("Jane Roe",), organisations=("Acme Textiles Ltd",))
TEXT = "Dear all,\n\nJane Roe of Acme Textiles Ltd asks on 14 March 2026.\n\nKind regards,\nJane"
PROPOSED = anonymise(TEXT, "en", KNOWN)


def test_each_replacement_is_numbered_on_both_sides() -> None:
    shown = marked(TEXT, PROPOSED)
    assert shown.text == "[1: …][2: A person] of [3: a company] asks [4: in early 2026].[5: …]"
    assert "[3: Acme Textiles Ltd]" in shown.original
    assert [(mark.number, mark.original, mark.replacement) for mark in shown.marks[1:3]] == [
        (2, "Jane Roe", "A person"),
        (3, "Acme Textiles Ltd", "a company"),
    ]


def test_the_pieces_hold_both_texts() -> None:
    pieces = marked(TEXT, PROPOSED).pieces
    assert "".join(piece.original for piece in pieces) == TEXT
    assert "".join(piece.candidate for piece in pieces) == PROPOSED.text


def test_keep_and_replace() -> None:
    after = amended(TEXT, PROPOSED, keep={4}, replace={3: "a buyer"})
    assert after.text == "A person of a buyer asks on 14 March 2026."
    assert [each.by for each in after.replaced if each.replacement == "a buyer"] == ["reviewer"]
    assert marked(TEXT, after).text == "[1: …][2: A person] of [3: a buyer] asks on 14 March 2026.[4: …]"


@pytest.mark.parametrize(
    ("keep", "replace", "message"),
    [
        ({6}, {}, "there is no replacement 6: they are numbered from 1 to 5"),
        (set(), {0: "x"}, "there is no replacement 0"),
        ({3}, {3: "x"}, "can't be both kept and replaced"),
    ],
)
def test_a_wrong_number_is_said(keep: set[int], replace: dict[int, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        amended(TEXT, PROPOSED, keep=keep, replace=replace)


def test_a_candidate_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="made of another text"):
        marked(f"x{TEXT}", PROPOSED)
