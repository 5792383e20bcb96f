"""The main job, end to end, against Python with requests; its rate of requests against wrk; single calls against
http.client."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from measure import Bars, Bench, BenchError, Plot, Report, Row, Usage, median, median_ratio, seconds, size
from simulator import Console, simulator

NAME = "main_job"
TITLE = "The main job: unlock the locked users of a role"

ROLE = "tier-1-support"
AGENT = "runbook/bench"
AIMS = {  # what may be spent, of what each peer spends
    "requests, sequential": {"wall": 0.1, "cpu": 0.2, "memory": 1 / 3, "private": 1 / 3},
    "requests, 16 threads": {"wall": 0.5, "cpu": 0.2, "memory": 1 / 3, "private": 1 / 3},
}

CASES: dict[str, Sequence[str]] = {  # a console of this machine answers at once; those of a company do not
    "http": (),
    "https": ("--tls",),
    "http, 5 ms latency": ("--latency", "5ms"),
}


def run(bench: Bench) -> Report:
    """Measures the job, the rate and the single calls."""
    rows: list[Row] = []
    panels: list[Bars] = []
    raw: dict[str, object] = {}
    for case, options in CASES.items():
        usages = job(bench, case, options)
        rows += job_rows(usages, case)
        panels += job_panels(usages, case)
        raw[case] = {
            name: [{"wall": one.wall, "cpu": one.cpu, "peaks": dict(one.peaks)} for one in values]
            for name, values in usages.items()
        }
    with simulator(bench, "--users", "1000") as console:
        rates = request_rates(bench, console)
        calls = single_calls(bench, console)
    for side, label in (("runbook", ""), ("in process", ", in process")):
        for name in ("wrk -t1 -c16", "wrk -t2 -c16"):
            ratio = median_ratio(rates[side], rates[name])
            row = Row(
                f"requests a second, 16 connections{label}",
                rate(median(rates[side])),
                f"{name}: {rate(median(rates[name]))}",
                ratio,
                "≥ 0.6",
                ratio >= 0.6,
            )
            rows.append(row)
    ratio = median_ratio(calls["runbook"], calls["http.client"])
    row = Row(
        "one call after the other",
        f"{seconds(median(calls['runbook']))} a call",
        f"http.client: {seconds(median(calls['http.client']))}",
        ratio,
        "≤ 1",
        ratio <= 1,
    )
    rows.append(row)
    panels.append(Bars("requests a second, 16 connections", "", {"": medians(rates)}))
    panels.append(Bars("one call after the other", "µs", {"": {k: v * 1e6 for k, v in medians(calls).items()}}))
    raw |= {"requests a second": rates, "seconds of one call": calls}
    return Report(rows, Plot(TITLE, panels), raw)


def job(bench: Bench, case: str, serving: Sequence[str]) -> dict[str, list[Usage]]:
    """Every side does the job on a console of its own; the ledger tells whether it did it all."""
    users, locked = bench.few(20_000, 2_000), bench.few(2_000, 200)
    script = bench.root / "scripts" / "runbooks" / "unlock-locked-users.lua"
    sides: dict[str, Sequence[object]] = {
        "runbook": [bench.runbook, "run", script, "--param", f"role={ROLE}", "--no-input"],
        "requests, sequential": [bench.python, bench.peers / "unlock_sequential.py", ROLE],
        "requests, 16 threads": [bench.python, bench.peers / "unlock_pool.py", ROLE],
    }

    def measure(name: str) -> Usage:
        options = ["--users", str(users), "--locked-in-role", f"{ROLE}={locked}"]
        options += [option for option in serving if option != "--tls"]
        with simulator(bench, *options, tls="--tls" in serving) as console:
            usage = bench.process([str(word) for word in sides[name]], env=console.environment)
            console.check_unlocked(locked, name)
            return usage

    def measuring(name: str) -> Callable[[], Usage]:
        return lambda: measure(name)

    bench.say(f"  {case}: {users:,} users, {locked:,} of them to be unlocked")
    return bench.interleave({name: measuring(name) for name in sides})


def job_rows(usages: Mapping[str, Sequence[Usage]], scheme: str) -> list[Row]:
    """Wall, processor and memory against each peer."""
    rows = []
    measures = (("wall", "wall", seconds), ("CPU", "cpu", seconds), ("peak memory", "memory", size))
    for label, key, shown in (*measures, ("memory of its own", "private", size)):
        ours = values(usages["runbook"], key)
        for peer, aims in AIMS.items():
            theirs = values(usages[peer], key)
            ratio = median_ratio(ours, theirs)
            aim = aims[key]
            rows.append(
                Row(
                    f"{label}, {scheme}",
                    shown(median(ours)),
                    f"{peer}: {shown(median(theirs))}",
                    ratio,
                    f"≤ {aim:.2g}",
                    ratio <= aim,
                )
            )
    return rows


def values(usages: Sequence[Usage], key: str) -> list[float]:
    """One measure of all rounds."""
    fields = {"memory": "peak_bytes", "private": "private_bytes"}
    return [getattr(one, fields.get(key, key)) for one in usages]


def job_panels(usages: Mapping[str, Sequence[Usage]], scheme: str) -> list[Bars]:
    """The same as bars."""

    def bars(key: str, scale: float) -> dict[str, dict[str, float]]:
        return {"": {name: median(values(one, key)) / scale for name, one in usages.items()}}

    return [
        Bars(f"{scheme}: wall", "s", bars("wall", 1)),
        Bars(f"{scheme}: CPU", "s", bars("cpu", 1)),
        Bars(f"{scheme}: peak memory", "MiB", bars("memory", 1 << 20)),
    ]


def request_rates(bench: Bench, console: Console) -> dict[str, list[float]]:
    """Requests a second for one user over 16 connections."""
    wrk = bench.tool("wrk", "wrk")
    count, duration = bench.few(40_000, 4_000), bench.few(3, 1)
    user = console.url + "/api/3/users/7"

    def by_wrk(threads: int) -> float:
        argv = [wrk, f"-t{threads}", "-c16", f"-d{duration}s", "-s", bench.peers / "wrk.lua", user]
        env = {"BENCH_AUTHORIZATION": console.authorization, "BENCH_AGENT": AGENT}
        text = bench.process(argv, env=env, memory=False).stdout
        found = re.search(r"Requests/sec:\s+([0-9.]+)", text)
        if not found or "Non-2xx" in text or "Socket errors" in text:
            raise BenchError(f"wrk could not read {user}: {text.strip()}")
        return float(found[1])

    bench.say(f"  {count:,} requests over 16 connections")
    return bench.interleave(
        {
            "runbook": lambda: count / get_users(bench, console, count, 16),
            "in process": lambda: count / get_users_in_process(bench, console, count, 16),
            "wrk -t1 -c16": lambda: by_wrk(1),
            "wrk -t2 -c16": lambda: by_wrk(2),
        }
    )


def single_calls(bench: Bench, console: Console) -> dict[str, list[float]]:
    """Seconds of one call, each made when the one before is answered."""
    count = bench.few(10_000, 1_000)
    host, port = console.url.removeprefix("http://").split(":")
    argv = [bench.python, bench.peers / "http_client.py", host, port, "/api/3/users/7", str(count)]
    argv += [console.authorization, AGENT]
    bench.say(f"  {count:,} requests, one after the other")
    return bench.interleave(
        {
            "runbook": lambda: get_users(bench, console, count, 1) / count,
            "http.client": lambda: float(bench.process(argv, memory=False).stdout) / count,
        }
    )


def get_users(bench: Bench, console: Console, count: int, width: int) -> float:
    """Seconds that a run takes which reads one user so many times, from its start to its end."""
    argv = [bench.runbook, "run", bench.peers / "get_users.lua", "--json", "--no-input"]
    for name, value in (("id", 7), ("count", count), ("width", width)):
        argv += ["--param", f"{name}={value}"]
    outcome = json.loads(bench.process(argv, env=console.environment, memory=False).stdout)
    if outcome["calls"] != count:
        raise BenchError(f"the runbook made {outcome['calls']} calls instead of {count}")
    return outcome["duration_ms"] / 1000


def get_users_in_process(bench: Bench, console: Console, count: int, width: int) -> float:
    """The same in a program that embeds the host and runs scripts in itself."""
    argv = [bench.release / "bench-runs", "1", "in-process", str(width), str(count), str(width)]
    return float(json.loads(bench.process(argv, env=console.environment, memory=False).stdout)["wall"])


def rate(value: float) -> str:
    """A rate as people read it."""
    return f"{value:,.0f}/s"


def medians(samples: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each side."""
    return {name: median(one) for name, one in samples.items()}
