"""From a parsed mail to one that decisions are made on: who says so, what kind, in which language, about what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailflow.core import tokens
from mailflow.core.model import (
    UNKNOWN_LANGUAGE,
    BounceReport,
    Language,
    Mail,
    OriginKind,
    TopicScore,
)
from mailflow.mail.auth import authenticate
from mailflow.mail.courtesy import courtesies
from mailflow.mail.dates import days
from mailflow.mail.origin import origin
from mailflow.mail.signs import signs_in
from mailflow.mail.topics import topic_scores

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from mailflow.core.settings import AuthSettings
    from mailflow.mail.language import LanguageDetector
    from mailflow.mail.lexicon import Heard, Lexicons
    from mailflow.mail.parsed import Parsed

AFTER_MARK = 80  # characters: a client may have broken the line there, and quoted it
LONGEST_ABSENCE = 120  # days
SIGNATURE = 1_000  # characters of a signature that are looked at
GIVEN_BACK = 65_536  # octets of a returned mail that are looked at
_MARK = re.compile(r"\[ref:", re.IGNORECASE)  # stands before the token in the marker line of our mails
_DELIVERED_TO = frozenset({"delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to"})
_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})


class Understanding:
    """What the desk makes of a mail before it decides. Bound to the desk's addresses, rules and mail server."""

    def __init__(
        self,
        own_addresses: Collection[str],
        auth_settings: AuthSettings,
        detector: LanguageDetector,
        lexicons: Lexicons,
    ) -> None:
        self._own_addresses = frozenset(own_addresses)
        self._auth_settings = auth_settings
        self._detector = detector
        self._lexicons = lexicons

    def language(self, text: str) -> str:
        """What a text is written in: BCP 47, or UNKNOWN_LANGUAGE."""
        return self._detector.detect(text).code

    def understand(self, parsed: Parsed) -> Mail:
        """The mail with its tokens, origin, authentication, language and topics. Contents of attachments stay behind."""
        kind = origin(parsed, self._own_addresses)
        bounce = (parsed.report or BounceReport()) if kind.kind is OriginKind.BOUNCE else None
        language = self._language(parsed)
        heard = self._hear(parsed, language.code)
        written = parsed.date.date() if parsed.date else None
        return Mail(
            message_id=parsed.message_id,
            sender=parsed.sender,
            sender_doubt=parsed.sender_doubt,
            name=parsed.name,
            subject=parsed.subject,
            date=parsed.date,
            text=parsed.text,
            quoted=parsed.quoted,
            cut_sure=parsed.cut_sure,
            rich=parsed.rich,
            to=parsed.to,
            cc=parsed.cc,
            headers=parsed.headers,
            references=parsed.references,
            return_path=parsed.return_path,
            attachments=tuple(part.attachment for part in parsed.attachments),
            tokens=tuple(dict.fromkeys(_tokens(parsed, bounce))),
            origin=kind,
            authentication=authenticate(parsed, self._auth_settings),
            language=language,
            topics=topic_scores(heard),
            signs=(*signs_in(heard, written), *(courtesies(heard) if parsed.references else ())),
            away_until=_last_day(heard, written) if kind.kind is OriginKind.AUTO_REPLY else None,
            bounce=bounce,
            defects=parsed.defects,
        )

    def topics(self, subject: str, text: str, language: str) -> tuple[TopicScore, ...]:
        """What a text is about that did not come as a mail."""
        return topic_scores(self._lexicons.hear(subject, text, language))

    def _hear(self, parsed: Parsed, language: str) -> tuple[Heard, ...]:
        """The desk's words in the mail. What was cut from a first mail is its signature, which tells who asks."""
        signature = "" if parsed.references else parsed.quoted[:SIGNATURE]
        begins = parsed.given if parsed.given >= 0 else len(parsed.text)
        own, given = parsed.text[:begins], parsed.text[begins:]
        return self._lexicons.hear(parsed.subject, own, language, given, signature)

    def _language(self, parsed: Parsed) -> Language:
        """By the author's own words; the subject helps out where they are too few, unless it is that of an old mail."""
        own = parsed.text[: parsed.given] if parsed.given > 0 else parsed.text
        told = self._detector.detect(own)
        if told.code != UNKNOWN_LANGUAGE:
            return told
        if parsed.given > 0 and (of_all := self._detector.detect(parsed.text)).code != UNKNOWN_LANGUAGE:
            return of_all
        alone = bool(told.confidence or parsed.references)
        said = [value[:100] for name, value in parsed.headers if name == "content-language"]
        hints = tuple(tag for value in said for tag in value.split(","))
        return self._detector.detect(parsed.text if alone else f"{parsed.subject}\n{own}", hints)


def _last_day(heard: Iterable[Heard], written: date | None) -> date | None:
    """The last day that an absence notice names, within a few months."""
    named = [day for one in heard for day, _ in days(one, written)] if written else []
    return max((day for day in named if written and (day - written).days <= LONGEST_ABSENCE), default=None)


def _tokens(parsed: Parsed, bounce: BounceReport | None) -> Iterator[str]:
    """Every reply token in any of its carriers, in order of trust, unchecked and perhaps repeated."""
    delivered = (value for name, value in parsed.headers if name in _DELIVERED_TO)
    for address in (*parsed.to, *parsed.cc, *delivered):
        yield from tokens.find(address)
    for reference in (*reversed(parsed.references), *(bounce.cites if bounce else ())):
        yield from tokens.find(reference)
    yield from _marked(parsed.body)
    if bounce:
        for part in parsed.attachments:
            if part.type in _RETURNED:
                yield from _returned(part.content[:GIVEN_BACK].decode("ascii", "replace"))


def _marked(text: str) -> Iterator[str]:
    """Tokens that stand after a mark, in the same line or the next one."""
    for mark in _MARK.finditer(text):
        yield from tokens.find(text[mark.end() : mark.end() + AFTER_MARK])[:1]


def _returned(mail: str) -> Iterator[str]:
    """Tokens of a mail that a bounce gives back: in its headers, and in its marker line where that is readable."""
    header, _, body = mail.replace("\r\n", "\n").partition("\n\n")
    yield from tokens.find(header)
    yield from _marked(body)
