"""How long commands take that do nothing or next to nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from measure import Bars, Bench, Plot, Report, Row, median, median_ratio, seconds

NAME = "cold_start"
TITLE = "Cold start"

FIRST = "runbook list for the first time"
LIMIT = 0.02
RUNBOOKS = 100


def run(bench: Bench) -> Report:
    """Starts everything in turns, many times."""
    folder = bench.work / "hundred"
    folder.mkdir()
    for number in range(RUNBOOKS):
        (folder / f"book-{number}.lua").write_text(manifest(number))
    forgotten = bench.work / "forgotten"
    listing = {"RUNBOOK_PATH": str(folder), "XDG_STATE_HOME": str(bench.work / "remembered")}
    empty = bench.work / "empty.lua"
    empty.write_text("runbook {}\n")
    lua = bench.tool("lua5.4", "lua5.4")
    own = {
        "runbook run empty.lua": ([bench.runbook, "run", empty, "--no-input"], {}),
        "runbook --help": ([bench.runbook, "--help"], {}),
        f"runbook list, {RUNBOOKS} runbooks": ([bench.runbook, "list"], listing),
        f"{FIRST}, {RUNBOOKS} runbooks": ([bench.runbook, "list"], listing | {"XDG_STATE_HOME": str(forgotten)}),
    }
    peers = {
        "lua5.4 -e ''": ([lua, "-e", ""], {}),
        "python3 -c 'import requests'": ([bench.python, "-c", "import requests"], {}),
    }

    def measure(argv: Sequence[str | Path], env: dict[str, str]) -> float:
        shutil.rmtree(forgotten, ignore_errors=True)
        return bench.process(argv, env=env, memory=False).wall

    def measuring(argv: Sequence[str | Path], env: dict[str, str]) -> Callable[[], float]:
        return lambda: measure(argv, env)

    measures = {name: measuring(argv, env) for name, (argv, env) in (own | peers).items()}
    rounds = bench.few(max(30, bench.rounds), 5)
    samples = bench.interleave(measures, rounds=rounds)
    rows = []
    for name in own:
        value = median(samples[name])
        if name.startswith(FIRST):
            rows.append(Row(name, seconds(value)))
            continue
        rows.append(Row(name, seconds(value), aim=f"≤ {seconds(LIMIT)}", met=value <= LIMIT))
        for peer in peers:
            ratio = median_ratio(samples[name], samples[peer])
            is_aimed = peer.startswith("python3")
            rows.append(
                Row(
                    name,
                    seconds(value),
                    f"{peer}: {seconds(median(samples[peer]))}",
                    ratio,
                    "≤ 0.1" if is_aimed else "",
                    ratio <= 0.1 if is_aimed else None,
                )
            )
    bars = {"": {name: median(values) * 1000 for name, values in samples.items()}}
    return Report(rows, Plot(TITLE, [Bars("wall", "ms", bars)]), {"seconds": samples}, [f"Medians of {rounds} rounds."])


def manifest(number: int) -> str:
    """A runbook such as people have."""
    return f"""runbook {{
  title  = "Runbook number {number}",
  doc    = "Unlocks the enabled users of the role who are locked.",
  params = {{ role = {{ type = "string", required = true, doc = "role id, e.g. security-manager" }} }},
  needs  = {{ "users:read", "users:unlock" }},
  limits = {{ changes = 100, time = "5m" }},
}}

for user in users.each {{ role = params.role, locked = true, enabled = true }} do
  users.unlock(user.id)
end
"""
