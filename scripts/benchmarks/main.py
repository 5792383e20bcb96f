"""The benchmark: measures what `scripts/bench` was asked for and writes a table, plots and the raw numbers."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib
import importlib.metadata
import json
import os
import platform
import re
import shlex
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from measure import Bench, BenchError, Report, Row
from plot import svg

QUESTIONS = (
    "main_job",
    "cold_start",
    "one_call",
    "json_pages",
    "many_runs",
    "machine",
    "scale",
    "journal",
    "schedules",
    "session",
)
PEERS = ("requests", "lupa", "orjson", "croniter", "cronsim", "apscheduler")
ROUNDS = 7


def main() -> int:
    """Runs the questions one after the other; what one of them finds missing does not keep the others from running."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures the release build beside what people use today, in turns on this machine. "
        "Ratios count: they are medians of the ratios of single rounds.",
    )
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=f"default: all of {', '.join(QUESTIONS)}")
    parser.add_argument("--rounds", type=int, help=f"how often each side is measured (default: {ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="small numbers, to see that everything runs")
    parser.add_argument("--release", type=Path, default=root / ".build" / "release", help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, default=root / ".build" / "bench", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for name in arguments.questions:
        if name not in QUESTIONS:
            parser.error(f"there is no question '{name}'; there are: {', '.join(QUESTIONS)}")
    rounds = arguments.rounds or (2 if arguments.quick else ROUNDS)
    if rounds < 1:
        parser.error(f"--rounds must be 1 or more, not {rounds}")

    def leave(number: int, _: Any) -> NoReturn:
        raise KeyboardInterrupt(number)

    signal.signal(signal.SIGTERM, leave)
    arguments.output.mkdir(parents=True, exist_ok=True)
    bench = Bench(root, arguments.release, arguments.output, Path(sys.executable), rounds, arguments.quick)
    reports: dict[str, tuple[str, Report]] = {}
    failures: dict[str, str] = {}
    try:
        for name in arguments.questions or QUESTIONS:
            module = importlib.import_module(name)
            bench.say(module.TITLE)
            try:
                reports[name] = module.TITLE, module.run(bench)
            except BenchError as error:
                failures[name] = str(error)
                bench.say(f"  not measured: {error}")
            except Exception as error:  # a mistake in one question must not lose what the others measured
                failures[name] = repr(error)
                traceback.print_exc()
    except KeyboardInterrupt:
        bench.say("interrupted")
        return 130
    finally:
        bench.close()

    text = document(reports, failures, rounds, arguments.quick)
    write(arguments.output, reports, failures, text)
    print(text)
    bench.say(f"The table, the plots and the raw numbers are in {arguments.output}.")
    return 1 if failures else 0


def document(reports: dict[str, tuple[str, Report]], failures: dict[str, str], rounds: int, quick: bool) -> str:
    """All tables as Markdown."""
    command = shlex.join(["scripts/bench", *sys.argv[1:]])
    note = " Quick: small numbers that tell little." if quick else ""
    peers = ", ".join(f"{peer} {version}" for peer, version in versions().items())
    parts = [
        f"Measured on {datetime.date.today().isoformat()} on {machine()}, with `{command}`; medians of {rounds} rounds "
        f"in turns where nothing else is said; the ratio is the median of the rounds' ratios of measured to beside. "
        f"Peers: {peers}.{note}"
    ]
    for title, report in reports.values():
        parts += [f"### {title}", table(report), *report.notes]
    parts += [f"`{name}` was not measured: {reason}" for name, reason in failures.items()]
    return "\n\n".join(parts)


def table(report: Report) -> str:
    """One table as Markdown."""
    lines = ["| what | measured | beside | ratio | aim | met |", "|---|---|---|---|---|---|"]
    for row in report.rows:
        met = "" if row.met is None else "yes" if row.met else "**no**"
        cells = [row.what, row.measured, row.beside, ratio(row), row.aim, met]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def ratio(row: Row) -> str:
    """Two digits are more than such measurements are worth."""
    if row.ratio is None:
        return ""
    return f"{row.ratio:.0f}" if row.ratio >= 100 else f"{row.ratio:.2g}" if row.ratio < 1 else f"{row.ratio:.2f}"


def machine() -> str:
    """The processor, the memory and the kernel."""
    name = platform.machine()
    memory = ""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        name = found[1] if found else name
        total = re.search(r"^MemTotal:\s*(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
        memory = f", {int(total[1]) / (1 << 20):.0f} GiB" if total else ""
    except OSError:
        pass  # the table is worth having without
    return f"{os.cpu_count()} cores of {name}{memory}, {platform.system()} {platform.release().split('-')[0]}"


def versions() -> dict[str, str]:
    """What the peers run on, and those of PyPI."""
    found = {"Python": platform.python_version()}
    for peer in PEERS:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[peer] = importlib.metadata.version(peer)
    return found


def write(output: Path, reports: dict[str, tuple[str, Report]], failures: dict[str, str], text: str) -> None:
    """The files of the result; what is there of questions that were not asked this time stays."""
    (output / "table.md").write_text(text + "\n")
    for name, (_, report) in reports.items():
        if report.plot:
            (output / f"{name}.svg").write_text(svg(report.plot))
    results = {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine(),
        "peers": versions(),
        "command": ["scripts/bench", *sys.argv[1:]],
        "questions": {
            name: {"rows": [vars(row) for row in report.rows], "raw": report.raw, "notes": list(report.notes)}
            for name, (_, report) in reports.items()
        },
        "failures": failures,
    }
    (output / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
