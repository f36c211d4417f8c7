"""Shapes of what comes in and goes out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

#: Years in which something may be said to have happened; beyond them the calendar has no say and
#: an offset can push an instant out of what a computer can count.
YEARS = range(2000, 2101)


def _storable(text: str) -> str:
    """Refuse the one character that PostgreSQL keeps in no text."""
    if "\x00" in text:
        raise PydanticCustomError("text_unusable", "a text cannot hold the character NUL")
    return text


def _countable(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise PydanticCustomError("time_out_of_range", "not an instant that can be counted")
    return at


Storable = AfterValidator(_storable)
Instant = Annotated[AwareDatetime, AfterValidator(_countable)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Storable]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Storable]
Query = Annotated[str, StringConstraints(max_length=100), Storable]
Source = Literal[
    "patrol",
    "collector",
    "city_platform",
    "hotline",
    "video",
    "community_post",
    "public",
    "police_110",
]


class In(Schema):
    """What comes in names only fields that exist."""

    model_config = ConfigDict(extra="forbid")


class Names(Schema):
    zh: str
    en: str


class ClassKey(In):
    kind: Literal["event", "part"]
    code: Annotated[str, StringConstraints(pattern=r"^\d{4,6}$")]


class Reporter(In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), Storable] = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30), Storable] = ""


class ReportIn(In):
    source: Source = "public"
    class_: ClassKey | None = Field(None, alias="class")
    service_name: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=120), Storable
    ] = ""
    description: Text = ""
    address: Line = ""
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    area_code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), Storable] = (
        ""
    )
    case_number: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=40), Storable
    ] = ""
    external_number: (
        Annotated[
            str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), Storable
        ]
        | None
    ) = None
    occurred_at: Instant | None = None
    photos: list[UUID] = Field(default_factory=list, max_length=9)
    reporter: Reporter | None = None


class ActIn(In):
    expected_version: int = Field(ge=1)
    occurred_at: Instant | None = None


class FileIn(ActIn):
    class_: ClassKey | None = Field(None, alias="class")


class ReasonIn(ActIn):
    reason: Text = ""


class JoinIn(ActIn):
    case_id: UUID


class AssigneeIn(In):
    kind: Literal["crew", "unit"]
    id: UUID


class DispatchIn(ActIn):
    assignee: AssigneeIn
    note: Text = ""


class NoteIn(ActIn):
    note: Text = ""


class PhotosIn(NoteIn):
    photos: list[UUID] = Field(default_factory=list, max_length=9)


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
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    limit: LimitOut | None


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


class MapRow(Schema):
    id: UUID
    number: str
    state: str
    kind: str | None
    code: str | None
    class_name: Names
    lon: float
    lat: float
    started_at: datetime | None
    due_at: datetime | None
    position: int | None


class MapOut(Schema):
    position: int
    cases: list[MapRow]


class ActOffered(Schema):
    act: str
    needs: list[str]
    takes: list[str]


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
    reported_back_at: datetime | None
    ended_at: datetime | None


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


class Twin(Schema):
    id: UUID
    number: str | None
    state: str
    metres: int
    address: str
    reported_at: datetime


class CaseDetail(Schema):
    case: CaseRow
    reports: list[ReportShown]
    tasks: list[TaskShown]
    photos: list[Photo]
    timeline: list[Moment]
    acts: list[ActOffered]
    twins: list[Twin]
    position: int


class Candidate(Schema):
    kind: Literal["crew", "unit"]
    id: UUID
    name: Names
    place: str
    shift: str | None
    members: int | None
    certified: int | None
    open_tasks: int


class Candidates(Schema):
    items: list[Candidate]


class MyTask(Schema):
    kind: Literal["handle", "check"]
    case: CaseRow
    description: str
    photos: list[Photo]
    acts: list[ActOffered]


class MyTasks(Schema):
    tasks: list[MyTask]
    position: int
