"""The built wheel carries the working defaults, and works where there is no repository."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CARRIED = {"config.toml": 1, "rules": 8, "templates": 40, "db": 2}  # what, and at least how many files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as a user would build it, with the pinned tools."""
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("mailflow-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel alone, unpacked elsewhere; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("site")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def run(*arguments: str, path: Path | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONUTF8": "1"}
    if path:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, cwd=cwd or ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def test_the_wheel_carries_the_working_defaults_as_they_stand_in_the_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        inside = {name: opened.read(name) for name in opened.namelist()}
    for what, least in CARRIED.items():
        carried = {n: octets for n, octets in inside.items() if n.startswith(f"mailflow/defaults/{what}")}
        assert len(carried) >= least, what
        for name, octets in carried.items():
            assert octets == (ROOT / name.removeprefix("mailflow/defaults/")).read_bytes(), name


def test_the_wheel_carries_no_test_and_no_stray_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]
    assert {name.split("/")[0] for name in names} == {
        "mailflow",
        next(n for n in names if "dist-info" in n).split("/")[0],
    }


def test_an_installed_wheel_makes_an_installation_that_checks_clean(installed: Path, tmp_path: Path) -> None:
    program = "import mailflow, sys; from mailflow.cli import main; sys.argv[0] = 'mailflow'; main()"
    home = tmp_path / "desk"
    said = run("-c", program, "init", str(home), path=installed, cwd=tmp_path).stdout
    assert str(home) in said
    assert (home / "config.toml").read_bytes() == (ROOT / "config.toml").read_bytes()
    where = run("-c", "import mailflow; print(mailflow.__file__)", path=installed, cwd=tmp_path).stdout
    assert where.startswith(str(installed))
    checked = "from pathlib import Path; from mailflow import config; from mailflow.store.store import Store\n"
    checked += f"settings, desk = config.load(Path({str(home)!r})); Store.open(settings).close(); print(len(desk.policy.queues))"
    assert int(run("-c", checked, path=installed, cwd=tmp_path).stdout) > 5
