"""The report as PDF: the HTML page, tagged for readers of the screen (PDF/UA), with numbered pages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mailflow.report.yearly.formats.extra import wanted

_NO_GLYPH = re.compile(r"\(U\+([0-9A-F]{4,6})\)")


@dataclass(frozen=True, slots=True)
class Pdf:
    octets: bytes
    lacking: str = ""  # letters that no installed font has: boxes stand in their place


def pdf(html: str) -> Pdf:
    """From what `page` gives. Nothing is fetched. ModuleNotFoundError when the extra lacks."""
    with wanted("weasyprint"):
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    inside = URLFetcher(allowed_protocols=("data",))  # pictures inside the page are all that it may ask for
    with _listening() as heard:
        octets: bytes = HTML(string=html, url_fetcher=inside).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    found = {chr(int(code, 16)) for message in heard for code in _NO_GLYPH.findall(message)}
    return Pdf(octets, "".join(sorted(found)))


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What weasyprint says meanwhile: letters without a font are told in its log alone."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, ear = logging.getLogger("weasyprint"), Ear()
    logger.addHandler(ear)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)
