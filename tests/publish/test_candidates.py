"""What the machine proposes of a ticket's texts, and what it lets nobody publish again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.core.publication import Candidate, Edits, Identities, Stage, Text
from mailflow.publish.candidates import Circle, looked_through, still_leaks

KNOWN = Identities(names=("Ann Lee",), addresses=("ann@firm.example",))
MANY = Circle(alike=50, enough=5)
QUESTION = "Peter Okonkwo of Globex Mills Ltd asks (okonkwo@globex.example): does Ann Lee's pay end in Lyon?"
ANSWER = "It doesn't. The Ministry of Labour of Ruritania says so: https://labour.gov.example/wages explains it."


def flagged(question: str = QUESTION, answer: str = ANSWER, language: str = "en") -> Candidate:
    original = Text("Wages", question, answer)
    return Candidate("1", "2026-0001", Stage.FLAGGED, "lucia", "lucia", language, (), original=original)


def seen(candidate: Candidate, **languages: str) -> Candidate:
    return looked_through(candidate, KNOWN, MANY, languages=languages)


def rewritten(answer: str) -> Candidate:
    return replace(flagged(), stage=Stage.REVISED, text=Text("Wages", "May a company do so?", answer))


def keeping(words: str) -> Candidate:
    """The machine's text, one place of it kept."""
    first = seen(flagged())
    numbers = frozenset(mark.number for mark in first.numbered if words in mark.word)
    assert numbers
    return seen(replace(first, edits=Edits(keep=numbers)))


def test_what_the_machine_proposes_has_no_leak() -> None:
    made = seen(flagged())
    assert made.leaks == ()
    assert still_leaks(made, KNOWN) == ()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("Peter Okonkwo may ask.", "person"),
        ("Okonkwo may ask.", "person"),
        ("Globex Mills must pay.", "organisation"),
        ("Write to okonkwo @ globex.example.", "address"),
    ],
)
def test_what_was_taken_out_comes_back_in_no_rewritten_text(answer: str, kind: str) -> None:
    made = seen(rewritten(answer))
    assert kind in {leak.kind for leak in made.leaks if leak.where == "answer"}
    assert still_leaks(made, KNOWN)


def test_a_rewritten_text_that_names_nobody_passes() -> None:
    assert seen(rewritten("No: wages are protected, in mills and elsewhere.")).leaks == ()


@pytest.mark.parametrize("words", ["Okonkwo", "okonkwo@globex", "Ann Lee"])
def test_people_and_addresses_can_not_be_kept(words: str) -> None:
    made = keeping(words)
    assert made.leaks
    assert not any("on purpose" in warning for warning in made.warnings)


@pytest.mark.parametrize("words", ["Ministry", "labour.gov.example"])
def test_a_public_body_or_source_is_kept_on_purpose_and_told(words: str) -> None:
    made = keeping(words)
    assert words in made.text.answer
    assert made.leaks == still_leaks(made, KNOWN) == ()
    assert any(warning.startswith("Kept on purpose: ") and words in warning for warning in made.warnings)


def test_who_writes_another_text_may_cite_the_sources_of_the_answer() -> None:
    made = seen(rewritten("See the Ministry of Labour of Ruritania, https://labour.gov.example/wages."))
    assert made.leaks == still_leaks(made, KNOWN) == ()
    assert any("on purpose" in warning and "labour.gov" in warning for warning in made.warnings)


def test_what_the_ticket_knows_is_never_kept_on_purpose() -> None:
    first = seen(flagged())
    number = next(mark.number for mark in first.numbered if "Globex" in mark.word and mark.kind == "organisation")
    known = replace(KNOWN, organisations=("Globex Mills",))
    assert looked_through(replace(first, edits=Edits(keep=frozenset({number}))), known, MANY).leaks


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The answer is in English, the question in French: translate one of them first."),
        ("fr", "La réponse est en anglais, la question en français\u202f: traduisez d’abord l’une des deux."),
        ("es", "La respuesta está en inglés y la pregunta en francés: traduzca primero una de las dos."),
    ],
)
def test_an_answer_in_another_language_is_told(language: str, sentence: str) -> None:
    candidate = flagged("Notre usine ferme le 3 mars 2026.", "It may not before 3 March 2026.", language)
    made = seen(candidate, question="fr", answer="en")
    assert sentence in made.warnings
    assert made.text.question == "Notre usine ferme début 2026."
    assert made.text.answer == "It may not before early 2026."


def test_two_varieties_of_a_language_are_one() -> None:
    assert not any("translate" in warning for warning in seen(flagged(), question="en-GB").warnings)
