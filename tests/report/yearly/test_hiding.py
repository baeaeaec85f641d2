"""Small figures are hidden so that they can't be worked out: here somebody tries, who knows everything else."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.report.yearly import year
from mailflow.report.yearly.formats.figures import figures
from mailflow.report.yearly.formats.sheets import csv_files
from mailflow.report.yearly.hiding import hidden
from mailflow.report.yearly.labels import Code, Labels
from mailflow.report.yearly.settings import Form, Settings
from tests.report.yearly.given import asked, case, small, words

ROWS = ("a", "b", "c")
columns = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), min_size=2)


def handed_in(counts: dict[str, int], year_: int, history: dict[int, dict[str, int]], k: int, total: int) -> str:
    """All that anybody gets to see of a year's report, in every format, as one text."""
    cases = [
        one for past, column in history.items() for one in asked({**column, "": total - sum(column.values())}, past)
    ]
    settings, labels = small(ROWS, fewer_than=k, start=date(min(history), 1, 1))
    report = year(cases, settings, labels, words("en"), date(year_, 1, 1), date(year_, 12, 31))
    seen = figures(report)
    seen["csv"] = [octets.decode() for octets in csv_files(report).values()]
    return json.dumps(seen, sort_keys=True)


def shown_as_hidden(text: str) -> set[str]:
    rows = json.loads(text)["tables"][0]["rows"]
    return {row["id"] for row in rows if row["figures"]["period"] == {"why": "hidden"}}


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("total", [3, 5])
def test_whoever_knows_the_rule_and_every_other_figure_cannot_recover_a_hidden_one(k: int, total: int) -> None:
    """All worlds with that many questions are reported; those that give the same report must differ in what it hides."""
    worlds: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for world in product(range(total + 1), repeat=len(ROWS)):
        if sum(world) <= total:
            column = dict(zip(ROWS, world, strict=True))
            worlds[handed_in(column, 2022, {2022: column}, k, total)].append(world)
    for report, possible in worlds.items():
        for row in shown_as_hidden(report):
            assert len({world[ROWS.index(row)] for world in possible}) > 1, (row, possible)


def test_nor_by_taking_one_years_total_from_the_nexts() -> None:
    """Two years, both reports known: a hidden figure of the first isn't given away by the second."""
    total, k = 3, 2
    small_worlds = [world for world in product(range(total + 1), repeat=len(ROWS)) if sum(world) <= total]
    for second in [(3, 0, 0), (0, 0, 0), (1, 2, 0), (1, 1, 1), (0, 1, 0)]:
        worlds: dict[tuple[str, str], list[tuple[int, ...]]] = defaultdict(list)
        for first in small_worlds:
            history = {one: dict(zip(ROWS, world, strict=True)) for one, world in ((2021, first), (2022, second))}
            earlier = handed_in(history[2021], 2021, {2021: history[2021]}, k, total)
            worlds[earlier, handed_in(history[2022], 2022, history, k, total)].append(first)
        for (earlier, _), possible in worlds.items():
            for row in shown_as_hidden(earlier):
                assert len({world[ROWS.index(row)] for world in possible}) > 1, (second, row, possible)


def test_nor_reasons_of_refusal_whose_sum_is_known() -> None:
    form = Form("decisions", "decision", {"en": "Decisions"}, ("period",), day="decided")
    reasons = tuple(Code(row, {"en": row}) for row in ROWS)
    settings, labels = Settings({"en": "R"}, (form,), fewer_than=3), Labels("1", {"reason": reasons})
    days = date(2022, 1, 1), date(2022, 12, 31)
    worlds: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for world in product(range(4), repeat=len(ROWS)):
        refused = [row for row, number in zip(ROWS, world, strict=True) for _ in range(number)]
        cases = [replace(case(str(n), days[0]), admissible=False, reason=row) for n, row in enumerate(refused)]
        admitted = [case(f"a{n}", days[0]) for n in range(12)]
        report = year([*cases, *admitted], settings, labels, words("en"), *days)
        worlds[json.dumps(figures(report), sort_keys=True)].append(world)
    for report_, possible in worlds.items():
        for row in shown_as_hidden(report_):
            assert len({world[ROWS.index(row)] for world in possible}) > 1, (row, possible)


@given(columns, st.integers(2, 10))
def test_no_small_figure_is_left_and_hidden_ones_are_not_all_alike(column: dict[str, int], k: int) -> None:
    found = hidden(column, k)
    assert all(row in found.rows for row, value in column.items() if 0 < value < k)
    if found.rows and not found.foot:
        assert len({column[row] for row in found.rows}) > 1


@given(columns, st.integers(2, 10), st.data())
def test_exchanging_two_hidden_figures_gives_the_same_report(
    column: dict[str, int], k: int, data: st.DataObject
) -> None:
    found = hidden(column, k)
    if len(found.rows) > 1:
        one, other = data.draw(st.permutations(sorted(found.rows)))[:2]
        assert hidden({**column, one: column[other], other: column[one]}, k) == found


def test_nothing_is_hidden_unless_it_is_asked_for() -> None:
    assert not hidden({"a": 1, "b": 2}, 0).rows


def test_columns_made_of_hidden_figures_are_hidden_and_it_is_said() -> None:
    settings, labels = small(ROWS, fewer_than=5)
    cases = [*asked({"a": 2, "b": 9, "c": 40}, 2022), *asked({"a": 30, "b": 30, "c": 30}, 2021)]
    report = year(cases, settings, labels, words("en"), date(2022, 1, 1), date(2022, 12, 31))
    for row in ("a", "b"):
        whys = {column: figure.why for column, figure in report.table("things").row(row).figures.items()}
        assert {column for column, why in whys.items() if why == "hidden"} == {
            "period",
            "change",
            "share",
            "mean",
            "cumulative",
        }
    assert report.table("things").row("c")["period"].value == 40
    assert any("below 5 are suppressed" in sentence for sentence in report.method)
    assert "B (" not in report.table("things").paragraph
