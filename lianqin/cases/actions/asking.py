"""What one person asks for on a case, and what another makes of it."""

from __future__ import annotations

from uuid6 import uuid7

from lianqin.cases import clocks
from lianqin.cases.lifecycle import State
from lianqin.cases.models import CaseRequest, Task
from lianqin.cases.rules import ASKS, open_request, task_of

from .checking import finish
from .handling import hold, in_force
from .on_case import Change, verb
from .sending import beside, lead


def _ask(change: Change) -> None:
    kind = ASKS[change.acting.command.act]
    about_task = kind in ("extension", "suspension", "backup")
    task = task_of(change.facts, change.actor, change.given) if about_task else None
    change.entry_id = uuid7()
    asked = CaseRequest.objects.create(
        case=change.case,
        task_id=task.id if task else None,
        kind=kind,
        place=change.case.place,
        asked_by_id=change.acting.principal.id,
        asked_at=change.when.at,
        asked_entry=change.entry_id,
        until=change.said.until,
        unit=change.found.get("unit"),
    )
    change.data |= {"request": str(asked.id), "kind": kind}


@verb
def ask_extension(change: Change) -> None:
    """申请延期: more time, asked before it has run out."""
    _ask(change)


@verb
def ask_suspension(change: Change) -> None:
    """申请挂账: nothing can be done before a date."""
    _ask(change)


@verb
def ask_backup(change: Change) -> None:
    """请求支援: the crew cannot solve it alone."""
    _ask(change)


@verb
def ask_department(change: Change) -> None:
    """提请部门: another department is needed; the office asks it."""
    _ask(change)


@verb
def ask_force_close(change: Change) -> None:
    """申请强制结案: it cannot be ended the usual way."""
    _ask(change)


@verb
def appeal_overdue(change: Change) -> None:
    """超期申诉: the time ran out for reasons that are not ours."""
    _ask(change)


@verb
def dispute(change: Change) -> None:
    """提请裁定: not ours, but sending back is over; the next level rules, the handler stays."""
    _ask(change)


def _asked(change: Change) -> CaseRequest:
    facts = open_request(change.facts, change.given)
    found = (
        CaseRequest.objects.select_for_update(of=("self",)).select_related("unit").get(id=facts.id)
    )
    change.data |= {"request": str(found.id), "kind": found.kind}
    return found


def _answered(change: Change, asked: CaseRequest, state: str) -> None:
    asked.state, asked.decided_at = state, change.when.at
    asked.decided_by_id = change.acting.principal.id
    asked.save()


@verb
def endorse(change: Change) -> None:
    """初审同意: the centre agrees; the level above decides."""
    asked = _asked(change)
    asked.state, asked.endorsed_at = "endorsed", change.when.at
    asked.endorsed_by_id = change.acting.principal.id
    asked.save()


@verb
def refuse(change: Change) -> None:
    """驳回: no, and why."""
    _answered(change, _asked(change), "refused")


@verb
def withdraw_request(change: Change) -> None:
    """撤回申请: no longer needed."""
    _answered(change, _asked(change), "withdrawn")


@verb
def grant(change: Change) -> None:
    """批准: what was asked for takes effect."""
    asked = _asked(change)
    _answered(change, asked, "granted")
    _EFFECTS[asked.kind](change, asked)


def _task(asked: CaseRequest) -> Task:
    assert asked.task_id is not None
    return Task.objects.select_for_update().get(id=asked.task_id)


def _extend(change: Change, asked: CaseRequest) -> None:
    """One more original limit for the task (dossier: each extension adds one)."""
    task = _task(asked)
    task.extensions += 1
    task.save(update_fields=["extensions"])
    rows = [
        r
        for r in clocks.open_clocks(change.case)
        if r.task_id == task.id and r.stage == clocks.HANDLE
    ]
    clocks.change(rows, change.days, lambda c: c.extend())
    change.data["task"] = str(task.id)


def _suspend(change: Change, asked: CaseRequest) -> None:
    """The whole case rests: while it is suspended nobody can do their part, nor those beside."""
    for one in in_force(change.case):
        hold(change, one)
    change.case.suspended_until = asked.until
    change.data |= {"task": str(asked.task_id), "until": str(asked.until)}


def _to_department(change: Change, asked: CaseRequest) -> None:
    give = lead if change.facts.state is State.FILED else beside
    give(change, None, asked.unit)


def _send_backup(change: Change, asked: CaseRequest) -> None:
    beside(change, change.found.get("crew"), change.found.get("unit"))


def _force_close(change: Change, asked: CaseRequest) -> None:
    finish(change)


def _exempt(change: Change, asked: CaseRequest) -> None:
    """Out of the figures; that it ran over stays visible."""
    change.case.clocks.filter(late=True).update(exempt=True)


_EFFECTS = {
    "extension": _extend,
    "suspension": _suspend,
    "department": _to_department,
    "backup": _send_backup,
    "force_close": _force_close,
    "appeal": _exempt,
}
