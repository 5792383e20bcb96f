"""The interactive session: how long until its prompt, until an answer, and until Ctrl-C ends a busy loop."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from measure import Bars, Bench, BenchError, Plot, Report, Row, median, median_ratio, seconds

NAME = "session"
TITLE = "Interactive session: prompt, answer, Ctrl-C"

AIM_PROMPT = 0.06
AIM_ANSWER = 0.005
AIM_STOP = 0.2
PATIENCE = 30.0


def run(bench: Bench) -> Report:
    """The session beside the interpreters that people try things in, each at a terminal of its own."""
    state = bench.work / "session"
    own = Talk([str(bench.runbook), "repl"], b"> ", {"XDG_STATE_HOME": str(state), "NO_COLOR": "1"})
    lua = Talk([bench.tool("lua5.4", "lua5.4"), "-i"], b"> ")
    python = Talk([str(bench.python), "-i", "-q"], b">>> ", {"PYTHON_BASIC_REPL": "1", "INPUTRC": "/dev/null"})

    def prompts(talk: Talk) -> Callable[[], float]:
        return lambda: talk.use(lambda spent: spent)

    def answers(talk: Talk) -> Callable[[], float]:
        count = bench.few(50, 5)
        return lambda: talk.use(lambda _: median([talk.ask(b"1+1", b"2") for _ in range(count)]))

    rounds = bench.few(max(20, bench.rounds), 3)
    talks = {"runbook repl": own, "lua5.4 -i": lua, "python3 -i": python}
    starts = bench.interleave({name: prompts(talk) for name, talk in talks.items()}, rounds=rounds)
    replies = bench.interleave({name: answers(talk) for name, talk in talks.items()}, rounds=rounds)
    stops = bench.interleave(
        {
            "a busy loop": lambda: own.use(lambda _: own.stop(b"while true do end")),
            "one that catches errors": lambda: own.use(
                lambda _: own.stop(b"while true do pcall(function() while true do end end) end")
            ),
        },
        rounds=rounds,
    )
    rows = []
    for what, samples, aim in (("start to prompt", starts, AIM_PROMPT), ("1+1 to answer", replies, AIM_ANSWER)):
        value = median(samples["runbook repl"])
        rows.append(Row(what, seconds(value), aim=f"≤ {seconds(aim)}", met=value <= aim))
        for name in ("lua5.4 -i", "python3 -i"):
            ratio = median_ratio(samples["runbook repl"], samples[name])
            rows.append(Row(what, seconds(value), f"{name}: {seconds(median(samples[name]))}", ratio))
    for name, values in stops.items():
        worst = max(values)
        measured = f"{seconds(median(values))}, worst {seconds(worst)}"
        rows.append(Row(f"Ctrl-C ends {name}", measured, aim=f"≤ {seconds(AIM_STOP)}", met=worst <= AIM_STOP))
    bars = {
        "start to prompt": {name: median(values) * 1000 for name, values in starts.items()},
        "1+1 to answer": {name: median(values) * 1000 for name, values in replies.items()},
    }
    raw = {"prompt": starts, "answer": replies, "stop": stops}
    return Report(rows, Plot(TITLE, [Bars("wall", "ms", bars, log=True)]), raw, [f"Medians of {rounds} rounds."])


class Talk:
    """A program at a pseudo-terminal."""

    def __init__(self, words: Sequence[str], prompt: bytes, environment: dict[str, str] | None = None) -> None:
        self.words = words
        self.prompt = prompt
        self.environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "xterm", "LANG": "C.UTF-8"} | (
            environment or {}
        )
        self.master = -1

    def use(self, body: Callable[[float], float]) -> float:
        """Starts the program, gives `body` the seconds until its prompt, and ends the program."""
        begun = time.perf_counter()
        child, self.master = pty.fork()
        if child == 0:
            os.execvpe(self.words[0], list(self.words), self.environment)
        try:
            self._read_until(self.prompt)
            return body(time.perf_counter() - begun)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(self.master)

    def ask(self, line: bytes, answer: bytes) -> float:
        """The seconds from Enter until the answer and the next prompt are there."""
        os.write(self.master, line)
        self._read_until(line[-1:])
        begun = time.perf_counter()
        os.write(self.master, b"\r")
        self._read_until(answer, self.prompt)
        return time.perf_counter() - begun

    def stop(self, line: bytes) -> float:
        """The seconds from Ctrl-C until the next prompt, for a line that never ends."""
        os.write(self.master, line + b"\r")
        # Until it surely runs, and everything that was echoed is read.
        self._drain(0.2)
        begun = time.perf_counter()
        os.write(self.master, b"\x03")
        self._read_until(self.prompt)
        return time.perf_counter() - begun

    def _drain(self, span: float) -> None:
        end = time.perf_counter() + span
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.master], [], [], left)[0]:
                os.read(self.master, 1 << 16)

    def _read_until(self, *texts: bytes) -> None:
        """Reads until the texts have come, one after the other."""
        end = time.perf_counter() + PATIENCE
        seen = b""
        for text in texts:
            while text not in seen:
                left = end - time.perf_counter()
                if left <= 0 or not select.select([self.master], [], [], left)[0]:
                    raise BenchError(f"{Path(self.words[0]).name} did not show {text!r}; it showed {seen[-300:]!r}")
                seen += os.read(self.master, 1 << 16)
            seen = seen[seen.index(text) + len(text) :]
