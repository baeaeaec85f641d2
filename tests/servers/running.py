"""Small things that every server of the tests needs: a folder, a port, the patience to see it answer."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

HOST = "127.0.0.1"
PATIENCE = 20.0  # seconds: far more than a server ever needs, so that only a broken one fails
NOBODY = 65534


def need(program: str, *, folder: str = "/usr/sbin") -> str:
    """The path of a server's program; without it the test is skipped, or fails where servers are required."""
    found = shutil.which(program, path=f"{folder}:{os.environ.get('PATH', '')}")
    return found or missing(f"{program} is not installed")


def missing(why: str) -> str:
    sentence = f"{why}: run `make servers`"
    if os.environ.get("MAILFLOW_REQUIRE_SERVERS") == "1":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def public_folder(name: str) -> Path:
    """A new folder that servers which are not root can reach; pytest's own is closed to them."""
    folder = Path(tempfile.mkdtemp(prefix=f"mailflow-{name}-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def free_ports(count: int) -> list[int]:
    """Ports that nobody listened on a moment ago, each different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"waited {PATIENCE:.0f} s in vain: {what}", pytrace=False)
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group of its own, politely, and whatever of the group outlives it."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
