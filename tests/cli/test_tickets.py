"""`ticket`: lists, stories, questions entered by hand, and orders of coordinators at the keyboard."""

import pytest

FIELDS = {
    "ref",
    "state",
    "queue",
    "assignee",
    "language",
    "topics",
    "opened",
    "due",
    "closed",
    "overdue",
    "admissible",
    "user_type",
    "user_region",
    "region",
    "sector",
}
NOTHING_WE_KNOW = "The weather is rather nice today, and I only wanted to say hello to everybody."


def events(mailflow, ref):
    return mailflow("ticket", "show", ref, "--json").object["events"]


# ---------------------------------------------------------------- list and show


def test_a_ticket_is_listed_with_every_promised_field(mailflow, opened):
    said = mailflow("ticket", "list", "--json").object
    assert set(said) == FIELDS
    assert (said["ref"], said["state"], said["queue"], said["language"]) == (opened, "assigned", "wages", "en")
    assert said["topics"][0] == "wages"
    assert (said["opened"], said["closed"], said["overdue"]) == ("2026-11-23T09:00:00Z", None, False)
    assert said["due"].endswith("Z")


def test_tickets_are_told_apart_by_state_queue_and_deadline(mailflow, letter):
    mailflow("ingest", letter(), letter(NOTHING_WE_KNOW))
    refs = lambda *wanted, **clock: [t["ref"] for t in mailflow("ticket", "list", "--json", *wanted, **clock).objects]
    assert refs() == ["2026-0001", "2026-0002"]
    assert refs("--state", "new") == ["2026-0002"]
    assert refs("--queue", "wages") == ["2026-0001"]
    assert refs("--overdue") == []
    assert refs("--overdue", now="2027-02-01T00:00:00Z") == ["2026-0001", "2026-0002"]
    mailflow("ticket", "close", "2026-0001")
    assert refs("--overdue", now="2027-02-01T00:00:00Z") == ["2026-0002"]


def test_people_get_a_table_and_an_empty_desk_says_so(mailflow, letter):
    assert mailflow("ticket", "list").out == "There is no ticket yet.\n"
    mailflow("ingest", letter())
    head, _, row = mailflow("ticket", "list").out.splitlines()
    assert head.split()[:4] == ["ref", "state", "queue", "assignee"]
    assert row.split()[:3] == ["2026-0001", "assigned", "wages"]
    assert "\x1b" not in row


def test_the_story_holds_what_came_and_what_left_in_order_and_the_events(mailflow, opened):
    story = mailflow("ticket", "show", opened, "--json").object
    assert set(story) >= FIELDS
    assert [(m["direction"], m["kind"], m["from_role"]) for m in story["messages"]] == [
        ("in", "question", "requester"),
        ("out", "acknowledgement", "desk"),
        ("out", "question", "desk"),
    ]
    for message in story["messages"]:
        assert {"direction", "kind", "message_id", "at", "from_role", "text", "attachments"} <= set(message)
        assert message["text"]
        assert message["message_id"].startswith("<")
    assert story["messages"][1]["to"] == "requester"
    assert [each["kind"] for each in story["events"]][:2] == ["opened", "message"]


def test_files_that_leave_with_a_question_are_told(mailflow, letter):
    body = (
        "--x\r\nContent-Type: text/plain\r\n\r\nIs this minimum wage right?\r\n--x\r\nContent-Type: application/pdf\r\n"
    )
    body += "Content-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF\r\n--x--"
    ref = mailflow("ingest", "--json", letter(body, Content_Type="multipart/mixed; boundary=x")).object["ticket"]
    came, _, left = mailflow("ticket", "show", ref, "--json").object["messages"]
    assert left["attachments"] == came["attachments"]
    assert left["attachments"][0]["name"] == "a.pdf"


def test_reading_a_ticket_is_itself_recorded(mailflow, opened):
    assert events(mailflow, opened)[-1] | {"seq": 0} == {
        "seq": 0,
        "at": "2026-11-23T09:00:00Z",
        "kind": "read",
        "actor": "operator",
        "facts": {"what": "ticket"},
    }


def test_people_read_the_story_as_text(mailflow, opened):
    said = mailflow("ticket", "show", opened).out
    assert said.startswith(f"{opened}: assigned, queue wages")
    assert "    What does the convention say about the minimum wage?" in said
    assert "acknowledgement to requester (waiting)" in said


def test_what_a_stranger_wrote_cannot_steer_the_terminal(mailflow, letter):
    ref = mailflow("ingest", "--json", letter("wage \x1b[2J\x07 wage", Subject="[red]minimum wage[/red]")).object[
        "ticket"
    ]
    said = mailflow("ticket", "show", ref).out
    assert "[red]minimum wage[/red]" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_an_erased_ticket_is_still_shown_as_far_as_it_goes(mailflow, opened, home):
    from sqlalchemy import text

    from mailflow.config import load_settings
    from mailflow.store.store import Store

    store = Store.open(load_settings(home))
    with store.database.read() as connection:
        keys = list(connection.execute(text("SELECT key FROM key_owner")).scalars())
    store.vault.forget(keys)
    store.close()
    story = mailflow("ticket", "show", opened, "--json").object
    assert story["unreadable"] == "this was erased: its key is deleted for good"
    assert [m["text"] for m in story["messages"]] == ["", ""]
    assert mailflow("ticket", "show", opened).code == 0
    assert [each["to"] for each in mailflow("outbox", "list", "--json").objects] == ["", ""]


@pytest.mark.parametrize("command", [("show",), ("assign",), ("close",)])
def test_an_unknown_reference_is_told(mailflow, command):
    said = mailflow("ticket", *command, "2026-0099", *(["ana"] if command == ("assign",) else []))
    assert (said.code, said.err) == (1, "there is no ticket 2026-0099: `mailflow ticket list` shows all\n")


# ---------------------------------------------------------------- new


def test_a_question_by_telephone_opens_a_ticket_without_any_mail_to_the_requester(mailflow):
    said = mailflow("ticket", "new", "--json", "--text", "How is overtime pay counted in the minimum wage?")
    assert said.code == 0
    assert (said.object["ref"], said.object["language"], said.object["queue"]) == ("2026-0001", "en", "wages")
    assert {each["template"] for each in mailflow("outbox", "list", "--json").objects} == {"question"}
    notes = [each["facts"] for each in events(mailflow, "2026-0001") if each["kind"] == "note"]
    assert notes == [{"text": "entered by operator, asked by telephone"}]


def test_a_question_by_letter_with_an_address_is_acknowledged_there(mailflow):
    options = ("--from", "Ann@Firm.Example", "--name", "Ann Lee", "--via", "letter", "--subject", "wages")
    said = mailflow("ticket", "new", "--json", *options, piped="¿Qué dice el convenio sobre el salario mínimo legal?")
    assert said.object["language"] == "es"
    sent = {each["template"]: each["to"] for each in mailflow("outbox", "list", "--json").objects}
    assert sent["acknowledgement"] == "Ann@firm.example"
    asked = mailflow("ticket", "show", "2026-0001", "--json").object["messages"][0]
    assert (asked["name"], asked["subject"]) == ("Ann Lee", "wages")


def test_the_language_can_be_said(mailflow):
    assert mailflow("ticket", "new", "--json", "--lang", "fr", "--text", "OK?").object["language"] == "fr"


@pytest.mark.parametrize(("options", "why"), [
    (("--text", "x", "--via", "pigeon"), "nobody asks by pigeon"),
    (("--text", "x", "--lang", "tlh"), "the desk does not serve tlh"),
    (("--text", "x", "--from", "nobody"), "what follows --from is no address"),
    (("--text", "  "), "there is no question"),
    ((), "there is no question"),
])  # fmt: skip
def test_a_question_that_makes_no_sense_is_wrong_usage(mailflow, options, why):
    said = mailflow("ticket", "new", *options)
    assert said.code == 2
    assert why in " ".join(said.err.split())
    assert mailflow("ticket", "list", "--json").out == ""


# ---------------------------------------------------------------- orders


def test_assigning_gives_the_ticket_to_a_person_with_a_note(mailflow, opened):
    said = mailflow("ticket", "assign", opened, "jean", "--note", "You know this best.", "--json").object
    assert (said["ref"], said["done"], said["said"]) == (opened, True, "assigned")
    assert mailflow("ticket", "list", "--json").object["assignee"] == "jean"
    mail = mailflow("outbox", "list", "--json").objects[-1]
    assert mail["template"] == "assignment"
    assert "You know this best." in mailflow("ticket", "show", opened).out


def test_closing_says_so_in_a_sentence(mailflow, opened):
    said = mailflow("ticket", "close", opened)
    assert (said.code, said.out) == (0, "The ticket is closed.\n")
    assert mailflow("ticket", "list", "--json").object["state"] == "closed"


def test_a_refused_order_changes_nothing_and_ends_with_1(mailflow, opened):
    said = mailflow("ticket", "assign", opened, "jaen")
    assert said.code == 1
    assert said.out == ""
    assert said.err == "There is nobody called jaen in people.toml. Did you mean jean?\n"
    refused = mailflow("ticket", "assign", opened, "jaen", "--json")
    assert (refused.code, refused.object["done"], refused.object["said"]) == (1, False, "no_such_person")


def test_an_unknown_state_is_wrong_usage(mailflow):
    assert mailflow("ticket", "list", "--state", "lost").code == 2
