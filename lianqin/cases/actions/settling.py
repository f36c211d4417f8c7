"""现场办结: dealt with at once by whoever found it; counted apart, and a sample looked at again. A
find for which a penalty was begun is not settled by that and stays open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lianqin.accounts.principal import Post
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Acting
from lianqin.cases.facts import around_of, served_as
from lianqin.cases.kin import known_before
from lianqin.cases.lifecycle import State
from lianqin.cases.models import Case, CasePhoto, Task
from lianqin.cases.rules import (
    ARTICLES,
    PENALISED,
    Refused,
    article_33,
    article_42,
    drawn_as_sample,
    qualified,
    replay_seed,
)
from lianqin.files.actions import attach
from lianqin.force.queries import serving
from lianqin.worktime import Counted

from .drawing import drawn
from .on_case import free_time


@dataclass(frozen=True)
class Settlement:
    """What was settled on the spot: pictures from before and after, a word about it, and what it
    came to (one of OUTCOMES, or nothing said)."""

    before: tuple[UUID, ...] = ()
    after: tuple[UUID, ...] = ()
    note: str = ""
    outcome: str = ""

    @property
    def ends(self) -> bool:
        """Whether the find is over with it."""
        return self.outcome != PENALISED


def opening(acting: Acting, post: Post, settled: Settlement, at: datetime) -> dict[str, Any]:
    """What the entry says of it: the draw where it ends the find, the outcome where one was named.
    Raises Refusal where the law does not let this crew do that."""
    if post.crew_id is None:
        raise Refusal("settles_as_a_crew", field="settled")
    said: dict[str, Any] = {}
    if settled.outcome:
        said = {"outcome": settled.outcome, "article": ARTICLES[settled.outcome]}
    if settled.ends:
        return sample(acting, at) | said
    crew = qualified(map(served_as, serving(post.crew_id)), around_of(at).today)
    try:
        article_42(settled.outcome, crew)
    except Refused as refused:
        raise Refusal(refused.code, field=refused.field, **refused.params) from refused
    return said | {"officers": crew.officers}


def sample(acting: Acting, at: datetime) -> dict[str, Any]:
    """Whether this one is looked at again, with the seed that says so: without a sample,
    settling on the spot would be the way to close what was never done."""
    seed = replay_seed(acting.command.key) if free_time(acting) else secrets.token_hex(8)
    percent = around_of(at).practice.sample_percent
    return {"seed": seed, "percent": percent, "drawn": drawn_as_sample(seed, percent)}


def settle(
    acting: Acting, case: Case, post: Post, when: Counted, settled: Settlement
) -> dict[str, Any]:
    """Write the task that was done at once, its pictures, and who checks a drawn one; of a find
    that goes on, its pictures."""
    case.outcome = settled.outcome
    _add_pictures(acting, case, settled)
    if not settled.ends:
        around = around_of(when.at)
        return {"first": article_33(settled.outcome, known_before(case, around.practice))}
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
    found: dict[str, Any] = {"task": str(task.id)}
    if case.state == State.TO_CHECK:
        case.checker_id, found["draw"] = drawn(
            case.id, around_of(when.at).today, secrets.token_hex(8), {acting.principal.id}
        )
    else:
        case.closed_at = when.at
    return found


def _add_pictures(acting: Acting, case: Case, settled: Settlement) -> None:
    for stage, ids in (("before", settled.before), ("after", settled.after)):
        for stored in attach(acting.principal, list(ids)):
            CasePhoto.objects.create(
                case=case, file=stored, stage=stage, recorded_at=acting.recorded_at
            )
            case.photo_count += 1
