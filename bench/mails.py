"""Realistic mail for a desk, made of the pieces in sentences/: questions, replies, what machines send, and what comes twice.

The same seed makes the same mails, as far as they don't reply to the desk's own.
"""

from __future__ import annotations

import random
import tomllib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from html import escape
from pathlib import Path

from bench import post
from bench.post import Letter
from bench.sink import Taken

LANGUAGES = ("en", "fr", "es", "pt", "de", "ja", "zh", "vi", "th")
WEIGHTS = (28, 14, 14, 8, 8, 8, 8, 6, 6)  # most of the desk's mail is English
OCTETS = 1700  # of a text, so that a mail with its HTML part has about 7 kB on the wire
FILE_OCTETS = 40_000
DOMAINS = 500
MIX = {"question": 70, "reply": 15, "attachment": 5, "automatic": 5, "duplicate": 5}  # of a hundred mails
QUESTIONS = ("question", "attachment")  # kinds that open a ticket
NAMES = (
    "Ann Lee", "Bruno Costa", "Carla Weiss", "David Okello", "Elena Petit", "Farid Nasser", "Hana Sato", "Ivan Duarte",
    "Jun Wang", "Kim Tran", "Laila Shah", "Marc Blanc", "Nok Chai", "Olga Brandt", "Pablo Rey", "Quyen Le",
)  # fmt: skip
_SENTENCES = Path(__file__).parent / "sentences"
_START = datetime(2026, 11, 2, 8, tzinfo=UTC)
# What clients and servers put into a header that nobody reads.
_TRACES = (
    ("Received", "from out.{domain} (out.{domain} [192.0.2.{low}])\n by mx.example.org with ESMTPS id {id}; {date}"),
    ("Received", "from desktop-{low} (localhost [127.0.0.1])\n by out.{domain} with ESMTPSA id {id}b; {date}"),
    ("DKIM-Signature", "v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=key1; h=from:to:subject:date;\n b={key}"),
    ("X-Mailer", "Desktop Mail 16.0.{low}"),
    ("Thread-Index", "{id}{id}"),
)
_PARAGRAPH = '<p class="MsoNormal" style="margin:0 0 8pt 0"><span lang="{language}" style="font-size:11.0pt;font-family:Calibri,sans-serif;color:#1F2937">{text}</span></p>'
_PAGE = "<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'><style>p {{ margin: 0 }}</style></head><body lang='{language}' link='#0563C1'><div class='WordSection1'>{body}</div></body></html>"

_REPORT = """Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; nobody@example.com
Action: failed
Status: 5.1.1
"""


@dataclass(frozen=True, slots=True)
class Sample:
    kind: str  # a key of MIX
    mark: str  # a word that stands in this mail alone; "" for what carries none
    letter: Letter


class Correspondence:
    """Everybody who writes to the desk at `address`. Each mail is made once; each reply answers one mail of ours."""

    def __init__(self, address: str, seed: int) -> None:
        self.address = address
        self._random = random.Random(seed)
        self._words = {code: tomllib.loads((_SENTENCES / f"{code}.toml").read_text("utf-8")) for code in LANGUAGES}
        self._seed = seed
        self._count = 0

    def mix(self, count: int, received: deque[Taken]) -> list[Sample]:
        """`count` mails by the shares of MIX, in random order. Each reply answers one of `received` and takes it out.

        Where there are too few of those, questions take the place of replies.
        """
        kinds = [kind for kind, share in MIX.items() for _ in range(share * count // 100)]
        kinds += ["question"] * (count - len(kinds))
        self._random.shuffle(kinds)
        made: list[Sample] = []
        for kind in kinds:
            made.append(self._one(kind, made, received))
        return made

    def _one(self, kind: str, made: Sequence[Sample], received: deque[Taken]) -> Sample:
        questions = [sample for sample in made[-200:] if sample.kind == "question"]
        if kind == "duplicate" and questions:
            return Sample(kind, "", self._random.choice(questions).letter)
        if kind == "automatic":
            return self.automatic()
        if kind == "reply" and received:
            return self.reply(received.popleft())
        return self.question(attached=kind == "attachment")

    # ------------------------------------------------------------ kinds of mail

    def question(self, *, attached: bool = False) -> Sample:
        language = self._random.choices(LANGUAGES, WEIGHTS)[0]
        words = self._words[language]
        mark = self._mark()
        message = self._addressed(mark, self._random.choice(words["subjects"]))
        self._write(message, self._letter_text(words, mark, str(message["From"])), language)
        if attached:
            octets = b"%PDF-1.7\n" + self._random.randbytes(FILE_OCTETS)
            message.add_attachment(octets, maintype="application", subtype="pdf", filename="report.pdf")
        return Sample("attachment" if attached else "question", mark, post.letter(message, self.address))

    def automatic(self) -> Sample:
        """An absence (three of five), a bounce of something that we never sent, or an advertisement."""
        message = self._addressed(self._mark(), "Automatic reply: Your message")
        kind = self._random.randrange(5)
        if kind <= 2:
            message["Auto-Submitted"] = "auto-replied"
            message.set_content("I am away until Monday and will read your message when I am back.\n")
        elif kind == 3:
            _make_bounce(message)
        else:
            message["Precedence"] = "bulk"
            message["List-Unsubscribe"] = "<https://news.example.com/leave>"
            message.set_content("Twenty per cent off all safety gloves, only this week.\n" * 20)
        made = post.letter(message, self.address)
        return Sample("automatic", "", Letter("", made.recipient, made.raw, made.author))

    def reply(self, taken: Taken) -> Sample:
        """An expert's answer to a question, or an asker's further words to an acknowledgement or an answer."""
        message = taken.message
        mark = self._mark()
        language = str(message["Content-Language"]).partition(",")[0]
        words = self._words.get(language, self._words["en"])
        wanted = "answers" if is_for_staff(taken) else "thanks"
        lines = [self._random.choice(words[wanted]), *self._random.sample(words["facts"], 3)]
        text = "\n\n".join([*lines, f"({mark})"])
        return Sample("reply", mark, post.reply(message, taken.recipient, text))

    # ------------------------------------------------------------ parts of a mail

    def _mark(self) -> str:
        self._count += 1
        return f"file-{self._seed}-{self._count:06d}"

    def _addressed(self, mark: str, subject: str) -> EmailMessage:
        name = self._random.choice(NAMES)
        domain = f"firm{self._random.randrange(DOMAINS)}.example"
        date = format_datetime(_START + timedelta(seconds=37 * self._count))
        told = {"domain": domain, "date": date, "low": self._count % 250, "id": f"{self._random.getrandbits(60):x}"}
        message = EmailMessage()
        for header, value in _TRACES:
            key = f"{self._random.getrandbits(1024):x}"
            folded = "\n ".join(key[start : start + 64] for start in range(0, len(key), 64))
            message[header] = " ".join(value.format(**told, key=folded).split())
        message["From"] = formataddr((name, f"{name.split()[0].lower()}{self._count}@{domain}"))
        message["To"] = self.address
        message["Subject"] = subject
        message["Date"] = date
        message["Message-ID"] = f"<{mark}@{domain}>"
        return message

    def _letter_text(self, words: dict[str, list[str]], mark: str, sender: str) -> list[str]:
        """Paragraphs: greeting, who writes, what happened, what is asked, and a signature."""
        choose = self._random.choice
        facts = self._random.sample(words["facts"], len(words["facts"]))
        middle, size = [f"{choose(words['openings'])} ({mark})"], 0
        while facts and size < OCTETS:
            paragraph = " ".join(facts.pop() for _ in range(min(2, len(facts))))
            size += len(paragraph.encode())
            middle.append(paragraph)
        middle.insert(self._random.randrange(1, len(middle)), choose(words["asks"]))
        name = sender.partition("<")[0].strip().strip('"')
        return [choose(words["greetings"]), *middle, choose(words["closings"]), choose(words["signs"]), name]

    def _write(self, message: EmailMessage, paragraphs: list[str], language: str) -> None:
        how = "base64" if language in ("ja", "zh", "th") else "quoted-printable"
        message.set_content("\n\n".join(paragraphs) + "\n", cte=how)
        body = "\n".join(_PARAGRAPH.format(language=language, text=escape(each)) for each in paragraphs)
        message.add_alternative(_PAGE.format(language=language, body=body), subtype="html", cte=how)


def is_for_staff(taken: Taken) -> bool:
    """Whether a mail of ours went to an expert or coordinator: here they all write from example.org."""
    return taken.recipient.endswith("@example.org")


def _make_bounce(message: EmailMessage) -> None:
    message["Content-Type"] = 'multipart/report; report-type="delivery-status"'
    for part in ("\nYour message could not be delivered.\n", _REPORT):
        message.attach(message_from_string(part, EmailMessage))
