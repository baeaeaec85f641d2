"""Whatever a mail is made of, it is read: nothing raises, every string can be stored, and the same octets give the same."""

import base64

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.quality.corpus import storable, strings
from mailflow.core.settings import Limits
from mailflow.core.wording import Reason
from mailflow.mail.parse import parse, prescan
from mailflow.mail.worker import packed, unpacked

WINMAIL = base64.encodebytes(
    b"\x78\x9f\x3e\x22\x01\x00\x01\x0c\x80\x02\x00\x06\x00\x00\x00Words\x00\x2b\x02"
    b"\x02\x02\x90\x06\x00\x01\x00\x00\x00\x01\x01\x00\x02\x10\x80\x02\x00\x06\x00\x00\x00a.pdf\x00\xdb\x01"
)
SEEDS = [
    b"""Received: from out.firm.example by mx.desk.example; Mon, 23 Nov 2026 10:00:00 +0000\r
From: =?utf-8?q?Zo=C3=A9?= Petit <zoe@firm.example>\r
To: "Desk, The" <desk@desk.example>, experts: eve@desk.example;\r
Cc: =?iso-8859-1?b?Qulib0E=?= <bob@firm.example> (a (b) c)\r
Subject: =?utf-8?b?5pyA5L2O6LOD6YeR?= =?utf-8?q?_=3F?=\r
Date: Mon, 23 Nov 2026 10:02:03 +0100\r
Message-ID: <1@firm.example>\r
References: <a@firm.example>\r
 <b@firm.example>\r
Content-Type: text/plain; charset=utf-8; format=flowed\r
\r
What is a minimum \r
wage?\r
-- \r
Zo\xc3\xa9\r
> On 1 May 2026 Ann wrote:\r
""",
    b"""From: ann@firm.example
Subject: Files
Content-Type: multipart/mixed; boundary="=_o"

--=_o
Content-Type: multipart/related; boundary="=_r"

--=_r
Content-Type: multipart/alternative; boundary="=_a"

--=_a
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Est-ce l=E9gal ?
--=_a
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>Est-ce <b>l=E9gal</b> ? <img src=3D"cid:p@x"></p><blockquote type=3Dcite>no</blockquote>
--=_a--
--=_r
Content-Type: image/png; name="=?utf-8?q?p=C3=A9.png?="
Content-ID: <p@x>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--=_r--
--=_o
Content-Type: application/pdf
Content-Disposition: attachment; filename*0*=utf-8''r%C3; filename*1*=%A8gle.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjc=
--=_o
Content-Type: message/rfc822

From: bob@x.example
Message-ID: <2@x.example>

old
--=_o--
""",
    b"""Return-Path: <>
From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It could not be delivered to <ann@firm.example>.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ann@firm.example
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

Message-ID: <3@desk.example>
--b--
""",
    b"""From: ann@firm.example
Content-Type: text/plain; charset=iso-2022-jp

\x1b$B:GDcDB6b\x1b(B
begin 644 a.txt
%:&5L;&\\
`
end
-----BEGIN PGP MESSAGE-----

hQ
-----END PGP MESSAGE-----
""",
    b"""From: ann@firm.example
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
SUMMARY:Wages\\n
DESCRIPTION;X=y:long
 er
END:VCALENDAR
""",
    b"From: ann@firm.example\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    + WINMAIL,
]  # fmt: skip


def total(raw):
    """The property that everything else rests on."""
    found = parse(raw)
    assert all(map(storable, strings(found)))
    assert not any("\n" in value for _, value in found.headers)
    assert unpacked(packed(found)) == found == parse(raw)
    assert prescan(raw, Limits()) in (None, Reason.TOO_LARGE)
    return found


@st.composite
def mutated(draw):
    """A seed with a few accidents: octets changed, cut out, repeated, brought in from another mail, lines shuffled."""
    raw = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 40)))
        kind = draw(st.integers(0, 5))
        if kind == 0:
            raw = raw[:start] + draw(st.binary(max_size=4)) + raw[end:]
        elif kind == 1:
            raw = raw[:start] + raw[start:end] * draw(st.integers(0, 3)) + raw[end:]
        elif kind == 2:
            other = draw(st.sampled_from(SEEDS))
            place = draw(st.integers(0, len(other)))
            raw = raw[:start] + other[place : place + draw(st.integers(0, 400))] + raw[end:]
        elif kind == 3:
            lines = raw.split(b"\n")
            count = draw(st.integers(0, min(12, len(lines))))
            raw = b"\n".join([*draw(st.permutations(lines[:count])), *lines[count:]])
        elif kind == 4:
            raw = raw[:start]
        else:
            old, new = draw(
                st.sampled_from([(b"\r\n", b"\n"), (b"\n", b"\r\n"), (b"\n", b"\r"), (b"; ", b" "), (b": ", b" : ")])
            )
            raw = raw.replace(old, new)
    return raw


@settings(deadline=None)
@given(mutated())
def test_any_accident_on_the_way_leaves_a_mail_that_is_read(raw):
    total(raw)


KINDS = ("mixed", "alternative", "related", "signed", "encrypted", "report", "digest", "appledouble", "x-odd")
LEAVES = (
    "text/plain", "text/plain; charset=utf-16", "text/plain; charset=nonsense; format=flowed", "text/html", "text/calendar",
    "text/enriched", "text/rfc822-headers", "message/rfc822", "message/delivery-status", "message/partial",
    "message/external-body; access-type=x", "application/ms-tnef", "application/pkcs7-mime; smime-type=signed-data",
    "image/png; name*=utf-8''%ff", "multipart/mixed", "nonsense", 'text/plain; name="a', "",
)  # fmt: skip
HEADS = ("", "attachment", "inline; filename=a.pdf", "attachment; filename*1*=x", ";", "=?utf-8?q?x?=")
CODINGS = ("", "base64", "quoted-printable", "x-uuencode", "8bit", "nonsense")


@st.composite
def leaves(draw):
    fields = [f"Content-Type: {draw(st.sampled_from(LEAVES))}"]
    fields += [f"Content-Disposition: {head}" for head in [draw(st.sampled_from(HEADS))] if head]
    fields += [f"Content-Transfer-Encoding: {coding}" for coding in [draw(st.sampled_from(CODINGS))] if coding]
    fields += ["Content-ID: <p@x>"] * draw(st.booleans())
    body = draw(
        st.one_of(st.binary(max_size=60), st.sampled_from(SEEDS), st.sampled_from(SEEDS).map(base64.encodebytes))
    )
    return "\n".join(fields).encode() + b"\n\n" + body


def multiparts(parts):
    """Closed or not, with boundaries that may be each other's beginning."""
    made = st.tuples(
        st.sampled_from(KINDS), st.sampled_from(["b", "bb", "b b", ""]), st.lists(parts, max_size=3), st.booleans()
    )
    return made.map(_multipart)


def _multipart(made):
    kind, boundary, parts, closed = made
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\npreamble\n'.encode()
    body = b"".join(b"--" + boundary.encode() + b"\n" + part + b"\n" for part in parts)
    return head + body + (b"--" + boundary.encode() + b"--\nepilogue\n" if closed else b"")


@settings(deadline=None)
@given(st.recursive(leaves(), multiparts, max_leaves=8))
def test_any_tree_of_parts_is_read(tree):
    found = total(b"From: ann@firm.example\nSubject: Wages\n" + tree)
    assert found.sender == "ann@firm.example"
    assert all(part.size == len(part.content) for part in found.attachments)


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw):
    total(raw)


PIECES = [
    b"\r\n", b"\n", b"\r", b": ", b"; ", b'"', b"<", b">", b"@", b"(", b",", b"--b", b"--b--", b"=?utf-8?q?", b"?=", b"=",
    b"From", b"To", b"Subject", b"Date", b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"base64",
    b"multipart/mixed", b"multipart/report", b"multipart/alternative", b"message/rfc822", b"message/delivery-status",
    b"text/html", b"text/plain", b"boundary=b", b"charset=", b"punycode", b"utf-16", b"filename*0*=", b"format=flowed",
    b"<div>", b"<blockquote type=cite>", b"> ", b"On 1 May 10:00 a@b.example wrote:", b"[ref:abcdefghijklmnopqrstuvwxyz234", b"-- ",
    b"\x00", b"\xff", b"\xe9", b"\x1b$B", b"word", b" ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
def test_any_mail_made_of_the_pieces_of_mail_is_read(raw):
    total(raw)
    assert prescan(raw, Limits()) is None
