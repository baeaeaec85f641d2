"""How askers heard of the desk is told from their words, in every language, and not from anything that only sounds so."""

import tomllib
from pathlib import Path

import pytest

from mailflow.core.model import SignKind
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.signs import signs_in

ROOT = Path(__file__).parents[2]
TEXTS = tomllib.loads(Path(__file__).with_name("heard_from.toml").read_text(encoding="utf-8"))["text"]
ENOUGH = 2.0  # rules/coding.toml


@pytest.fixture(scope="module")
def told():
    """Each text, and how its asker is taken to have heard of the desk."""
    words = {}
    for file in (ROOT / "rules" / "signs").glob("*.toml"):
        tables = tomllib.loads(file.read_text(encoding="utf-8"))["heard_from"]
        words[file.stem] = {f"heard_from.{value}": entry["words"] for value, entry in tables.items()}
    lexicons = Lexicons(words)

    def of(text):
        signs = signs_in(lexicons.hear("", text["text"], text["language"]), None)
        strong = [s for s in signs if s.kind is SignKind.HEARD_FROM and s.score >= ENOUGH]
        return strong[0].value if strong else ""

    return [(text["language"], text["heard_from"], of(text)) for text in TEXTS]


def test_what_says_nothing_of_it_is_never_taken_for_it(told):
    assert [(language, found) for language, wanted, found in told if not wanted and found] == []
    assert sum(not wanted for _, wanted, _ in told) == 13  # one in each language


def test_most_askers_who_say_it_are_understood(told):
    said = [(wanted, found) for _, wanted, found in told if wanted]
    assert len(said) == 39
    assert sum(wanted == found for wanted, found in said) >= 34
    assert sum(bool(found) and wanted != found for wanted, found in said) <= 1
