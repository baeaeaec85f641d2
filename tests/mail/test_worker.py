"""The parser's process: the same answers, limits that hold, and a next mail that is always handled."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from mailflow.core.settings import Limits
from mailflow.core.wording import Reason
from mailflow.mail import worker
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Parsed
from mailflow.mail.worker import ParserProcess, ParserUnavailableError, packed, unpacked

HEAD = b"From: Ann Lee <ann@firm.example>\r\nTo: desk@desk.example\r\nSubject: Wages\r\n"
PLAIN = HEAD + b"Date: Mon, 23 Nov 2026 10:02:03 +0100\r\nMessage-ID: <1@firm.example>\r\n\r\nWhat is a wage?\r\n"
RICH = HEAD + (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>\xe6\x9c\x80 <b>wage</b></p>\r\n--b\r\nContent-Disposition: attachment; filename=a.bin\r\n"
    b"Content-Type: application/octet-stream\r\n\r\n\x00\xff\x01\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
)
BOUNCE = (
    b"From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;x\r\n\r\nFinal-Recipient: rfc822;a@b.example\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
)


@pytest.fixture(scope="module")
def process():
    with ParserProcess(Limits()) as running:
        yield running


@pytest.mark.parametrize(
    "raw", [PLAIN, RICH, BOUNCE, b"", b"\x00\xff"], ids=["plain", "rich", "bounce", "empty", "octets"]
)
def test_the_process_gives_what_the_parser_gives(process, raw):
    assert process.read(raw) == parse(raw)


def test_one_process_serves_many_mails(process):
    process.read(PLAIN)
    first = process.pid
    assert all(process.read(PLAIN) == parse(PLAIN) for _ in range(20))
    assert process.pid == first


@pytest.mark.parametrize("answer", [parse(RICH), parse(BOUNCE), Parsed(), Reason.TOO_LARGE])
def test_an_answer_survives_the_pipe(answer):
    assert unpacked(packed(answer)) == answer


@pytest.mark.parametrize("frame", [b"", b"\x00", b"\x00\x00\x00\x02{}", b"\x00\x00\x00\x02[]", b"\xff\xff\xff\xffx"])
def test_a_frame_that_is_no_answer_is_refused(frame):
    with pytest.raises(ValueError):
        unpacked(frame)


# ---------------------------------------------------------------- limits; the bombs are in test_bombs.py


def test_a_mail_as_large_as_the_limit_is_read_within_the_limit_of_memory(process):
    octets = os.urandom(13_000_000).hex().encode()
    part = b"Content-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\n"
    lines = b"\r\n".join(octets[n : n + 76] for n in range(0, len(octets) - 2_000_000, 76))
    found = process.read(HEAD + part + lines)
    assert isinstance(found, Parsed)
    assert found.attachments[0].content == lines


def test_more_attachments_than_the_limit_are_too_large():
    part = b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n"
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 6 + b"--b--\r\n"
    with ParserProcess(Limits(attachments=5)) as strict:
        assert strict.read(raw) is Reason.TOO_LARGE


def test_a_mail_above_the_limit_of_bytes_never_reaches_the_process():
    with ParserProcess(Limits(mail_bytes=1_000)) as strict:
        assert strict.read(b"x" * 1_001) is Reason.TOO_LARGE
        assert strict.pid is None


# ---------------------------------------------------------------- kills


def test_a_mail_over_the_time_limit_kills_the_process_and_the_next_one_is_read():
    with ParserProcess(Limits(seconds=2.0)) as strict:
        strict.read(PLAIN)
        first = strict.pid
        psutil.Process(first).suspend()
        assert strict.read(PLAIN) is Reason.UNREADABLE
        assert not psutil.pid_exists(first)
        assert strict.read(PLAIN) == parse(PLAIN)


def test_a_large_mail_to_a_process_that_does_not_read_ends_at_the_time_limit():
    with ParserProcess(Limits(seconds=1.0)) as strict:
        strict.read(PLAIN)
        psutil.Process(strict.pid).suspend()
        assert strict.read(HEAD + b"\r\n" + b"x" * 5_000_000) is Reason.UNREADABLE


def test_a_mail_over_the_memory_limit_is_unreadable_and_the_next_one_is_read():
    with ParserProcess(Limits(memory_bytes=90_000_000)) as strict:
        assert strict.read(HEAD + b"\r\n" + b"\xe9a" * 10_000_000) is Reason.UNREADABLE
        assert strict.read(PLAIN) == parse(PLAIN)


def test_a_process_killed_by_somebody_else_is_started_anew():
    with ParserProcess(Limits()) as running:
        running.read(PLAIN)
        victim = psutil.Process(running.pid)
        victim.kill()
        with contextlib.suppress(psutil.TimeoutExpired):
            victim.wait(5)
        assert running.read(PLAIN) == parse(PLAIN)


def test_the_process_ends_with_whoever_started_it():
    program = (
        "import os, signal\n"
        "from mailflow.core.settings import Limits\n"
        "from mailflow.mail.worker import ParserProcess\n"
        "process = ParserProcess(Limits())\n"
        "process.read(b'x')\n"
        "print(process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False, cwd=Path.cwd())
    pid = int(done.stdout)
    until = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_signal_to_the_whole_group_does_not_spoil_the_mail_being_read(process):
    process.read(PLAIN)
    first = process.pid
    for name in (signal.SIGINT, signal.SIGTERM):
        psutil.Process(first).send_signal(name)
    assert process.read(PLAIN) == parse(PLAIN)
    assert process.pid == first


def test_closing_leaves_no_process_behind():
    with ParserProcess(Limits()) as running:
        running.read(PLAIN)
        pid = running.pid
    assert not psutil.pid_exists(pid)
    running.close()


def test_callers_in_several_threads_get_their_own_answers(process):
    mails = [PLAIN.replace(b"<1@", b"<%d@" % number) for number in range(40)]
    answers = {}

    def ask(start):
        for raw in mails[start::4]:
            answers[raw] = process.read(raw)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answers[raw].message_id == f"<{number}@firm.example>" for number, raw in enumerate(mails))


# ---------------------------------------------------------------- what it may know


def test_the_process_inherits_no_secret(monkeypatch):
    monkeypatch.setenv("DESK_MASTER_KEY", "secret")
    with ParserProcess(Limits()) as running:
        running.read(PLAIN)
        assert "DESK_MASTER_KEY" not in psutil.Process(running.pid).environ()


def test_the_process_imports_nothing_but_the_parser():
    program = (
        "import sys, mailflow.mail.worker, mailflow.mail.parse\n"
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('sqlmodel', 'sqlalchemy', 'typer', 'rich', 'jinja2', 'pydantic', 'cryptography', 'langdetect', 'asyncio')])"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == b"[]"


def test_a_process_that_does_not_start_is_a_fault_of_the_installation_and_no_fault_of_the_mail(monkeypatch):
    monkeypatch.setattr(worker.sys, "executable", "/bin/false")
    with ParserProcess(Limits()) as broken, pytest.raises(ParserUnavailableError):
        broken.read(PLAIN)
