"""Runs programs and counts what they do."""

import json
import re
import statistics
import subprocess
from pathlib import Path

from works import Work

# What is counted of a work, in the order of the table.
METRICS = ("instructions", "allocations", "Lua blocks", "bytes copied")

# Where scripts/counts has built what is run, and where profiles stay.
BUILD = Path(".build/counts")

# Seconds; a program that takes longer hangs.
_PATIENCE = 300


class MeasuringError(Exception):
    """A program did not do what it was to."""


def profile_of(name: str) -> Path:
    """Where callgrind's profile of a work is left, for whoever asks where its instructions go."""
    return BUILD / f"{name.replace(' ', '-')}.callgrind"


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a program that must end well."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, errors="replace", timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise MeasuringError(f"`{' '.join(command)}` has not ended after {_PATIENCE} s") from error
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-3_000:]
        raise MeasuringError(f"`{' '.join(command)}` ended with status {done.returncode}; it said:\n{said}")
    return done


def _count(command: list[str], report: Path, profile: Path | None) -> dict[str, int]:
    """Runs a program with the counting library, under callgrind if there is a profile to write; gives its counts."""
    report.unlink(missing_ok=True)
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}"] if profile else []
    # The same everywhere, and nothing else: Lua's hashes depend on where the stack is, which begins behind it. Debian's
    # valgrind is a shell's script; the shell would put in the folder's name if it were not there.
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PWD": "/proc/self/cwd",
        "LD_PRELOAD": f"{BUILD}/counting.so",
        "COUNTS_FILE": str(report),
        "SWIFT_DETERMINISTIC_HASHING": "1",
    }
    done = run(tool + command, environment)
    if not report.exists():
        raise MeasuringError(f"`{' '.join(tool + command)}` has not counted: is {BUILD}/counting.so there?")
    counts: dict[str, int] = json.loads(report.read_text())
    if profile:
        collected = re.search(r"Collected : (\d+)", done.stderr)
        if not collected:
            raise MeasuringError(f"valgrind tells no count of instructions; it said:\n{done.stderr[-3_000:]}")
        counts["instructions"] = int(collected.group(1))
    return counts


def _for_one(command: list[str], times: int, name: str, *, valgrind: bool) -> dict[str, float]:
    """The counts for one unit: the difference of a long run and a short one, by how much longer it is."""
    profile = profile_of(name)
    report = profile.with_suffix(".json")
    runs = []
    for count, place in ((times // 4, profile.with_suffix(".short")), (times, profile)):
        arguments = [argument.replace("COUNT", str(count)) for argument in command]
        runs.append(_count(arguments, report, place if valgrind else None))
    short, long = runs
    return {metric: (long[metric] - short[metric]) / (times - times // 4) for metric in long}


def machine_work(work: Work) -> dict[str, float]:
    """The counts of a work of the machine."""
    command = [f"{BUILD}/machine", work.name.split()[1], "COUNT", f"{BUILD}/names", f"{BUILD}/prelude.lua", str(BUILD)]
    return _for_one(command, work.times, work.name, valgrind=True)


def host_work(work: Work, console: str) -> dict[str, float]:
    """The counts of a work of the host. They differ a little: the median of three is taken."""
    arguments = [work.name.split()[1], "COUNT", f"{BUILD}/{work.reply}" if work.reply else console]
    natively = [".build/debug/count-calls", *arguments]
    counts = _median([_for_one(natively, work.times, work.name, valgrind=False) for _ in range(3)])
    if work.times_in_valgrind:
        # Stripped of what valgrind cannot read.
        command = [f"{BUILD}/count-calls", *arguments]
        several = [_for_one(command, work.times_in_valgrind, work.name, valgrind=True) for _ in range(3)]
        counts["instructions"] = _median(several)["instructions"]
    return counts


def _median(several: list[dict[str, float]]) -> dict[str, float]:
    return {metric: statistics.median(counts[metric] for counts in several) for metric in several[0]}
