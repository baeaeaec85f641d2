"""A look on this machine alone, with the headers of a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from bench.site.samples import TEMPLATES
from mailflow.publish.site import HEADERS, SiteError
from mailflow.publish.site.serving import server
from tests.publish.site.conftest import Look


@pytest.fixture
def port(look: Look) -> Iterator[int]:
    with server(look.folder, 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving.server_port
        serving.shutdown()


def get(port: int, path: str) -> tuple[HTTPResponse, str]:
    asking = HTTPConnection("127.0.0.1", port, timeout=10)
    asking.request("GET", path)
    answer = asking.getresponse()
    text = answer.read().decode(errors="replace")
    asking.close()
    return answer, text


def test_a_page_comes_with_every_header(port: int) -> None:
    answer, text = get(port, "/en/")
    assert answer.status == 200
    assert "Helpdesk on Labour Standards" in text
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    assert "Python" not in answer.headers["Server"]


@pytest.mark.parametrize(
    "path", ["/.site.json", "/en/nothing/", "/assets/", "/%2e%2e/%2e%2e/etc/passwd", "/%2esite.json"]
)
def test_what_is_no_page_is_not_found(port: int, path: str) -> None:
    answer, text = get(port, path)
    assert answer.status == 404
    assert "This page is not here" in text


def test_it_listens_to_this_machine_alone(look: Look) -> None:
    with server(look.folder, 0) as serving:
        assert serving.server_address[0] == "127.0.0.1"


def test_what_cannot_be_shown_is_said(look: Look, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no built site"):
        server(tmp_path, 0)
    with server(look.folder, 0) as serving, pytest.raises(SiteError, match="can't be used"):
        server(look.folder, serving.server_port)


def test_the_howto_gives_a_real_server_the_same_headers() -> None:
    page = (TEMPLATES.parents[1] / "docs/how-to/publish-answers-site.md").read_text(encoding="utf-8")
    for name in HEADERS.keys() - {"Permissions-Policy"}:
        assert f'add_header {name} "{HEADERS[name]}" always;' in page
