"""The words that the desk says: every language says the same, in its own script and with its own punctuation."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import meta

from mailflow.core import audience
from mailflow.core.commands import COMMANDS
from mailflow.core.wording import Flag, Held, Reason, Said
from mailflow.mail import lint, locales
from mailflow.mail.language import LanguageDetector
from mailflow.mail.render import Letterhead, Rendered, Templates
from mailflow.mail.samples import NOW, SAMPLES

if TYPE_CHECKING:
    from mailflow.mail.render import Facts

FOLDER = Path(__file__).parents[2] / "templates"
LANGUAGES = ("de", "en", "es", "fr", "ja", "my", "ne", "pt", "th", "ur", "vi", "zh", "zh-Hant")
STAFF_LANGUAGES = ("en", "es", "fr")
SCRIPTS = {
    "ja": "HIRAGANA|KATAKANA|CJK|IDEOGRAPHIC", "my": "MYANMAR", "ne": "DEVANAGARI", "th": "THAI", "ur": "ARABIC", "zh": "CJK",
    "zh-Hant": "CJK",
}  # fmt: skip
REF = "2026-0042"
LEFT_TO_RIGHT_MARK = "\u200e"
TEMPLATES = Templates(FOLDER)
WRITTEN = [(language, name) for language in LANGUAGES for name in TEMPLATES.names(language)]


def render(name: str, language: str, facts: Facts) -> Rendered:
    return TEMPLATES.render(name, language, facts, Letterhead("", "desk@example.org", REF, NOW, UTC))


def receipt(language: str, name: str = "acknowledgement", again: int = 0, copied: int = 0) -> str:
    return render(name, language, {**SAMPLES[name][0], "again": again, "copied": copied}).text


def literal(language: str) -> str:
    """What the files of a language say themselves: a 0 for each expression, no conditions, no "Subject:"."""
    words = TEMPLATES.words(language)
    said = [*words.top.values(), *(word for section in words.sections.values() for word in section.values())]
    sources = (TEMPLATES.source(f"{language}/{name}.txt") or "" for name in TEMPLATES.names(language))
    bare = (re.sub(r"\{%[^%]*%\}|^Subject:", "", re.sub(r"\{\{[^}]*\}\}", "0", source)) for source in sources)
    return "\n".join((*bare, *said))


def test_nothing_is_missing_superfluous_or_faulty_in_any_language() -> None:
    assert lint.check(TEMPLATES, languages=LANGUAGES, staff_languages=STAFF_LANGUAGES) == []
    assert sorted(TEMPLATES.languages) == sorted(LANGUAGES)


@pytest.mark.parametrize(("language", "name"), WRITTEN)
def test_every_language_tells_the_same_facts(language: str, name: str) -> None:
    told, in_english = (
        meta.find_undeclared_variables(TEMPLATES.environment.parse(TEMPLATES.source(f"{each}/{name}.txt") or ""))
        for each in (language, "en")
    )
    assert told == in_english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["acknowledgement", "bilingual"])
def test_a_receipt_names_reference_date_retention_and_the_word_that_refuses(name: str, language: str) -> None:
    due = SAMPLES[name][0]["due"]
    text = receipt(language, name)
    assert REF in text
    assert locales.day(due, UTC, language) in text  # type: ignore[arg-type]
    assert "60" in "".join(str(unicodedata.decimal(c, c)) for c in text)
    assert TEMPLATES.words(language).say("refuse") in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["acknowledgement", "bilingual"])
def test_a_receipt_says_when_others_stood_in_copy_and_when_it_is_a_further_mail(name: str, language: str) -> None:
    plain = receipt(language, name).split("\n\n")
    copied = receipt(language, name, copied=1).split("\n\n")
    again = receipt(language, name, again=1).split("\n\n")
    assert len(copied) == len(plain) + 1
    assert set(plain) < set(copied)
    assert len(set(plain) ^ set(again)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bilingual_mail_begins_with_the_name_of_the_language_and_asks_for_one(language: str) -> None:
    lines = [line for line in receipt(language, "bilingual").splitlines() if line]
    assert lines[1] == TEMPLATES.words(language).say("language")
    # Thai asks without a mark, Burmese by its particle.
    asks = {"th": "ภาษาใด", "my": "နည်း။", "ur": "؟", "ja": "でしょうか", "zh": "？", "zh-Hant": "？"}
    assert asks.get(language, "?") in receipt(language, "bilingual")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(audience.TO_REQUESTER))
def test_the_words_are_of_the_language_that_the_folder_names(name: str, language: str) -> None:
    detector = LanguageDetector(LANGUAGES)
    facts = {**SAMPLES[name][0], "answer": "", "files": ()}
    assert detector.detect(render(name, language, facts).text).code == language


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_language_of_another_script_borrows_no_latin_words(language: str) -> None:
    text = re.sub(
        r"ltr|rtl|CC|English|Français|Español", "", literal(language)
    )  # direction; Japanese says CC; our offer
    assert not {c for c in text if c.isalpha() and not re.match(SCRIPTS[language], unicodedata.name(c))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_composed_and_carry_no_hidden_characters(language: str) -> None:
    text = literal(language)
    assert unicodedata.is_normalized("NFC", text)
    hidden = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cn")} - {"\n"}
    assert not hidden
    assert not re.search(r"[^\n ]  ", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_refusing_word_is_one_word_that_a_reply_can_be_compared_with(language: str) -> None:
    word = TEMPLATES.words(language).say("refuse")
    assert not re.search(r"[\s\"'“”„«»「」.,]", word)
    assert word == word.casefold()


def test_every_refusing_word_that_a_receipt_offers_is_understood() -> None:
    screening = FOLDER.parent / "rules" / "screening.toml"
    if not screening.exists():
        pytest.skip("rules/screening.toml is not there")
    understood = {word.casefold() for word in tomllib.loads(screening.read_text(encoding="utf-8"))["refusals"]}
    assert {TEMPLATES.words(language).say("refuse") for language in LANGUAGES} <= understood


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_say_the_direction_of_their_script(language: str) -> None:
    assert TEMPLATES.words(language).say("dir") == locales.direction(language)


def test_french_sets_a_narrow_space_before_double_signs_and_inside_quotation_marks() -> None:
    assert not re.findall(r".{0,12}[^\u202f\n][;:?!»]|«[^\u202f]", literal("fr"))


def test_spanish_opens_its_questions() -> None:
    text = literal("es")
    assert text.count("¿") == text.count("?") > 0


def test_urdu_has_its_own_letters_and_stops() -> None:
    text = literal("ur")
    assert not set(text) & set("كيهىۀ.,;?")
    assert {"۔", "،", "؟"} <= set(text)


@pytest.mark.parametrize("language", ["ja", "zh", "zh-Hant"])
def test_chinese_and_japanese_have_full_width_stops(language: str) -> None:
    assert not set(literal(language)) & set(".,;:?!()")
    assert "。" in literal(language)


def test_nepali_ends_its_sentences_with_a_danda() -> None:
    assert "." not in literal("ne")
    assert "।" in literal("ne")


def test_german_and_japanese_quote_as_they_do() -> None:
    assert "„nein“" in receipt("de")
    assert "「不可」" in receipt("ja")


@pytest.mark.parametrize("name", ["acknowledgement", "bilingual", "answer"])
def test_a_reference_among_urdu_letters_is_not_shown_backwards(name: str) -> None:
    body = render(name, "ur", SAMPLES[name][0]).text
    assert body.count(REF) == body.count(LEFT_TO_RIGHT_MARK + REF) == 1


def test_traditional_chinese_is_not_the_simplified_text() -> None:
    simplified = set("们这为时个国电务书发复进请问题还后关员专准备严间将与来")
    assert not set(literal("zh-Hant")) & simplified
    assert len(set(literal("zh")) & simplified) > 10


@pytest.mark.parametrize("kind", [Reason, Flag, Said])
def test_the_english_words_are_the_sentences_of_the_code(kind: type[Reason | Flag | Said]) -> None:
    words = TEMPLATES.words("en")
    assert {code: words.say(code).replace("’", "'") for code in kind} == {code: code.sentence for code in kind}


@pytest.mark.parametrize("language", STAFF_LANGUAGES)
@pytest.mark.parametrize("name", ["question", "assignment", "more"])
def test_the_subject_of_a_staff_mail_never_is_the_requesters_own(name: str, language: str) -> None:
    mail = render(name, language, {**SAMPLES[name][0], "subject": "Zanzibar Ltd keeps passports"})
    assert "Zanzibar" not in mail.subject
    assert "Zanzibar" in mail.text


@pytest.mark.parametrize("language", STAFF_LANGUAGES)
def test_coordinators_are_told_how_to_give_away_a_question_that_no_rule_routed(language: str) -> None:
    routed = {**SAMPLES["question"][0], "flags": ()}
    assert "#assign" not in render("question", language, routed).text
    for flag in (Flag.UNROUTED, Flag.NO_EXPERT):
        text = render("question", language, {**routed, "flags": (flag.value,)}).text
        assert "#assign" in text
        assert "#queue" in text


@pytest.mark.parametrize("language", STAFF_LANGUAGES)
def test_the_author_of_an_answer_is_told_when_it_leaves_or_why_it_waits(language: str) -> None:
    leaving, words = SAMPLES["leaving"][0], TEMPLATES.words(language)
    at = locales.moment(leaving["leaves"], UTC, language)  # type: ignore[arg-type]
    assert at in render("leaving", language, leaving).text
    waiting = render("leaving", language, {**leaving, "leaves": None, "held": Held.SHORT.value}).text
    assert at not in waiting
    assert words.say("short", "held") in waiting
    assert all(command in waiting for command in ("#send", "#stop"))


def test_the_frame_of_html_mails_fetches_and_runs_nothing() -> None:
    layout = TEMPLATES.source("layout.html") or ""
    assert layout.startswith("<!doctype html>")
    assert not re.search(r"https?:|//|src=|url\(|@import|<script|<img|<link|\bon\w+=", layout)


def test_what_the_commands_do_is_said_in_english_as_their_docstrings_say_it():
    words = tomllib.loads((FOLDER / "en" / "words.toml").read_text("utf-8"))["commands"]
    assert words == {word: entry.help for word, entry in COMMANDS.items()}
