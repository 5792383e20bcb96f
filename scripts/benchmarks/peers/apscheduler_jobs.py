"""APScheduler with its jobs in SQLite: apscheduler_jobs.py FILE COUNT DUE SECONDS

Adds COUNT jobs, of which DUE fall due in the same second, so many seconds from now, prints `ready`, runs them in 16 threads
and prints one JSON line: how late each was started, in milliseconds, and its own memory before they were due.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

started: list[float] = []


def job() -> None:
    """Does nothing but say when."""
    started.append(time.time())


def private_bytes() -> int:
    """What the process holds of its own."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def main() -> None:
    """Adds the jobs, waits, and tells."""
    file, count, due, ahead = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    logging.disable()
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{file}")},
        executors={"default": ThreadPoolExecutor(16)},
        job_defaults={"misfire_grace_time": 3600},
        timezone=UTC,
    )
    scheduler.start(paused=True)
    planned = int(time.time()) + ahead
    for number in range(count):
        moment = planned if number < due else planned + 86400 + number
        scheduler.add_job(job, "date", run_date=datetime.fromtimestamp(moment, UTC), id=str(number))
    scheduler.resume()
    time.sleep(max(0, planned - time.time() - 2))
    memory = private_bytes()
    deadline = time.time() + 120
    while len(started) < due and time.time() < deadline:
        time.sleep(0.1)
    scheduler.shutdown(wait=False)
    late = sorted((moment - planned) * 1000 for moment in started)
    print(json.dumps({"late": late, "memory": memory, "was_ready": started[0] >= planned if started else False}))


main()
