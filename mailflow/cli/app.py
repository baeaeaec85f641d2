"""All commands in one list, the options that every one of them takes, and the one way in which any of them fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mailflow.cli import (
    errors,
    intake,
    outgoing,
    overview,
    publishing,
    reporting,
    running,
    setting_up,
    shelving,
    templating,
    tickets,
    upkeep,
    website,
)
from mailflow.cli.call import Call, moment_given
from mailflow.cli.keyboard import TicketGroup

WITH_VALUE, FLAGS = ("--home", "--now"), ("--debug", "--version")


class Mailflow(TyperGroup):
    """The command itself: global options may stand anywhere, and every error ends as a sentence and an exit code."""

    # typer brings its own click or uses the installed one, so the context has no name that we could write here
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BaseException as error:
            code = errors.code_of(error, debug=bool(ctx.params.get("debug")))
            if code is None:
                raise
            raise typer.Exit(code) from None


def hoisted(args: list[str]) -> list[str]:
    """The global options first, wherever they stood; what follows `--` stays."""
    front, rest, left = list[str](), list[str](), list(args)
    while left and left[0] != "--":
        each = left.pop(0)
        if each in WITH_VALUE and left:
            front += [each, left.pop(0)]
        elif each in FLAGS or each.startswith(tuple(f"{name}=" for name in WITH_VALUE)):
            front.append(each)
        else:
            rest.append(each)
    return front + rest + left


def _version(wanted: bool) -> None:
    if wanted:
        from mailflow import __version__

        print(f"mailflow {__version__}")
        raise typer.Exit


def callback(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="The installation's folder; else $MAILFLOW_HOME, else the folder of config.toml from here upwards.",
            metavar="DIR",
        ),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(help="A rehearsal clock for this one call, such as 2026-11-23T09:00:00Z.", metavar="TIME"),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """A helpdesk of experts, worked by e-mail alone."""
    del version
    ctx.obj = Call(home, moment_given(now), debug)


def group(
    name: str, sentence: str, *commands: tuple[str, Callable[..., None]], cls: type[TyperGroup] = TyperGroup
) -> None:
    family = typer.Typer(cls=cls, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)
    for word, command in commands:
        family.command(word)(command)
    app.add_typer(family, name=name, help=sentence)


app = typer.Typer(
    cls=Mailflow,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(callback)
app.command("init")(setting_up.init)
app.command("check")(setting_up.check)
app.command("demo")(running.demo)
app.command("run")(running.run)
app.command("status")(upkeep.status)
app.command("ingest")(intake.ingest)
app.command("explain")(intake.explain)
group(
    "ticket",
    "Tickets: what coordinators may do by mail, at the keyboard.",
    ("list", tickets.list_),
    ("show", tickets.show_),
    ("new", tickets.new),
    cls=TicketGroup,
)
group(
    "outbox",
    "Mail to be sent, and sent.",
    ("list", outgoing.list_),
    ("export", outgoing.export),
    ("retry", outgoing.retry),
)
group(
    "shelf",
    "Mails that a human must look at.",
    ("list", shelving.list_),
    ("show", shelving.show_),
    ("release", shelving.release),
    ("drop", shelving.drop),
)
group("template", "The mails that the desk writes.", ("show", templating.show_))
app.command("search")(overview.search)
app.command("digest")(overview.digest)
app.command("rehearse")(overview.rehearse)
group(
    "publication",
    "From an answer to a public page.",
    ("list", publishing.list_),
    ("show", publishing.show_),
    ("flag", publishing.flag),
    ("withdraw", publishing.withdraw),
    ("translate", publishing.translate),
    ("topics", publishing.topics),
    ("export", publishing.export),
)
app.command("anonymise")(publishing.anonymise)
group("site", "The public site.", ("build", publishing.build), ("serve", publishing.serve))
group(
    "report",
    "The yearly report.",
    ("year", reporting.year),
    ("web", website.web),
    ("uncoded", reporting.uncoded),
    ("coded", reporting.coded),
    ("gaps", reporting.gaps),
)
app.command("verify")(upkeep.verify)
app.command("backup")(upkeep.backup)
app.command("restore")(upkeep.restore)
group("keys", "The keys of everything that is sealed.", ("backup", upkeep.keys_backup))
app.command("upgrade")(upkeep.upgrade)
