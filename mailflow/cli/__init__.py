"""What a person types: one thin module a family of commands, listed in app.py."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """The command `mailflow`. Heavy imports stand inside the commands, so that --help answers at once."""
    _no_core_dumps()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale says: our JSON is UTF-8
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from mailflow.cli.app import app

        app(prog_name="mailflow")
    except KeyboardInterrupt:
        sys.exit(130)


def _no_core_dumps() -> None:
    """A dump would hold mails and keys in the clear."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
