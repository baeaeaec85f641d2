"""`make year`: rehearse a year, check it, and write docs/year.md with its figures and one of its digests."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.year import report
from bench.year.checks import Year, wrong
from bench.year.rehearsal import DAYS, rehearsed
from bench.year.report import Cost

ROOT = Path(__file__).resolve().parents[2]
BEGINS = datetime(2026, 3, 1, tzinfo=UTC)
MEMORY = Path("/dev/shm")  # what a year writes need not outlive it, and each commit would wait for the disk


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--questions", type=int, default=160)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--output", type=Path, default=ROOT / "docs/year.md")
    wanted = parser.parse_args()
    gc.set_threshold(50_000, 20, 100)  # little of what lies in memory ever goes, as in the daemon
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mailflow-year-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        year = rehearsed(Path(folder) / "home", BEGINS, wanted.days, wanted.questions, wanted.seed)
        ran = time.monotonic()
        found = wrong(year)
    done = time.monotonic()
    print("\n".join(report.lines(year)))
    print(f"\n{done - began:.1f} s")
    _print_refusals(year)
    for sentence in found:
        print(f"WRONG: {sentence}", file=sys.stderr)
    if found:
        return 1
    stages = {**year.world.spent, "looking it through at the end": done - ran}
    cost = Cost(done - began, sum(os.times()[:4]), os.cpu_count() or 1, stages)
    names = report.write_samples(report.fullest_digest(year), wanted.output.parent / "samples")
    wanted.output.write_text(report.page(year, cost, names), "utf-8")
    return 0


def _print_refusals(year: Year) -> None:
    """What the desk refused, and why: some of it is as it should be."""
    refused = Counter(each for member in year.members.values() for each in member.refused)
    for (word, why), number in refused.most_common():
        print(f"refused {number} times: {word or 'a reply'} ({why})")


if __name__ == "__main__":
    sys.exit(main())
