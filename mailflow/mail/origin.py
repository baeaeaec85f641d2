"""Whether a person wrote a mail to us: judged by headers alone, never by the words of a subject or a text.

What is automatic is never answered, so that two robots can't talk to each other. What only looks automatic to a reader
(an absence told in a subject) stays a person's mail: a question must not be lost for its words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailflow.core.model import Origin, OriginKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from mailflow.mail.parsed import Parsed

CALENDAR_HEAD = 4_000  # octets of a calendar in which its method must stand

_AUTO_REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-autoreply-from")
_AUTO_SUBMITTED = ("auto-replied", "auto-generated", "auto-notified")  # RFC 3834 and 5436; others may come
_DAEMONS = ("mailer-daemon", "postmaster", "maildaemon", "mail-daemon", "microsoftexchange")
_ROBOT = re.compile(r"(?:^|[-_.+])(?:no|do[-_.]?not)[-_.]?reply(?:$|[-_.+\d])")
_LIST_ROLE = re.compile(r"^owner-|-(?:request|owner|bounces)$")
_REPORT = re.compile(r"report-type\s?=\s?\"?([\w-]{1,40})", re.IGNORECASE)
_INVITATION = re.compile(r"method\s?=\s?\"?(?:request|reply|cancel|counter|refresh|add)", re.IGNORECASE)
_METHOD = re.compile(rb"^METHOD:(?:REQUEST|REPLY|CANCEL|COUNTER|REFRESH|ADD)", re.IGNORECASE | re.MULTILINE)
_INVITED = "it is an invitation or the answer to one (text/calendar with a method)"
_NAME = re.compile(r"[^\s<>:?,;]+")  # an address or the id of a list
_WORD = re.compile(r"[\w-]+")

# How absences are told in subjects. Only ever a remark: people write about absences, too.
_ABSENCES = (
    "out of office", "out-of-office", "automatic reply", "autoreply", "auto-reply", "away from my mail",
    "réponse automatique", "absence du bureau", "absent du bureau", "respuesta automática", "fuera de la oficina",
    "resposta automática", "fora do escritório", "automatische antwort", "abwesenheitsnotiz", "abwesenheit:",
    "nicht im büro", "risposta automatica", "automatisch antwoord", "trả lời tự động", "自動返信", "自動応答", "不在のお知らせ",
    "自动回复", "自動回覆", "自動回復", "ตอบกลับอัตโนมัติ", "ไม่อยู่ที่สำนักงาน", "အလိုအလျောက်", "خودکار جواب",
    "स्वत: जवाफ", "स्वतः जवाफ",
)  # fmt: skip


def origin(parsed: Parsed, own_addresses: Collection[str]) -> Origin:
    """What kind of mail this is, and the evidence in one sentence without a word of the mail.

    `own_addresses` are the desk's, as `normal_address` leaves them; one of them with "+token" counts as well.
    """
    mail = _Evidence(parsed, own_addresses)
    for kind, judge in _JUDGES:
        if because := judge(mail):
            return Origin(kind, because)
    return Origin(OriginKind.HUMAN, _remark(parsed))


class _Evidence:
    """The headers of a mail, by name."""

    def __init__(self, parsed: Parsed, own_addresses: Collection[str]) -> None:
        self.parsed = parsed
        self._own = own_addresses
        self._values: dict[str, list[str]] = {}
        for name, value in parsed.headers:
            self._values.setdefault(name, []).append(value.strip())

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def words(self, name: str) -> Iterator[str]:
        """The first word of each line of that name, in lower case: comments and parameters follow it."""
        for value in self.all(name):
            if found := _WORD.match(value):
                yield found.group().lower()

    def ours(self, address: str) -> bool:
        """Whether it is an address of the desk, with or without a reply token."""
        local, _, domain = address.rpartition("@")
        return address in self._own or f"{local.partition('+')[0]}@{domain}" in self._own

    @property
    def local_part(self) -> str:
        """Of the sender, in lower case; of whatever the From line begins with when it names no clear sender."""
        if self.parsed.sender:
            return self.parsed.sender.rpartition("@")[0].lower()
        found = _WORD.match(self.first("from").lstrip(" <\"'"))
        return found.group().lower() if found else ""

    @property
    def daemon(self) -> bool:
        return self.local_part.startswith(_DAEMONS)

    @property
    def null_path(self) -> bool:
        return self.parsed.return_path == ""

    @property
    def report_type(self) -> str:
        """Of a multipart/report that is the whole mail, not of one that somebody forwards."""
        value = self.first("content-type")
        found = _REPORT.search(value) if value.lower().startswith("multipart/report") else None
        return found.group(1).lower() if found else ""

    @property
    def discussed(self) -> bool:
        """Whether it came through a mailing list on which people write."""
        if self.our_list:
            return False
        if "list-post" in self:
            return not self.first("list-post").lower().startswith("no")
        if "list" in self.words("precedence") or "mailing-list" in self:
            return True
        owner = self.first("sender").rpartition("<")[2].partition("@")[0].lower()
        return bool(_LIST_ROLE.search(owner)) or ("list-id" in self and not self.mass)

    @property
    def mass(self) -> bool:
        """The marks of a newsletter. Feedback-ID or List-Unsubscribe alone stand on people's mail, too."""
        leaving = "list-unsubscribe" in self and not self.our_list
        return leaving and ("feedback-id" in self or "list-unsubscribe-post" in self or self.bulk)

    @property
    def bulk(self) -> bool:
        return any(word in ("bulk", "junk") for word in self.words("precedence")) and not self.our_list

    @property
    def our_list(self) -> bool:
        """Whether the list is a group address that serves as the desk's mailbox: it stamps every mail."""
        named = {*_NAME.findall(self.first("list-post").lower()), *_NAME.findall(self.first("list-id").lower())}
        return any(own in named or own.replace("@", ".") in named for own in self._own) if named else False


def _bounce(mail: _Evidence) -> str:
    if mail.report_type == "delivery-status":
        return "it is a delivery report (multipart/report)"
    if "x-failed-recipients" in mail:
        return "the header X-Failed-Recipients is that of a bounce"
    if mail.daemon and mail.null_path:
        return "a mail server wrote it, with a null return path"
    if mail.daemon and (mail.parsed.report or mail.local_part.startswith("mailer-daemon")):
        return "a mail server wrote it as a delivery report"
    return "it is a delivery report with a null return path" if mail.null_path and mail.parsed.report else ""


def _calendar(mail: _Evidence) -> str:
    if mail.first("content-class").lower().startswith("urn:content-classes:calendarmessage"):
        return "it is a calendar message (Content-Class)"
    top = mail.first("content-type").lower()
    if top.startswith("text/calendar") and _INVITATION.search(top):
        return _INVITED
    # A file that a person attaches has a name; an invitation stands beside the text, as another form of it.
    beside = top.startswith("multipart/alternative")
    parts = (part for part in mail.parsed.attachments if part.type == "text/calendar" and (beside or not part.name))
    return _INVITED if any(_METHOD.search(part.content[:CALENDAR_HEAD]) for part in parts) else ""


def _auto_reply(mail: _Evidence) -> str:
    submitted = [word for word in mail.words("auto-submitted") if word != "no"]
    answers = bool(mail.parsed.references)
    if submitted and (submitted[0] == "auto-replied" or answers):
        return f"the header Auto-Submitted says {_known(submitted[0])}"
    if found := next((name for name in _AUTO_REPLY_HEADERS if name in mail), ""):
        return f"the header {found.title()} is that of an automatic reply"
    if "auto_reply" in mail.words("precedence"):
        return "the header Precedence says auto_reply"
    if mail.parsed.sender and any(mail.parsed.sender.lower() in value.lower() for value in mail.all("x-loop")):
        return "the header X-Loop names the sender, as automatic replies do"
    return "its return path is null, so nobody waits for an answer" if mail.null_path else ""


def _notification(mail: _Evidence) -> str:
    if mail.parsed.sender and mail.ours(mail.parsed.sender):
        return "it comes from an address of our own"
    if any(mail.ours(word.lower()) for value in mail.all("x-loop") for word in value.split()):
        return "the header X-Loop names us: we have handled it before"
    if submitted := [word for word in mail.words("auto-submitted") if word != "no"]:
        return f"the header Auto-Submitted says {_known(submitted[0])}"
    if mail.report_type:
        return "it is a machine's report (multipart/report)"
    if mail.daemon or _ROBOT.search(mail.local_part) or _LIST_ROLE.search(mail.local_part):
        return "the sender's address is one that nobody reads"
    if mail.bulk and not mail.discussed:
        return "the header Precedence says bulk or junk"
    return "it bears the marks of a newsletter" if mail.mass and not mail.discussed else ""


def _spam(mail: _Evidence) -> str:
    if "yes" in mail.words("x-spam-flag") or "yes" in mail.words("x-spam-status"):
        return "the mail server marks it as spam"
    return "the mail server marks it as spam" if "fail" in mail.words("x-ses-spam-verdict") else ""


def _list(mail: _Evidence) -> str:
    return "it came through a mailing list" if mail.discussed else ""


def _remark(parsed: Parsed) -> str:
    subject = parsed.subject[:200].casefold()
    if any(absence in subject for absence in _ABSENCES):
        return "its subject may tell of an absence, but no header says that a machine wrote it"
    if any(name == "x-auto-response-suppress" for name, _ in parsed.headers):
        return "it asks for no automatic replies, which Exchange adds to people's mail, too"
    return "nothing says otherwise"


def _known(word: str) -> str:
    return word if word in _AUTO_SUBMITTED else "other than no"


# The first that finds evidence decides. A bounce comes first because it is the one that tells of a mail of ours.
_JUDGES: tuple[tuple[OriginKind, Callable[[_Evidence], str]], ...] = (
    (OriginKind.BOUNCE, _bounce),
    (OriginKind.CALENDAR, _calendar),
    (OriginKind.AUTO_REPLY, _auto_reply),
    (OriginKind.NOTIFICATION, _notification),
    (OriginKind.SPAM, _spam),
    (OriginKind.LIST, _list),
)
