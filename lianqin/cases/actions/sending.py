"""Giving a case into hands: dispatch, side tasks, the radio, and rulings on who handles it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from lianqin.accounts.refusals import Refusal
from lianqin.cases import clocks
from lianqin.cases.models import Case, StageClock, Task
from lianqin.cases.rules import LEVELS, Given
from lianqin.catalogue.queries import units_on_duty
from lianqin.force.models import Agency, Crew
from lianqin.force.queries import crew_to_send, unit_to_send
from lianqin.worktime import Limit, Unit

from .on_case import Change, looks_at, verb


@looks_at("dispatch", "add_task", "designate", "ask_department", "grant")
def hands(change: Change) -> Given:
    """The crew or unit that is named, and whether the duty list gives it this class here."""
    if change.said.assignee is None:
        return change.given
    kind, wanted = change.said.assignee
    case = change.case
    if kind == "crew" and (crew := crew_to_send(wanted)) is not None:
        change.found["crew"] = crew
        return replace(change.given, assignee_place=crew.place)
    if kind == "unit" and (unit := unit_to_send(wanted)) is not None:
        change.found["unit"] = unit
        lines = (
            units_on_duty(case.case_class_id, case.place, change.around.today)
            if case.case_class_id
            else []
        )
        listed = any(line.unit_id == unit.id for line in lines)
        return replace(change.given, assignee_reach=unit.reach, authorised=listed)
    raise Refusal("assignee_unknown", field="assignee")


@verb
def dispatch(change: Change) -> None:
    """派遣: give the case to a crew or a unit; its handling clock starts.

    Whoever sent the case back before goes on with what was left (the rule of digital urban
    management: to the same unit the clock resumes, to another it restarts).
    """
    lead(change, change.found.get("crew"), change.found.get("unit"))


def lead(change: Change, crew: Crew | None, unit: Agency | None) -> Task:
    """Open the lead task for these hands, with its clocks."""
    case, at = change.case, change.when.at
    case.crew, case.unit, case.told_by_radio_at = crew, unit, None
    task = _open(change, crew, unit, lead=True)
    before = _sent_back(case)
    if before is not None and before.task is not None and case.deadline is None:
        task.extensions = before.task.extensions  # they are in the clock that goes on
        task.save(update_fields=["extensions"])
        clocks.carry(task, before, at, change.days)
    else:
        _start(change, task)
    if change.said.limit is not None:
        value, word = change.said.limit
        limit = Limit(value, Unit.parse(word))
        clocks.begin(case, clocks.JOINT, at, limit, change.days, task)
        change.data["limit"] = f"{value}:{limit.unit.value}"
    return task


def beside(change: Change, crew: Crew | None, unit: Agency | None) -> Task:
    """Open a task beside the lead's, with a clock of its own."""
    task = _open(change, crew, unit, lead=False)
    hands = crew or unit
    assert hands is not None
    change.case.side_hands = [*change.case.side_hands, hands.id]
    _start(change, task)
    return task


def _open(change: Change, crew: Crew | None, unit: Agency | None, *, lead: bool) -> Task:
    task = Task.objects.create(
        case=change.case,
        lead=lead,
        state="dispatched",
        crew=crew,
        unit=unit,
        dispatched_at=change.when.at,
    )
    kind = "crew" if crew else "unit"
    change.data |= {
        "task": str(task.id),
        "assignee_kind": kind,
        "assignee": str(task.crew_id or task.unit_id),
    }
    return task


def _start(change: Change, task: Task) -> None:
    limit = clocks.dispatch_limit(change.case, change.when.at)
    if limit is not None:
        row = clocks.begin(change.case, clocks.HANDLE, change.when.at, limit, change.days, task)
        change.data["calendar"] = "plain" if row.plain else "district"


def _sent_back(case: Case) -> StageClock | None:
    """The clock of the last task that the crew or unit it goes to now had and sent back.

    Only as many returns are looked at as are counted: reopening a case sets that count to zero,
    and with it everybody starts anew.
    """
    returned = Task.objects.filter(case=case, lead=True, state="returned").order_by("-id")
    same = [
        task.id
        for task in returned[: case.send_backs]
        if (task.crew_id, task.unit_id) == (case.crew_id, case.unit_id)
    ]
    clocks_then = StageClock.objects.filter(task_id__in=same[:1], stage=clocks.HANDLE)
    return clocks_then.select_related("task").order_by("-id").first()


def end(change: Change, task: Task, state: str) -> None:
    """End a task and stop its clocks."""
    task.state, task.ended_at = state, change.when.at
    task.save()
    rows = [r for r in clocks.open_clocks(change.case) if r.task_id == task.id]
    clocks.change(rows, change.days, lambda c: c.stop(change.when.at))
    if not task.lead:
        ended = task.crew_id or task.unit_id
        change.case.side_hands = [i for i in change.case.side_hands if i != ended]
    change.data["task"] = str(task.id)


@verb
def add_task(change: Change) -> None:
    """加派协办: another crew or unit does a part; the lead stays responsible."""
    beside(change, change.found.get("crew"), change.found.get("unit"))


@verb
def withdraw_task(change: Change) -> None:
    """撤回协办: the part is no longer needed."""
    end(change, change.task(), "withdrawn")


@verb
def told_by_radio(change: Change) -> None:
    """已对讲通知: the crew was told by radio; when and by whom stands in the journal."""
    task = change.task()
    task.told_by_radio_at = change.when.at
    task.save(update_fields=["told_by_radio_at"])
    if task.lead:
        change.case.told_by_radio_at = change.when.at


@verb
def designate(change: Change) -> None:
    """指定承办: a ruling on who handles the case; each level is above the one before it."""
    case = change.case
    case.designated = LEVELS[change.post.role]
    change.data["level"] = case.designated
    rule_disputes(change)
    wanted: UUID | None = change.given.assignee_id
    if wanted in (case.crew_id, case.unit_id) and change.facts.lead is not None:
        change.data["task"] = str(change.facts.lead.id)
        return
    for task in Task.objects.filter(case=case, ended_at=None).order_by("id"):
        # A part that these hands had goes up in the whole: nobody has two tasks of one case.
        if task.lead or wanted in (task.crew_id, task.unit_id):
            end(change, task, "withdrawn")
    lead(change, change.found.get("crew"), change.found.get("unit"))


def rule_disputes(change: Change) -> None:
    """An open dispute is answered by the ruling."""
    change.case.requests.filter(kind="dispute", state="asked").update(
        state="granted", decided_at=change.when.at, decided_by=change.acting.principal.id
    )
