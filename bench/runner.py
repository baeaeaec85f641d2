"""The daemon of an installation as a process: `python -m bench.runner HOME [STAGES]`.

With STAGES, the name of a file, it also writes there how much processor time each stage took.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bench import stages
from mailflow.config import ConfigError
from mailflow.daemon import logs
from mailflow.daemon.daemon import Daemon
from mailflow.daemon.installation import opened
from mailflow.daemon.lock import AlreadyRunningError, only_one
from mailflow.store.errors import StoreError


def run(home: Path) -> None:
    with only_one(home), opened(home) as installation:
        logs.set_up(installation.settings.log_format, installation.settings.log_level)
        asyncio.run(Daemon(installation).run())


def main(home: str, measured: str = "") -> int:
    try:
        if measured:
            with stages.measured(Path(measured)):
                run(Path(home))
        else:
            run(Path(home))
    except (AlreadyRunningError, ConfigError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
