"""`shelf`: what a human must look at, and the two ways off it."""


def test_the_list_says_why_and_nothing_of_the_content(mailflow, shelved):
    said = mailflow("shelf", "list", "--json")
    assert {"id", "at", "reason", "tries", "size"} <= set(said.object)
    assert said.object["reason"] == "the From line does not name exactly one sender"
    assert (said.object["at"], said.object["tries"]) == ("2026-11-23T09:00:00Z", 1)
    assert "firm.example" not in said.out
    assert "firm.example" not in mailflow("shelf", "list").out
    assert shelved in mailflow("shelf", "list").out


def test_an_empty_shelf_says_so(mailflow):
    assert mailflow("shelf", "list").out == "The shelf is empty.\n"
    assert mailflow("shelf", "list", "--json").out == ""


def test_a_mail_of_the_shelf_can_be_read(mailflow, shelved):
    said = mailflow("shelf", "show", shelved, "--json").object
    assert said["text"] == "What does the convention say about the minimum wage?"
    assert said["readable"] is True
    assert "What does the convention say" in mailflow("shelf", "show", shelved).out


def test_a_mail_that_cannot_be_parsed_is_given_as_it_came(mailflow, letter, change):
    change("config.toml", 'headers = "128 kB"', 'headers = "1 kB"')
    file = letter(X_Long="a" * 2000)
    mailflow("ingest", file)
    item = mailflow("shelf", "list", "--json").object["id"]
    assert mailflow("shelf", "show", item, "--json").object["readable"] is False
    assert mailflow("shelf", "show", item, "--raw").octets == file.read_bytes()


def test_reading_it_is_recorded(mailflow, shelved, home):
    import sqlite3
    from contextlib import closing

    mailflow("shelf", "show", shelved)
    with closing(sqlite3.connect(home / "data/mailflow.db")) as connection:
        last = connection.execute("SELECT kind, actor, facts FROM event ORDER BY seq DESC").fetchone()
    assert last[:2] == ("read", "operator")
    assert shelved in last[2]


def test_a_released_mail_is_handled_at_once(mailflow, shelved):
    said = mailflow("shelf", "release", shelved, "--json").object
    assert (said["id"], said["done"], said["said"]) == (shelved, True, "released")
    assert (said["outcome"], said["ticket"]) == ("opened", "2026-0001")
    assert mailflow("shelf", "list", "--json").out == ""


def test_a_dropped_mail_is_gone_from_the_shelf_and_still_accounted_for(mailflow, shelved):
    assert mailflow("shelf", "drop", shelved).out == "The mail was dropped from the shelf; nobody was told.\n"
    assert mailflow("shelf", "list", "--json").out == ""
    assert mailflow("ticket", "list", "--json").out == ""
    assert mailflow("verify", "--offline").code == 0


def test_what_is_not_on_the_shelf_is_told(mailflow, shelved):
    mailflow("shelf", "drop", shelved)
    for command in ("show", "release", "drop"):
        said = mailflow("shelf", command, shelved)
        assert (said.code, said.out) == (1, "")
        assert said.err == f"no mail {shelved} is on the shelf: `mailflow shelf list` shows what is\n"
