"""What happens around a desk: people write, the desk's mails arrive at them, and they reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from datetime import UTC, datetime

from bench import post
from bench.desk import Desk
from bench.post import Letter
from bench.sink import SinkProcess, Taken
from tests.servers.dovecot import Account
from tests.servers.running import until

ASKER = "ann@firm.example"
QUESTION = (
    "Dear helpdesk,\n\nwhat does the convention say about a minimum wage, and is overtime pay added to it? "
    "Our suppliers ask us every month, and we would like to give them a clear answer.\n\nKind regards\nAnn Lee\n"
)
ANSWER = (
    "The convention asks for wages to be paid regularly, at least once a month, "
    "and overtime pay is not counted towards the minimum."
)


def question(to: str, mark: str = "", *, sender: str = ASKER, text: str = QUESTION) -> Letter:
    """A question as a mail client sends it; `mark` tells one from another."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Ann Lee <{sender}>", to, f"Minimum wage {mark}".strip()
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

    def mails(self, *, to: str = "", of: str = "") -> list[EmailMessage]:
        """The desk's mails so far, as their readers' clients show them: to one address, or with a word in the subject."""
        self.arrived += self.sink.new()
        found = [each for each in self.arrived if to in ("", each.recipient)]
        return [message for message in (each.message for each in found) if of in message["Subject"]]

    def acknowledgements(self) -> list[EmailMessage]:
        return self.mails(of="We have received your question")

    def wait_for(self, count: int, *, to: str = "", of: str = "") -> list[EmailMessage]:
        until(lambda: len(self.mails(to=to, of=of)) >= count, f"{count} mails arrive")
        return self.mails(to=to, of=of)

    def settle(self) -> None:
        """Until nothing is left to do: every mail on the server is taken, handled, and what it caused has left."""
        until(lambda: not self.account.holds("INBOX") and self._idle(), "the desk has nothing left to do")

    def _idle(self) -> bool:
        left = self.desk.left()
        return not left.waiting and not left.outgoing

    def opened(self) -> int:
        return len(self.desk.rows("SELECT ref FROM ticket"))


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
