"""A real Dovecot 2.3, run in the foreground by a user without rights, on free loopback ports.

Every user name exists and has the same password, so each test takes a name of its own and finds an empty mailbox.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import smtplib
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from imapclient import IMAPClient  # type: ignore[import-untyped]

from mailflow.core.settings import Login, MailboxSettings, Security
from tests.servers.running import HOST, NOBODY, end, free_ports, listens, missing, need, public_folder, until

PASSWORD = "correct-horse"
PASSWORD_ENV = "MAILFLOW_TEST_PASSWORD"

ROOT = os.geteuid() == 0

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = {host}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
mail_location = maildir:~/Maildir
mail_uid = {user}
mail_gid = {group}
mail_fsync = never
mail_max_userip_connections = 50
recipient_delimiter = +
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
# Dovecot punishes an address that fails to log in by making it wait; the tests fail on purpose.
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = {host}
    port = {lmtp}
  }}
}}
"""


class Dovecot:
    def __init__(self, certificate: bytes) -> None:
        """`certificate` is the server's key, certificate and chain, as PEM."""
        self._program = need("dovecot")
        version = subprocess.run([self._program, "--version"], check=True, capture_output=True, text=True).stdout
        if not version.startswith("2.3"):
            missing(f"these tests configure Dovecot 2.3, and this is {version.split()[0]}")
        self.imap, self.imaps, self.lmtp = free_ports(3)
        self.folder = public_folder("dovecot")
        self._user = NOBODY if ROOT else os.geteuid()
        self._group = NOBODY if ROOT else os.getegid()
        self._process: subprocess.Popen[bytes] | None = None
        self._write(certificate)

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        self._process = subprocess.Popen(
            # When the tests are killed, their Dovecot ends too.
            [need("setpriv"), "--pdeathsig", "TERM", self._program, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # its processes for open connections outlive it, and are ended as a group
            user=NOBODY if ROOT else None,
            group=NOBODY if ROOT else None,
            extra_groups=[] if ROOT else None,
        )
        until(lambda: all(map(listens, (self.imap, self.imaps, self.lmtp))), "Dovecot answers")

    def stop(self) -> None:
        if self._process is not None:
            end(self._process)
            self._process = None
        until(lambda: not listens(self.imap), "Dovecot is gone")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def account(self, name: str) -> Account:
        return Account(self, f"{name}@example.org")

    def _write(self, certificate: bytes) -> None:
        for name, content in {
            "server.pem": certificate,
            "dovecot.conf": CONFIGURATION.format(
                folder=self.folder,
                host=HOST,
                user=pwd.getpwuid(self._user).pw_name,
                group=grp.getgrgid(self._group).gr_name,
                password=PASSWORD,
                imap=self.imap,
                imaps=self.imaps,
                lmtp=self.lmtp,
            ).encode(),
        }.items():
            (self.folder / name).write_bytes(content)
        for name in ("run", "mail"):
            (self.folder / name).mkdir()
        for path in (self.folder, *self.folder.iterdir()):
            os.chown(path, self._user, self._group)


@dataclass(frozen=True)
class Account:
    server: Dovecot
    address: str

    def settings(self, port: int | None = None) -> MailboxSettings:
        """Unencrypted, by the given port (a proxy's) or the server's own."""
        return MailboxSettings(
            name="main",
            host=HOST,
            port=port or self.server.imap,
            security=Security.NONE,
            login=Login(user=self.address, password_env=PASSWORD_ENV),
            timeout_seconds=20.0,
        )

    def encrypted(self, ca_file: Path | str, security: Security = Security.TLS) -> MailboxSettings:
        port = self.server.imaps if security is Security.TLS else self.server.imap
        return replace(self.settings(port), security=security, ca_file=str(ca_file), host="localhost")

    def deliver(self, *mails: bytes) -> None:
        """As a mail server does: by LMTP."""
        with smtplib.LMTP(HOST, self.server.lmtp) as lmtp:
            for raw in mails:
                lmtp.sendmail("sender@example.com", [self.address], raw)

    def another_client(self) -> IMAPClient:
        """Somebody else's mail program on the same mailbox."""
        client = IMAPClient(HOST, self.server.imap, ssl=False, timeout=20)
        client.login(self.address, PASSWORD)
        return client

    def holds(self, folder: str) -> list[bytes]:
        """The mails in a folder; a folder that doesn't exist holds none."""
        with self.another_client() as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            rows = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [rows[uid][b"BODY[]"] for uid in sorted(rows)]

    def flags(self, folder: str = "INBOX") -> dict[int, set[bytes]]:
        with self.another_client() as client:
            client.select_folder(folder, readonly=True)
            rows = client.fetch(client.search(), ["FLAGS"])
            return {uid: set(row[b"FLAGS"]) - {rb"\Recent"} for uid, row in rows.items()}
