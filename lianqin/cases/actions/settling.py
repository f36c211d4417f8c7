"""现场办结: dealt with at once by whoever found it; counted apart, and a sample looked at again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianqin.accounts.principal import Post
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Acting
from lianqin.cases.facts import around_of
from lianqin.cases.lifecycle import State
from lianqin.cases.models import Case, CasePhoto, Task
from lianqin.cases.rules import drawn_as_sample, replay_seed
from lianqin.files.actions import attach
from lianqin.worktime import Counted

from .drawing import drawn
from .on_case import free_time


@dataclass(frozen=True)
class Settlement:
    """What was settled on the spot: pictures from before and after, and a word about it."""

    before: tuple[UUID, ...] = ()
    after: tuple[UUID, ...] = ()
    note: str = ""


def sample(acting: Acting, at: datetime) -> dict[str, Any]:
    """Whether this one is looked at again, with the seed that says so: without a sample,
    settling on the spot would be the way to close what was never done."""
    seed = replay_seed(acting.command.key) if free_time(acting) else secrets.token_hex(8)
    percent = around_of(at).practice.sample_percent
    return {"seed": seed, "percent": percent, "drawn": drawn_as_sample(seed, percent)}


def settle(
    acting: Acting, case: Case, post: Post, when: Counted, settled: Settlement
) -> dict[str, Any]:
    """Write the task that was done at once, its pictures, and who checks a drawn one."""
    if post.crew_id is None:
        raise Refusal("settles_as_a_crew", field="settled")
    case.crew_id = post.crew_id
    if case.case_class is not None:  # for the day a check finds that it was not settled
        case.limit_value = case.case_class.limit_value
        case.limit_unit = case.case_class.limit_unit
    task = Task.objects.create(
        case=case,
        state="reported_back",
        crew_id=post.crew_id,
        dispatched_at=when.at,
        accepted_at=when.at,
        reported_back_at=when.at,
        ended_at=when.at,
        handler_id=acting.principal.id,
    )
    for stage, ids in (("before", settled.before), ("after", settled.after)):
        for stored in attach(acting.principal, list(ids)):
            CasePhoto.objects.create(
                case=case, file=stored, stage=stage, recorded_at=acting.recorded_at
            )
            case.photo_count += 1
    found: dict[str, Any] = {"task": str(task.id)}
    if case.state == State.TO_CHECK:
        case.checker_id, found["draw"] = drawn(
            case.id, around_of(when.at).today, secrets.token_hex(8), {acting.principal.id}
        )
    else:
        case.closed_at = when.at
    return found
