"""JSON into values and back: pages of users as the console sends them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from drivers import driver
from measure import Bars, Bench, Plot, Report, Row, median, median_ratio
from simulator import simulator

NAME = "json_pages"
TITLE = "JSON into Lua tables and back"

AIM = 1.5
PAGE = 500
MEGABYTES = 20  # of text in one measurement


def run(bench: Bench) -> Report:
    """Measures each contestant in processes of its own, in turns."""
    program = driver(bench, "json.cpp")
    texts = pages(bench, [10, 500, bench.few(20_000, 2_000)])
    peer = bench.peers / "json_codec.py"
    contestants: dict[str, Sequence[str | Path]] = {
        "codec": [program, "codec"],
        "codec, links dropped": [program, "codec-without-links"],
        "lua-cjson": [program, "lua-cjson"],
        "Python's json": [bench.python, peer, "json"],
        "orjson": [bench.python, peer, "orjson"],
    }
    rows: list[Row] = []
    panels: list[Bars] = []
    raw: dict[str, dict[str, list[float]]] = {}
    for task, title in (("decode", "JSON to tables"), ("encode", "tables to JSON")):
        groups: dict[str, dict[str, float]] = {}
        for users, text in texts.items():
            megabytes = text.stat().st_size / 1e6
            goes = max(1, round(bench.few(MEGABYTES, 2) / megabytes))

            def rate(
                argv: Sequence[str | Path], words: Sequence[str | Path], megabytes: float = megabytes
            ) -> Callable[[], float]:
                return lambda: megabytes / float(bench.process([*argv, *words], memory=False).stdout)

            words = (task, text, str(goes))
            samples = bench.interleave({name: rate(argv, words) for name, argv in contestants.items()})
            raw[f"{task} {users} users"] = samples
            groups[f"{users:,} users"] = {name: median(values) for name, values in samples.items()}
            own = samples["codec"]
            for name, values in samples.items():
                if name.startswith("codec"):
                    continue
                ratio = median_ratio(own, values)
                is_aimed = name == "lua-cjson"
                rows.append(
                    Row(
                        f"{title}, {users:,} users ({megabytes:.2g} MB)",
                        f"{median(own):,.0f} MB/s",
                        f"{name}: {median(values):,.0f} MB/s",
                        ratio,
                        f"≥ {AIM}" if is_aimed else "",
                        ratio >= AIM if is_aimed else None,
                    )
                )
        panels.append(Bars(title, "MB/s", groups))
    note = (
        "MB of the text a second. All keep the `links`, which a reply to a script leaves out: the plot shows how much "
        "quicker the codec is then. It works in the machine's own memory, lua-cjson in plain Lua's. Python's objects "
        "are not Lua's tables, but what a script of today's has."
    )
    return Report(rows, Plot(TITLE, panels), {"megabytes_a_second": raw}, [note])


def pages(bench: Bench, sizes: Sequence[int]) -> dict[int, Path]:
    """One page of users of each size, of those that the simulated console has."""
    count = max(sizes)
    users: list[object] = []
    page: dict[str, object] = {}
    with simulator(bench, "--users", str(count)) as console:
        while len(users) < count:
            page = console.get(f"/api/3/users?page={len(users) // PAGE}&size={PAGE}&sort=id,ASC")
            found = page["resources"]
            assert isinstance(found, list) and found
            users += found
    files = {}
    for size in sizes:
        files[size] = bench.work / f"users-{size}.json"
        text = json.dumps({**page, "resources": users[:size]}, ensure_ascii=False, separators=(",", ":"))
        files[size].write_text(text)
    return files
