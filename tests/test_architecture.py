"""The layers, the types and the style, checked by the tools that know them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHECKS = {
    "each layer imports only what stands below it": ("lint-imports", "--no-cache"),
    "types": ("mypy",),
    "style": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
}
LESSONS = set(range(1, 26))
LATER = {24}  # belongs to the erasure of tickets, which is not built yet


@pytest.mark.parametrize("check", CHECKS)
def test_the_tools_find_nothing(check: str) -> None:
    program, *arguments = CHECKS[check]
    done = subprocess.run([BIN / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"[-4000:]


def test_each_lesson_of_others_users_has_a_test_named_after_it() -> None:
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    learned = {int(number) for number in re.findall(r"def test_lesson_(\d+)", text)}
    assert learned == LESSONS - LATER
