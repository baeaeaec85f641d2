"""What Outlook packs into winmail.dat (MS-OXTNEF): its files, and the text where the mail has none.

Lengths in it are claims: each is held against the octets that are there, so reading is linear whatever they say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailflow.mail import rtf
from mailflow.mail.charsets import clean, decode

MAX_FILES = 200
MAX_DEPTH = 5  # packed mails in packed mails
MAX_TEXT = 2_000_000  # octets of a text or page
SIGNATURE = b"\x78\x9f\x3e\x22"
_ATTRIBUTE = struct.Struct("<BHHI")  # level, id, type, octets
_LONG = struct.Struct("<I")
_PROPERTY = struct.Struct("<HH")  # type, id
_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _PROPERTIES, _CODEPAGE = 0x800C, 0x9003, 0x9007
_PLAIN, _RTF, _HTML, _TEXT_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_DATA, _NAME, _LONG_NAME, _TYPE, _CID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
_TOLD = (_NAME, _LONG_NAME, _TYPE, _CID)
_OBJECT, _STRING, _UNICODE, _BINARY, _SEVERAL = 0x000D, 0x001E, 0x001F, 0x0102, 0x1000
_SIZES = (
    {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4} | dict.fromkeys((5, 6, 7, 0x0014, 0x0040), 8) | {0x48: 16}
)
_NAMED = 0x8000  # properties from here on carry their name
_IID = 16  # octets before a packed object
_CODEPAGES = {
    1200: "utf-16-le", 20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp",
    50222: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 52936: "hz", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
} | {28590 + part: f"iso-8859-{part}" for part in range(1, 17)}  # fmt: skip


@dataclass(slots=True)
class File:
    name: str = ""
    type: str = "application/octet-stream"
    content: bytes = field(default=b"", repr=False)
    cid: str = ""


@dataclass(slots=True)
class Package:
    plain: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)
    codepage: str = "cp1252"
    body: tuple[memoryview, int, str] | None = None  # octets, type of property, charset: decoded at the end
    page: tuple[memoryview, int, str] | None = None
    current: File | None = None  # whose attributes are being read

    def __bool__(self) -> bool:
        return bool(self.files or self.plain.strip() or self.html.strip())


def unpacked(octets: bytes, defects: list[str], depth: int = 0) -> Package:
    """The package; a defect when it can't be read to its end. Nothing raises."""
    package = Package()
    if not octets.startswith(SIGNATURE):
        defects.append("a winmail.dat that is none")
        return package
    data = memoryview(octets)
    position = len(SIGNATURE) + 2
    rich = b""
    while position + _ATTRIBUTE.size <= len(data):
        _, name, _, size = _ATTRIBUTE.unpack_from(data, position)
        position += _ATTRIBUTE.size
        value = data[position : position + size]
        if len(value) < size:
            defects.append("a winmail.dat that is cut short")
        position += size + 2  # and a checksum
        if name in (_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES):
            _file_attribute(package, name, value, defects, depth)
        elif name == _CODEPAGE and size >= _LONG.size <= len(value):
            package.codepage = _codepage(_LONG.unpack_from(value)[0])
        elif name == _BODY:
            package.body = (value[:MAX_TEXT], _STRING, package.codepage)
        elif name == _PROPERTIES:
            rich = _message_properties(package, value, defects) or rich
    if position > len(data) or bytes(data[position:]).strip(b"\x00\r\n "):
        defects.append("a winmail.dat that is cut short")
    package.plain = _text(*package.body) if package.body else ""
    package.html = _text(*package.page) if package.page else ""
    if rich and not package.html.strip():
        plain, package.html = rtf.read(rtf.decompressed(rich))
        package.plain = package.plain if package.plain.strip() else plain
    return package


def _file_attribute(package: Package, name: int, value: memoryview, defects: list[str], depth: int) -> None:
    if name == _FILE_BEGINS or package.current is None:
        if len(package.files) >= MAX_FILES:
            defects.append("a winmail.dat with too many files")
            return
        package.current = File()
        package.files.append(package.current)
    file = package.current
    if name == _FILE_TITLE:
        file.name = file.name or _string(bytes(value[:1_000]), package.codepage)
    elif name == _FILE_DATA:
        file.content = bytes(value)
    elif name == _FILE_PROPERTIES:
        _file_properties(package, file, value, defects, depth)


def _file_properties(package: Package, file: File, value: memoryview, defects: list[str], depth: int) -> None:
    found = {name: (kind, raw) for name, kind, raw in _properties(value, defects)}
    told = {name: _text(raw[:1_000], kind, package.codepage) for name, (kind, raw) in found.items() if name in _TOLD}
    file.name = told.get(_LONG_NAME) or file.name or told.get(_NAME, "")
    said = told.get(_TYPE, "").partition(";")[0].strip().lower()
    file.type = said if said.isascii() and said.count("/") == 1 and " " not in said else file.type
    file.cid = told.get(_CID, "").strip("<>")
    kind, raw = found.get(_DATA, (0, memoryview(b"")))
    if kind == _OBJECT and bytes(raw[_IID : _IID + 4]) == SIGNATURE:
        _packed_mail(package, file, bytes(raw[_IID:]), defects, depth)
    elif kind:
        file.content = bytes(raw[_IID:] if kind == _OBJECT else raw)


def _packed_mail(package: Package, file: File, octets: bytes, defects: list[str], depth: int) -> None:
    """A mail in the package: its text is a file, and so are its files."""
    if depth >= MAX_DEPTH:
        defects.append("a winmail.dat nested too deep")
        file.content = octets
        return
    inner = unpacked(octets, defects, depth + 1)
    rich = bool(inner.html.strip())
    file.name = f"{file.name or 'message'}.{'html' if rich else 'txt'}"
    file.type, file.content = ("text/html", inner.html.encode()) if rich else ("text/plain", inner.plain.encode())
    package.files.extend(inner.files[: max(0, MAX_FILES - len(package.files))])


def _message_properties(package: Package, value: memoryview, defects: list[str]) -> bytes:
    """Text and page; the compressed RTF is given back."""
    found = {name: (kind, raw) for name, kind, raw in _properties(value, defects)}
    kind, raw = found.get(_TEXT_CODEPAGE, (0, memoryview(b"")))
    label = _codepage(_LONG.unpack_from(raw)[0]) if len(raw) >= _LONG.size else package.codepage
    if _PLAIN in found:
        kind, raw = found[_PLAIN]
        package.body = (raw[:MAX_TEXT], kind, label)
    if _HTML in found:
        kind, raw = found[_HTML]
        package.page = (raw[:MAX_TEXT], kind, label)
    return bytes(found[_RTF][1]) if _RTF in found else b""


def _properties(data: memoryview, defects: list[str]) -> Iterator[tuple[int, int, memoryview]]:
    """(id, type, octets) of each property that is whole; of several values, the first."""
    position = _LONG.size
    left = _LONG.unpack_from(data)[0] if len(data) >= _LONG.size else 0
    while left and position + _PROPERTY.size <= len(data):
        left -= 1
        kind, name = _PROPERTY.unpack_from(data, position)
        position = _behind_name(data, position + _PROPERTY.size, name)
        several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
        size = _SIZES.get(kind)
        count = 1
        if several or size is None:
            count, position = _number(data, position)
        if size is not None:
            if position + size > len(data):
                break
            yield name, kind, data[position : position + size]
            position += size * count
        elif kind in (_OBJECT, _STRING, _UNICODE, _BINARY):
            first, position = _values(data, position, count)
            if first is None:
                break
            yield name, kind, first
        elif kind:
            break
    else:
        if not left:
            return
    defects.append("a winmail.dat whose properties are cut short")


def _behind_name(data: memoryview, position: int, name: int) -> int:
    """Named properties have a set, and a number or a name in it."""
    if name < _NAMED:
        return position
    kind, position = _number(data, position + 16)
    if kind == 0:
        return position + 4
    size, position = _number(data, position)
    return position + _padded(size)


def _values(data: memoryview, position: int, count: int) -> tuple[memoryview | None, int]:
    """The first of the values that stand there, and where they end; None when the first is not whole."""
    first: memoryview | None = None
    while count and position + _LONG.size <= len(data):
        count -= 1
        size, position = _number(data, position)
        if first is None:
            first = data[position : position + size]
            if len(first) < size:
                return None, len(data)
        position += _padded(size)
    return (memoryview(b"") if first is None and not count else first), position


def _number(data: memoryview, position: int) -> tuple[int, int]:
    if position + _LONG.size > len(data):
        return 0, len(data) + 1
    return _LONG.unpack_from(data, position)[0], position + _LONG.size


def _padded(size: int) -> int:
    return (size + 3) & ~3


def _codepage(number: int) -> str:
    return _CODEPAGES.get(number, f"cp{number}")


def _text(raw: memoryview, kind: int, codepage: str) -> str:
    octets = bytes(raw)
    if kind == _UNICODE:
        return clean(octets.decode("utf-16-le", "replace").partition("\x00")[0])
    return _string(octets, codepage)


def _string(octets: bytes, codepage: str) -> str:
    return decode(octets.rstrip(b"\x00"), codepage, guess=False)[0]
