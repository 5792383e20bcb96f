"""How long a cron library of Python's takes for the next firing: next_firing.py croniter|cronsim COUNT

Prints the seconds of one. Expressions and zones are those that bench-schedules takes, as far as the library knows them.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

EXPRESSIONS = [
    "*/5 * * * *", "30 2 * * *", "0 9 * * mon-fri", "15 14 1 * *", "0 22 * * 1-5", "5 4 * * sun", "0 0 1 1 *",
    "0 12 L * *", "0 8 * * fri#2", "10 3 * 3,10 0", "0 0 29 2 *", "*/10 8-18 * * *", "0 * * * *",
]
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham",
    "America/Santiago", "Africa/Casablanca",
]


def main() -> None:
    """Takes the next firing of each in turn, from moments all over a dozen years."""
    who, count = sys.argv[1], int(sys.argv[2])
    moments = [random.randrange(1_700_000_000, 2_300_000_000) for _ in range(4096)]
    starts = [datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(zone)) for zone in ZONES for moment in moments[:512]]
    if who == "croniter":
        from croniter import croniter

        def following(text: str, start: datetime) -> object:
            return croniter(text, start).get_next(datetime)
    else:
        from cronsim import CronSim

        def following(text: str, start: datetime) -> object:
            return next(CronSim(text, start))

    started = time.perf_counter()
    for index in range(count):
        following(EXPRESSIONS[index % len(EXPRESSIONS)], starts[index % len(starts)])
    print((time.perf_counter() - started) / count)


main()
