"""Which questions count, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mailflow.core.counting import Case
from mailflow.report.yearly import Report, year
from mailflow.report.yearly.counting import counts, day_of
from mailflow.report.yearly.periods import Period, before, months_earlier, windows, years
from mailflow.report.yearly.settings import Mapped, settings_of
from tests.report.yearly.given import LANGUAGES, asked, case, labels, settings, small, words

DAY = date(2022, 2, 3)


def made(cases: list[Case], **more: object) -> Report:
    given, codes = small(**more)
    return year(cases, given, codes, words("en"), date(2022, 1, 1), date(2022, 12, 31))


def test_a_question_counts_in_the_period_of_its_first_answer() -> None:
    late = replace(case("1", date(2021, 12, 30), {"sector": ["a"]}), answered=date(2022, 1, 2))
    assert made([late]).table("things").row("a")["period"].value == 1
    assert made([late], counts="opened").table("things").row("a")["period"].value == 0
    assert made([late], counts="opened").table("things").row("a")["previous"].value == 1


def test_what_is_not_answered_yet_does_not_count_and_is_named() -> None:
    report = made([replace(case("1", DAY), answered=None)])
    assert report.table("things").total["period"].value == 0
    assert any("had not been answered by then" in sentence for sentence in report.method)


def test_inadmissible_questions_never_count() -> None:
    given, _ = small()
    refused = replace(case("1", DAY), admissible=False)
    assert not counts(refused, given)
    assert day_of(refused, given) is None


@pytest.mark.parametrize(("undecided", "number"), [("counted", 1), ("apart", 0)])
def test_an_answer_on_which_nobody_decided_is_counted_as_the_settings_say(undecided: str, number: int) -> None:
    report = made([replace(case("1", DAY, {"sector": ["a"]}), admissible=None)], undecided=undecided)
    assert report.table("things").total["period"].value == number
    assert any("never said to be admissible" in sentence for sentence in report.method)


def test_two_codes_count_twice_and_the_rule_says_so() -> None:
    report = made(asked({"a": 3, "a b": 2, "": 4}, 2022))
    table = report.table("things")
    figures = {row.id: row["period"].value for row in (*table.rows, *table.shown_foot)}
    assert figures == {"a": 5, "b": 2, "c": 0, "sum": 7, "uncoded": 4, "several": 2, "questions": 9}
    assert "Two questions name more than one category, so the rows add up to 7." in table.notes
    assert [one.kind for one in report.findings] == ["uncoded", "several", "unrecorded"]


def test_a_code_that_no_list_has_is_named_and_stands_in_no_row() -> None:
    report = made(asked({"a": 1, "gone": 2}, 2022))
    assert report.table("things").row("uncoded")["period"].value == 2
    stranger = next(one for one in report.findings if one.kind == "stranger")
    assert "“gone”" in stranger.text
    assert stranger.found == 2


def test_a_mapping_counts_old_codes_under_todays_in_all_years() -> None:
    mapped = made(
        [*asked({"old": 2}, 2022), *asked({"older": 3}, 2021)],
        mappings=(Mapped("sector", "older", "old"), Mapped("sector", "old", "b")),
    )
    row = mapped.table("things").row("b")
    assert (row["period"].value, row["previous"].value, row["cumulative"].value) == (2, 3, 5)


def test_a_mapping_in_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        made(asked({"x": 1}, 2022), mappings=(Mapped("sector", "x", "y"), Mapped("sector", "y", "x")))


def test_a_topic_with_experts_of_its_own_counts_in_the_row_of_another() -> None:
    report = year(
        [case("1", date(2023, 5, 1), {"topic": ["disability", "non_discrimination"]})],
        settings(),
        labels(),
        words("en"),
        date(2023, 3, 1),
        date(2024, 2, 29),
    )
    table = report.table("topics")
    assert table.row("non_discrimination")["period"].value == 1
    assert table.row("employment")["period"].value == 1  # the heading of its domain
    assert all(row.id != "disability" for row in table.rows)


def test_a_form_for_another_edition_of_the_taxonomy_is_not_used() -> None:
    given, codes = small()
    later = replace(given.tables[0], id="others", versions=("2",))
    report = year([], replace(given, tables=(*given.tables, later)), codes, words("en"), DAY, DAY)
    assert [table.id for table in report.tables] == ["things"]


def test_mean_is_per_year_since_the_beginning() -> None:
    row = made([*asked({"a": 4}, 2022), *asked({"a": 3}, 2021), *asked({"a": 2}, 2020)]).table("things").row("a")
    assert (row["cumulative"].value, row["mean"].value) == (9, 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_years_that_nobody_recorded_are_named_and_no_zeros(language: str) -> None:
    cases = [case(str(n), date(2026, 5, 1) + timedelta(n), {"sector": ["ict"]}) for n in range(30)]
    report = year(cases, settings(), labels(), words(language), date(2026, 3, 1), date(2027, 2, 28))
    days = {"en": ("1 March 2023", "28 February 2026"), "fr": ("1er mars 2023", "28 février 2026")}
    since, until = days.get(language, ("1 de marzo de 2023", "28 de febrero de 2026"))
    (told,) = (one.text for one in report.findings if one.kind == "unrecorded")
    assert since in told
    assert until in told
    assert report.summary[-1] == told
    total = report.table("sectors").total
    assert (total["previous"].value, total["cumulative"].value) == (None, 1725)
    assert total["mean"].value == pytest.approx(1725 / 15)  # 14 years before, and this one


def test_a_year_without_any_question_is_named_too() -> None:
    report = made([*asked({"a": 4}, 2022), *asked({"a": 5}, 2020)])
    (told,) = (one.text for one in report.findings if one.kind == "unrecorded")
    assert told == (
        "Nothing is recorded between 1 January 2021 and 31 December 2021: the totals since January 2020 don’t contain "
        "this time, and the mean per year leaves it out."
    )
    assert report.table("things").row("a")["mean"].value == 4.5
    recorded = made([*asked({"a": 4}, 2022), *asked({"a": 5}, 2021), *asked({"a": 5}, 2020)])
    assert not any(one.kind == "unrecorded" for one in recorded.findings)


def test_a_percentage_of_few_is_not_given() -> None:
    table = made([*asked({"a": 6, "b": 30}, 2022), *asked({"a": 3, "b": 20}, 2021)]).table("things")
    assert (table.row("a")["change"].value, table.row("a")["change"].why) == (None, "small")
    assert table.row("b")["change"].value == 50
    assert "A (from 3 to 6)" in table.paragraph.replace("a (from", "A (from")
    assert "100" not in table.paragraph


@pytest.mark.parametrize(
    ("since", "until", "earlier"),
    [
        (date(2026, 3, 1), date(2027, 2, 28), Period(date(2025, 3, 1), date(2026, 2, 28))),
        (date(2024, 3, 1), date(2025, 2, 28), Period(date(2023, 3, 1), date(2024, 2, 29))),
        (date(2026, 1, 1), date(2026, 6, 30), Period(date(2025, 7, 1), date(2025, 12, 31))),
        (date(2026, 1, 5), date(2026, 1, 11), Period(date(2025, 12, 29), date(2026, 1, 4))),
    ],
)
def test_the_period_before_is_as_long(since: date, until: date, earlier: Period) -> None:
    assert before(Period(since, until)) == earlier


def test_periods_go_back_to_the_beginning_and_no_further() -> None:
    found = windows(Period(date(2026, 3, 1), date(2027, 2, 28)), date(2024, 9, 1))
    assert [one.since.isoformat() for one in found] == ["2026-03-01", "2025-03-01", "2024-09-01"]
    assert years(date(2009, 3, 1), date(2023, 2, 28)) == 14
    assert months_earlier(date(2024, 2, 29), 12) == date(2023, 2, 28)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="exchange the two days"):
        Period(date(2026, 3, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("counts", "asked", "counts must be one of answered, opened"), ("undecided", "x", "undecided must be one of")],
)
def test_a_wrong_setting_is_told_in_one_sentence(key: str, value: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        settings_of({"title": {"en": "R"}, key: value})


def test_a_wrong_table_is_told_with_its_name() -> None:
    table = {"id": "t", "of": "colour", "title": {"en": "T"}, "columns": ["period"]}
    with pytest.raises(ValueError, match='table "t": of must be one of user_type'):
        settings_of({"title": {"en": "R"}, "table": [table]})
