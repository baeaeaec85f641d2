"""The tree of a mail: where headers end and parts begin, however damaged, and octets that stay as they came."""

import base64

import pytest

from mailflow.mail.mime import tree
from mailflow.mail.parse import parse

TOP = "From: ann@firm.example\nTo: desk@desk.example\nSubject: Wages\n"
PART = "Content-Type: text/plain\n\n"


def read(text):
    return parse(text.replace("\n", "\r\n").encode())


def shape(text, defects=None):
    """The kinds of all parts, as nested lists."""
    return _shape(tree(text.encode(), [] if defects is None else defects))


def _shape(part):
    return [part.kind, *map(_shape, part.children)] if part.children else part.kind


# ---------------------------------------------------------------- headers


def test_a_line_that_is_no_field_hides_no_field_below_it():
    found = read(
        "Received: from a by b\nFrom: ann@firm.example\nwhat the scanner put here\nSubject: Wages\nTo: d@desk.example\n\nHello"
    )
    assert (found.subject, found.to, found.text) == ("Wages", ("d@desk.example",), "Hello")
    assert found.sender == "ann@firm.example"
    assert "a line in the header that is no field" in found.defects


@pytest.mark.parametrize(
    "header",
    [
        "To: d@desk.example\nno field\nFrom: expert@desk.example\nMessage-ID: <1@x.example>\n",
        "To: d@desk.example\nFrom : expert@desk.example\n",
        "To: d@desk.example\nFr\x00om: expert@desk.example\n",
        "To: d@desk.example\nFrom\u200b: expert@desk.example\n",
    ],
)
def test_a_from_line_that_not_every_reader_sees_names_nobody(header):
    found = read(f"{header}\nHello")
    assert found.sender == ""
    assert "damaged" in found.sender_doubt
    assert found.text == "Hello"


@pytest.mark.parametrize("second", ["From : mallory@bad.example", "Fr\x00om: mallory@bad.example"])
def test_a_second_from_line_in_disguise_is_a_second_from_line(second):
    found = read(f"From: expert@desk.example\n{second}\n\nHello")
    assert found.sender == ""


def test_what_stands_where_the_empty_line_is_missing_is_the_text():
    found = read(f"{TOP}Dear Sir or Madam,\nis a wage due?\n\nAnn")
    assert found.text == "Dear Sir or Madam,\nis a wage due?\n\nAnn"
    assert "no empty line between header and body" in found.defects


def test_a_text_without_a_header_is_a_text_even_when_it_quotes_one():
    found = read("Please see below.\n____\nFrom: Bob\nSent: Monday\nSubject: Wages\n\nHello")
    assert found.body.startswith("Please see below.\n____\nFrom: Bob")
    assert found.sender == ""


def test_the_first_line_of_mailbox_files_is_no_field():
    found = read(f"From ann@firm.example Mon Nov 23 10:00:00 2026\n{TOP}\nHello")
    assert (found.sender, found.text) == ("ann@firm.example", "Hello")


# ---------------------------------------------------------------- parts


def test_parts_lie_in_each_other_as_they_were_written():
    inner = (
        f"Content-Type: multipart/alternative; boundary=i\n\n--i\n{PART}a\n--i\nContent-Type: text/html\n\nb\n--i--\n"
    )
    text = f"{TOP}Content-Type: multipart/mixed; boundary=o\n\n--o\n{inner}\n--o\nContent-Type: image/png\n\nx\n--o--\n"
    assert shape(text) == ["multipart/mixed", ["multipart/alternative", "text/plain", "text/html"], "image/png"]


def test_a_boundary_that_begins_like_another_is_another():
    text = f"{TOP}Content-Type: multipart/mixed; boundary=b\n\n--b\n{PART}one\n--bb\ntwo\n--b--\n"
    assert shape(text) == ["multipart/mixed", "text/plain"]
    assert read(text).text == "one\n--bb\ntwo"


def test_the_boundary_around_ends_a_multipart_that_is_not_closed():
    inner = f"Content-Type: multipart/mixed; boundary=i\n\n--i\n{PART}one\n"
    text = f"{TOP}Content-Type: multipart/mixed; boundary=o\n\n--o\n{inner}--o\n{PART}two\n--o--\n"
    assert shape(text) == ["multipart/mixed", ["multipart/mixed", "text/plain"], "text/plain"]
    assert read(text).text == "one\n\ntwo"


@pytest.mark.parametrize(
    "said",
    [
        "multipart/mixed",
        "multipart/mixed; boundary=other",
        "multipart/mixed\n\tboundary=b",
        'multipart/mixed; charset="utf-8" boundary="b"',
        "multipart/mixed; boundary*=b",
        'multipart/mixed; boundary="b "',
    ],
)
def test_a_boundary_that_is_missing_wrong_or_oddly_told_is_found(said):
    text = f"{TOP}Content-Type: {said}\n\n--b\n{PART}Hello\n--b\nContent-Type: image/png\n\nx\n--b--\n"
    assert shape(text) == ["multipart/mixed", "text/plain", "image/png"]
    assert read(text).text == "Hello"


def test_a_folded_boundary_is_one():
    assert (
        shape(f'{TOP}Content-Type: multipart/mixed; boundary="a\n b"\n\n--a b\n{PART}x\n--a b--\n')[0]
        == "multipart/mixed"
    )


def test_two_boundaries_in_a_row_are_no_part():
    defects = []
    assert shape(f"{TOP}Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n{PART}x\n--b\n\n", defects) == [
        "multipart/mixed",
        "text/plain",
    ]
    assert "a multipart that is not closed" in defects


def test_a_multipart_in_base64_is_read_although_nobody_may_write_it():
    inner = base64.encodebytes(f"--b\n{PART}Hello\n--b--\n".encode()).decode()
    found = read(f"{TOP}Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n{inner}")
    assert found.text == "Hello"


def test_a_digest_holds_mails():
    text = f"{TOP}Content-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: a@b.example\n\none\n--b--\n"
    assert shape(text) == ["multipart/digest", "message/rfc822"]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_attached_mail_stays_the_octets_that_it_was(ends):
    inner = "From: Bob <b@x.example>\nX:  odd\n   folding \nSubject: =?utf-8?q?=C3=A9?=\n\n--b-- text\n\n".replace(
        "\n", ends
    )
    text = f"{TOP}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n".replace(
        "\n", ends
    )
    found = parse((text + inner + f"{ends}--b--{ends}").encode())
    assert [part.content for part in found.attachments] == [inner.encode()]


def test_an_attached_mail_in_base64_is_a_mail():
    inner = b"From: b@x.example\r\nMessage-ID: <1@x.example>\r\n\r\nHello\r\n"
    coded = base64.encodebytes(inner).decode()
    found = read(
        f"{TOP}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
        f"Content-Transfer-Encoding: base64\n\n{coded}\n--b--\n"
    )
    assert [part.content for part in found.attachments] == [inner]
