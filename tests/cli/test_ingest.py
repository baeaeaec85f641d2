"""`ingest` and `explain`: what is printed of each mail, where mails come from, and what a mail server is told."""

import json
import mailbox
import os
import resource
import sqlite3
from contextlib import closing

import pytest

from mailflow.cli import sources
from mailflow.engine import Engine
from mailflow.mail.understand import Understanding
from mailflow.store.database import Database

FIELDS = {
    "source",
    "message_id",
    "outcome",
    "reason",
    "ticket",
    "sender",
    "name",
    "subject",
    "date",
    "text",
    "quoted",
    "attachments",
    "origin",
    "language",
    "topics",
    "queue",
    "contributors",
    "admissible",
    "suggestions",
    "defects",
}


def test_each_mail_gives_one_object_with_every_promised_field_in_the_order_of_the_sources(mailflow, letter):
    files = [letter(), letter("Where can I find the guide to child labour?"), letter("¿Qué dice del salario mínimo?")]
    said = mailflow("ingest", "--json", *files)
    assert said.code == 0
    assert [each["source"] for each in said.objects] == [str(file) for file in files]
    assert all(set(each) == FIELDS for each in said.objects)
    assert [each["ticket"] for each in said.objects] == ["2026-0001", "2026-0002", "2026-0003"]


def test_what_is_said_of_a_question(mailflow, letter):
    said = mailflow("ingest", "--json", letter()).object
    assert (said["outcome"], said["queue"], said["sender"], said["name"]) == (
        "opened",
        "wages",
        "ann@firm.example",
        "Ann Lee",
    )
    assert said["date"] == "2026-11-23T08:00:00Z"
    assert said["origin"]["kind"] == "human"
    assert said["origin"]["automatic"] is False
    assert said["origin"]["authenticated"] == "none"
    assert said["language"]["code"] == "en"
    assert said["topics"][0]["id"] == "wages"
    assert said["reason"].endswith(".")
    assert said["text"] == "What does the convention say about the minimum wage?"


def test_attachments_are_named_with_size_and_hash(mailflow, letter):
    body = "--x\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--x\r\nContent-Type: application/pdf\r\n"
    body += "Content-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF\r\n--x--"
    file = letter(body, MIME_Version="1.0", Content_Type="multipart/mixed; boundary=x")
    (attached,) = mailflow("ingest", "--json", file).object["attachments"]
    assert (attached["name"], attached["type"], attached["size"]) == ("a.pdf", "application/pdf", 4)
    assert len(attached["sha256"]) == 64


def test_the_same_octets_again_are_a_duplicate_of_their_first_ticket(mailflow, letter):
    file = letter()
    first, second = mailflow("ingest", "--json", file, file).objects
    third = mailflow("ingest", "--json", file).object
    assert [each["outcome"] for each in (first, second, third)] == ["opened", "duplicate", "duplicate"]
    assert {each["ticket"] for each in (first, second, third)} == {"2026-0001"}
    assert third["text"] == first["text"]
    assert len(mailflow("ticket", "list", "--json").objects) == 1


def test_old_mail_becomes_closed_tickets_and_nobody_is_written_to(mailflow, letter):
    mailflow("ingest", "--archive", letter())
    assert mailflow("ticket", "list", "--json").object["state"] == "closed"
    assert mailflow("outbox", "list", "--json").out == ""


def test_a_mail_on_the_shelf_says_why_in_a_sentence(mailflow, letter):
    said = mailflow("ingest", "--json", letter(From="a@firm.example, b@firm.example")).object
    assert (said["outcome"], said["ticket"], said["sender"]) == ("shelved", None, "")
    assert said["reason"] == "the From line does not name exactly one sender"


def test_a_mail_that_is_beyond_the_limits_is_kept_and_every_field_is_there(mailflow, letter, change):
    change("config.toml", 'headers = "128 kB"', 'headers = "1 kB"')
    said = mailflow("ingest", "--json", letter(X_Long="a" * 2000)).object
    assert set(said) == FIELDS
    assert said["outcome"] == "shelved"
    assert said["message_id"] == ""


def test_people_get_one_line_a_mail(mailflow, letter):
    file = letter()
    said = mailflow("ingest", file)
    assert said.out.startswith(f"{file}: opened 2026-0001 (wages): ")
    assert said.out.count("\n") == 1


# ---------------------------------------------------------------- where mails come from


def test_an_mbox_is_taken_mail_by_mail(mailflow, letter, tmp_path):
    box = mailbox.mbox(tmp_path / "old.mbox")
    for each in (letter(), letter()):
        box.add(each.read_bytes())
    box.close()
    said = mailflow("ingest", "--json", tmp_path / "old.mbox")
    assert [each["source"] for each in said.objects] == [f"{tmp_path}/old.mbox#1", f"{tmp_path}/old.mbox#2"]
    assert [each["subject"] for each in said.objects] == ["question 1", "question 2"]


def test_a_maildir_is_taken_with_what_was_read_and_what_was_not(mailflow, letter, tmp_path):
    box = mailbox.Maildir(tmp_path / "box")
    box.add(letter().read_bytes())
    read = mailbox.MaildirMessage(letter().read_bytes())
    read.set_subdir("cur")
    box.add(read)
    assert {each["subject"] for each in mailflow("ingest", "--json", tmp_path / "box").objects} == {
        "question 1",
        "question 2",
    }


def test_a_folder_gives_its_eml_files_by_name_and_those_of_folders_below(mailflow, letter, tmp_path):
    folder = tmp_path / "mails"
    letter(name="b.eml", folder=folder)
    letter(name="a.eml", folder=folder)
    letter(name="c.eml", folder=folder / "below")
    (folder / "notes.txt").write_text("no mail")
    names = [each["source"].removeprefix(f"{folder}/") for each in mailflow("ingest", "--json", folder).objects]
    assert names == ["a.eml", "b.eml", "below/c.eml"]


def test_a_piped_mail_may_begin_with_an_envelope_line(mailflow, letter):
    said = mailflow("ingest", "--json", "-", piped=b"From ann@firm.example Mon Nov 23\n" + letter().read_bytes())
    assert (said.code, said.object["source"], said.object["outcome"]) == (0, "-", "opened")
    assert said.object["defects"] == []


def test_an_eml_file_that_begins_with_an_envelope_line_is_one_mail(letter):
    file = letter("First line\r\nFrom here on it goes downhill")
    file.write_bytes(b"From ann Mon Nov 23\n" + file.read_bytes())
    ((found,),) = sources.opened([str(file)])
    assert found.raw.startswith(b"From: Ann")
    assert b"downhill" in found.raw


def test_more_mails_than_a_batch_are_all_handled(mailflow, letter, tmp_path):
    for number in range(53):
        letter(f"What about the minimum wage in case {number}?", folder=tmp_path / "many")
    said = mailflow("ingest", "--json", tmp_path / "many")
    assert [each["outcome"] for each in said.objects] == ["opened"] * 53
    assert len({each["ticket"] for each in said.objects}) == 53


@pytest.mark.parametrize("missing", ["nothing.eml", "empty"])
def test_a_source_that_is_not_there_is_told_before_any_other_is_touched(mailflow, letter, tmp_path, missing):
    (tmp_path / "empty").mkdir()
    said = mailflow("ingest", letter(), tmp_path / missing)
    assert said.code == 1
    assert said.err.startswith(f"{tmp_path / missing}: there is no ")
    assert mailflow("ticket", "list", "--json").out == ""


def test_a_file_that_cannot_be_read_is_named(mailflow, letter, monkeypatch):
    file = letter()

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.open", refuse)
    said = mailflow("ingest", file)
    assert said.code == 1
    assert said.err.startswith(f"{file}: Permission denied: give the user who runs mailflow access")


def test_standard_input_stands_alone(mailflow, letter):
    assert mailflow("ingest", "-", letter(), piped=b"x").code == 2


# ---------------------------------------------------------------- as the pipe of a mail server


def test_a_mail_server_keeps_the_mail_while_there_is_no_installation(mailflow, letter, tmp_path):
    said = mailflow("ingest", "-", "--home", tmp_path / "elsewhere", piped=letter().read_bytes())
    assert said.code == 75
    assert said.err.startswith("config.toml: there is none in ")


def test_a_mail_server_keeps_the_mail_while_the_configuration_is_wrong(mailflow, letter, change):
    change("config.toml", "[desk]", "[desk]\nnmae = 1")
    said = mailflow("ingest", "-", piped=letter().read_bytes())
    assert said.code == 75
    assert "config.toml: desk.nmae" in said.err


def test_a_mail_server_keeps_the_mail_while_the_database_is_locked(mailflow, letter, home, monkeypatch):
    monkeypatch.setattr(Database.__init__, "__kwdefaults__", {"home": None, "wait_seconds": 0.05})
    with closing(sqlite3.connect(home / "data/mailflow.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = mailflow("ingest", "-", piped=letter().read_bytes())
    assert said.code == 75
    assert "is locked by another process" in said.err


def test_a_mail_server_keeps_the_mail_when_nothing_can_be_written(process, letter, mailflow):
    def no_file_may_grow():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    said = process("ingest", "-", piped=letter().read_bytes(), preexec_fn=no_file_may_grow)
    assert said.code == 75
    assert len(said.err.splitlines()) == 1
    assert mailflow("verify", "--offline", "--json").object["taken_in"] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_loses_nothing_and_says_so(process, home, letter, tmp_path):
    disk = home / "data"
    kept = {file.name: file.read_bytes() for file in disk.iterdir()}
    if os.system(f"mount -t tmpfs -o size=600k none {disk}") != 0:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        for name, octets in kept.items():
            (disk / name).write_bytes(octets)
        said = process("ingest", "-", piped=letter("x" * 900_000).read_bytes())
        assert said.code == 75
        assert "its disk is full: free some space; nothing was lost" in said.err
        assert process("ingest", "-", piped=letter().read_bytes()).code in (0, 75)
        assert process("verify", "--offline").code == 0
    finally:
        os.system(f"umount {disk}")


def test_once_stored_the_mail_server_may_forget_the_mail_whatever_comes_after(mailflow, letter, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("mailflow.cli.working.handle", broken)
        said = mailflow("ingest", "-", piped=letter().read_bytes())
    assert said.code == 0
    assert said.err.startswith("an unexpected fault (ZeroDivisionError)")
    assert mailflow("status", "--json").object["unhandled"] == 1


# ---------------------------------------------------------------- a mail that fails


def test_a_mail_that_fails_three_times_goes_to_the_shelf_and_the_others_are_handled(mailflow, letter, monkeypatch):
    real = Understanding.understand

    def sometimes(self, parsed):
        if "poison" in parsed.subject:
            raise ZeroDivisionError
        return real(self, parsed)

    files = [letter(), letter(Subject="poison"), letter()]
    with monkeypatch.context() as patched:
        patched.setattr(Understanding, "understand", sometimes)
        said = mailflow("ingest", "--json", *files)
    assert [each["outcome"] for each in said.objects] == ["opened", "shelved", "opened"]
    assert said.objects[1]["reason"] == "handling the mail failed three times"
    item = mailflow("shelf", "list", "--json").object
    assert item["tries"] == 3
    assert "ZeroDivisionError" in mailflow("shelf", "show", item["id"], "--json").object["fault"]


def test_what_another_process_handled_meanwhile_is_told_as_well(mailflow, letter, monkeypatch):
    """A daemon at work takes the mail from under our hands."""
    real = Engine.claim

    def another_first(self, now, most=20):
        self.handle(self.read(real(self, now, most)), now)
        return []

    monkeypatch.setattr(Engine, "claim", another_first)
    said = mailflow("ingest", "--json", letter()).object
    assert (said["outcome"], said["ticket"], said["queue"]) == ("opened", "2026-0001", "wages")
    assert said["text"]


# ---------------------------------------------------------------- explain


def test_explain_says_what_ingest_would_do_and_changes_nothing(mailflow, letter, home):
    file = letter()
    (home / "data").rename(home / "away")
    told = mailflow("explain", "--json", file).object
    (home / "away").rename(home / "data")
    done = mailflow("ingest", "--json", file).object
    assert told.pop("mails") == [
        {"template": "acknowledgement", "to": "requester", "language": "en"},
        {"template": "question", "to": "person", "language": "es"},
    ]
    assert told["ticket"] is None
    assert told == done | {"ticket": None}


def test_explain_tells_people_why(mailflow, letter):
    said = mailflow("explain", letter())
    assert "topics: wages" in said.out
    assert "would send to the requester: acknowledgement (en)" in said.out


def test_explain_reads_the_standard_input(mailflow, letter):
    assert json.loads(mailflow("explain", "--json", "-", piped=letter().read_bytes()).out)["outcome"] == "opened"


@pytest.mark.parametrize(("headers", "outcome"), [
    ({"Auto_Submitted": "auto-replied"}, "ignored"),
    ({"From": "helpdesk@example.org"}, "ignored"),
    ({"From": "a@firm.example, b@firm.example"}, "shelved"),
])  # fmt: skip
def test_explain_tells_other_outcomes(mailflow, letter, headers, outcome):
    assert mailflow("explain", "--json", letter(**headers)).object["outcome"] == outcome
