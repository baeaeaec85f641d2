"""Screenshots of the sample site: `python -m bench.site.shots FOLDER` takes all of them, on a telephone and a desktop.

`--keep` writes those that the documents show to docs/images/, as small pictures.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.site import samples
from bench.site.browser import chromium, served
from mailflow.publish.site import build

TODAY = date(2026, 11, 26)
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
SEARCHED = {"en": "wages", "fr": "salaire", "es": "trabajo forzoso", "ja": "労働者"}
PLACES = {
    "home": "{}/",
    "topic": "{}/topics/wages/",
    "item": "{}/q/passports-kept/",
    "search": "{}/search/?q={}",
}
ALSO = {  # pages that one language alone shows well
    "theme-topic-en": "en/topics/forced_labour/",
    "item-ur": "ur/q/passports-kept/",
    "item-zh": "zh/q/passports-kept/",
    "item-my": "my/q/recruitment-fees/",
    "item-th": "th/q/recruitment-fees/",
    "item-ne": "ne/q/recruitment-fees/",
    "due-en": "en/q/union-in-zone/",
    "version-en": "en/q/maternity-leave/",
    "country-en": "en/countries/vn/",
    "theme-en": "en/pages/about/",
    "withdrawn-en": "en/q/taken-away/",
    "missing": "404.html",
    "choice": "",
}
KEPT = {  # name of the picture -> what it shows
    "home-en-desktop", "topic-en-desktop", "item-en-desktop", "item-fr-phone", "search-en-desktop", "search-ja-phone",
    "item-ur-phone", "topic-es-phone", "item-en-dark", "item-ja-desktop",
}  # fmt: skip


def places() -> Iterator[tuple[str, str]]:
    """Every page by the name of its picture."""
    for language, words in SEARCHED.items():
        for name, place in PLACES.items():
            yield f"{name}-{language}", place.format(language, words)
    yield from ALSO.items()


def take(browser: Browser, base: str, folder: Path) -> None:
    """One picture a page and width, and one in the dark."""
    for device, (width, height) in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        for name, place in places():
            _shoot(page, f"{base}{place}", folder / f"{name}-{device}.png")
        page.close()
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    for name in ("item-en", "home-en", "search-en"):
        _shoot(page, f"{base}{dict(places())[name]}", folder / f"{name}-dark.png")


def _shoot(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    if "/search/" in address:
        page.wait_for_selector("#results li")
    page.screenshot(path=path)


def keep(folder: Path, images: Path) -> None:
    """Those that the documents show, in 64 colours and without a word of how they were made."""
    for name in sorted(KEPT):
        picture = Image.open(io.BytesIO((folder / f"{name}.png").read_bytes())).convert("RGB")
        picture.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            images / f"site-{name}.png", optimize=True
        )


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--keep", action="store_true")
    asked = reader.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        out = Path(name) / "site"
        build(samples.site(), samples.items(), out, today=TODAY, templates=samples.TEMPLATES)
        with served(out) as base, chromium() as browser:
            take(browser, base, asked.folder)
    if asked.keep:
        keep(asked.folder, samples.HERE.parents[1] / "docs" / "images")


if __name__ == "__main__":
    main()
