"""Schedules: the next firing, how late slots are started when many are due at once, and an idle daemon's memory."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import Bars, Bench, BenchError, Plot, Report, Row, median, median_ratio, percentile, seconds, size

NAME = "schedules"
TITLE = "Schedules: next firing, lateness, an idle daemon"

AIM_NEXT = 10e-6  # seconds
AIM_LATE = 1.0  # seconds, the 99th of 100
RUNBOOK = 'runbook { title = "Does nothing" }\nreturn 1\n'


def run(bench: Bench) -> Report:
    """The next firing beside two libraries of Python's; a daemon with many schedules beside APScheduler."""
    count, due = bench.few(10_000, 200), bench.few(500, 20)
    lead = bench.few(20, 6)  # seconds until they are due: the daemon is idle for most of it

    def library(name: str) -> Callable[[], float]:
        words = [bench.python, bench.peers / "next_firing.py", name, str(bench.few(3_000, 200))]
        return lambda: float(bench.process(words, memory=False).stdout)

    firings = bench.interleave(
        {
            "runbook": lambda: tool(bench, "next", str(bench.few(2_000_000, 100_000)))["nanoseconds"] / 1e9,
            "cronsim": library("cronsim"),
            "croniter": library("croniter"),
        }
    )
    days = bench.interleave(
        {
            "runbook": lambda: day(bench, count, due, lead),
            "apscheduler": lambda: apscheduler(bench, count, due, bench.few(60, 10)),
        },
        rounds=min(bench.rounds, 3),
    )

    own = median(firings["runbook"])
    rows = [
        Row(
            "next firing, of mixed expressions in mixed zones",
            seconds(own),
            "; ".join(f"{name} {seconds(median(firings[name]))}" for name in ("cronsim", "croniter")),
            median_ratio(firings["runbook"], firings["cronsim"]),
            f"≤ {seconds(AIM_NEXT)}",
            own <= AIM_NEXT,
        )
    ]
    late = {name: [percentile(one["late"], 99) / 1000 for one in values] for name, values in days.items()}
    rows.append(
        Row(
            f"lateness, {due:,} of {count:,} schedules due in the same second (p99; p50)",
            f"{seconds(median(late['runbook']))}; "
            f"{seconds(median([percentile(one['late'], 50) / 1000 for one in days['runbook']]))}",
            f"APScheduler, a function that does nothing in 16 threads: {seconds(median(late['apscheduler']))}",
            median_ratio(late["runbook"], late["apscheduler"]),
            f"p99 ≤ {seconds(AIM_LATE)}",
            median(late["runbook"]) <= AIM_LATE,
        )
    )
    memory = {name: [one["memory"] for one in values] for name, values in days.items()}
    resident = median([one["resident"] for one in days["runbook"]])
    rows.append(
        Row(
            f"memory of its own of an idle daemon with {count:,} schedules",
            f"{size(median(memory['runbook']))} ({size(resident)} with files of the system's)",
            f"APScheduler: {size(median(memory['apscheduler']))}",
            median_ratio(memory["runbook"], memory["apscheduler"]),
        )
    )
    rows.append(
        Row(
            "its processor time while idle",
            f"{median([one['idle'] for one in days['runbook']]) * 100:.2f} % of one processor",
        )
    )
    panel = Bars("the next firing", "µs", {"": {name: median(values) * 1e6 for name, values in firings.items()}}, log=True)
    return Report(rows, Plot(TITLE, [panel]), {"firings": firings, "late": late, "memory": memory})


def day(bench: Bench, count: int, due: int, lead: int) -> dict:
    """A daemon over a state folder that was filled just now, until all that is due has run."""
    folder = Path(tempfile.mkdtemp(prefix="schedules-", dir=bench.work))
    try:
        runbook = folder / "nothing.lua"
        runbook.write_text(RUNBOOK)
        state = folder / "state"
        planned = tool(bench, "fill", str(state), str(count), str(due), str(lead), str(runbook))["planned"] / 1000
        # The daemon is left alone but for a glance at /proc.
        target = {  # nothing is asked of it
            "RUNBOOK_CONSOLE_URL": "http://127.0.0.1:9",
            "RUNBOOK_CONSOLE_USER": "bench",
            "RUNBOOK_CONSOLE_PASSWORD": "bench",
        }
        process = bench._spawn([bench.runbook, "serve", "--state", state, "--log-level", "warn"], target)
        try:
            time.sleep(max(0.5, planned - time.time() - 4))
            before, then = ticks(process.pid), time.time()
            time.sleep(max(0.5, planned - time.time() - 1))
            idle = (ticks(process.pid) - before) / (time.time() - then)
            memory, resident = status(process.pid, "RssAnon"), status(process.pid, "VmRSS")
            deadline = planned + 60
            while True:
                time.sleep(max(0.5, planned + 3 - time.time()))
                result = tool(bench, "lateness", str(state), str(int(planned * 1000)))
                if result["slots"] + result["others"] >= due:
                    break
                if time.time() > deadline:
                    raise BenchError(f"a minute later {result['slots']} of {due} slots had run")
        finally:
            bench.stop(process)
        if result["others"]:
            raise BenchError(f"{result['others']} of {due} slots did not run well")
        return {"late": result["late"], "memory": memory, "resident": resident, "idle": idle}
    finally:
        shutil.rmtree(folder)


def apscheduler(bench: Bench, count: int, due: int, lead: int) -> dict:
    """The same of APScheduler, which gets its jobs before."""
    folder = Path(tempfile.mkdtemp(prefix="apscheduler-", dir=bench.work))
    try:
        words = [bench.python, bench.peers / "apscheduler_jobs.py", folder / "jobs.db", str(count), str(due), str(lead)]
        result = json.loads(bench.process(words, memory=False).stdout)
        if len(result["late"]) < due or result["late"][0] < 0:
            raise BenchError("APScheduler did not run all jobs at their time")
        return result
    finally:
        shutil.rmtree(folder)


def tool(bench: Bench, *words: str) -> dict:
    """What bench-schedules prints."""
    program = bench.release / "bench-schedules"
    if not program.exists():
        raise BenchError(f"{program} is missing; build it with: swift build -c release --product bench-schedules")
    return json.loads(bench.process([program, *words], memory=False).stdout)


def status(process: int, name: str) -> int:
    """A size from /proc, in bytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":"))


def ticks(process: int) -> float:
    """The processor time of a process, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
