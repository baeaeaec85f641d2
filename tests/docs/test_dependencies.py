"""docs/dependencies.md has a line for each dependency that pyproject.toml names, and for no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SECTIONS = {
    "To run": PROJECT["dependencies"],
    "For pictures in mails": PROJECT["optional-dependencies"]["charts"],
    "For the public site": PROJECT["optional-dependencies"]["site"],
    "For the yearly report": PROJECT["optional-dependencies"]["report"],
    "For the website's figures": PROJECT["optional-dependencies"]["web"],
    "To recognise names": PROJECT["optional-dependencies"]["names"],
    "For the demo": PROJECT["optional-dependencies"]["demo"],
    "For the tests": PROJECT["optional-dependencies"]["test"],
}
_ROW = re.compile(r"^\| ([a-z][a-z0-9_-]*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows(section: str) -> list[tuple[str, str, str]]:
    """Package, licence and reason of each line of a section."""
    text = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return [(name, licence.strip(), why.strip()) for name, licence, why in _ROW.findall(text) if name != "package"]


@pytest.mark.parametrize("section", SECTIONS)
def test_each_dependency_has_its_line_and_no_other_stands_there(section):
    named = sorted(re.split(r"[<>=~!;\[ ]", requirement)[0].lower() for requirement in SECTIONS[section])
    assert [name for name, _, _ in rows(section)] == named


@pytest.mark.parametrize("section", SECTIONS)
def test_each_line_gives_a_licence_and_a_reason(section):
    for name, licence, why in rows(section):
        assert re.match(
            r"(0BSD|Apache-2\.0|MIT|BSD-[23]-Clause|MPL-2\.0|LGPL-2\.1-or-later|LGPL-LR|Matplotlib)\b", licence
        ), name
        assert len(why.split()) >= 2, name


def test_every_extra_has_its_section():
    assert set(PROJECT["optional-dependencies"]) == {"charts", "demo", "names", "report", "site", "test", "web"}


def test_what_builds_the_source_packages_is_pinned_with_hashes():
    wanted = [
        line
        for line in (ROOT / "requirements" / "build.in").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    pinned = (ROOT / "requirements" / "build.txt").read_text("utf-8")
    for name in filter(None, wanted):
        assert re.search(rf"^{re.escape(name)}==\S+ \\\n +--hash=sha256:", pinned, re.MULTILINE), name
