"""Paragraphs that a public servant could have written, in each language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from mailflow.core.counting import Case
from mailflow.report.yearly import Report, read_words, year
from mailflow.report.yearly.numbers import Numbers
from mailflow.report.yearly.words import Words
from tests.report.yearly.given import (
    LANGUAGES,
    SINCE,
    UNTIL,
    asked,
    case,
    labels,
    plain,
    settings,
    small,
    words,
    year_2022,
)

_SPACES = re.compile(r"(?<=[^\s])[ ](?=[:;!?%»])|«[ ]")  # where French has one that doesn't break


def of_2022(language: str) -> Report:
    return year(year_2022(), settings(), labels(), words(language), SINCE, UNTIL)


def things(cases: list[Case], language: str = "en", **more: object) -> str:
    given, codes = small(**more)
    report = year(cases, given, codes, words(language), date(2022, 1, 1), date(2022, 12, 31))
    return plain(report.table("things").paragraph)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_blanks(language: str) -> None:
    english, mine = words("en").entries, words(language).entries
    assert {key for key in mine if not key.startswith("why.")} == {key for key in english if not key.startswith("why.")}
    for key, entry in mine.items():
        forms = entry.values() if isinstance(entry, dict) else [entry]
        known = english[key]
        blanks = {
            blank
            for form in (known.values() if isinstance(known, dict) else [known])
            for blank in re.findall(r"{(\w+)}", form)
        }
        for form in forms:
            assert set(re.findall(r"{(\w+)}", form)) - {"n", "word"} <= blanks, key


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The largest groups of users were multinational enterprises (93 questions, or 67.9%), CSR/RBC initiatives (13) and governments (8)."),
        ("fr", "Les catégories d’utilisateurs les plus nombreuses sont les suivantes : entreprises multinationales (93 questions, soit 67,9 %), initiatives RSE/CRE (13) et gouvernements (8)."),
        ("es", "Las categorías de usuarios más numerosas son las siguientes: empresas multinacionales (93 consultas, el 67,9 %), iniciativas de RSE/CER (13) y gobiernos (8)."),
    ],
)  # fmt: skip
def test_a_paragraph_says_what_comes_first(language: str, said: str) -> None:
    assert plain(of_2022(language).table("users_by_type").paragraph).startswith(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The largest decreases were in public services (from 21 to 5, or −76.2%), agriculture (from 17 to 11) and health services (from 8 to 2)."),
        ("fr", "Les baisses les plus marquées sont les suivantes : services publics (de 21 à 5, soit −76,2 %), agriculture (de 17 à 11) et services de santé (de 8 à 2)."),
        ("es", "Las mayores disminuciones son las siguientes: servicios públicos (de 21 a 5, −76,2 %), agricultura (de 17 a 11) y servicios de salud (de 8 a 2)."),
    ],
)  # fmt: skip
def test_and_what_fell_by_how_much(language: str, said: str) -> None:
    assert said in plain(of_2022(language).table("sectors").paragraph)


def test_the_summary_compares_with_the_period_before() -> None:
    assert of_2022("en").summary[0] == (
        "Between 1 March 2022 and 28 February 2023, the helpdesk answered 137 questions. "
        "That is 20 fewer than in the period before (157), a fall of 12.7%."
    )
    assert plain(of_2022("fr").summary[0]).endswith(
        "C’est 20 de moins que pendant la période précédente (157), soit une baisse de 12,7 %."
    )


def test_french_has_its_own_spaces() -> None:
    report = of_2022("fr")
    texts = [*report.summary, *report.method, *(one.text for one in report.findings)]
    texts += [text for table in report.tables for text in (table.paragraph, *table.notes)]
    assert not [text for text in texts if _SPACES.search(text)]
    assert "12,7\N{NARROW NO-BREAK SPACE}%" in report.summary[0]
    assert "1\N{NARROW NO-BREAK SPACE}695" in report.summary[1]


def test_one_is_singular() -> None:
    cases = [*asked({"a": 1}, 2022), case("p", date(2022, 3, 1), {"topic": ["wages"]}, published=date(2022, 4, 1))]
    assert "1 question," in things(cases[:1])
    assert "1 consulta," in things(cases[:1], "es")


def test_two_rows_alike_at_the_last_place_are_not_named_by_chance() -> None:
    given, codes = small("abcd")
    cases = asked({"a": 9, "b": 3, "c": 3, "d": 3}, 2022)
    report = year(cases, given, codes, words("en"), date(2022, 1, 1), date(2022, 12, 31))
    said = report.table("things").paragraph
    assert "The most frequent category was a (9 questions, or 50.0%)." in said


def test_where_nothing_changed_it_says_so() -> None:
    assert "No category changed by more than two questions" in things([*asked({"a": 5}, 2022), *asked({"a": 4}, 2021)])


def test_where_only_one_row_rose_it_is_the_only_one() -> None:
    assert "the only notable increase was in a (from 1 to 9)" in things(
        [*asked({"a": 9}, 2022), *asked({"a": 1}, 2021)]
    )


def test_of_hidden_rows_nothing_is_said() -> None:
    said = things([*asked({"a": 2, "b": 40, "c": 9}, 2022), *asked({"a": 30, "b": 30, "c": 30}, 2021)], fewer_than=5)
    assert (
        said
        == "The most frequent category was b (40 questions, or 78.4%). Compared with the period before, the largest increases were in b (from 30 to 40, or +33.3%)."
    )


def test_an_empty_period_has_a_sentence_too() -> None:
    assert things([]) == "No question was counted here in the period."
    assert things(asked({"": 2}, 2022)) == "No category was recorded for any of the questions."


def test_time_to_answer_is_told_against_the_promise() -> None:
    cases = [case(f"{n}", SINCE, days=n, in_time=n <= 8) for n in range(1, 11)]
    table = year(cases, settings(), labels(), words("en"), SINCE, UNTIL).table("time_to_answer")
    assert [one.period.value for one in table.measures] == [5, 9, 80]
    assert "80.0% left within it. Half of them took 5 working days or fewer, nine in ten 9 or fewer." in table.paragraph


def test_refusals_are_told_by_reason() -> None:
    refused = [replace(case(f"r{n}", SINCE), admissible=False, answered=None, reason="dispute") for n in range(4)]
    table = year([*refused, case("1", SINCE)], settings(), labels(), words("fr"), SINCE, UNTIL).table("admissibility")
    assert table.row("dispute")["period"].value == 4
    assert plain(table.paragraph) == (
        "Sur les 5 questions examinées, 1 était recevable. "
        "Le motif d’irrecevabilité le plus fréquent est le suivant : un différend entre parties (4)."
    )


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", ["1,695", "−12.7%", "+8.0%", "1 March 2026"]), ("fr", ["1 695", "−12,7 %", "+8,0 %", "1er mars 2026"]), ("es", ["1.695", "−12,7 %", "+8,0 %", "1 de marzo de 2026"])],
)  # fmt: skip
def test_numbers_are_written_as_the_language_does(language: str, written: list[str]) -> None:
    numbers = Numbers(language)
    mine = [
        numbers.count(1695),
        numbers.percent(-12.74),
        numbers.percent(8, signed=True),
        numbers.day(date(2026, 3, 1)),
    ]
    assert [plain(one) for one in mine] == written


def test_spanish_says_e_before_the_sound_of_i() -> None:
    assert Numbers("es").listed(["minería", "industria pesada"]) == "minería e industria pesada"
    assert Numbers("es").listed(["agua", "hierro"]) == "agua y hierro"


def test_a_half_is_rounded_away_from_zero_and_nothing_is_minus_zero() -> None:
    numbers = Numbers("en")
    assert [numbers.decimal(one) for one in (0.25, -0.25, -0.01, 12.05)] == ["0.3", "−0.3", "0.0", "12.1"]


def test_a_language_that_does_not_exist_is_told() -> None:
    with pytest.raises(ValueError, match="xx is not a language"):
        Numbers("xx")


def test_words_that_lack_or_are_wrong_are_told_with_their_file() -> None:
    with pytest.raises(ValueError, match=r"words/en.toml: not valid TOML"):
        read_words("a = ", "en")
    with pytest.raises(ValueError, match=r"note.uncoded must be a sentence"):
        read_words("[note]\nuncoded = 3", "en")
    with pytest.raises(LookupError, match=r"words/en.toml has no sentence note.uncoded"):
        Words("en", {}, Numbers("en")).say("note.uncoded")
