"""`search`, `digest`, `rehearse`, and the mail commands about a ticket: the whole desk at the keyboard."""

import shutil

import pytest

WORDS = "What does the convention say about the minimum wage?"


# ---------------------------------------------------------------- every mail command about a ticket


def test_a_mail_command_is_a_ticket_command(mailflow, opened):
    assert mailflow("ticket", "title", opened, "Wages", "of", "apprentices").code == 0
    said = mailflow("ticket", "due", opened, "2026-12-22", "--json").object
    assert (said["done"], said["said"]) == (True, "due_set")
    assert mailflow("ticket", "list", "--json").object["due"].startswith("2026-12-22")
    coded = mailflow("ticket", "code", opened, "sector=food", "user_type=mnes")
    assert coded.out == "The ticket is coded: sector=food, user_type=mnes.\n"
    assert mailflow("ticket", "list", "--json").object["sector"] == "food"


@pytest.mark.parametrize(("line", "why"), [
    (("due", "yesterday"), "is no day that can be used here"),
    (("code", "sector=fod"), "Did you mean: food"),
    (("code", "colour=red"), "the keys are"),
    (("queue", "nowhere"), "There is no queue nowhere"),
    (("merge", "2026-0099"), "There is no ticket 2026-0099"),
    (("inadmissible", "boredom"), "The reasons are"),
    (("language", "tlh"), "is none of our languages"),
    (("send",), "No answer of yours is waiting"),
])  # fmt: skip
def test_a_refused_command_says_why_and_changes_nothing(mailflow, opened, line, why):
    before = mailflow("ticket", "show", opened, "--json").object
    said = mailflow("ticket", line[0], opened, *line[1:])
    assert said.code == 1
    assert why in said.err
    after = mailflow("ticket", "show", opened, "--json").object
    assert {k: before[k] for k in ("state", "due", "queue")} == {k: after[k] for k in ("state", "due", "queue")}


def test_a_refusal_goes_to_the_requester_in_their_language(mailflow, letter):
    mailflow("ingest", letter("Bonjour, que dit la convention sur le salaire minimum légal ? Merci beaucoup."))
    assert mailflow("ticket", "inadmissible", "2026-0001", "individual_claim").code == 0
    sent = {each["template"]: each["language"] for each in mailflow("outbox", "list", "--json").objects}
    assert sent["inadmissible"] == "fr"
    ticket = mailflow("ticket", "list", "--json").object
    assert (ticket["state"], ticket["admissible"]) == ("closed", False)


# ---------------------------------------------------------------- search


def test_a_search_finds_what_was_written_and_is_recorded(mailflow, opened):
    found = mailflow("search", "MINIMUM", "convention", "--json").object
    assert found["ticket"] == opened
    assert "minimum wage" in found["excerpt"]
    assert mailflow("search", "bananas").out == "Nothing was found.\n"
    assert mailflow("search", "bananas", "--json").out == ""


# ---------------------------------------------------------------- digest


def test_the_digest_says_how_the_desk_stands_and_nothing_of_who_asked(mailflow, opened):
    mailflow("ticket", "due", opened, "2026-11-24")
    said = mailflow("digest")
    assert opened in said.out
    assert "Due soon:" in said.out
    assert "ann" not in said.out.casefold().replace("planned", "")
    assert "convention" not in said.out


def test_the_digest_can_be_sent_now_to_every_coordinator(mailflow, opened):
    assert mailflow("digest", "--send").out == "The digest is on its way to ana, jean.\n"
    sent = [each["to"] for each in mailflow("outbox", "list", "--json").objects if each["template"] == "digest"]
    assert len(sent) == 2


def test_the_digest_of_nobody_is_wrong_usage(mailflow):
    said = mailflow("digest", "--person", "nobody")
    assert said.code == 2
    assert "there is nobody called nobody" in said.err


# ---------------------------------------------------------------- rehearse


@pytest.fixture
def changed(home, tmp_path):
    """A copy of the rules to try changes in."""
    return shutil.copytree(home / "rules", tmp_path / "changed")


def test_rules_that_say_the_same_change_nothing(mailflow, opened, changed):
    said = mailflow("rehearse", "--rules", changed)
    assert "Nothing would have differed." in said.out
    assert "1 questions were looked at." in said.out


def test_a_queue_that_takes_other_topics_is_told(mailflow, opened, changed):
    queues = (changed / "queues.toml").read_text("utf-8")
    (changed / "queues.toml").write_text(queues.replace('"wages", "working_time"', '"working_time"'), "utf-8")
    *differences, summary = mailflow("rehearse", "--rules", changed, "--json").objects
    assert {"ticket": opened, "what": "queue", "before": "wages", "after": "coordinators"} in differences
    assert summary["questions"] == 1
    assert sum(summary["load_before"].values()) == 1
    assert sum(summary["load_after"].values()) == 0
    assert mailflow("ticket", "list", "--json").object["queue"] == "wages", "nothing was changed"


def test_mail_before_a_day_is_left_out(mailflow, opened, changed):
    said = mailflow("rehearse", "--rules", changed, "--since", "2026-12-01", "--json").object
    assert said["questions"] == 0


def test_faulty_rules_are_told_with_file_and_key(mailflow, changed):
    (changed / "queues.toml").write_text("[[queue]]\nname = 7\n", "utf-8")
    said = mailflow("rehearse", "--rules", changed)
    assert said.code == 1
    assert "rules/queues.toml" in said.err
