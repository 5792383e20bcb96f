"""Holds counts against the baseline."""

from dataclasses import dataclass

# By work and metric.
Counts = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Tolerance:
    """How far a count may be from the baseline's: so much of it, and so much besides."""

    relative: float
    absolute: float

    def allows(self, now: float, before: float) -> bool:
        return abs(now - before) <= before * self.relative + self.absolute


# The machine's counts are the same to the last digit from run to run. What is left is for what little of its work
# changes with the surroundings.
_MACHINE = {
    "instructions": Tolerance(0.02, 20),
    "allocations": Tolerance(0.01, 0.2),
    "Lua blocks": Tolerance(0.01, 0.2),
    "bytes copied": Tolerance(0.01, 64),
}
# The host's differ a little: threads meet in another order each time, and Swift's own tables are laid out differently.
_HOST = _MACHINE | {"instructions": Tolerance(0.03, 0), "allocations": Tolerance(0.01, 0.4)}
_EXACT = Tolerance(0, 0)


def tolerance(work: str, metric: str) -> Tolerance:
    """The tolerance of a count."""
    return {"machine": _MACHINE, "host": _HOST}.get(work.split()[0], {}).get(metric, _EXACT)


@dataclass(frozen=True)
class Change:
    """A count that is not the baseline's. `before` is None for one that the baseline does not have."""

    work: str
    metric: str
    now: float
    before: float | None

    @property
    def is_growth(self) -> bool:
        return self.before is None or self.now > self.before


def changes(now: Counts, before: Counts) -> list[Change]:
    """Every count that is beyond its tolerance."""
    found = []
    for work, counts in now.items():
        for metric, count in counts.items():
            known = before.get(work, {}).get(metric)
            if known is None or not tolerance(work, metric).allows(count, known):
                found.append(Change(work, metric, count, known))
        # A request that is no longer made has no count.
        for metric in before.get(work, {}).keys() - counts.keys():
            found.append(Change(work, metric, 0, before[work][metric]))
    return found
