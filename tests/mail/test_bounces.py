"""What a bounce says, in the standard form and in a server's own words."""

import pytest

from mailflow.core.model import BounceReport
from mailflow.mail.parse import parse

OURS = "<sent.1@desk.example>"


def standard(fields, returned="message/rfc822"):
    return parse(
        f"""From: MAILER-DAEMON@mx.example
To: desk@desk.example
Return-Path: <>
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It did not work.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{fields}

--b
Content-Type: {returned}

Message-ID: {OURS}
References: <asked@firm.example>
Subject: secret

--b--
""".encode()
    ).report


FAILED = "Final-Recipient: rfc822; Ann@Firm.EXAMPLE\nAction: failed\nStatus: 5.1.1"


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_standard_report_names_recipient_status_action_and_what_it_gives_back(returned):
    assert standard(FAILED, returned) == BounceReport(
        ("Ann@firm.example",), "5.1.1", "failed", ("<asked@firm.example>", OURS)
    )


def test_the_worst_action_speaks_and_only_its_recipients_count():
    report = standard("Final-Recipient: rfc822;bob@firm.example\nAction: delayed\nStatus: 4.4.1\n\n" + FAILED)
    assert (report.recipients, report.status, report.action) == (("Ann@firm.example",), "5.1.1", "failed")


def test_the_address_that_we_wrote_to_counts_more_than_where_it_was_forwarded():
    report = standard("Original-Recipient: rfc822;old@firm.example\n" + FAILED)
    assert report.recipients == ("old@firm.example",)


def test_a_delay_is_not_permanent():
    report = standard("Final-Recipient: rfc822; a@b.example\nAction: delayed\nStatus: 4.4.7")
    assert (report.action, report.permanent) == ("delayed", False)


def test_a_report_without_fields_is_a_report_that_says_nothing():
    assert standard("") == BounceReport((), "", "", ("<asked@firm.example>", OURS))


def words(text, *, sender="MAILER-DAEMON@mx.example", more=""):
    return parse(f"From: {sender}\nSubject: failure notice\n{more}\n{text}".encode()).report


def test_a_server_that_writes_prose_is_understood():
    text = f"""Hi. This is the mail program at mx.example.

<ann@firm.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 unknown user

--- Below this line is a copy of the message.

Return-Path: <desk@desk.example>
Message-ID: {OURS}
In-Reply-To:
 <asked@firm.example>
Subject: secret
"""
    assert words(text) == BounceReport(("ann@firm.example",), "5.1.1", "", (OURS, "<asked@firm.example>"))


def test_a_server_that_names_only_a_reply_code_is_understood():
    assert words("The mail to\n\n  ann@firm.example\n\nfailed: 452 mailbox full").status == "4.0.0"


def test_exim_names_the_recipient_in_a_header():
    report = words("It failed.", more="X-Failed-Recipients: ann@firm.example, bob@firm.example\n")
    assert report.recipients == ("ann@firm.example", "bob@firm.example")


def test_an_absence_note_from_the_null_path_is_no_bounce():
    assert (
        words("I am away until 5.1.2027.\nann@firm.example", sender="ann@firm.example", more="Return-Path: <>\n")
        is None
    )


def test_an_automatic_reply_is_no_bounce():
    assert words("550 5.1.1", more="Return-Path: <>\nAuto-Submitted: auto-replied\n") is None


def test_a_person_who_asks_about_a_bounce_sends_no_bounce():
    assert words(f"What does this mean?\n550 5.1.1\nMessage-ID: {OURS}", sender="ann@firm.example") is None


@pytest.mark.parametrize("number", [5_000])
def test_a_bounce_with_thousands_of_ids_is_bounded(number):
    text = "".join(f"Message-ID: <{n}@x.example>\n<u{n}@x.example>:\n" for n in range(number))
    report = words(text)
    assert len(report.cites) <= 200
    assert len(report.recipients) <= 50
