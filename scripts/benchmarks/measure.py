"""What every question of the benchmark is measured with: rounds that take turns, processes with their cost, reports.

A question is a module with NAME (its file names and its argument of `scripts/bench`), TITLE (the heading of its table)
and `run(bench: Bench) -> Report`.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class BenchError(Exception):
    """A question cannot be measured; the text says why and what to do."""


@dataclass(frozen=True)
class Usage:
    """What one process cost, with the descendants that it waited for."""

    wall: float  # seconds from before its start until it was reaped
    cpu: float  # seconds, user and system
    peak_bytes: int  # the sum of the peaks of the process and its descendants; 0 where it was not asked for
    stdout: str
    stderr: str
    peaks: Mapping[str, int] = field(default_factory=dict)  # the same, by the names of the programs
    private_bytes: int = 0  # the most that all of them held at one time apart from what they map from files


@dataclass(frozen=True)
class Row:
    """A line of the table. `ratio` is measured divided by beside: the median of the ratios of the single rounds."""

    what: str
    measured: str
    beside: str = ""
    ratio: float | None = None
    aim: str = ""  # such as "≤ 0.1"; empty where nothing is aimed at
    met: bool | None = None


@dataclass(frozen=True)
class Bars:
    """A panel of horizontal bars: {group: {series: value}}. One group may be named ""."""

    title: str
    unit: str
    groups: Mapping[str, Mapping[str, float]]
    log: bool = False


@dataclass(frozen=True)
class Lines:
    """A panel of lines: {series: [(x, y), …]}."""

    title: str
    x_label: str
    y_label: str
    series: Mapping[str, Sequence[tuple[float, float]]]
    log_x: bool = False
    log_y: bool = False


@dataclass(frozen=True)
class Plot:
    """One SVG of one or several panels, one below the other."""

    title: str
    panels: Sequence[Bars | Lines]


@dataclass(frozen=True)
class Report:
    """The answer to a question. `raw` goes into results.json, `notes` below the table."""

    rows: Sequence[Row]
    plot: Plot | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def median_ratio(measured: Sequence[float], beside: Sequence[float]) -> float:
    """The median of the ratios of the single rounds: noise that a round's both sides share cancels out."""
    return statistics.median(m / b for m, b in zip(measured, beside, strict=True))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many per cent of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def seconds(value: float) -> str:
    """A duration as people read it."""
    for limit, scale, unit in ((1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1, 1e3, "ms")):
        if value < limit:
            return f"{digits(value * scale)} {unit}"
    return f"{digits(value)} s"


def size(count: float) -> str:
    """Bytes as people read them."""
    for limit, unit in ((1 << 10, "B"), (1 << 20, "KiB"), (1 << 30, "MiB"), (1 << 40, "GiB")):
        if count < limit:
            return f"{digits(count / (limit >> 10))} {unit}"
    return f"{digits(count / (1 << 40))} TiB"


def digits(value: float) -> str:
    """Three significant digits; all of a larger number."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.2g}"


class Bench:
    """What a question measures with."""

    def __init__(self, root: Path, release: Path, output: Path, python: Path, rounds: int, quick: bool) -> None:
        self.root = root  # the repository
        self.release = release  # the directory of the release build
        self.output = output  # for results and for what is kept between benchmarks, such as compiled peers
        self.python = python  # the interpreter that has the peers from PyPI
        self.rounds = rounds
        self.quick = quick
        self.work = Path(tempfile.mkdtemp(prefix="runbook-bench-"))  # goes away at the end
        self.peers = root / "scripts" / "benchmarks" / "peers"
        self._running: set[subprocess.Popen[Any]] = set()

    @property
    def runbook(self) -> Path:
        """The release build of the command."""
        return self.release / "runbook"

    def close(self) -> None:
        """Ends what still runs and removes the work directory."""
        for process in list(self._running):
            self.stop(process)
        shutil.rmtree(self.work, ignore_errors=True)

    def say(self, text: str) -> None:
        """Tells on stderr how far it is."""
        print(text, file=sys.stderr, flush=True)

    def few(self, full: int, quick: int) -> int:
        """A count that `--quick` makes smaller."""
        return quick if self.quick else full

    def tool(self, name: str, package: str) -> str:
        """The path of a program of a Debian package, or an error that names the package."""
        path = shutil.which(name)
        if path is None:
            raise BenchError(f"{name} is not installed; install it with: apt-get install {package}")
        return path

    def interleave(self, measures: Mapping[str, Callable[[], T]], rounds: int | None = None) -> dict[str, list[T]]:
        """Measures in turns (A B C, B C A, …), after one uncounted turn, so that all share what the machine does."""
        for name, measure in measures.items():
            self.say(f"  warming up: {name}")
            measure()
        names = list(measures)
        values: dict[str, list[T]] = {name: [] for name in names}
        for number in range(rounds or self.rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                values[name].append(measures[name]())
            if (rounds or self.rounds) <= 10:
                self.say(f"  round {number + 1}")
        return values

    def process(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        memory: bool = True,
        check: bool = True,
        timeout: float = 1800,
    ) -> Usage:
        """Runs a program to its end. `env` comes on top of a small environment that is the same on every machine;
        without `memory` its memory is not watched, which would disturb programs of a few milliseconds. Unless `check`
        is off, an exit code other than 0 is an error."""
        with tempfile.TemporaryFile(dir=self.work) as out, tempfile.TemporaryFile(dir=self.work) as err:
            started = time.perf_counter()
            process = self._spawn(argv, env, stdout=out, stderr=err)
            watch = MemoryWatch(process.pid) if memory else None
            alarm = threading.Timer(timeout, process.kill)
            alarm.start()
            try:
                _, status, used = os.wait4(process.pid, 0)
            except BaseException:
                self.stop(process)
                raise
            finally:
                ended = time.perf_counter()
                alarm.cancel()
                if watch:
                    watch.finish()
            process.returncode = os.waitstatus_to_exitcode(status)
            self._running.discard(process)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
        if check and process.returncode != 0:
            shown = " ".join(str(word) for word in argv)
            raise BenchError(f"`{shown}` ended with {process.returncode}: {texts[1].strip()[-800:] or texts[0][-400:]}")
        cpu = used.ru_utime + used.ru_stime
        peaks = watch.peaks if watch else {}
        private = watch.private if watch else 0
        return Usage(ended - started, cpu, sum(peaks.values()), texts[0], texts[1], peaks, private)

    @contextlib.contextmanager
    def serving(
        self, argv: Sequence[str | Path], env: Mapping[str, str] | None = None, patience: float = 120
    ) -> Iterator[tuple[subprocess.Popen[Any], str]]:
        """A server that runs meanwhile: the process and the first line that it printed, which says that it is ready."""
        with tempfile.TemporaryFile(dir=self.work) as err:
            process = self._spawn(argv, env, stdout=subprocess.PIPE, stderr=err)
            alarm = threading.Timer(patience, process.kill)
            alarm.start()
            try:
                assert process.stdout is not None
                line = process.stdout.readline().decode()
                alarm.cancel()
                if not line:
                    err.seek(0)
                    shown = " ".join(str(word) for word in argv)
                    raise BenchError(f"`{shown}` did not start: {err.read().decode(errors='replace').strip()[-800:]}")
                yield process, line
            finally:
                alarm.cancel()
                self.stop(process)
                if process.stdout:
                    process.stdout.close()

    def _spawn(
        self, argv: Sequence[str | Path], env: Mapping[str, str] | None, **streams: Any
    ) -> subprocess.Popen[Any]:
        """Starts a process that `close` ends."""
        # Neither a proxy, nor settings in somebody's home, nor certificates named in variables may take part.
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.work),
            "TMPDIR": str(self.work),
            "LANG": "C.UTF-8",
            **(env or {}),
        }
        try:
            process = subprocess.Popen(
                [str(word) for word in argv], stdin=subprocess.DEVNULL, env=environment, **streams
            )
        except OSError as error:
            raise BenchError(f"{argv[0]} could not be started: {error.strerror or error}") from error
        self._running.add(process)
        return process

    def stop(self, process: subprocess.Popen[Any]) -> None:
        """Ends a process, politely at first."""
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.discard(process)


class MemoryWatch:
    """Reads the memory of a process and of its descendants while they run.

    The kernel keeps the peak of every process, so the last reading before its end counts, and only what grows in the
    last hundredth of a second escapes. (The ru_maxrss of wait4 will not do: it starts at the size of the process that
    forked, and says only the largest of all descendants.)
    """

    def __init__(self, pid: int, interval: float = 0.01) -> None:
        self.private = 0  # the most bytes that all held at one time apart from what they map from files
        self._pid = pid
        self._interval = interval
        self._peaks: dict[int, tuple[str, int]] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Stops reading."""
        self._done.set()
        self._thread.join()

    @property
    def peaks(self) -> dict[str, int]:
        """The sums of the peaks in bytes, by the names of the programs."""
        sums: dict[str, int] = {}
        for name, peak in self._peaks.values():
            sums[name] = sums.get(name, 0) + peak
        return sums

    def _watch(self) -> None:
        while not self._done.wait(self._interval):
            self.private = max(self.private, self._read(self._pid))

    def _read(self, pid: int) -> int:
        """Notes the peaks from this process down; the bytes that they hold now."""
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            children = [
                int(child)
                for task in os.listdir(f"/proc/{pid}/task")
                for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            ]
        except OSError:
            return 0  # it ended meanwhile
        values = dict(line.split(":", 1) for line in status.splitlines())
        held = 0
        if "VmHWM" in values:  # a process that has ended and was not reaped yet has none
            self._peaks[pid] = values["Name"].strip(), int(values["VmHWM"].split()[0]) * 1024
            held = int(values["RssAnon"].split()[0]) * 1024
        return held + sum(self._read(child) for child in children)
