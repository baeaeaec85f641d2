"""The report of March 2023, made again from its own figures: what it printed comes back, and what was wrong is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from mailflow.report.yearly import Report, year
from mailflow.report.yearly.settings import Mapped
from tests.report.yearly.given import OF, SINCE, UNTIL, labels, plain, printed, settings, words, year_2022


@cache
def report() -> Report:
    return year(year_2022(), settings(), labels(), words("fr"), SINCE, UNTIL)


def shown(table: str, row: str, column: str) -> float | None:
    return report().table(table).row(row)[column].value


@pytest.mark.parametrize("table", OF)
def test_the_report_of_2023_comes_back_cell_by_cell(table: str) -> None:
    columns = ("previous", "period", "cumulative") if table == "sectors" else ("period", "cumulative")
    for row, cells in printed()[table].items():
        if row != "initiatives":
            assert [shown(table, row, column) for column in columns] == cells, row


def test_its_rows_stand_in_its_order() -> None:
    for table in ("users_by_type", "users_by_region", "regions_concerned", "sectors", "topics"):
        mine = [row.id for row in report().table(table).rows if row.kind == "code"]
        assert mine == [row for row in printed()[table] if row != "initiatives"]


def test_the_stray_row_is_an_opening_balance_and_nothing_else() -> None:
    row = report().table("users_by_type").row("initiatives")
    assert (row["cumulative"].value, row["period"].value, row["share"].value) == (39, None, None)


def test_totals_are_the_questions_and_not_the_sums() -> None:
    for table in OF:
        total = report().table(table).total
        assert (total["period"].value, total["cumulative"].value) == (137, 1695)
    assert shown("sectors", "questions", "previous") == 157
    assert shown("sectors", "questions", "change") == pytest.approx(-12.7, abs=0.05)


def test_each_foot_leads_from_the_sum_to_the_questions() -> None:
    for table in report().tables:
        foot = {row.id: row for row in table.foot}
        for column in ("previous", "period", "cumulative"):
            parts = {id_: row[column].value for id_, row in foot.items()}
            if "sum" in foot and parts["sum"] is not None and parts["questions"] is not None:
                way = parts["sum"] + (parts.get("uncoded") or 0) - (parts.get("several") or 0)
                assert way + (parts.get("opening_gap") or 0) == parts["questions"], (table.id, column)


def test_what_does_not_add_up_is_named() -> None:
    found = {(one.table, one.of): (one.stated, one.found) for one in report().findings if one.kind == "rows"}
    assert found == {
        ("users_by_type", "last"): (137, 140),
        ("users_by_type", "balance"): (1695, 1734),
        ("users_by_region", "balance"): (1695, 1748),
        ("regions_concerned", "balance"): (1695, 1884),
        ("sectors", "balance"): (1695, 1687),
        ("topics", "last"): (137, 122),
    }


def test_the_reasons_are_given_with_it() -> None:
    texts = {(one.table, one.of): plain(one.text) for one in report().findings if one.kind == "rows"}
    assert "« Initiatives »" in texts["users_by_type", "last"]
    assert "1 695" in texts["users_by_type", "balance"].rpartition("elle est de")[2]
    for table in ("users_by_region", "regions_concerned"):
        assert "plusieurs catégories" in texts[table, "balance"]
    assert "8 de moins que les 1 695 questions" in texts["sectors", "balance"]


def test_figures_of_its_text_are_worked_out_again() -> None:
    pages, change = sorted((one for one in report().findings if one.kind == "claim"), key=lambda one: -(one.found or 0))
    assert (pages.stated, pages.found) == (3_511_893, 3_511_893 - 96_791)
    assert "96 791" in plain(pages.text)
    assert change.stated == -12
    assert change.found == pytest.approx(-12.74, abs=0.01)
    assert "−12 %" in plain(change.text)
    assert "−12,7 %" in plain(change.text)


def test_a_lost_balance_gives_no_total() -> None:
    row = report().table("topics").row("national_law")
    assert (row["period"].value, row["cumulative"].value, row["cumulative"].why) == (5, None, "unknown")
    assert any(one.kind == "unknown" and one.table == "topics" for one in report().findings)


def test_the_year_after_begins_with_its_totals() -> None:
    after = year([], settings(), labels(), words("en"), date(2023, 3, 1), date(2024, 2, 29))
    table = after.table("users_by_type")
    assert (table.row("mnes")["previous"].value, table.row("mnes")["cumulative"].value) == (93, 1091)
    assert (table.total["previous"].value, table.total["cumulative"].value) == (137, 1695)
    assert after.table("sectors").row("agriculture")["previous"].value == 11


def test_a_balance_of_a_code_that_is_gone_is_named_and_a_mapping_brings_it_back() -> None:
    lists = labels().lists
    fewer = replace(labels(), lists={**lists, "sector": tuple(one for one in lists["sector"] if one.id != "ict")})
    days = date(2023, 3, 1), date(2024, 2, 29)
    found = [one for one in year([], settings(), fewer, words("en"), *days).findings if one.kind == "stranger"]
    assert [(one.table, one.found) for one in found] == [("sectors", 37)]
    mapped = replace(settings(), mappings=(Mapped("sector", "ict", "electronics"),))
    report_ = year([], mapped, fewer, words("en"), *days)
    assert report_.table("sectors").row("electronics")["cumulative"].value == 81 + 37
    assert not [one for one in report_.findings if one.kind == "stranger"]


def test_no_report_begins_before_the_figures_can_be_led_back() -> None:
    with pytest.raises(ValueError, match="no report can begin before 2022-03-01"):
        year([], settings(), labels(), words("en"), date(2021, 3, 1), date(2022, 2, 28))
