"""Files to figures, whatever they are: logs of a web server, or exports of an analytics service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mailflow.report.web.export import is_export
from mailflow.report.web.exported import from_exports
from mailflow.report.web.figures import WebFigures
from mailflow.report.web.lines import silently
from mailflow.report.web.reading import Asked, from_logs
from mailflow.report.web.trouble import WebTrouble


def read(
    paths: Sequence[Path], asked: Asked, processes: int = 2, told: Callable[[int], object] = silently
) -> WebFigures:
    """The figures of all these files. `told` hears how many octets were read. Raises WebTrouble."""
    exports = [path for path in paths if is_export(path)]
    if exports and len(exports) < len(paths):
        raise WebTrouble(
            f"{exports[0]} is an export and others are logs, which count by other rules: make a report of each"
        )
    if not paths:
        raise WebTrouble("name the files after --log")
    return from_exports(paths, asked) if exports else from_logs(paths, asked, processes, told)
