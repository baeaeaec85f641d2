"""What points to few, without a name."""

from __future__ import annotations

import pytest

from mailflow.publish.anonymise import events_in, rare, times_in
from mailflow.publish.anonymise.words import LANGUAGES, read_data

TEXT = "After the fire of March 2026 the strike went on."


def test_few_tickets_of_the_coding_are_told_with_what_would_be_safer() -> None:
    told = rare("Garments", ("Ruritania",), TEXT, count=2, k=5, language="en")
    assert told[0].startswith("Only 2 of the desk's tickets")
    assert "Garments + Ruritania + march, 2026 + strike, fire" in told[1]
    assert "name the region instead of the country" in told[2]


def test_event_time_and_country_are_told_however_many_tickets_there_are() -> None:
    assert "may point to few" in rare("", ("Ruritania",), TEXT, count=50, k=5, language="en")[0]


def test_what_many_share_is_not_rare() -> None:
    assert rare("Garments", ("Ruritania",), "How are wages paid?", count=50, k=5, language="en") == ()


@pytest.mark.parametrize(
    ("language", "text", "event"),
    [
        ("fr", "après l'incendie", "incendie"),
        ("es", "tras la huelga", "huelga"),
        ("ja", "火災の後", "火災"),
        ("th", "หลังไฟไหม้โรงงาน", "ไฟไหม้"),
        ("zh-Hant", "罷工之後", "罷工"),
    ],
)
def test_events_in_other_languages(language: str, text: str, event: str) -> None:
    assert event in events_in(text, language)


def test_a_word_that_only_ends_like_an_event_is_none() -> None:
    assert events_in("The campfire and the backstrike", "en") == ()
    assert times_in("in early 2026", "en") == ("early 2026",)
    assert times_in("a principios de 2025, y en 2025", "es") == ("principios de 2025",)
    assert times_in("on May 14 and in early 2024, early 2026; 2023", "en") == (
        "may 14",
        "early 2024",
        "early 2026",
        "2023",
    )


@pytest.mark.parametrize(
    ("count", "language", "begins"),
    [
        (0, "en", "None of the desk's tickets shares"),
        (1, "en", "Only 1 of the desk's tickets shares"),
        (1, "fr", "Seul 1 dossier du service partage ce codage\u202f; la règle"),
        (2, "fr", "Seuls 2 dossiers du service partagent"),
        (1, "es", "Solo 1 expediente del servicio comparte"),
    ],
)
def test_one_and_several_are_told_as_people_say_it(count: int, language: str, begins: str) -> None:
    assert rare("", (), "Text", count, 5, language)[0].startswith(begins)


def test_french_is_written_as_the_french_print_it() -> None:
    french = [*read_data("rare")["fr"]["said"].values(), *read_data("warnings")["fr"].values()]
    assert not [said for said in french if "'" in said or " :" in said or " ;" in said or "« " in said]


def test_every_language_has_its_events() -> None:
    table = read_data("rare")
    assert all(table[tag.partition("-")[0]]["events"] for tag in LANGUAGES)
