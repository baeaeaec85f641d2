"""Each mistake in config.toml gives the one sentence that mends it."""

import pytest

from mailflow.config import ConfigError, load_settings

F = "config.toml"
MISTAKES = {
    "an unknown key": ("^user = .*$", "user = 'desk'\nidel = true", [
        'mailbox "main": idel: unknown key (did you mean "idle"?)']),
    "a mailbox without a user": ("^user = .*$", "", [
        'mailbox "main": user: is missing: it must be a text in quotes, not empty']),
    "a password without a user": (r'(?s)(?<=smtp.example.org")\nuser = "desk"', "", [
        "smtp.password_env: needs user: whose password is it?"]),
    "an unknown key like no other": ("^zone = .*$", "qqq = 1", [
        'desk.qqq: unknown key; the keys here are "name", "address", "own_addresses", "zone", "prefix"']),
    "an unknown table": ("", "[smpt]\nhost = 'x'\n", ['smpt: unknown key (did you mean "smtp"?)']),
    "a password": ('^password_env = "SMTP.*$', "password_env = 'X'\npassword = 'hunter2'", [
        "smtp.password: a secret never stands in this file: use password_env or password_file"]),
    "a password for its variable": ('"IMAP_PASSWORD"', '"hunter 2"', [
        'mailbox "main": password_env: must be the name of an environment variable, not the secret itself']),
    "a password in the database's address": (r"^\[smtp\]", '[storage]\ndatabase = "postgresql://a:pw@db/x"\n[smtp]', [
        "storage.database: a secret never stands in this file"]),
    "another database": (r"^\[smtp\]", '[storage]\ndatabase = "data/x.db"\n[smtp]', [
        'storage.database: must begin with "sqlite:///" and name a file, as "sqlite:///data/mailflow.db"']),
    "two sources of the master key": (r"^\[smtp\]", '[storage]\nmaster_key_env = "KEY"\n[smtp]', [
        'storage.master_key_env: the key can come from one place only: set master_key_file = ""']),
    "no source of the master key": (r"^\[smtp\]", '[storage]\nmaster_key_file = ""\n[smtp]', [
        "storage.master_key_file: is empty: name the file, or set master_key_env"]),
    "a word for a number": ("^host = .imap.*$", 'host = "imap.example.org"\nport = "993"', [
        'mailbox "main": port: must be a whole number from 1 to 65535, not "993"']),
    "a port that is none": ("^host = .imap.*$", 'host = "imap.example.org"\nport = 99999', [
        'mailbox "main": port: must be a whole number from 1 to 65535, not 99999']),
    "true for a number": ("^host = .imap.*$", 'host = "imap.example.org"\nbatch = true', [
        'mailbox "main": batch: must be a whole number from 1 to 1000, not true']),
    "one of a few words": ("^host = .imap.*$", 'host = "imap.example.org"\nsecurity = "ssl"', [
        'mailbox "main": security: must be one of "tls", "starttls", "none", not "ssl"']),
    "a length of time without a unit": ("^host = .imap.*$", 'host = "imap.example.org"\npoll = 60', [
        ('mailbox "main": poll: must be a length of time such as "10 min" (units: s, min, h, d), from "1 s" to "1 h",'
        " not 60")]),
    "a length of time that is too long": ("^host = .imap.*$", 'host = "imap.example.org"\npoll = "2 h"', [
        ('mailbox "main": poll: must be a length of time such as "10 min" (units: s, min, h, d), from "1 s" to "1 h",'
        ' not "2 h"')]),
    "a size in another unit": (r"^\[smtp\]", '[limits]\nmail = "25 MiB"\n[smtp]', [
        'limits.mail: must be a size such as "25 MB" (units: B, kB, MB, GB), from "1 kB", not "25 MiB"']),
    "a word for a list": ("^host = .imap.*$", 'host = "imap.example.org"\nfolders = "INBOX"', [
        'mailbox "main": folders: must be a list in brackets, each item a text in quotes, not empty, not "INBOX"']),
    "a wrong item of a list": ("^host = .imap.*$", 'host = "imap.example.org"\nfolders = ["INBOX", 3]', [
        'mailbox "main": folders: item 2: must be a text in quotes, not empty, not 3']),
    "an empty list": ("^host = .imap.*$", 'host = "imap.example.org"\nfolders = []', [
        'mailbox "main": folders: must have at least 1, and has 0']),
    "a missing key": ('^host = "smtp.*$', "", ["smtp.host: is missing: it must be a text in quotes, not empty"]),
    "a mailbox without a name": ("^name = .main.$", "", [
        'mailbox 1: name: is missing: it must be a short name of lower-case letters, digits, "-" and "_"']),
    "an address that is none": ("desk@example.org", "desk at example.org", [
        'desk.address: must be one mail address such as "ann@example.org"']),
    "a time zone misspelt": ("Europe/Zurich", "Europe/Zurch", [
        'desk.zone: must be a time zone such as "Europe/Zurich", not "Europe/Zurch" (did you mean "Europe/Zurich"?)']),
    "a reference prefix with other characters": ("^zone =", 'prefix = "b/h"\nzone =', [
        ('desk.prefix: must be capital letters and digits, at most 11, beginning with a letter, such as "BH-",'
        ' not "b/h"')]),
    "two sources of a password": ('^password_env = "SMTP.*$', "password_env = 'X'\npassword_file = 'x'", [
        "smtp.password_file: the password can come from one place only: leave out password_env or this"]),
    "a user without a password": ('^password_env = "SMTP.*$', "", ["smtp.user: needs password_env or password_file"]),
    "no encryption to another machine": ('^host = "smtp.*$', 'host = "10.0.0.1"\nsecurity = "none"', [
        'smtp.security: "none" is only for a server on this machine, and 10.0.0.1 is none: use "tls" or "starttls"']),
    "two mailboxes of one name": ("", '\n[[mailbox]]\nname = "main"\nhost = "b.example"\nuser = "b"\npassword_env = "B"\n', [
        'mailbox "main": name: two mailboxes have this name: the ledger could not tell them apart']),
    "a folder read twice": ("", ('\n[[mailbox]]\nname = "b"\nhost = "IMAP.example.org"\nuser = "desk"\n'
                                'password_env = "B"\n'), [
        'mailbox "b": folders: "INBOX" is read by mailbox "main" already']),
    "mails moved where they are read": ("^host = .imap.*$", 'host = "imap.example.org"\nprocessed = "INBOX"', [
        'mailbox "main": processed: is one of the folders that are read: each mail would be taken in for ever']),
    "old mail both archived and answered": (
        "^host = .imap.*$", 'host = "imap.example.org"\narchive_before = 2026-01-01\nanswer_old = true', [
        'mailbox "main": answer_old: contradicts archive_before: leave one of them out']),
    "a date that is none": ("^host = .imap.*$", 'host = "imap.example.org"\narchive_before = "2026"', [
        'mailbox "main": archive_before: must be a date such as 2026-12-31, with or without a time, not "2026"']),
    "rfc8601 without its server": ("", '\n[auth]\nmethod = "rfc8601"\n', [
        'auth.authserv_id: is missing: method "rfc8601" needs it']),
    "internal-host without its hosts": ("", '\n[auth]\nmethod = "internal-host"\nreceiver = "mx.example.org"\n', [
        'auth.hosts: is missing: method "internal-host" needs it',
        'auth.domains: is missing: method "internal-host" needs it']),
    "a key of another method": ("", '\n[auth]\nmethod = "rfc8601"\nauthserv_id = "mx"\nhosts = ["192.0.2.1"]\n', [
        'auth.hosts: is for method "internal-host" only, and the method is "rfc8601"']),
    "a network that is none": (
        "", '\n[auth]\nmethod = "internal-host"\nreceiver = "mx"\nhosts = ["192.0.2"]\ndomains = ["a.example"]\n', [
        'auth.hosts: item 1: must be an IP address or network such as "192.0.2.7" or "192.0.2.0/24", not "192.0.2"']),
    "no TOML": ("^user = .*$", "user = desk", ["line 10, column 8: not valid TOML: invalid value"]),
    "a key given twice": ("^zone =", 'name = "x"\nzone =', [
        "line 5, column 11: not valid TOML: cannot overwrite a value"]),
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "text", "sentences"), MISTAKES.values(), ids=MISTAKES)
def test_tells(home, change, pattern, text, sentences):
    change(F, pattern, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    assert list(caught.value.problems) == [f"{F}: {sentence}" for sentence in sentences]


def test_all_mistakes_are_told_at_once(home, change):
    change(F, "^zone =", "zoon =")
    change(F, '"IMAP_PASSWORD"', "7")
    change(F, '^host = "smtp.*$', 'host = "10.0.0.1"\nsecurity = "none"')
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    keys = [problem.split(": ")[1] for problem in caught.value.problems]
    assert keys == ["desk.zoon", 'mailbox "main"', "smtp.security"]


def test_the_error_prints_one_problem_a_line(home, change):
    change(F, "^zone =", "zoon =")
    change(F, '^host = "smtp.*$', "")
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    assert str(caught.value).splitlines() == list(caught.value.problems)
    assert len(caught.value.problems) == 2


def test_a_secret_is_never_repeated(home, change):
    change(F, '"IMAP_PASSWORD"', '"hunter 2"')
    change(F, '^password_env = "SMTP.*$', "password = 'hunter 2'")
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    assert "hunter" not in str(caught.value)


def test_a_folder_without_config_toml_is_no_installation(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert caught.value.problems == (
        f"config.toml: there is none in {tmp_path}: `mailflow init DIR` makes an installation folder",
    )


def test_a_file_in_another_encoding_is_named_with_its_line(home):
    text = (home / F).read_text(encoding="utf-8").replace("Test desk", "Bureau d’été")
    (home / F).write_bytes(text.encode("cp1252"))
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    assert caught.value.problems == ("config.toml: line 2: not UTF-8: save the file as UTF-8",)


def test_a_folder_in_the_place_of_config_toml_is_told(home):
    (home / F).unlink()
    (home / F).mkdir()
    with pytest.raises(ConfigError) as caught:
        load_settings(home)
    assert caught.value.problems == ("config.toml: cannot be read (Is a directory)",)
