"""One IMAP mailbox: what waits there, its bytes, and settling what is safely stored.

One thread owns one Mailbox. Nothing here remembers what was taken: the caller's ledger of (mailbox, folder,
uidvalidity, uid) does, and a mail is settled on the server only after the ledger's commit. A crash in between
leaves it on the server, and the ledger knows it.
"""

from __future__ import annotations

import imaplib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from mailflow.core.settings import Afterwards, MailboxSettings, Security
from mailflow.net.idle import Bell, Woken, announced, idle, sleep
from mailflow.net.login import Credentials, LoginTrouble
from mailflow.net.session import Session, dial
from mailflow.net.tls import trust
from mailflow.net.trouble import MailboxTrouble, TroubleKind, trouble_of

IDLE_BOUND = 60.0  # seconds: some servers never announce what came just before IDLE, so we look again
COMMAND_UIDS = 500  # a command: servers must take lines of 8,000 octets only
SEARCH_SPAN = 50_000  # messages a SEARCH: imaplib reads at most 1,000,000 octets in one line
GOODBYE_SECONDS = 5.0
SEEN, DELETED = r"\Seen", r"\Deleted"


@dataclass(frozen=True, slots=True)
class Selected:
    """The folder as it was opened. A changed `uidvalidity` means that UIDs known from before mean nothing."""

    folder: str
    uidvalidity: int
    uidnext: int  # 0 where the server doesn't say
    exists: int


@dataclass(frozen=True, slots=True)
class FetchedMail:
    uid: int
    raw: bytes
    internal_date: datetime | None  # when the server got it, UTC


class Mailbox:
    """Every method may raise MailboxTrouble; the connection is then gone, and connect() makes the next one."""

    def __init__(self, settings: MailboxSettings, credentials: Credentials) -> None:
        self._settings = settings
        self._credentials = credentials
        self._session: Session | None = None
        self._selected: Selected | None = None
        self._tries: Counter[tuple[str, int, int]] = Counter()  # fetches that never ended, by folder, uidvalidity, uid

    @property
    def connected(self) -> bool:
        return self._session is not None

    def connect(self) -> None:
        """Connect and log in. TLS is verified, and STARTTLS is required where it is configured."""
        self._drop()
        where = f"{self._settings.host}:{self._settings.port}"
        with self._guarded("read ca_file", TroubleKind.TLS):
            context = trust(self._settings.ca_file)
        with self._guarded(f"connect to {where}", TroubleKind.CONNECTION):
            self._session = dial(self._settings, context)
        if self._settings.security is Security.STARTTLS:
            with self._speaking(f"encrypt the connection to {where}", TroubleKind.TLS) as session:
                session.starttls(context)
        with self._speaking(f"log in at {where}", TroubleKind.LOGIN) as session:
            self._credentials.imap(session)

    def close(self) -> None:
        """Say goodbye, if anybody listens, and end the connection. Never raises."""
        if self._session is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                self._session.socket().settimeout(min(GOODBYE_SECONDS, self._settings.timeout_seconds))
                self._session.logout()
        self._drop()

    def capabilities(self) -> tuple[str, ...]:
        with self._speaking("ask for capabilities") as session:
            return tuple(sorted(name.decode("ascii", "replace") for name in session.capabilities()))

    def folders(self) -> tuple[str, ...]:
        """The names of the folders that can be opened."""
        with self._speaking("list the folders") as session:
            return tuple(sorted(name for flags, _, name in session.list_folders() if rb"\Noselect" not in flags))

    def select(self, folder: str) -> Selected:
        """Open a folder anew: what came since the last time is seen, and so is a change of its UIDVALIDITY."""
        self._selected = None
        with self._speaking(f"open the folder {folder!r}") as session:
            said = session.select_folder(folder)
        uidvalidity = _number(said, b"UIDVALIDITY")
        if not uidvalidity:
            raise self._refuse(f"could not use the folder {folder!r}: the server gives it no UIDVALIDITY")
        self._require_mark(folder, said)
        self._selected = Selected(folder, uidvalidity, _number(said, b"UIDNEXT"), _number(said, b"EXISTS"))
        return self._selected

    def new_uids(self, after: int | None = None) -> tuple[int, ...]:
        """What waits in the selected folder to be taken or settled, ascending. Deleted mail is let be.

        The ledger may know some of them already: those were stored, but not settled.
        Where mails are marked rather than moved, `after` is the highest UID that was ever taken here. Everything
        above it is given whatever its marks are, so that a mail which a person reads before us isn't overlooked.
        """
        found = set(self._search(*self._unsettled()))
        if after is not None and self._settings.afterwards is not Afterwards.MOVE:
            above = self._search("UID", f"{after + 1}:*")
            found.update(uid for uid in above if uid > after)  # "n:*" always names the last mail, even below n
        return tuple(sorted(found))

    def all_uids(self) -> tuple[int, ...]:
        """Everything in the selected folder, ascending: to compare with the ledger."""
        return tuple(sorted(self._search()))

    def batches(self, uids: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """Groups to fetch at once: at most `batch` mails and `batch_bytes` octets, a larger mail alone.

        A mail whose fetch never ended comes last and alone, so that one which the server can't give (or which
        makes it hang up) never keeps the others back. Vanished mails are left out.
        """
        fresh = [uid for uid in uids if not self._tries[self._key(uid)]]
        for group in _chunks(fresh, min(self._settings.batch, COMMAND_UIDS)):
            rows = self._fetch(group, "RFC822.SIZE")
            sizes = {uid: _number(rows[uid], b"RFC822.SIZE") for uid in group if uid in rows}
            yield from _capped(sizes, self._settings.batch_bytes)
        tried = [uid for uid in uids if self._tries[self._key(uid)]]
        for uid in sorted(tried, key=lambda uid: self._tries[self._key(uid)]):
            yield (uid,)

    def fetch(self, uids: Sequence[int]) -> list[FetchedMail]:
        """The bytes as the server has them; no mark is set by reading. A vanished mail is simply not there."""
        rows = self._fetch(uids, "BODY.PEEK[]", "INTERNALDATE")
        return [mail for uid in uids if (mail := _fetched(uid, rows.get(uid, {})))]

    def settle(self, uids: Sequence[int]) -> None:
        """Tell the server that these are safely stored: move or mark them. Vanished ones are no error."""
        for group in _chunks(uids, COMMAND_UIDS):
            with self._speaking("settle the mails taken") as session:
                if self._settings.afterwards is Afterwards.MOVE:
                    self._move(session, group)
                else:
                    session.add_flags(group, [self._mark], silent=True)

    def wait(self, bell: Bell, seconds: float | None = None) -> Woken:
        """Until mail comes into the selected folder, the bell rings, or the time (`poll_seconds`) is over.

        IDLE watches only the selected folder: with several, look at the busiest one last.
        """
        seconds = self._settings.poll_seconds if seconds is None else seconds
        with self._speaking("wait for mail") as session:
            if self._settings.idle and session.has_capability("IDLE"):
                return idle(session, min(seconds, IDLE_BOUND), bell)
            return Woken.MAIL if announced(session) else sleep(seconds, bell)

    # ------------------------------------------------------------ one command

    def _search(self, *criteria: str) -> set[int]:
        """In spans of message numbers: one answer for a very large folder would be too long a line to read."""
        found: set[int] = set()
        with self._speaking("search") as session:
            for span in _spans(self._open.exists):
                found.update(session.search([*span, *criteria] or ["ALL"]))
        return found

    def _fetch(self, uids: Sequence[int], *items: str) -> Mapping[int, Mapping[bytes, object]]:
        keys = [self._key(uid) for uid in uids]
        self._tries.update(keys)
        with self._speaking("fetch mail") as session:
            rows = session.fetch(list(uids), items)
        for key in keys:
            del self._tries[key]
        return rows

    def _move(self, session: Session, uids: Sequence[int]) -> None:
        if session.has_capability("MOVE"):
            self._into_processed(session, session.move, uids)
            return
        self._into_processed(session, session.copy, uids)
        session.add_flags(uids, [DELETED], silent=True)
        if session.has_capability("UIDPLUS"):  # a plain EXPUNGE would also take what others have marked
            session.uid_expunge(uids)

    def _into_processed(
        self, session: Session, carry: Callable[[Sequence[int], str], object], uids: Sequence[int]
    ) -> None:
        folder = self._settings.processed
        try:
            carry(uids, folder)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            if session.folder_exists(folder):
                raise
            session.create_folder(folder)
            session.subscribe_folder(folder)
            carry(uids, folder)

    # ------------------------------------------------------------ marks

    @property
    def _mark(self) -> str:
        return SEEN if self._settings.afterwards is Afterwards.FLAG else self._settings.keyword

    def _unsettled(self) -> tuple[str, ...]:
        match self._settings.afterwards:
            case Afterwards.MOVE:
                return ("UNDELETED",)
            case Afterwards.KEYWORD:
                return ("UNDELETED", "UNKEYWORD", self._settings.keyword)
            case Afterwards.FLAG:
                return ("UNDELETED", "UNSEEN")

    def _require_mark(self, folder: str, said: Mapping[bytes, object]) -> None:
        """Some servers drop a mark without a word; the same mails would then come back at every look."""
        kept = said.get(b"PERMANENTFLAGS")
        if self._settings.afterwards is Afterwards.MOVE or not isinstance(kept, tuple):
            return  # a server that says nothing keeps them all (RFC 9051, 7.1)
        names = {bytes(name).lower() for name in kept}
        new = self._settings.afterwards is Afterwards.KEYWORD and rb"\*" in names
        if not new and self._mark.lower().encode() not in names:
            raise self._refuse(f"could not use the folder {folder!r}: the server does not keep {self._mark} there")

    # ------------------------------------------------------------ the connection

    @property
    def _open(self) -> Selected:
        if self._selected is None:
            raise self._refuse("no folder is open")
        return self._selected

    def _key(self, uid: int) -> tuple[str, int, int]:
        return self._open.folder, self._open.uidvalidity, uid

    def _refuse(self, sentence: str) -> MailboxTrouble:
        self._drop()
        return MailboxTrouble(TroubleKind.FOLDER, f"mailbox {self._settings.name}: {sentence}")

    @contextmanager
    def _speaking(self, doing: str, refused: TroubleKind = TroubleKind.FOLDER) -> Iterator[Session]:
        if self._session is None:
            raise MailboxTrouble(TroubleKind.CONNECTION, f"mailbox {self._settings.name}: there is no connection")
        with self._guarded(doing, refused):
            yield self._session

    @contextmanager
    def _guarded(self, doing: str, refused: TroubleKind) -> Iterator[None]:
        """Whatever goes wrong, the connection is thrown away: what it would say next may answer another question."""
        try:
            yield
        except (OSError, imaplib.IMAP4.error) as error:
            self._drop()
            raise trouble_of(error, f"mailbox {self._settings.name}: could not {doing}", refused) from None
        except LoginTrouble as error:
            self._drop()
            raise MailboxTrouble(TroubleKind.LOGIN, str(error)) from None
        except BaseException:
            self._drop()
            raise

    def _drop(self) -> None:
        session, self._session, self._selected = self._session, None, None
        if session is not None:
            with suppress(OSError):
                session.shutdown()


def _number(said: Mapping[bytes, object], key: bytes) -> int:
    value = said.get(key, 0)
    return value if isinstance(value, int) else 0


def _fetched(uid: int, row: Mapping[bytes, object]) -> FetchedMail | None:
    raw, date = row.get(b"BODY[]"), row.get(b"INTERNALDATE")
    if not isinstance(raw, bytes):
        return None
    return FetchedMail(uid, raw, date.astimezone(UTC) if isinstance(date, datetime) else None)


def _chunks(uids: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(uids), size):
        yield tuple(uids[start : start + size])


def _capped(sizes: Mapping[int, int], most: int) -> Iterator[tuple[int, ...]]:
    group: list[int] = []
    weight = 0
    for uid, size in sizes.items():
        if group and weight + size > most:
            yield tuple(group)
            group, weight = [], 0
        group.append(uid)
        weight += size
    if group:
        yield tuple(group)


def _spans(exists: int) -> Iterator[list[str]]:
    """Message number ranges as search words; none are needed for a folder of ordinary size."""
    if exists <= SEARCH_SPAN:
        yield []
        return
    for first in range(1, exists + 1, SEARCH_SPAN):
        last = first + SEARCH_SPAN - 1
        yield [f"{first}:{last}" if last < exists else f"{first}:*"]
