"""`status`, `verify`, backups, `upgrade`: looking after an installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import show
from mailflow.cli.call import AsJson, Call, called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.store.store import Store

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file that does not exist yet.", show_default=False)]


def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Say how everything is. Ends with 1 when something needs a person."""
    from mailflow.cli import standing
    from mailflow.store import queries

    call = called(ctx)
    now, settings = call.now(), call.settings()
    with call.store() as store:
        found = queries.standing(store, now)
    needs = standing.needs(found, settings, now)
    if as_json:
        show.line(standing.values(found, needs, now))
    else:
        for sentence in standing.sentences(found, now):
            show.sentence(sentence)
        for need in needs:
            show.verdict(False, need)
    if needs:
        raise typer.Exit(1)


def verify(
    ctx: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Leave the mail server out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Prove that no mail was lost.

    Every mail taken in must be accounted for, the event log whole, and nothing left in the mailboxes that are read.
    Ends with 1 when anything is wrong.
    """
    from mailflow.store import verify as proof

    call = called(ctx)
    with call.store() as store:
        found = proof.verify(store)
        waiting = [] if offline else list(_not_taken(call, store))
    chain = "ok" if found.broken_at is None else f"broken at {found.broken_at}"
    if as_json:
        missing = [{"inbox": each.inbox, "why": each.why} for each in found.missing]
        counts = {"taken_in": found.taken_in, "accounted": found.accounted}
        show.line({**counts, "missing": missing, "chain": chain, "mailbox_not_taken": waiting})
    else:
        show.verdict(not found.missing, f"{found.accounted} of {found.taken_in} mails are accounted for")
        for each in found.missing:
            show.verdict(False, f"mail {each.inbox}: {each.why}")
        show.verdict(found.broken_at is None, f"the event log's chain: {chain}")
        for mail in waiting:
            show.verdict(False, f"not taken in: mailbox {mail['mailbox']}, folder {mail['folder']}, uid {mail['uid']}")
        if not offline and not waiting:
            show.verdict(True, "the mailboxes hold nothing that was not taken in")
    if found.missing or found.broken_at is not None or waiting:
        raise typer.Exit(1)


def _not_taken(call: Call, store: Store) -> Iterator[dict[str, object]]:
    """What the server has in the folders that are read, and the ledger doesn't know. Raises MailboxTrouble."""
    from mailflow.net.login import PasswordCredentials
    from mailflow.net.mailbox import Mailbox
    from mailflow.net.trouble import MailboxTrouble
    from mailflow.store import verify as proof

    for box in call.settings().mailboxes:
        mailbox = Mailbox(box, PasswordCredentials(box.login, f"mailbox {box.name}"))
        try:
            mailbox.connect()
            for folder in box.folders:
                opened = mailbox.select(folder)
                for uid in proof.not_taken(store, box.name, folder, opened.uidvalidity, mailbox.all_uids()):
                    yield {"mailbox": box.name, "folder": folder, "uidvalidity": opened.uidvalidity, "uid": uid}
        except MailboxTrouble as trouble:
            raise MailboxTrouble(trouble.kind, f"{trouble.sentence}; --offline leaves the mail servers out") from None
        finally:
            mailbox.close()


# ---------------------------------------------------------------- copies


def backup(ctx: typer.Context, file: File) -> None:
    """Copy the database, sealed as it is, while it is in use. The keys are not in it."""
    from contextlib import closing

    from mailflow.store import backup as copies
    from mailflow.store.database import Database

    settings = called(ctx).settings()
    with closing(Database(settings.storage.database, home=settings.home)) as database:
        copies.backup(database, file.absolute())
    show.sentence(f"{file} holds everything but the keys (`mailflow keys backup`) and the files of the folder.")


def keys_backup(ctx: typer.Context, file: File) -> None:
    """Copy keys.db while it is in use. Keep such copies a few weeks only: they can read what was erased since."""
    from contextlib import closing

    from mailflow.store import backup as copies
    from mailflow.store.database import Database

    settings = called(ctx).settings()
    with closing(Database(settings.home / settings.storage.keys)) as keys:
        copies.backup_keys(keys, file.absolute())
    show.sentence(f"{file} holds the keys; without master.key they open nothing. Delete it after a few weeks.")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="That `mailflow backup` made.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Replace the database that is there.")] = False,
) -> None:
    """Make the database anew from a backup. What was erased since stays unreadable: its keys are gone."""
    from mailflow.store import backup as copies
    from mailflow.store import queries
    from mailflow.store.upkeep import keys_erased

    call = called(ctx)
    settings = call.settings()
    with call.alone():
        copies.restore(file.absolute(), settings.storage.database, home=settings.home, force=force)
        _upgraded(call)
        with call.store() as store:
            erased, waiting = keys_erased(store), queries.standing(store, call.now()).outgoing.get("waiting", 0)
    show.sentence(f"The database is that of {file}.")
    if erased:
        show.sentence(f"{erased} of its keys were erased since: what they sealed stays unreadable.")
    if waiting:
        show.sentence(f"{waiting} mails wait in its outbox; those that left since the backup would leave once more.")
    show.sentence("Mails that were taken in since then: move them back on the server from the folder for taken mail.")


def upgrade(ctx: typer.Context) -> None:
    """Bring the database to this version of mailflow. Make a backup first; there is no way back."""
    call = called(ctx)
    with call.alone():
        before, after = _upgraded(call)
    show.sentence(
        f"The database was of version {before}, now {after}." if before != after else f"It is of version {after}."
    )


def _upgraded(call: Call) -> tuple[str | None, str | None]:
    from contextlib import closing

    from mailflow.store import schema
    from mailflow.store.database import Database

    settings = call.settings()
    with closing(Database(settings.storage.database, home=settings.home)) as database:
        before = schema.version(database)
        schema.upgrade(database)
        return before, schema.version(database)
