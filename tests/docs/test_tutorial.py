"""The tutorial's second part is done as it stands there, and says what it promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
START = "from mailflow.cli import main; main()"


def blocks(kind: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(TUTORIAL) if found == kind]


def test_the_tutorial_works_as_it_stands(tmp_path):
    said = carried_out("\n".join(blocks("sh")), tmp_path)
    promised = [line for block in blocks("text") for line in block.splitlines()]
    assert promised
    for line in promised:
        assert " ".join(line.split()) in said


def carried_out(script: str, folder: Path) -> str:
    """What the commands print, on one line; any that fails ends it."""
    command = folder / "bin" / "mailflow"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{START}' \"$@\"\n", "utf-8")
    command.chmod(0o755)
    environ = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    environ.pop("MAILFLOW_HOME", None)
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())
