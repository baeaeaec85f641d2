"""Questions that lack codes, as one spreadsheet that goes out, is filled in by people, and comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from mailflow.core.counting import Case
from mailflow.report.yearly.formats.extra import wanted
from mailflow.report.yearly.formats.sheets import lines
from mailflow.report.yearly.labels import Labels
from mailflow.report.yearly.words import Words

FACTS = ("ref", "opened", "language", "title")
# Where a question may have several codes, there are several columns.
CODED: Mapping[str, tuple[str, ...]] = {
    "user_type": ("user_type",),
    "user_region": ("user_region", "user_region_2"),
    "region": ("region", "region_2", "region_3"),
    "sector": ("sector",),
    "topic": ("topic", "topic_2", "topic_3"),
    "heard_from": ("heard_from",),
}
HEAD = 2  # rows above the questions: names that the program reads, and what people read
_QUESTIONS, _CODES, _HELP = "questions", "codes", "help"
_SAID = {"title": "title_column"}
_WIDTHS = {"ref": 14, "opened": 12, "language": 10, "title": 44}
_SENTENCES = ("fill", "several", "empty", "unspecified", "back")


def lacking(cases: Iterable[Case], labels: Labels) -> tuple[Case, ...]:
    """Questions that weren't refused and lack a code of any list that the taxonomy has, oldest first."""
    lists = [of for of in CODED if labels.codes(of)]
    found = (case for case in cases if case.admissible is not False and not all(case.codes.get(of) for of in lists))
    return tuple(sorted(found, key=lambda case: (case.opened, case.ref)))


def columns_of(labels: Labels) -> dict[str, str]:
    """Column -> the list that it takes its codes from."""
    return {column: of for of, columns in CODED.items() if labels.codes(of) for column in columns}


def written(id_: str, of: str, labels: Labels, language: str) -> str:
    """A code as it stands in a cell: "mnes | Multinational enterprises"."""
    code = labels.code(of, id_)
    return f"{id_} | {code.said(language)}" if code else id_


def table(cases: Sequence[Case], titles: Mapping[str, str], labels: Labels, language: str) -> list[list[str]]:
    """A row a question: ref, day, language, neutral title, and the codes that it has already."""
    columns = columns_of(labels)
    rows = []
    for case in cases:
        given = {
            column: written(id_, of, labels, language)
            for of in CODED
            for column, id_ in zip(CODED[of], case.codes.get(of, ()), strict=False)
        }
        facts = [case.ref, case.opened.isoformat(), case.language, titles.get(case.ref, "")]
        rows.append([*facts, *(given.get(column, "") for column in columns)])
    return rows


def _heads(labels: Labels, words: Words) -> list[list[str]]:
    names = [*FACTS, *columns_of(labels)]
    return [names, [words.say(f"sheet.{_SAID.get(name, name.rstrip('_23'))}") for name in names]]


def as_csv(cases: Sequence[Case], titles: Mapping[str, str], labels: Labels, words: Words) -> bytes:
    """The same as `as_xlsx`, without its lists to choose from."""
    return lines([*_heads(labels, words), *table(cases, titles, labels, words.language)])


def as_xlsx(cases: Sequence[Case], titles: Mapping[str, str], labels: Labels, words: Words, made: date) -> bytes:
    """A workbook: questions with lists to choose codes from, all codes, and how to fill it in.

    `titles`: ref -> a neutral title; no other word of a question stands in it. ModuleNotFoundError without the extra.
    """
    with wanted("openpyxl"):
        from openpyxl import Workbook
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _QUESTIONS
    rows = table(cases, titles, labels, words.language)
    _fill(sheet, [*_heads(labels, words), *rows])
    _look(sheet)
    codes = book.create_sheet(_CODES)
    _codes(codes, labels, words)
    _choices(sheet, labels, len(rows))
    help_ = book.create_sheet(_HELP)
    _fill(help_, [[words.say(f"sheet.{name}")] for name in _SENTENCES])
    help_.column_dimensions["A"].width = 100
    book.properties.title = words.say("sheet.title", day=words.numbers.day(made))
    book.properties.creator = "mailflow"
    octets = BytesIO()
    book.save(octets)
    return octets.getvalue()


def _fill(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    """Every cell is text, whatever it begins with: never a formula."""
    for down, row in enumerate(rows, 1):
        for across, value in enumerate(row, 1):
            cell = sheet.cell(down, across)
            if value:
                cell.value = _printable(value)
                cell.data_type = "s"


def _printable(value: str) -> str:
    """Without the control characters that a workbook can't hold."""
    return "".join(letter for letter in value if letter >= " " or letter in "\n\t")


def _look(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = f"{get_column_letter(len(FACTS) + 1)}{HEAD + 1}"
    for across, cell in enumerate(sheet[HEAD], 1):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EEF4F8")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        name = str(sheet.cell(1, across).value)
        sheet.cell(1, across).font = Font(size=8, color="666666")
        sheet.column_dimensions[get_column_letter(across)].width = _WIDTHS.get(name, 30)


def _codes(sheet: Any, labels: Labels, words: Words) -> None:
    """A column for each list, so that the choices can refer to it."""
    from openpyxl.utils import get_column_letter

    for across, of in enumerate((of for of in CODED if labels.codes(of)), 1):
        listed = [written(code.id, of, labels, words.language) for code in labels.codes(of)]
        for down, value in enumerate([words.say(f"sheet.{of}"), *listed], 1):
            sheet.cell(down, across).value = value
            sheet.cell(down, across).data_type = "s"
        sheet.column_dimensions[get_column_letter(across)].width = 48
    sheet.freeze_panes = "A2"


def _choices(sheet: Any, labels: Labels, rows: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = [of for of in CODED if labels.codes(of)]
    for across, of in enumerate(columns_of(labels).values(), len(FACTS) + 1):
        letter = get_column_letter(lists.index(of) + 1)
        source = f"{_CODES}!${letter}$2:${letter}${len(labels.codes(of)) + 1}"
        choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        place = get_column_letter(across)
        choice.add(f"{place}{HEAD + 1}:{place}{max(rows, 1) + HEAD}")
        sheet.add_data_validation(choice)
