"""The kinds of work that are counted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """One kind of work, which a program does as often as it is told."""

    name: str
    # What is counted for one of.
    unit: str
    # How often it is done in the longer of the two runs whose difference is taken; a quarter as often in the shorter
    # one. What a program does once differs a little from start to start, and must be lost in it.
    times: int
    # What its calls are answered with: a file's name, or nothing for the canned console.
    reply: str | None = "user.json"
    # The same under valgrind; 0 where it cannot follow.
    times_in_valgrind: int = 0


# The machine alone. All is counted under valgrind: it always lays memory out in the same way, on which Lua's hashes
# depend.
MACHINE = [
    Work("machine start", "machine with the prelude", 24),
    Work("machine call", "call with its reply", 4_000),
    Work("machine task-call", "call with its reply, from tasks", 2_400),
    Work("machine decode-page", "page of 500 users", 16),
    Work("machine encode-page", "page of 500 users", 16),
    Work("machine fib", "fib(20)", 16),
    Work("machine pairs-record", "walk over 10 fields", 6_000),
    Work("machine pairs-list", "walk over 1,000 items", 160),
    Work("machine sort", "sort of 1,000 numbers", 80),
    Work("machine log", "log line with a field", 6_000),
]

# The host with it, as the debug build has them: building a release takes longer than all of this may. Where nothing is
# counted under valgrind, a worker is watched by pidfd_open, which valgrind 3.19 does not know.
HOST = [
    Work("host run", "run of an empty runbook", 800, times_in_valgrind=40),
    Work("host call", "call, in process", 4_000, times_in_valgrind=600),
    # The instructions are the machine's, here without optimisation.
    Work("host page", "page of 500 users, in process", 80, reply="page.json"),
    Work("host request", "call over HTTP, in process", 1_600, reply=None, times_in_valgrind=120),
    Work("host confined-call", "call from a confined worker", 4_000),
    Work("host confined-request", "the same over HTTP", 1_600, reply=None),
]
