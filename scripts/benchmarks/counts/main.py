"""Counts what the machine and the host do, and holds it against baseline.json: see scripts/counts."""

import argparse
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import baseline
import main_job
import replies
import surroundings
from baseline import Baseline
from canned_console import CannedConsole
from comparison import Counts, changes
from measure import BUILD, MeasuringError, host_work, machine_work
from table import describe, table
from works import HOST, MACHINE


def say(text: str) -> None:
    print(f"scripts/counts: {text}", file=sys.stderr)


def measure(wanted: list[str]) -> Counts:
    """Counts the works whose names begin with one of `wanted`, or all."""
    names = [work.name for work in MACHINE + HOST] + [main_job.NAME]
    chosen = [name for name in names if not wanted or name.startswith(tuple(wanted))]
    if not chosen:
        raise MeasuringError(f"nothing is named so; what is counted: {', '.join(names)}")
    replies.write(BUILD)
    with CannedConsole((BUILD / "user.json").read_bytes()) as console, ThreadPoolExecutor(os.cpu_count()) as pool:
        threading.Thread(target=console.serve_forever, daemon=True).start()
        # The longest come first, lest one of them is left alone at the end.
        pending = {work.name: pool.submit(host_work, work, console.url) for work in HOST[::-1] if work.name in chosen}
        if main_job.NAME in chosen:
            pending[main_job.NAME] = pool.submit(main_job.count)
        pending |= {work.name: pool.submit(machine_work, work) for work in MACHINE if work.name in chosen}
        try:
            return {name: pending[name].result() for name in chosen}
        finally:
            pool.shutdown(cancel_futures=True)
            console.shutdown()


def judge(now: Counts, known: Baseline) -> bool:
    """Says what has changed, and gives whether all is well."""
    differences = surroundings.differences(surroundings.read(), known.surroundings)
    found = changes(now, known.counts)
    smaller = [change for change in found if not change.is_growth]
    # Requests depend on no compiler and no processor.
    grown = [change for change in found if change.is_growth and (not differences or change.work == main_job.NAME)]
    excused = [change for change in found if change.is_growth and change not in grown]
    for difference in differences:
        say(f"note: {difference}")
    for change in excused:
        say(f"note: {describe(change)}")
    if excused:
        say("note: that may come from the other surroundings, and is no failure: renew the baseline in the right ones.")
    for change in smaller:
        say(f"note: {describe(change)}")
    if smaller:
        say(f"note: so that it stays there, renew the baseline: scripts/counts --renew, and commit {baseline.PATH}")
    for change in grown:
        say(describe(change))
    if grown:
        say(
            "that is more than the baseline allows. `callgrind_annotate FILE` tells where instructions go. Take it "
            f"back; or, where it is worth it, run scripts/counts --renew and commit {baseline.PATH} with the reason."
        )
    return not grown


def renew(wanted: list[str], first: Counts, known: Baseline) -> bool:
    """Counts once more, and writes the baseline if that gives the same."""
    here = surroundings.read()
    if wanted and known.counts and here != known.surroundings:
        say("the rest of the baseline was counted in other surroundings, and it has to be renewed as a whole.")
        return False
    second = measure(wanted)
    unsteady = changes(second, first)
    for change in unsteady:
        say(f"counted twice: {describe(change)}")
    if unsteady:
        say("the baseline stays as it is, since two measurements differ. Try again when the machine has less to do.")
        return False
    means = {
        work: {metric: (count + second[work][metric]) / 2 for metric, count in counts.items()}
        for work, counts in first.items()
    }
    Baseline({**(known.counts if wanted else {}), **means}, here).write()
    say(f"{baseline.PATH} is renewed")
    return True


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/counts", description="Counts instructions, allocations, copied bytes and requests."
    )
    parser.add_argument("--renew", action="store_true", help="make what is counted the baseline")
    parser.add_argument("works", nargs="*", metavar="WORK", help="how a name begins, such as `machine`; default: all")
    options = parser.parse_args()
    known = Baseline.read()
    if not known.counts and not options.renew:
        say(f"there is no {baseline.PATH} to hold counts against: write it with scripts/counts --renew")
        return 1
    try:
        now = measure(options.works)
        print(table(now, known.counts), flush=True)
        is_well = renew(options.works, now, known) if options.renew else judge(now, known)
    except MeasuringError as error:
        say(str(error))
        return 1
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
