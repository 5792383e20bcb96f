"""Builds the small programs that drive the product's C code, or bare Lua, without a host."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from measure import Bench, BenchError

FLAGS = ("-O2", "-w")


def driver(bench: Bench, source: str) -> Path:
    """Compiles `source`, a C or C++ file of this directory, with the machine; returns the program."""
    machine = bench.root / "Sources" / "CRunbookVM"
    output = bench.work / "drivers"
    output.mkdir(exist_ok=True)
    include = [f"-I{machine}", f"-I{machine / 'include'}", *packages("--cflags")]
    objects = output / "objects"
    if not objects.exists():
        objects.mkdir()
        compile_all([*machine.glob("*.c"), *machine.glob("*.cpp")], include, objects)
    file = bench.root / "scripts" / "benchmarks" / source
    made = compile_all([file], include, output)
    program = output / Path(source).stem
    run([compiler("clang++", "c++"), *made, *sorted(objects.glob("*.o")), *libraries(bench), "-o", program])
    return program


def libraries(bench: Bench) -> list[str]:
    """Lua as the worker of the release build has it: in itself, or as a library of the system's."""
    shared = packages("--libs")
    if b"liblua5.4.so" in (bench.release / "runbook-vm").read_bytes():
        return [*shared, "-lpthread"]
    # All of it, for lua-cjson to find in the program.
    lua = ["-rdynamic", "-Wl,--whole-archive", "-l:liblua5.4.a", "-Wl,--no-whole-archive"]
    return [*lua, *(word for word in shared if word != "-llua5.4"), "-ldl", "-lm", "-lpthread"]


def compile_all(sources: Sequence[Path], include: Sequence[str], output: Path) -> list[Path]:
    """Compiles as the release build of the package does."""
    made = []
    for source in sources:
        is_plus = source.suffix == ".cpp"
        words = [compiler("clang++", "c++"), "-std=c++17"] if is_plus else [compiler("clang", "cc"), "-std=gnu11"]
        made.append(output / f"{source.name}.o")
        run([*words, *FLAGS, *include, "-c", source, "-o", made[-1]])
    return made


def compiler(swift: str, system: str) -> str:
    """Swift's own compiler for C, which the product is built with; else the system's."""
    found = shutil.which("swift")
    beside = Path(found).resolve().parent / swift if found else None
    path = str(beside) if beside and beside.exists() else shutil.which(system)
    if not path:
        raise BenchError(f"there is no {system}; install it with: apt-get install g++")
    return path


def packages(what: str) -> list[str]:
    """The flags of the libraries that the machine is built with."""
    return shlex.split(run(["pkg-config", what, "lua5.4", "simdjson"]))


def run(words: Sequence[str | Path]) -> str:
    """Runs a tool; what it has to say of a failure is the error."""
    try:
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    except OSError as error:
        raise BenchError(f"{words[0]} could not be started: {error.strerror or error}") from error
    if done.returncode != 0:
        raise BenchError(f"`{words[0]}` ended with {done.returncode}: {done.stderr.strip()[-800:]}")
    return done.stdout
