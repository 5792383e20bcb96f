"""How counts are shown."""

import main_job
from comparison import Change, Counts, tolerance
from measure import METRICS, profile_of
from works import HOST, MACHINE


def number(count: float, metric: str) -> str:
    """A count; those that are small have a fraction, since they are means."""
    if metric in ("instructions", "bytes copied"):
        return f"{count:,.0f}"
    return f"{count:,.2f}".removesuffix(".00")


def percent(now: float, before: float | None) -> str:
    """How a count differs from the baseline's."""
    if before is None:
        return "new"
    if abs(now - before) <= max(before * 0.0005, 0.005):
        return "="
    return f"{(now / before - 1) * 100:+.1f}%" if before else f"{now - before:+,.2f}"


def table(now: Counts, before: Counts) -> str:
    """The counts as a table, each with its change."""
    lines = [["", "for one", *(cell for metric in METRICS for cell in (metric, ""))]]
    for work in MACHINE + HOST:
        if work.name not in now:
            continue
        line = [work.name, work.unit]
        for metric in METRICS:
            count, known = now[work.name].get(metric), before.get(work.name, {}).get(metric)
            line += ["", ""] if count is None else [number(count, metric), percent(count, known)]
        lines.append(line)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = []
    for line in lines:
        names = [cell.ljust(width) for cell, width in zip(line[:2], widths[:2], strict=True)]
        counts = [cell.rjust(width) for cell, width in zip(line[2:], widths[2:], strict=True)]
        rows.append("  ".join(names + counts).rstrip())
    for request, count in sorted(now.get(main_job.NAME, {}).items()):
        known = before.get(main_job.NAME, {}).get(request)
        rows.append(
            f"{main_job.NAME}, {main_job.LOCKED} of {main_job.USERS:,} users locked: {count:,.0f} × {request}"
            f"  {percent(count, known)}"
        )
    return "\n".join(rows)


def describe(change: Change) -> str:
    """One line on a count that has changed."""
    what = f"{change.work}: {change.metric}"
    if change.before is None:
        return f"{what}: {number(change.now, change.metric)}, of which the baseline knows nothing"
    allowed = tolerance(change.work, change.metric)
    limit = f"{allowed.relative:.0%} are tolerated" if allowed.relative else "no change is tolerated"
    text = (
        f"{what} {'grew' if change.is_growth else 'shrank'} from {number(change.before, change.metric)} to "
        f"{number(change.now, change.metric)} ({percent(change.now, change.before)}; {limit})"
    )
    return text + (f", see {profile_of(change.work)}" if change.metric == "instructions" else "")
