"""The confidentiality wall: what is to be hidden is hidden, however and wherever it is written."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core import tokens, views
from mailflow.core.model import Grant, Role, TokenKind, person
from mailflow.core.policy import Person
from mailflow.core.views import WITHHELD
from tests.core.desk import POLICY

ADDRESS = "ann@firm.example"
NAMES = ("Ann Lee", "Anna Groß", "José Pérez", "Nguyễn Văn Án", "Ольга Иванова", "Μαρία Παππά", "राम बहादुर", "علی رضا")
UNPARTED = ("山田太郎", "山田 太郎", "สมชาย ใจดี", "မောင်မောင်", "김철수")
SPELLINGS = (
    str.upper, str.lower, str.title, str.swapcase, str.casefold, lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace(" ", "  "), lambda name: name.replace(" ", "\n"), lambda name: name.replace(" ", "\u00a0"),
)  # fmt: skip
AROUND = (
    "",
    " ",
    "\n",
    ".",
    ",",
    "!",
    "(",
    "<",
    "«",
    "“",
    "_",
    "*",
    "…",
    "...",
    "-",
    "/",
    "|",
    "は",
    "。",
    "ครับ",
    "的",
)


@given(st.sampled_from(NAMES), st.sampled_from(SPELLINGS), st.sampled_from(AROUND), st.sampled_from(AROUND))
def test_a_full_name_never_remains_in_any_case_form_or_place(name, spell, before, after):
    seen = views.for_staff(f"Words.{before}{spell(name)}{after}", ADDRESS, name)
    assert seen == unicodedata.normalize("NFC", f"Words.{before}{WITHHELD}{after}")


@given(st.sampled_from(UNPARTED), st.sampled_from(("です", "は", "ครับ", "ပါ", "입니다", "先生")))
def test_a_name_in_a_script_without_spaces_is_found_within_a_sentence(name, after):
    seen = views.for_staff(f"私は{name}{after}", ADDRESS, name)
    assert seen == f"私は{WITHHELD}{after}"


@given(
    st.sampled_from((str.upper, str.lower, str.title, str.swapcase)), st.sampled_from(AROUND), st.sampled_from(AROUND)
)
def test_an_address_never_remains_in_any_case_or_place(spell, before, after):
    assert views.for_staff(f"Words {before}{spell(ADDRESS)}{after}", ADDRESS, "") == f"Words {before}{WITHHELD}{after}"


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_stands_around_a_hidden_word_stays(before, after):
    text = f"{before} {ADDRESS} {after}"
    seen = views.for_staff(text, ADDRESS, "")
    assert ADDRESS not in seen.casefold()
    assert seen.startswith(unicodedata.normalize("NFC", before)) or tokens.find(before) or ADDRESS in before.casefold()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ann", "Ann of Green Gables"),  # one word might mean anything
        ("Sales", "Our sales grew."),
        ("-", "a - b"),
        (".", "One. Two."),
        ("A. B.", "a. b. c."),
        ("  ", "two  blanks"),
        ("", "nothing"),
        ("Le An", "lean manufacturing"),
        ("Ann Lee", "Joann Lee Miller"),  # somebody else
        ("山", "山田さんの山"),
    ],
)
def test_words_that_only_look_like_a_name_stay(name, text):
    assert views.for_staff(text, ADDRESS, name) == text


@pytest.mark.parametrize("text", ["joann@firm.example", "ann@firm.examples"])
def test_the_addresses_of_others_stay(text):
    assert views.for_staff(text, ADDRESS, "") == text


@pytest.mark.parametrize("shown", ["Lee, Ann", "Ann Lee (Sales)", "LEE, Ann (Sales)"])
def test_a_name_as_address_books_write_it_hides_the_name_as_people_sign(shown):
    assert views.for_staff("Regards, Ann Lee", ADDRESS, shown) == f"Regards, {WITHHELD}"


def test_an_expert_stays_unknown_by_name_and_by_every_address():
    told = views.for_requester("Lucia Example (lucia@example.org, LUCIA@EXAMPLE.NET)", POLICY)
    assert told == f"{WITHHELD} ({WITHHELD}, {WITHHELD})"


def test_a_first_name_alone_is_not_withheld():
    people = {"m": Person("m", "Mark", frozenset({Role.EXPERT}), ("m@example.org",))}
    assert views.for_requester("Please mark the box.", replace(POLICY, people=people)) == "Please mark the box."


def test_html_is_given_up_when_only_its_text_shows_what_to_withhold():
    spread = "<p><b>kofi</b>@example.org</p>"
    assert views.answer_for_requester("kofi@example.org", spread, POLICY).rich == ""


def test_html_is_kept_whatever_unicode_form_its_author_types():
    text = unicodedata.normalize("NFD", "Sí, según el artículo 3.")
    assert views.answer_for_requester(text, f"<p>{text}</p>", POLICY).rich == f"<p>{text}</p>"


def test_a_token_never_passes_in_either_direction():
    token = tokens.mint(b"s" * 32, b"n" * 8, Grant(TokenKind.TICKET, "1", person("kofi")))
    for spelt in (token, token.upper(), f"は{token}は", f"<{token}.abc@example.org>"):
        assert not tokens.find(views.for_staff(spelt, ADDRESS, ""))
        assert not tokens.find(views.for_requester(spelt, POLICY))
