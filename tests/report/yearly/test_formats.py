"""The report as files: what a reader, a screen reader, a spreadsheet and another program find in them."""

from __future__ import annotations

import csv
import json
import re
import sys
import zlib
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from selectolax.lexbor import LexborHTMLParser

from mailflow.report.yearly import Report, year
from mailflow.report.yearly.formats import as_json, csv_files, csv_zip, docx, page, pdf, save
from mailflow.report.yearly.formats.chapters import as_html, chapters_of
from mailflow.report.yearly.formats.charts import chart_of, drawn
from mailflow.report.yearly.formats.shown import Shown
from tests.report.yearly.given import SINCE, TEMPLATES, UNTIL, asked, labels, settings, small, words, year_2022

CHAPTERS = {
    "10-promotion.fr.md": "# Promotion\n\nLe service a été **présenté** à Dakar <script>alert(1)</script>.\n\n## Ateliers\n\n- un\n- deux\n\n| Lieu | Public |\n|---|---|\n| Lima | 40 |\n",
    "60-outlook.fr.md": "# Perspectives\n\n[Le site](https://www.example.org) sera revu.\n",
    "10-promotion.en.md": "# Promotion\n\nText.\n",
}


@cache
def report() -> Report:
    chapters = chapters_of(CHAPTERS, "fr")
    return year(year_2022(), settings(), labels(), words("fr"), SINCE, UNTIL, chapters=chapters, made=date(2023, 3, 15))


@cache
def html() -> str:
    return page(report(), *template())


def template() -> tuple[str, str]:
    return (TEMPLATES / "report.html").read_text("utf-8"), (TEMPLATES / "report.css").read_text("utf-8")


def small_report(language: str, **more: object) -> Report:
    given, codes = small(**more)
    cases = asked({"a": 2, "b": 9, "c": 40}, 2022)
    return year(cases, given, codes, words(language), date(2022, 1, 1), date(2022, 12, 31))


@cache
def tree() -> LexborHTMLParser:
    return LexborHTMLParser(html())


# ---------------------------------------------------------------- HTML


def test_the_page_needs_nothing_from_elsewhere() -> None:
    sources = [node.attributes["src"] or "" for node in tree().css("[src]")]
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert not tree().css("link, script, iframe")
    assert "url(" not in html()
    assert "default-src 'none'" in html()


def test_every_table_has_a_caption_and_heads_with_a_scope() -> None:
    assert len(tree().css("main section.table table")) >= len(report().tables)
    for table in tree().css("main section.table table"):
        assert table.css_first("caption") is not None
        assert all(head.attributes.get("scope") for head in table.css("th"))


def test_every_chart_has_words_in_its_place_and_its_table_below() -> None:
    pictures = tree().css("figure img")
    assert len(pictures) == sum(chart_of(report(), table) is not None for table in report().tables) > 5
    for picture in pictures:
        assert len(picture.attributes["alt"] or "") > 60
        assert picture.parent is not None
        assert picture.parent.parent.css_first("table") is not None


def test_every_entry_of_the_contents_leads_somewhere() -> None:
    places = {node.attributes["id"] for node in tree().css("[id]")}
    for link in tree().css("nav a"):
        assert (link.attributes["href"] or "")[1:] in places


def test_headings_leave_no_level_out() -> None:
    levels = [int(node.tag[1]) for node in tree().css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(after - level <= 1 for level, after in pairwise(levels))


def test_signs_in_place_of_numbers_are_explained() -> None:
    section = tree().css_first("#topics")
    assert section is not None
    assert "n.d.\N{NO-BREAK SPACE}: non disponible" in section.text()


def test_the_operators_mistake_in_a_template_is_told_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"templates/report/report.html, line 2"):
        page(small_report("en"), "<p>\n{% if %}", "")
    with pytest.raises(ValueError, match=r"report.html: .*nonsense"):
        page(small_report("en"), "{{ nonsense }}", "")


# ---------------------------------------------------------------- chapters


def test_chapters_stand_in_their_language_before_and_after_the_tables() -> None:
    heads = [node.text() for node in tree().css("main h2")]
    assert heads.index("Promotion") < heads.index("Utilisateurs par catégorie") < heads.index("Perspectives")
    assert heads.count("Promotion") == 1


def test_html_in_a_chapter_is_text() -> None:
    written = as_html(report().chapters[0])
    assert "<script" not in written
    assert "&lt;script&gt;" in written
    assert "<h3>Ateliers</h3>" in written
    assert '<th scope="col">Lieu</th>' in written
    assert (
        "javascript" not in as_html(replace(report().chapters[0], body="[x](javascript:alert(1))")).partition("href")[2]
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [("promotion.fr.md", "# P\n", "the name must be <order>"), ("10-p.fr.md", "Promotion\n", "begins with its title")],
)
def test_a_chapter_that_cannot_be_placed_is_told_with_its_file(name: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=rf"chapters/{name}.*{said}"):
        chapters_of({name: text}, "fr")


# ---------------------------------------------------------------- charts


def test_a_chart_is_sorted_and_what_is_not_specified_comes_last() -> None:
    chart = chart_of(report(), report().table("sectors"))
    assert chart is not None
    figures = chart.series[0][1]
    assert list(figures[:-1]) == sorted(figures[:-1], reverse=True)
    assert chart.labels[-1] == "Non spécifié"
    assert [name for name, _ in chart.series] == [report().table("sectors").heads[c] for c in ("period", "previous")]
    assert chart.left_out == 4


def test_the_same_figures_give_the_same_picture() -> None:
    chart = chart_of(report(), report().table("users_by_type"))
    assert chart is not None
    assert drawn(chart) == drawn(chart)
    assert drawn(chart, "png")[:4] == b"\x89PNG"


def test_hidden_figures_are_not_drawn() -> None:
    hidden = small_report("en", fewer_than=5)
    chart = chart_of(hidden, hidden.table("things"))
    assert chart is not None
    assert chart.labels == ("C",)


# ---------------------------------------------------------------- PDF and Word


def unpacked(octets: bytes) -> bytes:
    """With its compressed streams as they read."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", octets, re.DOTALL)
    return octets + b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")


def test_the_pdf_is_tagged_and_its_letters_are_there() -> None:
    made = pdf(page(small_report("fr"), *template()))
    assert made.octets.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in unpacked(made.octets)
    assert b"pdfuaid:part" in unpacked(made.octets)
    assert b"/Lang (fr)" in unpacked(made.octets)
    assert made.lacking == ""


def test_letters_that_no_font_has_are_told() -> None:
    assert pdf('<html lang="en"><title>t</title><p>\U0010fffd\ue123').lacking == "\ue123\U0010fffd"


def test_word_has_headings_tables_that_repeat_their_head_and_words_for_pictures() -> None:
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(BytesIO(docx(report())))
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert [head for head in heads if head in {table.title for table in report().tables}] == [
        t.title for t in report().tables
    ]
    assert "Promotion" in heads
    grids = [grid for grid in document.tables if grid.rows[0].cells[0].text == "Catégorie"]
    assert len(grids) == len(report().tables)
    assert all(grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for grid in grids)
    assert all(len(shape._inline.docPr.get("descr")) > 60 for shape in document.inline_shapes)
    cells = [[cell.text for cell in row.cells] for row in grids[0].rows]
    assert [
        "Entreprises multinationales (EMN)",
        "93",
        Shown(report()).numbers.percent(67.88),
        "77,9",
        "1\N{NARROW NO-BREAK SPACE}091",
    ] in cells


# ---------------------------------------------------------------- CSV and JSON


def cells(octets: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(octets.decode("utf-8-sig"), newline="")))


def test_no_cell_of_a_csv_can_be_taken_for_a_formula() -> None:
    given, codes = small(("=cmd", "+a", "-b", "@c", "\td", "\re"))
    made = year(asked({"=cmd": 2}, 2022), given, codes, words("en"), date(2022, 1, 1), date(2022, 12, 31))
    for one in (made, report()):
        for octets in csv_files(one).values():
            assert not [
                cell for row in cells(octets) for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            ]


def test_csv_has_a_file_for_each_table_with_every_column() -> None:
    files = csv_files(report())
    assert [*files][:2] == ["01-users_by_type.csv", "02-users_by_region.csv"]
    head, *rows = cells(files["04-sectors.csv"])
    questions = dict(zip(head, next(row for row in rows if row[0] == "questions"), strict=True))
    assert (questions["previous"], questions["period"], questions["cumulative"]) == ("157", "137", "1695")
    assert questions["change"] == "−12.7389"


def test_the_archive_is_the_same_for_the_same_report() -> None:
    assert csv_zip(report()) == csv_zip(report())
    with ZipFile(BytesIO(csv_zip(report()))) as archive:
        assert archive.namelist() == [*csv_files(report())]


def test_json_has_every_figure_under_its_name() -> None:
    told = json.loads(as_json(report()))
    tables = {table["id"]: {row["id"]: row["figures"] for row in table["rows"]} for table in told["tables"]}
    assert tables["users_by_type"]["mnes"]["period"] == 93
    assert tables["users_by_type"]["initiatives"]["period"] == {"why": "none"}
    assert (told["since"], told["until"], told["format"]) == ("2022-03-01", "2023-02-28", 1)


# ---------------------------------------------------------------- files


def test_files_are_written_whole_under_their_names(tmp_path: Path) -> None:
    saved = save(report(), ["json", "csv"], tmp_path / "out", TEMPLATES)
    assert [path.name for path in saved.paths] == ["report-2023.fr.json", "report-2023.fr.csv.zip"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in saved.paths)


def test_nothing_is_written_when_one_format_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"report.html cannot be read"):
        save(report(), ["json", "html"], tmp_path / "out", tmp_path)
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match='"odt" is no format of the report: choose among html'):
        save(report(), ["odt"], tmp_path, TEMPLATES)


@pytest.mark.parametrize(
    ("module", "kind"), [("matplotlib", "html"), ("weasyprint", "pdf"), ("docx", "docx"), ("matplotlib", "docx")]
)
def test_where_an_extra_lacks_it_is_told_what_to_install(
    module: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "mailflow\[report\]"'):
        save(small_report("en"), [kind], tmp_path / "out", TEMPLATES)
    assert not (tmp_path / "out").exists()
