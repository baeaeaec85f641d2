"""The parser in a process of its own, with limits of time and memory, that is killed when a mail goes beyond them.

Frames over pipes: eight octets of length, then as many octets. In: a mail. Out: four octets with the length of a JSON
head, the head, then the contents of the attachments, one after the other. The end of its input ends the process, so
it never outlives whoever started it. It imports the parser and nothing else of the desk, and inherits no secrets.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from mailflow.core.model import BounceReport
from mailflow.core.settings import Limits
from mailflow.core.wording import Reason
from mailflow.mail.parsed import Parsed, Part

if TYPE_CHECKING:
    from types import TracebackType

START_SECONDS = 60.0  # to import the parser, on a busy machine
CHUNK = 1 << 16
WEARING = 2_000_000  # octets of a mail after which the worker starts anew: its heap would not shrink
GROWTH = 20  # an answer longer than so many times its mail (and a megabyte) is not believed
_LENGTH, _HEAD = struct.Struct(">Q"), struct.Struct(">I")
_READY = b"ready"
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "TMPDIR")  # what Python may need to start


class ParserUnavailableError(OSError):
    """The worker process does not start: a fault of the installation, never of a mail."""


# ---------------------------------------------------------------- values to octets and back


def packed(answer: Parsed | Reason) -> bytes:
    """An answer as the body of a frame."""
    if isinstance(answer, Reason):
        head: dict[str, object] = {"reason": answer.value}
        contents: tuple[bytes, ...] = ()
    else:
        contents = tuple(part.content for part in answer.attachments)
        head = {name: getattr(answer, name) for name in _PLAIN}
        head["date"] = answer.date.isoformat() if answer.date else None
        head["report"] = asdict(answer.report) if answer.report else None
        head["attachments"] = [(p.name, p.type, p.size, p.sha256, p.inline) for p in answer.attachments]
    octets = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join((_HEAD.pack(len(octets)), octets, *contents))


def unpacked(frame: bytes) -> Parsed | Reason:
    """The answer in a frame's body; ValueError when it is none."""
    try:
        (length,) = _HEAD.unpack_from(frame)
        head: dict[str, Any] = json.loads(frame[_HEAD.size : _HEAD.size + length])
        if "reason" in head:
            return _REASONS[head["reason"]]
        return _parsed(head, memoryview(frame)[_HEAD.size + length :])
    except (struct.error, KeyError, TypeError) as wrong:
        raise ValueError("the frame of the parser is not well formed") from wrong


_REASONS = {reason.value: reason for reason in Reason}
_LISTS = ("to", "cc", "references", "content_types", "defects")
_PLAIN = (
    *("headers", "message_id", "sender", "sender_doubt", "name", "return_path", "subject"),
    *("body", "text", "quoted", "given", "cut_sure", "rich"),
    *_LISTS,
)


def _parsed(head: dict[str, Any], contents: memoryview) -> Parsed:
    attachments = []
    for name, kind, size, sha256, inline in head["attachments"]:
        attachments.append(Part(name, kind, size, sha256, inline, bytes(contents[:size])))
        contents = contents[size:]
    report = head["report"]
    values: dict[str, Any] = {name: head[name] for name in _PLAIN} | {name: tuple(head[name]) for name in _LISTS}
    return Parsed(
        **values | {"headers": tuple((name, value) for name, value in head["headers"])},
        date=datetime.fromisoformat(head["date"]) if head["date"] else None,
        report=BounceReport(**report | {key: tuple(report[key]) for key in ("recipients", "cites")})
        if report
        else None,
        attachments=tuple(attachments),
    )


# ---------------------------------------------------------------- the process


def main(limits: Limits) -> None:
    """Answer every frame of the standard input until it ends."""
    for name in (signal.SIGINT, signal.SIGTERM):  # whoever started us decides: EOF, or SIGKILL
        signal.signal(name, signal.SIG_IGN)
    incoming = os.fdopen(os.dup(0), "rb", CHUNK)
    outgoing = os.fdopen(os.dup(1), "wb", CHUNK)
    os.dup2(2, 1)  # a stray print must not stand between two frames
    from mailflow.mail.parse import parse, prescan

    gc.freeze()  # what was imported stays: it need not be looked through for garbage
    gc.set_threshold(20_000, 20, 50)
    _limit_memory(limits)
    _send(outgoing, _READY)
    while (raw := _receive(incoming)) is not None:
        _limit_time(limits)
        answer: Parsed | Reason = prescan(raw, limits) or Reason.UNREADABLE
        if answer is Reason.UNREADABLE:
            with contextlib.suppress(Exception):  # told to the caller as UNREADABLE, like a kill
                answer = _within(parse(raw), limits)
        _send(outgoing, packed(answer))


def _within(parsed: Parsed, limits: Limits) -> Parsed | Reason:
    return Reason.TOO_LARGE if len(parsed.attachments) > limits.attachments else parsed


def _receive(incoming: BinaryIO) -> bytes | None:
    head = incoming.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    raw = incoming.read(_LENGTH.unpack(head)[0])
    return raw if len(raw) == _LENGTH.unpack(head)[0] else None


def _send(outgoing: BinaryIO, body: bytes) -> None:
    outgoing.write(_LENGTH.pack(len(body)))
    outgoing.write(body)
    outgoing.flush()


def _limit_memory(limits: Limits) -> None:
    """Address space, and no core dump: it would hold a mail in the clear."""
    with contextlib.suppress(ImportError):  # not on every system; the client's clock works everywhere
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def _limit_time(limits: Limits) -> None:
    """Processor time for the next mail: ends us even when nobody is left to kill us."""
    with contextlib.suppress(ImportError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + limits.seconds) + 2, hard))


# ---------------------------------------------------------------- the client


class ParserProcess:
    """A worker process, started at the first mail, and anew after each kill. One caller at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the running worker; None before the first mail and after a kill."""
        return self._process.pid if self._process else None

    def read(self, raw: bytes) -> Parsed | Reason:
        """The mail, or why it can't be read: TOO_LARGE (over a limit), UNREADABLE (the worker was killed over it)."""
        if len(raw) > self._limits.mail_bytes:
            return Reason.TOO_LARGE
        with self._turn:
            process = self._running()
            try:
                answer = unpacked(_exchange(process, raw, self._limits.seconds))
            except (OSError, EOFError, ValueError):  # TimeoutError is an OSError
                answer = Reason.UNREADABLE
            except BaseException:  # interrupted between question and answer: that answer must never meet another mail
                self._end()
                raise
            if answer is Reason.UNREADABLE or len(raw) > WEARING:
                self._end()
            return answer

    def close(self) -> None:
        """End the worker. A later `read` starts another one."""
        with self._turn:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        self._process = process = _started(self._limits)
        try:
            if _answer(process, time.monotonic() + START_SECONDS, len(_READY)) == _READY:
                return process
        except (OSError, EOFError, ValueError) as wrong:
            self._end()
            raise ParserUnavailableError(
                "the parser process does not start: python -m mailflow.mail.worker '{}' may say why"
            ) from wrong
        self._end()
        raise ParserUnavailableError("the parser process speaks another language")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # what was left to flush is of no interest
                    pipe.close()


def _started(limits: Limits) -> subprocess.Popen[bytes]:
    package = Path(__file__).resolve().parents[2]
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    process = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-P", "-m", "mailflow.mail.worker", json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env=environment | {"PYTHONPATH": str(package), "PYTHONUTF8": "1"},
    )
    for pipe in (process.stdin, process.stdout):
        assert pipe
        os.set_blocking(pipe.fileno(), False)
    return process


def _exchange(process: subprocess.Popen[bytes], raw: bytes, seconds: float) -> bytes:
    """One mail there and its answer back. The worker answers only after it has read all, so neither side can block."""
    until = time.monotonic() + seconds
    assert process.stdin
    pipe = process.stdin.fileno()
    left = memoryview(_LENGTH.pack(len(raw)) + raw)
    while left:
        try:
            left = left[os.write(pipe, left) :]
        except BlockingIOError:
            _wait(pipe, select.POLLOUT, until)
    return _answer(process, until, GROWTH * len(raw) + (1 << 20))


def _answer(process: subprocess.Popen[bytes], until: float, most: int) -> bytes:
    assert process.stdout
    pipe = process.stdout.fileno()
    received = bytearray()
    wanted = _LENGTH.size
    while len(received) < wanted:
        _wait(pipe, select.POLLIN, until)
        chunk = os.read(pipe, max(CHUNK, min(wanted - len(received), 1 << 20)))
        if not chunk:
            raise EOFError
        received += chunk
        if wanted == _LENGTH.size and len(received) >= wanted:
            wanted += _LENGTH.unpack_from(received)[0]
            if wanted > most + _LENGTH.size:
                raise ValueError("the parser's answer is too long")
    return bytes(received[_LENGTH.size :])


def _wait(pipe: int, event: int, until: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    left = until - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError


if __name__ == "__main__":
    main(replace(Limits(), **json.loads(sys.argv[1])))
