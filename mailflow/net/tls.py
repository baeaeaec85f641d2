"""Whom we trust when a server shows its certificate."""

from __future__ import annotations

import ssl
from pathlib import Path


def trust(ca_file: str) -> ssl.SSLContext:
    """Certificates and host names are always verified; a private authority replaces the system's.

    Raises OSError, naming the file, when it can't be read; ssl.SSLError, which is one, when it holds no certificate.
    """
    certificates = Path(ca_file).read_text(encoding="ascii", errors="replace") if ca_file else None
    return ssl.create_default_context(cadata=certificates)
