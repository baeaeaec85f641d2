"""What was handed in is kept, and later reports name what is another today; and what would be worth publishing."""

from __future__ import annotations

from datetime import date

import pytest

from mailflow.core.counting import Case
from mailflow.report.yearly import Report, year
from mailflow.report.yearly.frozen import compared, frozen, thawed, with_differences
from mailflow.report.yearly.gaps import gaps
from tests.report.yearly.given import asked, case, labels, settings, small, words

THEN = asked({"a": 5, "b": 7}, 2022)


def of(year_: int, cases: list[Case], **more: object) -> Report:
    given, codes = small(**more)
    return year(cases, given, codes, words("en"), date(year_, 1, 1), date(year_, 12, 31))


def test_the_same_report_does_not_differ() -> None:
    report = of(2022, THEN)
    assert compared(report, frozen(report)) == ()
    assert frozen(report) == frozen(of(2022, THEN))


def test_a_question_that_was_coded_afterwards_is_named() -> None:
    kept = frozen(of(2022, THEN))
    report = of(2022, [*THEN, *asked({"a": 1}, 2022)])
    found = {(one.row, one.column): (one.before, one.now) for one in compared(report, kept)}
    assert found == {
        ("a", "period"): (5, 6),
        ("a", "cumulative"): (5, 6),
        ("questions", "period"): (12, 13),
        ("questions", "cumulative"): (12, 13),
    }
    sentence = with_differences(report, compared(report, kept), words("en")).differences[0].text
    assert sentence == "Things, A, period: 5 was handed in, and it is 6 today."


def test_the_next_years_report_is_compared_with_its_period_before_and_its_totals() -> None:
    kept = frozen(of(2022, THEN))
    assert compared(of(2023, [*THEN, *asked({"a": 3}, 2023)]), kept) == ()
    later = of(2023, [*THEN, *asked({"c": 1}, 2022), *asked({"a": 3}, 2023)])
    found = {(one.row, one.column): (one.before, one.now) for one in compared(later, kept)}
    assert found[("c", "period")] == (0, 1)
    assert found[("questions", "cumulative")] == (12, 13)


def test_hidden_figures_are_not_compared() -> None:
    kept = frozen(of(2022, THEN, fewer_than=6))
    report = of(2022, THEN)
    assert not [one for one in compared(report, kept) if one.row in ("a", "b")]


def test_a_row_that_is_gone_is_named() -> None:
    kept = frozen(of(2022, THEN))
    given, codes = small(("b", "c"))
    report = year(THEN, given, codes, words("en"), date(2022, 1, 1), date(2022, 12, 31))
    assert ("a", "period", 5, None) in {(one.row, one.column, one.before, one.now) for one in compared(report, kept)}


def test_another_period_is_refused() -> None:
    with pytest.raises(ValueError, match="the frozen report is of 2022-01-01 to 2022-12-31"):
        compared(of(2025, THEN), frozen(of(2022, THEN)))


def test_a_kept_report_that_was_changed_is_refused() -> None:
    kept = frozen(of(2022, THEN))
    with pytest.raises(ValueError, match="its hash is another"):
        thawed(kept.replace(b"12", b"13", 1))
    with pytest.raises(ValueError, match="no report kept by --freeze"):
        thawed(b"{}")


# ---------------------------------------------------------------- gaps


def test_rising_topics_without_a_published_answer_are_gaps() -> None:
    def about(topic: str, number: int, year_: int) -> list[Case]:
        return [case(f"{topic}{year_}{n}", date(year_, 5, 1), {"topic": [topic]}) for n in range(number)]

    cases = [
        *about("wages", 9, 2022), *about("wages", 2, 2021),  # published
        *about("disability", 5, 2022), *about("disability", 1, 2021),
        *about("osh", 4, 2022), *about("osh", 3, 2021),
        *about("privacy", 4, 2022), *about("privacy", 6, 2021),  # falls
        *about("forced_labour", 2, 2022),  # too few
    ]  # fmt: skip
    found = gaps(cases, {"wages": 2}, settings(), labels(), date(2022, 1, 1), date(2022, 12, 31), "fr")
    assert [(gap.topic, gap.rise) for gap in found] == [("disability", 4), ("osh", 1)]
    assert found[0].label == "Handicap"
