"""The sets that understanding is measured on are themselves sound: a wrong label would tune the rules to a mistake."""

import datetime as dt
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TAXONOMY = tomllib.loads((ROOT / "rules" / "taxonomy.toml").read_text(encoding="utf-8"))
CODING = tomllib.loads((ROOT / "rules" / "coding.toml").read_text(encoding="utf-8"))
REGION_OF = {country: region for region, countries in CODING["regions"].items() for country in countries}


def read(folder):
    files = sorted((Path(__file__).parent / folder).glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8"))["question"] for file in files}


QUESTIONS = read("questions")
TUNING = read("tuning")  # more to tune words on, which nothing is measured by
MEASURED = [question for questions in QUESTIONS.values() for question in questions]
ALL = [*MEASURED, *(question for questions in TUNING.values() for question in questions)]

LEAST = 25
PARTS = {"tune", "held"}
NEEDED = {"id", "part", "subject", "text", "lead", "topics"}
OPTIONAL = {
    "language": str,
    "user_type": str,
    "user_region": str,
    "country": str,
    "region": str,
    "sector": str,
    "admissible": bool,
    "deadline": str,
    "danger": bool,
    "no_publication": bool,
    "erasure": bool,
    "reply_language": str,
}
LANGUAGES = {"en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant"}

# A host name is two labels or more of which the last is written small; what a file is called looks the same.
HOST = re.compile(r"(?<![\w.-])[a-z0-9-]{2,}(?:\.[a-z0-9-]{2,})*\.[a-z]{2,}(?![\w-])", re.ASCII | re.IGNORECASE)
FILE_ENDINGS = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".png", ".zip")
OURS = re.compile(r"(?:^|\.)(?:example|example\.org)$", re.IGNORECASE)

per_language = pytest.mark.parametrize("language", QUESTIONS)


def ids(table, *, where=None):
    return {row["id"] for row in TAXONOMY[table] if where is None or row[where]}


def wrong(holds):
    return [question["id"] for question in ALL if not holds(question)]


def foreign_hosts(text):
    hosts = (match for match in HOST.findall(text) if not match.lower().endswith(FILE_ENDINGS))
    return [host for host in hosts if not OURS.search(host)]


def test_there_are_questions():
    assert QUESTIONS
    assert TUNING


def test_every_question_has_an_id_of_its_own():
    assert [name for name, times in Counter(question["id"] for question in ALL).items() if times > 1] == []


@per_language
def test_an_id_names_the_file_it_stands_in(language):
    assert [one["id"] for one in QUESTIONS[language] if not re.fullmatch(rf"{language}-\d\d\d?", one["id"])] == []


@pytest.mark.parametrize("language", TUNING)
def test_a_question_for_tuning_is_told_from_a_measured_one(language):
    assert [one["id"] for one in TUNING[language] if not re.fullmatch(rf"{language}-t\d\d", one["id"])] == []
    assert {one["part"] for one in TUNING[language]} == {"tune"}


@pytest.mark.parametrize("language", TUNING)
def test_every_topic_is_described_for_tuning(language):
    assert ids("topic") - {topic for question in TUNING[language] for topic in question["topics"]} == set()


@per_language
def test_there_are_enough_questions_in_a_language(language):
    assert len(QUESTIONS[language]) >= LEAST


@per_language
def test_half_of_a_language_or_more_is_held_back(language):
    parts = Counter(question["part"] for question in QUESTIONS[language])
    assert set(parts) == PARTS
    assert 0.4 <= parts["held"] / parts.total() <= 0.7


@per_language
def test_some_questions_go_to_a_person_and_some_are_refused(language):
    # Each part holds several reasons to refuse, and who applies for work or withdraws a question asks nothing.
    assert 2 <= sum(question["lead"] == "" for question in QUESTIONS[language]) <= 8
    assert 2 <= sum(question.get("admissible") is False for question in QUESTIONS[language]) <= 8


@per_language
@pytest.mark.parametrize("sign", ["deadline", "danger", "no_publication", "erasure"])
def test_each_sign_occurs_in_a_language(language, sign):
    assert any(question.get(sign) for question in QUESTIONS[language])


@per_language
def test_one_asker_wants_the_answer_in_another_language(language):
    assert any(question.get("reply_language", language) != language for question in QUESTIONS[language])


def test_a_question_has_all_it_needs_and_nothing_unknown():
    assert wrong(lambda question: question.keys() >= NEEDED and question.keys() - NEEDED <= OPTIONAL.keys()) == []


def test_values_have_their_type():
    assert wrong(lambda one: all(type(one[key]) is kind for key, kind in OPTIONAL.items() if key in one)) == []


def test_subject_and_text_say_something():
    assert wrong(lambda question: question["subject"].strip() and question["text"].strip()) == []


def test_no_two_texts_are_the_same():
    assert [one for one, times in Counter(question["text"] for question in ALL).items() if times > 1] == []


def test_topics_exist_and_none_is_given_twice():
    known = ids("topic")
    assert wrong(lambda one: set(one["topics"]) <= known and len(set(one["topics"])) == len(one["topics"])) == []


def test_the_lead_stands_first_among_the_topics():
    assert wrong(lambda question: question["topics"][:1] == ([question["lead"]] if question["lead"] else [])) == []


def test_every_topic_is_asked_about():
    assert ids("topic") - {topic for question in MEASURED for topic in question["topics"]} == set()


def test_asker_region_and_sector_are_rows_of_the_report():
    users, regions, sectors = ids("user_type"), ids("region", where="concerned"), ids("sector")
    assert wrong(lambda question: question.get("user_type") in users | {None}) == []
    assert wrong(lambda question: question.get("user_region") in ids("region", where="user") | {None}) == []
    assert wrong(lambda question: re.fullmatch("[A-Z]{2}", question.get("country", "XX"))) == []
    assert wrong(lambda question: question.get("region") in regions | {None}) == []
    assert wrong(lambda question: question.get("sector") in sectors | {None}) == []


def test_a_country_lies_in_the_region_of_who_asks():
    assert wrong(lambda one: "country" not in one or REGION_OF.get(one["country"]) == one.get("user_region")) == []


def test_languages_are_ours():
    served = LANGUAGES | {None}
    assert wrong(lambda one: one.get("language") in served and one.get("reply_language") in served) == []


def test_deadlines_are_dates():
    assert wrong(lambda question: dt.date.fromisoformat(question.get("deadline", "2026-12-01"))) == []


def test_nobody_real_can_be_reached():
    assert wrong(lambda question: foreign_hosts(f"{question['subject']}\n{question['text']}") == []) == []


@pytest.mark.parametrize(
    "text", ["write to ana@mail.com", "see www.company.co.uk", "https://company.org/x", "Firma.DE"]
)
def test_a_real_host_would_be_noticed(text):
    assert foreign_hosts(text)


@pytest.mark.parametrize("text", ["shop.example", "desk@helpdesk.example", "www.example.org", "e.g. this", "code.pdf"])
def test_hosts_of_ours_and_abbreviations_are_left_alone(text):
    assert not foreign_hosts(text)
