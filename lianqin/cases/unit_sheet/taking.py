"""A filled sheet taken in: each row an act of its own, under a key made of what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from lianqin.accounts.policy import Target, allowed
from lianqin.accounts.refusals import Conflict, Forbidden, NotHere, Refusal
from lianqin.accounts.runner import (
    Acting,
    Command,
    Done,
    Outcome,
    answered,
    perform,
    request_hash,
)
from lianqin.cases.actions import Said, act
from lianqin.cases.facts import around_of, facts_of, moment, shifted
from lianqin.cases.models import Case, Task
from lianqin.cases.queries import last_act, target_of, visible
from lianqin.cases.rules import Actor, Around, Facts, Given, Refused, line_for, refuse_before
from lianqin.cases.tickets.cells import Wrong
from lianqin.cases.tickets.sheet import read_sheet
from lianqin.catalogue.models import DutyLine
from lianqin.catalogue.queries import units_on_duty
from lianqin.territory.queries import district

from .columns import SAID, Filled, body_of, read

#: Keys of rows are made from this, the person, the task, the version and what the row says.
_SPACE = UUID("5f0d5a3e-8b0e-4a9b-9c1d-3f5c7c2c1a74")
#: Rows of one sheet: each is a transaction of its own, and somebody waits.
MOST_ROWS = 500
#: What became of a row: done, done before, would be done, not done because the case moved on, not
#: done because a rule or a cell forbids it.
OUTCOMES = ("done", "already", "would", "conflict", "refused", "wrong")

Result = dict[str, Any]


@dataclass(frozen=True)
class _Ground:
    """What the rows are checked against, read once."""

    command: Command
    tasks: Mapping[UUID, Task]
    cases: Mapping[UUID, Case]
    facts: Mapping[UUID, Facts]
    photos: Mapping[str, UUID]
    around: Around


def take_sheet(
    command: Command,
    content: bytes,
    *,
    photos: Mapping[str, UUID] | None = None,
    dry_run: bool = False,
) -> Done:
    """Do what a filled sheet says, as `command.principal`; `photos` are the person's own uploads by
    the names that the sheet gives them.

    Each filled row is one act: one transaction, one entry, under a key made from the row, so that
    the same sheet again does nothing twice. It counts against the version of the case that the
    sheet was made from: a case that moved on is told, not overwritten. The file is one more entry
    with counts and hash, unless it did nothing. Raises Forbidden, and Refusal for a file that
    cannot be used as a whole.
    """
    if allowed(command.principal, command.act, Target("")) is None:
        raise Forbidden(command.act)
    before = None if dry_run else answered(command)
    if before is not None:
        return before
    sheet = read_sheet(content)
    body = body_of(sheet)
    if len(body.rows) > MOST_ROWS:
        raise Refusal("sheet_too_many_rows", field="file", max_rows=MOST_ROWS)
    zone, filled, results = district().tz, [], []
    for number, row in body.rows:
        try:
            one = read(body, number, row, zone)
        except Wrong as wrong:
            results.append(_wrong(number, wrong))
            continue
        if one is not None:
            filled.append(one)
    ground = _ground(command, filled, photos or {})
    results += [_taken(ground, one, dry_run=dry_run) for one in filled]
    answer = _answer(sheet.sha256, len(body.rows), results, dry_run=dry_run)
    return Done(answer, replayed=False) if dry_run else _noted(command, sheet.sha256, answer)


def _answer(sha256: str, rows: int, results: list[Result], *, dry_run: bool) -> dict[str, Any]:
    counts = {name: sum(one["outcome"] == name for one in results) for name in OUTCOMES}
    return {
        "sha256": sha256,
        "dry_run": dry_run,
        "rows": rows,
        "blank": rows - len(results),
        **counts,
        "results": sorted(results, key=lambda one: one["row"]),
    }


def _wrong(row: int, wrong: Wrong) -> Result:
    reason = {"zh": wrong.zh, "en": wrong.en}
    return _result(row, "", "", "wrong", wrong.code, wrong.name, reason=reason)


def _result(
    row: int,
    number: str,
    act: str,
    outcome: str,
    code: str = "",
    field: str = "",
    params: Mapping[str, Any] | None = None,
    reason: dict[str, str] | None = None,
) -> Result:
    return {
        "row": row,
        "number": number,
        "act": act,
        "outcome": outcome,
        "code": code,
        "field": field,
        "params": dict(params or {}),
        "reason": reason,
    }


def _ground(command: Command, filled: list[Filled], photos: Mapping[str, UUID]) -> _Ground:
    """Tasks, cases and facts of all rows (a constant number of queries); what is not this person's
    is not there."""
    wanted = [one.task_id for one in filled]
    own = Task.objects.filter(id__in=wanted, unit_id__in=command.principal.units)
    tasks = {task.id: task for task in own}
    seen = Case.objects.filter(visible(command.principal.scope))
    found = seen.filter(id__in={task.case_id for task in tasks.values()})
    cases = {case.id: case for case in found.defer("search", "search_text")}
    now = command.now.now()
    return _Ground(command, tasks, cases, facts_of(cases.values(), now), photos, around_of(now))


def _taken(ground: _Ground, one: Filled, *, dry_run: bool) -> Result:
    task = ground.tasks.get(one.task_id)
    if task is None:
        return _result(one.row, one.number, one.act, "refused", "task_unknown")
    made = _command(ground.command, one)
    try:
        known = answered(made)
        if known is not None:
            return _result(one.row, one.number, one.act, "already")
        _check_photos(ground, one)
        case = _case(ground, task, one)
        said = _said(ground, one, task, case)
        if dry_run:
            _check(ground, one, case, said)
            return _result(one.row, one.number, one.act, "would")
        done = act(made, case.id, one.version, said)
    except Conflict as conflict:
        theirs = dict(conflict.params.get("theirs", {}))
        return _result(one.row, one.number, one.act, "conflict", "conflict", "mark", theirs)
    except (Refusal, Refused) as refused:
        return _result(
            one.row, one.number, one.act, "refused", refused.code, refused.field, refused.params
        )
    return _result(one.row, one.number, one.act, "already" if done.replayed else "done")


def _command(command: Command, one: Filled) -> Command:
    """The row's own command. Its key and hash leave out the ids of uploads, which are new whenever
    the same pictures are chosen again."""
    parts = (command.principal.id, one.task_id.hex, one.version, one.digest)
    return replace(
        command,
        act=one.act,
        key=uuid5(_SPACE, " ".join(str(part) for part in parts)),
        request_hash=request_hash("unit_sheet", *parts),
        occurred_at=one.at,
    )


def _case(ground: _Ground, task: Task, one: Filled) -> Case:
    """The case as the sheet knew it; Conflict when it has moved on, also out of sight."""
    case = ground.cases.get(task.case_id)
    if case is not None and case.version == one.version:
        return case
    shown = case or Case.objects.filter(id=task.case_id).first()
    if shown is None:
        raise NotHere()
    last = last_act(shown, ground.command.principal.scope)
    raise Conflict(
        yours={"act": one.act, "expected_version": one.version},
        theirs={"state": shown.state, "version": shown.version, **last},
    )


def _check_photos(ground: _Ground, one: Filled) -> None:
    missing = [name for name in one.photos if name not in ground.photos]
    if missing:
        raise Refusal("sheet_photo_missing", field="photos", value=missing[0])


def _said(ground: _Ground, one: Filled, task: Task, case: Case) -> Said:
    field = SAID.get(one.act)
    return Said(
        task_id=task.id,
        reason=one.said if field == "reason" else "",
        note=one.said if field == "note" else "",
        photos=tuple(ground.photos[name] for name in one.photos),
        reply=one.reply,
        duty_line_id=_line(one, case, ground.around.today) if one.line else None,
    )


def _line(one: Filled, case: Case, today: date) -> UUID:
    """The line of the duty list that the sheet cites, by its number or its unit's name."""
    lines = _lines(case, today)
    for line in lines:
        if one.line in (line.code, line.unit.name_zh, line.unit.name_en):
            return line.id
    known = "、".join(line.unit.name_zh for line in lines)
    raise Refusal("sheet_line_unknown", field="line", value=one.line, expected=known)


def _lines(case: Case, today: date) -> list[DutyLine]:
    return units_on_duty(case.case_class_id, case.place, today) if case.case_class_id else []


def _check(ground: _Ground, one: Filled, case: Case, said: Said) -> None:
    """What a dry run can tell beforehand: whether the act may be done, and what it lacks."""
    who, at = ground.command.principal, moment(case, ground.command.now.now())
    post = allowed(who, one.act, target_of(case))
    if post is None:
        raise Forbidden(one.act)
    facts = ground.facts[case.id]
    actor = Actor(who.id, post.place, post.role, who.crews, who.units)
    around = shifted(ground.around, at, district().tz)
    needed = Given(task_id=said.task_id)
    line = line_for(one.act, facts, actor, needed)
    refuse_before(one.act, facts, actor, needed, around)
    given = said.given().fields
    for need in line.needs:
        if need not in given and need != "duty_line_id":
            raise Refused("photo_needed" if need == "photos" else f"{need}_needed", field=need)
    if "duty_line_id" in line.needs and said.duty_line_id is None and _lines(case, around.today):
        raise Refused("duty_line_needed", field="line")


def _noted(command: Command, file_hash: str, answer: Mapping[str, Any]) -> Done:
    """Journal that a sheet was taken in, with counts and hash, and keep the answer; a sheet that
    did nothing leaves no entry."""

    def work(acting: Acting) -> Outcome:
        post = acting.authorize(Target(""))
        if not answer["done"]:
            return Outcome(None, answer)
        counts = {name: answer[name] for name in ("rows", *OUTCOMES)}
        data = {"file": file_hash, "counts": counts}
        origin = acting.principal.origin
        return Outcome(acting.draft(post, ("sheet", command.key), data, origin=origin), answer)

    return perform(command, work)
