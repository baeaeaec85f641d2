"""Structured logs, as text or JSON: what happened, with ids, codes and figures. Never a word or an address of a mail."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from mailflow.core.settings import LogFormat

_ORDINARY = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_QUIET = (
    "apscheduler",
    "imapclient",
    "aiosmtplib",
    "asyncio",
    "tzlocal",
    "matplotlib",
)  # libraries may say what mails hold


def set_up(form: LogFormat, level: str) -> None:
    """Everything of ours to stderr; of the libraries only warnings, and those without their text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form is LogFormat.JSON else PlainLines())
    root = logging.getLogger("mailflow")
    root.handlers[:] = [handler]
    root.propagate = False
    root.setLevel(level.upper())
    for name in _QUIET:
        library = logging.getLogger(name)
        library.handlers[:] = [logging.NullHandler()]
        library.propagate = False


def _facts(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in record.__dict__.items() if key not in _ORDINARY}


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        head = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        return json.dumps({**head, **_facts(record)}, ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{key}={value!s}" for key, value in _facts(record).items())
        return f"{_moment(record)} {record.levelname.lower():7} {record.name}: {record.getMessage()} {facts}".rstrip()
