"""The parser on real mail: what other mail systems' test suites hold, read where MAILFLOW_CORPUS names their folder.

`python -m bench.quality.corpus` prints the figures, and every failure by the name of its file alone.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from bench.quality.realmail import CORPUS, bytes_of, expected, mails, squeezed
from bench.quality.section import Figure, Section, at_least, none_of, share
from mailflow.mail import frame
from mailflow.mail.charsets import clean
from mailflow.mail.enclosed import taken_out
from mailflow.mail.html import to_text
from mailflow.mail.markup import clean as outgoing
from mailflow.mail.markup import clean_line
from mailflow.mail.mime import Entity, tree
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Parsed

AIM = 97.0
ANY = "\ufffd"  # in an expectation: a letter that they could not read themselves
Matches = Callable[[Parsed, dict[str, Any], bytes], bool]


# ---------------------------------------------------------------- every mail


def strings(value: object) -> Iterator[str]:
    """Every string in the fields of a mail."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each)
    elif hasattr(value, "__dataclass_fields__"):
        yield from strings(tuple(getattr(value, name) for name in value.__dataclass_fields__))


def storable(text: str) -> bool:
    """Whether it is UTF-8, without controls."""
    try:
        return text.encode().decode() == text and clean(text) == text
    except UnicodeError:
        return False


def sent_on(found: Parsed) -> bool:
    """Whether a mail of ours made anew carries its subject, text, page and files, as a standard reader sees it."""
    text, rich = outgoing(f"{found.body}\n"), outgoing(f"{found.rich}\n")
    files = [frame.Enclosure(part.name, part.type, part.content) for part in found.attachments]
    raw = frame.build([frame.header("Subject", found.subject)], text, rich, files, "0" * 24)
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    bodies = [read.get_body((form,)) for form in ("plain", "html")]
    said = [str(part.get_content()).replace("\r\n", "\n") if part else "" for part in bodies]
    names = [(file_name(each), frame.safe_type(each.type), each.content) for each in files]
    carried = [(p.get_filename(), p.get_content_type(), p.get_payload(decode=True)) for p in read.iter_attachments()]
    subject = frame.shortened(clean_line(found.subject), frame.MAX_VALUE)
    return [str(read["Subject"]), *said] == [subject, text, rich] and names == carried


def file_name(enclosure: frame.Enclosure) -> str:
    return frame.file_name(enclosure.name, enclosure.type)


# ---------------------------------------------------------------- stalwart: fields of a mail


def addresses(value: dict[str, Any]) -> Iterator[str]:
    for people in value.values():
        for person in people:
            yield from (one["address"] for one in person.get("addresses", [person]) if one.get("address"))


def moment(said: Any) -> datetime | None:
    if said == "Empty":
        return None
    sign = -1 if said["tz_before_gmt"] else 1
    zone = sign * timedelta(hours=said["tz_hour"], minutes=said["tz_minute"])
    local = datetime(*(said[key] for key in ("year", "month", "day", "hour", "minute", "second")), tzinfo=UTC)
    return local - zone


def readable(text: str) -> str:
    return squeezed(to_text(text) if re.search(r"<(html|body|p|div|b|br)\b", text, re.IGNORECASE) else text)


def legible(found: str, want: str) -> bool:
    """Whether texts are equal, blanks apart, where any letter may stand for one that they could not read."""
    found, want = squeezed(found), squeezed(want)
    return len(found) == len(want) and all(theirs in (ours, ANY) for ours, theirs in zip(found, want, strict=True))


def same_sender(found: Parsed, expect: dict[str, Any], _: bytes) -> bool:
    named = [*addresses(expect["from"])]
    return found.sender.lower() == (named[0].lower() if len(named) == 1 else "")


def same_recipients(found: Parsed, expect: dict[str, Any], _: bytes) -> bool:
    return [a.lower() for a in found.to] == [*dict.fromkeys(a.lower() for a in addresses(expect["to"]))]


def same_attachments(found: Parsed, expect: dict[str, Any], raw: bytes) -> bool:
    """Their count, once what we show as text, and they attach, is told apart; and what they leave in the text."""
    in_text = any(defect.startswith("uuencode in the text") for defect in found.defects)
    enclosed = taken_out(clean(raw.decode("latin-1"))) if in_text else None
    ours = len(found.attachments) - (len(enclosed.files) if enclosed else 0)
    shown = sum(map(_readable, _leaves(tree(raw, []))))
    bodies = expect["n_text_body"] - (expect.get("first_text_body") == "")
    return 0 <= expect["n_attachments"] - ours <= max(0, shown - bodies)


def _leaves(part: Entity) -> Iterator[Entity]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _readable(leaf: Entity) -> bool:
    return leaf.kind in ("text/plain", "text/html") or leaf.kind.startswith("multipart/")


FIELDS: dict[str, Matches] = {
    "from": same_sender,
    "subject": lambda found, expect, _: legible(found.subject, expect["subject"] or ""),
    "n_attachments": same_attachments,
    "to": same_recipients,
    "message_id": lambda found, expect, _: found.message_id == f"<{expect['message_id']}>",
    "date": lambda found, expect, _: found.date == moment(expect["date"]),
    "first_text_body": lambda found, expect, _: squeezed(found.body).startswith(
        readable(expect["first_text_body"] or "")
    ),
}
# The same without the differences of taste.
STRICT: dict[str, Matches] = {
    "subject": lambda found, expect, _: squeezed(found.subject) == squeezed(expect["subject"] or ""),
    "n_attachments": lambda found, expect, _: len(found.attachments) == expect["n_attachments"],
}
CALLED = {"n_attachments": "number of attachments", "message_id": "Message-ID", "first_text_body": "first text"}
AIMED = ("from", "subject", "n_attachments")


def missed(field: str, matches: Matches | None = None) -> tuple[list[str], int]:
    """The paths of the mails that we don't read as they do, and how many there are in all."""
    entries = [entry for entry in expected("stalwart") if field in entry["expect"]]
    same = matches or FIELDS[field]
    wrong = [e["path"] for e in entries if not same(parse(bytes_of(e)), e["expect"], bytes_of(e))]
    return wrong, len(entries)


def garbled() -> list[str]:
    """The paths of mails whose subject they expect with letters that they could not read."""
    return [e["path"] for e in expected("stalwart") if ANY in (e["expect"].get("subject") or "")]


# ---------------------------------------------------------------- the measurement

ABOUT = (
    "About 650 mails and texts from the test suites of other mail systems, charsets, broken and hostile ones among them."
    " Where the suite of stalwart's mail-parser expects fields of a mail, ours are compared with them. Three differences"
    " are of taste and count as right: U+FFFD in a subject that they expect stands for any one letter (they could not"
    " read it); a text part that they find damaged or empty is an attachment to them, and text to read for us; files that stand"
    " uuencoded in the text stay there for them, and are attachments for us. A mail can be sent on when one made anew by"
    " our own frame carries its subject, text, HTML and files, and the standard library reads all of that back."
)


NOTES = (
    "Letter for letter and file for file, without the differences of taste, the figures stand below without an aim.",
    (
        "Attachments that still differ: in two mails a boundary of the multipart around ends the one inside (RFC 2046), which"
        " they read on; in one there are three attached mails, which a newer release of theirs counts as three, too."
    ),
    "From: one mail names an address without a domain. To us that is no sender, and the mail goes to a person.",
)


def measure() -> Section:
    if not CORPUS.is_dir():
        return Section("Real mail", ABOUT, (), notes=("Not measured: MAILFLOW_CORPUS names no folder.",))
    raised, broken, stuck = [], [], []
    for path in mails():
        name = str(path.relative_to(CORPUS))
        try:
            found = parse(path.read_bytes())
        except Exception as error:  # noqa: BLE001  what is counted here
            raised.append(f"{name}: {type(error).__name__}")
            continue
        broken += [name] * (not all(map(storable, strings(found))))
        stuck += [name] * (not sent_on(found))
    figures = [
        none_of("mails on which the parser raises", len(raised), len(mails())),
        none_of("mails with a string that is not UTF-8, or holds controls", len(broken), len(mails())),
        none_of("mails that cannot be sent on", len(stuck), len(mails())),
    ]
    failures = [f"{name}: raises" for name in raised]
    failures += [f"{name}: a string that cannot be stored" for name in broken]
    failures += [f"{name}: cannot be sent on" for name in stuck]
    for field in FIELDS:
        figure, wrong = _figure(field)
        figures.append(figure)
        failures += wrong
    figures += [
        _plain(f"stalwart: {CALLED.get(name, name)}, strictly", *missed(name, same)) for name, same in STRICT.items()
    ]
    failures += [f"{path}: subject, as they expect it, has letters that they could not read" for path in garbled()]
    return Section("Real mail", ABOUT, tuple(figures), tuple(failures), NOTES)


def _figure(field: str) -> tuple[Figure, list[str]]:
    wrong, asked = missed(field)
    what = f"stalwart: {CALLED.get(field, field)} right"
    told = [f"{path}: {CALLED.get(field, field)} differs" for path in wrong]
    return at_least(what, asked - len(wrong), asked, AIM) if field in AIMED else _plain(what, wrong, asked), told


def _plain(what: str, wrong: list[str], asked: int) -> Figure:
    right = asked - len(wrong)
    return Figure(what, f"{share(right, asked):.1f} % ({right} of {asked})")


if __name__ == "__main__":
    section = measure()
    for failure in section.failures:
        print(failure)
    for figure in section.figures:
        print(f"{figure.what}: {figure.reached} ({figure.aim or 'no aim'})")
