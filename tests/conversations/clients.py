"""How mail programs build a reply: each shape as that program writes it."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from html import escape

from tests.conversations.letters import Letter

Client = Callable[[EmailMessage, str, Letter], None]  # puts the body into a reply


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def thunderbird(reply: EmailMessage, text: str, letter: Letter) -> None:
    """Above the quotation."""
    reply.set_content(f"{text}\n\nOn 02/03/2026 10:05, Helpdesk wrote:\n{quoted(letter.text)}\n")


def bottom_posting(reply: EmailMessage, text: str, letter: Letter) -> None:
    reply.set_content(f"On 02/03/2026 10:05, Helpdesk wrote:\n{quoted(letter.text)}\n\n{text}\n")


def gmail(reply: EmailMessage, text: str, letter: Letter) -> None:
    """Text and HTML; the introduction is folded, and names our address."""
    said = f"On Mon, 2 Mar 2026 at 10:05, Helpdesk <\n{letter.reply_to}> wrote:"
    reply.set_content(f"{text}\n\n{said}\n\n{quoted(letter.text)}\n")
    own = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.splitlines())
    head = f'<div dir="ltr" class="gmail_attr">{escape(said)}<br></div>'
    below = f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{letter.html}</blockquote>'
    page = f'<div dir="ltr">{own}</div><br><div class="gmail_quote gmail_quote_container">{head}{below}</div>'
    reply.add_alternative(page, subtype="html")


def outlook(reply: EmailMessage, text: str, letter: Letter) -> None:
    """No ">" anywhere: the old headers in a block, then the old mail as it was."""
    head = f"From: Helpdesk <{letter.reply_to}>\nSent: Monday, 2 March 2026 10:05\n"
    head += f"To: {letter.recipient}\nSubject: {letter.subject}"
    reply.set_content(f"{text}\n\n{head}\n\n{letter.text}\n")
    own = "".join(f'<p class="MsoNormal">{escape(line) or "&nbsp;"}</p>' for line in text.splitlines())
    rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    block = (
        f'<div><div style="{rule}"><p class="MsoNormal"><b>{escape(head).replace(chr(10), "<br>")}</b></p></div></div>'
    )
    reply.add_alternative(
        f'<html><body><div class="WordSection1">{own}{block}{letter.html}</div></body></html>', subtype="html"
    )


def apple(reply: EmailMessage, text: str, letter: Letter) -> None:
    """The introduction is quoted, too."""
    said = f"On 2 Mar 2026, at 10:05, Helpdesk <{letter.reply_to}> wrote:"
    reply.set_content(f"{text}\n\n{quoted(said)}\n> \n{quoted(letter.text)}\n")


def phone(reply: EmailMessage, text: str, letter: Letter) -> None:
    """Nothing is quoted."""
    reply.set_content(f"{text}\n\nSent from my iPhone\n")


def iphone(reply: EmailMessage, text: str, letter: Letter) -> None:
    """Text and HTML; the line of the device stands between the answer and the quotation."""
    said = f"On 2 Mar 2026, at 10:05, Helpdesk <{letter.reply_to}> wrote:"
    reply.set_content(f"{text}\n\nSent from my iPhone\n\n> {said}\n> \n{quoted(letter.text)}\n")
    own = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.splitlines())
    device = '<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div>'
    below = f'<div dir="ltr"><br><blockquote type="cite">{escape(said)}<br><br></blockquote></div>'
    cited = f'<blockquote type="cite"><div dir="ltr">\u200b{letter.html}</div></blockquote>'
    reply.add_alternative(f'<html><body dir="auto">{own}{device}{below}{cited}</body></html>', subtype="html")


def android(reply: EmailMessage, text: str, letter: Letter) -> None:
    """The Gmail app: each line a paragraph of its own, the introduction on one line, the old mail in a quotation."""
    said = f"On Mon, 2 Mar 2026, 10:05 Helpdesk, <{letter.reply_to}> wrote:"
    reply.set_content(f"{text}\n\n{said}\n\n{quoted(letter.text)}\n")
    own = "".join(f'<p dir="ltr">{escape(line)}</p>' for line in text.splitlines() if line)
    head = f'<div dir="ltr" class="gmail_attr">{escape(said)}<br></div>'
    cited = f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{letter.html}</blockquote>'
    reply.add_alternative(f'{own}<br><div class="gmail_quote">{head}{cited}</div>', subtype="html")


CLIENTS = (thunderbird, bottom_posting, gmail, outlook, apple, phone, iphone, android)
