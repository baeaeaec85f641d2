"""The demo's installation: made as `mailflow init` makes one, with the demo's own mail server in its config.toml."""

from __future__ import annotations

import os
from pathlib import Path

from mailflow import config
from mailflow.demo.postoffice import HOST, PostOffice
from mailflow.demo.stamp import AUTHSERV_ID
from mailflow.store.store import Store

DESK_NAME = "Labour Standards Helpdesk"
DESK_ADDRESS = "helpdesk@example.org"
PASSWORD_FILE = "mail.password"  # noqa: S105  the file's name

_CONFIG = """\
# The demo's machine: an embedded mail server that lives as long as the demo does.

[desk]
name = "{name}"
address = "{desk}"

[[mailbox]]
name = "main"
host = "{host}"
port = {imap}
security = "none"
user = "{desk}"
password_file = "{password}"
poll = "1 s"       # the embedded server doesn't announce what came just before IDLE
answer_old = true

[smtp]
host = "{host}"
port = {smtp}
security = "none"
user = "{desk}"
password_file = "{password}"
hostname = "helpdesk.example.org"

[auth]
method = "rfc8601"
authserv_id = "{authserv_id}"

[answers]
undo = "0 s"       # so that nobody must wait; a real desk gives its experts ten minutes
"""


def make(home: Path) -> None:
    """The folder with rules, templates and keys. Raises ConfigError when it is not empty or can't be written."""
    config.make_installation(home)


def connect(home: Path, office: PostOffice) -> None:
    """Point the installation at the post office, and make its database. Raises ConfigError, StoreError, OSError."""
    with os.fdopen(os.open(home / PASSWORD_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(office.passwords[office.desk] + "\n")
    values = {"name": DESK_NAME, "desk": office.desk, "host": HOST, "password": PASSWORD_FILE}
    ports = {"imap": office.imap_port, "smtp": office.smtp_port}
    text = _CONFIG.format_map({**values, **ports, "authserv_id": AUTHSERV_ID})
    (home / "config.toml").write_text(text, encoding="utf-8")
    Store.create(config.load_settings(home)).close()
