"""What it costs that a run writes everything down, and how quickly one is taken up again."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import Bars, Bench, BenchError, Plot, Report, Row, median, seconds

NAME = "journal"
TITLE = "The journal: each call, changes in flight, resume"

IN_FLIGHT = 16
AIM_SHARED = 20.0  # times the changes a second of one commit per change
AIM_RESUME = 2.0  # seconds for 100,000 calls


def run(bench: Bench) -> Report:
    """Runs the same script with and without a journal over a server that answers at once, each in a process of its own."""
    reads, changes = bench.few(20_000, 1_000), bench.few(3_000, 200)
    calls = bench.few(100_000, 2_000)

    def measuring(*words: str | int) -> Callable[[], float]:
        return lambda: measured(bench, [str(word) for word in words])

    samples = bench.interleave(
        {
            "read, no journal": measuring("reads", reads, 1, "none"),
            "read": measuring("reads", reads, 1, "shared"),
            "change, no journal": measuring("changes", changes, 1, "none"),
            "change": measuring("changes", changes, 1, "shared"),
            "every row committed alone": measuring("changes", changes, 1, "alone"),
            f"{IN_FLIGHT} in flight": measuring("changes", changes * 4, IN_FLIGHT, "shared"),
            "resume": measuring("resume", calls),
        }
    )
    counts = {name: reads if name.startswith("read") else changes for name in samples}
    counts[f"{IN_FLIGHT} in flight"] = changes * 4
    each = {name: [value / counts[name] for value in values] for name, values in samples.items() if name != "resume"}

    def over(name: str) -> float:
        pairs = zip(each[name], each[f"{name}, no journal"], strict=True)
        return median([own - other for own, other in pairs])

    rows = []
    for name in ("read", "change"):
        rows.append(
            Row(
                f"the journal's part of a {name}",
                f"{seconds(over(name))} more",
                f"without a journal: {seconds(median(each[f'{name}, no journal']))}",
            )
        )
    shared = f"{IN_FLIGHT} in flight"
    for beside, aim in (("every row committed alone", AIM_SHARED), ("change", None)):
        ratio = median([other / own for own, other in zip(each[shared], each[beside], strict=True)])
        label = "one commit per row" if aim else "one after the other, one shared commit each"
        rows.append(
            Row(
                f"changes a second, {shared}, durable",
                f"{1 / median(each[shared]):,.0f}/s",
                f"{label}: {1 / median(each[beside]):,.0f}/s",
                ratio,
                f"≥ {AIM_SHARED:.0f}" if aim else "",
                ratio >= AIM_SHARED if aim else None,
            )
        )
    wall = median(samples["resume"])
    rows.append(
        Row(
            f"resume of a run of {calls:,} calls",
            seconds(wall),
            aim=f"≤ {seconds(AIM_RESUME)}",
            met=wall <= AIM_RESUME,
        )
    )
    panel = Bars("a call", "µs", {"": {name: median(values) * 1e6 for name, values in each.items()}})
    return Report(rows, Plot(TITLE, [panel]), {"seconds": samples}, ["The server is in the process and answers at once."])


def measured(bench: Bench, words: list[str]) -> float:
    """Runs the program in a folder of its own, on the disk that state folders are on."""
    program = bench.release / "bench-journal"
    if not program.exists():
        raise BenchError(f"{program} is missing; build it with: swift build -c release --product bench-journal")
    folder = Path(tempfile.mkdtemp(prefix="journal-", dir=bench.work))
    try:
        return float(json.loads(bench.process([program, *words, str(folder)], memory=False).stdout)["wall"])
    finally:
        shutil.rmtree(folder)
