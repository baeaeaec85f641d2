"""`template`: the mails that the desk writes, with sample data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called


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
    from mailflow.mail.render import Letterhead, Templates
    from mailflow.mail.samples import SAMPLES

    call = called(ctx)
    settings, desk = config.load(call.home())
    policy, templates = desk.policy, Templates(call.home() / "templates")
    language, _, also = lang.partition("+")
    for each in filter(None, (language, also)):
        if not templates.has(name, each):
            raise LookupError(f"there is no template {name} in {each}: there are {_known(templates, each)}")
    files = tuple(str(templates.folder / f"{each}/{name}.txt") for each in (language, also))
    problems = [problem for problem in lint.check(templates) if problem.file in files]
    if problems:
        raise ConfigError(tuple(str(problem) for problem in problems))
    sample = "a" * 29
    reply = f"{policy.address.replace('@', f'+{sample}@')}"
    head = Letterhead(
        policy.desk, policy.address, "2026-0042", call.now(), settings.zone, sample, reply, policy.topics.labels
    )
    mail = templates.render(name, language, SAMPLES[name][0], head, also)
    if html:
        html.write_text(mail.html, encoding="utf-8")
    if as_json:
        show.line({"name": name, "lang": lang, "subject": mail.subject, "text": mail.text, "html": mail.html})
    else:
        show.sentence(f"Subject: {mail.subject}")
        show.passage(mail.text)
