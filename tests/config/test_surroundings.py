"""What `check` says of the machine: secrets that are missing, or that others can read."""

import pytest

from mailflow.config import load_settings, machine_problems

ENVIRON = {"IMAP_PASSWORD": "secret-1", "SMTP_PASSWORD": "secret-2"}


@pytest.fixture
def key(home):
    path = home / "master.key"
    path.write_text("key")
    path.chmod(0o600)
    return path


def problems(home, **environ):
    return machine_problems(load_settings(home), ENVIRON | environ)


def test_nothing_is_said_when_every_secret_can_be_read(home, key):
    assert problems(home) == ()


def test_a_variable_that_is_not_set(home, key):
    assert problems(home, IMAP_PASSWORD="") == (
        'config.toml: mailbox "main": password_env: the environment variable IMAP_PASSWORD is not set',
    )


def test_a_master_key_that_is_missing(home):
    assert problems(home) == (f"config.toml: storage.master_key_file: there is no file {home}/master.key",)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_master_key_that_others_can_read(home, key, mode):
    key.chmod(mode)
    assert problems(home) == (
        f"config.toml: storage.master_key_file: {key} can be read by others (mode 0{mode:o}): chmod 600 it",
    )


def test_an_empty_password_file(home, key, change):
    change("config.toml", '^password_env = "SMTP.*$', 'password_file = "smtp"')
    (home / "smtp").touch(mode=0o600)
    assert problems(home) == (f"config.toml: smtp.password_file: {home}/smtp is empty",)


def test_a_systemd_credential_outside_of_systemd(home, key, change):
    change("config.toml", '^password_env = "SMTP.*$', 'password_file = "${CREDENTIALS_DIRECTORY}/smtp"')
    assert problems(home) == (
        (
            "config.toml: smtp.password_file: CREDENTIALS_DIRECTORY is not set: systemd sets it for a service with "
            "LoadCredential="
        ),
    )


def test_a_systemd_credential_is_found_where_systemd_put_it(home, key, change, tmp_path):
    change("config.toml", '^password_env = "SMTP.*$', 'password_file = "${CREDENTIALS_DIRECTORY}/smtp"')
    (tmp_path / "smtp").write_text("x")
    (tmp_path / "smtp").chmod(0o400)
    assert problems(home, CREDENTIALS_DIRECTORY=str(tmp_path)) == ()


def test_a_certificate_authority_that_is_missing(home, key, change):
    change("config.toml", '^host = "smtp.*$', 'host = "smtp.example.org"\nca_file = "ca.pem"')
    assert problems(home) == (f"config.toml: smtp.ca_file: {home}/ca.pem cannot be read",)


def test_no_part_of_a_secret_is_told(home, key):
    key.chmod(0o644)
    assert "secret-" not in "".join(problems(home, SMTP_PASSWORD=""))
