"""Many runs at once in one host: what each of them takes must not grow with their number."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Bench, BenchError, Lines, Plot, Report, Row, median, percentile, seconds, size
from simulator import Console, simulator

NAME = "many_runs"
TITLE = "Many runs at once"

MODES = ("in-process", "confined")
CONNECTIONS = (16, 256)  # 16 is what a target has if nobody says otherwise
CALLS = 20
LATENCY = 0.02
FEW_ROUNDS = 3  # of a thousand runs, which take long and are many samples in themselves
SLACK = 1.2  # what counts as flat


@dataclass(frozen=True)
class Sample:
    """What one start of the host with all its runs took."""

    wall: float
    cpu: float
    times: list[float]


def run(bench: Bench) -> Report:
    """Measures each number of runs in both kinds of machine, with few connections and with many."""
    counts = (1, 10, 50) if bench.quick else (1, 10, 100, 1_000)
    samples: dict[str, dict[int, list[Sample]]] = {}
    memory: dict[str, dict[int, float]] = {mode: {} for mode in MODES}
    with simulator(bench, "--users", "1000", "--latency", f"{LATENCY * 1000:.0f}ms") as console:
        for count in counts:
            bench.say(f"  {count:,} runs")
            sides = {name(mode, width): measuring(bench, console, count, mode, width) for width, mode in pairs()}
            taken = bench.interleave(sides, rounds=min(bench.rounds, FEW_ROUNDS) if count > 100 else None)
            for side, values in taken.items():
                samples.setdefault(side, {})[count] = values
            for mode in MODES:
                # In a start of its own: reading a thousand processes again and again slows what is measured. Few
                # connections keep all the runs under way for long.
                argv = command(bench, count, mode, CONNECTIONS[0])
                memory[mode][count] = bench.process(argv, env=console.environment).private_bytes
    rows = [row for side, of in samples.items() for row in speed_rows(side, of)]
    for mode in MODES:
        rows.append(flat("memory per run", mode, counts, growth(memory[mode]), size))
        of_each = {count: median([one.cpu for one in samples[name(mode, CONNECTIONS[-1])][count]]) for count in counts}
        rows.append(flat("CPU per run", mode, counts, growth(of_each), seconds))
    raw = {
        "speed": {
            side: {str(count): [vars(one) for one in many] for count, many in of.items()}
            for side, of in samples.items()
        },
        "memory": memory,
    }
    return Report(rows, plot(samples, memory), raw, notes())


def pairs() -> list[tuple[int, str]]:
    """Every combination of connections and machines."""
    return [(width, mode) for width in CONNECTIONS for mode in MODES]


def name(mode: str, width: int) -> str:
    """A combination as people read it."""
    return f"{mode.replace('-', ' ')}, {width} connections"


def command(bench: Bench, count: int, mode: str, width: int) -> list[str | Path]:
    """The program that starts the runs."""
    program = bench.release / "bench-runs"
    if not program.exists():
        raise BenchError(f"{program} is missing; build it with: swift build -c release --product bench-runs")
    return [program, str(count), mode, str(width), str(CALLS)]


def measuring(bench: Bench, console: Console, count: int, mode: str, width: int) -> Callable[[], Sample]:
    """So many runs in one host."""

    def measure() -> Sample:
        usage = bench.process(command(bench, count, mode, width), env=console.environment, memory=False)
        result = json.loads(usage.stdout)
        return Sample(result["wall"], usage.cpu, result["times"])

    return measure


def speed_rows(side: str, samples: Mapping[int, Sequence[Sample]]) -> list[Row]:
    """Throughput against what the latency and the connections allow, and how long a run takes."""
    width = int(side.split()[-2])
    rows = []
    for count, values in samples.items():
        rate = median([count * CALLS / one.wall for one in values])
        allowed = min(count, width) / LATENCY
        times = [time for one in values for time in one.times]
        middle, slow = seconds(percentile(times, 50)), seconds(percentile(times, 99))
        rows.append(
            Row(
                f"{count:,} runs, {side}",
                f"{rate:,.0f} calls/s; a run takes {middle} (p99 {slow})",
                f"the latency allows {allowed:,.0f} calls/s",
                rate / allowed,
            )
        )
    return rows


def growth(totals: Mapping[int, float]) -> dict[int, float]:
    """What each run adds to what the first one takes with its host."""
    alone = totals[1]
    return {count: (total - alone) / (count - 1) for count, total in totals.items() if count > 1}


def flat(what: str, mode: str, counts: Sequence[int], each: Mapping[int, float], shown: Callable[[float], str]) -> Row:
    """The largest number of runs against the one before it."""
    most, before = counts[-1], counts[-2]
    ratio = each[most] / each[before]
    beside = f"{before:,} runs: {shown(each[before])}"
    label = f"{what}, {mode.replace('-', ' ')}, {most:,} runs"
    return Row(label, shown(each[most]), beside, ratio, f"≤ {SLACK}", ratio <= SLACK)


def plot(samples: Mapping[str, Mapping[int, Sequence[Sample]]], memory: Mapping[str, Mapping[int, float]]) -> Plot:
    """Throughput, the slowest runs and the memory over the number of runs."""

    def over(value: Callable[[int, Sequence[Sample]], float]) -> dict[str, list[tuple[float, float]]]:
        return {
            side: [(float(count), value(count, many)) for count, many in of.items()] for side, of in samples.items()
        }

    def p99(_: int, many: Sequence[Sample]) -> float:
        return percentile([time for one in many for time in one.times], 99)

    rates = over(lambda count, many: median([count * CALLS / one.wall for one in many]))
    each = {
        mode.replace("-", " "): [(float(count), value / 1024) for count, value in growth(of).items()]
        for mode, of in memory.items()
    }
    panels = [
        Lines("throughput", "runs at once", "calls/s", rates, log_x=True, log_y=True),
        Lines("99 of 100 runs take no longer than", "runs at once", "s", over(p99), log_x=True, log_y=True),
        Lines("memory of each run", "runs at once", "KiB", each, log_x=True, log_y=True),
    ]
    return Plot(TITLE, panels)


def notes() -> list[str]:
    """How to read the rows."""
    return [
        f"A run makes {CALLS} calls, one after the other, that the console answers after {LATENCY * 1000:.0f} ms. A "
        "run's time begins when all were started. Memory and CPU per run are what each run adds to a host with one; "
        "memory is what host and workers hold at one time apart from what they map from files. A thousand runs are "
        f"started {FEW_ROUNDS} times at most."
    ]
