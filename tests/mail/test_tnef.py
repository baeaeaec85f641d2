"""winmail.dat: its files and its text come out, whatever its lengths say; RTF is read, as text or as the page it was."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail import rtf, tnef
from mailflow.mail.parse import parse

HEAD = "From: Ann Lee <ann@firm.example>\nTo: desk@desk.example\nSubject: Wages\n"
STRING, UNICODE, OBJECT, BINARY, LONG = 0x1E, 0x1F, 0x0D, 0x102, 0x03


def attribute(name, data, level=2):
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def value(name, kind, octets):
    return struct.pack("<HHII", kind, name, 1, len(octets)) + octets + bytes(-len(octets) % 4)


def number(name, what):
    return struct.pack("<HHI", LONG, name, what)


def properties(*each):
    return struct.pack("<I", len(each)) + b"".join(each)


def package(*attributes):
    return tnef.SIGNATURE + b"\x34\x12" + b"".join(attributes)


def message(*each):
    return attribute(0x9003, properties(*each), level=1)


def file(*each, title=b"", data=b""):
    made = attribute(0x9002, b"\x01") + (attribute(0x8010, title + b"\x00") if title else b"")
    made += attribute(0x800F, data) if data else b""
    return made + (attribute(0x9005, properties(*each)) if each else b"")


def mail(octets, text="", name="winmail.dat", kind="application/ms-tnef"):
    coded = base64.encodebytes(octets).decode()
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"] if text else []
    parts.append(f"Content-Type: {kind}; name={name}\nContent-Transfer-Encoding: base64\n\n{coded}")
    body = "".join(f"--b\n{part}\n" for part in parts)
    return parse(f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{body}--b--\n".encode())


def compressed(octets):
    """As a compressor would that finds nothing to refer to, and the end."""
    body = b"".join(b"\x00" + octets[n : n + 8].ljust(8) for n in range(0, len(octets), 8))
    return struct.pack("<II4sI", len(body) + 12, len(octets), b"LZFu", 0) + body


# ---------------------------------------------------------------- files


def test_files_come_out_with_their_names_types_and_octets():
    found = mail(
        package(
            file(title=b"RULE~1.PDF", data=b"%PDF\x00\x00"),
            file(value(0x3707, UNICODE, "règle longue.pdf\x00".encode("utf-16-le")), title=b"REGLE~1.PDF", data=b"x"),
            file(value(0x370E, STRING, b"image/png\x00"), value(0x3701, BINARY, b"png\x00"), title=b"a"),
        ),
        "See the files.",
    )
    assert [(part.name, part.type, part.content) for part in found.attachments] == [
        ("RULE~1.PDF", "application/pdf", b"%PDF\x00\x00"),
        ("règle longue.pdf", "application/pdf", b"x"),
        ("a", "image/png", b"png\x00"),
    ]
    assert (found.text, found.defects) == ("See the files.", ())


def test_a_package_is_known_by_its_name_and_its_first_octets():
    found = mail(package(file(title=b"a.txt", data=b"x")), "See.", kind="application/octet-stream")
    assert [part.name for part in found.attachments] == ["a.txt"]


def test_a_path_is_no_name():
    found = mail(package(file(title=b"C:\\Users\\ann\\a.pdf", data=b"x")), "See.")
    assert [part.name for part in found.attachments] == ["a.pdf"]


def test_a_picture_that_the_packed_page_shows_is_inline():
    page = value(0x1013, BINARY, b"<p>Wages <img src='cid:p1@x.example'></p>")
    found = mail(package(message(page), file(value(0x3712, STRING, b"p1@x.example\x00"), title=b"p.png", data=b"x")))
    assert [(part.name, part.inline) for part in found.attachments] == [("p.png", True)]


def test_a_packed_mail_gives_its_text_and_its_files():
    inner = package(attribute(0x800C, b"Old words\x00", level=1), file(title=b"old.pdf", data=b"x"))
    found = mail(package(file(value(0x3701, OBJECT, bytes(16) + inner), title=b"Old question")), "See below.")
    assert [(part.name, part.type, part.content) for part in found.attachments] == [
        ("Old question.txt", "text/plain", b"Old words"),
        ("old.pdf", "application/pdf", b"x"),
    ]


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    "attributes",
    [
        attribute(0x800C, b"Is a wage due?\x00", level=1),
        message(value(0x1000, STRING, b"Is a wage due?\x00")),
        message(value(0x1000, UNICODE, "Is a wage due?\x00".encode("utf-16-le"))),
        message(value(0x1013, BINARY, b"<p>Is a wage due?</p>")),
        message(value(0x1009, BINARY, compressed(rb"{\rtf1\ansi Is a wage due?}"))),
        message(value(0x1009, BINARY, compressed(rb"{\rtf1\ansi\fromhtml1 {\*\htmltag <p>}Is a wage due?{\*\htmltag </p>}}"))),
    ],
    ids=["attribute", "octets", "unicode", "page", "rtf", "page in rtf"],
)  # fmt: skip
def test_the_text_of_the_package_is_the_text_where_the_mail_has_none(attributes):
    found = mail(package(attributes))
    assert found.text == "Is a wage due?"
    assert found.attachments == ()


def test_the_text_of_the_mail_goes_before_that_of_the_package():
    assert mail(package(attribute(0x800C, b"packed", level=1)), "unpacked").text == "unpacked"


@pytest.mark.parametrize(
    ("page", "codec"), [(1251, "cp1251"), (20866, "koi8-r"), (65001, "utf-8"), (28595, "iso8859-5")]
)
def test_the_text_is_in_the_charset_that_the_package_names(page, codec):
    words = "Скажите, пожалуйста"
    oem = attribute(0x9007, struct.pack("<II", page, 0), level=1)
    assert mail(package(oem, attribute(0x800C, words.encode(codec), level=1))).text == words
    found = mail(package(message(number(0x3FDE, page), value(0x1013, BINARY, f"<p>{words}</p>".encode(codec)))))
    assert found.text == words


def test_named_and_several_values_are_passed_over():
    named = struct.pack("<HH16sII", LONG, 0x8001, bytes(16), 0, 7) + struct.pack("<I", 5)
    spelt = struct.pack("<HH16sII", LONG, 0x8002, bytes(16), 1, 6) + "abc".encode("utf-16-le") + bytes(2) + bytes(4)
    several = struct.pack("<HHI", 0x1000 | STRING, 0x3FF0, 2) + (struct.pack("<I", 2) + b"a\x00\x00\x00") * 2
    times = struct.pack("<HHI", 0x1000 | 0x40, 0x3FF1, 2) + bytes(16)
    found = mail(package(message(named, spelt, several, times, value(0x1000, STRING, b"Is a wage due?\x00"))))
    assert found.text == "Is a wage due?"


# ---------------------------------------------------------------- damage


ATTRIBUTES = (
    attribute(0x9007, struct.pack("<II", 1252, 0), level=1),
    message(value(0x1000, STRING, b"Words\x00"), value(0x1009, BINARY, compressed(rb"{\rtf1 Words}"))),
    file(value(0x3707, UNICODE, "a.pdf".encode("utf-16-le")), title=b"A.PDF"),
)
WHOLE = package(*ATTRIBUTES)


@pytest.mark.parametrize("end", [4, 7, 10, 20, 40, 100, len(WHOLE) - 30, len(WHOLE) - 3, len(WHOLE) - 1])
def test_a_package_that_is_cut_short_gives_what_is_there_and_is_kept_itself(end):
    found = mail(WHOLE[:end], "See.")
    assert [part.content for part in found.attachments if part.type == "application/ms-tnef"] == [WHOLE[:end]]
    assert [part.name for part in mail(WHOLE, "See.").attachments] == ["a.pdf"]


def test_what_is_no_package_is_kept_as_it_is():
    found = mail(b"anything", "See.")
    assert [(part.name, part.content) for part in found.attachments] == [("winmail.dat", b"anything")]
    assert "a winmail.dat that is none" in found.defects


@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_octets_raise(octets, place):
    tnef.unpacked(tnef.SIGNATURE + octets, [])
    tnef.unpacked(WHOLE[:place] + octets + WHOLE[place + len(octets) :], [])
    rtf.read(rtf.decompressed(octets))
    rtf.read(rb"{\rtf1 " + octets)


# ---------------------------------------------------------------- RTF


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1\ansi One\par two\line three\tab four}", "One\ntwo\nthree\tfour"),
        (rb"{\rtf1 {\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\stylesheet{s;}}{\info{\title t}}Words}", "Words"),
        (rb"{\rtf1 {\*\generator x;}{\*\unknown y}Words}", "Words"),
        (rb"{\rtf1 a \{b\} c\\d\~e}", "a {b} c\\d\xa0e"),
        (rb"{\rtf1\ansi\ansicpg1252 caf\'e9 \'80}", "café €"),
        (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1\'d1\'ea\'e0\f0 \'e9}", "Скаé"),
        (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset128 M;}}\f0\'8d\'c5\'92\'e1}", "最低"),
        (rb"{\rtf1\uc1 \u26368?\u20302?}", "最低"),
        (rb"{\rtf1\uc0\u26368\u20302}", "最低"),
        (rb"{\rtf1\uc2 \u26368\'8d\'c5x}", "最x"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1 \u-10179?x}", "\ufffdx"),
        (rb"{\rtf1 {\field{\*\fldinst HYPERLINK x}{\fldrslt the rule}}}", "the rule"),
        (rb"{\rtf1 a{\pict\bin3 }}}}b}", "ab"),
        (rb"{\rtf1 \lquote a\rquote \emdash \bullet}", "‘a’—•"),
        (rb"{\rtf1 open {", "open "),
        (rb"{\rtf1 a}}}} after", "a"),
        (rb"no rtf", ""),
    ],
)
def test_rtf_is_read_as_text(source, text):
    assert rtf.read(source) == (text, "")


def test_rtf_that_was_made_from_a_page_gives_the_page():
    source = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\b \htmlrtf0 Is {\*\htmltag84 &nbsp;}"
        rb"\htmlrtf \'a0\htmlrtf0 caf\'e9 due?{\*\htmltag72 </p>}\htmlrtf \par}\htmlrtf0 }"
    )
    assert rtf.read(source) == ("", "<p>Is &nbsp;café due?</p>")


def test_compressed_rtf_refers_to_what_stood_before():
    # The control octet says which of the next eight are references: place and length, and at last the place reached.
    body = b"\x00{\\rtf1 a" + b"\x81" + struct.pack(">H", (207 + 7) << 4 | 15) + b"bcdefg"
    body += struct.pack(">H", (207 + 8 + 17 + 6) << 4)
    octets = struct.pack("<II4sI", len(body) + 12, 0, b"LZFu", 0) + body
    assert rtf.decompressed(octets) == b"{\\rtf1 a" + b"a" * 17 + b"bcdefg"


def test_the_window_of_the_compressor_begins_with_its_own_words():
    body = b"\x03" + struct.pack(">HH", 0 << 4 | 4, (207 + 6) << 4)
    assert rtf.decompressed(struct.pack("<II4sI", len(body) + 12, 0, b"LZFu", 0) + body) == rb"{\rtf1"
