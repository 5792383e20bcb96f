"""A filter over more and more users: the time of each and the memory of all must stay as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from measure import Bench, BenchError, Lines, Plot, Report, Row, Usage, median, seconds, size
from simulator import Console, simulator

NAME = "scale"
TITLE = "Scale: users.each with a filter"

FULL = (10, 1_000, 10_000, 100_000, 1_000_000)
QUICK = (10, 1_000, 10_000, 20_000)
PAGE = 500
TWO_PAGES = 2 * PAGE
LOCKED = 0.1
FEW_ROUNDS = 3  # of the largest number
SLACK = 1.2  # what counts as flat
PROGRAMS = {"host": "runbook", "worker": "runbook-vm"}

Samples = Mapping[int, Sequence[Usage]]


def run(bench: Bench) -> Report:
    """Streams each number of users from a console of its own."""
    counts = QUICK if bench.quick else FULL
    timed: dict[int, list[Usage]] = {}
    watched: dict[int, list[Usage]] = {}
    times: dict[int, list[float]] = {}
    for count in counts:
        bench.say(f"  {count:,} users")
        # The administrator is one of them.
        with simulator(bench, "--users", str(count - 1), "--locked", str(LOCKED)) as console:
            measures = {
                "users": streaming(bench, console, count, memory=False),
                "nothing": lambda console=console: nothing(bench, console),
                "memory": streaming(bench, console, count, memory=True),
            }
            samples = bench.interleave(measures, rounds=rounds(bench, count))
        timed[count], watched[count] = samples["users"], samples["memory"]
        walls = zip(samples["users"], samples["nothing"], strict=True)
        times[count] = [max(users.wall - none.wall, 0) / count for users, none in walls]
    raw = {str(count): rounds_of(timed[count], watched[count]) for count in counts}
    rows = time_rows(counts, times, timed) + memory_rows(counts, watched)
    notes = [f"{count:,} users: medians of {rounds(bench, count)} rounds." for count in counts if count > 100_000]
    return Report(rows, plot(counts, times, timed, watched), raw, notes)


def rounds(bench: Bench, count: int) -> int:
    """The largest number takes long, and varies little."""
    return min(bench.rounds, FEW_ROUNDS) if count > 100_000 else bench.rounds


def nothing(bench: Bench, console: Console) -> Usage:
    """What a run costs anyway."""
    argv = [bench.runbook, "run", bench.peers / "no_user.lua", "--json", "--no-input"]
    return bench.process(argv, env=console.environment, memory=False)


def streaming(bench: Bench, console: Console, count: int, *, memory: bool) -> Callable[[], Usage]:
    """A run that looks at every user. One whose memory is read stays for a moment at its end."""
    argv = [bench.runbook, "run", bench.peers / "each_user.lua", "--json", "--no-input"]
    argv += ["--param", f"linger={str(memory).lower()}"]
    locked = max(1, int(LOCKED * (count - 1) + 0.5))
    pages = -(-count // PAGE)

    def measure() -> Usage:
        usage = bench.process(argv, env=console.environment, memory=memory)
        outcome = json.loads(usage.stdout)
        if outcome["result"] != {"locked": locked} or outcome["calls"] != pages:
            raise BenchError(
                f"the runbook read {outcome['calls']} pages and found {outcome['result']} "
                f"where {pages} pages hold {locked} locked users"
            )
        return usage

    return measure


def rounds_of(timed: Sequence[Usage], watched: Sequence[Usage]) -> list[dict[str, Any]]:
    """The raw numbers of each round."""
    return [
        {"wall": one.wall, "cpu": one.cpu, "peaks": dict(other.peaks)}
        for one, other in zip(timed, watched, strict=True)
    ]


def time_rows(counts: Sequence[int], times: Mapping[int, Sequence[float]], timed: Samples) -> list[Row]:
    """The time of whole runs; and that of each user, of the largest number against the one before it, where what a
    run costs anyway is small already."""
    rows = [Row(f"whole run, {count:,} users", seconds(wall(timed[count]))) for count in counts]
    value, before = median(times[counts[-1]]), median(times[counts[-2]])
    ratio = value / before
    what, beside = f"time per user, {counts[-1]:,} users", f"{counts[-2]:,} users: {seconds(before)}"
    rows.append(Row(what, seconds(value), beside, ratio, f"≤ {SLACK}", ratio <= SLACK))
    return rows


def memory_rows(counts: Sequence[int], watched: Samples) -> list[Row]:
    """The peaks against those with two pages of users."""
    rows = []
    for label, program in PROGRAMS.items():
        two_pages = peak(watched[TWO_PAGES], program)
        for count in counts:
            value = peak(watched[count], program)
            what = f"peak memory of the {label}, {count:,} users"
            if count <= TWO_PAGES:
                rows.append(Row(what, size(value)))
                continue
            ratio = value / two_pages
            rows.append(Row(what, size(value), f"two pages: {size(two_pages)}", ratio, f"≤ {SLACK}", ratio <= SLACK))
    return rows


def wall(usages: Sequence[Usage]) -> float:
    """The median time of a run."""
    return median([one.wall for one in usages])


def peak(usages: Sequence[Usage], program: str) -> float:
    """The median peak of one of the two programs."""
    return median([one.peaks.get(program, 0) for one in usages])


def plot(counts: Sequence[int], times: Mapping[int, Sequence[float]], timed: Samples, watched: Samples) -> Plot:
    """Time and memory over the number of users."""
    walls = {"runbook": [(float(count), wall(timed[count])) for count in counts]}
    # What few users take is lost in what a run costs anyway.
    each = {"runbook": [(float(count), median(times[count]) * 1e6) for count in counts if count > TWO_PAGES]}
    memory = {
        label: [(float(count), peak(watched[count], program) / (1 << 20)) for count in counts]
        for label, program in PROGRAMS.items()
    }
    panels = [
        Lines("whole run", "users", "s", walls, log_x=True, log_y=True),
        Lines("time per user beyond that of a run without any", "users", "µs", each, log_x=True),
        Lines("peak memory", "users", "MiB", memory, log_x=True),
    ]
    return Plot(TITLE, panels)
