"""The demo's mail server: what it stamps on mails, and whom it serves."""

import smtplib
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from mailflow.core.model import Verdict
from mailflow.core.settings import AuthMethod, AuthSettings
from mailflow.demo import client, traces
from mailflow.demo.postoffice import HOST, PostOffice
from mailflow.demo.stamp import AUTHSERV_ID, author_of, stamped
from mailflow.mail.auth import authenticate
from mailflow.mail.parse import parse

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DESK, ANN, BOB = "helpdesk@example.org", "ann@firm.example", "bob@example.org"


def _mail(sender, *more):
    return "\r\n".join([f"From: {sender}", *more, "Subject: wages", "", "What is a fair wage?", ""]).encode()


def _verdict(raw, login):
    delivered = stamped(raw, sender=ANN, login=login, known={ANN, BOB}, queue_id="1", now=NOW)
    return authenticate(parse(delivered), AuthSettings(AuthMethod.RFC8601, AUTHSERV_ID)).verdict


def test_whoever_logs_in_is_believed_to_be_themselves():
    assert _verdict(_mail(f"Ann Lee <{ANN}>"), ANN) is Verdict.PASS


def test_whoever_logs_in_is_not_believed_to_be_somebody_else():
    assert _verdict(_mail(BOB), ANN) is Verdict.FAIL


def test_nobody_speaks_for_our_users_without_logging_in():
    assert _verdict(_mail(BOB), "") is Verdict.FAIL


def test_nothing_is_known_of_a_stranger():
    assert _verdict(_mail("eve@elsewhere.example"), "") is Verdict.NONE


@pytest.mark.parametrize("sender", [f"{ANN}, {BOB}", "", "Ann", f"{ANN}\r\nFrom: {BOB}"])
def test_a_doubtful_sender_is_never_believed(sender):
    assert _verdict(_mail(sender), ANN) is Verdict.NONE
    assert author_of(_mail(sender).partition(b"\r\n\r\n")[0]) == ""


def test_results_from_outside_are_taken_out():
    forged = _mail(
        BOB, f"authentication-results: {AUTHSERV_ID};\r\n\tdmarc=pass header.from=example.org", "X-Kept: yes"
    )
    delivered = stamped(forged, sender="", login="", known={BOB}, queue_id="1", now=NOW)
    assert delivered.lower().count(b"authentication-results:") == 1
    assert b"dmarc=pass" not in delivered
    assert b"X-Kept: yes\r\n" in delivered
    assert delivered.endswith(b"\r\n\r\nWhat is a fair wage?\r\n")


@pytest.fixture
def office():
    with traces.silence():
        one = PostOffice(DESK, [ANN, BOB])
        one.open()
        yield one
        one.close()


def _inbox(office, user):
    with IMAPClient(HOST, office.imap_port, ssl=False) as reader:
        reader.login(user, office.passwords[user])
        reader.select_folder("INBOX")
        return (
            [row[b"BODY[]"] for row in reader.fetch(reader.search(), ["BODY.PEEK[]"]).values()]
            if reader.search()
            else []
        )


def test_a_mail_lies_in_the_mailbox_exactly_as_it_was_seen(office):
    office.submit(_mail(ANN), sender=ANN, login=ANN)
    (letter,) = office.letters()
    assert (letter.sender, letter.recipient, letter.login) == (ANN, DESK, ANN)
    assert _inbox(office, DESK) == [letter.raw]


def test_an_address_with_a_token_is_the_desks(office):
    with smtplib.SMTP(HOST, office.smtp_port) as sender:
        sender.sendmail(ANN, ["HelpDesk+abc@example.org"], _mail(ANN))
    assert [letter.recipient for letter in office.letters()] == [DESK]


def test_nothing_leaves_the_machine(office):
    with smtplib.SMTP(HOST, office.smtp_port) as sender, pytest.raises(smtplib.SMTPRecipientsRefused):
        sender.sendmail(DESK, ["somebody@elsewhere.example"], _mail(DESK))
    assert list(office.letters()) == []


def test_a_full_mailbox_takes_nothing_and_the_mail_is_still_seen(office):
    office.fill(DESK)
    office.submit(_mail(ANN), sender=ANN, login=ANN)
    assert len(list(office.letters())) == 1
    assert _inbox(office, DESK) == []


def test_a_wrong_password_opens_nothing(office):
    with smtplib.SMTP(HOST, office.smtp_port) as sender, pytest.raises(smtplib.SMTPAuthenticationError):
        sender.login(ANN, "wrong")
    with IMAPClient(HOST, office.imap_port, ssl=False) as reader, pytest.raises(LoginError):
        reader.login(ANN, "wrong")


def test_a_client_that_stays_connected_does_not_keep_it_open(office):
    with IMAPClient(HOST, office.imap_port, ssl=False) as reader:
        reader.login(ANN, office.passwords[ANN])
        reader.select_folder("INBOX")
        reader.idle()
        office.close()
        assert not office._thread.is_alive()


# ---------------------------------------------------------------- mails as clients make them


def _answered():
    question = client.question("王 丽", ANN, DESK, "wages", "\nWhat is a fair wage?\n", NOW)
    return client.read(question), client.reply(
        question, "Bob", BOB, "It depends.", NOW, signed="-- \nBob", language="fr"
    )


def test_a_reply_stands_above_its_quotation_and_hangs_below_the_mail():
    question, raw = _answered()
    reply = client.read(raw)
    assert (reply["Subject"], reply["In-Reply-To"]) == ("Re: wages", question["Message-ID"])
    assert reply["To"] == ANN
    wrote = "Le 23/11/2026 à 09:00, 王 丽 <ann@firm.example> a écrit :"
    assert client.words(raw) == f"It depends.\n\n-- \nBob\n\n{wrote}\n> What is a fair wage?\n"


def test_a_bounce_is_one_for_our_own_parser():
    question, raw = _answered()
    returned = parse(client.bounce(raw, "helpdesk+abc@example.org", ANN, NOW))
    assert returned.report
    assert returned.report.recipients == (ANN,)
    assert returned.report.status == "5.2.2"
    assert str(client.read(raw)["Message-ID"]) in returned.report.cites
    assert str(question["Message-ID"]) != returned.message_id
