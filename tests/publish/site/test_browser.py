"""The sample site in a real browser: it is accessible, breaks no policy, asks nobody else, and the search finds."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from playwright.sync_api import Browser, Page, expect

from bench.site.browser import CHROMIUM, chromium, served, violations
from tests.publish.site.conftest import Look

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

PAGES = (
    "", "404.html", "en/", "en/topics/forced_labour/", "en/q/union-in-zone/", "en/q/taken-away/", "en/countries/vn/",
    "en/pages/about/", "en/search/?q=passport", "ja/q/passports-kept/", "ur/q/passports-kept/",
)  # fmt: skip
DARK = ("en/", "en/q/union-in-zone/", "en/search/?q=passport")
PATIENCE = 10_000  # milliseconds
FOUND = (  # language, what is asked, the item that must be among what is found
    ("en", "passport", "passports-kept"),
    ("en", "identity documents", "passports-kept"),
    ("fr", "heures supplémentaires", "overtime-limits"),
    ("fr", "heure supplementaire", "overtime-limits"),
    ("es", "salario mínimo", "living-wage"),
    ("es", "sindicatos", "union-in-zone"),
    ("ja", "旅券", "passports-kept"),
    ("ja", "時間外労働", "overtime-limits"),
    ("ja", "最低賃金 家族", "living-wage"),
    ("ja", "暑", "heat-at-work"),
    ("zh", "护照", "passports-kept"),
    ("zh", "强迫劳动", "dormitories"),
    ("zh", "加班工资", "overtime-limits"),
    ("zh-Hant", "產假", "maternity-leave"),
    ("vi", "hộ chiếu", "passports-kept"),
    ("vi", "ho chieu", "passports-kept"),
    ("th", "ค่าธรรมเนียม", "recruitment-fees"),
    ("th", "แรงงาน", "recruitment-fees"),
    ("my", "အခကြေးငွေ", "recruitment-fees"),
    ("my", "အလုပ်ရှင်", "recruitment-fees"),
    ("ur", "پاسپورٹ", "passports-kept"),
    ("ne", "एजेन्सी", "recruitment-fees"),
    ("de", "gleichwertige Arbeit", "equal-pay"),
    ("pt", "calor", "heat-at-work"),
)


@pytest.fixture(scope="module")
def base(look: Look) -> Iterator[str]:
    with served(look.folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def window(browser: Browser, base: str) -> Iterator[tuple[Page, list[str]]]:
    """One page for all, and whatever breaks its policy or leaves this machine."""
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    opened.set_default_timeout(PATIENCE)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda wrong: said.append(str(wrong)))
    opened.on("request", lambda request: None if request.url.startswith(base) else said.append(request.url))
    yield opened, said
    opened.close()


@pytest.fixture
def page(window: tuple[Page, list[str]]) -> Iterator[Page]:
    """A page that fails its test when anything was said against it."""
    opened, said = window
    said.clear()
    yield opened
    assert said == []


def visit(page: Page, address: str) -> None:
    page.goto(address)
    if "search/?q" in address:
        page.wait_for_selector("#results li")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_accessible_and_breaks_no_policy_and_asks_nobody_else(page: Page, base: str, address: str) -> None:
    visit(page, f"{base}{address}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


@pytest.mark.parametrize("address", DARK)
def test_the_dark_has_contrast_enough(page: Page, base: str, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    visit(page, f"{base}{address}")
    assert violations(page, "color-contrast") == []
    page.emulate_media(color_scheme="light")


def test_the_data_for_machines_is_there_in_spite_of_the_policy(page: Page, base: str) -> None:
    page.goto(f"{base}en/q/passports-kept/")
    told = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert told["@type"] == "QAPage"


@pytest.mark.parametrize(("language", "words", "item"), FOUND)
def test_the_search_finds_in_its_language(page: Page, base: str, language: str, words: str, item: str) -> None:
    visit(page, f"{base}{language}/search/?q={quote(words)}")
    found = page.eval_on_selector_all("#results a", "links => links.map(link => link.href)")
    assert f"{base}{language}/q/{item}/" in found
    assert page.locator("#results mark").count() > 0
    assert "zzt" not in page.inner_text("#results")


@pytest.mark.parametrize(("language", "words"), [("ja", "券旅"), ("zh", "照护"), ("th", "ช้าง"), ("en", "xylophone")])
def test_what_stands_nowhere_is_not_found(page: Page, base: str, language: str, words: str) -> None:
    page.goto(f"{base}{language}/search/?q={quote(words)}")
    expect(page.locator("#state")).to_have_text(page.get_attribute("#search", "data-none"))


def test_a_search_can_be_narrowed_to_a_topic(page: Page, base: str) -> None:
    visit(page, f"{base}en/search/?q=company&topic=paid_leave")
    assert page.eval_on_selector_all("#results a", "links => links.map(link => link.pathname)") == [
        "/en/q/maternity-leave/"
    ]
    assert "zzt" not in page.inner_text("#results")
    page.select_option("#topic", "")
    expect(page.locator("#results li").nth(3)).to_be_visible()


def test_what_is_asked_is_never_obeyed(page: Page, base: str) -> None:
    page.goto(f"{base}en/search/?q={quote('<img src=x onerror=alert(1)> passport')}")
    expect(page.locator("#state")).not_to_be_empty()
    assert page.locator("main img").count() == 0


def test_everything_but_the_search_can_be_read_without_a_script(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{base}en/")
    opened.click("text=Forced labour")
    opened.click("text=May an employer keep the passports")
    assert "Workers should hold their own identity documents" in opened.inner_text("main")
    opened.click(".chips >> text=Français")
    assert "Les travailleurs doivent détenir" in opened.inner_text("main")
    opened.goto(f"{base}en/search/")
    assert "The search needs JavaScript" in opened.inner_text("main")
    context.close()
