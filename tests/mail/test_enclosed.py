"""What came with a text: files, pictures shown in it, signed and sealed passages; and texts that stand elsewhere."""

import base64
import binascii

import pytest

from mailflow.mail.parse import parse

HEAD = "From: Ann Lee <ann@firm.example>\nTo: desk@desk.example\nSubject: Wages\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
PICTURE = "Content-Type: image/png\nContent-ID: <p1@firm.example>\n"


def read(text):
    return parse(text.replace("\n", "\r\n").encode())


def multipart(kind, *parts, more=""):
    body = "".join(f"--b\n{part}\n" for part in parts)
    return read(f"{HEAD}Content-Type: multipart/{kind}; boundary=b{more}\n\n{body}--b--\n")


def files(found):
    return [(part.name, part.type, part.content.replace(b"\r\n", b"\n")) for part in found.attachments]


# ---------------------------------------------------------------- transfer encodings


@pytest.mark.parametrize(
    ("coded", "octets"),
    [
        ("aGVsbG8=", b"hello"),
        ("aGVs\nbG8=\n", b"hello"),
        ("aGVsbG8", b"hello"),
        ("aGVsbG8===", b"hello"),
        ("aGVs\n\x00!bG8g\nd29ybGQgYW5kIGFsbCB0aGUgb3RoZXJz", b"hello world and all the others"),
        ("aGVsbG8=\nIHdvcmxk\n", b"hello world"),
        ("aGVsbG8gd29ybGQgYW5kIGFsbCB0aGUgb3RoZXJzIQ== behind it", b"hello world and all the others!"),
        ("These are words, and no base64.", b"These are words, and no base64."),
        ("", b""),
    ],
)
def test_lesson_5_base64_is_read_however_broken(coded, octets):
    found = multipart("mixed", f"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n{coded}")
    assert [part.content.rstrip(b"\r\n") for part in found.attachments] == [octets]


def uuencoded(octets, name="rule.pdf"):
    lines = [binascii.b2a_uu(octets[n : n + 45]).decode() for n in range(0, len(octets), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


@pytest.mark.parametrize("octets", [b"hello", bytes(range(256)), bytes(90), b"x" * 46])
def test_a_uuencoded_part_is_decoded(octets):
    part = f"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: x-uuencode\n\n{uuencoded(octets)}"
    assert [part.content for part in multipart("mixed", part).attachments] == [octets]


def test_uuencode_whose_blanks_were_lost_is_decoded():
    coded = "\n".join(line.rstrip() for line in uuencoded(b"start" + bytes(100)).replace("`", " ").split("\n"))
    found = read(f"{HEAD}\nSee below.\n\n{coded}")
    assert [part.content for part in found.attachments] == [b"start" + bytes(100)]


# ---------------------------------------------------------------- files in the text


def test_a_file_that_stands_uuencoded_in_the_text_is_an_attachment():
    found = read(f"{HEAD}\nHere is the rule.\n\n{uuencoded(b'%PDF-1.7')}\nAnn\n\n{uuencoded(b'png', 'my picture.png')}")
    assert found.text.split() == ["Here", "is", "the", "rule.", "Ann"]
    assert files(found) == [("rule.pdf", "application/pdf", b"%PDF-1.7"), ("my picture.png", "image/png", b"png")]
    assert "uuencode in the text" in found.defects


def test_a_file_in_the_text_that_is_cut_short_is_kept_as_far_as_it_goes():
    coded = uuencoded(b"x" * 90).rpartition("`")[0]
    found = read(f"{HEAD}\nHere.\n\n{coded}")
    assert files(found)[0][2] == b"x" * 90
    assert "uuencode in the text, without an end" in found.defects


@pytest.mark.parametrize("text", ["begin 644 the day\nwith a walk\nend", "They begin 644 times.", "begin 644 x\n\nend"])
def test_words_that_look_like_it_are_words(text):
    found = read(f"{HEAD}\n{text}\n")
    assert found.body == text or not found.attachments[0].content


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("=ybegin line=128 size=5 name=a.bin\nxyz\n=yend size=5", "yEnc in the text: kept as it came"),
        ("(This file must be converted with BinHex 4.0)\n:abc:", "BinHex in the text: kept as it came"),
    ],
)
def test_older_ways_to_put_files_into_a_text_are_told(text, remark):
    found = read(f"{HEAD}\nSee:\n{text}\n")
    assert remark in found.defects
    assert text.split("\n")[1] in found.body


# ---------------------------------------------------------------- signed and sealed

ARMOUR = "-----BEGIN PGP MESSAGE-----\n\nhQIOA0\n=AbCd\n-----END PGP MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=AbCd\n-----END PGP SIGNATURE-----"
SIGNED = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWhat is due?\n- -- \nAnn\n{SIGNATURE}"


def test_a_signed_mail_is_read_and_its_signature_kept():
    found = multipart("signed", PLAIN + "What is due?", "Content-Type: application/pgp-signature\n\nxyz")
    assert found.text == "What is due?"
    assert [part.type for part in found.attachments] == ["application/pgp-signature"]
    assert "signed (multipart/signed)" in found.defects


def test_an_encrypted_mail_is_kept_whole():
    found = multipart(
        "encrypted",
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        f"Content-Type: application/octet-stream; name=encrypted.asc\n\n{ARMOUR}",
    )
    assert found.body == ""
    assert files(found)[1] == ("encrypted.asc", "application/octet-stream", ARMOUR.encode())
    assert "encrypted (multipart/encrypted)" in found.defects


@pytest.mark.parametrize(
    ("kind", "remark"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "encrypted (S/MIME)"),
        ("application/x-pkcs7-mime; smime-type=signed-data", "signed (S/MIME): its words are inside the attachment"),
    ],
)
def test_opaque_s_mime_is_kept_whole(kind, remark):
    coded = base64.encodebytes(b"\x30\x80sealed").decode()
    found = read(f"{HEAD}Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{coded}")
    assert [part.content for part in found.attachments] == [b"\x30\x80sealed"]
    assert remark in found.defects


def test_a_sealed_passage_in_the_text_is_an_attachment():
    found = read(f"{HEAD}\nPlease read:\n\n{ARMOUR}\n\nAnn")
    assert found.body.split() == ["Please", "read:", "Ann"]
    assert files(found) == [("message.asc", "application/pgp-encrypted", ARMOUR.encode() + b"\n")]
    assert "encrypted (PGP in the text)" in found.defects


def test_a_signed_passage_is_read_without_its_armour_and_kept_whole_beside():
    found = read(f"{HEAD}\n{SIGNED}\n")
    assert found.body == "What is due?\n-- \nAnn"
    assert files(found) == [("signed.asc", "application/pgp", SIGNED.encode() + b"\n")]


def test_armour_that_is_quoted_or_cut_short_stays_in_the_text():
    quoted = "> " + ARMOUR.replace("\n", "\n> ")
    for text in (quoted, ARMOUR[:60], SIGNED[:80]):
        found = read(f"{HEAD}\n{text}\n")
        assert found.attachments == ()
        assert "BEGIN PGP" in found.body


# ---------------------------------------------------------------- elsewhere, and in pieces


def test_a_file_that_stands_elsewhere_is_never_fetched():
    kind = 'message/external-body; access-type=anon-ftp; site=ftp.x.example; name="rule.pdf"'
    found = multipart("mixed", PLAIN + "See the rule.", f"Content-Type: {kind}\n\nContent-Type: application/pdf\n\n")
    assert [part.type for part in found.attachments] == ["message/external-body"]
    assert "a file that stands elsewhere: it was not fetched" in found.defects


def test_a_piece_of_a_mail_is_kept_as_it_is():
    found = read(f"{HEAD}Content-Type: message/partial; id=x; number=2; total=3\n\nthe middle")
    assert files(found) == [("", "message/partial", b"the middle\n")] or files(found)[0][2] == b"the middle"
    assert "a piece of a mail that was sent in pieces" in found.defects


def test_both_forks_of_a_macintosh_file_are_kept():
    found = multipart(
        "appledouble",
        "Content-Type: application/applefile; name=a.pdf\n\nfork",
        "Content-Type: application/pdf; name=a.pdf\n\ndata",
    )
    assert [part.type for part in found.attachments] == ["application/applefile", "application/pdf"]


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("disposition", ["", "inline; filename=image001.png", "attachment; filename=image001.png"])
@pytest.mark.parametrize("kind", ["related", "mixed"])
def test_a_picture_that_the_page_shows_is_inline_wherever_it_stands(kind, disposition):
    page = "Content-Type: text/html\n\n<p>See <img src='cid:P1@firm.example'></p>"
    head = f"Content-Disposition: {disposition}\n" if disposition else ""
    assert [part.inline for part in multipart(kind, page, f"{PICTURE}{head}\nx").attachments] == [True]


def test_a_picture_that_the_plain_text_cites_is_inline():
    found = multipart("mixed", PLAIN + "Ann [cid:p1@firm.example]", f"{PICTURE}\nx")
    assert [part.inline for part in found.attachments] == [True]


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: image/png\nContent-Disposition: attachment; filename=photo.png\nContent-ID: <other@x.example>",
        "Content-Type: image/png\nContent-Disposition: inline; filename=photo.png",
        "Content-Type: application/pdf\nContent-Disposition: inline; filename=rule.pdf",
        "Content-Type: application/pdf; name=rule.pdf",
    ],
)
def test_files_that_nothing_cites_are_attachments(head):
    page = "Content-Type: text/html\n\n<p>See <img src='cid:P1@firm.example'></p>"
    assert [part.inline for part in multipart("mixed", page, f"{head}\n\nx").attachments] == [False]


# ---------------------------------------------------------------- where the text stands elsewhere

INVITATION = (
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY;LANGUAGE=en:Wages\\, once more\n"
    "DESCRIPTION:What is due?\\nPlease bring the\n  contract.\nLOCATION:Room 1\nEND:VEVENT\nEND:VCALENDAR\n"
)


def test_an_invitation_without_a_text_is_read():
    found = read(f"{HEAD}Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\n{INVITATION}")
    assert found.body == "Wages, once more\n\nWhat is due?\nPlease bring the contract.\n\nRoom 1"
    assert [part.type for part in found.attachments] == ["text/calendar"]


def test_an_invitation_beside_a_text_is_a_file():
    found = multipart("alternative", PLAIN + "Come.", f"Content-Type: text/calendar; method=REQUEST\n\n{INVITATION}")
    assert found.body == "Come."


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/enriched", "<bold>Is it</bold> due? <<1"),
        ("text/markdown", "Is it due? <1"),
        ("text/rtf", r"{\rtf1 Is it due? <1}"),
    ],
)
def test_other_forms_of_text_are_read_for_want_of_a_better_one(kind, text):
    found = read(f"{HEAD}Content-Type: {kind}\n\n{text}\n")
    assert found.body.strip() == "Is it due? <1"
    assert [part.type for part in found.attachments] == [kind]


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_the_only_text_is_read_although_it_says_to_be_a_file_unless_it_has_a_name(kind):
    head = f"{HEAD}Content-Type: {kind}\nContent-Disposition: attachment"
    assert read(f"{head}\n\nIs it due?\n").body == "Is it due?"
    found = read(f"{head}; filename=question\n\nIs it due?\n")
    assert (found.body, [part.name for part in found.attachments]) == ("", ["question"])


def test_other_forms_of_text_are_files_beside_a_text():
    found = multipart("mixed", PLAIN + "See the file.", "Content-Type: text/markdown\n\n# Rule")
    assert (found.body, [part.type for part in found.attachments]) == ("See the file.", ["text/markdown"])


@pytest.mark.parametrize(
    "stub",
    [
        "",
        "Your program can't show this mail.",
        "To see this message, please open it in a program that shows pages, or ask the sender for another form. " * 5,
    ],
)
def test_a_stub_gives_way_to_the_page(stub):
    page = "<p>" + "The whole question stands here, in so many words. " * 80 + "</p>"
    found = multipart("alternative", PLAIN + stub, f"Content-Type: text/html\n\n{page}")
    assert found.body.startswith("The whole question")


def test_a_short_answer_above_a_long_page_is_no_stub():
    answer = "Yes, and here is why: the law says so in its first article. " * 6
    page = f"<p>{answer}</p><p>{'An advertisement. ' * 200}</p>"
    found = multipart("alternative", PLAIN + answer, f"Content-Type: text/html\n\n{page}")
    assert found.body == answer.strip("\n").rstrip() or found.body == answer


def test_references_of_controls_in_a_page_are_no_controls_in_the_text():
    found = read(f"{HEAD}Content-Type: text/html\n\n<p>a&#27;b&#0;c &#147;d&#148; <b>e&#x1b;</b></p>")
    assert "\x1b" not in found.body + found.rich
    assert "“d”" in found.body
