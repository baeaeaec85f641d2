# ruff: noqa: SIM905  a table of words reads best as running text
"""How mail clients mark quotations and signatures in their HTML: ids, classes, styles, elements of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

Attributes = Mapping[str, str | None]


class Mark(Enum):
    """What a client says with an element."""

    QUOTATION = "from here on all is quoted, or introduces what is"
    SIGNATURE = "what stands inside is a signature"
    SIGNATURE_BEGINS = "a signature begins, and the page doesn't say where it ends"


# Outlook's web client puts "x_" before the ids and classes of a mail that it quotes.
_QUOTE_IDS = (
    "divRplyFwdMsg", "x_divRplyFwdMsg", "appendonsend", "x_appendonsend", "OLK_SRC_BODY_SECTION", "yahoo_quoted",
    "mail-editor-reference-message-container", "zwchr", "divNeteaseMailCard", "reply-intro",
)  # fmt: skip
_QUOTE_CLASSES = frozenset(
    "gmail_attr moz-cite-prefix yahoo_quoted OutlookMessageHeader protonmail_quote tutanota_quote ntes-mailmaster-quote "
    "zmail_extra zmail_extra_hr iNotesHistory ms-outlook-mobile-reference-message".split()
)
_QUOTE_MARKERS = ("__DIVIDER__", "__HEADERS__", "__QUOTED_TEXT__")  # Zimbra's
_CITE_CLASSES = frozenset({"gmail_quote", "protonmail_quote", "tutanota_quote", "iosymail"})
_CITE_IDS = frozenset({"isReplyContent", "blockquote_zmail"})
_SIGNATURE_CLASSES = frozenset(
    "gmail_signature gmail_signature_prefix moz-signature protonmail_signature_block ms-outlook-mobile-signature "
    "ntes-signature k9mail-signature".split()
)
_SIGNATURE_IDS = (
    "Signature", "AppleMailSignature", "ms-outlook-mobile-signature", "composer_signature", "imail_signature",
    "QQMail_signature", "ymail_android_signature", "_rc_sig",
)  # fmt: skip
_SIGNATURE_MARKERS = ("__SIG_PRE__", "__SIG_POST__")
# Outlook draws a grey or blue line above the header block of the mail that is answered.
_OUTLOOK_LINE = re.compile(
    r"border-top:(?:solid|1(?:\.0)?pt solid)(?:#e1e1e1|#b5c4df|rgb\(225,225,225\)|rgb\(181,196,223\))"
)
_AROUND_SIGNS = re.compile(r"[ \t\n]{0,20}([:#(,])[ \t\n]{0,20}")
_WHITE_SPACE = re.compile(r"(?:^|[; ])white-space ?: ?pre")
STYLE_LETTERS = 500


def hidden(attributes: Attributes) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if not style or ("none" not in (style := style.lower()) and "hide" not in style and "hidden" not in style):
        return False
    style = "".join(style.split())
    return "display:none" in style or "mso-hide:all" in style or "visibility:hidden" in style


def preformatted(attributes: Attributes) -> bool:
    """Whether the element's white space counts."""
    style = attributes.get("style") or ""
    return "white-space" in style and bool(_WHITE_SPACE.search(style[:STYLE_LETTERS]))


def list_mark(attributes: Attributes) -> bool:
    """Whether the element holds the bullet or number of a list's item: Word writes lists as paragraphs."""
    style = attributes.get("style") or ""
    return "mso-list" in style and "mso-list:ignore" in "".join(style[:STYLE_LETTERS].lower().split())


def mark_of(tag: str, attributes: Attributes) -> Mark | None:
    """What the client says with this element; None for nearly all."""
    if tag in ("includetail", "sign"):  # QQ's
        return Mark.QUOTATION if tag == "includetail" else Mark.SIGNATURE
    if not attributes:
        return None
    if name := attributes.get("id"):
        if name.startswith(_QUOTE_IDS) or (tag == "hr" and name == "stopSpelling"):
            return Mark.QUOTATION
        if name.startswith(_SIGNATURE_IDS):
            return Mark.SIGNATURE
        if name == "lineBreakAtBeginningOfSignature":
            return Mark.SIGNATURE_BEGINS
    if (classes := attributes.get("class")) and (mark := _mark_of_classes(tag, classes)):
        return mark
    if tag == "div":
        return _mark_of_block(attributes)
    if (tag == "a" and attributes.get("name") == "_MailAutoSig") or (tag == "hr" and _is_foxmail_rule(attributes)):
        return Mark.SIGNATURE_BEGINS
    return Mark.QUOTATION if attributes.get("data-marker") in _QUOTE_MARKERS else None


def _mark_of_classes(tag: str, classes: str) -> Mark | None:
    names = classes.split()
    if tag != "blockquote" and not _QUOTE_CLASSES.isdisjoint(names):
        return Mark.QUOTATION
    if not _SIGNATURE_CLASSES.isdisjoint(names) or any(n.startswith("ydp") and n.endswith("signature") for n in names):
        return Mark.SIGNATURE
    return None


def _mark_of_block(attributes: Attributes) -> Mark | None:
    if (style := attributes.get("style")) and "border-top" in style and _is_outlook_line(style):
        return Mark.QUOTATION
    marker = attributes.get("data-marker") or ""
    fairemail = attributes.get("fairemail") or ""
    if marker in _QUOTE_MARKERS or fairemail == "reference" or attributes.get("name") == "quote":
        return Mark.QUOTATION
    return Mark.SIGNATURE if marker in _SIGNATURE_MARKERS or fairemail == "signature" else None


def _is_outlook_line(style: str) -> bool:
    tight = _AROUND_SIGNS.sub(r"\1", style[:STYLE_LETTERS].lower()).replace("solid #", "solid#")
    return bool(_OUTLOOK_LINE.search(tight.replace("solid rgb", "solidrgb")))


def _is_foxmail_rule(attributes: Attributes) -> bool:
    return (attributes.get("color") or "").lower() == "#b5c4df" and "210px" in (attributes.get("style") or "")


def cited(attributes: Attributes) -> bool:
    """Whether a blockquote is a quotation of a mail, and not one that its author made."""
    if not attributes:
        return False
    if (attributes.get("type") or "").lower() == "cite" or attributes.get("id") in _CITE_IDS:
        return True
    return not _CITE_CLASSES.isdisjoint((attributes.get("class") or "").split())
