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


def words(text, *, sender="MAILER-DAEMON@mx.example", more="", subject="failure notice"):
    return parse(f"From: {sender}\nSubject: {subject}\n{more}\n{text}".encode()).report


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
    text = "My mail could not be delivered to the moon (550 5.1.1). Write to\n\nbob@firm.example"
    automatic = "Return-Path: <>\nAuto-Submitted: auto-replied\n"
    assert words(text, sender="ann@firm.example", more=automatic) is None
    assert words(text, more=automatic).recipients == ("bob@firm.example",)  # Exim says so of its bounces


def test_a_person_who_asks_about_a_bounce_sends_no_bounce():
    assert words(f"What does this mean?\n550 5.1.1\nMessage-ID: {OURS}", sender="ann@firm.example") is None


@pytest.mark.parametrize("number", [5_000])
def test_a_bounce_with_thousands_of_ids_is_bounded(number):
    text = "".join(f"Message-ID: <{n}@x.example>\n<u{n}@x.example>:\n" for n in range(number))
    report = words(text)
    assert len(report.cites) <= 200
    assert len(report.recipients) <= 50


# ---------------------------------------------------------------- whom it speaks of


LINES = {
    "Postfix": "<ann@firm.example>: host mx.firm.example[192.0.2.1] said: 550 no",
    "Exim": "  ann@firm.example\n    Unrouteable address",
    "Exchange 5.5": "did not reach the following recipient(s):\n\nann@firm.example on Fri, 16 Oct 2026 09:05:42 -0500",
    "GMX": '"ann@firm.example":\n550 no',
    "Mimecast": "-- ann@firm.example",
    "Zoho": "ann@firm.example Invalid Address, ERROR_CODE :550",
    "OpenSMTPD": "ann@firm.example: 550 Invalid recipient",
    "au": "   Recipient: <ann@firm.example>\n   >>> RCPT TO:<ann@firm.example>\n   <<< 550 no",
    "KDDI": "    Could not be delivered to: <ann@firm.example>",
    "MailEnable": "Recipient: [SMTP:ann@firm.example]",
    "SmarterMail": "Failed Recipient: ann@firm.example",
    "amavis": "to the following recipient:\n-> ann@firm.example",
    "Sendmail of old": "550 ann@firm.example... User unknown",
    "Coremail": "收件人：ann@firm.example",
    "QQ": "收件人邮件地址（ann@firm.example）不存在",
}


@pytest.mark.parametrize("server", LINES)
def test_the_recipient_is_found_however_a_server_sets_it(server):
    assert words(f"It did not work.\n\n{LINES[server]}\n").recipients == ("ann@firm.example",)


def test_an_address_on_a_line_of_its_own_counts_more_than_one_in_a_sentence():
    text = "Ask bob@help.example for help.\n\n  ann@firm.example\n\nfailed: 550"
    assert words(text).recipients == ("ann@firm.example",)


@pytest.mark.parametrize(
    "line",
    [
        "--- Below this line is a copy of the message.", "------ This is a copy of the message, including all the headers.",
        "----- Original message -----", "   ----- Unsent message follows -----", "-------- Returned Message --------",
        "--- The header of the original message is following. ---", "Message headers follow:", "Original message headers:",
        "   -- The header and top 20 lines of the message follows --", "Encabezados del mensaje original:",
        "----- 元のメールのヘッダー -----", "Return-Path: <desk@desk.example>",
    ],
)  # fmt: skip
def test_what_stands_in_the_mail_that_is_given_back_is_not_the_recipient(line):
    text = f"<ann@firm.example>:\nno (#5.1.1)\n\n{line}\n\nSubject: x\n\nWrite to\nbob@else.example\n452 times."
    report = words(text)
    assert (report.recipients, report.status) == (("ann@firm.example",), "5.1.1")


def test_the_transcript_of_a_session_belongs_to_the_report():
    text = "----- Transcript of session follows -----\n550 ann@firm.example... User unknown"
    assert words(text).recipients == ("ann@firm.example",)


def test_neither_the_address_that_it_came_to_nor_a_servers_is_the_recipient():
    text = "MAIL FROM: <help+abc@desk.example>\nRCPT TO: <ann@firm.example>\nAsk postmaster@mx.example. 550 5.1.1"
    assert words(text, more="To: <help+xyz@desk.example>\n").recipients == ("ann@firm.example",)


def test_where_nobody_is_named_it_speaks_of_whoever_the_returned_mail_went_to():
    text = f"Not delivered (5.7.1).\n\n--- Original message\n\nTo: Ann <ann@firm.example>\nMessage-ID: {OURS}\n"
    assert words(text).recipients == ("ann@firm.example",)


# ---------------------------------------------------------------- what became of the mail


def test_versions_addresses_of_hosts_and_ports_are_no_codes():
    text = "Exim 4.94.2, host 192.0.5.450, mx.firm.example:587\n\n<ann@firm.example>: no such user"
    assert words(text).status == ""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("As their mailbox is full.", "4.2.2"),
        ("552 5.2.2 mailbox full", "5.2.2"),  # a code counts more than words
        ("this message has been in the queue too long.", "4.4.7"),
        ("容量を超えています", "4.2.2"),
        ("no such user", ""),
        ("unknown (550).", "5.0.0"),
    ],
)
def test_a_status_is_given_as_a_code_or_in_words(said, status):
    report = words(f"<ann@firm.example>\n{said}")
    assert report.status == status
    assert report.failed
    assert report.permanent is not status.startswith("4")


@pytest.mark.parametrize(
    "said",
    [
        "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        "No action is required on your part. Delivery attempts will\ncontinue for some time",
        "Delivery to the following recipient has been delayed:",
        "La remise est retardée.", "Se seguirá intentando durante dos días.", "Continuaremos tentando por dois dias.",
        "Weitere Zustellversuche folgen.", "次の宛先への配送が遅れています。", "投递延迟", "Thư của bạn bị trì hoãn",
    ],
)  # fmt: skip
def test_a_warning_in_words_is_no_failure(said):
    report = words(f"{said}\n\n<ann@firm.example>\n451 4.4.1 later\nMessage-ID: {OURS}")
    assert (report.action, report.failed, report.permanent) == ("delayed", False, False)
    assert (report.recipients, report.cites) == (("ann@firm.example",), (OURS,))


def test_a_mail_that_is_given_up_after_delays_has_failed():
    text = "This is a permanent error.\n\n  ann@firm.example\n    451 later: retry timeout exceeded"
    assert (words(text).action, words(text).failed, words(text).permanent) == ("", True, False)


def test_news_of_success_is_no_failure():
    report = words("Your message has been delivered to:\n\nann@firm.example\n", subject="Delivery confirmation")
    assert (report.action, report.failed) == ("delivered", False)
    assert words("It was not delivered to\nann@firm.example", subject="Report").failed
    delivered = standard("Final-Recipient: rfc822; a@b.example\nAction: relayed (to a gateway)\nStatus: 2.0.0")
    assert (delivered.action, delivered.failed) == ("relayed", False)


def test_a_status_that_is_missing_is_read_from_the_diagnosis():
    report = standard("Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 452-4.2.2 full")
    assert report.status == "4.2.2"
    assert (report.failed, report.permanent) == (True, False)


# ---------------------------------------------------------------- the mail of ours


def test_the_mail_that_a_report_answers_is_the_one_it_speaks_of():
    assert words("<ann@firm.example>\n550 no", more=f"In-Reply-To: {OURS}\n").cites == (OURS,)
    assert words("<ann@firm.example>\n550 no", more=f"References: <a@b.example> {OURS}\n").cites[-1] == OURS


def test_a_report_may_name_our_mail_in_its_fields_alone():
    raw = f"""From: mailer-daemon@mx.example
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Original-Message-ID: {OURS}

{FAILED}

--b--
"""
    assert parse(raw.encode()).report.cites == (OURS,)


def refusal(sender, return_path="<>"):
    return parse(
        f"""From: {sender}
Return-Path: {return_path}
Subject: Automatically rejected mail
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain

Your message was rejected.

--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; ann@firm.example
Original-Message-ID: {OURS}
Disposition: automatic-action/MDN-sent-automatically; deleted

--b--
""".encode()
    ).report


def test_what_a_sieve_script_refuses_did_not_arrive():
    assert refusal("postmaster@mx.example") == BounceReport(("ann@firm.example",), "", "failed", (OURS,))


def test_what_a_person_deletes_unread_did_arrive():
    assert refusal("ann@firm.example") is None
    assert refusal("ann@firm.example", "<ann@firm.example>") is None


# ---------------------------------------------------------------- who writes it


def test_a_server_without_an_address_is_a_server():
    assert words("550 ann@firm.example... unknown", sender="MAILER-DAEMON (Mail System)").status == "5.0.0"


def test_a_robot_of_another_name_is_believed_by_its_words_and_the_null_path():
    text = "Could not be delivered to: <ann@firm.example>\nAs their mailbox is full."
    assert words(text, sender="no-reply@phone.example", more="Return-Path: <>\n").status == "4.2.2"
    assert words(text, sender="no-reply@phone.example") is None
    away = "I am away. In my place:\n\nbob@firm.example\n"
    raw = f"From: ann@firm.example\nReturn-Path: <>\nSubject: Away until 4.5.27\n\n{away}"
    assert parse(raw.encode()).report is None


@pytest.mark.parametrize(
    "text", ["-- x\n" * 20_000, "To: " + "x" * 60_000, "a@" * 30_000, "x" * 64_000 + "@", "1.2.3.4." * 8_000]
)
def test_words_without_end_or_sense_are_read_all_the_same(text):
    report = words(text)
    assert report is None or len(report.recipients) <= 50
