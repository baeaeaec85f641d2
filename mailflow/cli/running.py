"""`run` and `demo`: the daemon at work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli.call import called


def run(
    ctx: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Poll, work and send until nothing is left to do, then end.")
    ] = False,
) -> None:
    """Be the helpdesk: take mail in, work on it, send. SIGTERM ends it cleanly, SIGHUP reads rules/ anew."""
    import asyncio

    from mailflow.daemon import logs
    from mailflow.daemon.daemon import Daemon

    call = called(ctx)
    settings = call.settings()
    with call.alone(), call.installation(whole=True) as installation:
        logs.set_up(settings.log_format, settings.log_level)
        daemon = Daemon(installation, call.now)
        asyncio.run(daemon.once() if once else daemon.run())


def demo(
    exit_when_done: Annotated[bool, typer.Option("--exit", help="End when everything has been shown.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep the demo's desk in this new folder.", show_default=False),
    ] = None,
) -> None:
    """See it at work, with sample people and mails. Nothing to configure, and nothing leaves this machine."""
    try:
        from mailflow import demo as package
    except ModuleNotFoundError as error:
        raise LookupError(
            f"the demo needs the package {error.name}: install mailflow with its demo extra "
            "(pip install 'mailflow[demo]', or `make demo` in a checkout)"
        ) from error
    raise typer.Exit(package.run(exit_when_done, folder))
