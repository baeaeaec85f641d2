"""`template`: the mails that the desk writes, with sample data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.policy import Policy
    from mailflow.mail.render import Letterhead

TOKEN = "a" * 29  # looks like a reply token, and is none


def show_(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as acknowledgement.", show_default=False)],
    lang: Annotated[
        str, typer.Option(metavar="LANGUAGE", help="BCP 47; fr+en for a bilingual mail in these two.")
    ] = "en",
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the HTML part there.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a template as a mail with sample data."""
    from mailflow import config
    from mailflow.config import ConfigError
    from mailflow.mail import lint
    from mailflow.mail.render import Templates
    from mailflow.mail.samples import SAMPLES

    call = called(ctx)
    _, desk = config.load(call.home(), words=False)
    templates = Templates(call.home() / "templates")
    language, _, also = lang.partition("+")
    for each in filter(None, (language, also)):
        if name not in SAMPLES or not templates.has(name, each):
            raise LookupError(f"there is no template {name} in {each}; there are: {', '.join(templates.names(each))}")
    files = [str(templates.folder / f"{each}/{name}.txt") for each in (language, also)]
    problems = [problem for problem in lint.check(templates) if problem.file in files]
    if problems:
        raise ConfigError(tuple(str(problem) for problem in problems))
    mail = templates.render(name, language, SAMPLES[name][0], _head(desk.policy, call.now()), also)
    if html:
        html.write_text(mail.html, encoding="utf-8")
    if as_json:
        show.line({"name": name, "lang": lang, "subject": mail.subject, "text": mail.text, "html": mail.html})
    else:
        show.sentence(f"Subject: {mail.subject}")
        show.passage(mail.text)


def _head(policy: Policy, now: datetime) -> Letterhead:
    from mailflow.mail.render import Letterhead

    reply = policy.address.replace("@", f"+{TOKEN}@")
    return Letterhead(
        policy.desk, policy.address, "2026-0042", now, policy.calendar.zone, TOKEN, reply, policy.topics.labels
    )
