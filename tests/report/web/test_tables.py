"""The tables, in three languages, with and without last year's figures; and their formats."""

import csv
import io
import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mailflow.report.web.figures import Faulty, Month, WebFigures
from mailflow.report.web.formats import as_csv, as_html, as_json, as_text, from_json
from mailflow.report.web.tables import as_tables
from mailflow.report.web.trouble import WebTrouble
from mailflow.report.web.words import words

FOLDER = Path(__file__).parents[3] / "templates" / "report" / "web"
LANGUAGES = ("en", "fr", "es")
FIGURES = WebFigures(
    origin="log", begins=date(2026, 3, 1), ends=date(2027, 2, 28), visits=2400, users=2000, new_users=1500, looks_back=True,
    pages=5000, by_country={"NL": 1200, "ZA": 500, "ZZ": 300}, by_source={"search": 1500, "direct": 500, "internal": 400},
    by_page=(("/es/salarios/", 900), ("/en/", 100)), by_topic={"wages": 4000, "": 1000}, by_language={"es": 3000, "": 2000},
    by_month={"2026-03": Month(2400, 2000, 5000), "2026-04": Month(0, 0, 0)},
    lines={"views": 5000, "robots": 5000, "not_pages": 9000, "failed": 900, "outside": 60, "malformed": 40},
    faulty=(Faulty("access.log", 40, ((1, 1), (7, 9))),), own=("desk.example",), own_guessed=True,
)  # fmt: skip
BEFORE = replace(FIGURES, begins=date(2025, 3, 1), ends=date(2026, 2, 28), visits=2000, by_country={"NL": 1500})


def table(name, language="en", figures=FIGURES, previous=None, **more):
    return {each.name: each for each in as_tables(figures, language, previous, **more)}[name]


def test_the_first_table():
    assert table("activity").rows == (
        ("Visits", 2400), ("Visits a month, on average", 200), ("Users", 2000), ("New users, share of all users", 75.0),
        ("First visits, share of all visits", 62.5), ("Countries", 2), ("Page views", 5000),
    )  # fmt: skip


def test_where_nobody_can_be_old_the_share_of_new_users_is_left_out_and_it_says_so():
    found = table("activity", figures=replace(FIGURES, looks_back=False))
    assert "New users, share of all users" not in [row[0] for row in found.rows]
    assert "can't be told" in found.note


def test_users_by_region_with_their_sum():
    assert table("regions").rows == (
        ("Africa", 500, 25.0), ("Americas", 0, 0.0), ("Asia", 0, 0.0), ("Europe", 1200, 60.0), ("Oceania", 0, 0.0),
        ("Unknown", 300, 15.0), ("Total", 2000, 100.0),
    )  # fmt: skip
    assert "Of 15.00\N{NO-BREAK SPACE}% of the users the country is unknown." in table("regions").note


def test_last_year_and_the_change_stand_beside():
    found = table("activity", previous=BEFORE)
    assert found.columns == ("Figure", "Number", "Before: 1 Mar 2025 – 28 Feb 2026", "Change")
    assert found.rows[0] == ("Visits", 2400, 2000, 20.0)
    assert found.rows[3] == ("New users, share of all users", 75.0, 75.0, None)
    assert table("regions", previous=BEFORE).rows[3] == ("Europe", 1200, 60.0, 1500, -20.0)
    assert table("regions", previous=BEFORE).rows[0] == ("Africa", 500, 25.0, None, None)


def test_sources_leave_out_what_went_on_from_the_site_and_say_so():
    found = table("sources")
    assert found.rows[-1] == ("Total", 2000, 100.0)
    assert "400 visits" in found.note
    assert "desk.example" in found.note


def test_what_was_left_out_is_said():
    found = table("lines")
    assert found.rows[-1] == ("Total", 20000, 100.0)
    assert "robots made 50.00\N{NO-BREAK SPACE}%" in found.note
    assert "Not readable in access.log: line 1, lines 7 to 9, and others." in found.note


def test_months_without_logs_are_named():
    assert "April 2026" in table("activity").note


def test_topics_may_bear_their_names():
    assert table("topics", topics={"wages": "Wages and benefits"}).rows[0][0] == "Wages and benefits"


def test_a_table_without_figures_is_none():
    export = WebFigures(
        "export", date(2026, 3, 1), date(2027, 2, 28), None, None, None, True, 8, by_page=(("/en/", 8),)
    )
    assert [each.name for each in as_tables(export, "en")] == ["activity", "pages"]


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_blanks(language):
    def blanks(code):
        sections = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))
        return {
            (name, key): set(re.findall(r"\{\w+\}", text))
            for name, some in sections.items()
            for key, text in some.items()
        }

    assert blanks(language) == blanks("en")


def test_in_french():
    found = as_text((table("countries", "fr", previous=BEFORE),), "Le site", words("fr"))
    assert "Pays-Bas" in found
    assert "1\u202f200" in found
    assert "-20,00\N{NO-BREAK SPACE}%" in found
    assert "1 mars 2025 – 28 févr. 2026" in found


def test_in_spanish():
    found = as_text((table("languages", "es"),), "El sitio", words("es"))
    assert "español" in found
    assert "3000" in found or "3.000" in found


def test_a_language_without_words_is_refused():
    with pytest.raises(WebTrouble, match="choose one of en, es, fr"):
        as_tables(FIGURES, "tlh")


def test_an_installations_own_words_count(tmp_path):
    folder = tmp_path / "report" / "web"
    folder.mkdir(parents=True)
    text = (FOLDER / "en.toml").read_text("utf-8")
    (folder / "en.toml").write_text(text.replace('visits = "Visits"', 'visits = "Calls"'), "utf-8")
    assert table("activity", templates=tmp_path).rows[0][0] == "Calls"
    (folder / "en.toml").write_text(text.replace("visits_a_month", "visits_a_year"), "utf-8")
    with pytest.raises(WebTrouble, match=r"\[activity\] has no visits_a_month"):
        as_tables(FIGURES, "en", templates=tmp_path)


# ---------------------------------------------------------------- formats


def test_json_is_read_back(tmp_path):
    file = tmp_path / "website.json"
    file.write_text(as_json(FIGURES), "utf-8")
    assert from_json(file) == FIGURES
    assert json.loads(as_json(FIGURES))["by_month"]["2026-03"]["users"] == 2000


@pytest.mark.parametrize(
    ("text", "why"), [("{", "the whole file"), ("{}", "origin"), ('{"origin": "log", "begins": 3}', "")]
)
def test_json_that_holds_no_figures_is_refused(tmp_path, text, why):
    file = tmp_path / "website.json"
    file.write_text(text, "utf-8")
    with pytest.raises(WebTrouble, match=f"not figures as --format json writes them .{why}"):
        from_json(file)


def test_csv_counts_on_and_carries_nothing_out():
    figures = replace(FIGURES, by_page=(("=HYPERLINK(1)", 3), ("/a,\n", 1)))
    rows = list(csv.reader(io.StringIO(as_csv((table("pages", figures=figures),)))))
    assert rows[1:4] == [["Page", "Page views", "Share"], ["'=HYPERLINK(1)", "3", "0.06"], ["/a,\n", "1", "0.02"]]


def test_html_is_escaped_and_asks_for_nothing_elsewhere():
    figures = replace(FIGURES, by_page=(("/<script>", 3),))
    page = as_html(as_tables(figures, "fr"), "Le <site>", words("fr"))
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "http" not in page
    assert '<html lang="fr">' in page
    assert page.count("<table>") == len(as_tables(figures, "fr"))


def test_text_shows_no_control_character_and_signs_a_rise():
    figures = replace(FIGURES, by_page=(("/\x1b[31m", 3),))
    shown = as_text(as_tables(figures, "en", BEFORE), "The site", words("en"))
    assert "\x1b" not in shown
    assert "+20.00\N{NO-BREAK SPACE}%" in shown
