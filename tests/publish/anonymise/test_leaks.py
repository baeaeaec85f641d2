"""The check before every step onward: nothing that is known comes through, in whatever disguise."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from mailflow.core.publication import Identities
from mailflow.publish.anonymise import anonymise, file_leaks, known_words, leaks

KNOWN = Identities(
    names=("Jane Kowalska", "王小明"),
    addresses=("jane.k@acme.example",),
    organisations=("Acme Textiles Ltd",),
    domains=("acme.example",),
    numbers=("+41 22 555 01 99",),
    tokens=("2026-0042",),
)


@pytest.mark.parametrize(
    "text",
    [
        "by Jane Kowalska herself",
        "by KOWALSKA herself",
        "o Jane Kowalskiej",
        "by Jane\nKowalska",
        "by Kowal-\nska",
        "by Kowal\u00adska",
        "by Ja\u200bne Kow\u200dalska",
        "by Ｊａｎｅ Ｋｏｗａｌｓｋａ",
        "by Jane K\u043ewalsk\u0430",
        "by J a n e  K o w a l s k a",
        "by Jane%20Kowalska",
        "by Jane&nbsp;Kowalska",
        "by Jane &#75;owalska",
        "of Acme Textiles",
        "see ACME.example",
        "see acme[.]example",
        "call 0041 (22) 555-01-99",
        "call ٠٢٢ ٥٥٥ ٠١ ٩٩",
        "case 2026 0042",
        "from jane.k (at) acme dot example",
        "问了王小明",
        "find her at somebody@other.example",
        "call +44 20 7946 0958",
        "pay to GB82 WEST 1234 5698 7654 32",
        "ask Mr Okonkwo",
        "passport no. AB1234567",
    ],
)
def test_a_leak_blocks(text: str) -> None:
    assert leaks({"answer": f"It was said {text}."}, "en", KNOWN)


def test_a_leak_says_where_and_what() -> None:
    found = leaks({"title": "A question", "question": "of Acme Textiles"}, "en", KNOWN)
    assert {(leak.kind, leak.where, leak.word) for leak in found} >= {("organisation", "question", "Acme Textiles")}


@pytest.mark.parametrize(
    "text",
    [
        "Does Convention No. 87 apply to a company with more than 1,000 workers in Bangladesh since early 2026?",
        "See https://www.ilo.org/normlex/c087 and paragraph 26 of the MNE Declaration.",
        "A person at the company asked Ms about it.",
        "The Committee on Freedom of Association said so in 2018, paras. 1232-1234.",
    ],
)
def test_what_may_be_published_is_no_leak(text: str) -> None:
    assert leaks({"answer": text}, "en", KNOWN) == ()


def test_what_was_proposed_passes() -> None:
    text = "Jane Kowalska of Acme Textiles Ltd (jane.k@acme.example, 022 555 01 99) asked on 3 May 2026. Ref 2026-0042."
    assert leaks({"question": anonymise(text, "en", KNOWN).text}, "en", KNOWN) == ()


# ---------------------------------------------------------------- the built pages

WORDS = known_words(KNOWN)


def zipped(name: str, text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("en/acme-textiles.html", b"<p>A company.</p>"),
        ("en/a.html", b'<meta name="author" content="Jane Kowalska">'),
        ("en/a.html", b'<a href="/files/Jane%20Kowalska.pdf">x</a>'),
        ("en/a.html", b"<p>Jane &#75;owalska</p>"),
        (
            "pagefind/fragment/en_1.pf_fragment",
            gzip.compress(json.dumps({"content": "Acme Textiles"}).encode(), mtime=0),
        ),
        ("en/a.docx", zipped("docProps/core.xml", "<dc:creator>Jane Kowalska</dc:creator>")),
        ("en/a.docx", zipped("word/Jane Kowalska.xml", "")),
        ("feed.xml", "<entry><title>问了王小明</title></entry>".encode()),
    ],
)
def test_a_leak_in_a_file(path: str, content: bytes) -> None:
    found = file_leaks({path: content, "en/clean.html": b"<p>A company in Peru.</p>"}, WORDS)
    assert {leak.where for leak in found} == {path}


def test_clean_files_pass() -> None:
    assert file_leaks({"en/a.html": b"<p>A person of a company.</p>", "b.gz": gzip.compress(b"{}")}, WORDS) == ()
    assert file_leaks({"en/a.html": b"Jane Kowalska"}, ()) == ()


@pytest.mark.parametrize("content", [b"\x1f\x8bnonsense", b"PK\x03\x04nonsense"])
def test_what_cannot_be_unpacked_is_not_called_clean(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"broken\.bin: can.t be unpacked"):
        file_leaks({"broken.bin": content}, WORDS)


# ---------------------------------------------------------------- words that are names, too


@pytest.mark.parametrize(
    ("known", "language", "text"),
    [
        (Identities(addresses=("contact@firm.example",)), "en", "You may contact the labour inspectorate."),
        (
            Identities(addresses=("legal@firm.example", "hr@firm.example")),
            "en",
            "Legal advice; Legal matters; HR asks.",
        ),
        (Identities(domains=("employment.example",)), "en", "The right to employment, and the Employment Code."),
        (Identities(domains=("harvest.example",)), "en", "At the harvest all work."),
        (
            Identities(names=("Human Resources", "Legal Department")),
            "en",
            "Ask human resources, or the legal department.",
        ),
        (Identities(names=("Grace Mark",)), "en", "Grace periods are usual. Mark the grace period, and its mark."),
        (Identities(names=("Will Young",)), "en", "Will parents march? The young may."),
        (Identities(names=("John Carpenter",)), "en", "A carpenter and other carpenters are paid."),
        (Identities(names=("Theresa May", "Michael Jordan")), "en", "It was in May, in Jordan."),
        (Identities(names=("Marie Petit",)), "fr", "La petite entreprise, un petit atelier. Petit à petit."),
        (Identities(names=("Ana Rural",)), "es", "Los trabajadores rurales y el empleo rural."),
        (Identities(names=("Hans Richter",)), "de", "Ein Richter entscheidet."),
    ],
)
def test_a_common_word_is_no_leak_and_stays(known: Identities, language: str, text: str) -> None:
    assert leaks({"answer": text}, language, known) == ()
    assert not {"known"} & {each.by for each in anonymise(text, language, known).replaced}
    assert not set(known_words(known)) & {"contact", "grace", "young", "employment", "human resources"}


@pytest.mark.parametrize(
    ("known", "language", "text"),
    [
        (Identities(addresses=("contact@firm.example",)), "en", "Write to contact@firm.example."),
        (Identities(names=("Grace Mark",)), "en", "We asked grace mark."),
        (Identities(names=("Grace Mark",)), "en", "We asked Grace."),
        (Identities(names=("Grace Ann Mark",)), "en", "Grace Mark told us."),
        (Identities(names=("Grace Mark",)), "en", "Grace M. told us."),
        (Identities(names=("Marie Petit",)), "fr", "Il voit Petit."),
        (Identities(names=("Jürgen Müller",)), "en", "We asked Mueller."),
        (Identities(names=("Juergen Mueller",)), "en", "We asked Müller."),
        (Identities(names=("Hans Groß",)), "de", "Von Hans Gross."),
    ],
)
def test_a_name_of_common_words_and_another_spelling_leak(known: Identities, language: str, text: str) -> None:
    assert leaks({"answer": text}, language, known)


def test_half_a_sign_is_taken() -> None:
    known = Identities(names=("Ann\ud800 Lee",), addresses=("a\udc00nn@firm.example",))
    assert leaks({"answer": "\ud800 Ann Lee"}, "en", known)
    assert "Lee" not in anonymise("x \ud800 Ann Lee", "en", known).text
