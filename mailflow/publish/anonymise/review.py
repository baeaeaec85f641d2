"""What the orders of reviewers make of a proposal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace as changed

from mailflow.core.publication import Anonymised
from mailflow.publish.anonymise.proposing import applied


def amended(
    original: str, anonymised: Anonymised, keep: Collection[int] = (), replace: Mapping[int, str] | None = None
) -> Anonymised:
    """After `#keep 3` and `#replace 5 "a buyer"`: kept places are as they were, the others as somebody wants them.

    ValueError for a number that no replacement has, or one both kept and replaced.
    """
    _fits(original, anonymised)
    wanted = dict(replace or {})
    highest = len(anonymised.replaced)
    unknown = sorted(number for number in {*keep, *wanted} if not 0 < number <= highest)
    if unknown:
        raise ValueError(f"there is no replacement {unknown[0]}: they are numbered from 1 to {highest}")
    both = sorted(set(keep) & set(wanted))
    if both:
        raise ValueError(f"replacement {both[0]} can't be both kept and replaced: send one of the two")
    replaced = tuple(
        changed(each, replacement=wanted[number], confidence=1.0, by="reviewer") if number in wanted else each
        for number, each in enumerate(anonymised.replaced, 1)
        if number not in keep
    )
    return Anonymised(applied(original, replaced), replaced, anonymised.warnings)


def _fits(original: str, anonymised: Anonymised) -> None:
    if applied(original, anonymised.replaced) != anonymised.text:
        raise ValueError("the candidate was made of another text: make it anew")
