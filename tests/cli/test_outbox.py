"""`outbox`: what leaves, what left, what could not; as files, too."""

import email
import email.policy
import sqlite3
import stat
from contextlib import closing

FIELDS = {
    "id",
    "ticket",
    "to",
    "template",
    "language",
    "subject",
    "message_id",
    "state",
    "tries",
    "next_try",
    "error",
}


def mark(home, mail, **values):
    with closing(sqlite3.connect(home / "data/mailflow.db")) as connection:
        for column, value in values.items():
            connection.execute(f"UPDATE outbox SET {column} = ? WHERE id = ?", (value, mail))
        connection.commit()


def test_a_mail_is_listed_with_every_promised_field(mailflow, opened):
    first, second = mailflow("outbox", "list", "--json").objects
    assert set(first) >= FIELDS
    assert (first["ticket"], first["to"], first["template"]) == (opened, "ann@firm.example", "acknowledgement")
    assert (first["state"], first["tries"], first["next_try"], first["error"]) == (
        "waiting", 0, "2026-11-23T09:00:00Z", "",
    )  # fmt: skip
    assert opened in first["subject"]
    assert second["template"] == "question"


def test_people_get_a_table_and_an_empty_outbox_says_so(mailflow, letter):
    assert mailflow("outbox", "list").out == "The outbox is empty.\n"
    mailflow("ingest", letter())
    assert "ann@firm.example" in mailflow("outbox", "list").out


def test_a_draft_that_waits_for_a_person_waits_and_a_stopped_one_is_not_listed(mailflow, opened, home):
    mark(home, 1, state="held", next_try=None)
    mark(home, 2, state="cancelled")
    (only,) = mailflow("outbox", "list", "--json").objects
    assert (only["state"], only["held"], only["next_try"]) == ("waiting", True, None)


def test_the_list_can_be_cut_to_a_state_or_a_ticket(mailflow, opened, letter, home):
    mailflow("ingest", letter())
    mark(home, 1, state="failed")
    ids = lambda *wanted: [each["id"] for each in mailflow("outbox", "list", "--json", *wanted).objects]
    assert ids("--state", "failed") == [1]
    assert ids("--ticket", "2026-0002") == [3, 4]
    assert mailflow("outbox", "list", "--state", "lost").code == 2


def test_mails_are_exported_as_they_leave_into_files_for_the_operator_alone(mailflow, opened, tmp_path):
    said = mailflow("outbox", "export", tmp_path / "out", "--json")
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["000001-acknowledgement.eml", "000002-question.eml"]
    assert [each["file"] for each in said.objects] == [str(file) for file in files]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    mail = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert mail["To"] == "ann@firm.example"
    assert mail["Message-ID"] == mailflow("outbox", "list", "--json").objects[0]["message_id"]
    assert mailflow("outbox", "export", tmp_path / "out").code == 0


def test_an_export_is_recorded(mailflow, opened, tmp_path):
    mailflow("outbox", "export", tmp_path / "out", "--ticket", opened)
    assert "exported" in [each["kind"] for each in mailflow("ticket", "show", opened, "--json").object["events"]]


def test_an_export_into_a_file_is_refused_in_a_sentence(mailflow, opened, tmp_path):
    (tmp_path / "out").write_text("")
    said = mailflow("outbox", "export", tmp_path / "out")
    assert (said.code, said.err) == (1, f"{tmp_path}/out: File exists\n")


def test_what_failed_is_sent_again_on_demand_and_nothing_else(mailflow, opened, letter, home):
    mailflow("ingest", letter())
    mark(home, 1, state="failed", next_try=None, error="550 5.1.1")
    mark(home, 2, error="451", next_try=9_999_999_999_000_000)
    mark(home, 3, state="cancelled", error="451")
    mark(home, 4, state="held", error="451")
    assert mailflow("outbox", "retry", "--json").object == {"retried": 2}
    states = {each["id"]: each["state"] for each in mailflow("outbox", "list", "--json").objects}
    assert states == {1: "waiting", 2: "waiting", 4: "waiting"}
    assert mailflow("outbox", "list", "--json").objects[1]["next_try"] == "2026-11-23T09:00:00Z"


def test_what_is_being_sent_this_moment_is_not_sent_a_second_time(mailflow, opened, home):
    mark(home, 1, error="451", leased_until=9_999_999_999_000_000)
    assert mailflow("outbox", "retry").out == "Nothing waits for another try.\n"


def test_one_mail_can_be_retried_and_another_one_is_told_as_unknown(mailflow, opened, home):
    mark(home, 1, state="failed")
    assert mailflow("outbox", "retry", 1).out == "1 to be sent again\n"
    said = mailflow("outbox", "retry", 2)
    assert said.code == 1
    assert said.err.startswith("the mail 2 does not wait for another try")
