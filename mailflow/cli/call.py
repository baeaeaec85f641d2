"""One call of the command: what the global options say, and what follows from them."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.config import InstallationSettings
    from mailflow.daemon.installation import Installation
    from mailflow.store.store import Store

HOME_VARIABLE = "MAILFLOW_HOME"
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


@dataclass(frozen=True, slots=True)
class Call:
    given_home: Path | None = None
    given_now: datetime | None = None  # --now: a rehearsal
    debug: bool = False

    def home(self) -> Path:
        """The installation's folder: --home, else $MAILFLOW_HOME, else the first with a config.toml from here upwards."""
        named = self.given_home or (Path(os.environ[HOME_VARIABLE]) if os.environ.get(HOME_VARIABLE) else None)
        if named:
            return named.absolute()
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / "config.toml").is_file():
                return folder
        raise LookupError(
            f"there is no installation here: no config.toml in {here} or above it; name its folder with --home, "
            "or make one with `mailflow init DIR`"
        )

    def now(self) -> datetime:
        return self.given_now or datetime.now(UTC)

    def settings(self) -> InstallationSettings:
        """config.toml alone. Raises ConfigError."""
        from mailflow import config

        return config.load_settings(self.home())

    def installation(self, *, whole: bool = False) -> AbstractContextManager[Installation]:
        """Everything; topic words and templates are looked at when they are needed, unless the `whole` is wanted at once.
        Raises ConfigError or StoreError.
        """
        from mailflow.daemon.installation import opened

        return opened(self.home(), whole=whole)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """What is kept, for commands that judge nothing. Raises ConfigError or StoreError."""
        from mailflow.store.store import Store

        store = Store.open(self.settings())
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep any other daemon of this installation away. Raises AlreadyRunningError."""
        from mailflow.daemon.lock import only_one

        data = self.home() / "data"
        data.mkdir(mode=0o700, exist_ok=True)
        with only_one(data):
            yield


def called(ctx: typer.Context) -> Call:
    """The call that a command belongs to."""
    call = ctx.obj
    assert isinstance(call, Call)
    return call


def moment_given(text: str | None) -> datetime | None:
    """A moment of RFC 3339, as --now takes it. Raises BadParameter."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter("write a moment with its offset, such as 2026-11-23T09:00:00Z")
    return moment.astimezone(UTC)
