"""The committed counts that later ones are held against."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from comparison import Counts

PATH = Path("scripts/benchmarks/counts/baseline.json")


@dataclass(frozen=True)
class Baseline:
    """Counts, and what they were counted with."""

    counts: Counts = field(default_factory=dict)
    surroundings: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def read() -> "Baseline":
        """The committed baseline; an empty one if there is none."""
        return Baseline(**json.loads(PATH.read_text())) if PATH.exists() else Baseline()

    def write(self) -> None:
        """Puts it in the place of the old one, whole or not at all."""
        counts = {
            work: {metric: round(count, 2) for metric, count in counts.items()} for work, counts in self.counts.items()
        }
        fresh = PATH.with_suffix(".new")
        document = {"counts": counts, "surroundings": self.surroundings}
        fresh.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")
        fresh.replace(PATH)
