"""Shapes of what goes out over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema


class Names(Schema):
    zh: str
    en: str


class Area(Names):
    code: str


class Assignee(Schema):
    kind: Literal["crew", "unit"]
    id: UUID
    name: Names


class LimitOut(Schema):
    value: int
    unit: str


class Clock(Schema):
    """The clock that counts now. Due is unknown while it is paused within its limit; `used_s` and
    `allowed_s` are counted seconds, as they stood when it last changed."""

    stage: str
    started_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None
    used_s: int
    allowed_s: int
    late: bool
    limit: LimitOut | None


class Flags(Schema):
    urged: int
    supervised_at: datetime | None
    supervised_until: date | None
    assigned_at: datetime | None
    assigned_until: date | None
    suspended_until: date | None
    designated: int
    settled: bool
    recurrence: bool
    part: bool


class CaseRow(Schema):
    id: UUID
    number: str | None
    version: int
    state: str
    kind: str | None
    code: str | None
    class_name: Names
    address: str
    area: Area | None
    place: str
    place_name: Names
    place_known: bool
    lon: float | None
    lat: float | None
    source: str
    origin: str
    reported_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    position: int | None
    assignee: Assignee | None
    told_by_radio_at: datetime | None
    clock: Clock | None
    flags: Flags | None
    external_number: str
    deadline: datetime | None
    photo_count: int
    report_count: int
    joined_into: UUID | None


class ReportOut(Schema):
    report_id: UUID
    joined: bool
    already: bool
    case: CaseRow
    position: int | None


class ActOut(Schema):
    case: CaseRow
    position: int


class Page(Schema):
    items: list[CaseRow]
    next: str | None
    position: int


class Counts(Schema):
    counts: dict[str, int]
    position: int


class MapClass(Names):
    kind: str
    code: str


class MapColumns(Schema):
    """One list per property, all of one length: the nth entries are one case.

    `class_key` is a key of `classes`, or the sender's own word where a case has no class. Instants
    are seconds since 1970; they are null while no clock runs.
    """

    id: list[UUID]
    state: list[str]
    class_key: list[str]
    lon: list[float]
    lat: list[float]
    started_at: list[int | None]
    due_at: list[int | None]
    paused: list[bool]


class MapOut(Schema):
    """`whole` is false when there are more cases than one map holds: these are the newest."""

    position: int
    whole: bool
    classes: dict[str, MapClass]
    cases: MapColumns


class ActOffered(Schema):
    """An act that this person may do now; about one task or request where it names one."""

    act: str
    needs: list[str]
    takes: list[str]
    task_id: UUID | None
    request_id: UUID | None


class StageClock(Schema):
    id: UUID
    stage: str
    task_id: UUID | None
    started_at: datetime
    paused_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    limit: LimitOut
    extensions: int
    used_s: int
    allowed_s: int
    late: bool
    exempt: bool
    plain: bool


class Request(Schema):
    id: UUID
    kind: str
    state: str
    task_id: UUID | None
    asked_by: str
    asked_at: datetime
    reason: str
    until: date | None
    unit: Names | None
    endorsed_by: str | None
    endorsed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None


class Checker(Schema):
    """Who was drawn to check. Not drawn: the pool was empty and the duty commander is waited for.
    Id and name are for those who may know."""

    drawn: bool
    id: UUID | None
    name: str | None


class WayOut(Schema):
    verify: bool
    filed_by: str
    checked_by: str
    closed_by: str
    reply: bool


class Standard(Schema):
    id: UUID
    condition: str
    filing: Names
    closing: Names
    limit: LimitOut
    valid: dict[str, str | None]
    sample: bool


class Kin(Schema):
    """A related case in one line: enough to tell whether it is the same problem."""

    id: UUID
    number: str | None
    state: str
    address: str
    description: str
    photo: str | None
    assignee: Assignee | None
    reported_at: datetime
    closed_at: datetime | None
    metres: int | None = None


class ReporterOut(Schema):
    name_masked: str
    phone_masked: str


class ReportShown(Schema):
    id: UUID
    source: str
    description: str
    address: str
    occurred_at: datetime
    recorded_at: datetime
    external_number: str | None
    position_refused: str | None
    marked: bool
    reporter: ReporterOut | None


class TaskShown(Schema):
    id: UUID
    lead: bool
    state: str
    assignee: Assignee
    dispatched_at: datetime
    accepted_at: datetime | None
    under_way_at: datetime | None
    on_scene_at: datetime | None
    told_by_radio_at: datetime | None
    reported_back_at: datetime | None
    ended_at: datetime | None
    extensions: int
    clock: StageClock | None


class Photo(Schema):
    id: UUID
    url: str
    stage: str
    width: int
    height: int
    taken_at: datetime | None
    recorded_at: datetime


class ActorShown(Schema):
    name: str
    role: str


class Moment(Schema):
    position: int
    act: str
    actor: ActorShown
    occurred_at: datetime
    recorded_at: datetime
    marked: bool
    from_state: str | None
    to_state: str | None
    data: dict[str, Any]
    note: str | None


class CaseDetail(Schema):
    case: CaseRow
    responsible: str
    way: WayOut
    verified: bool | None
    standard: Standard | None
    reply: str
    outcome: Literal["", "educated", "corrected", "penalised"]
    reports: list[ReportShown]
    tasks: list[TaskShown]
    clocks: list[StageClock]
    requests: list[Request]
    checker: Checker | None
    photos: list[Photo]
    timeline: list[Moment]
    acts: list[ActOffered]
    twins: list[Kin]
    recurrences: list[Kin]
    recurrence_of: Kin | None
    parent: Kin | None
    parts: list[Kin]
    duty_lines: list[dict[str, Any]]
    standards: list[Standard]
    position: int


class Candidate(Schema):
    """`stand_by`: where a crew was told to stand by, as far as that holds now."""

    kind: Literal["crew", "unit"]
    id: UUID
    name: Names
    place: str
    shift: str | None
    members: int | None
    certified: int | None
    open_tasks: int
    stand_by: Names | None


class Candidates(Schema):
    items: list[Candidate]


class Hands(Schema):
    """A task in this person's hands: its state (dispatched or accepted) and what was said of it."""

    task_id: UUID
    lead: bool
    state: str
    dispatched_at: datetime
    under_way: bool
    on_scene: bool


class MyTask(Schema):
    """`after_accept`: the acts that will be open once the task is accepted, for whoever has no
    signal until then; empty where there is nothing to accept. `duty_lines`: what sending back may
    cite. `reply_needed`: reporting back wants the words for the citizen."""

    kind: Literal["handle", "check", "verify"]
    case: CaseRow
    description: str
    photos: list[Photo]
    acts: list[ActOffered]
    after_accept: list[ActOffered]
    hands: list[Hands]
    reply_needed: bool
    duty_lines: list[dict[str, Any]]


class MyTasks(Schema):
    tasks: list[MyTask]
    position: int
