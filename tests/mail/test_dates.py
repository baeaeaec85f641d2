"""Days that a text names, as each language writes them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.dates import AHEAD, days
from mailflow.mail.lexicon import Lexicons

WRITTEN = date(2026, 11, 18)  # a Wednesday
RULES = {"day.tomorrow": {"tomorrow": 1.0}, "day.week_end": {"end of the week": 1.0}, "day.next_week": {"next week": 1.0},
         "day.month_end": {"end of the month": 1.0}, "day.next_month": {"next month": 1.0},
         "day.year_end": {"end of the year": 1.0}, "day.today": {"today": 1.0}}  # fmt: skip
LANGUAGES = ("en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant")


@pytest.fixture(scope="module")
def lexicons():
    east = {"day.next_week": dict.fromkeys(("来週", "下周", "下週", "下星期"), 1.0)}
    rules = {"en": RULES, "ja": east, "zh": east, "zh-Hant": east}
    return Lexicons({language: rules.get(language, {}) for language in LANGUAGES})


def told(lexicons, text, language="en", written=WRITTEN):
    (heard,) = lexicons.hear("", text, language)
    return sorted({day for day, _ in days(heard, written)})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "by 15 December 2026"),
        ("en", "before December 15th, please"),
        ("en", "the 15th of December"),
        ("en", "due 2026-12-15"),
        ("en", "15/12/2026"),
        ("en", "12/15/2026"),
        ("en", "15.12.26"),
        ("en", "on Tuesday, 15 December"),
        ("en", "on 15 December (a Tuesday)"),
        ("en", "on Tuesday the 15th"),
        ("en", "Dec. 15"),
        ("en", "by mid-December"),
        ("fr", "avant le 15 décembre"),
        ("fr", "mardi 15"),
        ("es", "el martes 15 de diciembre del 2026"),
        ("pt", "terça-feira, dia 15 de dezembro"),
        ("pt", "terça, 15/12"),
        ("fr", "pour le 15 dec. 2026"),
        ("es", "antes del 15 de diciembre de 2026"),
        ("pt", "até 15 de dezembro"),
        ("de", "bis zum 15. Dezember"),
        ("de", "bis 15. Dez. 2026"),
        ("de", "bis zum 15.12."),
        ("de", "bis Dienstag, den 15. 12. 26"),
        ("ja", "12月15日までに"),
        ("ja", "２０２６年１２月１５日まで"),
        ("ja", "令和8年12月15日"),
        ("ja", "12/15までに"),
        ("ja", "12/15(火)必着"),
        ("ja", "12月中旬まで"),
        ("ja", "来月15日まで"),
        ("zh", "请在12月15日之前"),
        ("zh", "十二月十五日前"),
        ("zh", "二〇二六年十二月十五号"),
        ("zh", "下个月15号之前"),
        ("zh", "12月15之前"),
        ("zh", "12月中之前"),
        ("zh-Hant", "115年12月15日"),
        ("zh-Hant", "12/15前回覆"),
        ("zh-Hant", "下個月十五號"),
        ("zh", "2026年12月15号"),
        ("zh-Hant", "民國115年12月15日前"),
        ("vi", "trước ngày 15 tháng 12 năm 2026"),
        ("vi", "trước 15/12"),
        ("vi", "trước ngày 15-12"),
        ("vi", "ngày 15.12"),
        ("vi", "ngày 15 tháng sau"),
        ("vi", "giữa tháng 12"),
        ("th", "ภายในวันที่ 15 ธันวาคม 2569"),
        ("th", "ภายใน ๑๕ ธันวาคม"),
        ("th", "วันที่ 15 เดือนธันวาคม"),
        ("th", "วันที่ 15 เดือนหน้า"),
        ("th", "กลางเดือนธันวาคม"),
        ("th", "15 ธ.ค. 69"),
        ("th", "15/12/69"),
        ("my", "ဒီဇင်ဘာ ၁၅ ရက်"),
        ("ur", "15 دسمبر تک"),
        ("ne", "डिसेम्बर १५ सम्म"),
    ],
)
def test_a_day_is_read_as_its_language_writes_it(lexicons, language, text):
    assert told(lexicons, text, language) == [date(2026, 12, 15)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 11, 18)),
        ("tomorrow", date(2026, 11, 19)),
        ("by Friday", date(2026, 11, 20)),
        ("on Wednesday", date(2026, 11, 25)),
        ("the end of the week", date(2026, 11, 20)),
        ("next week", date(2026, 11, 27)),
        ("the end of the month", date(2026, 11, 30)),
        ("next month", date(2026, 12, 31)),
        ("the end of the year", date(2026, 12, 31)),
        ("3 March", date(2027, 3, 3)),
        ("by the end of February", date(2027, 2, 28)),
        ("the 25th of this month", date(2026, 11, 25)),
        ("Friday the 21st", date(2026, 11, 20)),  # it is none
    ],
)
def test_a_day_without_a_date_is_counted_from_the_day_of_the_mail(lexicons, text, day):
    assert told(lexicons, text) == [day]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("de", "KW 48", date(2026, 11, 27)),
        ("de", "Anfang Dezember", date(2026, 12, 10)),
        ("de", "übermorgen", date(2026, 11, 20)),
        ("de", "Antwort innerhalb von zehn Tagen", date(2026, 11, 28)),
        ("vi", "cuối tháng 11", date(2026, 11, 30)),
        ("vi", "đầu tháng 12", date(2026, 12, 10)),
        ("vi", "trước ngày 25.", date(2026, 11, 25)),
        ("vi", "ngày 5!", date(2026, 12, 5)),
        ("vi", "ngày 25 tháng này", date(2026, 11, 25)),
        ("vi", "thứ 6", date(2026, 11, 20)),
        ("vi", "trả lời trong vòng 2 tuần", date(2026, 12, 2)),
        ("th", "สิ้นเดือนพฤศจิกายน", date(2026, 11, 30)),
        ("th", "ต้นเดือนธันวาคม", date(2026, 12, 10)),
        ("th", "วันที่ 25 นี้", date(2026, 11, 25)),
        ("th", "ภายในวันที่ 5 ค่ะ", date(2026, 12, 5)),
        ("th", "ศุกร์หน้า", date(2026, 11, 27)),
        ("th", "วันพฤหัสนี้", date(2026, 11, 19)),
        ("th", "วันศุกร์ที่ 27", date(2026, 11, 27)),
        ("th", "ตอบกลับภายใน 7 วัน", date(2026, 11, 25)),
        ("ja", "12月末までに", date(2026, 12, 31)),
        ("ja", "12月中にお返事を", date(2026, 12, 31)),
        ("ja", "12月いっぱい", date(2026, 12, 31)),
        ("ja", "今月25日まで", date(2026, 11, 25)),
        ("ja", "今月末まで", date(2026, 11, 30)),
        ("ja", "月末までに", date(2026, 11, 30)),
        ("ja", "来月末", date(2026, 12, 31)),
        ("ja", "来年1月8日まで", date(2027, 1, 8)),
        ("ja", "来年の3月末", date(2027, 3, 31)),
        ("ja", "20日(金)まで", date(2026, 11, 20)),
        ("ja", "20日までに", date(2026, 11, 20)),
        ("ja", "5日までに", date(2026, 12, 5)),
        ("ja", "来週の金曜まで", date(2026, 11, 27)),
        ("ja", "金曜日まで", date(2026, 11, 20)),
        ("ja", "11月20日金曜まで", date(2026, 11, 20)),
        ("ja", "週明けに", date(2026, 11, 23)),
        ("ja", "明後日まで", date(2026, 11, 20)),
        ("ja", "3日以内にご回答ください", date(2026, 11, 21)),
        ("ja", "一週間以内にお返事", date(2026, 11, 25)),
        ("zh", "12月底之前", date(2026, 12, 31)),
        ("zh", "本月底前", date(2026, 11, 30)),
        ("zh", "月底前", date(2026, 11, 30)),
        ("zh", "下月底", date(2026, 12, 31)),
        ("zh", "明年二月二十八日前", date(2027, 2, 28)),
        ("zh", "25号之前", date(2026, 11, 25)),
        ("zh", "周五之前", date(2026, 11, 20)),
        ("zh", "下周一", date(2026, 11, 23)),
        ("zh", "星期天", date(2026, 11, 22)),
        ("zh", "后天之前", date(2026, 11, 20)),
        ("zh", "请在三个工作日内给我们答复", date(2026, 11, 21)),
        ("zh", "两周内回复", date(2026, 12, 2)),
        ("zh-Hant", "這個月30號", date(2026, 11, 30)),
        ("zh-Hant", "十二月下旬", date(2026, 12, 31)),
        ("zh-Hant", "下週五以前", date(2026, 11, 27)),
        ("zh-Hant", "下星期五以前", date(2026, 11, 27)),
        ("zh-Hant", "禮拜五前", date(2026, 11, 20)),
    ],
)
def test_a_japanese_or_chinese_day_is_read_without_spaces(lexicons, language, text, day):
    assert told(lexicons, text, language)[:1] == [day]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "2025年12月15日まで"),
        ("ja", "30日以内の解雇予告"),
        ("ja", "最大30日まで"),
        ("ja", "12月から"),
        ("ja", "令和7年12月15日"),
        ("zh", "第20号之前"),
        ("zh", "三个月内"),
        ("zh", "十三月五日"),
        ("zh", "二月三十日"),
        ("zh", "每月底之前"),
        ("zh", "每周一次"),
        ("zh", "每周五之前"),
        ("zh-Hant", "100十五月十十日"),
    ],
)
def test_a_number_of_days_or_a_day_of_the_past_is_none_in_japanese_or_chinese(lexicons, language, text):
    assert told(lexicons, text, language) == []


def test_a_weekday_of_next_week_is_not_that_of_this_week(lexicons):
    assert told(lexicons, "on Friday next week") == [date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("language", "text"), [("pt", "até 1º de dezembro"), ("es", "el 1.º de diciembre"), ("fr", "le 1er décembre")]
)
def test_the_first_is_written_as_an_ordinal(lexicons, language, text):
    assert told(lexicons, text, language) == [date(2026, 12, 1)]


@pytest.mark.parametrize(
    "text",
    ["31 February 2027", "40 May", "15 December 2025", "in December", "1 May 2031", "99/99/2026", "on 2 October"],
)
def test_what_is_no_day_or_is_over_or_far_away_is_none(lexicons, text):
    assert told(lexicons, text) == []


def test_a_leap_day_is_a_day(lexicons):
    assert told(lexicons, "29 February 2028", written=date(2028, 1, 10)) == [date(2028, 2, 29)]


@given(
    st.text(alphabet="0123456789 /.-年月日號一十月前内周thangDecember令和民國٣೩𝟗", max_size=60),
    st.sampled_from(LANGUAGES),
)
def test_any_digits_give_days_ahead_or_none(lexicons, text, language):
    assert all(day >= WRITTEN and (day - WRITTEN).days <= AHEAD for day in told(lexicons, text, language))
