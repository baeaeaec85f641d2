"""The systemd unit fits the daemon."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mailflow.daemon import daemon

HOWTOS = Path(__file__).parents[2] / "docs" / "how-to"
UNIT = (HOWTOS / "mailflow.service").read_text("utf-8")


def set_to(key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", UNIT, re.MULTILINE)


def test_the_watchdog_waits_for_several_beats():
    (seconds,) = set_to("WatchdogSec")
    assert int(seconds) >= 5 * daemon.BEAT_SECONDS


def test_a_clean_stop_has_the_time_that_it_needs():
    (seconds,) = set_to("TimeoutStopSec")
    assert int(seconds) > daemon.STOP_SECONDS


def test_the_daemon_alone_is_told_to_stop_and_its_parser_goes_with_it():
    assert set_to("KillMode") == ["mixed"]


def test_the_parser_may_set_its_limits():
    assert not any("@resources" in allowed for allowed in set_to("SystemCallFilter"))


def test_the_guide_passes_the_credentials_that_the_unit_has():
    guide = (HOWTOS / "deploy-with-systemd.md").read_text("utf-8")
    assert set_to("LoadCredential")
    for credential in set_to("LoadCredential"):
        assert f"LoadCredential={credential}" in guide


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed: apt install systemd")
def test_systemd_finds_nothing_wrong_with_it(tmp_path):
    unit = tmp_path / "mailflow.service"
    unit.write_text(UNIT.replace("/opt/mailflow/bin/mailflow", sys.executable), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    about_it = [line for line in done.stderr.splitlines() if "mailflow" in line]
    assert (done.returncode, about_it) == (0, [])
