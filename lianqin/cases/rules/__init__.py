"""Every decision about a case as a pure function: may this act be done, and where does it lead.

What the rules look at comes in as plain data (`Facts`, `Actor`, `Given`, `Around`); the table of
the lifecycle says where an act may start, the rules what else must hold.
"""

from __future__ import annotations

from collections.abc import Callable

from lianqin.cases.lifecycle import IN_HAND, LIFECYCLE, OPEN, State, Transition

from .before import BEFORE
from .carried import CARRIED, sends_from
from .drawing import draw, drawn_as_sample, replay_seed
from .facts import (
    DESK,
    HANDLERS,
    HIDDEN,
    LEVELS,
    Actor,
    Around,
    Facts,
    Given,
    Refused,
    RequestFacts,
    TaskFacts,
    task_of,
)
from .law import (
    ARTICLES,
    NEEDED,
    OUTCOMES,
    PENALISED,
    Qualified,
    Served,
    article_33,
    article_42,
    qualified,
)
from .requests import ASKS, GRANTERS, LASTS, TWO_LEVELS, lapsing, may_decide, open_request

__all__ = [
    "ARTICLES", "ASKS", "DESK", "GRANTERS", "GUARDS", "HANDLERS", "HIDDEN", "IN_HAND", "LASTS",
    "LEVELS", "LIFECYCLE", "NEEDED", "OPEN", "OUTCOMES", "PENALISED", "TWO_LEVELS", "Actor",
    "Around", "Facts", "Given", "Qualified", "Refused", "RequestFacts", "Served", "State",
    "TaskFacts", "Transition", "article_33", "article_42", "decide", "draw", "drawn_as_sample",
    "lapsing", "line_for", "may_decide", "open_request", "opens", "qualified", "refuse_before",
    "replay_seed", "responsible", "sends_from", "task_of",
]  # fmt: skip

#: What a need is called in a request, where it has another name there.
_NEED = {"photos": "photo", "case_id": "case", "standard_id": "standard", "task_id": "task",
         "request_id": "request", "duty_line_id": "duty_line"}  # fmt: skip


def decide(act: str, case: Facts, actor: Actor, given: Given, around: Around) -> State:
    """The state that `act` leads to, or Refused with the rule that forbids it."""
    line = line_for(act, case, actor, given)
    refuse_before(act, case, actor, given, around)
    for need in line.needs:
        if need not in given.fields and not _excused(need, case, given):
            raise Refused(f"{_NEED.get(need, need)}_needed", field=need)
    for rule in CARRIED.get(act, ()):
        rule(case, actor, given, around)
    return line.target or case.state


def opens(act: str, given: Given) -> State:
    """The state in which `act` (report, settle) makes a case, or Refused for want of something."""
    lines = [line for line in LIFECYCLE if line.act == act and not line.sources]
    fits = {"": True, "drawn_as_sample": given.drawn, "penalised": given.outcome == PENALISED}
    line = next(line for line in lines if fits[line.when])
    for need in line.needs:
        if need not in given.fields:
            raise Refused(f"{_NEED.get(need, need)}_needed", field=need)
    assert line.target is not None
    return line.target


def line_for(act: str, case: Facts, actor: Actor, given: Given) -> Transition:
    """The line of the table that this act takes on this case, or Refused."""
    lines = [line for line in LIFECYCLE if line.act == act and case.state in line.sources]
    if any(line.when in LASTS for line in lines):
        open_request(case, given)
    for line in lines:
        if not line.when or GUARDS[line.when](case, actor, given):
            return line
    raise Refused("not_in_this_state", state=case.state.value, act=act)


def refuse_before(act: str, case: Facts, actor: Actor, given: Given, around: Around) -> None:
    """Refuse what no input could mend: screens offer an act only where this is silent.

    Of `given` only the task or request that the act is about is looked at.
    """
    for rule in BEFORE.get(act, ()):
        rule(case, actor, given, around)


def responsible(state: State) -> str:
    """Which body answers for a case: `centre`, `hands` (crew or unit), `elsewhere` (the platform
    that checks and closes its own ticket) or `nobody` once it ended.

    The centre until the task is dispatched, the crew or unit from then, the centre again on return
    and during the check.
    """
    if state in IN_HAND:
        return "hands"
    if state is State.ELSEWHERE:
        return "elsewhere"
    return "centre" if state.value in OPEN else "nobody"


def _asked(kind: str) -> Callable[[Facts, Actor, Given], bool]:
    return lambda case, actor, given: open_request(case, given).kind == kind


GUARDS: dict[str, Callable[[Facts, Actor, Given], bool]] = {
    "beside": lambda case, actor, given: not task_of(case, actor, given).lead,
    "same_hands": lambda case, actor, given: (
        given.assignee_id is not None and given.assignee_id in (case.crew_id, case.unit_id)
    ),
    "checked_elsewhere": lambda case, actor, given: case.way.checked_by == "elsewhere",
    "settled": lambda case, actor, given: case.settled,
    **{kind: _asked(kind) for kind in GRANTERS},
}


def _excused(need: str, case: Facts, given: Given) -> bool:
    """Needs that the case itself answers: it has a class, or its class has no standards."""
    return (
        (need == "class" and case.has_class)
        or (need == "standard_id" and not given.standards)
        or (need == "duty_line_id" and not given.duty_lines)
    )
