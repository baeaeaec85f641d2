"""A line of an access log, in all the ways in which servers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.report.web.entry import address, escaped, match, moment, plain
from tests.report.web.logs import line

STAMP = "[10/Mar/2026:13:00:00 +0100]"


def parts(text):
    found = match(text.encode())
    return found and tuple(part and part.decode() for part in found.groups())


def test_the_combined_format():
    assert parts(f'192.0.2.1 - anna {STAMP} "GET /en/ HTTP/2.0" 200 5120 "https://a.example/" "Firefox"') == (
        "192.0.2.1 - anna ", "10/Mar/2026:13:00:00 +0100", "GET /en/ HTTP/2.0", "200", "https://a.example/", "Firefox",
    )  # fmt: skip


def test_the_common_format_has_no_agent():
    assert parts(f'192.0.2.1 - - {STAMP} "GET /en/ HTTP/1.0" 304 -')[3:] == ("304", None, None)


def test_more_fields_may_follow():
    assert parts(f'{line()} "192.0.2.9" 0.003')[5] == parts(line())[5]


def test_escaped_quotes_end_nothing():
    found = parts(rf'192.0.2.1 - - {STAMP} "GET /\"x\" HTTP/1.1" 200 1 "-" "a \"quoted\" agent\\"')
    assert found[2] == r"GET /\"x\" HTTP/1.1"
    assert found[5] == r"a \"quoted\" agent\\"


def test_octets_that_are_no_text_are_read():
    assert match(f'192.0.2.1 - - {STAMP} "GET /'.encode() + b'\xff\xfe HTTP/1.1" 200 1 "-" "\xe9"')[6] == b"\xe9"


@pytest.mark.parametrize(("asks", "who"), [
    ("192.0.2.1 - - ", "192.0.2.1"),
    ("2001:db8::1 - - ", "2001:db8::1"),
    ("www.desk.example:443 192.0.2.1 - - ", "192.0.2.1"),
    ("www.desk.example 2001:db8::1 - anna ", "2001:db8::1"),
    ("reader.example - - ", "reader.example"),
    ("192.0.2.1 - anna maria ", "192.0.2.1"),
    ("::ffff:192.0.2.1 - - ", "192.0.2.1"),
])  # fmt: skip
def test_who_asks(asks, who):
    assert address(asks.encode()) == who.encode()


@pytest.mark.parametrize("text", [
    "",
    "hello",
    "192.0.2.1 - - [10/Mar/2026:13:00:00 +0100] GET / 200",
    '192.0.2.1 - - [10/Mar/2026:13:00:00 +0100] "GET / HTTP/1.1" 200 1 "https://cut.exam',
    '192.0.2.1 - - [10/Mar/2026:13:00:00 +0100] "GET / HTTP/1.1" OK 1 "-" "-"',
    "\x00" * 200,
])  # fmt: skip
def test_what_is_no_line(text):
    assert parts(text) is None


def test_a_moment_with_its_offset():
    assert moment(b"10/Mar/2026:13:00:00 +0100") == moment(b"10/Mar/2026:12:00:00 +0000") == 1773144000
    assert moment(b"10/Mar/2026:08:30:00 -0330") == 1773144000


@pytest.mark.parametrize("stamp", [
    b"31/Feb/2026:13:00:00 +0100", b"10/Foo/2026:13:00:00 +0100", b"10/Mar/2026:24:00:00 +0100",
    b"10/Mar/0026:13:00:00 +0100", b"10-Mar-2026 13:00:00 +0100", b"10/Mar/2026:13:61:00 +0100",
])  # fmt: skip
def test_no_moment(stamp):
    with pytest.raises(ValueError):
        moment(stamp)


@given(st.text(alphabet='ab "[]-0:/\t\x00é', max_size=60), st.integers(0, 120))
def test_the_quick_way_reads_as_the_thorough_one(noise, place):
    """Only lines without a backslash go the quick way; on those both must agree."""
    text = (line()[:place] + noise + line()[place:]).encode()
    assert (plain(text) is None) == (escaped(text) is None)
    assert plain(text) is None or plain(text).groups() == escaped(text).groups()
