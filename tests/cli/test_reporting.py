"""The yearly report at the keyboard: made, kept, compared; codes that leave and come back; and what is refused."""

from __future__ import annotations

import json

import pytest

from mailflow import config
from mailflow.store.store import Store
from mailflow.store.tables import KeyOwnerRow

PERIOD = ("--from", "2026-03-01", "--to", "2027-02-28")


@pytest.fixture
def asked(mailflow, letter):
    """Three questions about wages, one of them coded."""
    for number in range(3):
        said = mailflow(
            "ingest",
            letter(f"What does the convention say about the minimum wage, number {number}?", f"Wages {number}"),
        )
        assert said.code == 0
        assert mailflow("ticket", "admissible", f"2026-000{number + 1}").code == 0
    assert mailflow("ticket", "code", "2026-0001", "user_type=mnes", "sector=food", "region=africa,east_asia").code == 0
    assert mailflow("ticket", "code", "2026-0001", "user_region=pacific", "heard_from=website").code == 0


def counted_when_opened(home):
    file = home / "rules/report.toml"
    text = file.read_text("utf-8").replace('counts = "answered"', 'counts = "opened"', 1)
    file.write_text(text, "utf-8")


def figures(mailflow, tmp_path, *args):
    said = mailflow("report", "year", *PERIOD, "--format", "json", "--out", tmp_path, *args)
    assert (said.code, said.err) == (0, "")
    return json.loads((tmp_path / "report-2027.en.json").read_text("utf-8"))


def row(report, table, name):
    rows = next(each for each in report["tables"] if each["id"] == table)["rows"]
    return next(each for each in rows if each["id"] == name)


def test_questions_are_counted_by_their_codes_and_what_is_coded_twice_twice(mailflow, home, asked, tmp_path):
    counted_when_opened(home)
    report = figures(mailflow, tmp_path)
    for table, name in (
        ("users_by_type", "mnes"),
        ("users_by_region", "pacific"),
        ("regions_concerned", "africa"),
        ("regions_concerned", "east_asia"),
        ("sectors", "food"),
        ("heard_from", "website"),
    ):
        assert row(report, table, name)["figures"]["period"] == 1, (table, name)
    assert row(report, "topics", "wages")["figures"]["period"] == 3


def test_figures_survive_the_erasure_of_every_text(mailflow, home, asked, tmp_path):
    counted_when_opened(home)
    before = figures(mailflow, tmp_path)
    store = Store.open(config.load_settings(home))
    with store.database.read() as connection:
        keys = list(connection.execute(KeyOwnerRow.__table__.select()).scalars())
    store.vault.forget(keys)
    store.close()
    assert mailflow("search", "convention").out == "Nothing was found.\n"
    assert figures(mailflow, tmp_path) == before


def test_every_format_is_written_in_each_language(mailflow, home, asked, tmp_path):
    said = mailflow("report", "year", *PERIOD, "--lang", "es", "--format", "html,docx,csv", "--out", tmp_path)
    assert (said.code, said.err) == (0, "")
    assert sorted(path.name for path in tmp_path.glob("report-*")) == [
        "report-2027.es.csv.zip",
        "report-2027.es.docx",
        "report-2027.es.html",
    ]


def test_what_was_handed_in_is_kept_and_what_changed_since_is_named(mailflow, home, asked, tmp_path):
    counted_when_opened(home)
    kept = tmp_path / "handed-in.json"
    figures(mailflow, tmp_path, "--freeze", kept)
    same = mailflow("report", "year", *PERIOD, "--out", tmp_path, "--against", kept)
    assert "sector" not in same.out.casefold()
    assert mailflow("ticket", "code", "2026-0002", "sector=mining").code == 0
    later = mailflow("report", "year", *PERIOD, "--out", tmp_path, "--against", kept)
    assert "mining" in later.out.casefold()
    kept.write_text(kept.read_text("utf-8").replace('"period"', '"perood"', 1), "utf-8")
    broken = mailflow("report", "year", *PERIOD, "--out", tmp_path, "--against", kept)
    assert (broken.code, "was changed after it was kept" in broken.err) == (1, True)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_codes_leave_and_come_back(mailflow, asked, tmp_path, kind):
    sheet = tmp_path / f"codes.{kind}"
    assert "2 questions lack a code" in mailflow("report", "uncoded", sheet).out
    said = mailflow("report", "coded", sheet)
    assert (said.code, said.err) == (0, "")
    assert mailflow("ticket", "list", "--json").objects[0]["sector"] == "food"


def test_one_wrong_cell_and_nothing_is_changed(mailflow, asked, tmp_path):
    sheet = tmp_path / "codes.csv"
    mailflow("report", "uncoded", sheet)
    rows = sheet.read_text("utf-8-sig")
    assert "2026-0002" in rows
    sheet.write_text(rows.replace("2026-0002", "2026-0099", 1), "utf-8")
    said = mailflow("report", "coded", sheet)
    assert (said.code, "codes.csv" in said.err) == (1, True)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("year", "--from", "2026", "--to", "2027-02-28"), "write a day"),
        (("year", "--from", "2027-03-01", "--to", "2027-02-28"), "can't end"),
        (("year", *PERIOD, "--lang", "de"), "choose among en, es, fr"),
        (("year", *PERIOD, "--format", "odt"), "is no format"),
        (("uncoded", "codes.ods"), "must end with .xlsx or .csv"),
        (("coded", "nothing.csv"), "nothing.csv"),
        (("gaps", "--from", "2026-03-01", "--to", "yesterday"), "write a day"),
    ],
)
def test_what_can_not_be_reported_is_said_in_one_sentence(mailflow, args, why):
    said = mailflow("report", *args)
    assert said.code in (1, 2)
    assert why in said.err
    assert "Traceback" not in said.err


def test_gaps_name_topics_that_rise_without_an_answer(mailflow, home, asked):
    counted_when_opened(home)
    found = mailflow("report", "gaps", *PERIOD, "--json").objects
    assert [(gap["topic"], gap["period"], gap["previous"]) for gap in found] == [("wages", 3, 0)]


LINE = '203.0.113.7 - - [10/Mar/2026:12:00:00 +0000] "GET {} HTTP/1.1" 200 5120 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"\n'


def test_the_websites_figures_are_a_chapter_of_the_report(mailflow, asked, tmp_path):
    log = tmp_path / "access.log"
    log.write_text("".join(LINE.format(page) for page in ("/en/topics/wages/", "/en/q/some-answer/")), "utf-8")
    said = mailflow("report", "web", "--log", log, "--format", "json", "--out", tmp_path)
    assert (said.code, said.err) == (0, "")
    figures = tmp_path / "website.json"
    assert "203.0.113.7" not in figures.read_text("utf-8")
    said = mailflow("report", "year", *PERIOD, "--lang", "fr", "--out", tmp_path, "--web", figures)
    assert (said.code, said.err) == (0, "")
    page = (tmp_path / "report-2027.fr.html").read_text("utf-8")
    assert "/en/topics/wages/" in page
    assert "203.0.113.7" not in page
