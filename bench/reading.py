"""What it costs to understand one ordinary mail of 8 kB: processor time a stage, at the median of many mails.

`python -m bench.reading` prints the table; `make bench` puts it into docs/benchmarks.md.
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from bench.mails import Correspondence
from mailflow import config
from mailflow.config.starter import make_installation
from mailflow.core.settings import Limits
from mailflow.core.wording import Reason
from mailflow.mail.language import LanguageDetector
from mailflow.mail.lexicon import Lexicons
from mailflow.mail.origin import origin
from mailflow.mail.parse import parse
from mailflow.mail.parsed import Parsed
from mailflow.mail.signs import signs_in
from mailflow.mail.topics import topic_scores
from mailflow.mail.worker import ParserProcess

MAILS = 600
WRITTEN = date(2026, 11, 10)  # so that deadlines are looked for
LEAST, MOST = 6_500, 9_500  # octets: an ordinary mail of about 8 kB
AIMS = {"parse, there and back": 1.5, "language": 1.5, "topics": 0.5}  # ms at the median


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    median: float  # ms of the processor
    late: float  # 95th percentile


def measured() -> list[Stage]:
    mails = ordinary()
    told = {"parse, there and back": there_and_back(mails)}
    parsed = [parse(raw) for raw in mails]
    told |= judged(parsed)
    return [
        Stage(name, statistics.median(times), sorted(times)[int(len(times) * 0.95) - 1]) for name, times in told.items()
    ]


def ordinary() -> list[bytes]:
    """Questions with text and HTML in nine languages."""
    made = Correspondence("helpdesk@example.org", seed=2026).mix(3 * MAILS, deque())
    raw = (sample.letter.raw for sample in made if sample.kind == "question")
    return [octets for octets in raw if LEAST <= len(octets) <= MOST][:MAILS]


def there_and_back(mails: list[bytes]) -> list[float]:
    """The worker's time and ours for each mail, both by their own clocks. A process's clock ticks coarsely, so the
    worker's is taken over the whole run and shared out by what the same parser takes in this process.
    """
    alone = _timed(parse, mails)
    with ParserProcess(Limits()) as reader:
        for raw in mails[:20]:
            assert not isinstance(reader.read(raw), Reason)
        worker = psutil.Process(psutil.Process().children()[-1].pid)
        before = sum(worker.cpu_times()[:2])
        ours = _timed(reader.read, mails)
        spent = 1000 * (sum(worker.cpu_times()[:2]) - before)
    rate = spent / sum(alone)
    return [here + rate * there for here, there in zip(ours, alone, strict=True)]


def judged(parsed: list[Parsed]) -> dict[str, list[float]]:
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        make_installation(home)
        _, desk = config.load(home)
    detector, lexicons = LanguageDetector(desk.policy.languages), Lexicons(desk.words)
    codes = [detector.detect(mail.text).code for mail in parsed]  # the profiles are loaded now
    heard = [lexicons.hear(mail.subject, mail.text, code) for mail, code in zip(parsed, codes, strict=True)]

    def topics(case: tuple[Parsed, str]) -> None:
        topic_scores(lexicons.hear(case[0].subject, case[0].text, case[1]))

    return {
        "origin": _timed(lambda mail: origin(mail, desk.policy.own_addresses), parsed),
        "language": _timed(lambda mail: detector.detect(mail.text), parsed),
        "topics": _timed(topics, list(zip(parsed, codes, strict=True))),
        "signs": _timed(lambda one: signs_in(one, WRITTEN), heard),
    }


def _timed(work: Callable[[Any], object], cases: list[Any]) -> list[float]:
    """Milliseconds of this process for each case."""
    times = []
    for case in cases:
        began = time.process_time()
        work(case)
        times.append(1000 * (time.process_time() - began))
    return times


def table(stages: list[Stage]) -> list[str]:
    rows = []
    for stage in stages:
        aim = AIMS.get(stage.name)
        verdict = f"{aim:g}{'' if stage.median <= aim else ' **(missed)**'}" if aim else ""
        rows.append(f"| {stage.name} | {stage.median:.2f} | {stage.late:.2f} | {verdict} |")
    return ["| stage | CPU ms at the median | 95th percentile | aim |", "| --- | ---: | ---: | ---: |", *rows]


if __name__ == "__main__":
    print(*table(measured()), sep="\n")
