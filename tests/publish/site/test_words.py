"""Every language says the same things, and a broken file is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.site.samples import TEMPLATES
from mailflow.publish.site import SiteError
from mailflow.publish.site.words import read

OURS = {"en", "fr", "es", "ja", "zh", "zh-Hant", "vi", "de", "pt", "th", "my", "ur", "ne"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TEMPLATES / "words", tmp_path / "words")
    return tmp_path


def test_every_language_has_the_keys_and_blanks_of_english() -> None:
    assert set(read(TEMPLATES).languages) == OURS  # read compares them


def test_no_language_left_a_sentence_in_english() -> None:
    languages = read(TEMPLATES).languages
    for language in OURS - {"en"}:
        same = {key for key, words in languages[language].said.items() if words == languages["en"].said[key]}
        assert same <= {"version", "question", "questions"}, language  # French


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("topics =", "topic_s =", "fr.toml: topic"),
        ("{month}", "{mois}", "fr.toml: changed has other {blanks}"),
        ('question = "', 'question = ["', "fr.toml: "),
    ],
)
def test_a_wrong_file_is_named(folder: Path, old: str, new: str, told: str) -> None:
    path = folder / "words" / "fr.toml"
    text = path.read_text()
    at = text.index("changed") if old == "{month}" else 0
    path.write_text(text[:at] + text[at:].replace(old, new, 1))
    with pytest.raises(SiteError) as wrong:
        read(folder)
    assert told in str(wrong.value)


def test_a_language_without_words_takes_the_broader_one_or_english() -> None:
    glossary = read(TEMPLATES)
    assert glossary.of("pt-BR").language == "pt"
    assert glossary.of("zh-Hant-TW").language == "zh-Hant"
    assert glossary.of("sw").language == "en"
