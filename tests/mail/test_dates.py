"""Days that a text names, as each language writes them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.dates import AHEAD, days
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.names import with_names

WRITTEN = date(2026, 11, 18)  # a Wednesday
RULES = {"day.tomorrow": {"tomorrow": 1.0}, "day.week_end": {"end of the week": 1.0}, "day.next_week": {"next week": 1.0},
         "day.month_end": {"end of the month": 1.0}, "day.next_month": {"next month": 1.0},
         "day.year_end": {"end of the year": 1.0}, "day.today": {"today": 1.0}}  # fmt: skip
LANGUAGES = ("en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant")


@pytest.fixture(scope="module")
def lexicons():
    return Lexicons(with_names({language: RULES if language == "en" else {} for language in LANGUAGES}))


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
        ("fr", "pour le 15 dec. 2026"),
        ("es", "antes del 15 de diciembre de 2026"),
        ("pt", "até 15 de dezembro"),
        ("de", "bis zum 15. Dezember"),
        ("de", "bis 15. Dez. 2026"),
        ("ja", "12月15日までに"),
        ("ja", "２０２６年１２月１５日まで"),
        ("ja", "令和8年12月15日"),
        ("zh", "请在12月15日之前"),
        ("zh", "2026年12月15号"),
        ("zh-Hant", "民國115年12月15日前"),
        ("vi", "trước ngày 15 tháng 12 năm 2026"),
        ("vi", "trước 15/12"),
        ("th", "ภายในวันที่ 15 ธันวาคม 2569"),
        ("th", "ภายใน ๑๕ ธันวาคม"),
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


def test_a_weekday_of_next_week_is_not_that_of_this_week(lexicons):
    assert told(lexicons, "on Friday next week") == [date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("language", "text"), [("pt", "até 1º de dezembro"), ("es", "el 1.º de diciembre"), ("fr", "le 1er décembre")]
)
def test_the_first_is_written_as_an_ordinal(lexicons, language, text):
    assert told(lexicons, text, language) == [date(2026, 12, 1)]


@pytest.mark.parametrize(
    "text", ["31 February 2027", "40 May", "15 December 2025", "in December", "1 May 2031", "99/99/2026"]
)
def test_what_is_no_day_or_is_over_or_far_away_is_none(lexicons, text):
    assert told(lexicons, text) == []


def test_a_leap_day_is_a_day(lexicons):
    assert told(lexicons, "29 February 2028", written=date(2028, 1, 10)) == [date(2028, 2, 29)]


@given(st.text(alphabet="0123456789 /.-年月日號thangDecember令和民國٣೩𝟗", max_size=60), st.sampled_from(LANGUAGES))
def test_any_digits_give_days_ahead_or_none(lexicons, text, language):
    assert all(day >= WRITTEN and (day - WRITTEN).days <= AHEAD for day in told(lexicons, text, language))
