"""Whose address the From line names: one reading, or none (security rule 1)."""

import pytest

from mailflow.mail.addresses import addresses_of, normal, sender_of

PLAIN = {
    "bare": ("ann@firm.example", ""),
    "named": ("Ann Lee <ann@firm.example>", "Ann Lee"),
    "quoted name": ('"Lee, Ann" <ann@firm.example>', "Lee, Ann"),
    "name with a dot": ("Dr. Ann Lee <ann@firm.example>", "Dr. Ann Lee"),
    "address as the quoted name": ('"expert@desk.example" <ann@firm.example>', "expert@desk.example"),
    "encoded name": ("=?utf-8?q?expert=40desk=2Eexample?= <ann@firm.example>", "=?utf-8?q?expert=40desk=2Eexample?="),
    "same address twice": ("ann@firm.example <ann@firm.example>", "ann@firm.example"),
    "comment behind": ("ann@firm.example (Ann Lee)", "Ann Lee"),
    "comment between": ("Ann (Sales) <ann@firm.example>", "Ann"),
    "nested comment": ("Ann <ann@firm.example> (a (b) c)", "Ann"),
    "spaces in brackets": ("Ann < ann@firm.example >", "Ann"),
    "folded": ("Ann Lee\r\n <ann@firm.example>", "Ann Lee"),
    "quoted local part": ('"ann"@firm.example', ""),
}


@pytest.mark.parametrize(("line", "name"), PLAIN.values(), ids=PLAIN)
def test_one_address_in_one_from_line_is_the_sender(line, name):
    found = sender_of([line])
    assert (found.address, found.name, found.doubt) == ("ann@firm.example", name, "")


DOUBTFUL = {
    "none": [],
    "two lines": ["ann@firm.example", "ann@firm.example"],
    "two addresses": ["ann@firm.example, bob@firm.example"],
    "another address as the name": ["expert@desk.example <mallory@bad.example>"],
    "text behind the brackets": ["<expert@desk.example>@bad.example"],
    "address behind the brackets": ["<expert@desk.example> mallory@bad.example"],
    "two brackets": ["<expert@desk.example> <mallory@bad.example>"],
    "group": ["experts: expert@desk.example;"],
    "empty group": ["undisclosed-recipients:;"],
    "comment that is another address": ["mallory@bad.example (expert@desk.example)"],
    "comment with brackets": ["mallory@bad.example (<expert@desk.example>)"],
    "comment inside the address": ["expert(x)@desk.example"],
    "comment in the brackets": ["<expert(x)@desk.example>"],
    "encoded word as local part": ["=?utf-8?q?expert?=@desk.example"],
    "encoded word in brackets": ["<=?utf-8?q?expert=40desk.example?=>"],
    "source route": ["<@bad.example:expert@desk.example>"],
    "quoted at sign": ['"expert@desk.example"@bad.example'],
    "second at sign": ["expert@desk.example@bad.example"],
    "unquoted comma": ["Lee, Ann <ann@firm.example>"],
    "open quote": ['"'],
    "open bracket": ["Ann <ann@firm.example"],
    "open comments": ["(" * 10_000],
    "address literal": ["a@["],
    "null": ["expert\x00@desk.example"],
    "space in the address": ["<expert @desk.example>"],
    "tab in the domain": ["<expert@desk.\texample>"],
    "no at sign": ["expert"],
    "empty": [""],
    "empty domain": ["expert@"],
    "empty label": ["expert@desk..example"],
    "zero-width space": ["exp\u200bert@desk.example".encode().decode("ascii", "surrogateescape")],
    "octets that are no text": ["expert@desk\udcff.example"],
}


@pytest.mark.parametrize("lines", DOUBTFUL.values(), ids=DOUBTFUL)
def test_in_any_doubt_there_is_no_sender_and_the_doubt_is_said(lines):
    found = sender_of(lines)
    assert found.address == ""
    assert found.doubt


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Ann@Firm.EXAMPLE", "Ann@firm.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("u\u0308ber@firm.example", "\u00fcber@firm.example"),
        ("john..doe@firm.example", "john..doe@firm.example"),
        ("ann+desk@localhost", "ann+desk@localhost"),
    ],
)
def test_addresses_compare_by_exact_local_part_and_lower_case_a_labels(written, compared):
    assert normal(written) == compared


def test_a_domain_that_looks_like_another_is_another():
    assert normal("expert@desk.example") != normal("expert@d\u0435sk.example")  # a Cyrillic letter


def test_lists_are_read_leniently_and_groups_are_flattened():
    lines = [
        '"Lee, Ann" <ann@firm.example>, bob@firm.example; "x" <@bad>, experts: eve@firm.example, <ann@firm.example>;'
    ]
    defects = []
    assert addresses_of(lines, defects) == ("ann@firm.example", "bob@firm.example", "eve@firm.example")
    assert defects == ["an address of To or Cc is unreadable"]


def test_a_list_without_anybody_is_no_defect():
    defects = []
    assert addresses_of(["undisclosed-recipients:;", ""], defects) == ()
    assert defects == []
