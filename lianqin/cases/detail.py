"""One case with everything that belongs to it, and what this person may do with it now."""

from __future__ import annotations

from typing import Any

from lianqin.accounts.policy import Target, allowed
from lianqin.accounts.principal import Principal
from lianqin.accounts.queries import names
from lianqin.force.queries import name_of
from lianqin.journal.models import Entry

from .facts import facts_of
from .models import Case, CasePhoto, Note, Report, Task
from .queries import labels_of_places, tasks_of, twins
from .rows import row
from .rules import HIDDEN, Actor, Facts, Refused, State, Transition, acts_in, refuse_actor


def detail(principal: Principal, case: Case) -> dict[str, Any]:
    """The case panel: a constant number of queries however long its history."""
    tasks = list(case.tasks.select_related("crew", "unit").order_by("id"))
    reports = list(case.reports.order_by("id"))
    facts = facts_of([case])[case.id]
    whole = principal.scope.holds(case.place)
    return {
        "case": row(case, labels_of_places()),
        "reports": [_report(r, whole) for r in reports],
        "tasks": [_task(t) for t in tasks],
        "photos": photos(case),
        "timeline": timeline(case, whole),
        "acts": [_act(line) for line in offered(principal, case, facts)],
        "twins": twins(case, principal.scope) if case.state in ("reported", "filed") else [],
    }


def offered(principal: Principal, case: Case, facts: Facts) -> list[Transition]:
    """The acts that this person may do on this case now; screens render exactly these."""
    target = Target(case.place, case.crew_id, case.unit_id)
    found = []
    for line in acts_in(facts.state):
        post = allowed(principal, line.act, target)
        if post is None:
            continue
        try:
            refuse_actor(
                line.act,
                facts,
                Actor(principal.id, post.place, post.role, principal.crews, principal.units),
            )
        except Refused:
            continue
        found.append(line)
    return found


def _act(line: Transition) -> dict[str, Any]:
    return {"act": line.act, "needs": list(line.needs), "takes": list(line.takes)}


def _report(report: Report, whole: bool) -> dict[str, Any]:
    named = whole and (report.reporter_name or report.reporter_phone)
    return {
        "id": str(report.id),
        "source": report.source,
        "description": report.description,
        "address": report.address,
        "occurred_at": report.occurred_at.isoformat(),
        "recorded_at": report.recorded_at.isoformat(),
        "external_number": report.external_number,
        "position_refused": report.position_refused or None,
        "marked": report.marked,
        "reporter": {
            "name_masked": mask_name(report.reporter_name),
            "phone_masked": mask_phone(report.reporter_phone),
        }
        if named
        else None,
    }


def mask_name(name: str) -> str:
    """The surname only (the convention of Chinese public registers)."""
    return name[:1] + "＊" * min(len(name) - 1, 2) if name else ""


def mask_phone(phone: str) -> str:
    """First three and last four digits."""
    if len(phone) < 8:
        return "****" if phone else ""
    return f"{phone[:3]}****{phone[-4:]}"


def _task(task: Task) -> dict[str, Any]:
    hands = task.crew or task.unit
    assert hands is not None
    return {
        "id": str(task.id),
        "lead": task.lead,
        "state": task.state,
        "assignee": {
            "kind": "crew" if task.crew_id else "unit",
            "id": str(hands.id),
            "name": name_of(hands),
        },
        "dispatched_at": task.dispatched_at.isoformat(),
        "accepted_at": task.accepted_at.isoformat() if task.accepted_at else None,
        "reported_back_at": task.reported_back_at.isoformat() if task.reported_back_at else None,
        "ended_at": task.ended_at.isoformat() if task.ended_at else None,
    }


def photos(case: Case) -> list[dict[str, Any]]:
    """The case's pictures in the order they came (one query)."""
    rows = CasePhoto.objects.filter(case=case).select_related("file").order_by("id")
    return [_photo(p) for p in rows]


def _photo(p: CasePhoto) -> dict[str, Any]:
    return {
        "id": str(p.id),
        "url": f"/api/v1/photos/{p.id}",
        "stage": p.stage,
        "width": p.file.width,
        "height": p.file.height,
        "taken_at": p.file.taken_at.isoformat() if p.file.taken_at else None,
        "recorded_at": p.recorded_at.isoformat(),
    }


def timeline(case: Case, whole: bool) -> list[dict[str, Any]]:
    """The journal's entries on this case with their words (three queries)."""
    entries = list(Entry.objects.filter(subject_id=case.id).order_by("position"))
    notes = dict(Note.objects.filter(case=case).values_list("entry_id", "text"))
    actors = names(e.actor_id for e in entries)
    return [
        {
            "position": e.position,
            "act": e.act,
            "actor": {
                "name": ""
                if e.actor_role in HIDDEN and not whole
                else actors.get(str(e.actor_id), ""),
                "role": e.actor_role,
            },
            "occurred_at": e.occurred_at.isoformat(),
            "recorded_at": e.recorded_at.isoformat(),
            "marked": e.marked,
            "from_state": e.data.get("from"),
            "to_state": e.data.get("to"),
            "data": e.data,
            "note": notes.get(e.id),
        }
        for e in entries
    ]


def my_tasks(principal: Principal) -> list[dict[str, Any]]:
    """What waits for this person, with words and pictures (a constant number of queries)."""
    cases = list(tasks_of(principal).prefetch_related("reports", "photos__file"))
    facts = facts_of(cases)
    labels = labels_of_places()
    found = []
    for case in cases:
        acts = offered(principal, case, facts[case.id])
        if not acts:
            continue
        found.append(
            {
                "kind": "check" if case.state == State.TO_CHECK else "handle",
                "case": row(case, labels),
                "description": next(
                    (r.description for r in case.reports.all() if r.description), ""
                ),
                "photos": [_photo(p) for p in case.photos.all()],
                "acts": [_act(line) for line in acts],
            }
        )
    return found
