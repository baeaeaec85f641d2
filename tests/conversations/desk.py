"""A helpdesk for stories: the real engine, store, parser process and composer, without any server.

Mail goes in by `inbox.keep`, leaves through a sink that takes what the outbox holds, and time is what the story says.
Whatever leaves is looked through at once: nobody may ever see the other side's name, address or token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import select

from mailflow.core.model import Ticket
from mailflow.engine import Engine, Result
from mailflow.store import eventlog, inbox, messages, outbox, tickets
from mailflow.store.inbox import Arrived, Spot
from mailflow.store.tables import InboxRow
from mailflow.store.vault import Place
from tests.conversations.clients import Client, thunderbird
from tests.conversations.letters import Letter

DESK = "helpdesk@example.org"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
UNDO = timedelta(minutes=10)
DAILY = frozenset({"digest", "weekly", "reminder"})
File = tuple[str, str, bytes]  # name, type, content


@dataclass
class Desk:
    engine: Engine
    now: datetime = MONDAY
    people: dict[str, Correspondent] = field(default_factory=dict)  # by address
    refuses: dict[str, str] = field(default_factory=dict)  # address -> status: what the mail server says of it
    left: list[Letter] = field(default_factory=list)  # all that ever left
    results: list[Result] = field(default_factory=list)  # what became of each mail
    expects_faults: bool = False
    _uid: int = 0

    # ------------------------------------------------------------ people

    def knows(self, name: str, *addresses: str, staff: bool = False) -> Correspondent:
        correspondent = Correspondent(self, name, addresses, staff)
        self.people.update(dict.fromkeys(addresses, correspondent))
        return correspondent

    @property
    def coordinators(self) -> list[Correspondent]:
        people = self.engine.policy.people
        return [self.people[people[slug].addresses[0]] for slug in self.engine.policy.coordinators]

    # ------------------------------------------------------------ what happens

    def takes_in(self, raw: bytes, mailbox: str = "main", *, archive: bool = False) -> None:
        """The raw mail is safe here; nothing has become of it yet."""
        self._uid += 1
        spot = Spot(mailbox, "INBOX", 1, self._uid)
        inbox.keep(self.engine.store, [Arrived(raw, mailbox, spot, archive)], self.now)

    def works(self) -> list[Result]:
        """Handle what came in, look at the clock, then let leave what is due."""
        done: list[Result] = []
        while results := self.engine.work(self.now):
            done += results
        self.results += done
        if not self.expects_faults:
            self._nothing_failed()
        self.engine.tick(self.now)
        while due := outbox.claim(self.engine.store, self.now, 50):
            for mail in due:
                self._delivers(mail)
        return done

    def passes(self, **time: float) -> list[Result]:
        """Time goes by: `passes(minutes=10)`."""
        self.now += timedelta(**time)
        return self.works()

    def lives_until(self, moment: datetime) -> None:
        """Hour by hour, as a daemon would: what is due at nine leaves at nine, and what is due at night at night."""
        while self.now + timedelta(hours=1) < moment:
            self.passes(hours=1)
        self.now = max(self.now, moment)
        self.works()

    def _nothing_failed(self) -> None:
        """A mail whose handling raised waits for its next try; a story must know of it."""
        inbox_rows = InboxRow.__table__.c
        with self.engine.store.database.read() as connection:
            failed = connection.execute(
                select(inbox_rows.id, inbox_rows.fault).where(inbox_rows.fault.is_not(None))
            ).all()
        faults = [self.engine.store.vault.open(row.fault, Place("inbox", row.id, "fault", row.id)) for row in failed]
        assert not faults, "\n".join(fault.decode() for fault in faults)

    def _delivers(self, mail: outbox.Outgoing) -> None:
        if status := self.refuses.get(mail.recipient):
            self.engine.refused(mail, status, self.now, permanent=status.startswith("5"))
            return
        letter = Letter(mail.template, mail.envelope_sender, mail.recipient, mail.raw)
        self.left.append(letter)
        if letter.template not in DAILY or mail.recipient in self.people:
            self._is_discreet(letter)
            reader = self.people[mail.recipient]
            (reader.daily if letter.template in DAILY else reader.unread).append(letter)
        self.engine.left(mail, self.now)

    def _is_discreet(self, letter: Letter) -> None:
        """The wall: no address, full name or token of the other side, in any header or line, raw or decoded."""
        reader = self.people[letter.recipient]
        seen = letter.everything.casefold()
        colleagues = {"helpdesk", *(p.name for p in self.people.values() if p.staff and reader.staff)}
        for other in set(self.people.values()) - {reader}:
            if not (other.staff and reader.staff) and DESK not in other.addresses:
                names = [] if other.name in colleagues or other.name.casefold() == "helpdesk" else [other.name]
                known = [word for word in (*other.addresses, *names) if word and word.casefold() in seen]
                if letter.template == "transcript":  # it repeats a command of its reader
                    known = [word for word in known if word.casefold() not in reader.wrote]
                assert not known, f"a {letter.template} shows who somebody else is"
        for earlier in self.left:
            if earlier.recipient != letter.recipient:
                assert not earlier.tokens & letter.tokens, f"a {letter.template} shows somebody else's token"

    # ------------------------------------------------------------ what a coordinator could look up

    def ticket(self, ref: str) -> Ticket:
        with self.engine.store.database.read() as connection:
            found = tickets.by_ref(connection, ref)
        assert found is not None
        return found

    def story(self, ref: str) -> list[messages.Message]:
        with self.engine.store.database.read() as connection:
            return messages.of_ticket(connection, self.engine.store, ref)

    def log_holds(self) -> bool:
        with self.engine.store.database.write() as connection:
            return eventlog.broken_at(connection) is None

    @property
    def last(self) -> Result:
        return self.results[-1]

    # ------------------------------------------------------------ the beginning that most stories share

    def question_of(
        self, asker: Correspondent, text: str, expert: Correspondent, **mail: object
    ) -> tuple[Letter, Letter]:
        """Somebody asks: the acknowledgement that they get, and the question as the expert gets it."""
        asker.writes(text, **mail)
        self.works()
        return asker.gets("acknowledgement"), expert.gets("question")

    def everybody_has_read_everything(self) -> None:
        """Nobody got a mail that the story didn't speak of."""
        unread = {person.name: person.unread for person in self.people.values() if person.unread}
        assert not unread, f"mails that the story does not speak of: {unread}"


@dataclass(eq=False)
class Correspondent:
    """Somebody with a mail program."""

    desk: Desk
    name: str
    addresses: Sequence[str]
    staff: bool
    unread: list[Letter] = field(default_factory=list)
    daily: list[Letter] = field(default_factory=list)  # digests and reminders, of which only some stories speak
    sent: int = 0
    wrote: str = ""  # all that they sent, in small letters

    @property
    def address(self) -> str:
        return self.addresses[0]

    def gets(self, template: str) -> Letter:
        """The one unread mail of this kind; it is read now."""
        found = [letter for letter in self.unread if letter.template == template]
        assert len(found) == 1, f"{self.name} has {len(found)} unread mails {template}, of {self.unread}"
        self.unread.remove(found[0])
        return found[0]

    def today(self, template: str) -> Letter:
        """The one digest or reminder that came since the last was read."""
        found = [letter for letter in self.daily if letter.template == template]
        assert len(found) == 1, f"{self.name} has {len(found)} unread mails {template}"
        self.daily.remove(found[0])
        return found[0]

    def reads(self, template: str) -> list[Letter]:
        """All digests or reminders of this kind that came since; they are read now."""
        found = [letter for letter in self.daily if letter.template == template]
        self.daily = [letter for letter in self.daily if letter.template != template]
        return found

    def gets_nothing(self) -> None:
        assert not self.unread, f"{self.name} got {self.unread}"

    def writes(
        self,
        text: str,
        *,
        subject: str = "A question",
        to: str = DESK,
        **mail: object,
    ) -> bytes:
        """A new mail to the desk; the options are those of `sends`."""
        message = EmailMessage(policy=SMTP)
        message["To"], message["Subject"] = to, subject
        message.set_content(text + "\n")
        return self.sends(message, **mail)

    def replies(
        self,
        letter: Letter,
        text: str,
        *,
        client: Client = thunderbird,
        to: str = "",
        thread: bool = True,
        **mail: object,
    ) -> bytes:
        """Press Reply, write, press Send: to the Reply-To, quoting the mail that is answered."""
        message = EmailMessage(policy=SMTP)
        message["To"], message["Subject"] = to or letter.reply_to, f"Re: {letter.subject}"
        if thread:
            message["In-Reply-To"] = letter["Message-ID"]
            message["References"] = " ".join(filter(None, (letter["References"], letter["Message-ID"])))
        client(message, text, letter)
        return self.sends(message, **mail)

    def sends(
        self,
        message: EmailMessage,
        *,
        address: str = "",
        cc: str = "",
        files: Sequence[File] = (),
        headers: Mapping[str, str] | None = None,
        vouched: str = "pass",
        return_path: str | None = None,
        message_id: str = "",
        mailbox: str = "main",
        archive: bool = False,
    ) -> bytes:
        """Hand a mail over to the desk's mail server, which says what it thinks of the sender: `vouched`."""
        self.sent += 1
        address = address or self.address
        domain = address.rpartition("@")[2]
        message["From"] = f"{self.name} <{address}>"
        message["Date"] = format_datetime(self.desk.now)
        message["Message-ID"] = message_id or f"<{self.sent}.mail@{domain}>"
        for name, value in {"Cc": cc, **(headers or {})}.items():
            if value:
                message[name] = value
        for name, kind, content in files:
            major, _, minor = kind.partition("/")
            message.add_attachment(content, maintype=major, subtype=minor, filename=name)
        raw = as_received(message, domain, vouched, address if return_path is None else return_path)
        self.wrote += raw.decode("utf-8", "replace").casefold()
        self.desk.takes_in(raw, mailbox, archive=archive)
        return raw


def as_received(message: EmailMessage, domain: str, vouched: str, return_path: str) -> bytes:
    """What our own mail server puts on top."""
    server = f"Return-Path: <{return_path}>\r\nReceived: from mail.{domain} by mx.example.org; Mon, 2 Mar 2026 09:00:00 +0000\r\n"
    if vouched:
        server += f"Authentication-Results: mx.example.org; dmarc={vouched} header.from={domain}\r\n"
    return server.encode() + message.as_bytes()


def without_undo(desk: Desk) -> Desk:
    """The same desk, whose answers leave at once."""
    desk.engine = replace(desk.engine, policy=replace(desk.engine.policy, undo=timedelta(0)))
    return desk
