from __future__ import annotations

import imaplib
import socket
import ssl
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.exceptions import LoginError  # type: ignore[import-untyped]

from mailflow.net.trouble import MailboxTrouble, TroubleKind, backoff, trouble_of

REFUSED = TroubleKind.FOLDER


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "untrusted")
    error.verify_message = "self-signed certificate"
    return error


def unencrypted() -> ssl.SSLError:
    error = ssl.SSLError(1, "wrong version number")
    error.reason = "WRONG_VERSION_NUMBER"
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError("timed out"), TroubleKind.TIMEOUT),
        (ConnectionRefusedError(111, "Connection refused"), TroubleKind.CONNECTION),
        (socket.gaierror(-2, "Name or service not known"), TroubleKind.CONNECTION),
        (OSError("cannot read from timed out object"), TroubleKind.CONNECTION),
        (untrusted(), TroubleKind.TLS),
        (unencrypted(), TroubleKind.TLS),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), TroubleKind.CONNECTION),
        (imaplib.IMAP4.abort("socket error: EOF"), TroubleKind.CONNECTION),
        (imaplib.IMAP4.readonly("only to be read"), TroubleKind.FOLDER),
        (imaplib.IMAP4.error("select failed: [NONEXISTENT] no such folder"), REFUSED),
        (imaplib.IMAP4.error("NO [UNAVAILABLE] later"), TroubleKind.CONNECTION),
        (FileNotFoundError(2, "No such file or directory", "ca.pem"), REFUSED),
    ],
)
def test_every_error_of_the_library_becomes_one_of_our_kinds(error: Exception, kind: TroubleKind) -> None:
    assert trouble_of(error, "could not do it", REFUSED).kind is kind


def login_as_imapclient_does(error: imaplib.IMAP4.error) -> None:
    try:
        raise error
    except imaplib.IMAP4.error as caught:
        raise LoginError(str(caught))  # noqa: B904


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (imaplib.IMAP4.abort("socket error: EOF"), TroubleKind.CONNECTION),
        (imaplib.IMAP4.error("[AUTHENTICATIONFAILED] no"), TroubleKind.LOGIN),
    ],
)
def test_a_connection_lost_while_logging_in_is_not_a_wrong_password(
    error: imaplib.IMAP4.error, kind: TroubleKind
) -> None:
    with pytest.raises(LoginError) as caught:
        login_as_imapclient_does(error)
    assert trouble_of(caught.value, "could not log in", TroubleKind.LOGIN).kind is kind


def test_the_servers_own_words_are_never_repeated_only_its_code() -> None:
    error = imaplib.IMAP4.error("move failed: [OVERQUOTA] ann@example.org has no room for 'my secret question'")
    trouble = trouble_of(error, "could not settle", REFUSED)
    assert trouble.sentence == "could not settle: the server refused (OVERQUOTA)"


@given(st.integers(min_value=-1, max_value=10**6), st.sampled_from(TroubleKind))
def test_waiting_grows_and_is_bounded(tries: int, kind: TroubleKind) -> None:
    assert timedelta(0) < backoff(tries, kind) <= backoff(tries + 1, kind) <= timedelta(minutes=15)


def test_a_lost_connection_is_tried_again_at_once_and_never_later_than_in_a_minute() -> None:
    waits = [backoff(tries, TroubleKind.CONNECTION).total_seconds() for tries in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_refused_login_waits_longer_than_a_lost_connection() -> None:
    assert backoff(1, TroubleKind.LOGIN) >= timedelta(minutes=1)


def test_the_sentence_is_the_text_of_the_error() -> None:
    assert str(MailboxTrouble(TroubleKind.LOGIN, "a sentence")) == "a sentence"
