"""The figures of the digest."""

from __future__ import annotations

import pytest

from mailflow.core import digest
from mailflow.core.model import Board, Figures, Situation
from tests.core.desk import NOW, POLICY


def facts(*answers: tuple[str, str, int, bool]) -> dict[str, object]:
    board = Board(figures=Figures(first_answers=answers))
    return dict(digest.letter("coord", "digest", Situation(NOW, board=board), POLICY).facts)


@pytest.mark.parametrize(("count", "ninetieth"), [(1, "1"), (5, "5"), (9, "9"), (10, "9"), (11, "10"), (20, "18")])
def test_the_ninetieth_percentile_is_a_value_that_nine_of_ten_do_not_exceed(count: int, ninetieth: str) -> None:
    assert facts(*(("wages", "en", days, True) for days in range(1, count + 1)))["late_days"] == ninetieth


def test_the_median_is_told_by_queue_and_by_language() -> None:
    told = facts(("wages", "en", 2, True), ("wages", "fr", 5, True), ("safety", "en", 8, True))
    assert sentences(told["queues"]) == {"wages": "3.5", "safety": "8"}
    assert sentences(told["languages"]) == {"en": "5", "fr": "5"}


def sentences(lines: object) -> dict[str, str]:
    assert isinstance(lines, tuple)
    return {line.command: dict(line.values)["days"] for line in lines}
