"""RTF to text, or to the HTML that Outlook wrapped in it (MS-OXRTFEX, MS-OXRTFCP). Linear, and nothing raises."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from mailflow.mail.charsets import clean, codec_of

MAX_OCTETS = 4_000_000  # unpacked
MAX_GROUPS = 1_000  # open at once
_HEAD = struct.Struct("<II4sI")
_WINDOW = 4096
_REFERENCE = struct.Struct(">H")
# What the compressor's window holds at first: part of the format.
_FIRST = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolAri"
    rb"alTimes New RomanCourier{\colortbl\red0\green0\blue0" b"\r\n" rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)  # fmt: skip
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_SKIPPED = frozenset(
    {
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "header", "headerl", "headerr", "headerf",
        "footer", "footerl", "footerr", "footerf", "themedata", "colorschememapping", "datastore", "latentstyles",
        "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "fldinst", "mhtmltag", "nonshppict", "filetbl",
    }
)  # fmt: skip
_LETTERS = {
    "tab": "\t", "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019",
    "ldblquote": "\u201c", "rdblquote": "\u201d", "line": "\n", "par": "\n", "sect": "\n\n", "page": "\n\n", "row": "\n",
    "cell": "\t", "emspace": "\u2003", "enspace": "\u2002", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n"}
_PLAIN_SIGNS = (b"\\", b"{", b"}")
_CHARSETS = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip


def decompressed(octets: bytes) -> bytes:
    """The RTF in a compressed body, MAX_OCTETS at most; as far as it goes when it is damaged."""
    if len(octets) < _HEAD.size:
        return b""
    _, size, kind, _ = _HEAD.unpack_from(octets)
    if kind == b"MELA":
        return octets[_HEAD.size : _HEAD.size + min(size, MAX_OCTETS)]
    return _expanded(octets) if kind == b"LZFu" else b""


def _expanded(octets: bytes) -> bytes:
    out = bytearray(b" " * _WINDOW + _FIRST)  # the window is what was written last
    begun, position = len(out), _HEAD.size
    while position < len(octets) and len(out) < MAX_OCTETS:
        control = octets[position]
        position += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += octets[position : position + 1]
                position += 1
                continue
            if position + _REFERENCE.size > len(octets):
                return bytes(out[begun:])
            (reference,) = _REFERENCE.unpack_from(octets, position)
            position += _REFERENCE.size
            back = (len(out) - (reference >> 4)) % _WINDOW
            if not back:
                return bytes(out[begun:])
            wanted = (reference & 15) + 2
            piece = out[len(out) - back : len(out) - back + wanted]
            out += (piece * (wanted // len(piece) + 1))[:wanted]
    return bytes(out[begun:])


def read(octets: bytes) -> tuple[str, str]:
    """(text, HTML): the second alone where the RTF was made from HTML; both empty when it is no RTF."""
    if octets.lstrip()[:5].lower() != rb"{\rtf":
        return "", ""
    reader = _Reader()
    reader.read(octets[:MAX_OCTETS])
    text = clean(reader.text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    return ("", text) if reader.from_html else (text.strip("\n"), "")


@dataclass(slots=True)
class _State:
    """What a group inherits and its end takes back."""

    skipped: bool = False
    fonts: bool = False  # inside the table of fonts
    codec: str = "cp1252"
    instead: int = 1  # letters that stand behind a \u for old readers


@dataclass(slots=True)
class _Reader:
    from_html: bool = False
    _pieces: list[str] = field(default_factory=list)
    _pending: bytearray = field(default_factory=bytearray)  # octets of one character set
    _state: _State = field(default_factory=_State)
    _groups: list[_State] = field(default_factory=list)
    _codecs: dict[int, str] = field(default_factory=dict)  # by number of the font
    _default: str = "cp1252"
    _font: int = 0  # the font that the table speaks of
    _hidden: bool = False  # what stands there only for readers that know no HTML
    _starred: bool = False  # \* was read: the next word begins something that may be skipped
    _left_out: int = 0  # letters that are still to be left out behind a \u

    @property
    def text(self) -> str:
        self._flush()
        return "".join(self._pieces)

    def read(self, octets: bytes) -> None:
        position = 0
        while found := _TOKEN.match(octets, position):
            position = found.end()
            word, number, code, sign, brace, run = found.groups()
            if word:
                value = int(number) if number else None
                if word == b"bin" and value and value > 0:
                    position += value
                else:
                    self._word(word.decode("ascii").lower(), value)
            elif brace:
                self._brace(brace)
                if not self._groups:
                    return  # what stands behind the end is no text
            elif code:
                self._octets(bytes((int(code, 16),)))
            elif run:
                self._octets(run)
            elif sign:
                self._sign(sign)

    def _brace(self, brace: bytes) -> None:
        self._left_out, self._starred = 0, False
        if brace == b"{":
            if len(self._groups) < MAX_GROUPS:
                state = self._state
                self._groups.append(state)
                self._state = _State(state.skipped, state.fonts, state.codec, state.instead)
        elif self._groups:
            self._flush()
            self._state = self._groups.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in _PLAIN_SIGNS:
            self._octets(sign)
        elif sign in _SIGNS:
            self._write(_SIGNS[sign])

    def _word(self, word: str, value: int | None) -> None:
        starred, self._starred = self._starred, False
        if word == "htmltag":
            self._state.skipped = False
        elif word == "fonttbl":
            self._state.fonts = self._state.skipped = True
        elif word in _SKIPPED or starred:
            self._state.skipped = True
        elif word == "fromhtml":
            self.from_html = value != 0
        elif word == "htmlrtf":
            self._hidden = value != 0
        elif word in _LETTERS:
            self._write(_LETTERS[word])
        elif value is not None:
            self._numbered(word, value)
        elif word == "plain":
            self._use(self._default)

    def _numbered(self, word: str, value: int) -> None:
        if word == "u":
            self._write(chr(value & 0xFFFF))
            self._left_out = self._state.instead
        elif word == "uc":
            self._state.instead = min(max(value, 0), 10)
        elif word == "ansicpg":
            self._default = codec_of("utf-8" if value == 65001 else f"cp{value}") or "cp1252"  # noqa: PLR2004
            self._use(self._default)
        elif word == "f" and self._state.fonts:
            self._font = value
        elif word == "fcharset":
            self._codecs[self._font] = _CHARSETS.get(value, self._default)
        elif word == "f":
            self._use(self._codecs.get(value, self._default))

    def _use(self, codec: str) -> None:
        if codec != self._state.codec:
            self._flush()
            self._state.codec = codec

    def _octets(self, octets: bytes) -> None:
        if self._state.skipped or self._hidden:
            return
        out = min(self._left_out, len(octets))
        self._left_out -= out
        self._pending += octets[out:]

    def _write(self, text: str) -> None:
        if not self._state.skipped and not self._hidden:
            self._flush()
            self._pieces.append(text)

    def _flush(self) -> None:
        if self._pending:
            self._pieces.append(_decoded(bytes(self._pending), self._state.codec))
            self._pending.clear()


def _decoded(octets: bytes, codec: str) -> str:
    try:
        return octets.decode(codec)
    except UnicodeError:
        return octets.decode("cp1252" if codec == "utf-8" else codec, "replace")
