"""What is a page, who is a robot, where an address lies, and what brought a visit."""

import sys

import pytest
from babel import Locale
from crawleruseragents import CRAWLER_USER_AGENTS_DATA, is_crawler

from mailflow.report.web import places, robots
from mailflow.report.web.pages import page, place
from mailflow.report.web.places import REGION_OF, country, region
from mailflow.report.web.robots import is_robot
from mailflow.report.web.sources import most_frequent, source
from mailflow.report.web.trouble import WebTrouble
from tests.report.web import logs

NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "AQ"}


@pytest.mark.parametrize(("request_line", "name"), [
    ("GET / HTTP/1.1", "/"),
    ("GET /en/wages/ HTTP/1.1", "/en/wages/"),
    ("GET /en/wages/index.html HTTP/1.1", "/en/wages/"),
    ("GET /en/about HTTP/1.1", "/en/about"),
    ("GET /en/wages/apprentices.html?utm=mail HTTP/2.0", "/en/wages/apprentices.html"),
    ("GET /ja/%E8%B3%83%E9%87%91/ HTTP/1.1", "/ja/賃金/"),
    ("GET https://www.desk.example/en/ HTTP/1.1", "/en/"),
    ("GET /en/v1.2/ HTTP/1.1", "/en/v1.2/"),
    ("GET /en/2026-03-01-wages/ HTTP/1.1", "/en/2026-03-01-wages/"),
    ("GET /unsubscribe/ann.lee@firm.example/now HTTP/1.1", "/unsubscribe/…/now"),
    ("GET /unsubscribe/ann%40firm.example/ HTTP/1.1", "/unsubscribe/…/"),
    ("GET /go/u%253Dann%252540firm.example/ HTTP/1.1", "/go/…/"),
    ("GET /call/+41%2022%20799%2061%2011/ HTTP/1.1", "/call/…/"),
    ("GET /call/0227996111/ HTTP/1.1", "/call/…/"),
    ("GET /style.css HTTP/1.1", None),
    ("GET /logo.SVG?v=2 HTTP/1.1", None),
    ("GET /pagefind/fragment/en_1.pf_fragment HTTP/1.1", None),
    ("GET /pagefind/ HTTP/1.1", None),
    ("GET /feed.xml HTTP/1.1", None),
    ("GET /leaflet.pdf HTTP/1.1", None),
    ("HEAD /en/ HTTP/1.1", None),
    ("POST /en/ HTTP/1.1", None),
    ("GET /en/", None),
    ("\\x16\\x03\\x01", None),
    ("-", None),
    ("", None),
    ("OPTIONS * HTTP/1.1", None),
    (f"GET /{'x' * 600} HTTP/1.1", None),
])  # fmt: skip
def test_what_is_a_page(request_line, name):
    assert page(request_line.encode()) == name


@pytest.mark.parametrize(("name", "where"), [
    ("/en/wages/item.html", ("en", "wages")),
    ("/zh-Hant/wages/", ("zh-Hant", "wages")),
    ("/en/", ("en", "")),
    ("/en/about.html", ("en", "")),
    ("/", ("", "")),
    ("/contact/", ("", "")),
])  # fmt: skip
def test_language_and_topic_of_an_address(name, where):
    assert place(name) == where


def test_robots_are_judged_as_their_list_judges():
    agents = [agent for known in CRAWLER_USER_AGENTS_DATA for agent in known["instances"]]
    assert len(agents) > 2000
    assert [agent for agent in agents if is_robot(agent.encode()) != is_crawler(agent)] == []


@pytest.mark.parametrize("agent", [
    logs.FIREFOX, logs.CHROME,
    "Mozilla/5.0 (Linux; Android 13; CUBOT P60) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148",
])  # fmt: skip
def test_people_are_no_robots(agent):
    assert not is_robot(agent.encode())


@pytest.mark.parametrize("agent", [logs.ROBOT, "curl/8.5.0", "python-requests/2.32", "-", "", "GPTBot/1.2 \xe9"])
def test_robots(agent):
    assert is_robot(agent.encode())


def test_every_country_lies_in_a_region():
    codes = {code for code in Locale("en").territories if len(code) == 2} - NO_COUNTRIES
    assert codes == set(REGION_OF)
    assert [region(code) for code in ("ZA", "UY", "NP", "NL", "AU", "ZZ", "EU")] == [
        "africa", "americas", "asia", "europe", "oceania", "unknown", "unknown",
    ]  # fmt: skip


@pytest.mark.parametrize(("address", "code"), [
    (logs.NETHERLANDS, b"NL"), (logs.NETHERLANDS_6, b"NL"), (logs.URUGUAY, b"UY"), (logs.SOUTH_AFRICA, b"ZA"),
    (logs.NOWHERE, b"ZZ"), (logs.NOWHERE_6, b"ZZ"), ("10.0.0.1", b"ZZ"), ("reader.example", b"ZZ"), ("\xe9", b"ZZ"),
])  # fmt: skip
def test_the_country_of_an_address(address, code):
    assert country(address.encode("latin-1")) == code


@pytest.mark.parametrize(("referrer", "kind"), [
    ("-", "direct"), ("", "direct"), ("about:blank", "direct"),
    ("https://www.google.com/", "search"), ("https://www.google.co.uk/search?q=x", "search"),
    ("https://google.com.br", "search"), ("https://r.search.yahoo.com/x", "search"), ("http://cn.bing.com:80/", "search"),
    ("android-app://com.google.android.googlequicksearchbox/", "search"), ("https://search.brave.com/", "search"),
    ("https://mail.google.com/", "site"), ("https://docs.google.com/x", "site"), ("https://google.unions.example/", "site"),
    ("https://l.facebook.com/l.php", "social"), ("https://t.co/abc", "social"), ("https://www.linkedin.com/", "social"),
    ("https://unions.example/links", "site"), ("https://notx.com/", "site"),
    ("https://www.desk.example/en/", "internal"), ("https://DESK.example:443/", "internal"),
])  # fmt: skip
def test_what_brought_a_visit(referrer, kind):
    assert source(referrer.encode(), {"desk.example"}) == kind


def test_the_most_frequent_host_is_the_first_of_equals():
    assert most_frequent(["b.example", "a.example", "", "", ""]) == "a.example"
    assert most_frequent([]) == ""


@pytest.mark.parametrize(("missing", "cached", "ask"), [
    ("iptocc", places._look_up, lambda: country(b"192.0.2.1")),
    ("crawleruseragents", robots._judge, lambda: is_robot(b"Firefox")),
])  # fmt: skip
def test_a_missing_package_says_what_to_install(monkeypatch, missing, cached, ask):
    monkeypatch.setitem(sys.modules, missing, None)
    cached.cache_clear()
    with pytest.raises(WebTrouble, match=r'pip install "mailflow\[web\]"'):
        ask()
