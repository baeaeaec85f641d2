"""Days as Urdu, Nepali and Burmese name them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.dates import AHEAD, days
from mailflow.mail.dates_nepali import from_nepali, length_of, to_nepali
from mailflow.mail.lexicon import Lexicons
from tests.mail.growth import grows_linearly

WRITTEN = date(2026, 11, 18)  # a Wednesday; 2 Mangsir 2083
NEXT_WEEK = {"ur": "اگلے ہفتے", "ne": "अर्को हप्ता*", "my": "နောက်အပတ်"}


@pytest.fixture(scope="module")
def lexicons():
    return Lexicons({language: {"day.next_week": {word: 1.0}} for language, word in NEXT_WEEK.items()})


def told(lexicons, text, language, written=WRITTEN):
    (heard,) = lexicons.hear("", text, language)
    return sorted({day.isoformat() for day, _ in days(heard, written)})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("یکم دسمبر تک", "2026-12-01"),
        ("پندرہ دسمبر ۲۰۲۶ تک", "2026-12-15"),
        ("دسمبر کی ۱۵ تاریخ تک", "2026-12-15"),
        ("دسمبر کی پندرہ تاریخ تک", "2026-12-15"),
        ("نومبر کے آخر تک", "2026-11-30"),
        ("دسمبر کے وسط میں", "2026-12-15"),
        ("دسمبر کے آغاز میں", "2026-12-10"),
        ("اس مہینے کی 25 تاریخ", "2026-11-25"),
        ("اگلے ماہ کی 5 تاریخ تک", "2026-12-05"),
        ("25 تاریخ تک", "2026-11-25"),
        ("10 تاریخ تک", "2026-12-10"),
        ("پرسوں تک", "2026-11-20"),
        ("جمعے تک", "2026-11-20"),
        ("بروز ہفتہ", "2026-11-21"),
        ("اگلے ہفتے جمعے تک", "2026-11-27"),
        ("دس دن کے اندر جواب دیں", "2026-11-28"),
        ("جواب دو ہفتے کے اندر دیں", "2026-12-02"),
    ],
)
def test_urdu_days(lexicons, text, day):
    assert day in told(lexicons, text, "ur")


@pytest.mark.parametrize(
    "text", ["ایک ہفتہ تک", "دسمبر میں 20 لوگ", "31 نومبر", "دس دن کے اندر کام ختم ہو گا", "15 دسمبر 2023"]
)
def test_what_is_no_day_in_urdu(lexicons, text):
    assert told(lexicons, text, "ur") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("मंसिर १५ गतेसम्म", "2026-12-01"),
        ("१५ मंसिर २०८३", "2026-12-01"),
        ("२०८३ साल मंसिर १५ गते", "2026-12-01"),
        ("२०८३/०८/१५ सम्म", "2026-12-01"),
        ("२०८३-०८-१५ सम्म", "2026-12-01"),
        ("पुस मसान्तसम्म", "2027-01-14"),
        ("मंसिरको अन्त्यसम्म", "2026-12-15"),
        ("यही २५ गतेसम्म", "2026-12-11"),
        ("१ गतेसम्म", "2026-12-16"),
        ("मंसिर एघार गतेसम्म", "2026-11-27"),
        ("एघार गतेभित्र", "2026-11-27"),
        ("अर्को महिनाको ५ गते", "2026-12-20"),
        ("डिसेम्बर महिनाको १५ तारिख", "2026-12-15"),
        ("१५ डिसेम्बरसम्म", "2026-12-15"),
        ("15 december सम्म", "2026-12-15"),
        ("नोभेम्बरको अन्त्यसम्म", "2026-11-30"),
        ("यही २५ तारिखसम्म", "2026-11-25"),
        ("पर्सिसम्म", "2026-11-20"),
        ("शुक्रबारसम्म", "2026-11-20"),
        ("अर्को हप्ताको शुक्रवारसम्म", "2026-11-27"),
        ("१० दिनभित्र जवाफ पाऊँ", "2026-11-28"),
        ("जवाफ दुई हप्ताभित्र", "2026-12-02"),
    ],
)
def test_nepali_days(lexicons, text, day):
    assert told(lexicons, text, "ne") == [day]


@pytest.mark.parametrize(
    "text", ["मेसिन १५ वटा", "मंसिर ३५ गते", "२०७९ मंसिर १५ गते", "२०८३/१३/१५ सम्म", "१० दिनभित्र काम सकियो"]
)
def test_what_is_no_day_in_nepali(lexicons, text):
    assert told(lexicons, text, "ne") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ဒီဇင်ဘာလ ၁၅ ရက်", "2026-12-15"),
        ("ဒီဇင်ဘာလ (၁၅) ရက်နေ့", "2026-12-15"),
        ("၂၀၂၆ ခုနှစ်၊ ဒီဇင်ဘာလ ၁၅ ရက်", "2026-12-15"),
        ("၁၅ ရက် ဒီဇင်ဘာ", "2026-12-15"),
        ("ဒီဇင်ဘာလကုန်", "2026-12-31"),
        ("ဒီဇင်ဘာ လလယ်", "2026-12-15"),
        ("မေလ ၁၀ ရက်", "2027-05-10"),
        ("ဒီလ ၂၅ ရက်", "2026-11-25"),
        ("နောက်လ ၅ ရက်", "2026-12-05"),
        ("၂၅ ရက်နေ့", "2026-11-25"),
        ("၁၀ ရက်နေ့", "2026-12-10"),
        ("သဘက်ခါ", "2026-11-20"),
        ("၁၀ ရက်အတွင်း ပြန်ကြားပေးပါ", "2026-11-28"),
        ("တစ်ပတ်အတွင်း ပြန်ဖြေပေးပါ", "2026-11-25"),
    ],
)
def test_burmese_days(lexicons, text, day):
    assert told(lexicons, text, "my") == [day]


@pytest.mark.parametrize("text", ["၂၀၂၄ ခုနှစ် ဒီဇင်ဘာလ ၁၅ ရက်", "ခွင့် ၂၀ ရက်", "၁၀ ရက်အတွင်း အလုပ်ထွက်", "ဒီဇင်ဘာလ ၃၅ ရက်"])
def test_what_is_no_day_in_burmese(lexicons, text):
    assert told(lexicons, text, "my") == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(date(2025, 4, 14), (2082, 1, 1)), (date(2026, 4, 14), (2083, 1, 1)), (date(2026, 6, 24), (2083, 3, 10))],
)
def test_new_years_and_other_days_of_nepal(ours, theirs):
    assert to_nepali(ours) == theirs


@given(st.dates(date(2025, 4, 14), date(2043, 4, 1)))
def test_each_day_has_one_name_in_nepal(day):
    assert list(from_nepali(*to_nepali(day))) == [day]


@pytest.mark.parametrize("day", [date(2025, 4, 13), date(2043, 4, 20), date.min, date.max])
def test_the_calendar_of_nepal_is_known_for_some_years(day, lexicons):
    assert to_nepali(day) is None
    assert told(lexicons, "मंसिर १५ गते", "ne", written=min(day, date.max - timedelta(days=AHEAD))) == []


def test_what_is_no_day_of_nepal():
    assert length_of(2081, 1) == 0
    assert list(from_nepali(2083, 13, 1)) == list(from_nepali(2083, 1, 32)) == list(from_nepali(2150, 1, 1)) == []


@given(
    st.text(alphabet="0123456789 /.()۔,۱५၅کیتاریخدسمبراخےहमंसिरगतेकोपुၚရက်နေ့လဒီဇင်ဘာမေအတွင်းပြန်", max_size=60),
    st.sampled_from(("ur", "ne", "my")),
)
def test_any_words_give_days_ahead_or_none(lexicons, text, language):
    assert all(WRITTEN.isoformat() <= day for day in told(lexicons, text, language))


@pytest.mark.parametrize(
    "word", ["15 تاریخ ", "ایک دسمبر کی ", "मंसिर 1", "ရက်", "2083 ", "ပြန် 3 ပတ်အတွင်း ", "10 दिनभित्र "]
)
def test_days_are_found_in_linear_time(lexicons, word):
    def work(text):
        told(lexicons, text, "ur")

    assert grows_linearly(work, word * 1000, word * 2000)
