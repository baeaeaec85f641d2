"""`python -m bench.weblog`: how fast an access log becomes the website's part of the report; writes docs/weblog-speed.md.

A synthetic log is written to a temporary folder and read in a process of its own, with one process at work, with two,
and packed. Seconds on the clock depend on who else uses the machine; processor time says more.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.weblog.synthetic import write

PAGE = Path(__file__).parents[2] / "docs" / "weblog-speed.md"
AIM_SECONDS, AIM_MEMORY = 60, 300
LOOK = 0.05  # seconds between two looks at the memory
MB = 1_000_000
READ = """
import sys
from pathlib import Path
from mailflow.report.web.formats import as_json
from mailflow.report.web.read import read
from mailflow.report.web.reading import Asked
if __name__ == "__main__":
    print(as_json(read([Path(sys.argv[1])], Asked(), int(sys.argv[2]))))
"""


@dataclass(frozen=True, slots=True)
class Run:
    what: str
    seconds: float
    cpu: float  # seconds of all processes, user and system
    memory: float  # MB, the most that all of them held at once
    figures: dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.weblog", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--print", action="store_true", help="print the page, don't write it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weblog-") as folder:
        log = Path(folder) / "access.log"
        lines = write(log, asked.megabytes * MB)
        runs = list(_runs(log, Path(folder) / "read.py"))
        size = log.stat().st_size
    _check(runs, lines)
    page = "\n".join(_page(runs, lines, size))
    if asked.print:
        print(page)
    else:
        PAGE.write_text(page, "utf-8")


def _runs(log: Path, program: Path) -> Iterator[Run]:
    program.write_text(READ)
    yield _run("one process", program, log, 1)
    yield _run("two processes", program, log, 2)
    packed = log.with_name("access.log.gz")
    with log.open("rb") as plain, gzip.open(packed, "wb", 1) as zipped:
        shutil.copyfileobj(plain, zipped, MB)
    yield _run("packed with gzip, one process", program, packed, 2)


def _run(what: str, program: Path, log: Path, processes: int) -> Run:
    """Read the log once, while the memory of the process and its children is looked at."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, str(program), str(log), str(processes)],
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], env={"PYTHONPATH": "."},
    ) as reader:  # fmt: skip
        watched, most, spent = psutil.Process(reader.pid), 0, dict[int, float]()
        while reader.poll() is None:
            most = max(most, _look(watched, spent))
            time.sleep(LOOK)
        assert reader.stdout
        figures = json.loads(reader.stdout.read())
    return Run(what, time.perf_counter() - began, sum(spent.values()), most / MB, figures)


def _look(watched: psutil.Process, spent: dict[int, float]) -> int:
    """Octets that they hold together; notes what each has spent so far."""
    held = 0
    try:
        for each in (watched, *watched.children(recursive=True)):
            held += each.memory_info().rss
            times = each.cpu_times()
            spent[each.pid] = times.user + times.system
    except psutil.NoSuchProcess:
        return held
    return held


def _check(runs: list[Run], lines: int) -> None:
    """The same figures in every way, and a fate for every line."""
    assert all(run.figures == runs[0].figures for run in runs[1:]), "the figures differ between runs"
    fates = runs[0].figures["lines"]
    assert isinstance(fates, dict)
    assert sum(fates.values()) == lines, "lines were lost"


def _page(runs: list[Run], lines: int, size: int) -> Iterator[str]:
    figures, best = runs[0].figures, runs[1]
    met = best.seconds < AIM_SECONDS and best.memory < AIM_MEMORY
    yield "# How fast access logs are read"
    yield ""
    yield "Written by `python -m bench.weblog`. A synthetic log in the combined format, a year of a small public site: people,"
    yield "what their pages load, robots. Every run gave the same figures."
    yield ""
    yield f"{size / MB:,.0f} MB, {lines:,} lines, {figures['pages']:,} page views, {figures['visits']:,} visits, {figures['users']:,} users;"
    yield f"Python {platform.python_version()}, {psutil.cpu_count()} processors, shared with other work: processor time says more than seconds."
    yield ""
    yield "| | seconds | processor seconds | memory of all processes, MB | processor time a line, µs |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for run in runs:
        yield f"| {run.what} | {run.seconds:.0f} | {run.cpu:.0f} | {run.memory:.0f} | {run.cpu / lines * 1e6:.1f} |"
    yield ""
    yield f"Aimed at: 1 GB in under {AIM_SECONDS} s and {AIM_MEMORY} MB, with two processes: {'met' if met else 'missed'}."
    yield ""


if __name__ == "__main__":
    main()
