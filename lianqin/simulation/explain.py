"""Why the replay's on-time share differs from the file's: in figures, not in prose.

The file measures from the report to its closing against a due time per request; the district
measures its handling clock, from dispatch to the report back, against the limit of the standard.
So both are laid on each other's yardstick, the late ones are sorted by what took most of their
time, and the types are named that account for the difference.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .told import STAGES, Time, Told

Tables = dict[str, Any]
#: Types listed as those that account most for the difference.
TYPES = 12
HOUR = 3600.0


@dataclass(frozen=True)
class Ruled:
    """What the district's clock says of a case: late or not, and the seconds it allowed."""

    late: bool
    allowed: float | None


def explain(ruled: Sequence[tuple[Told, Ruled | None]]) -> Tables:
    """Everything of the comparison, from every row with what its clock says (None: it never
    ran)."""
    rows = [row for row, _ in ruled]
    return {
        "yardsticks": _yardsticks(rows, ruled),
        "not_compared": _not_compared(rows, ruled),
        "late_because": _causes(ruled),
        "hours_per_case": _hours(rows),
        "types": _types(ruled),
    }


def _share(values: Iterable[bool]) -> Tables:
    seen = list(values)
    return {"of": len(seen), "on_time": round(sum(seen) / len(seen), 4) if seen else None}


def _yardsticks(rows: Sequence[Told], ruled: Sequence[tuple[Told, Ruled | None]]) -> Tables:
    allowed = defaultdict(list)
    for row in rows:
        if row.due and row.created:
            allowed[row.service].append((row.due - row.created).total_seconds())
    median = {service: timedelta(seconds=statistics.median(v)) for service, v in allowed.items()}
    return {
        "file_own_due": _share(r.closed <= r.due for r in rows if r.closed and r.due),
        "file_median_of_type": _share(
            r.closed <= r.created + median[r.service]
            for r in rows
            if r.closed and r.created and r.service in median
        ),
        "replay_own_due": _share(r.ended <= r.due for r in rows if r.ended and r.due),
        "replay_clock": _share(not found.late for _, found in ruled if found),
    }


def _not_compared(rows: Sequence[Told], ruled: Sequence[tuple[Told, Ruled | None]]) -> Tables:
    return {
        "no_due_in_file": sum(r.due is None for r in rows),
        "due_at_once_in_file": sum(r.due is not None and r.due == r.created for r in rows),
        "never_closed_in_file": sum(r.closed is None for r in rows),
        "no_clock_in_replay": sum(found is None for _, found in ruled),
    }


def _causes(ruled: Sequence[tuple[Told, Ruled | None]]) -> dict[str, int]:
    """Late cases by what took most of the time that their clock ran."""
    found: Counter[str] = Counter()
    for row, clock in ruled:
        if clock and clock.late:
            found[_cause(row, clock)] += 1
    return dict(found.most_common())


def _cause(row: Told, clock: Ruled) -> str:
    spent = row.stages.get("hands", Time())
    if clock.allowed is not None and spent.worked.total_seconds() > clock.allowed:
        return "limit_shorter_than_work"
    if row.failed:
        return "failed_check"
    if row.sent_back:
        return "sent_back"
    parts = {"people_busy": spent.busy, "closed_hours": spent.closed, "work": spent.worked}
    return max(parts, key=lambda name: parts[name])


def _hours(rows: Sequence[Told]) -> dict[str, Tables]:
    """Mean hours per case that went through a stage: waiting for people, closed, worked."""
    return {
        stage: _mean([row.stages[stage] for row in rows if stage in row.stages]) for stage in STAGES
    }


def _mean(times: Sequence[Time]) -> Tables:
    def mean(values: Iterable[timedelta]) -> float | None:
        seconds = [value.total_seconds() for value in values]
        return round(statistics.fmean(seconds) / HOUR, 2) if seconds else None

    return {
        "cases": len(times),
        "people_busy": mean(t.busy for t in times),
        "closed_hours": mean(t.closed for t in times),
        "worked": mean(t.worked for t in times),
    }


def _types(ruled: Sequence[tuple[Told, Ruled | None]]) -> list[Tables]:
    """The types that account most for the difference of the two shares, in percentage points of
    all rows compared."""
    real: defaultdict[str, list[bool]] = defaultdict(list)
    played: defaultdict[str, list[bool]] = defaultdict(list)
    for row, clock in ruled:
        if row.closed and row.due:
            real[row.service].append(row.closed <= row.due)
        if clock:
            played[row.service].append(not clock.late)
    all_real, all_played = sum(map(len, real.values())), sum(map(len, played.values()))

    def points(late: Sequence[bool], whole: int) -> float:
        return 100 * sum(not on_time for on_time in late) / whole if whole else 0.0

    found = []
    for service in real.keys() | played.keys():
        was, now = points(real[service], all_real), points(played[service], all_played)
        found.append(
            {
                "service": service,
                "rows": len(real[service]),
                "file_on_time": _share(real[service])["on_time"],
                "replay_on_time": _share(played[service])["on_time"],
                "points": round(was - now, 2),
            }
        )
    return sorted(found, key=lambda t: (-abs(t["points"]), t["service"]))[:TYPES]
