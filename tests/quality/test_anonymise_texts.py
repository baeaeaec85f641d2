"""The texts that anonymising is measured on are themselves sound: a wrong span would tune the detectors to a mistake."""

import re
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "bench" / "anonymise" / "texts"
TEXTS = {file.stem: tomllib.loads(file.read_text(encoding="utf-8"))["text"] for file in sorted(FOLDER.glob("*.toml"))}
ALL = [text for texts in TEXTS.values() for text in texts]

MODELLED = {"en", "fr", "es"}  # languages in which names can be recognised by a model
BY_RULES = {"de", "pt", "ja", "zh", "zh-Hant", "vi", "th", "my", "ur", "ne"}
LEAST, LEAST_OTHERS = 22, 2
DIRECT = {"person", "organisation", "address", "email", "url", "telephone", "number", "handle", "token"}
INDIRECT = {"place", "date", "amount", "count", "age", "description"}
EITHER = {"person", "organisation", "number"}  # an initial, a product or a locker's number points, but doesn't tell
KNOWN = {"names", "addresses", "organisations", "domains", "numbers"}

OURS = re.compile(r"(?:^|[.@])example(?:\.org|\.com)?$", re.IGNORECASE)
HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])", re.ASCII | re.IGNORECASE)
REACHED = re.compile(r"(?:(?<=\w)@|https?://|www\.)[^\s<>()]+", re.IGNORECASE)

per_language = pytest.mark.parametrize("language", TEXTS)


def places(text, span):
    """Where a span stands: [(start, end)]; none where its `nth` is too high."""
    found = [match.span() for match in re.finditer(re.escape(span["what"]), text)]
    return found[span["nth"] - 1 :][:1] if "nth" in span else found


def wrong(holds):
    return [text["id"] for text in ALL if not holds(text)]


def wrong_spans(holds):
    return [(text["id"], span["what"]) for text in ALL for span in text["spans"] if not holds(text, span)]


def foreign_hosts(text):
    return [host for reached in REACHED.findall(text) for host in HOST.findall(reached)[:1] if not OURS.search(host)]


def test_every_language_has_texts():
    assert set(TEXTS) == MODELLED | BY_RULES
    assert {language: len(TEXTS[language]) for language in MODELLED if len(TEXTS[language]) < LEAST} == {}
    assert {language: len(TEXTS[language]) for language in BY_RULES if len(TEXTS[language]) < LEAST_OTHERS} == {}


def test_there_are_enough_of_them():
    assert sum(len(TEXTS[language]) for language in MODELLED) >= 66
    assert sum(len(TEXTS[language]) for language in BY_RULES) >= 24


@per_language
def test_an_id_names_the_file_and_the_place_in_it(language):
    assert [text["id"] for text in TEXTS[language]] == [
        f"{language}-{i:02}" for i in range(1, len(TEXTS[language]) + 1)
    ]


@per_language
def test_every_second_text_is_held_back(language):
    parts = [text["part"] for text in TEXTS[language]]
    assert set(parts) == {"tune", "held"}
    assert all(one != other for one, other in pairwise(parts))


@pytest.mark.parametrize("part", ["tune", "held"])
def test_half_of_the_other_languages_is_held_back(part):
    assert sum(text["part"] == part for language in BY_RULES for text in TEXTS[language]) >= 12


def test_no_text_stands_there_twice():
    assert [one for one, times in Counter(text["text"] for text in ALL).items() if times > 1] == []


def test_a_text_has_all_it_needs_and_nothing_unknown():
    assert wrong(lambda text: text.keys() == {"id", "part", "text", "known", "spans"}) == []
    assert wrong(lambda text: text["known"].keys() == KNOWN) == []
    assert wrong_spans(lambda _, span: span.keys() - {"nth"} == {"what", "kind", "direct"}) == []


def test_a_text_is_about_as_long_as_a_mail():
    assert wrong(lambda text: len(text["text"].encode()) >= 250 and len(text["text"].split()) <= 260) == []


def test_what_is_marked_stands_in_its_text():
    assert wrong_spans(lambda text, span: places(text["text"], span)) == []


def test_what_is_marked_has_no_blank_around_it():
    assert wrong_spans(lambda _, span: span["what"] == span["what"].strip()) == []


def test_no_two_spans_overlap():
    ends = {text["id"]: sorted(at for span in text["spans"] for at in places(text["text"], span)) for text in ALL}
    assert [(name, one) for name, at in ends.items() for one, other in pairwise(at) if one[1] > other[0]] == []


def test_kinds_are_known_and_say_whether_they_identify_alone():
    assert wrong_spans(lambda _, span: span["kind"] in DIRECT | INDIRECT) == []
    assert wrong_spans(lambda _, span: span["kind"] in EITHER or span["direct"] is (span["kind"] in DIRECT)) == []


@pytest.mark.parametrize("part", ["tune", "held"])
@pytest.mark.parametrize("kind", sorted(DIRECT | INDIRECT))
def test_each_kind_occurs_in_both_parts(kind, part):
    assert sum(span["kind"] == kind for text in ALL if text["part"] == part for span in text["spans"]) >= 5


def test_mails_and_addresses_on_the_web_are_all_marked():
    def covered(text):
        marked = [at for span in text["spans"] for at in places(text["text"], span)]
        reached = (match.start() for match in REACHED.finditer(text["text"]))
        return all(any(start <= one < end for start, end in marked) for one in reached)

    assert wrong(covered) == []


def test_who_asks_is_known_and_somebody_else_is_not():
    assert wrong(lambda text: text["known"]["names"] and text["known"]["addresses"]) == []
    people = [
        (text["id"], span["what"], " ".join(text["known"]["names"]).casefold())
        for text in ALL
        for span in text["spans"]
        if span["kind"] == "person"
    ]
    unknown = [one for one in people if one[1].casefold() not in one[2]]
    assert len(unknown) > len(people) / 2


def test_nobody_real_can_be_reached():
    assert wrong(lambda text: foreign_hosts(text["text"]) == []) == []
    known = [(text["id"], one) for text in ALL for key in ("addresses", "domains") for one in text["known"][key]]
    assert [(name, one) for name, one in known if not OURS.search(one)] == []


@pytest.mark.parametrize("text", ["write to ana@mail.com", "see www.company.co.uk", "https://company.org/example"])
def test_a_real_host_would_be_noticed(text):
    assert foreign_hosts(text)
