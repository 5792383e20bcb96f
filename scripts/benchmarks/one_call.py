"""What one call from a script to its host and back costs, without a network."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers import driver
from measure import Bars, Bench, Plot, Report, Row, median, seconds

NAME = "one_call"
TITLE = "One call: machine, host, machine"

OVER_BARE = 3e-6
OVER_TRIP = 1.5
PAYLOAD = 200  # bytes each way: about what a call and its reply are in their frames


def run(bench: Bench) -> Report:
    """Measures every way in processes of its own, in turns; once with all processors and once on one of them."""
    call = driver(bench, "machine/call.c")
    trip = driver(bench, "machine/roundtrip.c")
    swift = bench.release / "bench-calls"
    lupa = bench.peers / "lupa_call.py"
    count = str(bench.few(100_000, 2_000))
    few = str(bench.few(20_000, 1_000))
    ways: dict[str, Sequence[str | Path]] = {
        "bare C": [call, "bare", count],
        "machine in C": [call, "machine", count],
        "machine in process": [swift, "machine-in-process", count],
        "run in process": [swift, "host-in-process", count],
        "machine confined": [swift, "machine-confined", few],
        "run confined": [swift, "host-confined", few],
        "round trip, threads": [trip, "threads", str(PAYLOAD), few],
        "round trip, processes": [trip, "processes", str(PAYLOAD), few],
        "lupa, function": [bench.python, lupa, "function", few],
        "lupa, coroutine": [bench.python, lupa, "coroutine", few],
    }
    rows: list[Row] = []
    panels: list[Bars] = []
    raw: dict[str, dict[str, list[float]]] = {}
    for place, prefix in (("all processors", ()), ("one processor", pinned(bench))):

        def measuring(argv: Sequence[str | Path], prefix: Sequence[str] = prefix) -> Callable[[], float]:
            return lambda: float(bench.process([*prefix, *argv], memory=False).stdout.split()[0])

        samples = bench.interleave({name: measuring(argv) for name, argv in ways.items()})
        raw[place] = samples
        rows += compare(place, samples)
        panels.append(Bars(place, "µs", {"": {name: median(values) * 1e6 for name, values in samples.items()}}))
    note = (
        "In process: what the call takes beyond bare C's lua_yieldk and lua_resume. Confined: what it takes beyond the "
        f"same call in process, beside a raw round trip of {PAYLOAD} bytes. Machine: policy, plan and journal off; run: "
        "a whole run with policy and budgets. lupa makes a table of the reply as the product does; bare C leaves it as "
        "text."
    )
    return Report(rows, Plot(TITLE, panels), {"seconds_a_call": raw}, [note])


def pinned(bench: Bench) -> list[str]:
    """Keeps a program and its children on one processor."""
    return [bench.tool("taskset", "util-linux"), "-c", str(min(os.sched_getaffinity(0)))]


def compare(place: str, samples: dict[str, list[float]]) -> list[Row]:
    """The rows of one table."""
    bare = samples["bare C"]
    beside_bare = f"bare C: {seconds(median(bare))}"
    rows = []
    for name in ("machine in C", "machine in process", "run in process"):
        over = median([own - other for own, other in zip(samples[name], bare, strict=True)])
        is_aimed = name == "machine in process"
        rows.append(
            Row(
                f"{name}, {place}",
                seconds(median(samples[name])),
                f"{beside_bare}; {seconds(over)} more",
                aim=f"≤ {seconds(OVER_BARE)} more" if is_aimed else "",
                met=over <= OVER_BARE if is_aimed else None,
            )
        )
    for kind in ("machine", "run"):
        own, inside = samples[f"{kind} confined"], samples[f"{kind} in process"]
        for trips in ("processes", "threads"):
            raw = samples[f"round trip, {trips}"]
            ratio = median([(a - b) / c for a, b, c in zip(own, inside, raw, strict=True)])
            is_aimed = trips == "processes"
            rows.append(
                Row(
                    f"{kind} confined less in process, {place}",
                    f"{seconds(median(own))} less {seconds(median(inside))}",
                    f"round trip between {trips}: {seconds(median(raw))}",
                    ratio,
                    f"≤ {OVER_TRIP}" if is_aimed else "",
                    ratio <= OVER_TRIP if is_aimed else None,
                )
            )
    for name in ("lupa, function", "lupa, coroutine"):
        for own in ("machine in process", "run in process"):
            ratio = median([a / b for a, b in zip(samples[own], samples[name], strict=True)])
            rows.append(
                Row(
                    f"{own}, {place}", seconds(median(samples[own])), f"{name}: {seconds(median(samples[name]))}", ratio
                )
            )
    return rows
