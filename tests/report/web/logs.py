"""Small access logs, written by hand. The addresses are of documentation, or of the registries of addresses themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

NOWHERE, NOWHERE_6 = "203.0.113.7", "2001:db8::7"
NETHERLANDS, URUGUAY, SOUTH_AFRICA, AUSTRALIA = "193.0.0.1", "200.3.14.1", "196.216.2.1", "202.12.29.1"
NETHERLANDS_6 = "2001:67c:2e8::1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def line(
    address: str = NOWHERE,
    minutes: float = 0,
    target: str = "/en/wages/",
    *,
    agent: str | None = FIREFOX,
    referrer: str = "-",
    status: int = 200,
    method: str = "GET",
    begins: datetime = NOON,
) -> str:
    """One line in the combined format, so many minutes after NOON; in the common one without agent."""
    stamp = (begins + timedelta(minutes=minutes)).strftime("%d/%b/%Y:%H:%M:%S %z")
    common = f'{address} - - [{stamp}] "{method} {target} HTTP/1.1" {status} 5120'
    return common if agent is None else f'{common} "{referrer}" "{agent}"'


def written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{each}\n" for each in lines), "utf-8")
    return path
