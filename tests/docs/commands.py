"""The shell blocks of a page, carried out as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_START = "from mailflow.cli import main; main()"


def blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of a page of docs/ that are of this kind: sh is carried out, bash is for the reader alone."""
    return [body for found, body in _BLOCK.findall((ROOT / "docs" / page).read_text("utf-8")) if found == kind]


def carried_out(script: str, folder: Path) -> str:
    """What the commands print, blanks made single; any command that fails ends it."""
    command = folder / "bin" / "mailflow"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{_START}' \"$@\"\n", "utf-8")
    command.chmod(0o755)
    environ = {
        **os.environ,
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    environ.pop("MAILFLOW_HOME", None)
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())
