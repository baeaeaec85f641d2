"""Earlier answers are offered by topic and by the words that few of them share."""

from dataclasses import replace
from datetime import date

import pytest

from mailflow.core.precedents import likely
from mailflow.core.publication import Item

QUESTION = "May the wages of apprentices be lower than the legal minimum, and who decides about it?"


def item(name, title, question, language="en", topics=("wages",), **other):
    return Item(
        name, other.pop("group", name), language, title, question, "It depends.", topics, date(2026, 1, 1), **other
    )


APPRENTICES = item("a", "Minimum wages of apprentices", "May apprentices get less than the legal minimum?")
OVERTIME = item("b", "Overtime", "How many hours may somebody work in a week at most?")
DEDUCTIONS = item("c", "Deductions", "May an employer deduct the price of tools from wages?")
ALL = (OVERTIME, DEDUCTIONS, APPRENTICES)


def names(text=QUESTION, language="en", topics=("wages",), items=ALL, most=3):
    return [each.id for each in likely(text, language, topics, items, most)]


def test_the_nearest_comes_first_and_what_has_little_in_common_not_at_all():
    assert names()[0] == "a"
    assert "b" not in names()


def test_only_answers_of_its_topics_are_offered():
    assert names(topics=("osh",)) == []
    assert names(items=(replace(APPRENTICES, topics=("osh", "wages")),)) == ["a"]


def test_what_was_withdrawn_is_not_offered():
    assert names(items=(replace(APPRENTICES, withdrawn=date(2026, 2, 1)),)) == []


def test_not_more_than_wanted_and_one_of_each_answer_in_the_askers_language():
    french = item("f", "Salaires minimums des apprentis", "Les apprentices (minimum legal) ?", "fr", group="a")
    assert names(items=(APPRENTICES, french), most=3) == ["a"]
    assert names(items=(APPRENTICES, french), language="fr") == ["f"]
    assert names(most=0) == []


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        ("ja", "見習いの最低賃金は法律より低くてもよいですか。", "見習いと最低賃金"),
        ("zh", "学徒的最低工资可以低于法定标准吗？", "学徒的最低工资"),
        ("th", "ค่าจ้างขั้นต่ำของผู้ฝึกงานต่ำกว่ากฎหมายได้หรือไม่", "ค่าจ้างขั้นต่ำของผู้ฝึกงาน"),
    ],
)
def test_scripts_that_do_not_part_words_are_compared_too(language, text, title):
    near, far = item("near", title, title, language), item("far", "休憩", "休憩時間", language)
    assert names(text, language, items=(far, near)) == ["near"]
