"""Logs to figures: small ones that can be counted on fingers, and any against a count done the slow way."""

import gzip
import random
from collections import defaultdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailflow.report.web import reading, tally
from mailflow.report.web.figures import Faulty, Month
from mailflow.report.web.read import read
from mailflow.report.web.reading import Asked, from_logs
from mailflow.report.web.trouble import WebTrouble
from tests.report.web.logs import (
    AUSTRALIA,
    CHROME,
    NETHERLANDS,
    NETHERLANDS_6,
    NOWHERE,
    ROBOT,
    SOUTH_AFRICA,
    URUGUAY,
    line,
    written,
)  # fmt: skip

HOME = ("www.desk.example",)
YEAR = Asked(date(2026, 3, 1), date(2027, 2, 28), HOME)


@pytest.fixture
def figures(tmp_path):
    def counted(*some, asked=YEAR):
        return from_logs([written(tmp_path / "access.log", *some)], asked, 1)

    return counted


def test_a_visit_ends_after_half_an_hour_of_silence(figures):
    """Seen at 0, 30 and 61 minutes: 30 is still the first visit, 61 is a second one."""
    found = figures(line(minutes=0), line(minutes=30), line(minutes=61))
    assert (found.visits, found.users, found.pages) == (2, 1, 3)


def test_another_silence_may_end_it(figures):
    found = figures(line(minutes=0), line(minutes=30), line(minutes=61), asked=Asked(own=HOME, silence=60))
    assert found.visits == 1


def test_the_order_of_lines_doesnt_matter(figures):
    assert figures(line(minutes=61), line(minutes=0), line(minutes=30)).visits == 2


def test_a_user_is_an_address_with_an_agent(figures):
    found = figures(line(NETHERLANDS), line(NETHERLANDS, agent=CHROME), line(NETHERLANDS_6), line(NETHERLANDS, 1))
    assert (found.users, found.visits, found.pages) == (3, 3, 4)


def test_users_by_country_and_how_many_countries(figures):
    found = figures(*(line(who) for who in (NETHERLANDS, NETHERLANDS_6, URUGUAY, SOUTH_AFRICA, AUSTRALIA, NOWHERE)))
    assert found.by_country == {"NL": 2, "AU": 1, "UY": 1, "ZA": 1, "ZZ": 1}
    assert found.countries == 4


def test_every_line_has_one_fate(figures):
    found = figures(
        line(),
        line(agent=ROBOT),
        line(agent="-"),
        line(target="/style.css"),
        line(method="HEAD"),
        line(method="POST"),
        line(status=404),
        line(status=301),
        line(status=304),
        line(minutes=-60 * 24 * 30),
        "nonsense",
    )
    assert found.lines == {"views": 2, "robots": 2, "not_pages": 3, "failed": 2, "outside": 1, "malformed": 1}


def test_faulty_lines_are_numbered_in_spans_and_their_words_are_not_told(figures):
    found = figures("secret one", "secret two", line(), "secret three", line())
    assert found.faulty == (Faulty("access.log", 3, ((1, 2), (4, 4))),)
    assert "secret" not in repr(found)


def test_numbers_of_faulty_lines_go_on_over_shares(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "SHARE", 100)
    some = [line(minutes=number) if number % 10 else "nonsense" for number in range(1, 41)]
    found = from_logs([written(tmp_path / "access.log", *some)], YEAR, 1)
    assert found.faulty[0].lines == ((10, 10), (20, 20), (30, 30), (40, 40))


def test_who_came_before_the_period_is_not_new(figures):
    before = -60 * 24 * 30
    found = figures(line(NETHERLANDS, before), line(NETHERLANDS), line(URUGUAY))
    assert (found.users, found.new_users, found.looks_back, found.visits) == (2, 1, True, 2)
    assert (found.lines["outside"], found.pages) == (1, 2)


def test_without_older_lines_nobody_knows_who_is_new(figures):
    found = figures(line(NETHERLANDS), line(URUGUAY))
    assert (found.new_users, found.looks_back) == (2, False)


def test_the_period_is_of_days_in_the_zone(figures):
    """23:30 on the last day of February in London is March in Zurich."""
    late = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    here = Asked(date(2026, 3, 1), date(2026, 3, 31), HOME, zone=ZoneInfo("Europe/Zurich"))
    found = figures(line(begins=late), asked=here)
    assert found.by_month == {"2026-03": Month(1, 1, 1)}
    assert figures(line(begins=late)).pages == 0


def test_the_last_day_counts_to_its_last_second(figures):
    asked = Asked(date(2026, 3, 1), date(2026, 3, 31), HOME)
    midnight = datetime(2026, 4, 1, tzinfo=UTC)
    found = figures(line(begins=midnight, minutes=-1 / 60), line(begins=midnight), asked=asked)
    assert (found.pages, found.lines["outside"]) == (1, 1)


def test_without_a_period_it_is_that_of_the_pages_read(figures):
    found = figures(line(), line(minutes=60 * 24 * 40), asked=Asked(own=HOME))
    assert (found.begins, found.ends, found.months) == (date(2026, 3, 10), date(2026, 4, 19), 2)
    assert found.visits_a_month == 1


def test_months_without_a_page_are_shown(figures):
    found = figures(line(), asked=Asked(date(2026, 2, 1), date(2026, 4, 30), HOME))
    assert list(found.by_month.items()) == [
        ("2026-02", Month(0, 0, 0)), ("2026-03", Month(1, 1, 1)), ("2026-04", Month(0, 0, 0)),
    ]  # fmt: skip


def test_a_visit_counts_in_the_month_in_which_it_begins_and_its_user_in_both(figures):
    midnight = datetime(2026, 4, 1, tzinfo=UTC)
    found = figures(line(begins=midnight, minutes=-5), line(begins=midnight, minutes=5))
    assert found.by_month["2026-03"] == Month(1, 1, 1)
    assert found.by_month["2026-04"] == Month(0, 1, 1)


def test_the_most_read_pages_topics_and_languages(figures):
    found = figures(
        line(target="/es/salarios/"), line(target="/es/salarios/index.html"), line(target="/en/wages/a.html?x=1"),
        line(target="/en/wages/a.html"), line(target="/en/wages/a.html"), line(target="/"),
    )  # fmt: skip
    assert found.by_page == (("/en/wages/a.html", 3), ("/es/salarios/", 2), ("/", 1))
    assert found.by_topic == {"wages": 3, "salarios": 2, "": 1}
    assert found.by_language == {"en": 3, "es": 2, "": 1}


def test_another_site_may_say_where_its_topics_stand(figures):
    asked = Asked(own=HOME, place=lambda name: (name[1:3].upper(), name.rpartition("/")[2]))
    found = figures(line(target="/en/x/wages"), asked=asked)
    assert (found.by_language, found.by_topic) == ({"EN": 1}, {"wages": 1})


def test_no_more_than_ten_pages_are_named(figures):
    assert len(figures(*(line(target=f"/en/{number}") for number in range(12))).by_page) == 10


def test_a_visit_comes_from_where_its_first_page_came_from(figures):
    ours = "https://www.desk.example/en/"
    found = figures(
        line(NETHERLANDS, 0, referrer="https://www.google.com/"), line(NETHERLANDS, 1, referrer=ours),
        line(URUGUAY, 0), line(URUGUAY, 1, referrer=ours), line(URUGUAY, 60, referrer=ours),
        line(AUSTRALIA, referrer="https://unions.example/"), line(SOUTH_AFRICA, referrer="https://m.facebook.com/"),
    )  # fmt: skip
    assert found.by_source == {"direct": 1, "internal": 1, "search": 1, "site": 1, "social": 1}
    assert found.visits == 5


def test_the_sites_own_host_is_found_by_what_its_pages_load(figures):
    ours = "https://desk.example/en/"
    some = [line(target="/style.css", referrer=ours)] * 3 + [
        line(referrer="https://www.google.com/", minutes=n) for n in range(9)
    ]
    found = figures(*some, line(minutes=99, referrer=ours), asked=Asked())
    assert (found.own, found.own_guessed) == (("desk.example",), True)
    assert found.by_source == {"internal": 1, "search": 1}
    assert figures(line(), asked=Asked()).own == ()


def test_views_without_an_agent_are_counted_and_said(figures):
    found = figures(line(agent=None), line(URUGUAY, agent=None))
    assert (found.users, found.without_agent) == (2, 2)


def test_beyond_so_many_pages_only_the_sum_is_kept(figures, monkeypatch):
    monkeypatch.setattr(tally, "PAGES", 2)
    found = figures(*(line(target=f"/en/{number}") for number in (1, 2, 3, 1, 4)))
    assert (found.pages, found.more_pages, dict(found.by_page)) == (5, 2, {"/en/1": 2, "/en/2": 1})


# ---------------------------------------------------------------- what is refused


def test_a_file_that_is_no_log_is_refused(tmp_path, figures):
    with pytest.raises(WebTrouble, match="no line of it is of an access log"):
        figures("one", "two")
    with pytest.raises(WebTrouble, match="there is no line"):
        figures()
    with pytest.raises(WebTrouble, match="no page was read by a person"):
        figures(line(agent=ROBOT), asked=Asked())
    with pytest.raises(WebTrouble, match="before it begins"):
        figures(line(), asked=Asked(date(2026, 3, 1), date(2026, 2, 1)))
    with pytest.raises(WebTrouble, match="No such file"):
        from_logs([tmp_path / "missing"], YEAR, 1)


def test_the_same_log_twice_is_refused(tmp_path):
    some = [line(minutes=number) for number in range(6)]
    log, again = written(tmp_path / "access.log", *some), tmp_path / "access.log.1.gz"
    again.write_bytes(gzip.compress(log.read_bytes() + b"and one more\n"))
    with pytest.raises(WebTrouble, match="are the same log"):
        from_logs([log, again], YEAR, 1)
    with pytest.raises(WebTrouble, match="are the same log"):
        from_logs([log, tmp_path / "." / "access.log"], YEAR, 1)


def test_exports_and_logs_dont_mix(tmp_path):
    with pytest.raises(WebTrouble, match="count by other rules"):
        read([written(tmp_path / "access.log", line()), written(tmp_path / "pages.csv", "Page path,Views")], YEAR)


# ---------------------------------------------------------------- any log, any way of reading it

views = st.tuples(
    st.sampled_from((NETHERLANDS, URUGUAY, NOWHERE)), st.integers(-200, 400), st.sampled_from(("/en/a", "/fr/b", "/x.css")),
    st.sampled_from((CHROME, ROBOT)), st.sampled_from(("-", "https://bing.com/", "https://unions.example/", "https://desk.example/")),
)  # fmt: skip
SHORT = Asked(date(2026, 3, 10), date(2026, 3, 10), HOME)
MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)


def in_a_log(view):
    address, minutes, target, agent, referrer = view
    return line(address, minutes, target, agent=agent, referrer=referrer, begins=MIDNIGHT)


@given(st.lists(views, min_size=1, max_size=60, unique=True), st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_split_anywhere_and_in_any_order_give_the_same_figures(tmp_path, monkeypatch, some, chance, parts):
    lines_ = [in_a_log(view) for view in some]
    whole = from_logs([written(tmp_path / "whole.log", *lines_)], SHORT, 1)
    files = defaultdict(list)
    for each in chance.sample(lines_, len(lines_)):
        files[chance.randrange(parts)].append(each)
    paths = [written(tmp_path / f"{number}.log", *some) for number, some in files.items()]
    with monkeypatch.context() as patched:
        patched.setattr(reading, "SHARE", chance.randrange(1, 2000))
        assert from_logs(paths, SHORT, 1) == whole


@given(st.lists(views, min_size=1, max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_figures_are_those_of_a_count_done_the_slow_way(tmp_path, some):
    found = from_logs([written(tmp_path / "access.log", *map(in_a_log, some))], SHORT, 1)
    moments = defaultdict(list)
    for address, minutes, target, agent, _ in some:
        if agent == CHROME and not target.endswith(".css"):
            moments[address].append(minutes)
    assert found.pages == sum(minute >= 0 for of_one in moments.values() for minute in of_one)
    assert found.users == sum(max(of_one) >= 0 for of_one in moments.values())
    assert found.new_users == sum(min(of_one) >= 0 for of_one in moments.values())
    assert found.visits == sum(
        minute >= 0 and not any(minute - 30 <= other < minute for other in of_one)
        for of_one in map(set, moments.values())
        for minute in of_one
    )


def test_two_processes_count_what_one_does(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "SHARE", 20_000)
    chance = random.Random(5)
    some = [
        line(f"193.0.{chance.randrange(9)}.1", chance.randrange(50_000), f"/en/{chance.randrange(40)}") for _ in range(900)
    ]  # fmt: skip
    log, heard = written(tmp_path / "access.log", *some, "nonsense"), []
    assert from_logs([log], YEAR, 2, heard.append) == from_logs([log], YEAR, 1)
    assert sum(heard) == log.stat().st_size


def test_a_damaged_file_is_named_by_another_process_too(tmp_path):
    log, packed = written(tmp_path / "access.log", line()), tmp_path / "old.gz"
    packed.write_bytes(gzip.compress(line().encode() * 50)[:-12])
    with pytest.raises(WebTrouble, match="damaged"):
        from_logs([log, packed], YEAR, 2)


def test_nothing_is_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    from_logs([written(tmp_path / "access.log", line())], YEAR, 1)
    assert list((tmp_path / "tmp").iterdir()) == []
