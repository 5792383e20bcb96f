"""What counts depend on besides the project."""

import platform
import re
import subprocess
from pathlib import Path

# The packages whose code is counted, or that count.
_PACKAGES = ("libc6", "liblua5.4-0", "libsimdjson-dev", "valgrind")


def _version(package: str) -> str:
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return asked.stdout.strip() or "not installed"


def read() -> dict[str, str]:
    """The surroundings of this machine."""
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    version = re.search(r"Swift version (\S+)", swift)
    flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    # simdjson and the C library choose their code by it, and valgrind knows none that is newer.
    has_avx2 = flags is not None and "avx2" in flags.group(1).split()
    return {
        **{package: _version(package) for package in _PACKAGES},
        "processor": platform.machine() + (" with AVX2" if has_avx2 else ""),
        "swift": version.group(1) if version else "unknown",
    }


def differences(now: dict[str, str], before: dict[str, str]) -> list[str]:
    """How two surroundings differ, one line for each thing."""
    return [
        f"{name}: {now.get(name, 'none')} here, {before.get(name, 'none')} in the baseline"
        for name in sorted(now.keys() | before.keys())
        if now.get(name) != before.get(name)
    ]
