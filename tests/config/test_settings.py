from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailflow.config import load_settings
from mailflow.config.settings import is_loopback
from mailflow.core.settings import Afterwards, AuthMethod, Security, Settings


def test_what_is_left_out_has_the_defaults_of_the_core(home):
    settings = load_settings(home)
    (box,) = settings.mailboxes
    assert isinstance(settings, Settings)
    assert (box.port, box.security, box.folders) == (993, Security.TLS, ("INBOX",))
    assert (box.afterwards, box.processed, box.poll_seconds) == (Afterwards.MOVE, "Processed", 60.0)
    assert (settings.smtp.port, settings.smtp.security) == (587, Security.STARTTLS)
    assert settings.auth.method is AuthMethod.NONE
    assert settings.limits.mail_bytes == 25_000_000
    assert (settings.undo, settings.short_answer) == (timedelta(minutes=10), 25)


def test_the_login_names_the_source_of_the_password_only(home):
    login = load_settings(home).mailboxes[0].login
    assert (login.user, login.password_env, login.password_file) == ("desk", "IMAP_PASSWORD", "")


def test_relative_paths_are_inside_the_installation(home, change):
    change("config.toml", '^password_env = "SMTP.*$', 'password_file = "secrets/smtp"\nca_file = "/etc/ca.pem"')
    settings = load_settings(home)
    assert settings.storage.database == f"sqlite:///{home}/data/mailflow.db"
    assert str(settings.storage.keys) == f"{home}/data/keys.db"
    assert settings.storage.master_key_file == f"{home}/master.key"
    assert settings.smtp.login.password_file == f"{home}/secrets/smtp"
    assert settings.smtp.ca_file == "/etc/ca.pem"


def test_the_home_is_absolute_however_it_was_named(home, monkeypatch):
    monkeypatch.chdir(home)
    assert load_settings(home.relative_to(home)).home == home


def test_an_absolute_database_stays_where_it_is(home, change):
    change("config.toml", r"^\[smtp\]", '[storage]\ndatabase = "sqlite:////var/lib/x.db"\n[smtp]')
    assert load_settings(home).storage.database == "sqlite:////var/lib/x.db"


def test_a_systemd_credential_is_left_for_the_service_to_find(home, change):
    change("config.toml", '^password_env = "SMTP.*$', 'password_file = "${CREDENTIALS_DIRECTORY}/smtp"')
    assert load_settings(home).smtp.login.password_file == "${CREDENTIALS_DIRECTORY}/smtp"


@pytest.mark.parametrize(("security", "port"), [("tls", 993), ("starttls", 143)])
def test_the_port_of_a_mailbox_follows_its_security(home, change, security, port):
    change("config.toml", "^host = .imap.*$", f'host = "imap.example.org"\nsecurity = "{security}"')
    assert load_settings(home).mailboxes[0].port == port


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("none", 25)])
def test_the_port_of_the_sender_follows_its_security(home, change, security, port):
    change("config.toml", "^host = .smtp.*$", f'host = "localhost"\nsecurity = "{security}"')
    assert load_settings(home).smtp.port == port


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-01", datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Zurich"))),
        ("2026-01-01T12:00:00", datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Europe/Zurich"))),
        ("2026-01-01T12:00:00Z", datetime(2026, 1, 1, 12, tzinfo=UTC)),
    ],
)
def test_an_archive_begins_in_the_desks_time_zone(home, change, written, moment):
    change("config.toml", "^host = .imap.*$", f'host = "imap.example.org"\narchive_before = {written}')
    assert load_settings(home).mailboxes[0].archive_before == moment


def test_the_desks_addresses_are_compared_in_one_form(home, change):
    change("config.toml", "old-desk@example.org", "Büro@BÜCHER.example")
    assert load_settings(home).own_addresses == {"desk@example.org", "Büro@xn--bcher-kva.example"}


def test_a_desk_without_a_mailbox_takes_mail_from_files(home, change):
    change("config.toml", r"(?s)\[\[mailbox\]\].*?(?=^\[smtp\])", "")
    assert load_settings(home).mailboxes == ()


def test_authentication_by_the_servers_verdict(home, change):
    change("config.toml", "", '\n[auth]\nmethod = "rfc8601"\nauthserv_id = "mx.example.org"\n')
    auth = load_settings(home).auth
    assert (auth.method, auth.authserv_id) == (AuthMethod.RFC8601, "mx.example.org")


def test_authentication_by_the_submitting_host(home, change):
    change(
        "config.toml",
        "",
        '\n[auth]\nmethod = "internal-host"\nreceiver = "mx"\nhosts = ["::1", "10.0.0.0/8"]\ndomains = ["Example.ORG"]\n',
    )
    auth = load_settings(home).auth
    assert (auth.hosts, auth.domains) == (("::1", "10.0.0.0/8"), ("example.org",))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1"])
def test_these_hosts_are_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example", "10.0.0.1", "0.0.0.0", "example.org", "1", ""])
def test_these_hosts_are_not_this_machine(host):
    assert not is_loopback(host)
