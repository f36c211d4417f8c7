"""What the rules look at: plain data about a case, who acts, what came along, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from lianqin.cases.lifecycle import State
from lianqin.catalogue.rules import Practice, Way

#: Roles whose bearer the handler must not learn (the dossier: collectors were followed).
HIDDEN = frozenset({"collector"})

#: Posts of the trade, by what they may decide.
HANDLERS = frozenset({"crew_member", "unit_liaison"})
DESK = frozenset({"operator", "shift_leader", "commander", "district_desk"})
LEVELS = {"commander": 1, "office_staff": 2, "district_desk": 3}
FINAL_LEVEL = 3


@dataclass(frozen=True)
class TaskFacts:
    """A task in force. `state` is dispatched or accepted; instants are aware."""

    id: UUID
    lead: bool
    state: str
    dispatched_at: datetime
    crew_id: UUID | None = None
    unit_id: UUID | None = None
    extensions: int = 0
    overdue: bool = False
    under_way: bool = False
    on_scene: bool = False


@dataclass(frozen=True)
class RequestFacts:
    """Something asked for and not yet decided: asked or endorsed."""

    id: UUID
    kind: str
    asked_by: UUID
    endorsed_by: UUID | None = None
    task_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class Facts:
    """What the rules need to know about a case.

    `verified`: None before anybody looked, then whether it was found. `finders`: who sent a report
    of it or of a case that joined it. `handlers`: who ever accepted it or reported back. `mates`:
    who served in a crew or unit while that was handling it. `designated`: the level of the last
    ruling, 0 without one.
    """

    id: UUID
    state: State
    place: str
    way: Way
    has_class: bool
    verified: bool | None = None
    has_reply: bool = False
    settled: bool = False
    supervised: bool = False
    crew_id: UUID | None = None
    unit_id: UUID | None = None
    checker_id: UUID | None = None
    parent_id: UUID | None = None
    recurs: bool = False
    open_children: bool = False
    tasks: tuple[TaskFacts, ...] = ()
    requests: tuple[RequestFacts, ...] = ()
    send_backs: int = 0
    designated: int = 0
    was_suspended: bool = False
    was_overdue: bool = False
    appealed: bool = False
    finders: frozenset[UUID] = frozenset()
    handlers: frozenset[UUID] = frozenset()
    mates: frozenset[UUID] = frozenset()

    @property
    def lead(self) -> TaskFacts | None:
        """The lead task in force."""
        return next((task for task in self.tasks if task.lead), None)


@dataclass(frozen=True)
class Actor:
    """What the rules need to know about who acts: the post used and their hands."""

    id: UUID
    place: str
    role: str = ""
    crews: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()

    def has(self, task: TaskFacts) -> bool:
        """Whether a task is in this person's hands."""
        return task.crew_id in self.crews or task.unit_id in self.units


@dataclass(frozen=True)
class Given:
    """What came with the act, reduced to what matters for the decision.

    `standards`, `duty_lines`: whether the class has any at all, so that one must be named.
    `authorised`: whether the duty list names the unit for the class at the place.
    """

    fields: frozenset[str] = frozenset()
    task_id: UUID | None = None
    request_id: UUID | None = None
    assignee_id: UUID | None = None
    assignee_place: str | None = None
    assignee_reach: str | None = None
    authorised: bool = True
    into: UUID | None = None
    into_state: State | None = None
    into_is_child: bool = False
    has_parts: bool = False
    until: date | None = None
    found: bool | None = None
    means: str = ""
    standards: bool = False
    duty_lines: bool = False
    drawn: bool = False
    outcome: str = ""


@dataclass(frozen=True)
class Around:
    """When the act counts (aware), the local date, and how the district works on that date."""

    at: datetime
    today: date
    hour: int
    practice: Practice = field(default_factory=Practice)

    @property
    def night(self) -> bool:
        """Whether no collector is on the street at this hour."""
        return not self.practice.collectors_from <= self.hour < self.practice.collectors_until


class Refused(Exception):
    """The act may not be done; `code` names the rule, `field` what would mend it."""

    def __init__(self, code: str, field: str = "", **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params


def task_of(case: Facts, actor: Actor, given: Given) -> TaskFacts:
    """The task that an act is about: the one named, else the actor's own, else the lead's."""
    if given.task_id is not None:
        named = next((task for task in case.tasks if task.id == given.task_id), None)
        if named is None:
            raise Refused("task_unknown", field="task_id")
        if actor.role in HANDLERS and not actor.has(named):
            raise Refused("task_of_others", field="task_id")
        return named
    own = sorted((t for t in case.tasks if actor.has(t)), key=lambda t: not t.lead)
    found = own[0] if own and actor.role in HANDLERS else case.lead
    if found is None:
        raise Refused("no_task")
    return found
