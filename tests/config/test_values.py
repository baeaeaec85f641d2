import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.config.values import DURATIONS, SIZES, normal_address, normal_domain, quantity, written
from mailflow.mail.addresses import normal


@pytest.mark.parametrize(
    ("text", "seconds"), [("0 s", 0), ("60 s", 60), ("10 min", 600), ("2h", 7200), ("1 d", 86_400), ("090 s", 90)]
)
def test_lengths_of_time(text, seconds):
    assert quantity(text, DURATIONS) == seconds


@pytest.mark.parametrize(("text", "octets"), [("0 B", 0), ("128 kB", 128_000), ("25 MB", 25_000_000), ("1GB", 10**9)])
def test_sizes(text, octets):
    assert quantity(text, SIZES) == octets


@pytest.mark.parametrize(
    "text",
    ["", "10", "min", "-1 s", "1.5 h", "1 m", "10  min", " 10 min", "10 min ", "10 MIN", "١٠ min", 10, None, "9" * 13],
)
def test_what_is_no_length_of_time(text):
    with pytest.raises(ValueError):
        quantity(text, DURATIONS)


@given(st.integers(0, 10**12 - 1), st.sampled_from([DURATIONS, SIZES]))
def test_an_amount_is_read_as_it_was_written(amount, units):
    assert quantity(written(amount, units).strip('"'), units) == amount


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ann@example.org", "ann@example.org"),
        ("Ann.Lee+x@EXAMPLE.Org", "Ann.Lee+x@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"),
        ("Jose\u0301@example.org", "Jos\u00e9@example.org"),
        ("ann@localhost", "ann@localhost"),
    ],
)
def test_addresses_in_the_form_in_which_they_are_compared(text, normal):
    assert normal_address(text) == normal
    assert normal_address(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "ann", "ann@", "@example.org", "ann@exa mple.org", "ann lee@example.org", "<ann@example.org>",
        "Ann <ann@example.org>", "ann@example.org, bob@example.org", '"a b"@example.org', "a@b@example.org",
        "ann@-example.org", "ann@example..org", "ann@[192.0.2.1]", "ann\n@example.org", ".ann@example.org",
        "ann@" + "a" * 64 + ".org", "ann@example.org\n",
        "ann@example.org.", "a=?b@example.org", "a" * 129 + "@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address(text):
    with pytest.raises(ValueError):
        normal_address(text)


@given(st.text(max_size=40))
def test_any_text_is_a_domain_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert normal_domain(normal_domain(text)) == normal_domain(text)


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[\w.+-]{1,9}@[\w.-]{1,9}", fullmatch=True)))
def test_an_address_in_the_rules_is_found_in_a_mail_under_the_same_form(text):
    with contextlib.suppress(ValueError):
        assert normal(text) == normal_address(text)
