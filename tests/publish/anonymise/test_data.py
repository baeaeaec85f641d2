"""The words of each language: complete, and such that no search for them backtracks."""

from __future__ import annotations

import pytest

from mailflow.publish.anonymise.words import LANGUAGES, read_data, words_of

ROLES = read_data("roles")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_role_has_a_word_in_every_language(tag: str) -> None:
    like = ROLES.get(ROLES[tag].get("like", ""), {})
    assert {**like.get("nouns", {}), **ROLES[tag]["nouns"]}.keys() == ROLES["en"]["nouns"].keys()


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_kind_of_body_and_place_has_a_role(tag: str) -> None:
    words = words_of(tag)
    kinds = [*words.spelled("organisations", "kinds").values(), *words.spelled("places", "kinds").values()]
    assert set(kinds) <= ROLES["en"]["nouns"].keys()


@pytest.mark.parametrize("tag", LANGUAGES)
def test_six_forms_for_each_gender(tag: str) -> None:
    for forms in ROLES[tag]["forms"].values():
        for six in forms.values() if isinstance(forms, dict) else [forms]:
            assert len(six) == 6
            assert all("{}" in form for form in six)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_courtesy_and_dates_in_every_language(tag: str) -> None:
    words = words_of(tag)
    assert words.listed("courtesy", "greetings")
    assert words.listed("courtesy", "closings")
    assert words.listed("dates", "shapes")
    assert all("{year}" in words.say("dates", part) for part in ("early", "middle", "late"))


def test_varieties_are_found() -> None:
    assert words_of("pt-BR").language == "pt"
    assert words_of("zh_TW").language == "zh-Hant"
    assert words_of("zh-Hans-CN").language == "zh"
    assert words_of("tlh").language == ""
