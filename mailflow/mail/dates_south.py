"""The days that Urdu, Nepali and Burmese texts name in ways of their own. Bounded and linear.

یکم دسمبر, دسمبر کی 15 تاریخ, دسمبر کے آخر; मंसिर 15 गते, 2083/08/15, मसान्त, शुक्रबारसम्म; ဒီဇင်ဘာလ (15) ရက်, လကုန်;
an answer "within ten days". Texts are folded, and hold ASCII digits alone. The words that belong to dates are looked
for in one pass; the other patterns see no more than what stands beside them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from mailflow.mail.calendar_days import year_near
from mailflow.mail.dates_nepali import MONTHS, from_nepali, length_of, to_nepali
from mailflow.mail.folding import fold
from mailflow.mail.lexicon import Place

LAST, BEGINNING, MIDDLE = -1, 10, 15  # days that stand for a part of a month
BESIDE = 36  # folded characters that are looked at on each side of a word
ANSWERED = 50  # and for "answer" beside "within ten days"


def _numbered(words: str) -> dict[str, int]:
    """Folded words, numbered from 1 on; "a|b" are two words for one, "_" is a space."""
    alike = enumerate(words.split(), 1)
    return {fold(word.replace("_", " ")): number for number, one in alike for word in one.split("|")}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(fold, words), key=len, reverse=True))


def _folded(*words: str) -> frozenset[str]:
    return frozenset(map(fold, words))


_NUMBERS = _numbered(
    "یکم|ایک|پہلی دو تین چار پانچ چھ سات آٹھ نو دس گیارہ بارہ تیرہ چودہ پندرہ سولہ سترہ اٹھارہ انیس بیس اکیس بائیس تئیس چوبیس "
    "پچیس چھبیس ستائیس اٹھائیس انتیس تیس اکتیس"
)
_NUMBERS |= _numbered(
    "एक दुई तीन चार पाँच छ सात आठ नौ दस|दश एघार बाह्र तेह्र चौध पन्ध्र सोह्र सत्र अठार उन्नाइस बीस एक्काइस बाइस तेइस चौबीस "
    "पच्चीस छब्बीस सत्ताइस अठ्ठाइस|अट्ठाइस उनन्तीस तीस एकतीस बत्तीस"
)
_SPELLED = rf"(?<![\w\u0900-\u0963])(?:{_any(_NUMBERS)})(?![\w\u0900-\u0963])"
_NUMBERS |= _numbered("တစ် နှစ် သုံး လေး ငါး ခြောက် ခုနစ်|ခုနှစ် ရှစ် ကိုး ဆယ်|တစ်ဆယ်")
_MONTHS = _numbered("جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر")
_MONTHS |= _numbered(
    "जनवरी|ज्यानुअरी फेब्रुअरी|फेब्रुवरी|फरवरी मार्च अप्रिल मे|मई जुन जुलाई अगस्ट|अगस्त सेप्टेम्बर|सितम्बर "
    "अक्टोबर|अक्टुबर नोभेम्बर|नोवेम्बर|नभेम्बर|नवम्बर डिसेम्बर|दिसम्बर"
)
_MONTHS |= _numbered("ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ်လ ဧပြီ မေလ ဇွန် ဇူလိုင် ဩဂုတ်|သြဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ")
_MONTHS |= _numbered(  # which many write in Latin letters, whatever the language
    "january|jan february|feb march april may june july august|aug september|sept|sep october|oct november|nov december|dec"
)
_NEPALI_MONTHS = _numbered(  # of the calendar of Nepal
    "बैशाख जेठ|ज्येष्ठ|जेष्ठ असार|असाढ|आषाढ साउन|श्रावण भदौ|भाद्र असोज|आश्विन कात्तिक|कार्तिक मंसिर|मङ्सिर|मंगसिर|मार्गशीर्ष|मार्ग "
    "पुस|पौष माघ फागुन|फाल्गुन चैत|चैत्र"
)
_WEEKDAYS = _numbered(
    "सोमबार मङ्गलबार बुधबार बिहीबार|बृहस्पतिबार शुक्रबार|جمعے शनिबार|بروز_ہفتہ|ہفتے_کے_دن|ہفتے_کے_روز आइतबार|रविबार"
)
_AFTER_TOMORROW = _folded("پرسوں", "पर्सि", "သဘက်ခါ", "သန်ဘက်ခါ")
_WITHIN = _folded("کے اندر", "भित्र", "အတွင်း")
_NEPALI_UNIT, _BURMESE_UNIT = map(fold, ("गते", "ရက်"))
_UNITS = _folded("تاریخ", "तारिख") | {_NEPALI_UNIT, _BURMESE_UNIT}
_WORDS = re.compile(_any([*_MONTHS, *_NEPALI_MONTHS, *_WEEKDAYS, *_AFTER_TOMORROW, *_WITHIN, *_UNITS]))
_NUMERIC = re.compile(r"20[89]\d ?[./।]? ?\d{1,2} ?[./।]? ?\d{1,2}")  # of the calendar of Nepal
_SCRIPTS = re.compile(r"[\u0600-\u06ff\u0900-\u097f\u1000-\u109f]")
_LETTER = re.compile(r"[a-z\u0620-\u06d3\u0900-\u0963]")  # of a script that sets spaces between words
_ENDED = re.compile(r"(?:को|मा|सम्म|भित्र|अघि)?(?![a-z\u0620-\u06d3\u0900-\u0963])")  # with a postposition of Nepali
_PARTS = {
    **dict.fromkeys(_folded("آخر", "اختتام", "اواخر", "अन्त्य", "अन्त", "अन्तिम", "मसान्त", "ကုန်"), LAST),
    **dict.fromkeys(_folded("وسط", "मध्य", "လယ်"), MIDDLE),
    **dict.fromkeys(_folded("آغاز", "شروع", "اوائل", "सुरु", "ဆန်း"), BEGINNING),
}
_THIS = _folded("اس", "اسی", "رواں", "यस", "यसै", "यो", "यही", "ဒီ", "ယခု")
_NEXT = _folded("اگلے", "آئندہ", "अर्को", "आगामी", "နောက်", "လာမယ့်", "လာမည့်")
_DAY = rf"(?:(?<!\d)(?P<day>\d{{1,2}})(?!\d)|(?P<word>{_SPELLED}))"
_DAY_BEFORE = re.compile(rf"{_DAY} ?(?:गते|तारिख|ရက်(?:နေ့)?|st|nd|rd|th)?[၊, ]{{0,2}}$")
_DAY_AFTER = re.compile(
    rf"\.? ?(?:کی|کے|کو|महिना(?:को|मा)?|လ)? ?\(? ?(?:(?P<day>\d{{1,2}})(?!\d)|(?P<word>{_SPELLED})(?= (?:تاریخ|गते|तारिख))|"
    rf"(?:လ ?)?(?P<part>{_any(_PARTS)}))"
)
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4}) ?(?:ခုနှစ်|ခု|साल|को|मा)?[၊, ]{0,2}$")
_YEAR_AFTER = re.compile(r"[ ,]{1,2}(\d{4})(?!\d)")
_DAY_OF_UNIT = re.compile(
    rf"(?:(?<!\w)(?P<which>{_any(_THIS | _NEXT)}) ?(?:(?:ماہ|مہینے)(?: کی)?|महिना(?:को)?|လ)? ?)?\(? ?{_DAY} ?\)? ?$"
)
_COUNTED = re.compile(
    rf"(?P<count>(?<!\d)\d{{1,2}}|{_any(_NUMBERS)}) ?"
    r"(?:(?P<days>دن|دنوں|روز|दिन|ရက်)|ہفتے|ہفتوں|ہفتہ|हप्ता|साता|သီတင်းပတ်|ပတ်) ?$"
)
_ANSWER = re.compile("جواب|जवाफ|उत्तर|ပြန်|ဖြေ")
_STOP = re.compile(r"[۔.!?।။\n]")

Day = tuple[date, Place]


def days_south(text: str, base: date) -> Iterator[Day]:
    """The days of the text's dates, before or after `base` (the day it was written), with where; in no order."""
    if not _SCRIPTS.search(text):
        return
    words = [found for found in _WORDS.finditer(text) if _begins(text, found.start())]
    said: set[int] = set()  # where the numbers end that stand beside a month
    for word in words:
        yield from _in_month(text, word, base, said)
    for word in words:
        yield from _without_month(text, word, base, said)
    for found in _NUMERIC.finditer(text):
        yield from _numeric(text, found)


def weekdays_south(text: str) -> Iterator[tuple[str, Place]]:
    """Days of the week with their postpositions, as numbers from Monday = 0."""
    for found in _WORDS.finditer(text):
        if found[0] in _WEEKDAYS and _begins(text, found.start()):
            yield str(_WEEKDAYS[found[0]] - 1), Place(found.start(), found.end())


def _begins(text: str, at: int) -> bool:
    """Whether a word can begin there; भित्र is joined to the word before it."""
    return not at or not _LETTER.match(text[at - 1]) or text.startswith("भित्र", at)


def _in_month(text: str, word: re.Match[str], base: date, said: set[int]) -> Iterator[Day]:
    """A month with its day in front of it or behind, and perhaps its year; adds to `said`."""
    nepali, ended = _NEPALI_MONTHS.get(word[0]), _ENDED.match(text, word.end())
    month = nepali or _MONTHS.get(word[0])
    today = to_nepali(base) if nepali else (base.year, base.month, base.day)
    if not (month and ended and today):
        return
    front, behind = text[max(0, word.start() - BESIDE) : word.start()], text[ended.end() : ended.end() + BESIDE]
    before, after = _DAY_BEFORE.search(front), _DAY_AFTER.match(behind)
    if day := before or after:
        end = ended.end() + after.end() if not before and after else word.end()
        said.add(word.start() - len(front) + before.end(1) if before else ended.end() + day.end(1))
        year = _YEAR_AFTER.match(text, max(end, ended.end())) or _YEAR_BEFORE.search(
            front[: before.start()] if before else front
        )
        place = Place(word.start() - (len(front) - before.start() if before else 0), end)
        near = year_near(date(today[0], today[1], 1), month)
        yield from _valid(int(year[1]) if year else near, month, _day(day), place, nepali=bool(nepali))


def _without_month(text: str, word: re.Match[str], base: date, said: set[int]) -> Iterator[Day]:
    front = text[max(0, word.start() - BESIDE) : word.start()]
    place = Place(word.start(), word.end())
    if word[0] in _AFTER_TOMORROW:
        yield base + timedelta(days=2), place
    elif word[0] in _WITHIN and (counted := _COUNTED.search(front)) and _answer_beside(text, place):
        yield base + timedelta(days=_number(counted["count"]) * (1 if counted["days"] else 7)), place
    elif word[0] in _UNITS and _counts(front) and (found := _DAY_OF_UNIT.search(front)):
        whole = word[0] != _BURMESE_UNIT or found["which"] or text.startswith("နေ့", word.end())  # not 20 days
        if whole and place.start - len(front) + found.end("day") not in said:
            yield from _of_some_month(found, base, place, nepali=word[0] == _NEPALI_UNIT)


def _counts(front: str) -> bool:
    """Whether a number can stand at its end, in digits or spelled: a glance that spares most searches."""
    last = front.rstrip(" )")[-1:]
    return last.isdecimal() or bool(_LETTER.match(last))


def _of_some_month(found: re.Match[str], base: date, place: Place, *, nepali: bool) -> Iterator[Day]:
    """A day of this month or the next: as it says, or as it lies ahead."""
    if today := to_nepali(base) if nepali else (base.year, base.month, base.day):
        year, month, day = today
        ahead = found["which"] in _NEXT if found["which"] else _day(found) < day
        year, month = (year + month // MONTHS, month % MONTHS + 1) if ahead else (year, month)
        yield from _valid(year, month, _day(found), place, nepali=nepali)


def _answer_beside(text: str, place: Place) -> bool:
    """Whether an answer is spoken of in the same sentence."""
    before = _STOP.split(text[max(0, place.start - ANSWERED) : place.start])[-1]
    after = _STOP.split(text[place.end : place.end + ANSWERED])[0]
    return bool(_ANSWER.search(before) or _ANSWER.search(after))


def _numeric(text: str, found: re.Match[str]) -> Iterator[Day]:
    if text[max(0, found.start() - 1) : found.start()].isdecimal() or text[found.end() : found.end() + 1].isdecimal():
        return
    parts = re.split(r"\D{1,3}", found[0])
    if len(parts) == 3:  # noqa: PLR2004
        yield from _valid(int(parts[0]), int(parts[1]), int(parts[2]), Place(found.start(), found.end()), nepali=True)


def _day(found: re.Match[str]) -> int:
    told = found.groupdict()
    return int(told["day"]) if told["day"] else _NUMBERS[told["word"]] if told["word"] else _PARTS[told["part"]]


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else _NUMBERS[written]


def _valid(year: int, month: int, day: int, place: Place, *, nepali: bool) -> Iterator[Day]:
    """The date, where there is such a day."""
    if not (1 <= month <= MONTHS and 1 <= year < 9999):  # noqa: PLR2004
        return
    last = length_of(year, month) if nepali else calendar.monthrange(year, month)[1]
    day = last if day == LAST else day
    if nepali:
        yield from ((ours, place) for ours in from_nepali(year, month, day))
    elif 1 <= day <= last:
        yield date(year, month, day), place
