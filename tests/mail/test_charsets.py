"""Lesson 5: octets become text whatever their label says, and every repair is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.charsets import clean, decode

FRENCH = "Le salaire minimum légal a-t-il été versé aux employés à temps partiel ? Où puis-je trouver la règle exacte ?"
RUSSIAN = "Скажите, пожалуйста, как рассчитывается минимальная заработная плата на предприятии."
CHINESE = "请问最低工资标准是如何规定的？我们公司在中国有三家工厂。"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "ISO-8859-1"),
        ("“quoted” – 5 €", "windows-1252"),
        ("Tiền lương", "utf-8"),
        ("Tiê\u0300n", "windows-1258"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb2312"),
        (CHINESE, "GB18030"),
        ("最低賃金について", "iso-2022-jp"),
        ("最低賃金について", "Shift_JIS"),
        ("最低工資", "big5"),
        ("ค่าจ้าง", "tis-620"),
        ("최저임금", "ks_c_5601-1987"),
        ("wage", "us-ascii"),
    ],
)
def test_a_truthful_label_is_followed_without_a_defect(text, label):
    codec = {"windows-1258": "cp1258", "ks_c_5601-1987": "cp949"}.get(label, label)
    assert decode(text.encode(codec), label) == (text, "")


@pytest.mark.parametrize("label", ["iso-8859-1", "us-ascii", "big5", "iso-2022-jp", "gb2312", "", "no-such-charset"])
def test_lesson_5_utf8_is_recognised_under_a_lying_label(label):
    text, defect = decode(CHINESE.encode(), label)
    assert text == CHINESE
    assert defect


@pytest.mark.parametrize("label", ["", "us-ascii", "utf-8", "x-unknown"])
@pytest.mark.parametrize(
    ("text", "codec"), [(FRENCH, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (CHINESE, "gb18030")]
)
def test_lesson_5_a_missing_or_false_label_is_guessed(text, codec, label):
    found, defect = decode(text.encode(codec), label)
    assert found == text
    assert "guessed" in defect


def test_lesson_5_two_letters_in_gbk_are_not_taken_for_utf8():
    assert decode(b"\xc4\xa3", "gbk") == (b"\xc4\xa3".decode("gbk"), "")


def test_lesson_5_characters_of_vendors_in_japanese_mail_are_read():
    octets = b"\x1b$B-!\x1b(B wages \x1b(I1\x1b(B"
    text, defect = decode(octets, "iso-2022-jp")
    assert text == "① wages ｱ"
    assert defect


def test_lesson_5_japanese_without_a_label_is_read():
    assert decode("賃金".encode("iso-2022-jp"))[0] == "賃金"


@pytest.mark.parametrize(
    "label", ["idna", "punycode", "unicode_escape", "zip", "rot13", "mbcs", "undefined", "\x00", "../x"]
)
def test_a_codec_that_is_no_charset_of_mail_is_never_used(label):
    text, defect = decode("wage \\u0041 é".encode(), label)
    assert text == "wage \\u0041 é"
    assert defect


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [FRENCH, CHINESE + "\n" + FRENCH])
def test_text_of_two_octets_a_letter_is_read_with_its_label_and_mostly_without(codec, text):
    octets = text.encode(codec)
    assert decode(octets, codec) == (text, "")
    if codec != "utf-32" and (octets.startswith(b"\xff\xfe") or text is FRENCH):
        assert decode(octets, "utf-8")[0] == text
        assert decode(octets, "")[1]


def test_text_of_one_octet_a_letter_is_not_read_as_two():
    assert decode(b"What is a wage?", "utf-16") == ("What is a wage?", "UTF-8 text was labelled utf-16")


def test_lesson_5_utf8_that_is_cut_in_the_middle_of_a_letter_loses_that_letter_alone():
    octets = CHINESE.encode()[:-1]
    assert decode(octets, "utf-8") == (CHINESE[:-1], "UTF-8 text is cut in the middle of a letter")


def test_lesson_5_a_foreign_passage_in_utf8_is_read_as_what_it_mostly_is():
    text, defect = decode(FRENCH.encode() + b" caf\xe9.", "utf-8")
    assert text == f"{FRENCH} café."
    assert defect == "UTF-8 text with octets that are none"


@pytest.mark.parametrize("label", ["gb2312", "big5", "shift_jis", "euc-kr"])
def test_lesson_5_one_wrong_octet_spoils_one_letter(label):
    text = {
        "gb2312": CHINESE,
        "big5": "最低工資標準是如何規定的請問",
        "shift_jis": "最低賃金について教えて",
        "euc-kr": "최저임금에 대해 알려 주세요",
    }[label] * 3
    found, defect = decode(text.encode(label) + b"\x81.", label)
    assert found.startswith(text)
    assert len(found) <= len(text) + 2
    assert "outside" in defect


def test_lesson_5_a_charset_that_the_mail_names_elsewhere_goes_before_a_guess():
    assert decode("Réf.".encode("cp850"), "", "cp850")[0] == "Réf."
    assert decode("Зарплата".encode("koi8-r"), "x-unknown", "koi8-r")[0] == "Зарплата"
    assert decode("Réf.".encode("cp1252"), "", guess=False)[0] == "Réf."


def test_japanese_that_never_leaves_its_first_charset_is_guessed():
    assert "\ufffd" not in decode(b"caf\x8e", "iso-2022-jp")[0]


def test_the_second_block_of_controls_stands_for_what_windows_has_there():
    assert clean("\x93quoted\x94 \x96 \x80 \x81") == "“quoted” – € "
    assert clean("a\ufeffb") == "ab"


def test_no_control_characters_surrogates_or_foreign_line_ends_are_left():
    assert clean("a\x00b\r\nc\rd\ud800\x1e\x1f\x7f\te") == "ab\nc\nd\ufffd\te"


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-8", "utf-7", "utf-16", "iso-2022-jp", "hz", "gb2312", "big5", "cp1252"]),
)
def test_any_octets_become_text_that_utf8_can_carry(octets, label):
    text, _ = decode(octets, label)
    assert text.encode().decode() == text
    assert "\x00" not in text
    assert "\r" not in text
