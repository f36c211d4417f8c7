"""What a replay came to, as data and in words."""

from __future__ import annotations

import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from .decisions import ENDED, OPEN, Row
from .explain import Ruled, explain
from .explain_words import percent, why
from .intake import Intake
from .reading import reason_in_words
from .run import Run
from .told import Told
from .words import tr

try:
    import resource
except ImportError:  # pragma: no cover (only where there is no such module)
    resource = None  # type: ignore[assignment]

Tables = dict[str, Any]
#: Types shown in the comparison; open cases listed one by one.
TOP, LISTED = 10, 20


def summary(run: Run, seconds: float) -> Tables:
    """Every figure of a run, ready for JSON."""
    intake, board, traffic = run.intake, run.board, run.api.traffic
    tally = intake.tally
    mine = set(intake.cases.values())
    stands = {case_id: board.rows[case_id]["state"] for case_id in mine}
    return {
        "rows": {
            "read": tally.read,
            "posted": intake.posted,
            "opened": intake.outcome["opened"],
            "joined": intake.outcome["joined"],
            "known": intake.outcome["known"],
            "left_out": tally.left_out.total(),
            "said_otherwise_before": intake.outcome["said_otherwise_before"],
        },
        "left_out": _reasons(tally.left_out, tally.example),
        "odd": _reasons(tally.odd, tally.example),
        "cases": len(mine),
        "states": {s: n for s in (*OPEN, *ENDED) if (n := list(stands.values()).count(s))},
        "open": [
            {"id": case_id, "number": board.rows[case_id].get("number"), "why": why}
            | {"state": board.rows[case_id]["state"], "of_this_file": case_id in mine}
            for case_id, why in board.open().items()
        ],
        "acts": dict(sorted(run.office.acts.items())),
        "traffic": {
            "requests": traffic.requests,
            "retries": traffic.retries,
            "conflicts": traffic.conflicts,
            "per_second": round(traffic.requests / seconds, 1) if seconds else 0.0,
            "failures": dict(traffic.failures),
            "refused": dict(traffic.refused),
        },
        "seconds": round(seconds, 1),
        "gave_up": run.gave_up,
        "memory": memory(),
        "truth": truth(intake.told.values()),
        "simulated": simulated(intake, board.rows),
        "explanation": explain(list(_as_done(intake, board.rows))),
    }


def memory() -> Tables:
    """The most memory that this process held, in MB (None where the system does not say)."""
    if resource is None:
        return {"client_mb": None}
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in kB, macOS in bytes.
    return {"client_mb": round(most / (1024 if sys.platform != "darwin" else 1024**2), 1)}


def _as_done(intake: Intake, rows: dict[str, Row]) -> Iterator[tuple[Told, Ruled | None]]:
    """Every row with the end that the district knows instead of the planned one, and what the
    district's own clock says of its case."""
    for number, row in intake.told.items():
        case = rows[intake.cases[number]]
        ended = _moment(case["changed_at"]) if case["state"] in ENDED else None
        clock = case.get("clock") or {}
        ruled = Ruled(bool(clock["late"]), clock["allowed_s"]) if clock.get("stopped_at") else None
        yield replace(row, ended=ended), ruled


def _reasons(counter: dict[str, int], example: dict[str, int]) -> list[Tables]:
    ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return [{"reason": r, "rows": n, "first_row": example[r]} for r, n in ranked]


def truth(requests: Iterable[Told]) -> Tables:
    """What the file says really happened: share closed by its due time, median days by type."""
    on_time: list[bool] = []
    days: defaultdict[str, list[float]] = defaultdict(list)
    count: defaultdict[str, int] = defaultdict(int)
    for r in requests:
        count[r.service] += 1
        if r.due and r.closed:
            on_time.append(r.closed <= r.due)
        if r.created and r.closed and r.closed >= r.created:
            days[r.service].append((r.closed - r.created).total_seconds() / 86_400)
    return _figures(on_time, days, count)


def simulated(intake: Intake, rows: dict[str, Row]) -> Tables:
    """The same figures for what the simulated staff made of it."""
    on_time: list[bool] = []
    days: defaultdict[str, list[float]] = defaultdict(list)
    count: defaultdict[str, int] = defaultdict(int)
    for number, case_id in intake.cases.items():
        row, request = rows[case_id], intake.told[number]
        count[request.service] += 1
        clock = row.get("clock") or {}
        if clock.get("stopped_at"):
            on_time.append(not clock.get("late"))
        if row["state"] == "closed":
            spent = _moment(row["changed_at"]) - _moment(row["reported_at"])
            days[request.service].append(spent.total_seconds() / 86_400)
    return _figures(on_time, days, count)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _figures(on_time: list[bool], days: dict[str, list[float]], count: dict[str, int]) -> Tables:
    top = sorted(count, key=lambda s: (-count[s], s))[:TOP]
    return {
        "with_due_and_end": len(on_time),
        "share_on_time": round(sum(on_time) / len(on_time), 4) if on_time else None,
        "median_days": {
            s: round(statistics.median(days[s]), 2) if days.get(s) else None for s in top
        },
        "rows_by_type": {s: count[s] for s in top},
    }


def in_words(data: Tables) -> str:
    """The summary for a person."""
    rows, traffic = data["rows"], data["traffic"]
    lines = [
        tr(
            f"行:读入 {rows['read']},上报 {rows['posted']},新开 {rows['opened']},并入 "
            f"{rows['joined']},早已有 {rows['known']},未上报 {rows['left_out']}",
            f"Rows: {rows['read']} read, {rows['posted']} posted, {rows['opened']} opened a case, "
            f"{rows['joined']} joined one, {rows['known']} known from before, "
            f"{rows['left_out']} left out",
        ),
        *_reason_lines(tr("未上报", "Left out"), data["left_out"]),
        *_reason_lines(tr("异常(已上报)", "Odd (and posted)"), data["odd"]),
        tr("案件", "Cases") + f": {data['cases']}  {_pairs(data['states'])}",
        tr("动作", "Acts") + f": {sum(data['acts'].values())}  {_pairs(data['acts'])}",
        tr(
            f"请求 {traffic['requests']}({traffic['per_second']} 次/秒),重试 "
            f"{traffic['retries']},冲突 {traffic['conflicts']},用时 {data['seconds']} 秒",
            f"Requests: {traffic['requests']} ({traffic['per_second']}/s), {traffic['retries']} "
            f"retries, {traffic['conflicts']} conflicts, {data['seconds']} s",
        ),
        *(f"  {tr('重试因', 'retried for')} {w}: {n}" for w, n in traffic["failures"].items()),
        *(f"  {tr('被拒', 'refused')} {w}: {n}" for w, n in traffic["refused"].items()),
        *_open_lines(data),
        f"{tr('内存(峰值)', 'Memory (peak)')}: {data['memory']['client_mb']} MB",
        *_comparison(data["truth"], data["simulated"]),
        *why(data["explanation"]),
    ]
    return "\n".join(lines)


def _pairs(counts: dict[str, int]) -> str:
    return ", ".join(f"{word} {n}" for word, n in counts.items())


def _reason_lines(title: str, reasons: Sequence[Tables]) -> list[str]:
    first = tr("首见于行", "first in row")
    lines = [
        f"  {r['rows']:>6}  {reason_in_words(r['reason'])} ({first} {r['first_row']})"
        for r in reasons
    ]
    return [f"{title}:", *lines] if lines else []


def _open_lines(data: Tables) -> list[str]:
    still = data["open"]
    if data["gave_up"]:
        ended = tr("服务器长时间不应答,已放弃", "Gave up: the server stayed away")
        return [f"{ended}: {data['gave_up']}", f"  {len(still)} open"]
    if not still:
        return [tr("全部办结。", "No case is left open.")]
    lines = [
        f"  {c['number'] or c['id']} {c['state']}: {c['why'] or tr('未知', 'unknown')}"
        for c in still[:LISTED]
    ]
    more = [f"  … +{len(still) - LISTED}"] if len(still) > LISTED else []
    return [tr(f"仍有 {len(still)} 件未办结:", f"{len(still)} cases are left open:"), *lines, *more]


def _comparison(real: Tables, played: Tables) -> list[str]:
    def share(figures: Tables) -> str:
        return f"{percent(figures['share_on_time'])} / {figures['with_due_and_end']}"

    lines = [
        tr("实际(文件)与模拟对照", "What really happened (the file) beside the simulation"),
        f"  {tr('按时比例', 'on time'):<44}{share(real):>16}{share(played):>16}",
    ]
    for service, count in real["rows_by_type"].items():
        real_days, played_days = (
            real["median_days"].get(service),
            played["median_days"].get(service),
        )
        name = f"{service[:34] or '?'} ×{count}"
        days = tr("天(中位)", "days (median)")
        lines.append(f"  {name:<44}{_days(real_days):>16}{_days(played_days):>16}  {days}")
    return lines


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
