"""One case with everything that belongs to it, and what this person may do with it now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianqin.accounts.masking import masked
from lianqin.accounts.policy import allowed
from lianqin.accounts.principal import Principal
from lianqin.accounts.queries import names
from lianqin.catalogue.queries import duty_lines_for, standard_out, standards
from lianqin.force.queries import name_of
from lianqin.journal.models import Entry

from .facts import around_of, facts_of, moment
from .kin import named, parts_of, recurrences, twins
from .lifecycle import State, Transition, acts_in
from .models import Case, CasePhoto, CaseRequest, Note, Report, StageClock, Task
from .queries import labels_of_places, target_of
from .rows import row
from .rules import (
    HIDDEN,
    Actor,
    Around,
    Facts,
    Given,
    Refused,
    line_for,
    may_decide,
    refuse_before,
    responsible,
)


def detail(principal: Principal, case: Case, now: datetime) -> dict[str, Any]:
    """The case panel: a constant number of queries however long its history."""
    scope = principal.scope
    tasks = list(case.tasks.select_related("crew", "unit").order_by("id"))
    reports = list(case.reports.order_by("id"))
    now = moment(case, now)
    facts = facts_of([case], now)[case.id]
    around = around_of(now)
    whole = scope.holds(case.place)
    clocks = list(case.clocks.order_by("id"))
    fresh = case.state in ("reported", "verifying", "filed")
    return {
        "case": row(case, labels_of_places()),
        "responsible": responsible(facts.state),
        "way": {
            "verify": case.verify_first,
            "filed_by": case.filed_by,
            "checked_by": case.checked_by,
            "closed_by": case.closed_by,
            "reply": case.replies,
        },
        "verified": case.verified,
        "standard": standard_out(case.standard) if case.standard else None,
        "reply": case.reply_text,
        "outcome": case.outcome,
        "reports": [_report(r, whole) for r in reports],
        "tasks": [_task(t, clocks) for t in tasks],
        "clocks": [_clock(c) for c in clocks],
        "requests": requests(case),
        "checker": _checker(case, whole, principal),
        "photos": photos(case),
        "timeline": timeline(case, whole),
        "acts": [item for line in offered(principal, case, facts, around) for item in line],
        "twins": twins(case, scope, around.practice) if fresh else [],
        "recurrences": recurrences(case, scope, around.practice) if fresh else [],
        "recurrence_of": named(scope, case.recurrence_of_id) if case.recurrence_of_id else None,
        "parent": named(scope, case.parent_id) if case.parent_id else None,
        "parts": parts_of(case, scope),
        "duty_lines": _duty_lines(case, around),
        "standards": _standards(case, around) if case.state == "reported" else [],
    }


def offered(
    principal: Principal, case: Case, facts: Facts, around: Around
) -> list[list[dict[str, Any]]]:
    """The acts that this person may do on this case now; screens render exactly these.

    An act about a task or a request comes once for each that it may be about.
    """
    target = target_of(case)
    found = []
    for act in dict.fromkeys(line.act for line in acts_in(facts.state)):
        post = allowed(principal, act, target)
        if post is None:
            continue
        actor = Actor(principal.id, post.place, post.role, principal.crews, principal.units)
        found.append(_items(act, facts, actor, around))
    return found


def _items(act: str, facts: Facts, actor: Actor, around: Around) -> list[dict[str, Any]]:
    if act in ("endorse", "grant", "refuse", "withdraw_request"):
        fitting = [r for r in facts.requests if may_decide(act, r, actor) == ""]
        givens = [Given(request_id=r.id) for r in fitting]
    elif act in ("accept", "under_way", "on_scene", "report_back", "send_back"):
        givens = [Given(task_id=t.id) for t in facts.tasks if actor.has(t)]
    elif act in ("withdraw_task", "told_by_radio"):
        sides = [t for t in facts.tasks if act == "told_by_radio" or not t.lead]
        givens = [Given(task_id=t.id) for t in sides]
    else:
        givens = [Given()]
    items = []
    for given in givens:
        try:
            line = line_for(act, facts, actor, given)
            refuse_before(act, facts, actor, given, around)
        except Refused:
            continue
        items.append(_act(line, given))
    return items


def _act(line: Transition, given: Given) -> dict[str, Any]:
    about = {"task_id", "request_id"} if given.task_id or given.request_id else set()
    return {
        "act": line.act,
        "needs": [need for need in line.needs if need not in about],
        "takes": [take for take in line.takes if take not in about],
        "task_id": str(given.task_id) if given.task_id else None,
        "request_id": str(given.request_id) if given.request_id else None,
    }


def requests(case: Case) -> list[dict[str, Any]]:
    """What was asked for on a case, with the reason given (two queries)."""
    rows = list(case.requests.select_related("asked_by", "decided_by", "endorsed_by", "unit"))
    words = dict(
        Note.objects.filter(entry_id__in=[r.asked_entry for r in rows]).values_list(
            "entry_id", "text"
        )
    )
    return [request_out(r, words.get(r.asked_entry, "")) for r in sorted(rows, key=lambda r: r.id)]


def request_out(r: CaseRequest, reason: str) -> dict[str, Any]:
    """One request as screens show it, with the reason that was given."""
    return {
        "id": str(r.id),
        "kind": r.kind,
        "state": r.state,
        "task_id": str(r.task_id) if r.task_id else None,
        "asked_by": r.asked_by.display_name,
        "asked_at": r.asked_at.isoformat(),
        "reason": reason,
        "until": r.until.isoformat() if r.until else None,
        "unit": name_of(r.unit) if r.unit else None,
        "endorsed_by": r.endorsed_by.display_name if r.endorsed_by else None,
        "endorsed_at": r.endorsed_at.isoformat() if r.endorsed_at else None,
        "decided_by": r.decided_by.display_name if r.decided_by else None,
        "decided_at": r.decided_at.isoformat() if r.decided_at else None,
    }


def _checker(case: Case, whole: bool, principal: Principal) -> dict[str, Any] | None:
    """Who was drawn to check; the handlers do not learn it."""
    if case.state != State.TO_CHECK:
        return None
    known = case.checker is not None and (whole or case.checker_id == principal.id)
    return {
        "drawn": case.checker_id is not None,
        "id": str(case.checker_id) if known else None,
        "name": case.checker.display_name if known and case.checker else None,
    }


def _duty_lines(case: Case, around: Around) -> list[dict[str, Any]]:
    """Who answers for the class here: to send to, and to cite when sending back."""
    if case.case_class_id is None or case.state not in ("filed", "dispatched", "handling"):
        return []
    return duty_lines_for(case.case_class_id, case.place, around.today)


def _standards(case: Case, around: Around) -> list[dict[str, Any]]:
    if case.case_class is None:
        return []
    return standards(case.case_class.kind, case.case_class.code, around.today)


def _clock(clock: StageClock) -> dict[str, Any]:
    return {
        "id": str(clock.id),
        "stage": clock.stage,
        "task_id": str(clock.task_id) if clock.task_id else None,
        "started_at": clock.started_at.isoformat(),
        "paused_at": clock.paused_at.isoformat() if clock.paused_at else None,
        "due_at": clock.due_at.isoformat() if clock.due_at else None,
        "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else None,
        "limit": {"value": clock.limit_value, "unit": clock.limit_unit},
        "extensions": len(clock.added),
        "used_s": clock.used_s,
        "allowed_s": clock.allowed_s,
        "late": clock.late,
        "exempt": clock.exempt,
        "plain": clock.plain,
    }


def _report(report: Report, whole: bool) -> dict[str, Any]:
    said = masked(report.description)
    hidden = report.reporter_name or report.reporter_phone or said != report.description
    named = whole and hidden
    return {
        "id": str(report.id),
        "source": report.source,
        "description": said,
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


def _task(task: Task, clocks: list[StageClock]) -> dict[str, Any]:
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
        "under_way_at": task.under_way_at.isoformat() if task.under_way_at else None,
        "on_scene_at": task.on_scene_at.isoformat() if task.on_scene_at else None,
        "told_by_radio_at": task.told_by_radio_at.isoformat() if task.told_by_radio_at else None,
        "ended_at": task.ended_at.isoformat() if task.ended_at else None,
        "extensions": task.extensions,
        "clock": next((_clock(c) for c in clocks if c.task_id == task.id), None),
    }


def photos(case: Case) -> list[dict[str, Any]]:
    """The case's pictures in the order they came (one query)."""
    rows = CasePhoto.objects.filter(case=case).select_related("file").order_by("id")
    return [photo_out(p) for p in rows]


def photo_out(p: CasePhoto) -> dict[str, Any]:
    """One picture as screens show it."""
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
            "data": e.data if whole else _without_the_draw(e.data),
            "note": notes.get(e.id),
        }
        for e in entries
    ]


def _without_the_draw(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the handler may see of an entry: not who checks, nor how it was drawn."""
    return {key: value for key, value in data.items() if key not in ("draw", "seed", "was_drawn")}
