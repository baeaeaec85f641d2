"""From bytes to a parsed mail: nothing raises, nothing is lost, every repair is told."""

from datetime import UTC, datetime

import pytest

from mailflow.core.settings import Limits
from mailflow.core.wording import Reason
from mailflow.mail.parse import parse, prescan

TOKEN = "abcdefghijklmnopqrstuvwxyz234"


def mail(body="", *fields, sender="Ann Lee <ann@firm.example>"):
    head = "\r\n".join((f"From: {sender}", "To: desk@desk.example", "Subject: Wages", *fields))
    return f"{head}\r\n\r\n".encode() + (body.encode() if isinstance(body, str) else body).replace(b"\n", b"\r\n")


def multipart(kind, *parts, fields=()):
    typed = f"Content-Type: multipart/{kind}; boundary=b"
    return mail("".join(f"--b\n{part}\n" for part in parts) + "--b--\n", typed, *fields)


REPLY = ("In-Reply-To: <1@desk.example>",)
PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n"


# ---------------------------------------------------------------- headers


def test_a_plain_mail_is_read_whole():
    found = parse(
        mail(
            "What is a minimum wage?\n",
            "Cc: bob@firm.example, Eve <eve@Firm.Example>",
            "Message-ID: <1@firm.example>",
            "Date: Mon, 23 Nov 2026 10:02:03 +0100",
            "In-Reply-To: <c@x.example>",
            "References: <a@x.example> <b@x.example>\r\n <c@x.example>",
            "Return-Path: <Bounce+1@firm.example>",
        )
    )
    assert found.message_id == "<1@firm.example>"
    assert found.date == datetime(2026, 11, 23, 9, 2, 3, tzinfo=UTC)
    assert (found.sender, found.name, found.sender_doubt) == ("ann@firm.example", "Ann Lee", "")
    assert (found.to, found.cc) == (("desk@desk.example",), ("bob@firm.example", "eve@firm.example"))
    assert found.references == ("<a@x.example>", "<b@x.example>", "<c@x.example>")
    assert found.return_path == "Bounce+1@firm.example"
    assert (found.subject, found.text, found.body) == ("Wages", "What is a minimum wage?", "What is a minimum wage?")
    assert found.headers[0] == ("from", "Ann Lee <ann@firm.example>")
    assert found.content_types == ("text/plain",)
    assert found.defects == ()


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?q?Salaire_minimum_=C3=A9gal?=", "Salaire minimum égal"),
        ("=?utf-8?b?5pyA5L2O?= =?utf-8?b?6LOD6YeR?=", "最低賃金"),
        ("=?utf-8?b?5pyA5L2O?=\r\n =?utf-8?b?6LOD6YeR?= (1)", "最低賃金 (1)"),
        ("=?utf-8?b?5pyA5L2=?= =?utf-8?b?OIPg==?=", None),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9gal?=", "égal"),
        ("=?iso-2022-jp?b?GyRCREI2YhsoQg==?=", "賃金"),
        ("=?utf-8*en?q?wage?= and =?unknown?q?hours?=", "wage and hours"),
        ("=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("Salaire égal", "Salaire égal"),
        ("two\r\n lines", "two lines"),
        ("a = ? b ?=", "a = ? b ?="),
        ("=?utf-8?q?Is_it_legal?=3F?= (1)", "Is it legal?? (1)"),
        ("=?utf-8?q?a b?=", "a b"),
        ("=?utf-8?b?w6ln*YWw?=", "égal"),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        ("", ""),
    ],
)
def test_subjects_are_decoded_to_one_line(raw, subject):
    found = parse(f"From: ann@firm.example\r\nSubject: {raw}\r\n\r\n".encode()).subject
    assert "\n" not in found
    assert subject is None or found == subject


def test_a_display_name_is_decoded_only_after_the_address_was_read():
    found = parse(mail(sender="=?utf-8?q?expert=40desk=2Eexample_=3Cx=3E?= <ann@firm.example>"))
    assert (found.sender, found.name) == ("ann@firm.example", "expert@desk.example <x>")


@pytest.mark.parametrize("sender", ["expert@desk.example <mallory@bad.example>", "<expert@desk.example>@bad.example"])
def test_a_from_line_that_reads_two_ways_names_nobody(sender):
    found = parse(mail(sender=sender))
    assert found.sender == ""
    assert found.sender_doubt


def test_two_from_lines_name_nobody():
    assert parse(b"From: expert@desk.example\r\n" + mail()).sender == ""


def test_a_bare_carriage_return_in_the_header_hides_no_second_from_line():
    found = parse(b"X: y\rFrom: expert@desk.example\r\r\r\n" + mail("Hello"))
    assert found.sender == ""
    assert "carriage returns" in found.sender_doubt
    assert "Hello" in found.body


@pytest.mark.parametrize(("line", "path"), [("<>", ""), ("<a@b.example>", "a@b.example"), ("nobody", None)])
def test_the_null_path_is_told_from_no_path(line, path):
    assert parse(mail("", f"Return-Path: {line}")).return_path == path
    assert parse(mail()).return_path is None


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("Mon, 23 Nov 2026 10:02:03 -0500", 15),
        ("23 Nov 2026 10:02:03", 10),
        ("Mon, 23 Nov 2026 10:02:03 -0000", 10),
        ("Mon, 23 Nov 2026 10:02:03 +0900 (JST)", 1),
        ("yesterday", None),
        ("Mon, 99 Nov 2026 10:02:03 +0000", None),
        ("Mon, 23 Nov 99999 10:02:03 +0000", None),
        ("Mon, 23 Nov 2026 10:02:03 +99999999", None),
        ("Mon, 23 Nov 2026 10:02:03 GMT+0200", 8),
        ("Mon, 23 Nov 2026 10:02:03 UTC+2", 8),
        ("2026-11-23T10:02:03+02:00", 8),
        ("2026/11/23 10:02:03", 10),
    ],
)
def test_dates_become_utc_or_none(line, hour):
    date = parse(mail("", f"Date: {line}")).date
    assert (date.hour if date else None) == hour
    assert date is None or date.tzinfo is UTC


@pytest.mark.parametrize(
    ("raw", "found"),
    [("<a@b>", "<a@b>"), ("a@b", "<a@b>"), ("<", ""), ("<a\r\n b@c>", "<ab@c>"), ("<a@b> <c@d>", "<a@b>")],
)
def test_a_message_id_has_its_brackets(raw, found):
    assert parse(mail("", f"Message-ID: {raw}")).message_id == found


def test_thousands_of_references_are_bounded_and_the_newest_stay():
    line = "".join(f" <{number}@x.example>" for number in range(3_000))
    found = parse(mail("", f"References:{line}")).references
    assert len(found) == 200
    assert found[-1] == "<2999@x.example>"


# ---------------------------------------------------------------- bodies


def test_the_plain_form_is_preferred_and_the_html_form_says_the_same_richly():
    found = parse(multipart("alternative", PLAIN + "It is *legal*.\n", HTML + "<p>It is <b>legal</b>.</p>"))
    assert (found.body, found.text) == ("It is *legal*.", "It is *legal*.")
    assert found.rich == "<p>It is <b>legal</b>.</p>"
    assert found.content_types == ("multipart/alternative", "text/plain", "text/html")


@pytest.mark.parametrize("stub", ["", " \n", "Your program can't show this mail."])
def test_a_stub_gives_way_to_the_html_form(stub):
    page = "<p>" + "The whole question stands here, in many words. " * 20 + "</p>"
    assert "whole question" in parse(multipart("alternative", PLAIN + stub, HTML + page)).text


@pytest.mark.parametrize(
    "stub", ["Your mail client does not support HTML.", "Ce message est au format HTML.", "[image: a.png]"]
)
def test_a_stub_gives_way_to_a_short_html_form_too(stub):
    page = "<p>May an employer dismiss a <b>pregnant</b> worker, and on what grounds?</p>"
    assert "pregnant worker" in parse(multipart("alternative", PLAIN + stub, HTML + page)).text


@pytest.mark.parametrize("plain", ["Is it *legal*? https://a.example/law", "合法\nですか", "It is legal."])
def test_a_short_plain_form_that_says_what_the_html_says_stays(plain):
    page = "<p>Dear all, is it <b>legal</b>? See <a href='https://a.example/law'>here</a>.</p><p>合法ですか。It is legal, I think.</p>"
    assert parse(multipart("alternative", PLAIN + plain, HTML + page)).text == plain


def test_html_that_says_something_else_is_not_the_rich_form():
    assert parse(multipart("alternative", PLAIN + "It is legal.", HTML + "<p>It is illegal.</p>")).rich == ""


def test_the_rich_form_is_cut_where_the_text_is_cut():
    page = '<div>It is <i>legal</i>.</div><br><div class="gmail_quote"><div class="gmail_attr">On 1 May 2026 at 10:02, Desk <a@b.example> wrote:<br></div><blockquote class="gmail_quote"><p>Internal</p></blockquote></div>'
    plain = "It is *legal*.\n\nOn 1 May 2026 at 10:02, Desk <a@b.example> wrote:\n> Internal\n"
    found = parse(multipart("alternative", PLAIN + plain, HTML + page, fields=REPLY))
    assert (found.text, found.rich) == ("It is *legal*.", "<div>It is <i>legal</i>.</div>")


def test_quotations_marked_in_html_alone_are_cut_from_both_forms():
    page = '<p>It is legal.</p><hr><div id="divRplyFwdMsg">Desk am Montag</div><p>Internal</p>'
    found = parse(multipart("alternative", PLAIN + "It is legal.\nDesk am Montag\nInternal", HTML + page, fields=REPLY))
    assert (found.text, found.rich) == ("It is legal.", "<p>It is legal.</p>")
    assert "Internal" in found.body


@pytest.mark.parametrize("fields", [(), ("Subject: Re: Wages",), REPLY])
def test_what_a_mail_that_is_no_reply_quotes_is_given_to_us(fields):
    """Somebody pastes a thread into a new mail, and asks below it."""
    text = "Please see this:\n\nJo Roe <jo@firm.example> wrote on 3 May 2026 at 10:12:\n\nNo overtime is paid.\n\nIs that legal?"
    found = parse(
        mail(text, *fields).replace(b"Subject: Wages\r\n", b"") if "Subject" in str(fields) else mail(text, *fields)
    )
    assert ("Is that legal?" in found.text) is (not fields)
    assert (found.given > 0) is (not fields)


def test_from_our_marker_on_the_html_form_is_cut_too():
    ours = f"Please write above this line [ref:{TOKEN}]"
    page = f"<p>It is <b>legal</b>.</p><div><p>{ours}</p><p>Internal</p></div>"
    found = parse(multipart("alternative", PLAIN + f"It is legal.\n\n{ours}\nInternal", HTML + page))
    assert (found.text, found.rich) == ("It is legal.", "<p>It is <b>legal</b>.</p>")


def test_html_alone_becomes_text():
    found = parse(mail("<h1>Wages</h1><ul><li>one<li>two</ul>", "Content-Type: text/html"))
    assert found.text == "Wages\n\n- one\n- two"
    assert "<li>one</li>" in found.rich


def test_passages_around_a_picture_are_one_text():
    found = parse(
        multipart(
            "mixed", PLAIN + "Before.", "Content-Type: image/png\nContent-Disposition: inline\n\nx", PLAIN + "After."
        )
    )
    assert found.text == "Before.\n\nAfter."
    assert [part.inline for part in found.attachments] == [True]


def test_flowed_lines_become_paragraphs():
    text = "What is a minimum \nwage in Nepal?\n\n> quoted \n> words\n-- \nAnn"
    found = parse(mail(text, "Content-Type: text/plain; format=flowed"))
    assert found.body == "What is a minimum wage in Nepal?\n\n> quoted words\n-- \nAnn"


def test_text_outside_the_parts_is_not_lost():
    found = parse(mail("What is a wage?\n--b--\n", "Content-Type: multipart/mixed; boundary=b"))
    assert "What is a wage?" in found.text
    assert found.defects


def test_a_multipart_without_parts_is_read_as_text():
    assert "What is a wage?" in parse(mail("What is a wage?", "Content-Type: multipart/mixed")).text


# ---------------------------------------------------------------- attachments


def test_attachments_are_kept_whole_and_measured():
    found = parse(
        multipart(
            "mixed",
            PLAIN + "See the file.",
            'Content-Type: application/pdf; name="rule.pdf"\nContent-Transfer-Encoding: base64\n\naGVsbG8=',
        )
    )
    (part,) = found.attachments
    assert (part.name, part.type, part.size, part.content, part.inline) == (
        "rule.pdf",
        "application/pdf",
        5,
        b"hello",
        False,
    )
    assert part.attachment.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a.pdf", "a.pdf"),
        ("attachment; filename*=utf-8''r%C3%A8gle.pdf", "règle.pdf"),
        ("attachment; filename*=iso-8859-1''r%C3%A8gle.pdf", "règle.pdf"),
        ("attachment; filename*=utf-8''r%E8gle.pdf", "règle.pdf"),
        ("attachment; filename*0=one; filename*1=two.pdf", "onetwo.pdf"),
        ("attachment filename=a.pdf", "a.pdf"),
        ('attachment; size="5" filename="a.pdf"', "a.pdf"),
        ('attachment; filename="r%C3%A8gle.pdf"', "règle.pdf"),
        ('attachment; filename="100%25.pdf"', "100%25.pdf"),
        ("attachment; filename*=utf-8''r%C3%A8gle.pdf; filename=\"lie.exe\"", "règle.pdf"),
        ("attachment; filename*0*=utf-8''r%C3; filename*1*=%A8gle.pdf", "règle.pdf"),
        ('attachment; filename="=?utf-8?q?r=C3=A8gle.pdf?="', "règle.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        (r'attachment; filename="C:\\Users\\ann\\a.pdf"', "a.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ("attachment; filename=", ""),
        ("attachment; =; ;;; filename*x=y", ""),
        ("attachment; filename*999999999999=y", ""),
    ],
)
def test_lesson_5_names_of_files_are_read_however_they_were_written(disposition, name):
    found = parse(multipart("mixed", f"Content-Type: application/pdf\nContent-Disposition: {disposition}\n\nx"))
    assert [part.name for part in found.attachments] == [name]


def test_a_mail_inside_a_mail_is_a_file_as_it_was():
    inner = "From: Bob   <bob@firm.example>\nSubject: =?utf-8?q?=C3=A9?=\n  folded\n\nOld words.\n"
    found = parse(multipart("mixed", PLAIN + "See below.", "Content-Type: message/rfc822\n\n" + inner))
    (part,) = found.attachments
    assert part.content == inner.replace("\n", "\r\n").encode()
    assert found.text == "See below."


def test_an_invitation_is_a_file_and_not_the_text():
    found = parse(
        multipart("alternative", PLAIN + "Meeting", "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR")
    )
    assert found.text == "Meeting"
    assert [part.type for part in found.attachments] == ["text/calendar"]


# ---------------------------------------------------------------- lesson 5: charsets and broken mail


@pytest.mark.parametrize(
    "encoding", ["8bit", "binary", "no-such-encoding", "BASE64 ", '"quoted-printable"', "7bit (x)"]
)
def test_lesson_5_odd_transfer_encodings_lose_no_words(encoding):
    body = "V2FnZXM=" if "BASE64" in encoding else "Wages"
    assert parse(mail(body, f"Content-Transfer-Encoding: {encoding}")).text == "Wages"


def test_lesson_5_a_repair_is_told():
    found = parse(mail("Être payé en espèces".encode("cp1252"), "Content-Type: text/plain; charset=us-ascii"))
    assert found.text == "Être payé en espèces"
    assert any("guessed" in defect for defect in found.defects)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"\x00",
        b"no header at all",
        b'From: "',
        b"From: a@[\r\nMessage-ID: <\r\n\r\n",
        mail("x\udcff".encode("utf-8", "surrogateescape"), 'Content-Type: text/plain; charset="\x00"'),
        mail("x\x00y\n"),
        mail("+2AA-", "Content-Type: text/plain; charset=utf-7"),
        mail("x", "Content-Type: multipart/mixed; boundary="),
        mail("x", "Content-Type: message/delivery-status"),
        mail("begin 644 x\nM", "Content-Transfer-Encoding: x-uuencode"),
        mail("=", "Content-Transfer-Encoding: quoted-printable"),
        b"From: ann@firm.example\rSubject: old line ends\r\rWages",
        b"\xef\xbb\xbf\r\n" + mail("Wages"),
    ],
)
def test_lesson_5_no_bytes_raise_and_every_string_is_valid(raw):
    _check(raw)


def _check(raw):
    found = parse(raw)
    for text in (found.subject, found.body, found.text, found.quoted, found.rich, found.name, str(found.headers)):
        assert text.encode().decode() == text
        assert "\x00" not in text
    assert not any("\n" in value or "\r" in value for _, value in found.headers)
    return found


def test_multiparts_nested_beyond_any_reader_end_somewhere():
    found = _check(nested(200))
    assert found.sender == "ann@firm.example"
    assert "nested too deep" in found.defects


def test_mails_nested_beyond_any_reader_are_one_file():
    found = _check(mail("x", *["Content-Type: message/rfc822\r\n"] * 3_000))
    assert found.sender == "ann@firm.example"
    assert [part.type for part in found.attachments] == ["message/rfc822"]


# ---------------------------------------------------------------- limits


def nested(levels):
    return mail(
        "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(levels)),
        "Content-Type: multipart/mixed; boundary=b0",
    )


LIMITS = Limits(mail_bytes=300_000, header_bytes=10_000, lines=1_000, addresses=20, depth=30, parts=50)
BEYOND = {
    "bytes": mail("x" * 300_000),
    "header": mail("", "X-Long: " + "x" * 10_000),
    "header without a body": b"X: y\r\n" * 2_000,
    "lines": mail("\n" * 1_001),
    "addresses in one line": mail("", "Cc: " + ", ".join(f"a{n}@b.example" for n in range(30))),
    "addresses in many lines": mail("", *[f"Cc: a{n}@b.example" for n in range(30)]),
    "addresses folded": mail("", "Cc: " + ",\r\n ".join(f"a{n}@b.example" for n in range(30))),
    "depth": nested(40),
    "mails in mails": mail("", *["Content-Type: message/rfc822\r\n"] * 40),
    "folded mails in mails": mail("", *["Content-Type:\r\n message/rfc822\r\n"] * 40),
    "parts": multipart("mixed", *["\n"] * 60),
}


@pytest.mark.parametrize("raw", BEYOND.values(), ids=BEYOND)
def test_a_mail_beyond_a_limit_is_told_before_it_is_parsed(raw):
    assert prescan(raw, LIMITS) is Reason.TOO_LARGE


WITHIN = {
    "plain": mail("What is a wage?\n" * 50),
    "parts": multipart("mixed", *[PLAIN + "x"] * 40),
    "depth": nested(20),
    "long references": mail("", "References: " + " ".join(f"<{n}@x.example>" for n in range(100))),
    "dashes": mail("-- \n" * 500),
}


@pytest.mark.parametrize("raw", WITHIN.values(), ids=WITHIN)
def test_a_mail_within_the_limits_passes(raw):
    assert prescan(raw, LIMITS) is None
