"""The demo as somebody runs it: a process of its own, that ends as it should and leaves nothing behind."""

import os
import re
import signal
import smtplib
import subprocess
import sys
import threading
from email.message import EmailMessage
from email.utils import make_msgid
from queue import Empty, SimpleQueue

import psutil
import pytest
from imapclient import IMAPClient

from tests.servers.running import PATIENCE, until

RUN = "import sys; from pathlib import Path; from mailflow.demo import run; sys.exit(run({}))"
LONG = 120  # seconds


class Demo:
    """A running demo, whose temporary files go to a folder of the test's."""

    def __init__(self, temporary, arguments="False"):
        environment = os.environ | {"TMPDIR": str(temporary), "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN.format(arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
            encoding="utf-8",
        )
        self.lines = []
        self._fresh = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._fresh.put(line.rstrip("\n"))

    def await_line(self, part):
        """The first new line that holds this."""
        while True:
            try:
                line = self._fresh.get(timeout=LONG)
            except Empty:
                pytest.fail(f"waited {LONG} s in vain for {part!r}", pytrace=False)
            self.lines.append(line)
            if part in line:
                return line

    def ended(self):
        """Its exit code and what it said on the standard error, once it has ended."""
        self.process.wait(LONG)
        self._reader.join(PATIENCE)
        said = self.process.stderr.read()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()
        while not self._fresh.empty():
            self.lines.append(self._fresh.get())
        return self.process.returncode, said

    def others(self):
        """Processes of its group that still live."""
        return [p.pid for p in psutil.process_iter() if _group(p) == self.process.pid and p.status() != "zombie"]


def _group(process):
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None


@pytest.fixture
def demo(tmp_path):
    running = []

    def start(arguments="False"):
        (tmp_path / "temporary").mkdir(exist_ok=True)
        running.append(Demo(tmp_path / "temporary", arguments))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.ended()


def test_it_shows_everything_finds_it_good_and_leaves_no_trace(demo, tmp_path):
    shown = demo("True")

    assert shown.ended() == (0, "")

    said = "\n".join(shown.lines)
    assert "✗" not in said
    assert said.count("✓") == 11
    for language in [
        "English",
        "French",
        "Spanish",
        "Portuguese",
        "German",
        "Japanese",
        "Burmese",
        "Thai",
        "Vietnamese",
        "Urdu",
        "Nepali",
        "Chinese",
    ]:
        assert f"opens a ticket in {language}" in said
    for title in ("Sam Carter, who asks", "Kofi Mensah, who answers", "Ana Ruiz, who routes"):
        assert title in said
    assert "Never sees" in said
    assert not list((tmp_path / "temporary").iterdir())
    assert not shown.others()


def test_a_mail_client_can_join_but_not_as_somebody_else_and_ctrl_c_ends_it(demo, tmp_path):
    staying = demo()
    imap, smtp, password = _doors(staying)
    assert list((tmp_path / "temporary").iterdir())

    _send(smtp, password, "guest@visitor.example", "How many hours may a working week have, with overtime?")
    staying.await_line("guest@visitor.example     gets the acknowledgement in English")
    assert _subjects(imap, "guest@visitor.example", password) == [
        f"[{_year(staying)}-0016] We have received your question"
    ]

    _send(smtp, password, "guest@visitor.example", "#close", written_by="kofi.mensah@example.org")
    staying.await_line("puts it on the shelf")

    os.killpg(staying.process.pid, signal.SIGINT)  # as a terminal does: the whole group hears it
    assert staying.ended() == (0, "")
    assert not list((tmp_path / "temporary").iterdir())
    assert not staying.others()


def test_a_polite_kill_in_the_middle_leaves_no_trace(demo, tmp_path):
    interrupted = demo("True")
    interrupted.await_line("writes:")

    interrupted.process.terminate()

    assert interrupted.ended() == (130, "")
    assert not list((tmp_path / "temporary").iterdir())
    assert not interrupted.others()


def test_a_given_folder_stays_and_must_be_empty(demo, tmp_path):
    folder = tmp_path / "kept"
    arguments = f"True, Path({str(folder)!r})"

    assert demo(arguments).ended() == (0, "")
    assert (folder / "data" / "mailflow.db").is_file()
    assert (folder / "mailflow.log").read_text()

    code, said = demo(arguments).ended()
    assert code == 1
    assert "is not empty" in said
    assert "Traceback" not in said


def _doors(staying):
    """IMAP port, SMTP port and password, as the demo tells them to whoever wants to join."""
    imap = re.search(r"port (\d+)", staying.await_line("IMAP      127.0.0.1"))
    smtp = re.search(r"port (\d+)", staying.await_line("SMTP      127.0.0.1"))
    password = staying.await_line("password  ").split()[1]
    staying.await_line("Ctrl-C ends it.")
    return int(imap[1]), int(smtp[1]), password


def _send(port, password, user, text, written_by=""):
    mail = EmailMessage()
    mail["From"], mail["To"] = written_by or user, "helpdesk@example.org"
    mail["Subject"], mail["Message-ID"] = "a question", make_msgid(domain="visitor.example")
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
        client.login(user, password)
        client.send_message(mail, from_addr=user)


def _subjects(port, user, password):
    with IMAPClient("127.0.0.1", port, ssl=False, timeout=PATIENCE) as client:
        client.login(user, password)
        client.select_folder("INBOX", readonly=True)
        until(lambda: client.noop() and client.search(), "a mail in the inbox")
        rows = client.fetch(client.search(), ["ENVELOPE"])
        return [row[b"ENVELOPE"].subject.decode() for row in rows.values()]


def _year(staying):
    return next(found[1] for line in staying.lines if (found := re.search(r"\b(\d{4})-0001\b", line)))
