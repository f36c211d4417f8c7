"""What one person asks for and another grants: extensions, suspensions, backup and the like."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from lianqin.cases.lifecycle import State

from .facts import Actor, Facts, Given, Refused, RequestFacts

#: Which post grants what. Extensions and suspensions are first endorsed by the centre.
GRANTERS: dict[str, frozenset[str]] = {
    "extension": frozenset({"office_staff", "district_desk"}),
    "suspension": frozenset({"office_staff", "district_desk"}),
    "department": frozenset({"office_staff", "district_desk"}),
    "appeal": frozenset({"office_staff", "district_desk"}),
    "force_close": frozenset({"commander", "district_desk"}),
    "backup": frozenset({"shift_leader", "commander", "district_desk"}),
}
TWO_LEVELS = frozenset({"extension", "suspension"})
ENDORSERS = frozenset({"shift_leader", "commander"})

#: The act that asks for each kind of thing that somebody else grants (a dispute is ruled on).
ASKS = {
    "ask_extension": "extension",
    "ask_suspension": "suspension",
    "ask_department": "department",
    "ask_backup": "backup",
    "ask_force_close": "force_close",
    "appeal_overdue": "appeal",
    "dispute": "dispute",
}
#: States in which a request of that kind still makes sense; elsewhere it lapses.
LASTS: dict[str, frozenset[State]] = {
    "extension": frozenset({State.DISPATCHED, State.HANDLING}),
    "backup": frozenset({State.DISPATCHED, State.HANDLING}),
    "dispute": frozenset({State.DISPATCHED, State.HANDLING}),
    "department": frozenset({State.FILED, State.DISPATCHED, State.HANDLING}),
    "suspension": frozenset({State.HANDLING}),
    "force_close": frozenset(
        {State.FILED, State.DISPATCHED, State.HANDLING, State.SUSPENDED, State.TO_CHECK,
         State.TO_CLOSE}
    ),
    "appeal": frozenset({State.CLOSED}),
}  # fmt: skip


def open_request(case: Facts, given: Given) -> RequestFacts:
    """The open request that an act is about, or Refused."""
    if given.request_id is None:
        raise Refused("request_needed", field="request_id")
    found = next((r for r in case.requests if r.id == given.request_id), None)
    if found is None:
        raise Refused("request_not_open", field="request_id")
    return found


def lapsing(
    state: State, requests: Iterable[RequestFacts], ended: Collection[UUID] = ()
) -> list[RequestFacts]:
    """Open requests that mean nothing any more once a case stands in `state` and the tasks
    `ended` are over."""
    return [r for r in requests if state not in LASTS[r.kind] or r.task_id in ended]


def may_decide(act: str, request: RequestFacts, actor: Actor) -> str:
    """'' when the actor may do `act` (endorse, grant, refuse, withdraw_request) on a request,
    else the rule that forbids it."""
    if act == "withdraw_request":
        return "" if request.asked_by == actor.id else "not_your_request"
    if request.asked_by == actor.id:
        return "asker_decides_nothing"
    if request.kind == "dispute":
        return "dispute_is_ruled_on"
    first = request.kind in TWO_LEVELS and request.endorsed_by is None
    if act == "endorse":
        if request.kind not in TWO_LEVELS:
            return "endorsing_not_needed"
        if not first:
            return "endorsed_already"
        return "" if actor.role in ENDORSERS else "not_your_level"
    if act == "grant" and first:
        return "endorse_first"
    if act == "grant" and request.endorsed_by == actor.id:
        return "endorser_grants_nothing"
    deciders = GRANTERS[request.kind] | (ENDORSERS if act == "refuse" and first else frozenset())
    return "" if actor.role in deciders else "not_your_level"
