"""The requests of the main job: the real command against the simulated console."""

import json
import subprocess
import tempfile
import threading
from urllib.parse import urlsplit

from measure import MeasuringError, run
from request_counter import RequestCounter

NAME = "main job"
USERS = 1_000
LOCKED = 100
ROLE = "tier-1-support"


def count() -> dict[str, float]:
    """How often each request is made to unlock `LOCKED` users of `ROLE` among `USERS`."""
    simulate = [".build/debug/runbook-simulator", "--users", str(USERS), "--locked-in-role", f"{ROLE}={LOCKED}"]
    with subprocess.Popen(simulate, stdout=subprocess.PIPE, text=True) as simulator:
        try:
            line = simulator.stdout.readline() if simulator.stdout else ""
            if not line:
                raise MeasuringError("the simulated console did not start: try `.build/debug/runbook-simulator`")
            console = json.loads(line)
            address = urlsplit(console["url"])
            with RequestCounter((address.hostname or "", address.port or 0)) as counter:
                threading.Thread(target=counter.serve_forever, daemon=True).start()
                _unlock(counter.url, console["user"], console["password"])
                counter.shutdown()
                return {request: float(count) for request, count in counter.counts.items()}
        finally:
            simulator.terminate()


def _unlock(url: str, user: str, password: str) -> None:
    with tempfile.TemporaryDirectory() as state:
        command = [".build/debug/runbook", "run", "scripts/runbooks/unlock-locked-users.lua", "--param", f"role={ROLE}"]
        surroundings = {
            "HOME": state,
            "PATH": "/usr/bin:/bin",
            "RUNBOOK_CONSOLE_URL": url,
            "RUNBOOK_CONSOLE_USER": user,
            "RUNBOOK_CONSOLE_PASSWORD": password,
        }
        result = json.loads(run([*command, "--state", f"{state}/state", "--no-input"], surroundings).stdout)
        unlocked, skipped = len(result["unlocked"]), len(result["skipped"])
        if unlocked + skipped != LOCKED:
            raise MeasuringError(f"the main job unlocked {unlocked} users and skipped {skipped}, not {LOCKED}")
