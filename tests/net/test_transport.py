"""The transport on an SMTP server that answers as it is told."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow.core.settings import Login, Security, SmtpSettings
from mailflow.net.login import PasswordCredentials
from mailflow.net.transport import Refused, SmtpReport, Transport, Unreachable
from tests.servers.dovecot import PASSWORD_ENV
from tests.servers.proxy import Fault, Proxy
from tests.servers.running import free_ports
from tests.servers.sink import Sink

DESK, ANN = "desk@example.org", "ann@example.com"
MAIL = b"From: desk@example.org\r\nTo: ann@example.com\r\nSubject: hello\r\n\r\nhello\r\n"
SECRETS = (DESK, ANN, "hello")


def talk(settings: SmtpSettings, *steps: Callable[[Transport], Awaitable[object]]) -> list[object]:
    """What each step returned or raised, over one transport."""

    async def run() -> list[object]:
        transport = Transport(settings, PasswordCredentials(settings.login, "[smtp]"))
        said: list[object] = []
        for step in steps:
            try:
                said.append(await step(transport))
            except (Refused, Unreachable) as error:
                said.append(error)
        await transport.close()
        return said

    return asyncio.run(run())


async def send(transport: Transport) -> None:
    await transport.send(DESK, ANN, MAIL)


async def check(transport: Transport) -> SmtpReport:
    return await transport.check(DESK)


def refused(said: object) -> tuple[int, str, bool]:
    assert isinstance(said, Refused)
    return said.code, said.enhanced, said.permanent


def unreachable(said: object) -> Unreachable:
    assert isinstance(said, Unreachable)
    assert not any(secret in said.sentence for secret in SECRETS)
    return said


# ---------------------------------------------------------------- sending


def test_a_mail_leaves_byte_for_byte_with_its_envelope(sink: Sink) -> None:
    assert talk(sink.settings(), send) == [None]
    (taken,) = sink.taken
    assert (taken.sender, taken.recipients, taken.raw) == (DESK, (ANN,), MAIL)


def test_mails_one_after_the_other_share_a_connection(sink: Sink) -> None:
    assert talk(sink.settings(), send, send, send) == [None] * 3
    assert (len(sink.taken), sink.connections) == (3, 1)


def test_mails_sent_at_once_over_one_transport_do_not_mix(sink: Sink) -> None:
    async def several(transport: Transport) -> None:
        await asyncio.gather(*(transport.send(DESK, f"ann{n}@example.com", MAIL) for n in range(5)))

    talk(sink.settings(), several)
    assert sorted(taken.recipients for taken in sink.taken) == [(f"ann{n}@example.com",) for n in range(5)]


def test_an_old_connection_is_not_trusted_but_made_anew(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailflow.net.transport.STALE_SECONDS", -1.0)
    assert talk(sink.settings(), send, send) == [None, None]
    assert sink.connections == 2


def test_the_null_sender_is_the_empty_one(sink: Sink) -> None:
    talk(sink.settings(), lambda transport: transport.send("", ANN, MAIL))
    assert sink.taken[0].sender == ""


def test_what_the_mail_needs_of_the_server_is_asked_for(sink: Sink) -> None:
    raw = MAIL + "grüezi\r\n".encode()
    talk(sink.settings(), send, lambda transport: transport.send(DESK, "änn@example.com", raw))
    plain, wide = sink.taken
    assert plain.options == (f"SIZE={len(MAIL)}",)
    assert wide.options == ("BODY=8BITMIME", f"SIZE={len(raw)}", "SMTPUTF8")
    assert wide.raw == raw


@pytest.mark.parametrize(
    ("missing", "recipient", "raw", "status"),
    [
        (b"SMTPUTF8", "änn@example.com", MAIL, (553, "5.6.7", True)),
        (b"8BITMIME", ANN, MAIL + b"\xff", (554, "5.6.3", True)),
    ],
)
def test_a_server_that_could_only_spoil_the_mail_does_not_get_it(
    sink: Sink, proxied: Callable[[int], Proxy], missing: bytes, recipient: str, raw: bytes, status: tuple[object, ...]
) -> None:
    proxy = proxied(sink.port)
    proxy.change(missing, b"X-OTHER")
    first, second = talk(sink.settings(proxy.port), lambda transport: transport.send(DESK, recipient, raw), send)
    assert refused(first) == status
    assert second is None


@pytest.mark.parametrize("end", [b"\r\n.\r\n", b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n"])
def test_nothing_in_a_mail_ends_it_early(sink: Sink, end: bytes) -> None:
    smuggled = b"MAIL FROM:<x@example.net>\r\nRCPT TO:<y@example.net>\r\nDATA\r\nbad\r\n"
    talk(sink.settings(), lambda transport: transport.send(DESK, ANN, MAIL + end + smuggled))
    (taken,) = sink.taken
    assert taken.raw.endswith(b"\r\n.\r\n" + smuggled)


@pytest.mark.parametrize(
    "address",
    ["", "ann", "<>", "ann@example.com\r\nRCPT TO:<x@example.net>", "Ann <ann@example.com>", "a b@c", "a@b\0"],
)
def test_an_address_that_would_be_read_otherwise_is_refused_before_anything_is_said(sink: Sink, address: str) -> None:
    (said,) = talk(sink.settings(), lambda transport: transport.send(DESK, address, MAIL))
    assert refused(said) == (553, "5.1.3", True)
    assert sink.connections == 0


def test_a_sender_that_would_be_read_otherwise_is_refused_too(sink: Sink) -> None:
    (said,) = talk(sink.settings(), lambda transport: transport.send("Desk <desk@example.org>", ANN, MAIL))
    assert refused(said) == (553, "5.1.7", True)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("450 4.2.0 ann@example.com is busy", (450, "4.2.0", False)),
        ("550 5.1.1 <ann@example.com> hello", (550, "5.1.1", True)),
        ("554 no enhanced code here", (554, "", True)),
        ("552-5.2.2 two\r\n552 5.2.2 lines", (552, "5.2.2", True)),
    ],
)
def test_a_refusal_keeps_the_codes_and_no_words_and_the_next_mail_leaves(
    sink: Sink, command: str, line: str, status: tuple[object, ...]
) -> None:
    sink.answer(command, line)
    first, second = talk(sink.settings(), send, send)
    assert refused(first) == status
    assert str(first) == f"{status[0]} {status[1]}".strip()
    assert second is None
    assert (len(sink.taken), sink.connections) == (1, 1)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_says_421_is_unreachable_for_everybody_and_surely_has_not_taken_it(
    sink: Sink, command: str
) -> None:
    sink.answer(command, "421 4.3.2 closing down")
    first, second = talk(sink.settings(), send, send)
    assert str(first).endswith("answers 421 4.3.2")
    assert not unreachable(first).ambiguous
    assert second is None
    assert len(sink.taken) == 1


def test_a_server_that_wants_a_login_is_no_fault_of_the_mail(sink: Sink) -> None:
    sink.answer("MAIL", "530 5.7.0 Authentication required")
    assert str(unreachable(talk(sink.settings(), send)[0])).endswith("answers 530 5.7.0")


def test_lesson_9_one_refused_recipient_does_not_abort_the_rest(sink: Sink) -> None:
    sink.answer("RCPT", "250 fine", "550 5.1.1 unknown", "250 fine")
    said = talk(sink.settings(), send, send, send)
    assert [isinstance(one, Refused) for one in said] == [False, True, False]


# ---------------------------------------------------------------- connections that end


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.SWALLOW, Fault.HALF], ids=lambda fault: fault.name.lower())
@pytest.mark.parametrize("word", [b"EHLO", b"MAIL FROM", b"RCPT TO", b"\r\n.\r\n"], ids=["ehlo", "mail", "rcpt", "dot"])
def test_security_18_a_connection_cut_at_any_command_is_said_and_the_next_try_works(
    sink: Sink, proxied: Callable[[int], Proxy], word: bytes, fault: Fault
) -> None:
    proxy = proxied(sink.port)
    proxy.arm(word, fault)
    first, second = talk(sink.settings(proxy.port), send, send)
    assert unreachable(first).ambiguous == (word == b"\r\n.\r\n")
    assert second is None
    assert len(sink.taken) == (2 if word == b"\r\n.\r\n" and fault is not Fault.CUT else 1)


def test_silence_after_the_last_line_is_ambiguous(sink: Sink, proxied: Callable[[int], Proxy]) -> None:
    proxy = proxied(sink.port)
    proxy.arm(b"\r\n.\r\n", Fault.STALL)
    (said,) = talk(replace(sink.settings(proxy.port), timeout_seconds=0.1), send)
    assert unreachable(said).ambiguous
    assert len(sink.taken) == 1  # it had taken the mail


def test_silence_before_the_mail_is_not_ambiguous(sink: Sink, proxied: Callable[[int], Proxy]) -> None:
    proxy = proxied(sink.port)
    proxy.arm(b"RCPT", Fault.STALL)
    (said,) = talk(replace(sink.settings(proxy.port), timeout_seconds=0.3), send)
    assert not unreachable(said).ambiguous
    assert "no answer in time" in str(said)


def test_the_last_answer_is_waited_for_longer_than_the_others(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    async def data(_: object, message: bytes, *, timeout: float) -> None:  # noqa: ASYNC109
        del message
        asked.append(timeout)

    monkeypatch.setattr("aiosmtplib.SMTP.data", data)
    talk(sink.settings(), send)
    assert asked == [10 * sink.settings().timeout_seconds]


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(
    sink: Sink, proxied: Callable[[int], Proxy]
) -> None:
    proxy = proxied(sink.port)

    async def closed(_: Transport) -> None:
        proxy.cut()
        await asyncio.sleep(0.1)

    assert talk(sink.settings(proxy.port), send, closed, send) == [None, None, None]


def test_no_server_at_all_is_unreachable(sink: Sink) -> None:
    port = free_ports(1)[0]
    (said,) = talk(sink.settings(port), send)
    assert f"could not connect to 127.0.0.1:{port}" in str(unreachable(said))
    assert not unreachable(said).ambiguous


def test_a_send_that_is_cancelled_leaves_no_half_used_connection(sink: Sink, proxied: Callable[[int], Proxy]) -> None:
    proxy = proxied(sink.port)
    proxy.arm(b"RCPT", Fault.STALL)

    async def cancelled(transport: Transport) -> None:
        task = asyncio.create_task(send(transport))
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.wait([task])

    assert talk(sink.settings(proxy.port), cancelled, send) == [None, None]
    assert sink.connections == 2


def test_closing_without_a_connection_is_no_error(sink: Sink) -> None:
    assert talk(sink.settings()) == []


# ---------------------------------------------------------------- encryption, login, check


def secured(sink: Sink, ca_file: Path | str, login: Login | None = None) -> SmtpSettings:
    settings = replace(sink.settings(), host="localhost", security=Security.STARTTLS, ca_file=str(ca_file))
    return replace(settings, login=login or sink.login())


def test_a_mail_leaves_after_starttls_and_login(secured_sink: Sink, ca_file: Path) -> None:
    assert talk(secured(secured_sink, ca_file), send) == [None]
    assert len(secured_sink.taken) == 1


def test_a_certificate_of_an_unknown_authority_is_not_trusted(secured_sink: Sink) -> None:
    (said,) = talk(secured(secured_sink, ""), send)
    assert "certificate can't be trusted" in str(unreachable(said))


def test_a_certificate_for_another_name_is_not_trusted(secured_sink: Sink, ca_file: Path) -> None:
    (said,) = talk(replace(secured(secured_sink, ca_file), host="127.0.0.1"), send)
    assert "certificate can't be trusted" in str(unreachable(said))


def test_starttls_is_required_where_it_is_configured(sink: Sink, ca_file: Path) -> None:
    (said,) = talk(replace(sink.settings(), security=Security.STARTTLS, ca_file=str(ca_file)), send)
    assert "does not offer what the settings ask for" in str(unreachable(said))
    assert sink.taken == []


def test_tls_from_the_first_byte_is_never_spoken_in_the_clear(sink: Sink) -> None:
    (said,) = talk(replace(sink.settings(), security=Security.TLS), send)
    assert "could not connect" in str(unreachable(said))


def test_a_wrong_password_concerns_every_mail_and_is_no_refusal_of_this_one(
    secured_sink: Sink, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_ENV, "not-the-password")
    (said,) = talk(secured(secured_sink, ca_file), send)
    assert "could not log in" in str(unreachable(said))
    assert "535" in str(said)
    assert "not-the-password" not in str(said)


def test_a_login_without_its_secret_names_the_setting(secured_sink: Sink, ca_file: Path) -> None:
    settings = secured(secured_sink, ca_file, Login("desk", password_env="NOT_SET_ANYWHERE"))
    assert "[smtp]: password_env names NOT_SET_ANYWHERE" in str(unreachable(talk(settings, send)[0]))


def test_an_unreadable_authority_file_is_named(sink: Sink) -> None:
    (said,) = talk(replace(sink.settings(), security=Security.TLS, ca_file="/nowhere/ca.pem"), send)
    assert "/nowhere/ca.pem: No such file" in str(unreachable(said))


@pytest.mark.parametrize("secret", [PASSWORD_ENV, "NOT_SET_ANYWHERE"])
def test_no_connection_outlives_its_transport(secured_sink: Sink, ca_file: Path, secret: str) -> None:
    talk(secured(secured_sink, ca_file, Login("desk", password_env=secret)), send)
    gc.collect()  # an open one is now found, and fails the test


def test_the_check_logs_in_and_tells_what_the_server_can(secured_sink: Sink, ca_file: Path) -> None:
    (report,) = talk(secured(secured_sink, ca_file), check)
    assert isinstance(report, SmtpReport)
    assert report.null_sender
    assert {"8bitmime", "smtputf8", "size"} <= set(report.extensions)
    assert secured_sink.taken == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_the_check_finds_a_server_that_refuses_the_null_sender_and_goes_on(sink: Sink, command: str) -> None:
    sink.answer(command, "550 5.7.1 who are you")
    report, sent = talk(sink.settings(), check, send)
    assert isinstance(report, SmtpReport)
    assert not report.null_sender
    assert sent is None
    assert len(sink.taken) == 1
