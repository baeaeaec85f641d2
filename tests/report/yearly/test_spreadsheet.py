"""What is uncoded goes out as a spreadsheet and comes back; every mistake in it is named by its cell."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from mailflow.report.yearly.coded import Coded, Wrong, read_coded
from mailflow.report.yearly.formats.sheets import lines
from mailflow.report.yearly.uncoded import as_csv, as_xlsx, lacking
from tests.report.yearly.given import case, labels, words

DAY = date(2026, 5, 4)
CASES = [
    case("2026-0001", DAY, {"user_type": ["mnes"], "topic": ["wages", "osh"]}),
    case("2026-0002", DAY),
    case("2026-0003", DAY, admissible=False),
]
TITLES = {"2026-0001": '=HYPERLINK("https://firm.example")', "2026-0002": "Wages in a free zone"}


def book() -> bytes:
    return as_xlsx(lacking(CASES, labels()), TITLES, labels(), words("en"), DAY)


def filled(changes: dict[str, str]) -> bytes:
    """The sheet that went out, with cells that somebody wrote."""
    sheet = load_workbook(BytesIO(book()))
    for place, value in changes.items():
        sheet["questions"][place] = value
    octets = BytesIO()
    sheet.save(octets)
    return octets.getvalue()


def packed(name: str) -> bytes:
    octets = BytesIO()
    with ZipFile(octets, "w") as archive:
        archive.writestr(name, "text")
    return octets.getvalue()


def column(name: str) -> str:
    sheet = load_workbook(BytesIO(book()))["questions"]
    return next(cell.column_letter for cell in sheet[1] if cell.value == name)


def test_only_questions_that_lack_a_code_go_out() -> None:
    assert [one.ref for one in lacking(CASES, labels())] == ["2026-0001", "2026-0002"]


def test_what_went_out_comes_back_as_it_was() -> None:
    expected = ((Coded("2026-0001", {"user_type": ("mnes",), "topic": ("wages", "osh")}),), ())
    assert read_coded(book(), labels()) == expected
    assert read_coded(as_csv(lacking(CASES, labels()), TITLES, labels(), words("en")), labels()) == expected


def test_what_people_choose_write_or_name_is_read() -> None:
    octets = filled({
        f"{column('user_type')}4": "governments | Governments",
        f"{column('sector')}4": "mining",
        f"{column('region')}4": "Afrique",
        f"{column('region_2')}4": "CARIBBEAN",
    })  # fmt: skip
    read, wrong = read_coded(octets, labels(), {"2026-0001", "2026-0002"})
    assert wrong == ()
    assert read[1] == Coded(
        "2026-0002", {"user_type": ("governments",), "region": ("africa", "caribbean"), "sector": ("mining",)}
    )


def test_every_mistake_is_named_by_its_cell() -> None:
    octets = filled({
        "A4": "2026-0001",
        f"{column('user_type')}3": "goverments",
        f"{column('user_region')}3": "global_unspecified",
        f"{column('topic_3')}3": "osh",
        "A5": "2026-0009",
        f"{column('sector')}6": "mining",
    })  # fmt: skip
    _, wrong = read_coded(octets, labels(), {"2026-0001", "2026-0002"})
    assert [one.cell for one in wrong] == ["E3", "F3", "N3", "A4", "A5", "A6"]
    assert wrong[0] == Wrong("E3", '"goverments" is no code of user_type; did you mean "governments"?')
    assert "stands twice in the row" in wrong[2].text
    assert "stands in two rows" in wrong[3].text
    assert "there is no ticket 2026-0009" in wrong[4].text
    assert "no ref" in wrong[5].text


def test_a_title_is_never_a_formula() -> None:
    sheet = load_workbook(BytesIO(book()))["questions"]
    assert (sheet["D3"].value, sheet["D3"].data_type) == ('=HYPERLINK("https://firm.example")', "s")
    assert "\r\n2026-0001,2026-05-04,en,\"'=HYPERLINK" in as_csv(CASES, TITLES, labels(), words("en")).decode()


def test_each_cell_for_a_code_offers_the_codes_of_its_list() -> None:
    sheets = load_workbook(BytesIO(book()))
    choices = {str(one.sqref): one.formula1 for one in sheets["questions"].data_validations.dataValidation}
    assert choices["E3:E4"] == "codes!$A$2:$A$12"
    assert sheets["codes"]["A2"].value == "workers_unions | Workers or trade unions"
    assert choices["G3:G4"] == choices["F3:F4"]


def test_a_file_of_another_kind_is_told() -> None:
    for octets in (b"PK\x03\x04 no", b"\xff\xfe\x00", b"\x80\x81"):
        read, wrong = read_coded(octets, labels())
        assert not read
        assert len(wrong) == 1
    read, wrong = read_coded(b"name,colour\n1,2\n", labels())
    assert wrong[0].cell == "A1"


def test_a_column_that_nobody_reads_is_told() -> None:
    _, wrong = read_coded(lines([["ref", "sectors"], ["Ticket", ""], ["1", "mining"]]), labels())
    assert wrong == (Wrong("B1", '"sectors" is no column that is read; did you mean "sector"?'),)


def test_semicolons_and_utf_16_are_read_too() -> None:
    text = "ref;sector\nTicket;x\n1;mining\n"
    for octets in (text.encode(), text.replace(";", "\t").encode("utf-16")):
        assert read_coded(octets, labels()) == ((Coded("1", {"sector": ("mining",)}),), ())


@pytest.mark.parametrize("value", [5, date(2026, 1, 1), True])
def test_a_cell_of_another_kind_is_a_mistake_and_no_crash(value: object) -> None:
    sheet = Workbook()
    for row in (["ref", "sector"], ["Ticket", "Sector"], ["1", value]):
        sheet.active.append(row)
    octets = BytesIO()
    sheet.save(octets)
    assert read_coded(octets.getvalue(), labels())[1][0].cell == "B3"


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ".xls"),
        (b"\n<!doctype html><table>", "a web page"),
        (packed("word/document.xml"), "a Word document"),
        (packed("content.xml"), ".ods"),
        (packed("letter.eml"), "a packed file (ZIP)"),
        (b"PK\x03\x04 cut", "damaged"),
        (b"\x00\x01\x02", "no spreadsheet and no text"),
        (b"", "an empty file"),
    ],
)
def test_what_is_no_spreadsheet_is_told_what_it_is(octets: bytes, kind: str) -> None:
    rows, (wrong,) = read_coded(octets, labels())
    assert rows == ()
    assert wrong.cell == ""
    assert kind in wrong.text
    assert "save it as .xlsx or as CSV UTF-8" in wrong.text
