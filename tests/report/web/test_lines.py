"""Files to lines: packed, damaged, very long, and in shares."""

import bz2
import gzip
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.report.web.lines import LONGEST, Share, blocks, shares
from mailflow.report.web.trouble import WebTrouble

TEXT = b"".join(b"line %d\n" % number for number in range(500))


def lines(path, octets=1 << 25, block=1 << 20):
    return [line for share in shares(path, octets) for some in blocks(share, block=block) for line in some]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_is_known_by_its_first_octets(tmp_path, pack):
    log = tmp_path / "access.log.1"
    log.write_bytes(pack(TEXT))
    assert lines(log) == TEXT.splitlines()


@given(
    st.lists(st.binary(max_size=30).map(lambda each: each.replace(b"\n", b""))), st.integers(1, 40), st.integers(1, 40)
)
def test_shares_and_blocks_change_nothing(tmp_path_factory, some, octets, block):
    log = tmp_path_factory.mktemp("log") / "access.log"
    log.write_bytes(b"#" + b"\n".join(some) + b"\n")  # never what begins a packed file
    expected = (b"#" + b"\n".join(some)).split(b"\n")
    assert lines(log, octets, block) == expected


def test_the_last_line_may_lack_its_end(tmp_path):
    log = tmp_path / "access.log"
    log.write_bytes(b"one\ntwo")
    assert lines(log) == [b"one", b"two"]


@pytest.mark.parametrize("block", [1000, LONGEST, 1 << 20])
def test_a_line_that_is_too_long_is_none_and_the_next_is_read(tmp_path, block):
    log = tmp_path / "access.log"
    log.write_bytes(b"a\n" + b"x" * (3 * LONGEST) + b"\n" + b"y" * LONGEST + b"\nb\n")
    assert lines(log, block=block) == [b"a", b"", b"y" * LONGEST, b"b"]


def test_how_far_it_is_is_told_to_the_last_octet(tmp_path):
    log, heard = tmp_path / "access.log", []
    log.write_bytes(TEXT)
    for share in shares(log, 1000):
        assert list(blocks(share, heard.append, block=100))
    assert sum(heard) == len(TEXT)


@pytest.mark.parametrize(("octets", "why"), [
    (gzip.compress(TEXT, mtime=0)[:-20], "damaged"),
    (b"\x1f\x8b nonsense", "damaged"),
    (bz2.compress(TEXT)[:60], "damaged"),
    (lzma.compress(TEXT)[:60], "damaged"),
    (b"PK\x03\x04 and so on", "a ZIP file"),
    (b"\x28\xb5\x2f\xfd and so on", "a Zstandard file"),
])  # fmt: skip
def test_a_file_that_cant_be_read_is_named(tmp_path, octets, why):
    log = tmp_path / "access.log.gz"
    log.write_bytes(octets)
    with pytest.raises(WebTrouble, match=why) as raised:
        lines(log)
    assert str(log) in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(WebTrouble, match="No such file"):
        shares(tmp_path / "missing.log")
    with pytest.raises(WebTrouble, match="No such file"):
        list(blocks(Share(tmp_path / "missing.log", 0, 1)))
