"""`check`: everything that can be wrong, all at once; and a mail to ourselves that comes back."""

import re

import pytest

from mailflow.cli import checking, sendtest
from mailflow.config import load_settings
from tests.servers.running import HOST
from tests.servers.sink import Sink


class Echo(Sink):
    """A mail server that delivers what it takes into the desk's mailbox, with a line of its own on top."""

    def __init__(self, account, stamp=b""):
        super().__init__()
        self._account, self._stamp = account, stamp

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        if said.startswith("2"):
            self._account.deliver(self._stamp + self.taken[-1].raw)
        return said


@pytest.fixture
def at_servers(home, account):
    """Write into config.toml where this test's mailbox and SMTP server are."""

    def write(sink):
        file = home / "config.toml"
        text = file.read_text("utf-8")
        for pattern, value in (
            (r'(?m)^address = "[^"]*"', f'address = "{account.address}"'),
            (r'(?m)^host = "mail[^"]*" .*IMAP server\n', f'host = "{HOST}"\nport = {account.server.imap}\n'),
            (r'(?m)^host = "mail[^"]*" .*yours\n', f'host = "{HOST}"\nport = {sink.port}\n'),
            (r'(?m)^security = "(tls|starttls)"', 'security = "none"'),
            (r'(?m)^user = "helpdesk" .*log in with\n', f'user = "{account.address}"\n'),
            (r'(?m)^user = "helpdesk" .*no login\n', 'user = ""\n'),
            (r"MAILFLOW_IMAP_PASSWORD", account.settings().login.password_env),
            (r'(?m)^password_env = "MAILFLOW_SMTP_PASSWORD"', 'password_env = ""'),
        ):
            text, count = re.subn(pattern, lambda _, value=value: value, text)
            assert count, f"config.toml holds nothing like {pattern}"
        file.write_text(text, "utf-8")

    return write


@pytest.fixture
def echo(account, at_servers):
    server = Echo(account)
    at_servers(server)
    yield server
    server.close()


def wrong(said):
    return [each["said"] for each in said.objects if each["ok"] is False]


# ---------------------------------------------------------------- without servers


@pytest.fixture
def offline(monkeypatch):
    """Only what can be known without a server."""
    monkeypatch.setattr(checking, "_mailbox", lambda mailbox: iter(()))
    monkeypatch.setattr(checking, "_smtp", lambda settings: iter(()))
    monkeypatch.setenv("MAILFLOW_IMAP_PASSWORD", "x")
    monkeypatch.setenv("MAILFLOW_SMTP_PASSWORD", "x")


def test_a_new_installation_is_right_but_for_what_nobody_can_guess(mailflow, offline):
    said = mailflow("check", "--json")
    assert said.code == 0
    assert {each["what"] for each in said.objects if each["ok"]} == {
        "configuration",
        "words",
        "templates",
        "secrets",
        "database",
    }


def test_that_every_reply_of_an_expert_will_be_held_is_said_loudly(mailflow, offline):
    (loud,) = [each for each in mailflow("check", "--json").objects if each["ok"] is None]
    assert "EVERY EXPERT'S REPLY WILL BE HELD" in loud["said"]


def test_faults_of_every_kind_are_told_in_one_go(mailflow, offline, change, home, monkeypatch):
    change("config.toml", "[desk]", "[desk]\nnmae = 1")
    change("rules/routing.toml", "lead = 2.5", 'lead = "much"')
    (home / "templates/fr/answer.txt").unlink()
    said = mailflow("check", "--json")
    assert said.code == 1
    assert [each.split(": ")[0] for each in wrong(said)] == [
        "config.toml",
        "rules/routing.toml",
        str(home / "templates/fr/answer.txt"),
    ]


def test_with_faulty_rules_the_machine_is_still_looked_at(mailflow, offline, change, home, monkeypatch):
    change("rules/routing.toml", "lead = 2.5", 'lead = "much"')
    (home / "master.key").chmod(0o644)
    monkeypatch.delenv("MAILFLOW_IMAP_PASSWORD")
    said = wrong(mailflow("check", "--json"))
    assert any("MAILFLOW_IMAP_PASSWORD is not set" in each for each in said)
    assert any("can be read by others (mode 0644)" in each for each in said)
    assert any(each.startswith("rules/routing.toml") for each in said)


def test_people_see_a_mark_before_each_line(mailflow, offline, home):
    assert "ok    database: of this version, and its keys fit" in mailflow("check").out
    (home / "data/mailflow.db").unlink()
    said = mailflow("check")
    assert said.code == 1
    assert f"WRONG database: {home}/data/mailflow.db is missing" in said.out


def test_servers_that_do_not_answer_are_named(mailflow, change):
    change(
        "config.toml", 'host = "mail.example.org"             # yours: the IMAP server', 'host = "127.0.0.1"\nport = 1'
    )
    change("config.toml", 'host = "mail.example.org"             # yours\n', 'host = "127.0.0.1"\nport = 1\n')
    said = wrong(mailflow("check", "--json"))
    assert any(each.startswith("mailbox main: could not connect to 127.0.0.1:1") for each in said)
    assert any(each.startswith("could not connect to 127.0.0.1:1") for each in said)


# ---------------------------------------------------------------- with servers


def test_folders_and_abilities_of_the_servers_are_listed(mailflow, echo):
    said = mailflow("check", "--json")
    assert said.code == 0
    sentences = [each["said"] for each in said.objects if each["ok"]]
    assert any(each.startswith("logged in at 127.0.0.1:") for each in sentences)
    assert "folder INBOX holds 0 mails" in sentences
    assert "folder Processed will be made when the first mail is taken" in sentences
    assert any(each.startswith("capabilities: ") and "IDLE" in each and "MOVE" in each for each in sentences)


def test_a_folder_that_is_not_there_is_named_with_those_that_are(mailflow, echo, change):
    change("config.toml", 'folders = ["INBOX"]', 'folders = ["INBOX", "Questions"]')
    assert wrong(mailflow("check", "--json")) == ["there is no folder Questions; there are: INBOX"]


def test_a_server_that_refuses_the_null_sender_is_told_with_the_way_round(mailflow, echo):
    echo.answer("MAIL", "550 5.1.0 no")
    (said,) = wrong(mailflow("check", "--json"))
    assert said.endswith("set smtp.null_sender = false in config.toml")


def test_a_mail_to_ourselves_comes_back(mailflow, echo):
    said = mailflow("check", "--send-test", "--json")
    assert said.code == 0
    assert [each["said"] for each in said.objects if each["what"] == "test mail"][:2] == [
        f"sent to {echo._account.address}",
        "it came back",
    ]


def test_one_that_a_daemon_took_meanwhile_is_found_where_it_was_moved(mailflow, echo, account):
    with account.another_client() as client:
        client.create_folder("Processed")
    deliver = account.deliver

    class Taken:
        address = account.address

        def deliver(self, raw):
            deliver(raw)
            with account.another_client() as client:
                client.select_folder("INBOX")
                client.move(client.search(), "Processed")

    echo._account = Taken()
    assert "it came back" in mailflow("check", "--send-test").out


def test_what_the_server_wrote_on_it_tells_how_senders_can_be_proven(mailflow, echo):
    echo._stamp = b"Authentication-Results: mx.example.org; dmarc=none\r\n"
    advice = mailflow("check", "--send-test", "--json").objects[-1]["said"]
    assert 'set auth.method = "rfc8601" and auth.authserv_id = "mx.example.org"' in advice


def test_a_server_that_vouches_as_configured_is_right(mailflow, echo, change):
    change("config.toml", 'method = "none"', 'method = "rfc8601"')
    change("config.toml", 'authserv_id = ""', 'authserv_id = "mx.example.org"')
    echo._stamp = b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\r\n"
    last = mailflow("check", "--send-test", "--json").objects[-1]
    assert (last["ok"], last["said"][:20]) == (True, "its sender is proven")
    echo._stamp = b""
    last = mailflow("check", "--send-test", "--json").objects[-1]
    assert (last["ok"], last["said"][:24]) == (None, "its sender is not proven")


def test_one_that_never_comes_back_is_told(mailflow, echo, home):
    class Nowhere:
        def deliver(self, raw):
            del raw

    echo._account = Nowhere()
    *_, last = sendtest.there_and_back(load_settings(home), patience=0.1)
    assert last.fine is False
    assert last.sentence.startswith("it did not come back within 0.1 s: does ")


def test_a_server_that_refuses_it_is_told(mailflow, echo, home):
    echo.answer("RCPT", "550 5.7.1 no")
    (only,) = sendtest.there_and_back(load_settings(home))
    assert only.sentence.startswith("the server refused it (550 5.7.1)")
