"""What the crew or unit does with its task: from taking it to reporting back."""

from __future__ import annotations

from dataclasses import replace

from lianqin.accounts.principal import within
from lianqin.accounts.refusals import Refusal
from lianqin.cases import clocks
from lianqin.cases.models import Case, Task
from lianqin.cases.rules import Given
from lianqin.catalogue.queries import duty_line, units_on_duty

from .drawing import draw_for
from .on_case import Change, add_photos, looks_at, verb
from .sending import end


@verb
def accept(change: Change) -> None:
    """签收: the crew or unit takes the task."""
    task = change.task()
    task.state, task.accepted_at = "accepted", change.when.at
    task.handler_id = change.acting.principal.id
    task.save()


@verb
def under_way(change: Change) -> None:
    """出发: the crew has set out."""
    task = change.task()
    task.under_way_at = change.when.at
    task.save(update_fields=["under_way_at"])


@verb
def on_scene(change: Change) -> None:
    """到场: the crew has arrived."""
    task = change.task()
    task.on_scene_at = change.when.at
    task.save(update_fields=["on_scene_at"])


@verb
def report_back(change: Change) -> None:
    """办理反馈: the work is done, with a picture of it; its clock rests until the check."""
    task = change.task()
    task.handler_id, task.reported_back_at = change.acting.principal.id, change.when.at
    add_photos(change, change.said.photos, "after")
    if not task.lead:
        end(change, task, "reported_back")
        return
    task.state = "reported_back"
    task.save()
    hold(change, task)
    if change.said.reply.strip():
        change.case.reply_text = change.said.reply.strip()
    if change.case.checked_by == "here":
        draw_for(change)


def hold(change: Change, task: Task) -> None:
    """Let a task's clocks rest; one that runs to somebody else's deadline ends instead, because
    that deadline does not wait."""
    rows = [r for r in clocks.open_clocks(change.case) if r.task_id == task.id]
    at = change.when.at
    ends = [r for r in rows if r.stage == clocks.HANDLE and change.case.deadline is not None]
    clocks.change(ends, change.days, lambda c: c.stop(at))
    clocks.change(clocks.running(rows), change.days, lambda c: c.pause(at))


def run_on(change: Change, task: Task) -> None:
    """Let a task's clocks go on with what was left; to a deadline they are counted anew."""
    at = change.when.at
    rows = [r for r in clocks.open_clocks(change.case) if r.task_id == task.id]
    clocks.change(clocks.paused(rows), change.days, lambda c: c.resume(at))
    if change.case.deadline is not None:
        limit = clocks.dispatch_limit(change.case, at)
        assert limit is not None
        clocks.begin(change.case, clocks.HANDLE, at, limit, change.days, task)


def back_to_hands(change: Change) -> None:
    """The lead works on: a check failed, or the centre wants better."""
    task = lead_task(change.case)
    task.state, task.reported_back_at = "accepted", None
    task.save()
    run_on(change, task)
    change.data["task"] = str(task.id)


def lead_task(case: Case) -> Task:
    """The case's lead task in force; the lifecycle guarantees there is one where it is asked."""
    return Task.objects.select_for_update().get(case=case, lead=True, ended_at=None)


@looks_at("send_back")
def _cited_line(change: Change) -> Given:
    """The line of the duty list that is cited: it names who answers for the class here."""
    case, today = change.case, change.around.today
    lines = units_on_duty(case.case_class_id, case.place, today) if case.case_class_id else []
    cited = change.said.duty_line_id
    if cited is not None:
        line = duty_line(cited, today)
        here = line is not None and within(case.place, line.place)
        if line is None or not here or line.case_class_id != case.case_class_id:
            raise Refusal("duty_line_unknown", field="duty_line_id")
        change.data["duty_line"] = str(line.id)
    return replace(change.given, duty_lines=bool(lines))


@verb
def send_back(change: Change) -> None:
    """回退: not ours, why, and whose it is by the duty list; the centre answers again."""
    case, task = change.case, change.task()
    rows = [r for r in clocks.open_clocks(case) if r.task_id == task.id]
    clocks.change(clocks.running(rows), change.days, lambda c: c.pause(change.when.at))
    end(change, task, "returned")
    if task.lead:
        _end_side_tasks(change)
        change.data["task"] = str(task.id)
        case.send_backs += 1
        case.crew = case.unit = case.told_by_radio_at = None


def _end_side_tasks(change: Change) -> None:
    for task in Task.objects.filter(case=change.case, lead=False, ended_at=None):
        end(change, task, "withdrawn")


@verb
def resume(change: Change) -> None:
    """解除挂账: what was waited for has come; the clocks go on."""
    for task in in_force(change.case):
        run_on(change, task)
        if task.lead:
            change.data["task"] = str(task.id)
    change.case.suspended_until = None


def in_force(case: Case) -> list[Task]:
    """The case's tasks that have not ended, locked."""
    return list(Task.objects.select_for_update().filter(case=case, ended_at=None).order_by("id"))
