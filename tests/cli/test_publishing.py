"""From an answer to the public page at the keyboard: flag, show, build, look; and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailflow import config
from mailflow.core.publication import Candidate, Item, Stage, Text
from mailflow.store import publications
from mailflow.store.store import Store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ITEM = Item(
    id="minimum-wage-of-apprentices-x1y2z3",
    group="minimum-wage-of-apprentices-x1y2z3",
    language="en",
    title="Do minimum wages apply to apprentices?",
    question="A company asks whether apprentices must be paid the minimum wage.",
    answer="They must. A lower rate may only be set by law.",
    topics=("wages",),
    month=date(2026, 5, 1),
)


@pytest.fixture
def sited(home):
    """Somebody said where the site stands."""
    file = home / "rules/publication.toml"
    file.write_text(file.read_text("utf-8").replace('site = ""', 'site = "https://helpdesk.example.org"'), "utf-8")


@pytest.fixture
def published(home, opened):
    """An item of the ticket stands on the site."""
    store = Store.open(config.load_settings(home))
    candidate = Candidate(
        f"{opened}:1", opened, Stage.PUBLISHED, "ana", "ana", "en", ("wages",), Text("t", "q", "a"), item=ITEM.id
    )
    with store.database.write() as connection:
        publications.publish(connection, ITEM, NOW)
        publications.keep(connection, store, store.vault.fresh(), candidate, NOW)
    store.close()
    return ITEM


def test_anonymise_reads_a_text_and_names_what_it_replaced(mailflow):
    said = mailflow("anonymise", "--json", piped="Call Sunrise Garments Ltd at office@sunrise.example.").object
    assert "Sunrise" not in said["text"]
    assert "sunrise.example" not in said["text"]
    assert {span["kind"] for span in said["spans"]} == {"organisation", "address"}
    assert all({"start", "end", "kind", "replacement", "confidence", "by"} == set(span) for span in said["spans"])


def test_a_text_to_anonymise_must_be_utf_8(mailflow):
    said = mailflow("anonymise", piped="Café à Genève".encode("latin-1"))
    assert (said.code, "the standard input is not UTF-8" in said.err) == (2, True)
    assert "Café" in mailflow("anonymise", "--lang", "fr", piped="Café ouvert.".encode()).out


def test_only_an_answer_is_flagged(mailflow, opened):
    said = mailflow("publication", "flag", opened)
    assert said.code == 1
    assert "has not been answered" in said.err
    assert mailflow("publication", "list").out == "There is nothing yet.\n"


def test_what_is_published_is_listed_shown_and_withdrawn(mailflow, published, opened):
    assert mailflow("publication", "list", "--json").object["page"] == published.id
    assert mailflow("publication", "show", opened, "--json").object["stage"] == "published"
    assert mailflow("publication", "withdraw", opened).code == 0


def test_the_site_is_built_once_and_then_only_brought_up_to_date(mailflow, sited, published, tmp_path):
    site = tmp_path / "site"
    first = mailflow("site", "build", site, "--json").object
    assert (first["items"], first["kept"]) == (1, 0)
    page = (site / "en" / "q" / published.id / "index.html").read_text("utf-8")
    assert published.title in page
    again = mailflow("site", "build", site, "--json").object
    assert (again["written"], again["removed"]) == (0, 0)


def test_a_site_that_would_tell_who_asked_is_not_built(mailflow, sited, home, published, tmp_path):
    site = tmp_path / "site"
    assert mailflow("site", "build", site).code == 0
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    store = Store.open(config.load_settings(home))
    with store.database.write() as connection:
        leaking = Item(**{**{f: getattr(ITEM, f) for f in ITEM.__slots__}, "answer": "Write to ann@firm.example."})
        publications.publish(connection, leaking, NOW)
    store.close()
    said = mailflow("site", "build", site)
    assert said.code == 1
    assert "something that a ticket knows" in said.err
    assert "ann@firm.example" not in said.err
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_a_site_needs_an_address(mailflow, published, tmp_path):
    said = mailflow("site", "build", tmp_path / "site")
    assert (said.code, "rules/publication.toml: site" in said.err) == (1, True)


def test_a_page_leaves_as_html_or_docx(mailflow, sited, published, tmp_path):
    assert mailflow("publication", "export", published.id, tmp_path / "page.html").code == 0
    assert published.title in (tmp_path / "page.html").read_text("utf-8")
    assert mailflow("publication", "export", published.id, tmp_path / "page.docx").code == 0
    assert (tmp_path / "page.docx").read_bytes().startswith(b"PK")
    refused = mailflow("publication", "export", published.id, tmp_path / "page.pdf")
    assert (refused.code, "must end with .html or .docx" in refused.err) == (2, True)
    assert "there is no page nothing" in mailflow("publication", "export", "nothing", tmp_path / "page.html").err


def test_a_translation_is_reviewed_like_any_text(mailflow, sited, published, tmp_path, opened):
    text = tmp_path / "fr.txt"
    text.write_text("Titre: Les apprentis\n\nQuestion:\nUne entreprise demande.\n\nRéponse:\nOui.", "utf-8")
    said = mailflow("publication", "translate", published.id, text, "--lang", "fr")
    assert (said.code, said.err) == (0, "")
    found = [each for each in mailflow("publication", "list", "--json").objects if each["language"] == "fr"]
    assert [(each["stage"], each["author"]) for each in found] == [("revised", "operator")]
    text.write_text("Oui.", "utf-8")
    assert mailflow("publication", "translate", published.id, text, "--lang", "fr").code == 2


def test_a_page_gets_other_topics_for_good(mailflow, published):
    said = mailflow("publication", "topics", published.id, "child_labour", "wages")
    assert (said.code, said.out) == (0, f"{published.id}: child_labour, wages.\n")
    assert mailflow("publication", "list", "--json").object["topics"] == ["child_labour", "wages"]
    wrong = mailflow("publication", "topics", published.id, "child_labor")
    assert (wrong.code, 'there is no topic "child_labor" (did you mean "child_labour"?)' in wrong.err) == (1, True)
    assert "there is no page nothing" in mailflow("publication", "topics", "nothing", "wages").err
    assert mailflow("verify", "--offline").code == 0


def test_a_page_whose_topic_is_gone_does_not_keep_the_site_from_being_built(mailflow, home, sited, published, tmp_path):
    store = Store.open(config.load_settings(home))
    with store.database.write() as connection:
        publications.publish(connection, replace(ITEM, topics=("gone",)), NOW)
    store.close()
    said = mailflow("site", "build", tmp_path / "site")
    assert said.code == 0
    assert f"odd: en/{published.id}: topic 'gone' is not among the site's topics" in said.out
    assert mailflow("publication", "topics", published.id, "wages").code == 0
    assert mailflow("site", "build", tmp_path / "site", "--json").object["odd"] == []


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_not_built_over_a_file_nor_over_what_is_no_site(mailflow, sited, published, tmp_path):
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("mine")
    said = mailflow("site", "build", thesis)
    assert (said.code, "thesis.txt is a file" in said.err) == (1, True)
    full = tmp_path / "full"
    full.mkdir()
    thesis.rename(full / "thesis.txt")
    said = mailflow("site", "build", full)
    assert (said.code, f"{full} holds no site that mailflow built" in said.err) == (1, True)
    assert contents(full) == {Path("thesis.txt"): b"mine"}


def test_behind_a_link_stands_the_site(mailflow, sited, published, tmp_path):
    root, link = tmp_path / "www", tmp_path / "link"
    root.mkdir()
    link.symlink_to(root)
    (root / "lost+found").mkdir()  # the root is a disk of its own
    assert mailflow("site", "build", link).code == 0
    assert link.is_symlink()
    assert published.title in (root / "en" / "q" / published.id / "index.html").read_text("utf-8")


def test_the_site_is_built_where_one_stands_and_where_nothing_may_be_renamed(
    mailflow, sited, published, tmp_path, monkeypatch
):
    root = tmp_path / "www" / "site"
    root.mkdir(parents=True)
    number = root.stat().st_ino
    root.parent.chmod(0o500)
    monkeypatch.chdir(root)
    try:
        for _ in range(2):
            said = mailflow("site", "build", ".")
            assert (said.code, said.err) == (0, "")
    finally:
        root.parent.chmod(0o700)
    assert root.stat().st_ino == number  # the very same folder, as a mount point must be
    assert (root / "index.html").is_file()
    assert [path.name for path in root.parent.iterdir()] == ["site"]
