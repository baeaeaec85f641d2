"""What holds for any text: offsets, order, no exception, no second finding, work that grows with the length."""

from __future__ import annotations

import base64
import hashlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.publication import Identities
from mailflow.publish.anonymise import anonymise, leaks, needed
from mailflow.publish.anonymise.words import LANGUAGES
from tests.mail.growth import grows_linearly

KNOWN = Identities(
    names=("Jane Roe", "王小明", "สมชาย ใจดี"),
    addresses=("jane.roe@acme.example",),
    organisations=("Acme Textiles Ltd",),
    domains=("acme.example",),
    numbers=("+41 22 555 01 99",),
    tokens=("2026-0042",),
)
pieces = st.sampled_from(
    [
        "Jane Roe", "Mr Okonkwo", "M. Dupont", "Acme", "Globex Ltd", "jane.roe@acme.example", "+44 20 7946 0958",
        "on 14 March 2026", "1,240 workers", "in Lyon", "Dear", "Kind regards,", "Convention No. 87", "the", "de la",
        "d'", "société", "(GWU)", "GB82 WEST 1234 5698 7654 32", "12 Baker Street", "the Garment Workers' Union",
        "王经理", "佐倉さん", "株式会社佐倉", "นายกิตติ", "ဦးအောင်မင်း", "جناب بشیر", "श्री रामलाई", "ông An", "2026-0042",
    ]
)  # fmt: skip
glue = st.sampled_from([" ", "\n", "\n\n", ", ", ". ", "", " - ", "'s "])
mixed = st.lists(st.tuples(st.one_of(pieces, pieces, st.text(max_size=12)), glue), max_size=14).map(
    lambda pairs: "".join(piece + join for piece, join in pairs)
)
languages = st.sampled_from([*LANGUAGES, "lv", "", "pt-BR", "zh-TW"])


@given(mixed, languages)
@settings(max_examples=150, deadline=None)
def test_the_replacements_applied_to_the_original_give_the_text(text: str, language: str) -> None:
    result = anonymise(text, language, KNOWN)
    rebuilt, place = "", 0
    for each in result.replaced:
        assert place <= each.start < each.end <= len(text)
        assert 0 < each.confidence <= 1
        rebuilt += text[place : each.start] + each.replacement
        place = each.end
    assert rebuilt + text[place:] == result.text


@given(mixed, languages)
@settings(max_examples=150, deadline=None)
def test_what_the_ticket_knows_never_comes_through(text: str, language: str) -> None:
    result = anonymise(text, language, KNOWN)
    folded = result.text.casefold()
    assert not any(word in folded for word in ("jane roe", "acme.example", "2026-0042"))


@given(st.text(max_size=200), languages)
@settings(max_examples=150, deadline=None)
def test_any_text_is_taken(text: str, language: str) -> None:
    anonymise(text, language, KNOWN)
    leaks({"question": text}, language, KNOWN)


# In Thai and Burmese no space parts our words from the next, so that two roles side by side may look like a name.
apart = st.sampled_from([*(tag for tag in LANGUAGES if tag not in {"th", "my"}), "lv", "pt-BR"])


@given(st.lists(pieces, max_size=10).map(". ".join), apart)
@settings(max_examples=100, deadline=None)
def test_a_second_time_names_nobody_who_was_hidden(text: str, language: str) -> None:
    """Roles of ours that stand side by side may be taken for a name; nothing of the original comes back by that."""
    once = anonymise(text, language, KNOWN)
    twice = anonymise(once.text, language, KNOWN)
    assert not any(word in twice.text.casefold() for word in ("jane roe", "acme.example", "2026-0042"))
    assert anonymise(text, language, KNOWN) == once


@pytest.mark.parametrize(
    "piece",
    [
        "Mr Okonkwo of Globex Mills Ltd, Lyon, wrote on 14 March 2026. ",
        "A a A a ",
        "Aa Bb Cc Dd ",
        "1 2 3 4 ",
        "1,000,000,",
        "(((((",
        "a.b@c.d ",
        "@@@@",
        "- - - ",
        "de la société de la société ",
        "Union of the Union of ",
        "王王王王王王王王",
        "ナ・ナ・",
        "กกกกกกกก",
        "\n\n\n\n",
        "+41 22 555 01 99 ",
        "passport no. no. no. ",
        "A1-A1-A1-",
        "http://",
    ],
)
@pytest.mark.parametrize("language", ["en", "fr", "zh", "ne"])
def test_work_grows_with_the_length_and_no_faster(piece: str, language: str) -> None:
    half, whole = (piece * (size // len(piece)) for size in (3_000, 6_000))
    anonymise("warm", language, KNOWN)
    assert grows_linearly(lambda text: anonymise(text, language, KNOWN), half, whole)


@pytest.mark.parametrize("piece", ["Jane Roe ", "&#75;", "%4A", "-\n", "+41 22 555 01 99 ", "a@", "J a n e R o "])
def test_the_leak_check_grows_with_the_length_and_no_faster(piece: str) -> None:
    half, whole = (piece * (size // len(piece)) for size in (3_000, 6_000))
    leaks({"answer": "warm"}, "en", KNOWN)
    assert grows_linearly(lambda text: leaks({"answer": text}, "en", KNOWN), half, whole)


def test_a_missing_library_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needed, "_MODULES", ("phonenumbers", "no_such_module"))
    needed.ask_for_libraries.cache_clear()
    with pytest.raises(ModuleNotFoundError, match=r'needs no_such_module: pip install "mailflow\[site\]"'):
        anonymise("x", "en")
    needed.ask_for_libraries.cache_clear()


def test_a_coded_attachment_goes_and_costs_little() -> None:
    coded = base64.b64encode(hashlib.shake_256(b"x").digest(120_000)).decode()
    started = time.process_time()
    assert anonymise(f"We ask:\n{coded}\nIs it law?", "en").text == "We ask:\n[…]\nIs it law?"
    leaks({"question": coded}, "en", KNOWN)
    assert time.process_time() - started < 10  # seconds


def test_what_is_too_long_is_not_proposed_and_never_called_clean() -> None:
    text = "Is it law? " * 20_000
    found = anonymise(text, "en")
    assert found.text.endswith("[…]")
    assert found.warnings[-1].startswith("The text is longer than 200000 characters")
    assert [leak.where for leak in leaks({"answer": text}, "en", KNOWN)] == ["answer"]
