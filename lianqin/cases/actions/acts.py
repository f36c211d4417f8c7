"""The verbs on a case, from filing to closing."""

from __future__ import annotations

from uuid import UUID

from lianqin.accounts.policy import Target, allowed
from lianqin.accounts.refusals import NotHere, Refusal
from lianqin.accounts.runner import Command, Done
from lianqin.cases.clocks import resume, start
from lianqin.cases.models import Case, Task
from lianqin.cases.rules import Given, State
from lianqin.catalogue.queries import class_by_key
from lianqin.force.queries import crew_to_send, unit_to_send
from lianqin.territory.queries import calendar
from lianqin.worktime import Limit, Unit

from .on_case import Change, add_photos, lead_task, on_case


def file(
    command: Command, case_id: UUID, expected_version: int, class_key: tuple[str, str] | None = None
) -> Done:
    """立案: take the case on, under the class named (or the one it came with)."""

    def apply(change: Change) -> None:
        case = change.case
        if class_key is not None:
            found = class_by_key(*class_key)
            if found is None:
                raise Refusal("class_unknown", field="code", kind=class_key[0], value=class_key[1])
            case.case_class = found
        assert case.case_class is not None
        case.limit_value = case.case_class.limit_value
        case.limit_unit = case.case_class.limit_unit
        change.data["class"] = f"{case.case_class.kind}.{case.case_class.code}"

    fields = frozenset({"class"} if class_key else ())
    return on_case(command, case_id, expected_version, apply, given=Given(fields))


def reject(command: Command, case_id: UUID, expected_version: int, reason: str) -> Done:
    """不予立案: say why the case is not taken on; it keeps its number."""

    def apply(change: Change) -> None:
        change.case.closed_at = change.when.at

    return on_case(command, case_id, expected_version, apply, given=_reason(reason), note=reason)


def join(command: Command, case_id: UUID, expected_version: int, into_id: UUID) -> Done:
    """并案: this is the same problem as another open case; its reports count there from now on."""
    other: list[Case] = []

    def prepare(change: Change) -> Given:
        found = Case.objects.select_for_update(of=("self",)).filter(id=into_id).first()
        who = change.acting.principal
        if found is None or allowed(who, "join", Target(found.place)) is None:
            raise NotHere("case_to_join_not_found", field="case_id")
        other[:] = [found]  # the act may be tried a second time: only its own row counts
        return Given(frozenset({"case"}), into=found.id, into_state=State(found.state))

    def apply(change: Change) -> None:
        into = other[0]
        into.report_count += change.case.report_count
        into.save(update_fields=["report_count"])
        change.case.joined_into = into
        change.case.closed_at = change.when.at
        change.data["into"] = str(into.id)
        change.also.append(into.id)

    return on_case(command, case_id, expected_version, apply, prepare=prepare)


def dispatch(
    command: Command,
    case_id: UUID,
    expected_version: int,
    assignee: tuple[str, UUID],
    note: str = "",
) -> Done:
    """派遣: give the case to a crew or a unit; its handling clock starts.

    Whoever sent the case back before goes on with what was left (the rule of digital urban
    management: to the same unit the clock resumes, to another it restarts).
    """
    kind, assignee_id = assignee

    def prepare(change: Change) -> Given:
        fields = frozenset({"assignee"})
        if kind == "crew":
            crew = crew_to_send(assignee_id)
            if crew is not None:
                change.case.crew = crew
                return Given(fields, assignee_place=crew.place)
        elif kind == "unit":
            unit = unit_to_send(assignee_id)
            if unit is not None:
                change.case.unit = unit
                return Given(fields, assignee_reach=unit.reach)
        raise Refusal("assignee_unknown", field="assignee")

    def apply(change: Change) -> None:
        case = change.case
        task = Task(
            case=case,
            state="dispatched",
            crew=case.crew,
            unit=case.unit,
            dispatched_at=change.when.at,
        )
        _run_clock(change, task)
        task.save()
        case.told_by_radio_at = None
        change.data |= {"task": str(task.id), "assignee_kind": kind, "assignee": str(assignee_id)}

    return on_case(command, case_id, expected_version, apply, prepare=prepare, note=note)


def told_by_radio(command: Command, case_id: UUID, expected_version: int) -> Done:
    """已对讲通知: the crew was told by radio; when and by whom stands in the journal."""

    def apply(change: Change) -> None:
        change.case.told_by_radio_at = change.when.at

    return on_case(command, case_id, expected_version, apply)


def accept(command: Command, case_id: UUID, expected_version: int) -> Done:
    """签收: the crew or unit takes the task."""

    def apply(change: Change) -> None:
        task = lead_task(change.case)
        task.state, task.accepted_at = "accepted", change.when.at
        task.handler_id = change.acting.principal.id
        task.save()
        change.data["task"] = str(task.id)

    return on_case(command, case_id, expected_version, apply)


def report_back(
    command: Command, case_id: UUID, expected_version: int, photos: list[UUID], note: str = ""
) -> Done:
    """办理反馈: the work is done, with a picture of it; the handling clock stops."""

    def apply(change: Change) -> None:
        task = lead_task(change.case)
        task.state, task.reported_back_at = "reported_back", change.when.at
        task.handler_id = change.acting.principal.id
        task.clock_stopped_at = change.case.clock_stopped_at = change.when.at
        task.save()
        add_photos(change, photos, "after")
        change.data["task"] = str(task.id)

    given = Given(frozenset({"photo"} if photos else ()))
    return on_case(command, case_id, expected_version, apply, given=given, note=note)


def send_back(command: Command, case_id: UUID, expected_version: int, reason: str) -> Done:
    """回退: not ours, and why; the centre answers for the case again."""

    def apply(change: Change) -> None:
        case = change.case
        task = lead_task(case)
        task.state, task.ended_at, task.clock_stopped_at = (
            "returned",
            change.when.at,
            change.when.at,
        )
        task.save()
        change.data["task"] = str(task.id)
        case.crew = case.unit = case.told_by_radio_at = None
        case.clock_started_at = case.clock_due_at = case.clock_stopped_at = None

    return on_case(command, case_id, expected_version, apply, given=_reason(reason), note=reason)


def check_pass(
    command: Command,
    case_id: UUID,
    expected_version: int,
    note: str = "",
    photos: list[UUID] | None = None,
) -> Done:
    """核查通过: somebody else has looked, and it is done."""

    def apply(change: Change) -> None:
        add_photos(change, photos or [], "after")

    return on_case(command, case_id, expected_version, apply, note=note)


def check_fail(command: Command, case_id: UUID, expected_version: int, reason: str) -> Done:
    """核查不通过: back to whoever handled it, with what is left of the limit."""

    def apply(change: Change) -> None:
        case = change.case
        task = lead_task(case)
        task.state, task.reported_back_at = "accepted", None
        if case.limit_value and task.clock_started_at and task.clock_stopped_at:
            unit = Unit.parse(case.limit_unit)
            plain = resume(case, task, change.when.at, unit, calendar(), after=task)
            change.data["calendar"] = "plain" if plain else "district"
        task.save()
        change.data["task"] = str(task.id)

    return on_case(command, case_id, expected_version, apply, given=_reason(reason), note=reason)


def close(command: Command, case_id: UUID, expected_version: int, note: str = "") -> Done:
    """结案: the standard for closing is met."""

    def apply(change: Change) -> None:
        task = lead_task(change.case)
        task.state, task.ended_at = "done", change.when.at
        task.save()
        change.case.closed_at = change.when.at

    return on_case(command, case_id, expected_version, apply, note=note)


def _run_clock(change: Change, task: Task) -> None:
    case, at = change.case, change.when.at
    if not case.limit_value:
        return
    limit, before = Limit(case.limit_value, Unit.parse(case.limit_unit)), _sent_back(case)
    if before is None:
        plain = start(case, task, at, limit, calendar())
    else:
        plain = resume(case, task, at, limit.unit, calendar(), after=before)
    change.data["calendar"] = "plain" if plain else "district"


def _sent_back(case: Case) -> Task | None:
    """The last task of this case that the crew or unit it goes to now had and sent back."""
    return (
        Task.objects.filter(case=case, crew=case.crew, unit=case.unit, state="returned")
        .filter(clock_started_at__isnull=False)
        .order_by("-id")
        .first()
    )


def _reason(reason: str) -> Given:
    return Given(frozenset({"reason"} if reason.strip() else ()))
