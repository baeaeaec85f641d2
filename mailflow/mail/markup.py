"""From what a template rendered to the two bodies of a mail.

Only what stands literally in a template can be markup. Whatever an expression puts out (a name, a subject, a
passage) is fenced when it is put out, and both bodies treat what is inside a fence as data: it is never a heading,
a list, a link or a tag. The fences are control characters, which `clean` has removed from all data before. What we
made ourselves (a chart) has a mark of its own inside its fence, which therefore no data can bear.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from mailflow.core.effects import Passage

_OPEN, _CLOSE, _RICH, _BREAK = "\x02", "\x03", "\x1f", "\x1e"  # _BREAK: a line break inside a fence
_OURS = "\x1d"  # before rich words: no passage of a person
_BR = "<br>\n"
_LINK = re.compile(r"https://[^\s<>\"\x02\x03]+")

# Controls, bidi embeddings, overrides and isolates, and halves of surrogate pairs, which no charset can carry.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TRAILING = re.compile(r"(?<! ) +\n")  # tried once a run of blanks: linear
_BLANKS = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """The text without anything that could act on the mail around it; its lines end with LF alone."""
    if text.replace("\n", "").isprintable():  # nearly all text: no need to look closer
        return text
    return _FORBIDDEN.sub("", _BREAKS.sub("\n", text))


def clean_line(text: str) -> str:
    """The same, on one line, with single spaces."""
    return " ".join(clean(text).split())


def fence(text: str) -> str:
    """Clean text on one line, as data."""
    return f"{_OPEN}{text}{_CLOSE}"


def fence_passage(passage: Passage) -> str:
    """A person's clean words, as data; they must stand alone on their line."""
    text, rich = (part.strip("\n").replace("\n", _BREAK) for part in (passage.text, passage.rich))
    return f"{_OPEN}{text}{_RICH}{rich}{_CLOSE}"


def fence_ours(text: str, rich: str) -> str:
    """What we made ourselves, for either body; it must stand alone on its line, as a passage must."""
    return fence_passage(Passage(text, f"{_OURS}{rich}"))


def fenced(text: str) -> bool:
    return _OPEN in text


def tidy(rendered: str) -> str:
    """At most one blank line between paragraphs: conditions in templates leave more."""
    if " \n" in rendered:
        rendered = _TRAILING.sub("\n", rendered)
    return _BLANKS.sub("\n\n", rendered).strip()


def to_line(rendered: str) -> str:
    """A subject: what was rendered, without its fences, on one line. ValueError when a passage stands in it."""
    if _RICH in rendered:
        raise ValueError("a passage cannot stand in a subject")
    return clean_line(to_text(rendered))


def to_text(rendered: str) -> str:
    if _RICH not in rendered:
        return rendered.replace(_OPEN, "").replace(_CLOSE, "")
    return "".join(literal + data.partition(_RICH)[0].replace(_BREAK, "\n") for literal, data in _pieces(rendered))


def to_html(rendered: str) -> str:
    """Paragraphs, "- " lists, rules ("---"), bare https links; passages as what they are."""
    blocks: list[str] = []
    for paragraph in rendered.split("\n\n"):
        blocks.extend(_blocks(paragraph.split("\n")))
    return "\n".join(blocks)


def escaped(text: str) -> str:
    """A person's plain words as paragraphs; no line of theirs is lost or joined."""
    paragraphs = html.escape(_BLANKS.sub("\n\n", text.strip("\n"))).split("\n\n")
    return "\n".join(f"<p>{paragraph.replace(chr(10), _BR)}</p>" for paragraph in paragraphs)


def _blocks(lines: list[str]) -> list[str]:
    """One run of lines without a blank one between them, as HTML blocks."""
    blocks: list[tuple[str, list[str]]] = []
    for line in lines:
        kind = _kind(line)
        if kind in ("p", "ul") and blocks and blocks[-1][0] == kind:
            blocks[-1][1].append(line)
        else:
            blocks.append((kind, [line]))
    return [_block(kind, held) for kind, held in blocks]


def _kind(line: str) -> str:
    if _RICH in line:
        if line.startswith(_OPEN) and line.find(_CLOSE) == len(line) - 1:
            return "passage"
        raise ValueError("a passage must stand alone on its line")
    if line.startswith("- "):
        return "ul"
    return "hr" if line.startswith("---") and not line.strip("-") else "p"


def _block(kind: str, lines: list[str]) -> str:
    if kind == "passage":
        return _passage(lines[0])
    if kind == "hr":
        return "<hr>"
    if kind == "ul":
        return "<ul>\n" + "\n".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "\n</ul>"
    return f"<p>{_BR.join(map(_inline, lines))}</p>"


def _passage(line: str) -> str:
    text, rich = (part.replace(_BREAK, "\n") for part in line[1:-1].split(_RICH))
    if rich.startswith(_OURS):
        return rich.removeprefix(_OURS)
    return f'<div class="passage" dir="auto">\n{rich or escaped(text)}\n</div>'


def _inline(line: str) -> str:
    """One line of a template: literal text may hold links, fenced text may not."""
    return "".join(_linked(literal) + html.escape(data) for literal, data in _pieces(line))


def _pieces(rendered: str) -> Iterator[tuple[str, str]]:
    """What stands literally, and what is fenced after it, by turns."""
    literal = ""
    for part in rendered.split(_OPEN):
        data, fence_, after = part.partition(_CLOSE)
        if fence_:
            yield literal, data
            literal = after
        else:
            literal = part
    yield literal, ""


def _linked(text: str) -> str:
    if "https://" not in text:
        return html.escape(text)
    pieces, end = [], 0
    for found in _LINK.finditer(text):
        link = found.group().rstrip(".,;:!?)]}'»”。、，")
        pieces += [html.escape(text[end : found.start()]), f'<a href="{html.escape(link)}">{html.escape(link)}</a>']
        end = found.start() + len(link)
    return "".join([*pieces, html.escape(text[end:])])
