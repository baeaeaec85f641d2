"""How long the site takes to build, and what a browser says of it: `python -m bench.site` writes docs/site-speed.md.

`--items 5000` is the promise: under a minute on two cores, search included. `--no-browser` leaves out what needs Chromium.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.site import samples
from mailflow.core.publication import Item
from mailflow.publish.site import Built, build

PAGE = samples.HERE.parents[1] / "docs" / "site-speed.md"
TODAY = date(2026, 11, 26)
AIM = 60  # seconds


@dataclass(frozen=True, slots=True)
class Run:
    what: str
    clock: float
    cpu: float
    built: Built


def measure(what: str, doing: Callable[[], Built]) -> Run:
    """Seconds by the clock, and of every core together, of this process and of pagefind's."""
    started, cpu = time.perf_counter(), _cpu()
    built = doing()
    run = Run(what, time.perf_counter() - started, _cpu() - cpu, built)
    print(f"{what}: {run.clock:.1f} s by the clock, {run.cpu:.1f} s of CPU")
    return run


def runs(count: int, out: Path) -> list[Run]:
    items = list(samples.many(count))
    changed = [replace(items[0], answer="Something else is true now."), *items[1:]]

    def again(some: Sequence[Item]) -> Callable[[], Built]:
        return lambda: build(samples.site(), some, out, today=TODAY, templates=samples.TEMPLATES)

    return [
        measure("All of it, into an empty folder", again(items)),
        measure("Again, nothing changed", again(items)),
        measure("Again, one answer changed", again(changed)),
    ]


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def looked() -> list[str]:
    """The pages that are photographed, in turn on a telephone and a desktop, light and dark, as axe-core sees them."""
    from bench.site.browser import chromium, served, violations
    from bench.site.shots import places

    found, addresses = [], [address for _, address in places()]
    with TemporaryDirectory() as name:
        out = Path(name) / "site"
        build(samples.site(), samples.items(), out, today=TODAY, templates=samples.TEMPLATES)
        with served(out) as base, chromium() as browser:
            page = browser.new_page()
            for number, address in enumerate(addresses):
                page.set_viewport_size({"width": 390 if number % 2 else 1280, "height": 844})
                page.emulate_media(color_scheme="dark" if number % 4 > 1 else "light")
                page.goto(f"{base}{address}")
                if "/search/" in address:
                    page.wait_for_selector("#results li")
                found += [f"{address}: {one}" for one in violations(page)]
    return [f"{len(addresses)} pages looked at, {len(found)} violations", *found]


def size(folder: Path) -> tuple[int, float]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files) / 1e6


def report(count: int, done: Sequence[Run], files: tuple[int, float], seen: Sequence[str]) -> str:
    first = done[0]
    rows = "\n".join(
        f"| {run.what} | {run.clock:.1f} s | {run.cpu:.1f} s | {len(run.built.written):,} | {len(run.built.kept):,} |"
        for run in done
    )
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    browser = (
        f"\n## In a browser\n\naxe-core (WCAG 2.2 A and AA, and good practice) on pages of every kind and\nmany languages, in turn on a telephone's width and a desktop's, light and dark: {seen[0]}.\n"
        if seen
        else ""
    )
    return f"""# How fast the site is built

Written by `python -m bench.site`, on {os.cpu_count()} cores, {os.getloadavg()[0]:.0f} programs wanting them: {count:,} items in
{len(first.built.languages)} languages ({first.built.pages:,} pages, {first.built.searchable:,} of them in the search).
The aim is {AIM} seconds, search included.

| | Clock | CPU | Files written | Left alone |
| --- | ---: | ---: | ---: | ---: |
{rows}

The site has {files[0]:,} files, {files[1]:.0f} MB. The largest process held {memory:.0f} MB.
{browser}"""


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--items", type=int, default=5000)
    reader.add_argument("--no-browser", action="store_true")
    asked = reader.parse_args()
    with TemporaryDirectory() as name:
        out = Path(name) / "site"
        done = runs(asked.items, out)
        files = size(out)
    seen = [] if asked.no_browser else looked()
    print(*seen, sep="\n")
    PAGE.write_text(report(asked.items, done, files, seen), encoding="utf-8")


if __name__ == "__main__":
    main()
