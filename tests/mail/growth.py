"""Whether a reader's work grows with the length of what it reads, and no faster. Noise of the machine doesn't count."""

import time

ROUNDS = 10
SLACK = 3.5  # times as long, for twice as much; squared it would be four
QUICK = 0.02  # seconds: whatever takes less has not grown


def seconds(work, given):
    """Of the processor."""
    began = time.process_time()
    work(given)
    return time.process_time() - began


def grows_linearly(work, half, whole):
    """Whether the whole costs at most SLACK times what half of it costs: of several rounds the quickest of each counts,
    and both are measured again when other work on the machine seems to have disturbed them.
    """
    least_half = least_whole = float("inf")
    for _ in range(ROUNDS):
        least_half = min(least_half, seconds(work, half))
        least_whole = min(least_whole, seconds(work, whole))
        if least_whole < max(SLACK * least_half, QUICK):
            return True
    return False
