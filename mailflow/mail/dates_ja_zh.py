"""The days that Japanese and Chinese texts name in ways of their own. Ordinary patterns, bounded and linear.

Month before day, as 12/15 too; numbers in characters; 月底, 下旬, いっぱい; 下周五, 金曜; an answer "within three days".
Texts are folded, and hold ASCII digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from mailflow.mail.calendar_days import BEGINNING, MIDDLE, day_at, next_month, place_of, this_month, year_near
from mailflow.mail.lexicon import Place

_DIGITS = "一二三四五六七八九"
_NUMBER = rf"\d{{1,2}}|[{_DIGITS}十]{{1,3}}"
_UNTIL = "之?前|以前"
_PART = (  # of a month: a day, its beginning, its middle, its end
    rf"(?:(?P<day>{_NUMBER}) ?(?:[日号號]|(?={_UNTIL}))|(?P<first>上旬|初)|(?P<mid>中旬|半ば|中(?={_UNTIL}|左右))|"
    r"(?P<last>下旬|末|底|以?[内內]|中(?=[にの])|いっぱい))"
)
_IN_MONTH = re.compile(
    rf"(?:(?P<year>(?<!\d)\d{{3,4}}|[明来來]) ?年の? ?|(?<!\d年)(?<!\d年 )(?<![\d{_DIGITS}十]))"
    rf"(?P<month>{_NUMBER}) ?月份?の? ?{_PART}"
)
_IN_THIS_OR_NEXT = re.compile(rf"(?:今|本|这个?|這個?|(?P<next>来|來|下[个個]?)) ?月の? ?{_PART}")
_MONTH_END = re.compile(rf"(?<![\d{_DIGITS}十个個今本来來下这這每毎各翌前先上当當])(?<!\d )月[底末](?={_UNTIL}|まで)")
_DAY_ALONE = re.compile(  # 15日まで, 15号之前, but no 30日まで: that is as often a number of days
    r"(?<![\d月年第/.])(?<!月 )(?P<day>\d{1,2}) ?(?:日(?= ?\([月火水木金土日周週]|までに|必着|締)|"
    rf"[号號](?= ?\([周週星]|{_UNTIL}|下班|晚|中午|上午|下午))"
)
_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2}) ?/ ?(\d{1,2})(?![\d/.])(?= ?\(?[\u3041-\u30ff\u4e00-\u9fff])")
_ANSWER_WITHIN = re.compile(
    rf"(?P<count>(?<!\d)\d{{1,2}}|[{_DIGITS}十两兩]{{1,2}}) ?[个個]?(?:工作|营业|營業)?"
    r"(?P<unit>日|天|周|週間|週|星期|礼拜|禮拜) ?[以之]?[内內][^\d。.!?]{0,12}"
    r"(?:回[复覆答信]|答[复覆え]|返[信事答])"
)
_AFTER_TOMORROW = re.compile(r"明後日|あさって|(?<!大)[后後]天")
_WEEKDAY = re.compile(  # no 每周一次
    rf"(?<![每{_DIGITS}十两兩几幾数數])(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])(?![次天个個])|([月火水木金土日])曜|週明け"
)
_REPUBLIC = 1911  # years in Taiwan count from the one after


def days_east(text: str, base: date) -> Iterator[tuple[date, Place]]:
    """The days of the text's dates, before or after `base` (the day it was written), with where; in no order."""
    for found in _SLASHED.finditer(text):
        yield from day_at(found, year_near(base, int(found[1])), int(found[1]), int(found[2]))
    for found in _DAY_ALONE.finditer(text):
        year, month = this_month(base) if int(found["day"]) >= base.day else next_month(base)
        yield from day_at(found, year, month, int(found["day"]))
    for found in _AFTER_TOMORROW.finditer(text):
        yield base + timedelta(days=2), place_of(found)
    for found in _ANSWER_WITHIN.finditer(text):
        yield base + timedelta(days=_number(found["count"]) * (1 if found["unit"] in "日天" else 7)), place_of(found)
    yield from _in_months(text, base)


def weekdays_east(text: str) -> Iterator[tuple[str, Place]]:
    """Days of the week by their short names, as numbers from Monday = 0: 周五, 礼拜五, 金曜."""
    for found in _WEEKDAY.finditer(text):
        chinese, japanese = (found[1] or "").replace("天", "日"), found[2] or "月"  # 週明け is a Monday
        yield str(f"{_DIGITS[:6]}日".find(chinese) if chinese else "月火水木金土日".find(japanese)), place_of(found)


def _in_months(text: str, base: date) -> Iterator[tuple[date, Place]]:
    for found in _IN_MONTH.finditer(text):
        month = _number(found["month"])
        yield from day_at(found, _year(found["year"], base, month), month, _day_in(found))
    for found in _IN_THIS_OR_NEXT.finditer(text):
        yield from day_at(found, *(next_month(base) if found["next"] else this_month(base)), _day_in(found))
    for found in _MONTH_END.finditer(text):
        yield from day_at(found, *this_month(base), None)


def _year(written: str | None, base: date, month: int) -> int:
    if written is None:
        return year_near(base, month)
    if not written.isdecimal():  # 明年, 来年
        return base.year + 1
    return int(written) + (_REPUBLIC if int(written) < 1000 else 0)  # noqa: PLR2004  three digits


def _day_in(found: re.Match[str]) -> int | None:
    """The day of the month; None for its last."""
    if found["day"]:
        return _number(found["day"])
    return BEGINNING if found["first"] else MIDDLE if found["mid"] else None


def _number(written: str) -> int:
    """Of ASCII digits, or of characters up to 九十九; 0 where they make no number."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.replace("两", "二").replace("兩", "二").rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return (10 * (_DIGITS.find(tens) + 1 if tens else 1) if ten else 0) + (_DIGITS.find(ones) + 1 if ones else 0)
