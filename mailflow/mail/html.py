"""HTML to readable lines, each knowing where in the page it came from, and back to allow-listed HTML.

A quotation by structure (a cited block, the header block of a mail client) becomes what quotes.py reads in any
text: lines with "> ", or a line BREAK from which on all is quoted. SIGNATURE stands above a marked signature.
"""

# ruff: noqa: SIM905  a table of words reads best as running text

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailflow.mail.structure import cited, hidden, opens_quotation, opens_signature

MAX_LETTERS = 10_000_000
MAX_TAGS = 200_000
MAX_DEPTH = 1_000  # lexbor and ammonia are quadratic in depth
MAX_LINK = 1_000
BREAK, SIGNATURE = "\x1e", "\x1f"  # charsets.clean keeps both out of what a sender wrote

_BLANK = re.compile(r"[ \t\n\r\f]+")
_TAG = re.compile(r"<[^<>]*>")
_STEP = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_COMMENT_END = re.compile(r"--!?>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_SELF_CLOSING = frozenset("p li td th tr dt dd option tbody thead tfoot colgroup".split())  # never nest by themselves
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_SKIPPED = frozenset(
    "head style script title template select object iframe svg math audio video canvas noembed noframes".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 pre blockquote ul ol dl table".split())
_BLOCKS = _PARAGRAPHS | frozenset(
    "div section article header footer main nav aside form fieldset address center figure figcaption caption "
    "li dt dd tr hr body details summary".split()
)
_TIGHT = ("MsoNormal", "MsoPlainText", "MsoListParagraph")  # paragraphs that a client shows without a gap


# ---------------------------------------------------------------- what may stand in a mail of ours

_ALLOWED = frozenset(
    "p div br hr ul ol li dl dt dd table caption thead tbody tfoot tr td th strong b em i u s sub sup blockquote pre code "
    "h1 h2 h3 h4 h5 h6 a".split()
)
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    """Links of https and mailto, and numbers. Relative links point nowhere in a mail."""
    if name == "rel":  # the cleaner's own
        return value
    if tag == "a":
        return value if value.lower().startswith(("https://", "mailto:")) else None
    return value if value.isdecimal() and len(value) < 4 else None  # noqa: PLR2004


_CLEANER = nh3.Cleaner(
    tags=set(_ALLOWED),
    clean_content_tags=set(_SKIPPED - {"select", "object"}),
    attributes=_ATTRIBUTES,
    attribute_filter=_safe_attribute,
    url_schemes={"https", "mailto"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)


def allow_listed(html: str) -> str:
    """Paragraphs, lists, tables, emphasis and https or mailto links; no images, styles, classes or scripts.

    "" when the page is too large or nested too deep to be cleaned in bounded time.
    """
    return "" if too_much(html) else _CLEANER.clean(html).strip()


def too_much(html: str) -> bool:
    """Whether a page is beyond what can be read in bounded time. Linear, and cheap for usual pages."""
    tags = html.count("<")
    if len(html) > MAX_LETTERS or tags > MAX_TAGS:
        return True
    return tags > MAX_DEPTH and _depth(html) > MAX_DEPTH


def _depth(html: str) -> int:
    """How deep the page nests, at most: an element that isn't closed counts as open to the end."""
    counts: dict[str, int] = {}
    depth = deepest = position = 0
    while found := _STEP.search(html, position):
        position = found.end()
        if found.group() == "<!--":
            end = _COMMENT_END.search(html, position - 2)
            position = end.end() if end else len(html)
            continue
        name = found[2].lower()
        if name in _VOID or name in _SELF_CLOSING:
            continue
        if found[1]:
            closes = counts.get(name, 0) > 0
            counts[name] = counts.get(name, 0) - closes
            depth -= closes
            continue
        counts[name] = counts.get(name, 0) + 1
        depth += 1
        deepest = max(deepest, depth)
        if name in _RAW:
            end_of_raw = html.find("</", position)
            position = end_of_raw if end_of_raw >= 0 else len(html)
    return deepest


def to_text(html: str) -> str:
    """The readable text of a page: links, lists, tables and paragraphs kept."""
    return Page(html).text


# ---------------------------------------------------------------- the page, line by line


@dataclass(slots=True)
class _Line:
    text: str
    nodes: tuple[int, ...] = ()  # mem_id of every text node that stands in it


@dataclass(slots=True)
class _Writer:
    """Puts text into lines. A gap is asked for by blocks and written only when more text comes."""

    lines: list[_Line] = field(default_factory=list)
    depth: int = 0  # of cited blocks
    begun: int = 0  # lines that got text
    lead: str = ""  # a list item's mark, written before its first text
    fresh: bool = False  # a cell has begun: no gap above its first paragraph
    join: bool = False  # the next text is another cell of a row
    _pieces: list[str] = field(default_factory=list)
    _nodes: list[int] = field(default_factory=list)
    _gap: int = 0
    _start: str = ""  # what stands before the line's own text
    _exact: bool = False  # the line has preformatted text: its indent counts

    @property
    def busy(self) -> bool:
        return bool(self._pieces)

    def gap(self, lines: int) -> None:
        if not self.join and (self._pieces or self.lines):
            self._gap = max(self._gap, 1 if self.fresh else lines)

    def newline(self) -> None:
        self.join = False
        if self._pieces or self.lines:
            self._gap = min(self._gap + 1, 3)

    def same_row(self) -> None:
        self._gap, self.join = 0, True

    def write(self, text: str, node: int = 0, *, exact: bool = False) -> None:
        if not exact:
            text = _BLANK.sub(" ", text)
            if text == " " and (self._gap or self.join or not self._pieces):
                return
        if self._gap:
            self.flush()
        self.fresh = False
        if not self._pieces:
            self._start, self.lead = "> " * min(self.depth, 10) + self.lead, ""
            self._exact = exact
            self.begun += 1
        if self.join:
            self._pieces.append(" | ")
            self.join = False
        if not exact and self._pieces and self._pieces[-1].endswith(" "):
            text = text.removeprefix(" ")
        self._pieces.append(text)
        if node:
            self._nodes.append(node)

    def flush(self) -> None:
        if self._pieces:
            text = "".join(self._pieces).replace("\xa0", " ")
            text = text.rstrip() if self._exact else text.strip()
            self.lines.append(_Line((self._start + text).rstrip(), tuple(self._nodes)))
        blanks = max(self._gap - 1, 0) if self.lines else 0
        self.lines.extend(_Line(("> " * min(self.depth, 10)).rstrip()) for _ in range(blanks))
        self._pieces, self._nodes, self._gap, self._start = [], [], 0, ""

    def mark(self, sign: str) -> None:
        self.gap(1)
        self.flush()
        self.lines.append(_Line(sign))


class Page:
    """A page as lines. `lines` may hold BREAK and SIGNATURE; `text` doesn't.

    A page beyond the bounds of `too_much` is only stripped of its tags, and has no `rich`.
    """

    def __init__(self, html: str) -> None:
        self.stripped = too_much(html)
        self._writer = _Writer()
        self._lists: list[int] = []  # for each open list the number of its last item; -1: without numbers
        self._rows: list[tuple[int, int]] = []  # for each open row: lines begun before it, cells so far
        self._exact = 0  # depth of <pre>
        self._tree: LexborHTMLParser | None = None
        if self.stripped:
            bare = _BLANK.sub(" ", entities.unescape(_TAG.sub("\n", html[:MAX_LETTERS]))).strip()
            self._writer.lines.append(_Line(bare))
        elif html.strip():
            self._tree = LexborHTMLParser(html)
            if self._tree.root is not None:
                self._read(self._tree.root)
        self._writer.flush()

    @property
    def lines(self) -> list[str]:
        return [line.text for line in self._writer.lines]

    @property
    def text(self) -> str:
        lines = (line.text for line in self._writer.lines if line.text not in (BREAK, SIGNATURE))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")

    def rich(self, kept: Iterable[int]) -> str:
        """The lines with these numbers as allow-listed HTML; "" when the page can't be cut there. Call it once."""
        lines = self._writer.lines
        numbers = set(kept)
        keep = {node for number in numbers for node in lines[number].nodes}
        drop = {node for number, line in enumerate(lines) if number not in numbers for node in line.nodes}
        if self._tree is None or self._tree.body is None or keep & drop or not keep:
            return ""
        _prune(self._tree.body, keep)
        return _CLEANER.clean(self._tree.body.inner_html or "").strip()

    def _read(self, root: LexborNode) -> None:
        """Depth first, without recursion. A string on the stack is the end of an element."""
        todo: list[LexborNode | tuple[str, str]] = [root]
        while todo:
            node = todo.pop()
            if isinstance(node, tuple):
                self._leave(*node)
            elif node.is_text_node:
                self._text(node)
            elif node.is_element_node or node.is_document_node:
                end = self._enter(node)
                if end is None:
                    continue
                todo.append(end)
                child = node.last_child
                while child is not None:
                    todo.append(child)
                    child = child.prev

    def _text(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if not self._exact:
            self._writer.write(_without_signs(text), node.mem_id)
            return
        for number, line in enumerate(_without_signs(text).split("\n")):
            if number:
                self._writer.newline()
            if line:
                self._writer.write(line, node.mem_id, exact=True)

    def _enter(self, node: LexborNode) -> tuple[str, str] | None:
        """What must be done at the element's end; None when it isn't to be read."""
        tag = node.tag or ""
        attributes = node.attributes
        if tag in _SKIPPED or hidden(attributes):
            return None
        if opens_quotation(tag, attributes):
            self._writer.mark(BREAK)
        elif opens_signature(attributes):
            self._writer.mark(SIGNATURE)
        if tag in _BLOCKS:
            self._writer.gap(1 if self._lists else _gap_of(tag, attributes))
        return self._enter_special(tag, attributes, node)

    def _enter_special(self, tag: str, attributes: Mapping[str, str | None], node: LexborNode) -> tuple[str, str]:
        writer = self._writer
        if tag == "br":
            writer.newline()
        elif tag == "img":
            _picture(writer, attributes.get("alt") or "")
        elif tag in ("ul", "ol"):
            self._lists.append(_first_number(attributes) if tag == "ol" else -1)
        elif tag == "li":
            self._item()
        elif tag == "tr":
            self._rows.append((writer.begun, 0))
        elif tag in ("td", "th"):
            self._cell()
        elif tag == "pre":
            self._exact += 1
        elif tag == "blockquote" and cited(attributes):
            writer.flush()
            writer.depth += 1
            return "cite", ""
        elif tag == "a":
            return tag, _target(attributes.get("href") or "", node)
        return tag, ""

    def _leave(self, tag: str, target: str) -> None:
        writer = self._writer
        if tag == "cite":
            if writer.busy:
                writer.flush()
            writer.depth -= 1
            writer.gap(2)
        elif tag == "a" and target:
            writer.write(f" <{target}>")
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "tr" and self._rows:
            self._rows.pop()
            writer.join = False
        elif tag == "pre":
            self._exact -= 1
        if tag in _BLOCKS:
            writer.gap(2 if tag in _PARAGRAPHS and tag != "p" and not self._lists else 1)

    def _item(self) -> None:
        number = self._lists[-1] if self._lists else -1
        if number >= 0:
            self._lists[-1] = number + 1
        indent = "  " * (min(len(self._lists), 8) - 1)
        self._writer.lead = f"{indent}{number}. " if number >= 0 else f"{indent}- "

    def _cell(self) -> None:
        if not self._rows:
            return
        before, cells = self._rows[-1]
        self._writer.fresh = True
        self._rows[-1] = (before, cells + 1)
        if cells and self._writer.busy and self._writer.begun == before + 1:
            self._writer.same_row()
        elif cells:
            self._writer.gap(1)


def _without_signs(text: str) -> str:
    return text.translate({0x1E: None, 0x1F: None}) if BREAK in text or SIGNATURE in text else text


def _gap_of(tag: str, attributes: Mapping[str, str | None]) -> int:
    if tag == "p" and (attributes.get("class") or "").startswith(_TIGHT):
        return 1
    return 2 if tag in _PARAGRAPHS else 1


def _first_number(attributes: Mapping[str, str | None]) -> int:
    start = attributes.get("start") or "1"
    return int(start) if start.isdecimal() and len(start) < 6 else 1  # noqa: PLR2004


def _picture(writer: _Writer, alt: str) -> None:
    """Only pictures that stand for letters: clients send emoji that way."""
    if alt and len(alt) <= 16 and not any(letter.isalnum() for letter in alt):  # noqa: PLR2004
        writer.write(alt)


def _target(href: str, node: LexborNode) -> str:
    """Where a link leads, unless its text says so already."""
    href = "".join(href.split())
    if not href.lower().startswith(("http://", "https://", "mailto:")) or len(href) > MAX_LINK:
        return ""
    bare = href.partition(":")[2].removeprefix("//").rstrip("/")
    shown = (node.text() or "").strip()
    return "" if not shown or bare.removeprefix("www.").lower() in shown.lower() else href


def _prune(body: LexborNode, keep: set[int]) -> None:
    """Take out all text that isn't kept, then what has become empty, and breaks at either end."""
    nodes = list(body.traverse(include_text=True))
    texts = [number for number, node in enumerate(nodes) if node.is_text_node and node.mem_id in keep]
    first, last = (texts[0], texts[-1]) if texts else (len(nodes), -1)
    for number in range(len(nodes) - 1, 0, -1):  # children come after their parents
        node = nodes[number]
        if node.is_text_node:
            gone = node.mem_id not in keep and bool((node.text_content or "").strip())
        elif node.tag in ("br", "hr", "img", "td", "th"):
            gone = node.tag not in ("td", "th") and not first < number < last
        else:
            gone = node.first_child is None or (node.tag == "tr" and not (node.text() or "").strip())
        if gone:
            node.decompose()
