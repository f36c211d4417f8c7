"""The lifecycle of a case as a table, and every decision about it as a pure function.

The table drives the buttons, the checks and the diagram in `docs/lifecycle.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from lianqin.accounts.principal import subdistrict_of, within


class State(StrEnum):
    """Where a case stands. *filed* and *rejected* are states; a rejected case keeps its number."""

    REPORTED = "reported"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    TO_CHECK = "to_check"
    TO_CLOSE = "to_close"
    CLOSED = "closed"
    REJECTED = "rejected"
    JOINED = "joined"


#: States in which somebody still owes the case something.
OPEN = [
    State.REPORTED.value,
    State.FILED.value,
    State.DISPATCHED.value,
    State.HANDLING.value,
    State.TO_CHECK.value,
    State.TO_CLOSE.value,
]

#: States in which a case is in the hands of a crew or unit.
IN_HAND = frozenset({State.DISPATCHED, State.HANDLING})


@dataclass(frozen=True)
class Transition:
    """One line of the lifecycle: an act, where it may start, where it leads, what it asks for.

    `needs` names what must come with the act, `takes` what may come too; both are field names of
    the request.
    """

    act: str
    sources: frozenset[State]
    target: State
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


def _line(
    act: str, sources: Iterable[State], target: State, needs: str = "", takes: str = ""
) -> Transition:
    return Transition(act, frozenset(sources), target, tuple(needs.split()), tuple(takes.split()))


_S = State
LIFECYCLE: tuple[Transition, ...] = (
    _line("file", [_S.REPORTED], _S.FILED, needs="class"),
    _line("reject", [_S.REPORTED], _S.REJECTED, needs="reason"),
    _line("join", [_S.REPORTED, _S.FILED], _S.JOINED, needs="case"),
    _line("dispatch", [_S.FILED], _S.DISPATCHED, needs="assignee", takes="note"),
    _line("told_by_radio", [_S.DISPATCHED], _S.DISPATCHED),
    _line("accept", [_S.DISPATCHED], _S.HANDLING),
    _line("report_back", [_S.HANDLING], _S.TO_CHECK, needs="photo", takes="note"),
    _line("send_back", [_S.DISPATCHED, _S.HANDLING], _S.FILED, needs="reason"),
    _line("check_pass", [_S.TO_CHECK], _S.TO_CLOSE, takes="note photo"),
    _line("check_fail", [_S.TO_CHECK], _S.HANDLING, needs="reason"),
    _line("close", [_S.TO_CLOSE], _S.CLOSED, takes="note"),
)
BY_ACT: dict[str, Transition] = {line.act: line for line in LIFECYCLE}

#: What a need is called in a request, where it has another name there.
_FIELD = {"photo": "photos", "case": "case_id"}

#: Roles whose bearer the handler must not learn (the dossier: collectors were followed).
HIDDEN = frozenset({"collector"})

#: Same class, open, this near and this recent: worth asking whether it is the same problem
#: (the practice of digital urban management; a person decides).
TWIN_METRES = 50.0
TWIN_SPAN = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """What the rules need to know about a case.

    `finders`: who sent a report of it or of a case that joined it. `handlers`: who ever accepted
    it or reported back. `mates`: who served in a crew or unit while that was handling it.
    """

    id: UUID
    state: State
    place: str
    has_class: bool
    crew_id: UUID | None = None
    unit_id: UUID | None = None
    finders: frozenset[UUID] = frozenset()
    handlers: frozenset[UUID] = frozenset()
    mates: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Actor:
    """What the rules need to know about who acts: the post used and their hands."""

    id: UUID
    place: str
    role: str = ""
    crews: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Given:
    """What came with the act, reduced to what matters for the decision."""

    fields: frozenset[str] = frozenset()
    assignee_place: str | None = None
    assignee_reach: str | None = None
    into: UUID | None = None
    into_state: State | None = None


class Refused(Exception):
    """The act may not be done; `code` names the rule, `field` what would mend it."""

    def __init__(self, code: str, field: str = "", **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params


def decide(act: str, case: Facts, actor: Actor, given: Given) -> State:
    """The state that `act` leads to, or Refused with the rule that forbids it."""
    line = BY_ACT[act]
    if case.state not in line.sources:
        raise Refused("not_in_this_state", state=case.state.value, act=act)
    refuse_actor(act, case, actor)
    for need in line.needs:
        if need not in given.fields and not (need == "class" and case.has_class):
            raise Refused(f"{need}_needed", field=_FIELD.get(need, need))
    if act == "dispatch":
        _refuse_dispatch(case, actor, given)
    if act == "join":
        _refuse_join(case, given)
    return line.target


def refuse_actor(act: str, case: Facts, actor: Actor) -> None:
    """Refuse who may not do this act on this case whatever their post: neutrality.

    Whoever found, handled or served in the crew that handled a case does not check it, and whoever
    handled it does not close it.
    """
    if act == "close" and actor.id in case.handlers:
        raise Refused("closer_is_handler")
    if act not in ("check_pass", "check_fail"):
        return
    if actor.id in case.handlers:
        raise Refused("checker_is_handler")
    if actor.id in case.finders:
        raise Refused("checker_is_finder")
    of_the_crew = case.crew_id in actor.crews or case.unit_id in actor.units
    if of_the_crew or actor.id in case.mates:
        raise Refused("checker_is_of_the_crew")


def sends_from(role: str, place: str) -> str:
    """The place whose crews a post may send: its own; a commander moves crews directly within the
    whole subdistrict (the mechanism of 2016: the commander may move people across zones)."""
    return subdistrict_of(place) if role == "commander" else place


def _refuse_dispatch(case: Facts, actor: Actor, given: Given) -> None:
    """A crew goes where its sender has a say and never leaves its subdistrict by this act; a unit
    only takes what lies in the place it answers for. Beyond that the way is a request."""
    if given.assignee_reach is not None:
        if not within(case.place, given.assignee_reach):
            raise Refused("unit_has_no_authority_here", field="assignee")
        return
    place = given.assignee_place or ""
    if not within(place, sends_from(actor.role, actor.place)):
        raise Refused("crew_outside_your_place", field="assignee")
    if subdistrict_of(place) != subdistrict_of(case.place) and not within(place, case.place):
        raise Refused("crew_of_another_subdistrict", field="assignee")


def _refuse_join(case: Facts, given: Given) -> None:
    if given.into == case.id:
        raise Refused("joins_itself", field="case_id")
    if given.into_state is None or given.into_state.value not in OPEN:
        raise Refused("joins_only_open_cases", field="case_id")


def acts_in(state: State) -> list[Transition]:
    """The acts that the table knows in a state, in its order."""
    return [line for line in LIFECYCLE if state in line.sources]


def responsible(state: State) -> str:
    """Which body answers for a case: `centre`, `hands` (crew or unit) or `nobody` once it ended.

    The centre until the task is dispatched, the crew or unit from then, the centre again on return
    and during the check.
    """
    if state in IN_HAND:
        return "hands"
    return "centre" if state.value in OPEN else "nobody"
