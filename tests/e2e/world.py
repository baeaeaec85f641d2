"""What happens around a desk: people write, the desk's mails arrive at them, and they reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from bench import post
from bench.desk import Desk
from bench.post import Letter
from bench.sink import SinkProcess, Taken
from tests.servers.dovecot import Account
from tests.servers.running import until

ASKER = "ann@firm.example"
EXPERT = "mei.tanaka@example.org"  # the only one of the queue for safety and health
QUESTION = (
    "Dear helpdesk,\n\nwhich standards on occupational safety and health apply to the protective equipment of welders? "
    "Our suppliers ask us every month, and we would like to give them a clear answer.\n\nKind regards\nAnn Lee\n"
)
ANSWER = (
    "The convention asks the employer to provide protective equipment where risks can't be prevented otherwise, "
    "and to provide it without any cost to the worker."
)


def question(to: str, mark: str = "", *, sender: str = ASKER, text: str = QUESTION) -> Letter:
    """A question as a mail client sends it; `mark` tells one from another."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Ann Lee <{sender}>", to, f"Safety of welders {mark}".strip()
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<question{mark}@{sender.rpartition('@')[2]}>"
    message.set_content(text)
    return post.letter(message, to)


@dataclass
class World:
    account: Account
    sink: SinkProcess
    desk: Desk
    arrived: list[Taken] = field(default_factory=list)

    def deliver(self, *letters: Letter) -> None:
        post.deliver(self.account.server.lmtp, letters)

    def ask(self, mark: str = "", **how: str) -> None:
        self.deliver(question(self.desk.address, mark, **how))

    def mails(self, to: str) -> list[EmailMessage]:
        """What the desk has written to somebody so far, as their client shows it."""
        self.arrived += self.sink.new()
        return [each.message for each in self.arrived if each.recipient == to]

    def acknowledgements(self, to: str) -> int:
        """Without the question for another language, which somebody may get besides: it offers three by their own names."""
        bodies = [body.get_content() for mail in self.mails(to) if (body := mail.get_body(("plain",)))]
        return sum("- English" not in body for body in bodies)

    def wait_for(self, count: int, to: str) -> list[EmailMessage]:
        until(lambda: len(self.mails(to)) >= count, f"{count} mails arrive")
        return self.mails(to)

    def settle(self) -> None:
        """Until nothing is left to do: every mail on the server is taken, handled, and what it caused has left."""
        until(lambda: self._idle() and not self.account.holds("INBOX") and self._idle(), "all work is done")

    def _idle(self) -> bool:
        left = self.desk.left()
        return not left.waiting and not left.outgoing

    def refs(self) -> list[str]:
        return [str(ref) for (ref,) in self.desk.rows("SELECT ref FROM ticket ORDER BY ref")]

    def queues(self) -> list[str]:
        return [str(queue) for (queue,) in self.desk.rows("SELECT queue FROM ticket ORDER BY ref")]


def words(message: EmailMessage) -> str:
    """The text as its reader sees it, on one line."""
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())
