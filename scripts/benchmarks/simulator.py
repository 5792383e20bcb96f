"""A simulated console in a process of its own."""

from __future__ import annotations

import base64
import contextlib
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import Bench, BenchError


@dataclass(frozen=True)
class Console:
    """Where the simulated console is and how to log in to it."""

    url: str
    user: str
    password: str
    certificate: Path | None  # of an https console: the file to trust

    @property
    def environment(self) -> dict[str, str]:
        """The variables that runbook and the peers read."""
        variables = {
            "RUNBOOK_CONSOLE_URL": self.url,
            "RUNBOOK_CONSOLE_USER": self.user,
            "RUNBOOK_CONSOLE_PASSWORD": self.password,
        }
        if self.certificate:
            variables["RUNBOOK_CONSOLE_CA"] = str(self.certificate)
        return variables

    @property
    def authorization(self) -> str:
        """The header that logs in."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def get(self, path: str) -> Any:
        """What the console answers."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": self.authorization})
        context = ssl.create_default_context(cafile=str(self.certificate)) if self.certificate else None
        handlers: list[Any] = [urllib.request.ProxyHandler({})]
        if context:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        try:
            with urllib.request.build_opener(*handlers).open(request, timeout=60) as reply:
                return json.load(reply)
        except (OSError, urllib.error.URLError) as error:
            raise BenchError(f"the simulated console does not answer {path}: {error}") from error

    def check_unlocked(self, count: int, who: str) -> None:
        """Refuses a run after which the console's own ledger shows anything but so many users unlocked, once each."""
        ledger = self.get("/_simulator/ledger")
        unlocked = {entry["path"] for entry in ledger if entry["operation"] == "users.unlock"}
        if len(ledger) != count or len(unlocked) != count:
            raise BenchError(
                f"{who} did not do the job: the ledger shows {len(ledger)} changes and {len(unlocked)} users unlocked "
                f"where {count} were locked"
            )


@contextlib.contextmanager
def simulator(bench: Bench, *options: str, tls: bool = False) -> Iterator[Console]:
    """Runs a simulated console meanwhile."""
    argv = [bench.runbook, "simulate", *options, *(["--tls"] if tls else [])]
    with bench.serving(argv) as (_, line):
        info = json.loads(line)
        certificate = None
        if tls:
            certificate = bench.work / f"console-{info['url'].rsplit(':', 1)[1]}.pem"
            certificate.write_text(info["certificate"])
        console = Console(info["url"], info["user"], info["password"], certificate)
        console.get("/api/3/users?size=1")  # what is made with the first request is made now
        yield console
