"""HTML to readable lines, each knowing where in the page it came from, and back to allow-listed HTML.

A quotation by structure (a cited block, the header block of a mail client) becomes what quotes.py reads in any
text: lines with "> ", or a line BREAK from which on all is quoted. SIGNATURE stands above a marked signature, and
SIGNATURE_END below it, when the page says where it ends.
"""

# ruff: noqa: SIM905  a table of words reads best as running text

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailflow.mail.bounds import MAX_LETTERS, too_much
from mailflow.mail.lines import Line, LineWriter, single_spaced
from mailflow.mail.structure import Mark, cited, hidden, list_mark, mark_of, preformatted

__all__ = ["BREAK", "MARKS", "SIGNATURE", "SIGNATURE_END", "Page", "allow_listed", "to_text", "too_much"]

MAX_LINK = 1_000
MAX_KINDS = 1_000  # of elements that are remembered
# Lines of their own, which charsets.clean keeps out of what a sender wrote.
BREAK, SIGNATURE, SIGNATURE_END = "\x1e", "\x1f", "\x1d"
MARKS = (BREAK, SIGNATURE, SIGNATURE_END)

_NO_MARKS = dict.fromkeys(map(ord, MARKS))
_TAG = re.compile(r"<[^<>]*>")
_SKIPPED = frozenset(
    "head style script title template select object iframe svg math audio video canvas noembed noframes textarea".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 pre blockquote ul ol dl table".split())
_BLOCKS = _PARAGRAPHS | frozenset(
    "div section article header footer main nav aside form fieldset address center figure figcaption caption "
    "li dt dd tr hr body details summary".split()
)
_SPECIAL = frozenset("br img ul ol li tr td th pre blockquote a".split())
_TIGHT = ("MsoNormal", "MsoPlainText", "MsoListParagraph")  # paragraphs that a client shows without a gap
_BULLETS = frozenset("·§oØüq•▪-–—*o")
ROMAN = tuple("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split())


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
        return _safe_link(value)
    return value if value.isdecimal() and value.isascii() and len(value) < 4 else None  # noqa: PLR2004


def _safe_link(href: str) -> str | None:
    """A link that leads where it seems to: no name before an "@", no mail that is written already."""
    if len(href) > MAX_LINK or not href.isprintable() or any(letter.isspace() for letter in href):
        return None
    scheme, _, rest = href.partition(":")
    if scheme.lower() == "mailto":
        return f"mailto:{rest.partition('?')[0]}"
    host = rest.removeprefix("//").partition("/")[0].partition("?")[0].partition("#")[0]
    return href if scheme.lower() == "https" and rest.startswith("//") and host and not set(host) & set("@\\") else None


_CLEANER = nh3.Cleaner(
    tags=set(_ALLOWED),
    clean_content_tags=set(_SKIPPED - {"select", "object", "textarea"}),
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


def to_text(html: str) -> str:
    """The readable text of a page: links, lists, tables and paragraphs kept."""
    return Page(html).text


# ---------------------------------------------------------------- the page, line by line


@dataclass(frozen=True, slots=True)
class _Kind:
    """What an element of some tag and attributes does to the lines."""

    tag: str
    skipped: bool = False
    mark: Mark | None = None
    before: int = 0  # line ends asked for
    after: int = 0
    special: bool = False
    exact: bool = False  # its white space counts
    cited: bool = False
    list_mark: bool = False  # what stands inside is the mark of a list's item

    @property
    def ends(self) -> bool:
        """Whether something is to be done at its end."""
        return bool(self.after or self.exact or self.cited or self.list_mark or self.special or self.mark)


@dataclass(slots=True)
class _List:
    number: int  # of the last item; -1: without numbers
    style: str = ""  # a, A, i, I


class Page:
    """A page as lines. `lines` may hold MARKS; `text` doesn't.

    A page beyond the bounds of `too_much` is only stripped of its tags, and has no `rich`.
    """

    def __init__(self, html: str) -> None:
        self.stripped = too_much(html)
        self._writer = LineWriter()
        self._lists: list[_List] = []  # open ones
        self._rows: list[tuple[int, int]] = []  # for each open row: lines begun before it, cells so far
        self._exact = 0  # depth of elements whose white space counts
        self._mark: list[str] | None = None  # pieces of a list item's mark
        self._kinds: dict[object, _Kind] = {}
        self._tree: LexborHTMLParser | None = None
        if self.stripped:
            bare = " ".join(entities.unescape(_TAG.sub("\n", html[:MAX_LETTERS])).translate(_NO_MARKS).split())
            self._writer.lines.append(Line(bare))
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
        text = "\n".join(line.text for line in self._writer.lines if line.text not in MARKS)
        return (re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip("\n")

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
        """Depth first, without recursion. A pair on the stack is the end of an element."""
        todo: list[LexborNode | tuple[_Kind, str]] = [root]
        while todo:
            node = todo.pop()
            if isinstance(node, tuple):
                self._leave(*node)
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._text(node)
                continue
            if tag == "-comment":
                continue
            attributes = node.attributes
            kind = self._kind(tag, attributes)
            if kind.skipped:
                continue
            target = self._enter(kind, attributes, node)
            if kind.ends:
                todo.append((kind, target))
            child = node.last_child
            while child is not None:
                todo.append(child)
                child = child.prev

    def _kind(self, tag: str, attributes: Mapping[str, str | None]) -> _Kind:
        key = (tag, *attributes.items()) if attributes else tag
        kind = self._kinds.get(key)
        if kind is None:
            kind = _kind_of(tag, attributes)
            if len(self._kinds) < MAX_KINDS:
                self._kinds[key] = kind
        return kind

    def _text(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if "\x1f" in text or "\x1e" in text or "\x1d" in text:
            text = text.translate(_NO_MARKS)
        if self._mark is not None:
            self._mark.append(text)
            return
        if not self._exact:
            self._writer.write(text, node.mem_id)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self._writer.newline()
            if line:
                self._writer.write(line, node.mem_id, exact=True)

    def _enter(self, kind: _Kind, attributes: Mapping[str, str | None], node: LexborNode) -> str:
        """Begin an element; for a link, returns where it leads."""
        writer = self._writer
        if kind.mark:
            writer.mark(BREAK if kind.mark is Mark.QUOTATION else SIGNATURE)
        if kind.before:
            writer.gap(1 if self._lists else kind.before)
        if kind.exact:
            self._exact += 1
        if kind.list_mark:
            self._mark = []
        return self._enter_special(kind, attributes, node) if kind.special else ""

    def _enter_special(self, kind: _Kind, attributes: Mapping[str, str | None], node: LexborNode) -> str:
        tag, writer = kind.tag, self._writer
        if tag == "br":
            writer.newline()
        elif tag == "a":
            return _target(attributes.get("href") or "", node)
        elif tag == "img":
            _picture(writer, attributes.get("alt") or "")
        elif tag in ("ul", "ol"):
            numbered = tag == "ol"
            self._lists.append(
                _List(_number(attributes.get("start"), 1) - 1 if numbered else -1, attributes.get("type") or "")
            )
        elif tag == "li":
            self._item(attributes.get("value"))
        elif tag == "tr":
            self._rows.append((writer.begun, 0))
        elif tag in ("td", "th"):
            self._cell()
        elif kind.cited:
            writer.flush()
            writer.depth += 1
        return ""

    def _leave(self, kind: _Kind, target: str) -> None:
        writer = self._writer
        if target:
            writer.write(f" <{target}>")
        if kind.cited:
            if writer.busy:
                writer.flush()
            writer.depth -= 1
        elif kind.tag in ("ul", "ol"):
            self._lists.pop()
        elif kind.tag == "tr":
            self._rows.pop()
            writer.join = False
        if kind.exact:
            self._exact -= 1
        if kind.list_mark and self._mark is not None:
            mark, self._mark = "".join("".join(self._mark).split()), None
            writer.write("- " if mark in _BULLETS else f"{mark} ")
        if kind.after:
            writer.gap(1 if self._lists and kind.after > 1 else kind.after)
        if kind.mark is Mark.SIGNATURE:
            writer.mark(SIGNATURE_END)

    def _item(self, value: str | None) -> None:
        indent = "  " * (min(len(self._lists), 8) - 1)
        if not self._lists or self._lists[-1].number < 0:
            self._writer.lead = f"{indent}- "
            return
        current = self._lists[-1]
        current.number = _number(value, current.number + 1)
        self._writer.lead = f"{indent}{_numeral(current.number, current.style)}. "

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


def _kind_of(tag: str, attributes: Mapping[str, str | None]) -> _Kind:
    if tag in _SKIPPED or hidden(attributes):
        return _Kind(tag, skipped=True)
    before = after = 0
    if tag in _BLOCKS:
        tight = tag == "p" and (attributes.get("class") or "").startswith(_TIGHT)
        before = 2 if tag in _PARAGRAPHS and not tight else 1
        after = 2 if tag in _PARAGRAPHS and tag != "p" else 1
    return _Kind(
        tag=tag,
        mark=mark_of(tag, attributes),
        before=before,
        after=after,
        special=tag in _SPECIAL,
        exact=tag == "pre" or preformatted(attributes),
        cited=tag == "blockquote" and cited(attributes),
        list_mark=list_mark(attributes),
    )


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 6 else otherwise  # noqa: PLR2004


def _numeral(number: int, style: str) -> str:
    """As the page numbers its items: 3, c, C, iii, III."""
    if style in ("a", "A") and 0 < number <= 26:  # noqa: PLR2004
        return chr(ord(style) + number - 1)
    if style in ("i", "I") and 0 < number <= len(ROMAN):
        return ROMAN[number - 1] if style == "i" else ROMAN[number - 1].upper()
    return str(number)


def _picture(writer: LineWriter, alt: str) -> None:
    """Only pictures that stand for letters: clients send emoji that way."""
    if alt and len(alt) <= 16 and not any(letter.isalnum() for letter in alt):  # noqa: PLR2004
        writer.write(alt.translate(_NO_MARKS))


def _target(href: str, node: LexborNode) -> str:
    """Where a link leads, unless its text says so already."""
    href = "".join(href.split())
    if not href.lower().startswith(("http://", "https://", "mailto:")) or len(href) > MAX_LINK:
        return ""
    bare = href.partition(":")[2].removeprefix("//").rstrip("/")
    shown = single_spaced(node.text() or "").strip()
    return "" if not shown or bare.removeprefix("www.").lower() in shown.lower() else href


def _prune(body: LexborNode, keep: set[int]) -> None:
    """Take out all text that isn't kept, then what has become empty, and breaks at either end."""
    nodes = list(body.traverse(include_text=True))
    texts = [number for number, node in enumerate(nodes) if node.mem_id in keep]
    first, last = (texts[0], texts[-1]) if texts else (len(nodes), -1)
    for number in range(len(nodes) - 1, 0, -1):  # children come after their parents
        node = nodes[number]
        tag = node.tag
        if tag == "-text":
            gone = node.mem_id not in keep and bool((node.text_content or "").strip())
        elif tag in ("br", "hr", "img", "td", "th"):
            gone = tag not in ("td", "th") and not first < number < last
        else:
            gone = node.first_child is None or (tag == "tr" and not (node.text() or "").strip())
        if gone:
            node.decompose()
