"""Final bytes: what a reader's program gets is what we meant, and nothing that anybody wrote can add to it."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core import audience, tokens
from mailflow.core.effects import Passage, Send
from mailflow.core.model import requester
from mailflow.mail import frame
from mailflow.mail.compose import KINDS, Composed, Composer, Envelope, Kind
from mailflow.mail.frame import Enclosure
from mailflow.mail.markup import clean, clean_line
from mailflow.mail.render import MissingTemplateError, Templates
from mailflow.mail.samples import NOW, SAMPLES

REAL = Templates(Path(__file__).parents[2] / "templates")
TOKEN = "a2b3c4d5e6f7g2h3i4j5k6l7m2n3o"
REPLY = f"desk+{TOKEN}@desk.example"
ANY_TEXT = st.text(max_size=400)
# Long words, odd blanks and everything that means something in a header.
ODD_TEXT = st.text(alphabet="aé漢🙂 \t\r\n=?_.:;<>\"\\,%'*\x00\u202e\u2028\u200f\ud800", max_size=300)


def composer(**options: object) -> Composer:
    return Composer(REAL, **{"desk": "Desk", "address": "desk@desk.example", **options})


def composed(template: str = "answer", language: str = "en", facts: dict | None = None, **options: object) -> Composed:
    known = {"recipient": "ann@firm.example", "zone": ZoneInfo("Europe/Zurich"), "token": TOKEN}
    own = {name: options.pop(name) for name in ("desk", "address", "null_sender", "random") if name in options}
    send = Send(requester("1"), template, language, "key", "2026-0042", facts={**SAMPLES[template][0], **(facts or {})})
    return composer(**own).compose(send, Envelope(**{**known, **options}), NOW)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, subtype: str = "plain") -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def attached(*files: Enclosure) -> list[EmailMessage]:
    return list(read(composed(attachments=files).raw).iter_attachments())


def sound(raw: bytes) -> None:
    """What every mail server insists on."""
    lines = raw.split(b"\r\n")
    assert all(b"\r" not in text and b"\n" not in text for text in lines)
    assert all(len(text) <= 998 for text in lines)
    assert raw.endswith(b"\r\n")
    assert raw.isascii()


# ---------------------------------------------------------------- headers


def test_every_header_is_as_meant():
    message = read(composed().raw)
    assert message["From"] == "Desk <desk@desk.example>"
    assert message["To"] == "ann@firm.example"
    assert message["Subject"] == "[2026-0042] Answer to your question"
    assert parsedate_to_datetime(str(message["Date"])) == NOW
    assert message["Reply-To"] == REPLY
    assert message["Content-Language"] == "en"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"
    assert not message.defects


def test_the_token_stands_in_all_three_carriers():
    mail = composed()
    message = read(mail.raw)
    for carrier in (mail.message_id, str(message["Reply-To"]), body(message), body(message, "html")):
        assert tokens.find(carrier) == (TOKEN,)


def test_a_message_id_is_new_each_time_and_its_nonce_is_long():
    first, second = composed(), composed()
    assert first.message_id != second.message_id
    assert re.fullmatch(rf"<{TOKEN}\.[a-z2-7]{{16}}@desk\.example>", first.message_id)
    assert read(first.raw)["Message-ID"] == first.message_id


def test_the_same_randomness_gives_the_same_bytes():
    assert composed(random=bytes) == composed(random=bytes)


def test_a_mail_that_cannot_be_answered_carries_no_token():
    mail = composed("held", token="")
    assert tokens.find(mail.raw.decode()) == ()
    assert read(mail.raw)["Reply-To"] == "desk@desk.example"
    assert mail.envelope_sender == "desk@desk.example"


@pytest.mark.parametrize("template", sorted(KINDS))
def test_automatic_mail_says_so_and_a_persons_words_do_not(template):
    message = read(composed(template).raw)
    kind = KINDS[template]
    assert message["Auto-Submitted"] == (kind.value or None)
    assert (message["X-Auto-Response-Suppress"] is None) == (kind is Kind.RELAYED)


def test_every_template_that_the_desk_sends_has_a_kind():
    assert KINDS.keys() == audience.TEMPLATES


def test_acknowledgements_have_a_null_sender_unless_the_server_refuses_it():
    assert composed("acknowledgement").envelope_sender == ""
    assert composed("bilingual", "en+fr").envelope_sender == ""
    assert composed("acknowledgement", null_sender=False).envelope_sender == REPLY
    assert composed("question").envelope_sender == REPLY


def test_an_address_with_a_plus_keeps_it():
    assert composed(address="help+desk@desk.example").envelope_sender == f"help+desk+{TOKEN}@desk.example"


@pytest.mark.parametrize("name", ["Bureau « é »", 'Desk, "the" <one>', "=?utf-8?q?x?=", "助" * 60, "Long " * 12])
def test_the_desks_name_reads_back(name):
    message = read(composed(desk=name).raw)
    sender = message["From"].addresses[0]
    assert (sender.addr_spec, len(message["From"].addresses)) == ("desk@desk.example", 1)
    # The standard parser leaves the blanks between encoded words in, which no other reader does.
    assert sender.display_name.replace(" ", "") == name.replace(" ", "")


@pytest.mark.parametrize("address", ["desk", "désk@desk.example", '"a b"@desk.example', "x" * 35 + "@desk.example"])
def test_an_address_that_cannot_carry_a_token_is_refused(address):
    with pytest.raises(ValueError, match="address"):
        composer(address=address)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "a b@c.example",
        "a",
        "",
        "a@b\x00c",
        "a@" + "b" * 400,
    ],
)
def test_a_recipient_that_is_not_one_address_is_refused_without_being_named(address):
    with pytest.raises(ValueError, match="recipient") as caught:
        composed(recipient=address)
    assert str(caught.value) == "the recipient's address cannot stand in a mail"


def test_a_recipient_outside_ascii_stands_in_utf_8():
    raw = composed(recipient="añó@firma.example").raw
    assert "\r\nTo: añó@firma.example\r\n".encode() in raw


def test_a_quoted_recipient_is_one_address():
    assert read(composed(recipient='"a b"@firm.example').raw)["To"].addresses[0].addr_spec == '"a b"@firm.example'


def test_the_thread_holds_what_are_message_ids_and_nothing_else():
    bad = ["<a@b>\r\nBcc: <x@y>", "no brackets", "<a b@c>", "<é@c>", "<" + "x" * 300 + "@y>", ""]
    message = read(composed(in_reply_to="<p@x.example>", references=("<a@x.example>", *bad, "<p@x.example>")).raw)
    assert message["In-Reply-To"] == "<p@x.example>"
    assert str(message["References"]).split() == ["<a@x.example>", "<p@x.example>"]
    assert message["Bcc"] is None
    assert all(read(composed(in_reply_to=each).raw)["In-Reply-To"] is None for each in bad)


def test_a_long_thread_keeps_its_root_and_its_end():
    chain = tuple(f"<{number}.{'x' * 200}@x.example>" for number in range(90))
    mail = composed(in_reply_to="<p@x.example>", references=chain)
    kept = str(read(mail.raw)["References"]).split()
    assert (kept[0], kept[-2:], len(kept)) == (chain[0], [chain[-1], "<p@x.example>"], 21)
    sound(mail.raw)


@settings(deadline=None)
@given(st.one_of(ANY_TEXT, ODD_TEXT))
def test_any_subject_reads_back_as_one_header(subject):
    line = frame.header("Subject", subject)
    assert all(len(part) <= 78 for part in line.split("\r\n"))
    message = read(f"{line}\r\nTo: ann@firm.example\r\n\r\n".encode())
    assert message.keys() == ["Subject", "To"]
    assert str(message["Subject"]) == frame.shortened(clean_line(subject), frame.MAX_VALUE)


def test_a_subject_cannot_bring_a_header_with_it():
    facts = {"seems": "x\r\nBcc: mallory@evil.example\r\n\r\nbody"}
    message = read(composed("shelf", facts=facts).raw)
    assert message["Bcc"] is None
    assert "Bcc: mallory@evil.example body" in str(message["Subject"])


# ---------------------------------------------------------------- bodies


@settings(deadline=None)
@given(st.one_of(ANY_TEXT, ODD_TEXT))
def test_any_answer_reads_back_in_both_bodies(text):
    mail = composed(facts={"answer": Passage(text)})
    sound(mail.raw)
    message = read(mail.raw)
    assert clean(text).strip("\n").strip() in body(message)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXT, st.binary(max_size=300), ODD_TEXT)
def test_the_frame_is_equal_to_one_of_the_standard_library(text, page, content, name):
    text, page = (f"{clean(each)}\n" for each in (text, page))
    enclosed = Enclosure(name, "application/pdf", content)
    ours = read(frame.build([frame.header("Subject", text)], text, page, [enclosed], "b0"))
    theirs = EmailMessage(policy=email.policy.SMTP)
    theirs["Subject"] = frame.shortened(clean_line(text), frame.MAX_VALUE)
    theirs.set_content(text)
    theirs.add_alternative(page, subtype="html")
    theirs.add_attachment(
        content, maintype="application", subtype="pdf", filename=frame.file_name(name, "application/pdf")
    )
    assert shape(ours) == shape(read(theirs.as_bytes()))


def shape(message: EmailMessage) -> list[object]:
    """All that a reader gets of a message, without how it was encoded."""
    parts = [
        (p.get_content_type(), p.get_content_disposition(), p.get_filename(), p.is_multipart() or p.get_content())
        for p in message.walk()
    ]
    return [str(message["Subject"]), *parts, [p.defects for p in message.walk()]]


def test_long_lines_are_wrapped_on_the_wire_only():
    line = "x" * 5_000
    mail = composed(facts={"answer": Passage(f"{line}\n.\n..\nFrom here")})
    sound(mail.raw)
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 78
    assert f"{line}\n.\n..\nFrom here" in body(read(mail.raw))


@pytest.mark.parametrize(("text", "encoding"), [("Plain words é\n" * 9, "quoted-printable"), ("漢字" * 50, "base64")])
def test_the_shorter_encoding_is_taken(text, encoding):
    message = read(frame.build([], text, "x", (), "b"))
    part = message.get_body(("plain",))
    assert part is not None
    assert part["Content-Transfer-Encoding"] == encoding


def test_two_languages_are_both_named():
    message = read(composed("bilingual", "ur+en").raw)
    assert message["Content-Language"] == "ur, en"
    assert str(message["Subject"]).count("2026-0042") == 1


def test_a_language_without_the_template_falls_back_as_the_caller_says():
    assert read(composed("question", "de", languages=("it", "fr")).raw)["Content-Language"] == "fr"
    with pytest.raises(MissingTemplateError):
        composed("question", "de")


def test_times_are_told_in_the_recipients_zone():
    facts = {"leaves": datetime(2026, 12, 1, 23, 30, tzinfo=UTC)}
    assert "2 December 2026, 00:30 (UTC+01:00)" in body(read(composed("leaving", facts=facts).raw))


# ---------------------------------------------------------------- attachments


@settings(deadline=None)
@given(st.one_of(ANY_TEXT, ODD_TEXT), st.binary(max_size=2_000))
def test_any_attachment_reads_back(name, content):
    raw = frame.build([], "t", "h", [Enclosure(name, "application/pdf", content)], "b")
    sound(raw)
    [part] = read(raw).iter_attachments()
    assert part.get_filename() == frame.file_name(name, "application/pdf")
    assert part.get_content() == content
    assert part.get_content_disposition() == "attachment"
    assert not part.defects


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\y.exe", "C__x_y.exe"),
        ("in\u202egpj.exe", "ingpj.exe"),
        ("a\r\nb\x00.txt", "a b.txt"),
        (' "q".txt ', "_q_.txt"),
        ("...", "attachment"),
        ("", "attachment"),
        ("résumé.pdf", "résumé.pdf"),
        ("漢" * 100 + ".pdf", "漢" * 58 + ".pdf"),
        ("x" * 300, "x" * 180),
        ("a." + "y" * 300, "a." + "y" * 178),
        ("=?utf-8?q?a?=.txt", "=_utf-8_q_a_=.txt"),
    ],
)
def test_a_file_name_is_only_a_name(name, expected):
    assert frame.file_name(name, "text/plain") == expected


def test_a_name_outside_ascii_has_a_plain_one_for_old_readers():
    raw = frame.build([], "t", "h", [Enclosure("Résumé № 漢.pdf", "application/pdf", b"x")], "b")
    assert b'Content-Type: application/pdf;\r\n name="Resume No.pdf"\r\n' in raw
    assert b"Content-Disposition: attachment;\r\n filename*=utf-8''R%C3%A9sum%C3%A9%20" in raw


@pytest.mark.parametrize(
    ("claimed", "sent"),
    [
        ("application/pdf", "application/pdf"),
        ("Image/PNG; name=x", "image/png"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("", frame.OPAQUE),
        ("text", frame.OPAQUE),
        ("text/plain\r\nBcc: x", frame.OPAQUE),
        ("a/b/c", frame.OPAQUE),
        ("text/html", frame.OPAQUE),
        ("text/calendar", frame.OPAQUE),
        ("image/svg+xml", frame.OPAQUE),
        ("message/rfc822", frame.OPAQUE),
        ("multipart/mixed", frame.OPAQUE),
        ("application/pkcs7-mime", frame.OPAQUE),
        ("application/ms-tnef", frame.OPAQUE),
    ],
)  # fmt: skip
def test_a_type_is_believed_only_when_it_is_one_and_does_nothing(claimed, sent):
    assert frame.safe_type(claimed) == sent


def test_an_enclosed_mail_is_a_file_with_its_very_octets():
    content = b"From: a@b.example\n\n\xff\r8 bit\n--=_mb0--\r\n"
    [part] = attached(Enclosure("", "message/rfc822", content))
    assert (part.get_content_type(), part.get_filename(), part.get_content()) == (frame.OPAQUE, "message.eml", content)


def test_attachments_stand_beside_the_bodies():
    mail = composed(attachments=(Enclosure("a.pdf", "application/pdf", b"1"), Enclosure("b.png", "image/png", b"2")))
    message = read(mail.raw)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf", "image/png",
    ]  # fmt: skip
    sound(mail.raw)


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_every_shipped_template_makes_a_sound_mail_in_every_language(template):
    for language in (each for each in REAL.languages if REAL.has(template, each)):
        for facts in SAMPLES[template]:
            mail = composed(template, language, dict(facts))
            sound(mail.raw)
            message = read(mail.raw)
            assert not message.defects
            assert body(message).splitlines()[0].endswith(f"[ref:{TOKEN}]")
