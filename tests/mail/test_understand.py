"""From the bytes of a mail to what decisions are made on."""

import base64
import secrets

import pytest

from mailflow.core.model import OriginKind, Verdict
from mailflow.core.settings import AuthMethod, AuthSettings
from mailflow.mail.language import LanguageDetector
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Parsed, Part
from mailflow.mail.understand import Understanding

LANGUAGES = ("en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant")
UNDERSTANDING = Understanding(
    frozenset({"help@desk.example"}),
    AuthSettings(AuthMethod.RFC8601, authserv_id="mx.desk.example"),
    LanguageDetector(LANGUAGES),
    Lexicons({"en": {"night-work": {"night work": 2.0}}, "fr": {"night-work": {"travail de nuit": 2.0}}}),
)


def token():
    return base64.b32encode(secrets.token_bytes(18)).decode().rstrip("=").lower()


ONE, TWO, THREE, FOUR = (token() for _ in range(4))


def understood(text, *headers, sender="Ann Lee <ann@firm.example>", subject="question"):
    lines = (
        f"From: {sender}",
        "To: help@desk.example",
        f"Subject: {subject}",
        "Content-Type: text/plain; charset=utf-8",
        *headers,
    )
    return UNDERSTANDING.understand(parse("\r\n".join((*lines, "", text)).encode()))


def test_a_question_is_understood_whole():
    mail = understood(
        "Bonjour, quelle convention s'applique au travail de nuit des jeunes ?\r\n",
        "Message-ID: <1@firm.example>",
        "Authentication-Results: mx.desk.example; dmarc=pass header.from=firm.example",
    )
    assert (mail.sender, mail.name, mail.message_id) == ("ann@firm.example", "Ann Lee", "<1@firm.example>")
    assert mail.origin.kind is OriginKind.HUMAN
    assert mail.authentication.verdict is Verdict.PASS
    assert mail.language.code == "fr"
    assert [topic.id for topic in mail.topics] == ["night-work"]
    assert (mail.bounce, mail.tokens) == (None, ())


# ---------------------------------------------------------------- tokens


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_a_token_is_found_in_the_address_that_the_mail_was_delivered_to(name):
    assert understood("Thanks", f"{name}: help+{ONE.upper()}@desk.example").tokens == (ONE,)


def test_tokens_are_found_in_every_carrier_each_once_addresses_first():
    mail = understood(
        f"Thank you.\r\n\r\n> -- please write above this line -- [ref:{THREE}]\r\n> older: [Ref:{ONE}]\r\n",
        f"Cc: help+{ONE}@desk.example, eve@firm.example",
        f"In-Reply-To: <{TWO}.7f3a@desk.example>",
        f"References: <{FOUR}.11aa@desk.example> <{TWO}.7f3a@desk.example>",
    )
    assert mail.tokens == (ONE, TWO, FOUR, THREE)


def test_a_token_is_found_although_the_client_broke_the_line_of_the_mark():
    assert understood(f"Yes.\r\n\r\n> please write above this line [ref:\r\n> {ONE}]\r\n").tokens == (ONE,)


def test_letters_before_the_mark_that_grow_in_lower_case_do_not_hide_the_token():
    assert understood("İ" * 200 + f"\r\n[ref:{ONE}]\r\n").tokens == (ONE,)


def test_words_that_only_look_like_a_token_are_none_outside_the_carriers():
    assert (
        understood(
            f"The password is {ONE}, and [ref:{TWO[:-1]}] is too short.", subject=ONE, sender=f"{THREE}@firm.example"
        ).tokens
        == ()
    )


# ---------------------------------------------------------------- bounces

BOUNCE = """\
From: MAILER-DAEMON@mail.firm.example
Return-Path: <>
To: help+{one}@desk.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

The mail could not be delivered. See below, [ref:nothing].
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.firm.example

Final-Recipient: rfc822; eve@firm.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

From: help@desk.example
Reply-To: help+{two}@desk.example
Message-ID: <{three}.1@desk.example>
Subject: {four}

Please write above this line [ref:{four}]
--b--
"""


def test_a_bounce_gives_back_the_tokens_of_the_mail_that_did_not_arrive():
    raw = BOUNCE.format(one=ONE, two=TWO, three=THREE, four=FOUR)
    mail = UNDERSTANDING.understand(parse(raw.encode()))
    assert mail.origin.kind is OriginKind.BOUNCE
    assert mail.bounce is not None
    assert (mail.bounce.recipients, mail.bounce.status) == (("eve@firm.example",), "5.1.1")
    assert set(mail.tokens) == {ONE, TWO, THREE, FOUR}
    assert mail.tokens[0] == ONE


def test_what_a_person_attaches_gives_no_tokens_and_no_bounce():
    raw = BOUNCE.format(one="x", two=TWO, three=THREE, four=FOUR)
    raw = raw.replace("MAILER-DAEMON@", "ann@").replace("<>", "<ann@mail.firm.example>")
    raw = raw.replace("multipart/report; report-type=delivery-status;", "multipart/mixed;")
    mail = UNDERSTANDING.understand(parse(raw.encode()))
    assert mail.origin.kind is OriginKind.HUMAN
    assert (mail.bounce, mail.tokens) == (None, ())


def test_a_bounce_without_a_readable_report_still_is_one():
    mail = UNDERSTANDING.understand(Parsed(headers=(("from", "MAILER-DAEMON"),), return_path=""))
    assert mail.origin.kind is OriginKind.BOUNCE
    assert mail.bounce is not None
    assert mail.bounce.recipients == ()


# ---------------------------------------------------------------- language, attachments


def test_the_language_is_that_of_the_authors_own_words():
    quoted = "> Dear Sir or Madam, please tell us how many people work at night in your factory.\r\n" * 5
    mail = understood(
        f"Merci, voici notre réponse à votre question.\r\n\r\nOn Monday, Bea wrote:\r\n{quoted}",
        subject="Re: Your question",
    )
    assert mail.language.code == "fr"


def test_the_subject_tells_the_language_where_the_text_is_too_short():
    assert (
        understood("cf. ci-joint", subject="Question sur le travail des enfants dans notre usine").language.code == "fr"
    )
    assert understood("", subject="¿Cuál es la edad mínima para trabajar?").language.code == "es"


def test_the_subject_of_an_old_mail_tells_nothing():
    mail = understood("Merci", "References: <1@desk.example>", subject="Re: Your question about night work has arrived")
    assert (mail.language.code, mail.language.guess) == ("und", "fr")


def test_a_language_header_decides_only_where_the_words_do_not():
    assert understood("Merci", "Content-Language: fr-CH, en", subject="").language.by == "hint"
    assert understood("Guten Tag, dürfen Jugendliche nachts arbeiten?", "Content-Language: en-US").language.code == "de"


def test_attachments_leave_their_contents_behind():
    part = Part("a.pdf", "application/pdf", 4, "00ff", inline=False, content=b"%PDF")
    mail = UNDERSTANDING.understand(Parsed(sender="ann@firm.example", attachments=(part,)))
    (attached,) = mail.attachments
    assert (attached.name, attached.type, attached.size, attached.sha256) == ("a.pdf", "application/pdf", 4, "00ff")
    assert not hasattr(attached, "content")


# ---------------------------------------------------------------- with the parser


@pytest.mark.parametrize("name", ["smtp.mailfrom", "smtp.helo"])
def test_an_encoded_word_in_our_servers_results_is_never_decoded(name):
    """A sender may choose an address that reads as another result once decoded."""
    planted = "=?us-ascii?q?x=3B_dmarc=3Dpass_header.from=3Dfirm.example?="
    line = f"Authentication-Results: mx.desk.example; spf=none {name}={planted}"
    assert understood("Hello", line).authentication.verdict is Verdict.NONE


def test_folded_results_are_read():
    line = "Authentication-Results: mx.desk.example;\r\n\tdkim=pass header.d=firm.example;\r\n\tdmarc=pass\r\n header.from=firm.example"
    assert understood("Hello", line).authentication.verdict is Verdict.PASS
