"""The spreadsheet that comes back: its codes, or every mistake with the cell in which it stands."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from mailflow.report.yearly.formats.extra import wanted
from mailflow.report.yearly.labels import Labels
from mailflow.report.yearly.uncoded import FACTS, HEAD, columns_of

_LARGEST = 50_000_000  # octets that an archive may unpack to
_ROWS = 100_000
# How what is sent back by mistake begins, and what a packed file of that kind holds.
_BEGINNINGS = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "a file of an old Office program, such as .xls"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"<", "a web page, or XML"),
)
_INSIDE = (
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a presentation"),
    ("content.xml", "an OpenDocument file, such as .ods"),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK = "xl/"
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes of one question: only lists for which something stands in its row."""

    ref: str
    codes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wrong:
    cell: str  # "E5"; "" for the file as a whole
    text: str


Read = tuple[tuple[Coded, ...], tuple[Wrong, ...]]
Cells = list[list[str]]


def read_coded(octets: bytes, labels: Labels, known: Collection[str] | None = None) -> Read:
    """The rows of a filled-in .xlsx or .csv, and what is wrong in it; take the rows only when nothing is.

    A cell holds a code, "code | label" or a label in any language. An empty one says nothing: it takes no code away.
    `known`: the refs that there are; None leaves them unchecked. ModuleNotFoundError for .xlsx without the extra.
    """
    if kind := _strange(octets):
        return (), (Wrong("", f"this is {kind}: save it as .xlsx or as CSV UTF-8"),)
    try:
        cells = _xlsx(octets) if octets.startswith(b"PK") else _csv(octets)
    except (ValueError, csv.Error) as error:
        return (), (Wrong("", str(error)),)
    return _rows(cells, labels, known)


def _strange(octets: bytes) -> str:
    """What it is, when that is neither a workbook nor text; "" when it may be one."""
    if not octets.strip():
        return "an empty file"
    if octets.startswith(b"PK"):
        return _packed(octets)
    kind = next((kind for begins, kind in _BEGINNINGS if octets.lstrip().startswith(begins)), "")
    text = octets[:2] in _UTF_16 or b"\0" not in octets
    return kind or ("" if text else "no spreadsheet and no text")


def _packed(octets: bytes) -> str:
    try:
        with ZipFile(BytesIO(octets)) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError):
        return "a workbook, or another packed file, that is damaged or cut off"
    if any(name.startswith(_WORKBOOK) for name in names):
        return ""
    return next((kind for name, kind in _INSIDE if name in names), "a packed file (ZIP), but no workbook")


def _xlsx(octets: bytes) -> Cells:
    with wanted("openpyxl"):
        from openpyxl import load_workbook
    try:
        with ZipFile(BytesIO(octets)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _LARGEST:
                raise ValueError("the workbook is too large: send back the one that was sent out")
            if any(
                b"<!DOCTYPE" in archive.read(one)[:4096] for one in archive.infolist() if one.filename.endswith(".xml")
            ):
                raise ValueError("the workbook declares types of its own: save it anew as .xlsx")
        book = load_workbook(BytesIO(octets), read_only=True, keep_links=False)
        sheet: Any = book["questions"] if "questions" in book.sheetnames else book.worksheets[0]
        return [[_text(value) for value in row] for row in sheet.iter_rows(max_row=_ROWS, values_only=True)]
    except (BadZipFile, KeyError, IndexError, OSError, TypeError) as error:
        raise ValueError("this is no workbook that can be read: save it as .xlsx or as CSV UTF-8") from error


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _csv(octets: bytes) -> Cells:
    try:
        text = octets.decode("utf-16" if octets[:2] in _UTF_16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("the file is not UTF-8: save it as .xlsx or as CSV UTF-8") from None
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    return [
        [_plain(cell.strip()) for cell in row] for row in csv.reader(StringIO(text, newline=""), delimiter=separator)
    ]


def _plain(cell: str) -> str:
    """Without the apostrophe that kept a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _rows(cells: Cells, labels: Labels, known: Collection[str] | None) -> Read:
    head, columns = cells[0] if cells else [], columns_of(labels)
    wrong = list(_wrong_heads(head, columns))
    if "ref" not in head:
        return (), tuple(wrong)
    found: dict[str, Coded] = {}
    for down, row in enumerate(cells[HEAD:], HEAD + 1):
        if not any(row):
            continue
        ref, place = row[head.index("ref")] if head.index("ref") < len(row) else "", _place(head.index("ref"), down)
        wrong += _wrong_ref(ref, place, found, known)
        codes, mistakes = _codes(row, down, head, labels)
        wrong += mistakes
        if ref and ref not in found:
            found[ref] = Coded(ref, codes)
    return tuple(one for one in found.values() if one.codes), tuple(wrong)


def _wrong_heads(head: Sequence[str], columns: Mapping[str, str]) -> Iterator[Wrong]:
    if "ref" not in head:
        yield Wrong("A1", 'the first row must hold the names of the columns, "ref" among them, as they were sent out')
        return
    for across, name in enumerate(head):
        if name and name not in (*FACTS, *columns):
            yield Wrong(_place(across, 1), f'"{name}" is no column that is read{_like(name, [*FACTS, *columns])}')
        elif name and name in head[:across]:
            yield Wrong(_place(across, 1), f'there are two columns "{name}"')


def _wrong_ref(ref: str, place: str, found: Mapping[str, Coded], known: Collection[str] | None) -> Iterator[Wrong]:
    if not ref:
        yield Wrong(place, "the row has no ref, so that nobody can tell whose codes these are")
    elif ref in found:
        yield Wrong(place, f"{ref} stands in two rows: keep one of them")
    elif known is not None and ref not in known:
        yield Wrong(place, f"there is no ticket {ref}{_like(ref, known)}")


def _codes(
    row: Sequence[str], down: int, head: Sequence[str], labels: Labels
) -> tuple[dict[str, tuple[str, ...]], list[Wrong]]:
    columns, wrong = columns_of(labels), list[Wrong]()
    found: dict[str, tuple[str, ...]] = {}
    for across, (name, cell) in enumerate(zip(head, row, strict=False)):
        of = columns.get(name)
        if of is None or not cell:
            continue
        place, code = _place(across, down), _code(cell, of, labels)
        if not code:
            listed = [each.id for each in labels.codes(of)]
            wrong.append(
                Wrong(place, f'"{cell[:60]}" is no code of {of}{_like(cell.partition("|")[0].strip(), listed)}')
            )
        elif code in found.get(of, ()):
            wrong.append(Wrong(place, f'"{code}" stands twice in the row'))
        else:
            found[of] = (*found.get(of, ()), code)
    return found, wrong


def _code(cell: str, of: str, labels: Labels) -> str:
    """The id that a cell means; "" for none."""
    wanted_ = cell.partition("|")[0].strip()
    ids = [code.id for code in labels.codes(of)]
    if wanted_ in ids or wanted_.lower() in ids:
        return wanted_ if wanted_ in ids else wanted_.lower()
    named = {
        code.id for code in labels.codes(of) for label in code.label.values() if label.casefold() == cell.casefold()
    }
    return named.pop() if len(named) == 1 else ""


def _like(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def _place(across: int, down: int) -> str:
    """Column 0 of row 5 is A5."""
    letters = ""
    across += 1
    while across:
        across, rest = divmod(across - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{down}"
