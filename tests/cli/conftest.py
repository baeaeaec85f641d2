"""An installation made once by `mailflow init`, a copy of it for each test, and the command to call on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailflow.cli.app import app

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T09:00:00Z"


@dataclass(frozen=True)
class Said:
    """What a call of the command came to."""

    code: int
    out: str
    err: str
    octets: bytes

    @property
    def objects(self):
        return [json.loads(row) for row in self.out.splitlines()]

    @property
    def object(self):
        (only,) = self.objects
        return only


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    home = tmp_path_factory.mktemp("made") / "desk"
    result = CliRunner().invoke(app, ["init", str(home)])
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def home(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "desk", copy_function=shutil.copy2))


@pytest.fixture
def mailflow(home):
    """Call the command on this test's installation, in this process."""

    def call(*args, piped=None, now=NOW):
        clock = ["--now", now] if now else []
        result = CliRunner().invoke(app, ["--home", str(home), *clock, *map(str, args)], input=piped)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Said(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)

    return call


@pytest.fixture
def process(home):
    """The same as a process of its own; returns it running, or waits for it when `wait` says so."""

    def start(*args, wait=True, piped=None, before=(), **kwargs):
        command = [*before, sys.executable, "-m", "mailflow", "--home", str(home), *map(str, args)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **kwargs.pop("env", {})}
        if wait:
            done = subprocess.run(
                command, check=False, input=piped, capture_output=True, env=environment, timeout=60, **kwargs
            )
            return Said(done.returncode, done.stdout.decode(), done.stderr.decode(), done.stdout)
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **kwargs)

    return start


@pytest.fixture
def letter(tmp_path):
    """Write a mail into a file; every one of them is another mail."""
    written = []

    def write(text="What does the convention say about the minimum wage?", name=None, folder=tmp_path, **headers):
        number = len(written) + 1
        head = {
            "From": "Ann Lee <ann@firm.example>",
            "To": "helpdesk@example.org",
            "Subject": f"question {number}",
            "Message-ID": f"<{number}@firm.example>",
            "Date": "Mon, 23 Nov 2026 08:00:00 +0000",
        } | {key.replace("_", "-"): value for key, value in headers.items()}
        rows = "".join(f"{key}: {value}\r\n" for key, value in head.items() if value)
        file = folder / (name or f"{number}.eml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(f"{rows}\r\n{text}\r\n".encode())
        written.append(file)
        return file

    return write


@pytest.fixture
def change(home):
    """Replace a text in a file of the installation."""

    def replace(file, before, after):
        text = (home / file).read_text("utf-8")
        assert before in text, f"{file} does not hold {before}"
        (home / file).write_text(text.replace(before, after, 1), "utf-8")

    return replace


@pytest.fixture
def opened(mailflow, letter):
    """The reference of a ticket that a mail opened."""
    return mailflow("ingest", "--json", letter()).object["ticket"]


@pytest.fixture
def shelved(mailflow, letter):
    """The id of a mail on the shelf: it has no clear sender."""
    assert mailflow("ingest", "--json", letter(From="a@firm.example, b@firm.example")).object["outcome"] == "shelved"
    return mailflow("shelf", "list", "--json").objects[-1]["id"]
