"""The sample site, built once, and a way to build small ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from bench.site import samples
from mailflow.core.publication import Item
from mailflow.publish.site import Built, Domain, Site, Topic, build

TODAY = date(2026, 11, 26)


@dataclass(frozen=True, slots=True)
class Look:
    """A built site."""

    folder: Path
    built: Built

    def page(self, address: str) -> str:
        return (self.folder / address / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    out = tmp_path_factory.mktemp("site") / "out"
    built = build(samples.site(), samples.items(), out, today=TODAY, templates=samples.TEMPLATES)
    return Look(out, built)


@pytest.fixture
def site() -> Site:
    return Site(
        name={"en": "The Desk", "fr": "Le Service"},
        base_url="https://desk.example.org/answers/",
        address="desk@example.org",
        languages=("en", "fr"),
        topics=(
            Topic("wages", "pay", {"en": "Wages", "fr": "Salaires"}),
            Topic("hours", "pay", {"en": "Hours"}),
            Topic("other", "", {"en": "Anything else"}),
        ),
        domains=(Domain("pay", {"en": "Pay and time"}),),
    )


@pytest.fixture
def make(tmp_path: Path, site: Site) -> Callable[..., Look]:
    """Build items into one and the same folder."""

    def made(items: Sequence[Item], on: date = TODAY, **changes: object) -> Look:
        out = tmp_path / "out"
        return Look(out, build(replace(site, **changes), items, out, today=on, templates=samples.TEMPLATES))

    return made
