# ruff: noqa: SIM905  a table of words reads best as running text
"""How mail clients mark quotations and signatures in their HTML: ids, classes, styles."""

from __future__ import annotations

import re
from collections.abc import Mapping

_QUOTE_IDS = ("divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container")
_QUOTE_CLASSES = frozenset(
    "gmail_attr moz-cite-prefix yahoo_quoted OutlookMessageHeader protonmail_quote tutanota_quote".split()
)
_CITE_CLASSES = frozenset({"gmail_quote", "protonmail_quote", "tutanota_quote"})
_SIGNATURE_CLASSES = frozenset(
    "gmail_signature moz-signature protonmail_signature_block ms-outlook-mobile-signature".split()
)
_SIGNATURE_IDS = ("Signature", "AppleMailSignature", "ms-outlook-mobile-signature")
# Outlook draws a grey or blue line above the header block of the mail that is answered.
_OUTLOOK_LINE = re.compile(
    r"border-top:(?:solid|1(?:\.0)?pt solid)(?:#e1e1e1|#b5c4df|rgb\(225,225,225\)|rgb\(181,196,223\))"
)

Attributes = Mapping[str, str | None]


def _classes(attributes: Attributes) -> set[str]:
    return set((attributes.get("class") or "").split())


def hidden(attributes: Attributes) -> bool:
    style = (attributes.get("style") or "").lower().replace(" ", "")
    return "hidden" in attributes or "display:none" in style or "mso-hide:all" in style


def opens_quotation(tag: str, attributes: Attributes) -> bool:
    if not attributes:
        return False
    name = attributes.get("id") or ""
    if name.startswith(_QUOTE_IDS) or name.startswith("yahoo_quoted") or (tag == "hr" and name == "stopSpelling"):
        return True
    if tag != "blockquote" and _classes(attributes) & _QUOTE_CLASSES:
        return True
    style = (attributes.get("style") or "")[:500].lower()
    return tag == "div" and bool(
        _OUTLOOK_LINE.search(re.sub(r"\s*([:#(,])\s*", r"\1", style).replace("solid #", "solid#"))
    )


def opens_signature(attributes: Attributes) -> bool:
    if not attributes:
        return False
    name = attributes.get("id") or ""
    return name.startswith(_SIGNATURE_IDS) or bool(_classes(attributes) & _SIGNATURE_CLASSES)


def cited(attributes: Attributes) -> bool:
    return (attributes.get("type") or "").lower() == "cite" or bool(_classes(attributes) & _CITE_CLASSES)
