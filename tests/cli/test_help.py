"""The face of the command: help at once, global options anywhere, UTF-8 whatever the locale."""

import subprocess
import sys

import pytest

from mailflow import __version__
from mailflow.cli import call
from mailflow.cli.app import hoisted
from tests.cli.conftest import ROOT

HEAVY = (
    "sqlalchemy",
    "sqlmodel",
    "mailflow.config",
    "jinja2",
    "langdetect",
    "rich",
    "imapclient",
    "aiosmtplib",
    "apscheduler",
)


@pytest.mark.parametrize("arguments", [["--help"], ["ticket", "--help"], ["ingest", "--help"], ["--version"]])
def test_help_needs_none_of_the_heavy_libraries(arguments):
    script = (
        "import sys\nfrom mailflow.cli.app import app\n"
        f"try:\n    app({arguments!r})\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
    assert done.stdout


def test_help_names_every_command(mailflow):
    said = mailflow("--help").out
    for name in ("init", "check", "demo", "run", "ingest", "explain", "ticket", "outbox", "shelf", "backup", "restore"):
        assert f"  {name} " in said
    assert "status" in said
    assert "verify" in said


def test_the_version_is_told(mailflow):
    assert mailflow("--version").out == f"mailflow {__version__}\n"


def test_wrong_usage_ends_with_2_and_suggests(mailflow):
    said = mailflow("ticket", "lst")
    assert said.code == 2
    assert "list" in said.err
    assert mailflow("ingest").code == 2


def test_global_options_may_stand_anywhere():
    assert hoisted(["ticket", "list", "--home", "desk", "--now=2026"]) == [
        "--home",
        "desk",
        "--now=2026",
        "ticket",
        "list",
    ]
    assert hoisted(["run", "--debug", "--", "--home"]) == ["--debug", "run", "--", "--home"]
    assert hoisted(["run", "--home"]) == ["run", "--home"]


@pytest.mark.parametrize("moment", ["2026-11-23", "2026-11-23T09:00:00", "soon"])
def test_a_rehearsal_needs_a_whole_moment(mailflow, moment):
    said = mailflow("ticket", "list", now=moment)
    assert said.code == 2
    assert "2026-11-23T09:00:00Z" in said.err


def test_the_installation_is_the_one_named_else_of_the_variable_else_from_here_upwards(tmp_path, monkeypatch):
    (tmp_path / "config.toml").write_text("")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    monkeypatch.delenv("MAILFLOW_HOME", raising=False)
    assert call.Call().home() == tmp_path
    monkeypatch.setenv("MAILFLOW_HOME", "/somewhere")
    assert str(call.Call().home()) == "/somewhere"
    assert call.Call(given_home=tmp_path / "x").home() == tmp_path / "x"


def test_where_there_is_no_installation_the_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILFLOW_HOME", raising=False)
    with pytest.raises(LookupError, match=r"no config.toml in .* or above it; name its folder with --home"):
        call.Call().home()


def test_json_is_utf_8_whatever_the_locale(process, letter):
    file = letter("¿Qué dice del salario mínimo? 最低賃金")
    said = process("explain", "--json", file, env={"LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert said.code == 0
    assert "最低賃金" in said.object["text"]


def test_python_dash_m_is_the_same_command(process):
    assert process("--version").out == f"mailflow {__version__}\n"
