"""What draws and writes is an extra: where it lacks, one sentence says what to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def wanted(name: str) -> Iterator[None]:
    """Around an import. ModuleNotFoundError with the next step when it isn't installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f'{name} is not installed, and this format of the report needs it: pip install "mailflow[report]"'
        ) from error
    except OSError as error:  # weasyprint is there, but what it draws letters with is not
        raise ModuleNotFoundError(
            f"{name} needs Pango: on Debian apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from error
