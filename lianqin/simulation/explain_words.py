"""The explanation in words of the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .words import tr

Tables = dict[str, Any]

YARDSTICKS = {
    "file_own_due": (
        "文件:结案不晚于该件时限",
        "file: closed by the request's own due time",
    ),
    "file_median_of_type": (
        "文件:结案不晚于上报 + 该类时限中位数",
        "file: closed within the median limit of its type",
    ),
    "replay_own_due": (
        "回放:结案不晚于文件中该件时限",
        "replay: closed by the request's own due time",
    ),
    "replay_clock": (
        "回放:处置计时未超(派遣到反馈)",
        "replay: by the handling clock (dispatch to report back)",
    ),
}
NOT_COMPARED = {
    "no_due_in_file": ("文件未写时限", "no due time in the file"),
    "due_at_once_in_file": ("文件时限就是上报之时", "due the moment it was made, in the file"),
    "never_closed_in_file": ("文件中未结案", "never closed in the file"),
    "no_clock_in_replay": ("回放中没有处置计时", "no handling clock in the replay"),
}
CAUSES = {
    "people_busy": ("人手在办别的件", "people were busy with other cases"),
    "closed_hours": ("不在上班时间", "outside working hours"),
    "work": ("办理本身", "the work itself"),
    "limit_shorter_than_work": ("时限短于办理本身", "the limit is shorter than the work"),
    "failed_check": ("核查不通过后返工", "rework after a failed check"),
    "sent_back": ("回退后改派", "sent back first"),
}
STAGES = {
    "desk": ("坐席", "desk"),
    "hands": ("承办", "crews and units"),
    "check": ("核实、核查", "verification and check"),
    "elsewhere": ("上级平台", "the platform that sent it"),
}


def why(data: Tables) -> Iterator[str]:
    """Lines of the explanation."""
    yield tr("为何不同", "Why they differ")
    for name, share in data["yardsticks"].items():
        yield f"  {tr(*YARDSTICKS[name]):<58}{percent(share['on_time']):>8} / {share['of']}"
    for name, count in data["not_compared"].items():
        yield f"  {tr('未比较', 'not compared')}: {tr(*NOT_COMPARED[name])} {count}"
    if data["late_because"]:
        yield tr("  超时的主要原因:", "  Late, by what took most of the time:")
    for name, count in data["late_because"].items():
        yield f"    {tr(*CAUSES[name]):<52}{count:>8}"
    yield from hours(data["hours_per_case"])
    yield tr("  差距最大的类别(百分点):", "  Types that account most for it (percentage points):")
    for row in data["types"]:
        shares = f"{percent(row['file_on_time']):>8}{percent(row['replay_on_time']):>8}"
        yield f"    {row['service'][:40]:<42}×{row['rows']:<6}{shares}{row['points']:>+8.2f}"


def hours(stages: dict[str, Tables]) -> Iterator[str]:
    """A table of waiting and working, in mean hours per case."""
    heads = (
        tr("等人", "people busy"),
        tr("非上班", "closed"),
        tr("办理", "worked"),
    )
    title = tr("  每件小时(均值)", "  Hours per case (mean)")
    yield f"{title:<36}" + "".join(f"{head:>14}" for head in heads)
    for stage, row in stages.items():
        cells = "".join(f"{number(row[k]):>14}" for k in ("people_busy", "closed_hours", "worked"))
        yield f"    {tr(*STAGES[stage]):<32}{cells}"


def percent(value: float | None) -> str:
    """A share as people read it."""
    return "–" if value is None else f"{value:.1%}"


def number(value: float | None) -> str:
    """Two decimals, or a dash."""
    return "–" if value is None else f"{value:.2f}"
