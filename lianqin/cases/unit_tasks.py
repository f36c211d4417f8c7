"""The list of a unit's tasks: what is new, in hand, back from a check, waiting, and what is over.

A row is a task of the reader's own unit: its case, how it came back if it did, what was asked for
on it, and what this person may do with it now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from lianqin.accounts.principal import Principal
from lianqin.accounts.refusals import Refusal
from lianqin.force.models import Agency
from lianqin.force.queries import name_of
from lianqin.journal.models import Entry
from lianqin.territory.queries import district

from .detail import offered, photo_out
from .facts import around_of, facts_of, moment, shifted
from .lifecycle import State
from .models import Case, CaseRequest, Note, StageClock, Task
from .queries import labels_of_places, visible
from .rows import clock, for_rows, row

#: The most open tasks that one answer holds; those with the least time left come first.
MOST = 200
#: Ended tasks of one page.
PAGE = 50
#: Acts that give a task that was reported back to its hands again.
BACK = ("check_fail", "rework")
#: Acts on the case, not on one task: offered to the lead's hands alone.
_OF_THE_LEAD = frozenset({"dispute", "ask_suspension", "appeal_overdue", "withdraw_request"})
_AT_WORK = (State.DISPATCHED.value, State.HANDLING.value)

Item = dict[str, Any]


def unit_tasks(principal: Principal, now: datetime) -> dict[str, Any]:
    """The open tasks of the reader's units, least time left first; at most 200, and whether there
    are more. A constant number of queries."""
    found = list(
        Task.objects.filter(unit_id__in=principal.units, ended_at=None)
        .order_by(F("case__clock_due_at").asc(nulls_last=True), "id")
        .select_related("crew", "unit")[: MOST + 1]
    )
    return {
        "units": _units(principal),
        "items": _items(principal, found[:MOST], now),
        "more": len(found) > MOST,
    }


def ended_tasks(principal: Principal, now: datetime, after: str = "") -> dict[str, Any]:
    """A page of tasks that are over, newest first, of cases that the reader still sees."""
    tasks = Task.objects.filter(
        unit_id__in=principal.units,
        ended_at__isnull=False,
        case__in=Case.objects.filter(visible(principal.scope)),
    )
    if after:
        tasks = tasks.filter(id__lt=_cursor(after))
    found = list(tasks.order_by("-id").select_related("crew", "unit")[: PAGE + 1])
    shown = found[:PAGE]
    return {
        "items": _items(principal, shown, now),
        "next": str(shown[-1].id) if len(found) > PAGE else None,
    }


def _cursor(after: str) -> UUID:
    try:
        return UUID(after)
    except ValueError as error:
        raise Refusal("uuid_needed", field="after") from error


def _units(principal: Principal) -> list[Item]:
    rows = Agency.objects.filter(id__in=principal.units).order_by("code")
    return [{"id": str(unit.id), "name": name_of(unit)} for unit in rows]


def _items(principal: Principal, tasks: list[Task], now: datetime) -> list[Item]:
    ids = {task.case_id for task in tasks}
    listed = for_rows(Case.objects.filter(id__in=ids)).prefetch_related("reports", "photos__file")
    cases = {case.id: case for case in listed}
    facts, around, zone = facts_of(cases.values(), now), around_of(now), district().tz
    labels, back, asked = labels_of_places(), _came_back(tasks), _requests(ids)
    beside = _clocks([task for task in tasks if not task.lead])
    found = []
    for task in tasks:
        case = cases[task.case_id]
        then = shifted(around, moment(case, now), zone)
        acts = [item for line in offered(principal, case, facts[case.id], then) for item in line]
        reports = case.reports.all()
        found.append(
            {
                "task": _task(task, case, back.get(task.id)),
                "case": row(case, labels),
                "clock": clock(case) if task.lead else beside.get(task.id),
                "description": next((r.description for r in reports if r.description), ""),
                "photos": [photo_out(p) for p in case.photos.all()],
                "replies": case.replies,
                "returned": back.get(task.id),
                "requests": [one for one in asked[case.id] if one["task_id"] in (None, task.id)],
                "acts": [act for act in acts if _belongs(act, task)],
            }
        )
    return found


def _belongs(act: Item, task: Task) -> bool:
    """Whether an act that is offered on the case is one for this task."""
    if act["task_id"] is not None:
        return bool(act["task_id"] == str(task.id))
    return task.lead if act["act"] in _OF_THE_LEAD else True


def _task(task: Task, case: Case, back: Item | None) -> Item:
    return {
        "id": str(task.id),
        "lead": task.lead,
        "state": task.state,
        "tab": _tab(task, case, back),
        "dispatched_at": task.dispatched_at.isoformat(),
        "accepted_at": _iso(task.accepted_at),
        "reported_back_at": _iso(task.reported_back_at),
        "ended_at": _iso(task.ended_at),
        "extensions": task.extensions,
    }


def _tab(task: Task, case: Case, back: Item | None) -> str:
    """Where the list shows a task."""
    if task.ended_at is not None:
        return "ended"
    if case.state not in _AT_WORK or task.state not in ("dispatched", "accepted"):
        return "waiting"
    if task.state == "dispatched":
        return "new"
    return "returned" if back else "in_hand"


def _came_back(tasks: Iterable[Task]) -> dict[UUID, Item]:
    """Of tasks that were reported and given back: by which act, when and why (two queries)."""
    held = {str(task.id): task for task in tasks if task.state == "accepted"}
    entries = Entry.objects.filter(
        subject_id__in={task.case_id for task in held.values()}, act__in=BACK
    )
    last = {
        held[entry.data["task"]].id: entry
        for entry in entries.order_by("position")
        if entry.data.get("task") in held
    }
    words = _words(entry.id for entry in last.values())
    return {
        task_id: {
            "act": entry.act,
            "at": entry.occurred_at.isoformat(),
            "reason": words.get(entry.id, ""),
        }
        for task_id, entry in last.items()
    }


def _requests(cases: Iterable[UUID]) -> dict[UUID, list[Item]]:
    """What was asked for on the cases, oldest first, with reasons (two queries)."""
    rows = list(CaseRequest.objects.filter(case_id__in=cases).order_by("id"))
    words = _words(one.asked_entry for one in rows)
    found: dict[UUID, list[Item]] = defaultdict(list)
    for one in rows:
        found[one.case_id].append(
            {
                "id": str(one.id),
                "kind": one.kind,
                "state": one.state,
                "task_id": one.task_id,
                "asked_at": one.asked_at.isoformat(),
                "decided_at": _iso(one.decided_at),
                "until": one.until.isoformat() if one.until else None,
                "reason": words.get(one.asked_entry, ""),
            }
        )
    return found


def _words(entries: Iterable[UUID]) -> dict[UUID, str]:
    rows = Note.objects.filter(entry_id__in=list(entries))
    return dict(rows.values_list("entry_id", "text"))


def _clocks(tasks: list[Task]) -> dict[UUID, Item]:
    """The clocks of tasks beside the lead's, in the shape of a case's clock (one query)."""
    if not tasks:
        return {}
    rows = StageClock.objects.filter(task__in=tasks).order_by("id")
    return {one.task_id: _clock(one) for one in rows if one.task_id}


def _clock(one: StageClock) -> Item:
    return {
        "stage": one.stage,
        "started_at": one.started_at.isoformat(),
        "due_at": _iso(one.due_at),
        "paused_at": _iso(one.paused_at),
        "stopped_at": _iso(one.stopped_at),
        "used_s": one.used_s,
        "allowed_s": one.allowed_s,
        "late": one.late,
        "limit": {"value": one.limit_value, "unit": one.limit_unit},
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
