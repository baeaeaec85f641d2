"""What the orders of reviewers do to a proposal."""

from __future__ import annotations

import pytest

from mailflow.core.publication import Identities
from mailflow.publish.anonymise import amended, anonymise

KNOWN = Identities(names=("Jane Roe",), organisations=("Acme Textiles Ltd",))
TEXT = "Dear all,\n\nJane Roe of Acme Textiles Ltd asks on 14 March 2026.\n\nKind regards,\nJane"
PROPOSED = anonymise(TEXT, "en", KNOWN)


def test_keep_and_replace() -> None:
    after = amended(TEXT, PROPOSED, keep={4}, replace={3: "a buyer"})
    assert after.text == "A person of a buyer asks on 14 March 2026."
    assert [each.by for each in after.replaced if each.replacement == "a buyer"] == ["reviewer"]


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
        amended(f"x{TEXT}", PROPOSED)
