# ruff: noqa: SIM905  a table of words reads best as running text
"""Whether a page can be read in bounded time. Parsers of HTML are quadratic in several things that nobody needs.

In depth, in the attributes of one element, in the options of one list; and an emphasis that isn't closed is made anew in
every paragraph after it. The scan below takes each of these for at least as large as a parser would: what is hidden from
it in attributes, comments or scripts, or closed out of order, counts as open.
"""

from __future__ import annotations

import re

MAX_LETTERS = 10_000_000
MAX_TAGS = 200_000
MAX_DEPTH = 1_000
FEW_TAGS = 1_000  # with so few, all else is harmless
SMALL_LETTERS = 50_000
MAX_OPTIONS = 1_000
MAX_REPEATED = 500_000  # elements that open emphasis makes anew
MAX_ATTRIBUTE_WORK = 200_000_000  # the sum of the squares of attributes an element
USUAL_ATTRIBUTES = 400  # letters, quoted values apart

_BEGIN = re.compile(r"<(!--|!\[CDATA\[|[!?]|/?[a-zA-Z][^ \t\n\r\f/>]*+|/)")
# As the standard reads them: a quote opens a value only after "=".
_ATTRIBUTES = re.compile(
    r"""(?:[ \t\n\r\f/]++|[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:"[^"]*+"|'[^']*+'|[^ \t\n\r\f>"'][^ \t\n\r\f>]*+)?+)?+)*+"""
)
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_COMMENT_END = re.compile(r"--!?>")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_ROOTS = frozenset({"html", "head", "body"})
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_FOREIGN = frozenset({"svg", "math"})
_EMPHASIS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Elements that need no end: each ends those named when they are the last open ones.
_ENDS: dict[str, tuple[str, ...]] = {
    "p": ("p",),
    "li": ("p", "li"),
    "dt": ("p", "dt", "dd"),
    "dd": ("p", "dt", "dd"),
    "option": ("option",),
    "td": ("p", "td", "th"),
    "th": ("p", "td", "th"),
    "tr": ("p", "td", "th", "tr"),
    "tbody": ("p", "td", "th", "tr", "tbody", "thead", "tfoot"),
    "thead": ("p", "td", "th", "tr", "tbody", "thead", "tfoot"),
    "tfoot": ("p", "td", "th", "tr", "tbody", "thead", "tfoot"),
}
_IN_TEXT = ("p", "li", "dt", "dd")
_CELLS = frozenset("td th tr tbody thead tfoot caption colgroup".split())
_IMPLIED = frozenset({*_ENDS, "optgroup"})
_BLOCKS = _IMPLIED | frozenset(
    "address article aside blockquote center details dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header main menu nav ol pre section summary table ul".split()
)


def too_much(html: str) -> bool:
    """Whether a page is beyond what can be read in bounded time. Linear, and cheap for usual pages."""
    tags = html.count("<")
    if len(html) > MAX_LETTERS or tags > MAX_TAGS:
        return True
    return (tags > FEW_TAGS or len(html) > SMALL_LETTERS) and _Scan(html).beyond()


def depth(html: str) -> int:
    """How deep a page nests, by the measure of `too_much`: never less than a third of what a parser makes of it."""
    scan = _Scan(html)
    scan.beyond(at_most=len(html))
    return scan.deepest


class _Scan:
    def __init__(self, html: str) -> None:
        self.html = html
        self.open: list[str] = []  # elements that count as open
        self.emphasis = 0  # of these
        self.tables = 0
        self.options = 0
        self.repeated = 0
        self.work = 0
        self.foreign = False
        self.deepest = 0
        self.deaf = 0  # up to here an end counts for nothing: a parser may take it for text

    def beyond(self, at_most: int = MAX_DEPTH) -> bool:
        position = 0
        while found := _BEGIN.search(self.html, position):
            position = self._step(found[1], found.end())
            self.deepest = max(self.deepest, len(self.open))
            if (
                self.deepest > at_most
                or self.options > MAX_OPTIONS
                or self.repeated > MAX_REPEATED
                or self.work > MAX_ATTRIBUTE_WORK
            ):
                return True
        return False

    def _step(self, begun: str, position: int) -> int:
        """Read what begins so; returns where to go on."""
        if not begun.lstrip("/")[:1].isalpha() and position < self.deaf:
            return position  # a parser may take a comment for text, too
        if begun == "!--":
            end = _COMMENT_END.search(self.html, position - 2)
            return end.end() if end else len(self.html)
        if begun == "![CDATA[":
            self._ignore_ends_until(self.html.find("]]>", position))
            return position
        if begun in ("!", "?", "/"):
            end_of_comment = self.html.find(">", position)
            return end_of_comment + 1 if end_of_comment >= 0 else len(self.html)
        attributes = _ATTRIBUTES.match(self.html, position)
        end_of_tag = attributes.end() if attributes else position
        if end_of_tag - position > USUAL_ATTRIBUTES:
            self.work += (len(_QUOTED.sub("", self.html[position:end_of_tag])) // 2) ** 2
        name = begun[:20].lower()
        if name.startswith("/"):
            if position > self.deaf:
                self._end(name[1:])
        else:
            self._begin(name, end_of_tag)
        return end_of_tag

    def _ignore_ends_until(self, position: int) -> None:
        self.deaf = max(self.deaf, position if position >= 0 else len(self.html))

    def _begin(self, name: str, position: int) -> None:
        if name in _FOREIGN:
            self.foreign = True
        if name in _ROOTS or (not self.foreign and (name in _VOID or (name in _CELLS and not self.tables))):
            return
        self.options += name == "option"
        if not self.foreign or name in _IN_TEXT:
            for ended in _ENDS.get(name, ()):
                if self.open and self.open[-1] == ended:
                    self._pop()
        self.open.append(name)
        self.tables += name == "table"
        if name in _EMPHASIS:
            self.emphasis += 1
        else:
            self.repeated += self.emphasis
        if name in _RAW and position >= self.deaf:
            self._ignore_ends_until(self._end_of_raw(name, position))

    def _end_of_raw(self, name: str, position: int) -> int:
        end = re.compile(rf"</{name}[ \t\n\r\f/>]", re.IGNORECASE).search(self.html, position)
        return end.start() if end else -1

    def _end(self, name: str) -> None:
        """Close the last open element, and before it those that need no end of their own."""
        last = len(self.open) - 1
        if name in _BLOCKS:
            while last >= 0 and self.open[last] != name and self.open[last] in _IMPLIED:
                last -= 1
        if last >= 0 and self.open[last] == name:
            while len(self.open) > last:
                self._pop()

    def _pop(self) -> None:
        name = self.open.pop()
        self.emphasis -= name in _EMPHASIS
        self.tables -= name == "table"
