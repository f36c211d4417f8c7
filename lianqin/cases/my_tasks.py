"""What waits for one person, with all that a phone needs to go on with it where there is no signal:
words, pictures, the acts that are open now, and those that will be once a task is accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lianqin.accounts.masking import masked
from lianqin.accounts.principal import Principal
from lianqin.catalogue.queries import duty_lines_of
from lianqin.territory.queries import district

from .detail import offered, photo_out
from .facts import around_of, facts_of, moment, shifted
from .lifecycle import IN_HAND, LIFECYCLE, State
from .models import Case
from .queries import labels_of_places, tasks_of
from .rows import row
from .rules import Around, Facts, TaskFacts

#: What a task asks of whoever looks at their own list.
KINDS = {State.TO_CHECK.value: "check", State.VERIFYING.value: "verify"}


def my_tasks(principal: Principal, now: datetime) -> list[dict[str, Any]]:
    """The list of one person (a constant number of queries)."""
    cases = list(tasks_of(principal).prefetch_related("reports", "photos__file"))
    facts, around, tz = facts_of(cases, now), around_of(now), district().tz
    labels = labels_of_places()
    keys = {case.id: _duty_key(case) for case in cases}
    duty = duty_lines_of({key for key in keys.values() if key}, around.today)
    found = []
    for case in cases:
        then = shifted(around, moment(case, now), tz)
        acts = _flat(offered(principal, case, facts[case.id], then))
        if not acts:
            continue
        found.append(
            {
                "kind": KINDS.get(case.state, "handle"),
                "case": row(case, labels),
                "description": masked(
                    next((r.description for r in case.reports.all() if r.description), "")
                ),
                "photos": [photo_out(p) for p in case.photos.all()],
                "acts": acts,
                "after_accept": _after_accept(principal, case, facts[case.id], then, acts),
                "hands": [_hands(task) for task in _own(principal, facts[case.id])],
                "reply_needed": case.replies and not case.reply_text,
                "duty_lines": duty[key] if (key := keys[case.id]) else [],
            }
        )
    return found


def _duty_key(case: Case) -> tuple[UUID, str] | None:
    """What the duty list is asked by, for a case that may be sent back."""
    if case.case_class_id is None or State(case.state) not in IN_HAND:
        return None
    return case.case_class_id, case.place


def _flat(offers: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [item for line in offers for item in line]


def _own(principal: Principal, facts: Facts) -> list[TaskFacts]:
    return [t for t in facts.tasks if t.crew_id in principal.crews or t.unit_id in principal.units]


def _hands(task: TaskFacts) -> dict[str, Any]:
    return {
        "task_id": str(task.id),
        "lead": task.lead,
        "state": task.state,
        "dispatched_at": task.dispatched_at.isoformat(),
        "under_way": task.under_way,
        "on_scene": task.on_scene,
    }


def _after_accept(
    principal: Principal, case: Case, facts: Facts, around: Around, acts: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What will be offered when the tasks that can be accepted now have been; empty where there is
    none. The same rules say so that will judge the acts when they arrive."""
    tasks = {act["task_id"] for act in acts if act["act"] == "accept"}
    if not tasks:
        return []
    accepted = tuple(
        replace(task, state="accepted") if str(task.id) in tasks else task for task in facts.tasks
    )
    lead = any(task.lead and str(task.id) in tasks for task in facts.tasks)
    target = next(t.target for t in LIFECYCLE if t.act == "accept" and not t.when)
    state = target if lead and target is not None else facts.state
    return _flat(offered(principal, case, replace(facts, tasks=accepted, state=state), around))
