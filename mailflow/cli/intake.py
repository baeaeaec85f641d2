"""`ingest` and `explain`: mails from files, taken in or only judged."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli import errors, show
from mailflow.cli.call import AsJson, Call, called

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailflow.cli.described import Described
    from mailflow.cli.sources import Found, Source
    from mailflow.core.effects import Effect
    from mailflow.daemon.installation import Installation
    from mailflow.store.inbox import Kept

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="An .eml file, an mbox, a Maildir, a folder of .eml files, or - for one mail on the standard input.",
        show_default=False,
    ),
]
Archive = Annotated[
    bool, typer.Option("--archive", help="Old mail: closed tickets that can be searched, and no automatic reply.")
]


def ingest(ctx: typer.Context, sources: Sources, archive: Archive = False, as_json: AsJson = False) -> None:
    """Take in mail from files and handle it whole. The answers wait in the outbox.

    As the pipe of a mail server (`mailflow ingest -`) it ends with 75, "try later", while the mail can't be stored,
    and with 0 once it is.
    """
    from mailflow.cli.sources import STDIN

    if STDIN not in sources:
        _from_files(called(ctx), sources, archive=archive, as_json=as_json)
    elif len(sources) > 1:
        raise typer.BadParameter("- stands alone: the standard input holds one mail")
    else:
        _from_pipe(called(ctx), archive=archive, as_json=as_json)


def explain(ctx: typer.Context, sources: Sources, as_json: AsJson = False) -> None:
    """Say what would be done with mail, and why. Needs no database and changes nothing."""
    from mailflow.cli import sources as places
    from mailflow.cli.described import described
    from mailflow.core.effects import OpenTicket
    from mailflow.daemon.installation import without_store
    from mailflow.engine import explain as explained

    call = called(ctx)
    found = [places.from_stdin()] if places.STDIN in sources else chain.from_iterable(places.opened(sources))
    with without_store(call.home()) as (desk, understanding, reader):
        for each in found:
            result, effects = explained(each.raw, reader, understanding, desk.policy, call.now())
            queue = next((effect.ticket.queue for effect in effects if isinstance(effect, OpenTicket)), "")
            told = described(each.source, result.mail, result.outcome, result.because, "", queue, desk.policy)
            _print_explained(told, effects, as_json=as_json)


# ---------------------------------------------------------------- ingest


def _from_files(call: Call, names: list[str], *, archive: bool, as_json: bool) -> None:
    from mailflow.cli import sources, working

    found = sources.opened(names)
    with call.installation(whole=True) as installation, _progress(found) as advance:
        for batch in _batches(chain.from_iterable(found), working.BATCH):
            kept = working.keep(installation.engine, batch, call, archive=archive)
            for described in working.handle(installation.engine, batch, kept, call):
                _print(described, as_json=as_json)
                advance()


def _from_pipe(call: Call, *, archive: bool, as_json: bool) -> None:
    """Whatever keeps the mail from being stored, the mail server must keep it; whatever comes after is for us alone."""
    with ExitStack() as stack:
        try:
            installation, found, kept = _stored(call, stack, archive=archive)
        except Exception as error:  # noqa: BLE001
            errors.tell(error, debug=call.debug)
            raise typer.Exit(errors.TRY_LATER) from None
        try:
            from mailflow.cli import working

            for described in working.handle(installation.engine, [found], kept, call):
                _print(described, as_json=as_json)
        except Exception as error:  # noqa: BLE001  it is stored: the daemon, or the next call, handles it
            errors.tell(error, debug=call.debug)


def _stored(call: Call, stack: ExitStack, *, archive: bool) -> tuple[Installation, Found, list[Kept]]:
    from mailflow.cli import sources, working

    found = sources.from_stdin()
    installation = stack.enter_context(call.installation(whole=True))
    return installation, found, working.keep(installation.engine, [found], call, archive=archive)


def _batches(mails: Iterable[Found], size: int) -> Iterator[list[Found]]:
    left = iter(mails)
    return iter(lambda: list(islice(left, size)), [])


@contextmanager
def _progress(found: list[Source]) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere; gives what to call after each mail."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
        task = progress.add_task("taking in", total=sum(map(len, found)))
        yield lambda: progress.advance(task)


def _print(described: Described, *, as_json: bool) -> None:
    if as_json:
        show.line(described.values())
    else:
        show.sentence(described.summary())


# ---------------------------------------------------------------- explain


def _print_explained(described: Described, effects: tuple[Effect, ...], *, as_json: bool) -> None:
    from mailflow.core.effects import Send

    mails = [effect for effect in effects if isinstance(effect, Send)]
    if as_json:
        leaving = [{"template": m.template, "to": m.to.kind.value, "language": m.language} for m in mails]
        show.line({**described.values(), "mails": leaving})
        return
    show.sentence(described.summary())
    if described.mail:
        mail = described.mail
        topics = ", ".join(f"{topic.id} {topic.score:g}" for topic in mail.topics) or "none"
        show.sentence(f"  written by {mail.sender or 'nobody clear'}: {mail.authentication.because}")
        show.sentence(f"  {mail.origin.kind.value}: {mail.origin.because}")
        show.sentence(f"  language {mail.language.code} ({mail.language.confidence:.2f}, by {mail.language.by})")
        show.sentence(f"  topics: {topics}")
    for sign in described.suggestions:
        show.sentence(f"  suggests {sign.kind.value} {sign.value}: {', '.join(sign.because)}")
    for each in mails:
        whom = each.to.id if each.to.kind.value == "person" else "the requester"
        show.sentence(f"  would send to {whom}: {each.template} ({each.language})")
