"""An SMTP server in a process of its own that takes every mail and writes down when it got it, for whom, and what."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import IO

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mailflow.core.settings import Security, SmtpSettings
from tests.servers.running import HOST, end, free_ports, listens, until


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail whose DATA ended: whatever happened to our answer, the server has it."""

    at: float  # seconds on the monotonic clock, which is the same in all processes
    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """As an ordinary client reads it."""
        return message_from_bytes(self.raw, policy=policy.default)

    def header(self, name: str) -> str:
        """A header's value, without decoding the whole mail."""
        start = self.raw.lower().find(f"\r\n{name.lower()}: ".encode())
        if start < 0 or start > self.raw.find(b"\r\n\r\n"):
            return ""
        line = self.raw[start + 4 + len(name) : self.raw.find(b"\r\n", start + 2)]
        return line.decode("ascii", "replace")

    @property
    def message_id(self) -> str:
        return self.header("Message-ID")


class SinkProcess:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "sink.jsonl"
        self.file.touch()
        (self.port,) = free_ports(1)
        self.offered = 0  # recipients that were named, whether or not their mail's DATA ended
        self._read = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "bench.sink", str(self.port), str(self.file)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        until(lambda: listens(self.port), "the SMTP sink answers")

    def stop(self) -> None:
        if self._process is not None:
            end(self._process)
            if self._process.stdin:
                self._process.stdin.close()
            self._process = None

    def settings(self) -> SmtpSettings:
        return SmtpSettings(
            host=HOST, port=self.port, security=Security.NONE, timeout_seconds=20.0, hostname="desk.example.org"
        )

    def new(self) -> list[Taken]:
        """What was taken since the last call."""
        with self.file.open("rb") as file:
            file.seek(self._read)
            octets = file.read()
        whole = octets[: octets.rfind(b"\n") + 1]
        self._read += len(whole)
        rows = [json.loads(line) for line in whole.splitlines()]
        self.offered += sum("raw" not in row for row in rows)
        return [Taken(row["at"], row["from"], row["to"], row["raw"].encode("latin-1")) for row in rows if "raw" in row]


class _Notebook:
    """aiosmtpd's handler: one line when a recipient is named, one when a mail's DATA has ended."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        envelope.rcpt_tos.append(address)
        self._write({"at": time.monotonic(), "to": address})
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        at, raw = time.monotonic(), (envelope.original_content or b"").decode("latin-1")
        for address in envelope.rcpt_tos:
            self._write({"at": at, "from": (envelope.mail_from or "").replace("<>", ""), "to": address, "raw": raw})
        return "250 2.0.0 taken"

    def _write(self, row: dict[str, object]) -> None:
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()


def main(port: int, file: Path) -> None:
    with file.open("a", encoding="ascii") as opened:
        controller = Controller(_Notebook(opened), hostname=HOST, port=port)
        controller.start()
        sys.stdin.read()  # until whoever started us ends
        controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
