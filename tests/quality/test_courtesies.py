"""Thanks and questions for news are told from follow-ups, in every language; a follow-up is never taken for either."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from mailflow.mail.courtesy import courtesies
from mailflow.mail.lexicon import Lexicons

ROOT = Path(__file__).parents[2]
REPLIES = tomllib.loads(Path(__file__).with_name("courtesies.toml").read_text(encoding="utf-8"))["reply"]
PARTS = ("tune", "held")


@pytest.fixture(scope="module")
def lexicons():
    words = {}
    for file in (ROOT / "rules" / "signs").glob("*.toml"):
        kinds = tomllib.loads(file.read_text(encoding="utf-8"))
        words[file.stem] = {
            f"{kind}.{value}": entry["words"] for kind, values in kinds.items() for value, entry in values.items()
        }
    return Lexicons(words)


@pytest.fixture(scope="module")
def told(lexicons):
    """How often a kind of reply was taken for which, by part."""
    counted = Counter()
    for reply in REPLIES:
        signs = courtesies(lexicons.hear("", reply["text"], reply["language"]))
        counted[reply["part"], reply["kind"], signs[0].value if signs else "more"] += 1
    return counted


@pytest.mark.parametrize("part", PARTS)
def test_no_follow_up_is_taken_for_thanks_or_a_question_for_news(told, part):
    assert told[part, "more", "more"] == sum(n for (p, kind, _), n in told.items() if (p, kind) == (part, "more")) >= 50


@pytest.mark.parametrize("kind", ["thanks", "news"])
@pytest.mark.parametrize("part", PARTS)
def test_most_thanks_and_questions_for_news_are_noticed(told, part, kind):
    all_of_them = sum(n for (p, k, _), n in told.items() if (p, k) == (part, kind))
    assert told[part, kind, kind] >= 0.75 * all_of_them
    other = {"thanks": "news", "news": "thanks"}[kind]
    assert told[part, kind, other] == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Any news?", "news"),
        ("Thank you very much!", "thanks"),
        ("Thank you. 12 workers left.", "more"),
        ("Thank you, but may they keep the passports?", "more"),
        ("", "more"),
    ],
)
def test_short_ones_whose_language_could_not_be_told(lexicons, text, kind):
    signs = courtesies(lexicons.hear("", text, "und"))
    assert (signs[0].value if signs else "more") == kind
