"""A look at a built site on this machine alone, with the headers that its real server should send."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader, BytesIO
from pathlib import Path

from mailflow.publish.site.nouns import SiteError
from mailflow.publish.site.policy import HEADERS
from mailflow.publish.site.writing import MANIFEST

_HERE = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    server_version, sys_version = "mailflow", ""
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".xml": "application/xml",
        ".html": "text/html; charset=utf-8",
    }

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_head(self) -> BytesIO | BufferedReader | None:
        """Never a hidden file, never a list of a folder."""
        inside = Path(self.translate_path(self.path)).relative_to(Path(self.directory).resolve())
        if any(part.startswith(".") for part in inside.parts):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()  # type: ignore[return-value]

    def list_directory(self, path: object) -> None:  # noqa: ARG002
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        missing = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not missing.is_file():
            super().send_error(code, message, explain)
            return
        content = missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody's visits are written down."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Bound to this machine's own address, not yet serving; port 0 takes any that is free. SiteError when it can't."""
    if not (folder / MANIFEST).is_file():
        raise SiteError(f"{folder} holds no built site: build one there first")
    try:
        return ThreadingHTTPServer((_HERE, port), partial(_Handler, directory=str(folder.resolve())))
    except OSError as wrong:
        raise SiteError(f"port {port} can't be used ({wrong.strerror}): choose another one") from None


def serve(folder: Path, port: int) -> None:
    """Show a built site at http://127.0.0.1:<port>/ until it is interrupted."""
    with server(folder, port) as serving:
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            return
