"""A headless Chromium that looks at a built site through the project's own small server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from mailflow.publish.site.serving import server

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a built site is shown, with a slash."""
    with server(folder, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}/"
        finally:
            serving.shutdown()
            thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's own browser, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--headless=new", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong with a page: by WCAG 2.2 A and AA and by good practice, or by some rules alone."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": LEVELS}
    found = Axe().run(page, options={"runOnly": only})
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found.response["violations"]]
