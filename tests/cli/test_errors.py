"""Bad input gets one clear sentence and loses nothing: where it says what is wrong, and what to do."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest

from mailflow.cli import errors
from mailflow.store.errors import StoreError


def refused(said, *sentences):
    assert said.code == 1
    assert said.out == ""
    assert said.err.splitlines() == list(sentences)


def test_a_wrong_key_in_the_configuration_is_named_with_its_file(mailflow, letter, change):
    change("config.toml", "[desk]", "[desk]\nnmae = 1")
    refused(mailflow("ingest", letter()), 'config.toml: desk.nmae: unknown key (did you mean "name"?)')


def test_every_mistake_is_told_at_once(mailflow, change):
    change("config.toml", "[desk]", "[desk]\nnmae = 1")
    change("config.toml", 'poll = "60 s"', 'poll = "60"')
    change("rules/routing.toml", "lead = 2.5", 'lead = "much"')
    said = mailflow("explain", "-", piped="x: y\n\nz")
    assert said.code == 1
    assert [row.split(": ")[0] for row in said.err.splitlines()] == ["config.toml", "config.toml", "rules/routing.toml"]


def test_a_slip_in_the_rules_is_named(mailflow, letter, home):
    with (home / "rules/routing.toml").open("a") as file:
        file.write('\n[[rule]]\nname = "newspapers"\nwhen = { topc = ["wages"] }\nqueue = "wages"\n')
    said = mailflow("ingest", letter())
    assert said.code == 1
    assert said.err == 'rules/routing.toml: rule "newspapers": when.topc: unknown condition (did you mean "topic"?)\n'


def test_a_template_with_an_unknown_word_is_named_with_its_line(mailflow, letter, home):
    template = home / "templates/fr/answer.txt"
    template.write_text(template.read_text("utf-8") + "{{ requester }}\n", "utf-8")
    said = mailflow("ingest", letter())
    assert said.code == 1
    assert said.err.startswith(
        f"{template}:{len(template.read_text('utf-8').splitlines())}: “requester” is unknown here"
    )


def test_a_missing_master_key_is_told_and_nothing_is_made_in_its_place(mailflow, letter, home):
    (home / "master.key").unlink()
    said = mailflow("ingest", letter())
    assert said.err.startswith(f"the master key file {home / 'master.key'} is missing: ")
    assert said.code == 1
    assert not (home / "master.key").exists()


def test_a_master_key_that_others_can_read_is_refused(mailflow, home):
    (home / "master.key").chmod(0o644)
    refused(
        mailflow("status"),
        f"the master key file {home / 'master.key'} can be read by others (mode 0644): chmod 600 it",
    )


def test_missing_keys_are_told(mailflow, home):
    (home / "data/keys.db").unlink()
    said = mailflow("status")
    assert said.err.startswith(f"{home / 'data/keys.db'} is missing: restore it from its backup")


def test_a_database_of_a_newer_version_is_left_alone(mailflow, letter, home):
    with closing(sqlite3.connect(home / "data/mailflow.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    sentence = (
        "the database is of a newer version of mailflow (revision 9999): install that version or restore a backup"
    )
    refused(mailflow("ingest", letter()), sentence)
    refused(mailflow("run", "--once"), sentence)
    refused(mailflow("upgrade"), sentence)


def test_a_damaged_database_is_told(mailflow, home):
    (home / "data/mailflow.db").write_bytes(b"no database at all" * 500)
    said = mailflow("status")
    assert said.code == 1
    assert "is not a database: restore it from its backup" in said.err


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv takes from root the right to write everywhere")
def test_a_folder_that_may_only_be_read_is_told(process, home, letter):
    for path in (home, *home.rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)
    as_anybody = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    said = process("ingest", "-", piped=letter().read_bytes(), before=as_anybody)
    assert said.code == 75
    assert said.err.startswith(f"the database {home}/data/mailflow.db can't be ")
    assert "give mailflow's user write access" in said.err or "mailflow's user may write in its folder" in said.err
    said = process("run", "--once", before=as_anybody)
    assert said.code == 1
    assert said.err.startswith(f"{home}/data/daemon.lock: Permission denied: give the user who runs mailflow access")
    for path in (home, *home.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def test_a_folder_without_an_installation_says_how_to_make_one(mailflow, tmp_path):
    refused(
        mailflow("status", "--home", tmp_path / "nowhere"),
        f"config.toml: there is none in {tmp_path / 'nowhere'}: `mailflow init DIR` makes an installation folder",
    )


def test_a_new_installation_never_overwrites_anything(mailflow, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    refused(
        mailflow("init", tmp_path / "mine"),
        f"{tmp_path / 'mine'} is not empty: name a new folder, so that nothing is overwritten",
    )


def test_a_new_installation_says_what_to_keep_where_and_what_comes_next(mailflow, tmp_path):
    said = mailflow("init", tmp_path / "new")
    assert said.code == 0
    for each in (
        "master.key",
        "data/keys.db",
        "What to keep where",
        "config.toml",
        f"mailflow --home {tmp_path}/new check",
    ):
        assert each in said.out
    assert stat.S_IMODE((tmp_path / "new/master.key").stat().st_mode) == 0o600
    assert mailflow("verify", "--offline", "--home", tmp_path / "new").code == 0


# ---------------------------------------------------------------- in general


def test_an_unexpected_fault_gives_its_kind_alone_and_debug_shows_where(mailflow, monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError("what Ann wrote")

    monkeypatch.setattr("mailflow.store.queries.tickets", broken)
    said = mailflow("ticket", "list")
    refused(said, "an unexpected fault (ValueError): --debug before the command shows where")
    assert "Traceback" in mailflow("ticket", "list", "--debug").err


def test_faults_of_the_system_say_what_to_do():
    (said,) = errors.sentences(OSError(28, "No space left on device", "/x"))
    assert said == "/x: No space left on device: free some space, then try again; nothing that was stored is lost"
    assert errors.sentences(OSError(5, "Input/output error")) == ("Input/output error",)


def test_errors_of_ours_speak_for_themselves_and_those_of_python_do_not():
    assert errors.sentences(StoreError("it is full")) == ("it is full",)
    assert errors.sentences(LookupError("there is no ticket")) == ("there is no ticket",)
    assert errors.sentences(KeyError("text of a mail"))[0].startswith("an unexpected fault (KeyError)")


def test_ctrl_c_ends_quietly(mailflow, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("mailflow.store.queries.tickets", interrupted)
    said = mailflow("ticket", "list")
    assert (said.code, said.out, said.err) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error(process, mailflow, letter, tmp_path):
    for number in range(40):
        letter(f"What about the minimum wage in case {number}? " + "x" * 4000, folder=tmp_path / "many")
    running = process("explain", "--json", tmp_path / "many", wait=False)
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait(timeout=30) == 141
