"""Fixtures: real servers, started once when the first test asks for them, and faults to put in between."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import trustme

from tests.servers.dovecot import PASSWORD, PASSWORD_ENV, Account, Dovecot
from tests.servers.postfix import Postfix
from tests.servers.proxy import Proxy
from tests.servers.sink import Sink

_numbers = count(1)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that only these tests know."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="session")
def dovecot(authority: trustme.CA) -> Iterator[Dovecot]:
    server = Dovecot(authority.issue_cert("localhost").private_key_and_cert_chain_pem.bytes())
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    server = Postfix(dovecot)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    """The right password, where the settings of the servers' accounts say that it is."""
    monkeypatch.setenv(PASSWORD_ENV, PASSWORD)
    return PASSWORD


@pytest.fixture
def account(dovecot: Dovecot, password: str) -> Account:
    """An empty mailbox of this test's own."""
    del password
    return dovecot.account(f"desk{next(_numbers)}")


@pytest.fixture
def proxied() -> Iterator[Callable[[int], Proxy]]:
    """A proxy in front of a port, as many as wanted."""
    made: list[Proxy] = []

    def make(upstream: int) -> Proxy:
        made.append(Proxy(upstream))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()


@pytest.fixture
def secured_sink(authority: trustme.CA, password: str) -> Iterator[Sink]:
    """One that asks for STARTTLS and a login."""
    del password
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = Sink(context)
    yield server
    server.close()
