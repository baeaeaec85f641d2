"""Security rules 15 and 16: no mail costs more than 10 s and 300 MB, and the next one is always handled."""

import base64
import struct
import time
from pathlib import Path

import psutil
import pytest

from mailflow.core.settings import Limits
from mailflow.core.wording import Reason
from mailflow.mail import tnef
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Parsed
from mailflow.mail.worker import ParserProcess
from tests.mail.growth import grows_linearly

SECONDS, OCTETS = 10, 300_000_000
HEAD = b"From: Ann Lee <ann@firm.example>\r\nTo: desk@desk.example\r\nSubject: Wages\r\n"
PLAIN = HEAD + b"Message-ID: <1@firm.example>\r\n\r\nWhat is a wage?\r\n"


@pytest.fixture(scope="module")
def process():
    with ParserProcess(Limits()) as running:
        yield running


def part(kind, body, *, coded=""):
    coding = f"Content-Transfer-Encoding: {coded}\r\n".encode() if coded else b""
    return HEAD + f"Content-Type: {kind}\r\n".encode() + coding + b"\r\n" + body


def mixed(*parts):
    return part("multipart/mixed; boundary=b", b"".join(b"--b\r\n" + each + b"\r\n" for each in parts) + b"--b--\r\n")


def page(html):
    return part("text/html; charset=utf-8", html)


def attribute(name, data, *, claimed=None, level=2):
    size = len(data) if claimed is None else claimed
    return struct.pack("<BHHI", level, name, 6, size) + data + struct.pack("<H", sum(data) & 0xFFFF)


def winmail(*attributes):
    octets = tnef.SIGNATURE + b"\x01\x00" + b"".join(attributes)
    return part("application/ms-tnef; name=winmail.dat", base64.encodebytes(octets), coded="base64")


def compressed(octets):
    return struct.pack("<II4sI", len(octets) + 12, 0, b"LZFu", 0) + octets


def properties(*each, count=None):
    return struct.pack("<I", len(each) if count is None else count) + b"".join(each)


def binary(name, octets):
    return struct.pack("<HHII", 0x102, name, 1, len(octets)) + octets + bytes(-len(octets) % 4)


def nested(levels):
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(levels)
    )


def package_in_package(depth):
    """A mail packed in a mail packed in a mail."""
    inner = package_in_package(depth - 1) if depth else b""
    data = struct.pack("<HHII", 0x0D, 0x3701, 1, 16 + len(inner)) + bytes(16) + inner + bytes(-len(inner) % 4)
    return tnef.SIGNATURE + b"\x01\x00" + attribute(0x9002, b"") + attribute(0x9005, properties(data))


def rtf_in_winmail(rtf):
    packed = struct.pack("<II4sI", 0, len(rtf), b"MELA", 0) + rtf
    return winmail(attribute(0x9003, properties(binary(0x1009, packed)), level=1))


BOMBS = {
    # structure
    "976 kB of empty parts": part("multipart/mixed; boundary=b", b"--b\r\n\r\n" * 139_000 + b"--b--\r\n"),
    "as many parts as are allowed": mixed(*[b"\r\n\xe9 caf\xe9"] * 400),
    "1,000 nested parts": nested(1_000),
    "as many nested parts as are allowed": nested(29) + b"x" * 1_000_000,
    "1,000 nested mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000,
    "disguised nested mails": HEAD + b"Content-Type: (x) message/rfc822\r\n\r\n" * 1_000,
    "500,000 lines": HEAD + b"\r\n" + b"word\r\n" * 499_990,
    "more lines than are allowed": HEAD + b"\r\n" + b"\r\n" * 600_000,
    "lines that nearly are boundaries": part(f"multipart/mixed; boundary={'-' * 69}b", b"\n--" + b"-" * 5_000_000),
    "boundaries without number": part(
        "multipart/mixed; boundary=b", b"".join(b"boundary=x%d\r\n--x%d\r\n" % (n, n) for n in range(20_000))
    ),
    "boundaries to guess": part("multipart/mixed", b"--" + b"\r\n--".join(b"%d" % n for n in range(200_000))),
    # headers
    "20,000 To lines": HEAD + b"To: a@b.example\r\n" * 20_000 + b"\r\n",
    "a continued header": b"X: y\r\n" + b" z\r\n" * 60_000 + HEAD + b"\r\n",
    "as many fields as fit in": b"A:\r\n" * 30_000 + HEAD + b"\r\n",
    "fields that are none": HEAD + b"no field\r\n" * 12_000 + b"Message-ID: <1@x.example>\r\n\r\n",
    "24,000 encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 24_000 + b"\r\n" + HEAD + b"\r\n",
    "encoded words within the limit": b"Subject: " + b"=?utf-8?q?a?= " * 8_000 + b"\r\n" + HEAD + b"\r\n",
    "charsets to guess, word for word": b"Subject: " + b"=?x?q?=E9=F1?= a " * 7_000 + b"\r\n" + HEAD + b"\r\n",
    "charsets to guess, field for field": b"X: caf\xe9\r\n" * 12_000 + HEAD + b"\r\n",
    "encoded words that never end": b"Subject: " + b"=?utf-8?q?a=" * 10_000 + b"\r\n" + HEAD + b"\r\n",
    "question marks in encoded words": b"Subject: =?utf-8?q?" + b"?=AA" * 30_000 + b"\r\n" + HEAD + b"\r\n",
    "10,000 parameters of RFC 2231": part("text/plain" + "".join(f"; a*{n}*=x" for n in range(10_000)), b""),
    "semicolons": part("multipart/mixed" + ";" * 60_000 + "boundary=b", b"--b\r\n\r\nx"),
    "quotes": part('text/plain; name="' + '\\"' * 50_000, b""),
    "100,000 open comments": b"From: " + b"(" * 100_000 + b"\r\n\r\n",
    "1,000 open comments": b"From: " + b"(" * 1_000 + b"\r\n\r\n",
    "an id that is not closed": b"Message-ID: <\r\n" + HEAD + b"\r\n",
    "a quote that is not closed": b'From: "\r\n\r\n',
    "a literal that is not closed": b"From: a@[\r\n\r\n",
    "brackets in References": b"References: " + b"<" * 100_000 + b"\r\n" + HEAD + b"\r\n",
    "a foreign domain without end": b"From: x@" + "ü".encode() * 50_000 + b".example\r\n\r\n",
    "many foreign domains": b"To: " + b",".join("a@ü%d.example".encode() % n for n in range(190)) + b"\r\n" + HEAD + b"\r\n",
    # charsets
    "a charset with a NUL": part('text/plain; charset="\x00"', b"caf\xe9"),
    "punycode": part("text/plain; charset=punycode", b"a" * 300_000),
    "idna": part("text/plain; charset=idna", b"xn--" + b"a" * 300_000),
    "utf-7": part("text/plain; charset=utf-7", b"+2AA-" * 200_000),
    "unicode_escape": part("text/plain; charset=unicode_escape", b"\\N{SPACE}" * 100_000),
    "escapes of Japanese": part("text/plain; charset=iso-2022-jp", b"\x1b$B\x1b(B\xff" * 500_000),
    "UTF-8 with strays": part("text/plain; charset=utf-8", b"\xc3\xa9\xe9" * 1_000_000),
    "halves of surrogates": part("text/plain; charset=utf-16", b"\x00\xd8" * 1_000_000),
    # text
    "quotations": HEAD + b"\r\n" + b">" * 1_000_000 + b"\r\n",
    "attributions": HEAD + b"\r\n" + b"On 1 May 2026 at 10:00 a@b.example wrote:\r\n" * 50_000,
    "beginnings of attributions": HEAD + b"\r\n" + b"On " * 100_000,
    "dashes": HEAD + b"\r\n" + b"-" * 500_000,
    "flowed text": part("text/plain; format=flowed", b"word \r\n" * 400_000),
    "files in the text": HEAD + b"\r\n" + b"begin 644 x\r\n" * 200_000 + b"end\r\n",
    "a file in the text that never ends": HEAD + b"\r\nbegin 644 x\r\n" + (b"M" + b"A" * 60 + b"\r\n") * 300_000,
    "armour that never ends": HEAD + b"\r\n" + b"-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n" * 100_000,
    "base64 that is none, 25 MB": mixed(b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=A==" * 6_200_000),
    "uuencode that is none": part("image/png", b"begin 644 x\r\n" + b"\x60\r\n" * 400_000, coded="x-uuencode"),
    # pages
    "100,000 elements in each other": page(b"<div>" * 100_000),
    "a million attributes": page(b"<p " + b"a=b " * 1_000_000 + b">x</p>"),
    "a million brackets": page(b"<" * 1_000_000),
    "pictures without number": page(b"<img src=cid:a>" * 200_000),
    "comments that never end": page(b"<!--" * 300_000),
    "references of controls": page(b"&#27;" * 300_000),
    # other formats
    "lying lengths in winmail.dat": winmail(attribute(0x9003, properties(count=0xFFFFFFFF)), attribute(0x800C, b"", claimed=0xFFFFFFFF)),
    "attributes of winmail.dat": winmail(attribute(0x800C, b"\xe9") * 700_000),
    "values in winmail.dat": winmail(attribute(0x9003, properties(struct.pack("<HHI", 0x101E, 0x1000, 0xFFFFFFFF) + bytes(4_000_000)))),
    "files in winmail.dat": winmail(attribute(0x9002, b"") * 500_000),
    "packages in packages": winmail(package_in_package(30)[6:]),
    "text that winmail.dat unpacks without end": winmail(
        attribute(0x9003, properties(binary(0x1009, compressed((b"\xff" + b"\x00\x0f" * 8) * 300_000))), level=1)
    ),
    "groups of RTF": rtf_in_winmail(b"{\\rtf1" + b"{" * 2_000_000),
    "character sets of RTF": rtf_in_winmail(b"{\\rtf1" + b"\\ansicpg932\\'ff\\ansicpg936\\'ff" * 60_000),
    "an invitation of one line": part("text/calendar", b"DESCRIPTION:" + b"\\n" * 1_000_000),
}  # fmt: skip


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS)
def test_no_bomb_costs_more_than_its_limit_or_stops_the_next_mail(process, raw):
    process.read(PLAIN)
    worker = psutil.Process(process.pid)
    before = worker.cpu_times()
    began = time.process_time()
    found = process.read(raw)
    assert isinstance(found, Parsed) or found in (Reason.TOO_LARGE, Reason.UNREADABLE)
    assert time.process_time() - began < SECONDS
    if process.pid == worker.pid:
        spent = worker.cpu_times()
        assert spent.user + spent.system - before.user - before.system < SECONDS
        assert peak(worker.pid) < OCTETS
    assert process.read(PLAIN) == parse(PLAIN)


def peak(pid):
    """The most memory that a process has held."""
    status = dict(line.partition(":")[::2] for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) * 1024


# ---------------------------------------------------------------- linear

GROWING = {
    "parts": lambda n: mixed(*[b"\r\nword"] * n),
    "parts in parts": lambda n: nested(n // 20),
    "boundary lines": lambda n: part("multipart/mixed; boundary=b", b"--b\n" * n * 10),
    "fields": lambda n: b"X: y\r\n" * n * 10 + HEAD + b"\r\n",
    "lines that are no fields": lambda n: HEAD + b"no field\r\n" * n * 10 + b"Message-ID: <1@x.example>\r\n\r\n",
    "encoded words": lambda n: b"Subject: " + b"=?utf-8?q?=C3=A9?= a " * n * 3 + b"\r\n" + HEAD + b"\r\n",
    "octets without a charset": lambda n: b"Subject: " + b"=?x?b?6cl5?= a " * n * 3 + b"\r\n" + HEAD + b"\r\n",
    "recipients": lambda n: b"To: " + b"a@b.example, (c) " * n + b"\r\n" + HEAD + b"\r\n",
    "parameters": lambda n: part("text/plain" + "; a=x" * n * 10, b""),
    "references": lambda n: b"References: " + b"<a@b.example> <" * n + b"\r\n" + HEAD + b"\r\n",
    "broken base64": lambda n: part("image/png", b"QUJD=" * n * 100, coded="base64"),
    "uuencode": lambda n: HEAD + b"\r\n" + (b"begin 644 x\r\n#86)C\r\n`\r\nend\r\n" + b"begin 644 x\r\n") * n,
    "armour": lambda n: HEAD + b"\r\n" + b"-----BEGIN PGP MESSAGE-----\r\n" * n * 10,
    "flowed text": lambda n: part("text/plain; format=flowed", b"a \r\n" * n * 10),
    "strange octets": lambda n: part("text/plain; charset=utf-8", b"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xe9" * n * 20),
    "Japanese": lambda n: part("text/plain; charset=iso-2022-jp", b"\x1b$B0!\x1b(B\xff" * n * 10),
    "winmail.dat": lambda n: winmail(attribute(0x800F, b"x") * n * 5),
    "properties": lambda n: winmail(attribute(0x9003, properties(*[binary(0x3FFF, b"x")] * n * 5))),
    "RTF": lambda n: rtf_in_winmail(b"{\\rtf1" + b"{\\f1 a\\u233 ?}" * n * 5),
    "an invitation": lambda n: part("text/calendar", b"SUMMARY:a\\nb\r\nDESCRIPTION;x\r\n" * n * 5),
}


@pytest.mark.parametrize("grown", GROWING.values(), ids=GROWING)
def test_reading_takes_time_in_proportion_to_length(grown):
    half, whole = grown(2_000), grown(4_000)
    assert len(whole) > 1.8 * len(half)
    assert grows_linearly(parse, half, whole)
