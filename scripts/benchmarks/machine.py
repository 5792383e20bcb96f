"""Plain computing: the same Lua files in the sandbox and in plain Lua."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from drivers import driver
from measure import Bars, Bench, Plot, Report, Row, median, median_ratio, seconds

NAME = "machine"
TITLE = "The machine: computing in the sandbox beside plain Lua"

AIM = 1.1


def run(bench: Bench) -> Report:
    """Takes the processor time of each file: on the machine alone, in `runbook run`, and in lua5.4."""
    lua = bench.tool("lua5.4", "lua5.4")
    program = driver(bench, "machine/run.c")
    files = sorted((bench.root / "scripts" / "benchmarks" / "machine").glob("*.lua"))
    empty = bench.work / "empty.lua"
    empty.write_text("if runbook then runbook {} end\n")
    rows: list[Row] = []
    bars: dict[str, dict[str, float]] = {}
    raw: dict[str, dict[str, list[float]]] = {}

    def cpu(argv: Sequence[str | Path]) -> Callable[[], float]:
        return lambda: bench.process(argv, memory=False).cpu

    def whole(file: Path) -> Callable[[], float]:
        argv = [bench.runbook, "run", file, "--no-input"]
        return lambda: (
            bench.process(argv, memory=False).cpu - bench.process([*argv[:2], empty, *argv[3:]], memory=False).cpu
        )

    for file in files:
        name = file.stem.replace("_", " ")
        measures = {
            "lua5.4": cpu([lua, file]),
            "sandbox": cpu([program, file]),
            "sandbox in process": cpu([program, "--hooks", file]),
            "runbook run": whole(file),
        }
        samples = bench.interleave(measures)
        raw[name] = samples
        plain = samples["lua5.4"]
        beside = f"lua5.4: {seconds(median(plain))}"
        ratio = median_ratio(samples["sandbox"], plain)
        rows.append(Row(name, seconds(median(samples["sandbox"])), beside, ratio, f"≤ {AIM}", ratio <= AIM))
        whole_ratio = median_ratio(samples["runbook run"], plain)
        rows.append(
            Row(
                f"{name}, `runbook run` less an empty run",
                seconds(median(samples["runbook run"])),
                beside,
                whole_ratio,
                f"≤ {AIM}",
                whole_ratio <= AIM,
            )
        )
        hooks = median_ratio(samples["sandbox in process"], plain)
        rows.append(
            Row(
                f"{name}, with the hook of the host's process",
                seconds(median(samples["sandbox in process"])),
                beside,
                hooks,
            )
        )
        bars[name] = {"sandbox": ratio, "runbook run": whole_ratio, "with a hook": hooks}
    note = (
        "Processor time of whole processes. Sandbox: the machine as a confined worker runs it, with no hook armed, "
        "driven by a small program. The hook is armed only in the host's own process, where the kernel cannot preempt a "
        "script alone. `pairs` visits numbers in order and then names sorted, which plain Lua does not."
    )
    plot = Plot(TITLE, [Bars("time as a multiple of lua5.4's", "", bars)])
    return Report(rows, plot, {"cpu_seconds": raw}, [note])
