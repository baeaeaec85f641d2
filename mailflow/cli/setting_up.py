"""`init` and `check`: a new installation, and whether everything about one is right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, called

SHEET = """\
{home} is ready. Print this, and keep it with your papers.

What is where
  config.toml     this machine: mailboxes, servers, storage. No secret stands in it.
  rules/          the desk: people, queues, topics, deadlines
  templates/      what the desk writes, a folder a language
  master.key      the key of all keys. Without it nothing can ever be read again.
  data/keys.db    the keys of the sealed mails; deleting one there erases what it sealed
  data/           mailflow.db: tickets and mails, sealed

What to keep where
  master.key      a copy on paper or a medium in a safe, never beside the backups
  data/keys.db    `mailflow keys backup FILE` each day to another place; keep copies a few weeks only,
                  because an erased mail can be read again with an old copy
  data/           `mailflow backup FILE` each day to another machine; keep copies as long as you like
  config.toml, rules/, templates/    in any backup or version control

Next
  1. Edit {home}/config.toml (every line marked "yours") and {home}/rules/people.toml.
  2. mailflow --home {home} check
  3. mailflow --home {home} run
"""


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Make an installation folder: settings, rules, keys, database."""
    from mailflow import config
    from mailflow.store.store import Store

    del ctx
    config.make_installation(folder)
    Store.create(config.load_settings(folder)).close()
    if as_json:
        show.line({"home": str(folder.absolute())})
    else:
        print(SHEET.format(home=folder.absolute()))


def check(
    ctx: typer.Context,
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Send a mail to the desk itself, which must come back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell everything that is wrong, and log in to all servers. Ends with 1 when anything is."""
    from mailflow.cli import checking

    right = True
    for found in checking.everything(called(ctx).home(), send_test=send_test):
        right = right and found.fine is not False
        if as_json:
            show.line({"ok": found.fine, "what": found.what, "said": found.sentence})
        else:
            show.verdict(found.fine, f"{found.what}: {found.sentence}")
    if not right:
        raise typer.Exit(1)
