"""A desk on this machine: an installation folder, and its daemon as a process that can be stopped, told and killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.post import AUTHSERV
from mailflow import config
from mailflow.core.settings import MailboxSettings, SmtpSettings
from mailflow.store.store import Store
from tests.servers.dovecot import PASSWORD, PASSWORD_ENV
from tests.servers.running import until

ROOT = Path(__file__).resolve().parents[1]
STOP_SECONDS = 10.0  # a daemon that was told to stop must have stopped
_numbers = count(1)

_DESK = """
[desk]
name = "Helpdesk"
address = "{address}"
zone = "UTC"

[smtp]
host = "{smtp.host}"
port = {smtp.port}
security = "{smtp.security}"
timeout = "20 s"
hostname = "desk.example.org"

[auth]
method = "rfc8601"
authserv_id = "{authserv}"

[answers]
undo = "0 s"

[log]
format = "json"
"""
_MAILBOX = """
[[mailbox]]
name = "{box.name}"
host = "{box.host}"
port = {box.port}
security = "{box.security}"
user = "{box.login.user}"
password_env = "{box.login.password_env}"
folders = {folders}
after = "{box.afterwards}"
answer_old = true
timeout = "20 s"
"""


@dataclass(frozen=True, slots=True)
class Left:
    """What a desk has still to do."""

    waiting: int  # mails that were taken in and not handled
    outgoing: int  # mails of ours that are due, or will be


class Desk:
    """`address` is where askers write to. Each mail that waits in a mailbox at the start is answered, too."""

    def __init__(self, folder: Path, address: str, mailboxes: Sequence[MailboxSettings], smtp: SmtpSettings) -> None:
        self.address = address
        self.home = folder / "home"
        self.log_file = folder / "daemon.log"
        self.process: subprocess.Popen[bytes] | None = None
        config.make_installation(self.home)
        parts = [_DESK.format(address=address, smtp=smtp, authserv=AUTHSERV)]
        parts += [_MAILBOX.format(box=box, folders=json.dumps(box.folders)) for box in mailboxes]
        (self.home / "config.toml").write_text("".join(parts), encoding="utf-8")
        settings, _ = config.load(self.home)
        Store.create(settings).close()

    # ------------------------------------------------------------ the daemon

    def launch(self, *, measured: Path | None = None, notify: str = "") -> subprocess.Popen[bytes]:
        """A daemon, without waiting for it to be ready; with `measured` it writes there how long each stage took."""
        module = ["bench.stages", str(measured)] if measured else ["mailflow"]
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *module, "--home", str(self.home), "run"],
                cwd=ROOT,
                env={**_environment(), PASSWORD_ENV: PASSWORD, "NOTIFY_SOCKET": notify},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def start(self, measured: Path | None = None) -> None:
        """Returns when the daemon says that it is ready, as it tells systemd."""
        name = f"mailflow-bench-{os.getpid()}-{next(_numbers)}"
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listener:
            listener.bind(f"\0{name}")
            listener.setblocking(False)
            self.process = process = self.launch(measured=measured, notify=f"@{name}")

            def ready() -> bool:
                assert process.poll() is None, "the daemon ended before it was ready"
                with suppress(BlockingIOError):
                    return b"READY=1" in listener.recv(4096)
                return False

            until(ready, "the daemon is ready")

    def stop(self) -> int:
        """As systemd does. Returns the exit status; raises TimeoutExpired when it takes too long."""
        assert self.process
        self.process.terminate()
        status = self.process.wait(STOP_SECONDS)
        self.process = None
        return status

    def kill(self) -> None:
        """Without any warning. Does nothing when it doesn't run."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def hang_up(self) -> None:
        """Ask for the rules to be read anew."""
        assert self.process
        self.process.send_signal(signal.SIGHUP)

    # ------------------------------------------------------------ what can be seen from outside

    def verify(self) -> dict[str, object]:
        """What `mailflow verify` says."""
        command = [sys.executable, "-m", "mailflow", "--home", str(self.home), "verify", "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env={**_environment(), PASSWORD_ENV: PASSWORD}, capture_output=True, check=False
        )
        said: dict[str, object] = json.loads(done.stdout or "{}")
        return {**said, "status": done.returncode}

    def log(self) -> list[dict[str, object]]:
        """The log's lines; what isn't one of the log's own (a traceback of the interpreter) is left out."""
        lines = self.log_file.read_text(encoding="utf-8").splitlines() if self.log_file.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def logged(self, event: str, **facts: object) -> bool:
        """Whether a line of the log says so."""
        return any(line["event"] == event and facts.items() <= line.items() for line in self.log())

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """From the columns in the clear."""
        with closing(sqlite3.connect(f"file:{self.home / 'data/mailflow.db'}?mode=ro", uri=True, timeout=10)) as db:
            return db.execute(query).fetchall()

    def left(self) -> Left:
        waiting, outgoing = self.rows(
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting'),"
            " (SELECT count(*) FROM outbox WHERE state = 'waiting')"
        )[0]
        return Left(int(str(waiting)), int(str(outgoing)))

    def lift_caps(self) -> None:
        """Acknowledge whatever comes: thousands of mails a minute are no misuse here."""
        path = self.home / "rules/screening.toml"
        lines = path.read_text(encoding="utf-8").splitlines()
        lifted = [f"{line.partition('=')[0]}= 1_000_000" if line.startswith("acks_") else line for line in lines]
        path.write_text("\n".join(lifted) + "\n", encoding="utf-8")


def _environment() -> dict[str, str]:
    """Ours, but with compiled modules kept, as in an ordinary installation: else each start costs a second more."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
