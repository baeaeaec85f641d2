"""What a browser may do on these pages: nothing but read them; on the search page, run its one script."""

from __future__ import annotations

from collections.abc import Mapping

_BASE = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'"
)
READING = _BASE
SEARCHING = f"{_BASE}; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'"
# What a <meta> element can't say, a server must: see docs/how-to/publish-answers-site.md.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": f"{SEARCHING}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",  # ask whether it changed: a withdrawn answer must not live on
}
