"""`report web` as a person calls it."""

import json

import pytest
from typer.testing import CliRunner

from mailflow.cli.app import app
from tests.report.web.logs import CHROME, NETHERLANDS, NETHERLANDS_6, NOWHERE, ROBOT, URUGUAY, line, written

ADDRESSES = (NETHERLANDS, NETHERLANDS_6, NOWHERE, URUGUAY)


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Where there is no installation: it needs none."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILFLOW_HOME", raising=False)
    return lambda *words: CliRunner().invoke(app, ["report", "web", *map(str, words)])


@pytest.fixture
def log(tmp_path):
    lines = [
        line(each, number, agent=CHROME, referrer="https://www.google.com/") for number, each in enumerate(ADDRESSES)
    ]
    return written(tmp_path / "access.log", *lines, line(agent=ROBOT), f"{NOWHERE} is broken")


def test_one_format_is_printed(report, log):
    said = report("--log", log)
    assert said.exit_code == 0, said.output
    assert "The website, 10 Mar 2026 – 10 Mar 2026" in said.output
    assert "Search engines" in said.output


def test_several_formats_are_files(report, log, tmp_path):
    said = report("--log", log, "--format", "text,html,csv,json", "--out", "handed/in", "--lang", "fr")
    assert said.exit_code == 0, said.output
    folder = tmp_path / "handed" / "in"
    assert {file.name for file in folder.iterdir()} == {"website.txt", "website.html", "website.csv", "website.json"}
    assert json.loads((folder / "website.json").read_text("utf-8"))["visits"] == 4
    assert "Moteurs de recherche" in (folder / "website.html").read_text("utf-8")


def test_no_address_is_in_anything_that_it_writes(report, log, tmp_path):
    said = report("--log", log, "--format", "text,html,csv,json", "--out", "out")
    texts = [said.output, *(file.read_text("utf-8") for file in (tmp_path / "out").iterdir())]
    assert len(texts) == 5
    for address in ADDRESSES:
        assert not any(address in text for text in texts)


def test_no_output_holds_a_mail_address_that_stood_in_a_path(report, tmp_path):
    log = written(
        tmp_path / "access.log", line(target="/en/ann@firm.com/x/"), line(target="/call/+41%2022%20799%2061%2011/")
    )
    said = report("--log", log, "--format", "text,html,csv,json", "--out", "out")
    texts = [said.output, *(file.read_text("utf-8") for file in (tmp_path / "out").iterdir())]
    assert "/call/…/" in "".join(texts)
    assert not any("firm.com" in text or "799" in text for text in texts)


def test_last_years_figures_stand_beside(report, log, tmp_path):
    report("--log", log, "--format", "json", "--out", tmp_path)
    said = report("--log", log, "--previous", tmp_path / "website.json")
    assert "Before: 10 Mar 2026 – 10 Mar 2026" in said.output


def test_several_files_may_follow(report, log, tmp_path):
    other = written(tmp_path / "older.log", line(minutes=-60))
    said = report("--log", log, other, "--format", "json")
    assert json.loads(said.output)["visits"] == 5


@pytest.mark.parametrize(("words", "why"), [
    (("--from", "March"), "write a day after --from"),
    (("--lang", "tlh"), "choose one of en, es, fr"),
    (("--format", "pdf"), "write some of text, html, csv, json"),
    (("--format", "text,html"), "name their folder with --out"),
    (("--zone", "Mars/Olympus"), "there is no time zone"),
    (("--from", "2026-03-02", "--to", "2026-03-01"), "before it begins"),
    (("--previous", "missing.json"), "No such file"),
    (("missing.log",), "No such file"),
])  # fmt: skip
def test_mistakes_are_one_sentence(report, log, words, why):
    said = report("--log", log, *words)
    assert said.exit_code in {1, 2}
    assert why in " ".join(said.output.split())
    assert not said.exception or isinstance(said.exception, SystemExit)


def test_a_log_that_cant_be_read_is_told_in_one_sentence(report, tmp_path):
    said = report("--log", written(tmp_path / "bad.log", "nonsense"))
    assert said.exit_code == 1
    assert said.stderr.startswith(f"{tmp_path / 'bad.log'}: no line of it is of an access log")
    assert said.stderr.count("\n") == 1


def test_nothing_is_written_when_it_cant_be_read(report, log, tmp_path):
    report("--log", written(tmp_path / "bad.log", "nonsense"), "--format", "text,json", "--out", "out")
    assert not (tmp_path / "out").exists()
