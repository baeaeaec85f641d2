"""Octets to text, whatever their label says. Nothing here raises: what had to be guessed is said in a defect."""

# ruff: noqa: SIM905  a table of words reads best as running text

from __future__ import annotations

import codecs
import re

# The charsets that mail may name, as Python calls them. An allow-list: codecs such as punycode or idna are
# quadratic, and unicode_escape is no charset at all.
_KNOWN = frozenset(
    "ascii utf-8 utf-8-sig utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be "
    "iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 "
    "iso8859-13 iso8859-14 iso8859-15 iso8859-16 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874 "
    "koi8-r koi8-u koi8-t kz1048 ptcp154 mac-roman mac-cyrillic mac-greek mac-latin2 mac-turkish tis-620 hp-roman8 "
    "gb2312 gbk gb18030 hz big5 big5hkscs cp950 shift_jis cp932 shift_jis_2004 shift_jisx0213 euc_jp euc_jis_2004 "
    "euc_jisx0213 iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr euc_kr "
    "cp949 johab".split()
)
# Labels that Python doesn't know.
_ALIASES = {
    "cp-850": "cp850",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "ks_c_5601-1987": "cp949",
    "macintosh": "mac-roman",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "x-big5": "big5",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gbk",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "x-windows-949": "cp949",
}
# What senders mean when they name the left one: the same characters and more.
_WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-8-sig": "utf-8",
}
_STATEFUL = ("iso2022", "hz", "utf-7", "utf-16", "utf-32")  # their octets may look like ASCII
_DOUBLE_BYTE = frozenset({"gb18030", "big5hkscs", "cp950", "cp932", "cp949", "euc_jp", "johab"})
_PROOF = 4  # letters beyond ASCII that prove UTF-8 against a charset of two octets a letter
_GUESS_OCTETS = 10_000  # as many are looked at to guess a charset
_SPACE = 0x20
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SECOND_BLOCK = {chr(code): bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
# Octets that the standard parser and `surrogateescape` keep as they are, as the letters that they mostly stand for.
_STRAY = {0xDC00 + code: bytes((code,)).decode("cp1252", "ignore") or " " for code in range(0x80, 0x100)}
_STRAYS = re.compile(r"[\udc80-\udcff]")
_MARKS = (  # byte order marks; the longer ones first
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_JIS = re.compile(rb"(\x1b(?:\$[@B]|\([BJI]|\$\(D))")


def decode(octets: bytes, label: str = "", hint: str = "", *, guess: bool = True) -> tuple[str, str]:
    """The text, and the defect: "" when the octets are what the label says. Line ends become line feeds.

    `hint` is a charset named elsewhere in the mail, for octets that name none that fits. Without `guess` they are not
    looked at for want of it: that takes a millisecond, and a mail may have thousands of them.
    """
    codec = codec_of(label)
    if octets.isascii() and b"\x00" not in octets and not codec.startswith(_STATEFUL) and b"\x1b$" not in octets:
        defect = "unknown charset label" if label and not codec else ""
        return clean(octets.decode("ascii")), defect
    for reading in (_as_marked, _as_utf8, _as_labelled, _as_japanese, _nearly_labelled):
        found = reading(octets, codec)
        if found is not None:
            text, defect = found
            return clean(text), defect
    return _guessed(octets, codec, codec_of(hint), guess=guess)


def clean(text: str) -> str:
    """Text that every database and pipe takes: no control characters but tab and line feed, no lone surrogates.

    Controls of the second block stand for the characters of Windows-1252, as in browsers.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return _UNWANTED.sub(_instead, text)


def octets_of(text: str) -> bytes:
    """The octets of a string that the standard parser read as ASCII with surrogate escapes."""
    return text.encode("utf-8", "surrogateescape")


def _instead(found: re.Match[str]) -> str:
    letter = found.group()
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else _SECOND_BLOCK.get(letter, "")


def codec_of(label: str) -> str:
    """Python's name of a charset label, the wider one; "" when it is none that mail may name."""
    label = label.strip().strip("\"'").lower()[:60]
    if not label.isascii() or "\x00" in label:
        return ""
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(name, name) if name in _KNOWN else ""


_Reading = tuple[str, str] | None


def _as_marked(octets: bytes, codec: str) -> _Reading:
    """Text of two or four octets a letter: by its byte order mark, by its label, or by its many NULs."""
    for mark, name in _MARKS:
        if octets.startswith(mark):
            text = _strictly(octets[len(mark) :], name)
            if text is not None:
                return text, "" if codec.startswith(name[:6]) else f"{name} text was labelled {_said(codec)}"
    if b"\x00" not in octets and not codec.startswith(("utf-16", "utf-32")):
        return None
    sample = octets[:_GUESS_OCTETS]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    wide = codec.startswith(("utf-16", "utf-32"))
    if not even and not odd and (b" " in sample or b"\n" in sample):  # one octet a letter, whatever the label says
        text = _strictly(octets, "utf-8")
        return None if text is None else (text, f"UTF-8 text was labelled {_said(codec)}")
    if not wide and max(even, odd) * 4 < len(sample):
        return None
    name = codec if codec.endswith("e") and wide else "utf-16-le" if odd > even else "utf-16-be"
    name = name if codec != "utf-32" else "utf-32-be"
    text = _strictly(octets[: len(octets) & ~1], name)
    return None if text is None else (text, "" if wide else f"{name} text was labelled {_said(codec)}")


def _as_utf8(octets: bytes, codec: str) -> _Reading:
    """UTF-8 proves itself: other charsets hardly ever look like it. Two octets a letter may, in short texts."""
    if octets.isascii():
        return None
    text = _strictly(octets, "utf-8")
    if text is None:
        return _mostly_utf8(octets, codec)
    if codec == "utf-8":
        return text, ""
    foreign = sum(not letter.isascii() for letter in text[:1000])
    if codec in _DOUBLE_BYTE and foreign < _PROOF and _strictly(octets, codec) is not None:
        return None
    if codec.startswith(_STATEFUL) and _strictly(octets, codec) is not None:
        return None
    return text, f"UTF-8 text was labelled {_said(codec)}"


def _mostly_utf8(octets: bytes, codec: str) -> _Reading:
    """UTF-8 with a few strange octets: cut in the middle of a letter, or with a passage in another charset."""
    text = octets.decode("utf-8", "surrogateescape")
    stray = len(_STRAYS.findall(text))
    letters = len(text) - len(text.encode("ascii", "ignore")) - stray
    if letters < 4 * stray:
        return None
    named = codec not in ("", "ascii", "utf-8") and _strictly(octets, codec) is not None
    if named and (codec in _DOUBLE_BYTE or codec.startswith(_STATEFUL) or letters < max(8 * stray, 2 * _PROOF)):
        return None
    whole = text.rstrip("".join(map(chr, range(0xDC80, 0xDD00))))
    if stray == len(text) - len(whole) and len(octets) - len(whole.encode()) < 4:  # noqa: PLR2004
        return whole, "UTF-8 text is cut in the middle of a letter"
    return text.translate(_STRAY), "UTF-8 text with octets that are none"


def _as_labelled(octets: bytes, codec: str) -> _Reading:
    if codec in ("", "ascii"):
        return None
    text = _strictly(octets, codec)
    return None if text is None else (text, "")


def _nearly_labelled(octets: bytes, codec: str) -> _Reading:
    """What the label says, but for an octet here and there."""
    if codec not in _DOUBLE_BYTE and not codec.startswith("iso8859"):
        return None
    text = octets.decode(codec, "replace")
    wrong, foreign = text.count("\ufffd"), len(text) - len(text.encode("ascii", "ignore"))
    return (text, f"octets outside the charset {codec}") if wrong * 20 <= foreign else None


def _said(codec: str) -> str:
    return codec or "without a charset"


def _as_japanese(octets: bytes, codec: str) -> _Reading:
    """ISO-2022-JP as mail clients write it: with the characters of vendors, and without a label."""
    if b"\x1b$" not in octets and not (codec.startswith("iso2022_jp") and b"\x1b" in octets):
        return None
    for name in ("iso2022_jp_2", "iso2022_jp_ext"):
        text = _strictly(octets, name)
        if text is not None:
            return text, "" if codec.startswith("iso2022_jp") else "Japanese text without a charset label"
    pieces = _JIS.split(octets)
    runs = zip(pieces[1::2], pieces[2::2], strict=True)
    texts = [pieces[0].decode("cp932", "replace"), *(_run(*run) for run in runs)]
    return "".join(texts), "Japanese text beyond its charset"


def _run(escape: bytes, run: bytes) -> str:
    if escape in (b"\x1b$@", b"\x1b$B"):
        return _high(run).decode("euc_jis_2004", "replace")
    return (_high(run) if escape == b"\x1b(I" else run).decode("cp932", "replace")


def _high(run: bytes) -> bytes:
    return bytes(octet | 0x80 if octet > _SPACE else octet for octet in run)


def _guessed(octets: bytes, codec: str, hint: str, *, guess: bool) -> tuple[str, str]:
    """By the hint, by the look of the octets, by the label: the first that reads all, else what reads most."""
    names = [name for name in (hint, likely(octets) if guess else "", codec) if name not in ("", "ascii")]
    for name in (*names, "cp1252"):
        text = _strictly(octets, name)
        if text is not None:
            return clean(text), f"the charset was guessed: {name}"
    readings = [(octets.decode(name, "replace"), name) for name in (*names, "iso8859-1")]
    text, name = min(readings, key=lambda reading: reading[0].count("\ufffd"))
    return clean(text), f"octets outside the charset {name}"


def likely(octets: bytes) -> str:
    """The charset by the look of the octets, or "" when nothing can be told."""
    import chardet  # heavy, and seldom needed

    return codec_of(str(chardet.detect(octets[:_GUESS_OCTETS])["encoding"] or ""))


def reads_as_utf8(octets: bytes) -> bool:
    return _strictly(octets, "utf-8") is not None


def _strictly(octets: bytes, codec: str) -> str | None:
    try:
        return octets.decode(codec)
    except (UnicodeError, LookupError):
        return None
