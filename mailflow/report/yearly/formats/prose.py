"""A chapter's Markdown as paragraphs of a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mailflow.report.yearly.formats.chapters import level, tokens
from mailflow.report.yearly.values import Chapter

if TYPE_CHECKING:
    from docx.document import Document
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_STYLES = {"bullet_list": "List Bullet", "ordered_list": "List Number", "blockquote": "Quote"}


def written(document: Document, chapter: Chapter) -> None:
    """Title and body: headings, paragraphs, lists, quotations, code and tables; links with their address behind."""
    from markdown_it.tree import SyntaxTreeNode

    document.add_heading(chapter.title, 1)
    for node in SyntaxTreeNode(tokens(chapter)).children:
        _block(document, node, None)


def _block(document: Document, node: SyntaxTreeNode, style: str | None) -> None:
    if node.type == "heading":
        _inline(document.add_heading("", level(node.tag, 1)), _tokens(node))
    elif node.type == "paragraph":
        _inline(document.add_paragraph(style=style), _tokens(node))
    elif node.type in ("fence", "code_block"):
        document.add_paragraph(node.content.rstrip(), style="No Spacing")
    elif node.type == "table":
        rows = [row for part in node.children for row in part.children]
        _table(document, [[_tokens(cell) for cell in row.children] for row in rows])
    else:
        for child in node.children:
            _block(document, child, _STYLES.get(node.type, style))


def _tokens(node: SyntaxTreeNode) -> Sequence[Token]:
    """What stands inside a paragraph, a heading or a cell."""
    inline = node.children[0].token if node.children else None
    return (inline.children or ()) if inline else ()


def _inline(paragraph: Any, tokens_: Sequence[Token]) -> None:
    """Its runs, bold and italic as they are marked."""
    bold = italic = False
    address = ""
    for token in tokens_:
        if token.type in ("strong_open", "strong_close"):
            bold = token.type == "strong_open"
        elif token.type in ("em_open", "em_close"):
            italic = token.type == "em_open"
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            paragraph.add_run(f" ({address})")
        else:
            run = paragraph.add_run({"hardbreak": "\n", "softbreak": " "}.get(token.type, token.content))
            run.bold, run.italic = bold or None, italic or None


def _table(document: Document, rows: list[list[Sequence[Token]]]) -> None:
    grid = document.add_table(rows=0, cols=max(map(len, rows)), style="Table Grid")
    for row in rows:
        for cell, tokens_ in zip(grid.add_row().cells, row, strict=False):
            _inline(cell.paragraphs[0], tokens_)
    document.add_paragraph()
