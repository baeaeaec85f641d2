"""The report as a Word document: real headings, tables whose head repeats, charts with a text in their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from mailflow.report.yearly.formats.chapters import BEFORE_TABLES
from mailflow.report.yearly.formats.charts import alt, chart_of, drawn, left_out
from mailflow.report.yearly.formats.extra import wanted
from mailflow.report.yearly.formats.prose import written
from mailflow.report.yearly.formats.shown import Shown
from mailflow.report.yearly.values import Report, Row, Table

if TYPE_CHECKING:
    from docx.document import Document

_PALE, _WIDTH, _FIRST = "EEF4F8", 17.0, 6.0  # a heading row's colour; centimetres: of the text, of the first column
_SMALL, _TINY = 9, 8  # points


def docx(report: Report) -> bytes:
    """The octets of a .docx. ModuleNotFoundError when the extra lacks."""
    with wanted("python-docx"):
        import docx as word
    document = word.Document()
    _set_up(document, report)
    _cover(document, report)
    _summary(document, report)
    for chapter in (one for one in report.chapters if one.order < BEFORE_TABLES):
        written(document, chapter)
    for table in report.tables:
        _section(document, report, table)
    for chapter in (one for one in report.chapters if one.order >= BEFORE_TABLES):
        written(document, chapter)
    _reconciliation(document, report)
    octets = BytesIO()
    document.save(octets)
    return octets.getvalue()


def _set_up(document: Document, report: Report) -> None:
    """A4, the language for the spelling, what the file says of itself, page numbers."""
    from docx.oxml.ns import qn
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    properties = document.styles["Normal"].element.get_or_add_rPr()
    language = properties.makeelement(qn("w:lang"), {qn("w:val"): report.language, qn("w:eastAsia"): report.language})
    properties.append(language)
    about = document.core_properties
    about.title, about.subject, about.language = report.title, report.period, report.language
    about.author, about.comments = "mailflow", ""
    about.created = about.modified = datetime(*(report.made or report.until).timetuple()[:3], tzinfo=UTC)
    section.header.paragraphs[0].text = f"{report.title} · {report.period}"
    _field(section.footer.paragraphs[0], "PAGE")
    section.footer.paragraphs[0].add_run(" / ")
    _field(section.footer.paragraphs[0], "NUMPAGES")


def _field(paragraph: Any, code: str, shown: str = "1") -> None:
    """What Word works out: the number of a page, or the contents."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "instr", "separate", "text", "end"):
        run = paragraph.add_run(shown if kind == "text" else "")
        if kind == "instr":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = code
        elif kind == "text":
            continue
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001  python-docx has no fields of its own


def _cover(document: Document, report: Report) -> None:
    from docx.enum.text import WD_BREAK

    document.add_heading(report.title, 0)
    document.add_paragraph(report.period, style="Subtitle")
    document.add_paragraph("\n".join(filter(None, (report.words["taxonomy"], report.words["made"]))))
    document.add_paragraph(report.words["heading_draft"]).runs[0].italic = True
    document.add_paragraph(report.words["heading_contents"]).runs[0].bold = True
    _field(document.add_paragraph(), 'TOC \\o "1-1" \\h \\z \\u', report.words["heading_update"])
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _summary(document: Document, report: Report) -> None:
    shown = Shown(report)
    document.add_heading(report.words["heading_summary"], 1)
    for paragraph in report.summary:
        document.add_paragraph(paragraph)
    heads = (report.words["heading_key"], report.words["heading_figure"])
    _grid(document, heads, [(one.label, shown.measure(one, one.period)) for one in report.key])
    document.add_heading(report.words["heading_method"], 1)
    for sentence in report.method:
        document.add_paragraph(sentence, style="List Bullet")


def _section(document: Document, report: Report, table: Table) -> None:
    shown = Shown(report)
    document.add_heading(table.title, 1)
    document.add_paragraph(table.paragraph)
    _chart(document, report, table)
    words = report.words
    if table.measures:
        heads = (words["heading_figure"], table.heads["previous"], table.heads["period"])
        measured = [(m.label, shown.measure(m, m.previous), shown.measure(m, m.period)) for m in table.measures]
        _grid(document, heads, measured)
    caption = document.add_paragraph(shown.caption(table), style="Caption")
    caption.paragraph_format.keep_with_next = True
    rows = (*table.rows, *table.shown_foot)
    cells = [(row.label, *(shown.cell(row[column], column) for column in table.columns)) for row in rows]
    _grid(document, (words["heading_code"], *(table.heads[column] for column in table.columns)), cells, rows)
    for note in filter(None, (shown.signs(table), *table.notes)):
        _small(document.add_paragraph(note), _SMALL)


def _chart(document: Document, report: Report, table: Table) -> None:
    from docx.shared import Cm

    chart = chart_of(report, table)
    if chart is None:
        return
    document.add_picture(BytesIO(drawn(chart, "png")), width=Cm(_WIDTH))
    picture = document.inline_shapes[-1]._inline.docPr  # noqa: SLF001  the text in a picture's place
    picture.set("descr", alt(report, chart))
    picture.set("title", chart.title)
    if said := left_out(report, chart):
        _small(document.add_paragraph(said), _SMALL)


def _grid(
    document: Document, heads: Sequence[str], cells: Sequence[Sequence[str]], rows: Sequence[Row] | None = None
) -> None:
    """A table: its head repeats on every page, rows stay whole, figures stand at the right."""
    from docx.shared import Cm

    grid = document.add_table(rows=0, cols=len(heads), style="Light List Accent 1" if rows is None else "Table Grid")
    grid.autofit = False
    kinds = [""] * len(cells) if rows is None else [row.id if row.id == "questions" else row.kind for row in rows]
    for number, (line, kind) in enumerate(zip((heads, *cells), ("head", *kinds), strict=True)):
        row = grid.add_row()
        _row_properties(row, head=number == 0)
        for column, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            cell.width = Cm(_FIRST if column == 0 else (_WIDTH - _FIRST) / (len(heads) - 1))
            _fill(cell, text, kind, right=column > 0)
    document.add_paragraph()


def _row_properties(row: Any, *, head: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  python-docx has no name for these
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _fill(cell: Any, text: str, kind: str, *, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    run.font.size = Pt(_SMALL)
    run.bold = kind in ("head", "group", "questions")
    run.italic = kind == "stray"
    if kind in ("head", "group"):
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", _PALE)):
            shade.set(qn(f"w:{key}"), value)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  python-docx knows no shading


def _small(paragraph: Any, points: int) -> None:
    from docx.shared import Pt

    for run in paragraph.runs:
        run.font.size = Pt(points)


def _reconciliation(document: Document, report: Report) -> None:
    shown, words = Shown(report), report.words
    document.add_heading(words["heading_reconciliation"], 1)
    if not shown.of_period:
        document.add_paragraph(words["heading_fits"])
    for heading, found in (("of_period", shown.of_period), ("of_former", shown.of_former)):
        if found:
            document.add_heading(words[f"heading_{heading}"], 2)
        for finding in found:
            document.add_paragraph(finding.text, style="List Bullet")
    if report.differences:
        document.add_heading(words["heading_differences"], 1)
    for difference in report.differences:
        document.add_paragraph(difference.text, style="List Bullet")
