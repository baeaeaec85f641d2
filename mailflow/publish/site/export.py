"""An item for another content system: clean HTML, or docx without a trace of who made it and when."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markupsafe import Markup

from mailflow.core.publication import Item
from mailflow.publish.site.blocks import Block, Run, blocks, html
from mailflow.publish.site.language import direction, label, nearest
from mailflow.publish.site.nouns import MissingExtraError, Site, SiteError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_HEADINGS = {  # the two words that an export needs, so that it needs no folder of templates
    "en": ("Question", "Answer"), "fr": ("Question", "Réponse"), "es": ("Pregunta", "Respuesta"),
    "pt": ("Pergunta", "Resposta"), "de": ("Frage", "Antwort"), "ja": ("質問", "回答"), "zh": ("问题", "答复"),
    "zh-Hant": ("問題", "答覆"), "vi": ("Câu hỏi", "Trả lời"), "th": ("คำถาม", "คำตอบ"), "my": ("မေးခွန်း", "အဖြေ"),
    "ur": ("سوال", "جواب"), "ne": ("प्रश्न", "उत्तर"),
}  # fmt: skip
_FONTS = {"ja": "Yu Mincho", "zh": "SimSun", "zh-Hant": "PMingLiU"}  # East Asian; others follow the reader's own
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)  # the first day that a zip file knows
_PAGE = Markup(
    '<!doctype html>\n<html lang="{language}" dir="{dir}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n'
    "<body>\n<article>\n<h1>{title}</h1>\n<h2>{asked}</h2>\n{question}\n<h2>{answered}</h2>\n{answer}\n{topics}</article>\n"
    "</body>\n</html>\n"
)


def as_html(item: Item, site: Site) -> str:
    """A whole document of semantic elements: no class, no id, no style, no script. SiteError for a withdrawn item."""
    _offered(item)
    asked, answered = _headings(item.language)
    return str(
        _PAGE.format(
            language=item.language,
            dir=direction(item.language),
            title=item.title,
            asked=asked,
            answered=answered,
            question=html(item.question),
            answer=html(item.answer),
            topics=_topics(item, site),
        )
    )


def as_docx(item: Item, site: Site) -> bytes:
    """A Word document; the same item gives the same bytes. SiteError for a withdrawn item."""
    _offered(item)
    try:
        import docx
    except ModuleNotFoundError:
        raise MissingExtraError("docx") from None
    document = docx.Document()
    _anonymous(document)
    _styles(document, item.language)
    document.add_heading(item.title, 1)
    for heading, text in zip(_headings(item.language), (item.question, item.answer), strict=True):
        document.add_heading(heading, 2)
        for block in blocks(text):
            _block(document, block)
    labels = _labels(item, site)
    if labels:
        document.add_paragraph(" · ".join(text for text, _ in labels))
    for paragraph in document.paragraphs:
        _directed(paragraph, item.language)
    return _packed(document)


def _offered(item: Item) -> None:
    if item.withdrawn:
        raise SiteError(f"item {item.language}/{item.id} was withdrawn: nothing of it leaves any more")


def _headings(language: str) -> tuple[str, str]:
    return _HEADINGS[nearest(language, _HEADINGS)]


def _labels(item: Item, site: Site) -> list[tuple[str, str]]:
    topics = [topic for topic in site.topics if topic.id in item.topics]
    return [label(topic.labels, item.language, site.languages[0]) for topic in topics]


def _topics(item: Item, site: Site) -> Markup:
    points = Markup("\n").join(
        Markup('<li lang="{}">{}</li>').format(language, text) for text, language in _labels(item, site)
    )
    return Markup("<ul>\n{}\n</ul>\n").format(points) if points else Markup("")


# ---------------------------------------------------------------- docx


def _anonymous(document: Document) -> None:
    told = document.core_properties
    told.author = told.last_modified_by = told.comments = told.title = told.keywords = told.subject = ""
    told.created = told.modified = _NEVER
    told.revision = 1


def _styles(document: Document, language: str) -> None:
    """The document's language, for hyphens, spelling and the choice of letters; and East Asian fonts."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for style in document.styles:
        fonts = style.element.find(f".//{qn('w:rFonts')}")
        if fonts is not None and language in _FONTS:
            fonts.set(qn("w:eastAsia"), _FONTS[language])
            fonts.attrib.pop(qn("w:eastAsiaTheme"), None)
    for spoken in document.styles.element.iter(qn("w:lang")):
        for kind in ("w:val", "w:eastAsia", "w:bidi"):
            spoken.set(qn(kind), language)
    if direction(language) == "rtl":
        for section in document.sections:
            grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001  python-docx has no name for it
            grid.addprevious(OxmlElement("w:bidi"))  # where Word's schema wants it


def _block(document: Document, block: Block) -> None:
    if block.points:
        for line in block.lines:
            _runs(document.add_paragraph(style="List Bullet"), line)
        return
    paragraph = document.add_paragraph()
    for number, line in enumerate(block.lines):
        if number:
            paragraph.add_run().add_break()
        _runs(paragraph, line)


def _runs(paragraph: Paragraph, line: tuple[Run, ...]) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for run in line:
        made = paragraph.add_run(run.text)
        if run.href:
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), paragraph.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            made.font.underline = True
            made._r.addprevious(link)  # noqa: SLF001  nor for links
            link.append(made._r)  # noqa: SLF001


def _directed(paragraph: Paragraph, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if direction(language) != "rtl":
        return
    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001
    for run in paragraph._p.iter(qn("w:r")):  # noqa: SLF001
        run.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _packed(document: Document) -> bytes:
    """Packed anew, in order and without the times that a zip file keeps; the template's picture goes."""
    loose, packed = BytesIO(), BytesIO()
    document.save(loose)
    with ZipFile(loose) as there, ZipFile(packed, "w", ZIP_DEFLATED) as here:
        for name in sorted(there.namelist()):
            here.writestr(ZipInfo(name, _NEVER.timetuple()[:6]), there.read(name), ZIP_DEFLATED)
    return packed.getvalue()
