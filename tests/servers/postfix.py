"""A real Postfix in front of Dovecot: SMTP in, LMTP out. Needs root, as every Postfix does."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from mailflow.core.settings import Security, SmtpSettings
from tests.servers.dovecot import Dovecot
from tests.servers.running import HOST, free_ports, listens, missing, need, public_folder, until

SETTINGS = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.org
virtual_mailbox_maps = inline:{{ desk@example.org=1 }}
virtual_transport = lmtp:inet:{host}:{lmtp}
recipient_delimiter = +
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_reject_unlisted_recipient = yes
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
disable_dns_lookups = yes
"""

# name, type, private, unprivileged, chroot, wakeup, most processes, command: only what these tests use
SERVICES = """
{host}:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Takes mail for desk@example.org and desk+anything@example.org, and for nobody else there."""

    def __init__(self, dovecot: Dovecot) -> None:
        self._program = need("postfix")
        if os.geteuid() != 0:
            missing("Postfix starts as root only, and so do its tests")
        (self.smtp,) = free_ports(1)
        self.folder = public_folder("postfix")
        for name in ("queue", "data", "etc"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        values = {"folder": self.folder, "host": HOST, "smtp": self.smtp, "lmtp": dovecot.lmtp}
        (self.folder / "etc/main.cf").write_text(SETTINGS.format(**values))
        (self.folder / "etc/master.cf").write_text(SERVICES.format(**values))

    def start(self) -> None:
        command = [self._program, "-c", str(self.folder / "etc"), "start"]
        subprocess.run(command, check=True, capture_output=True)
        until(lambda: listens(self.smtp), "Postfix answers")

    def stop(self) -> None:
        """By the id that its master wrote down."""
        master = int(Path(self.folder / "queue/pid/master.pid").read_text())
        os.kill(master, signal.SIGTERM)
        until(lambda: not listens(self.smtp) and not Path(f"/proc/{master}/cmdline").exists(), "Postfix is gone")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def settings(self) -> SmtpSettings:
        return SmtpSettings(
            host=HOST, port=self.smtp, security=Security.NONE, timeout_seconds=20.0, hostname="desk.example.org"
        )
