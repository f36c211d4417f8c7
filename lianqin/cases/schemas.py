"""Shapes of what comes in over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)
from pydantic_core import PydanticCustomError

from .actions import Said
from .lifecycle import ACTS, LIFECYCLE

#: Years in which something may be said to have happened; beyond them the calendar has no say and
#: an offset can push an instant out of what a computer can count.
YEARS = range(2000, 2101)
#: Years that a phone's clock may show when something is done: one whose battery was empty begins
#: in 1970. What it claims is then not believed, but taken.
CLAIMED = range(1970, 2101)


def _storable(text: str) -> str:
    """Refuse the one character that PostgreSQL keeps in no text."""
    if "\x00" in text:
        raise PydanticCustomError("text_unusable", "a text cannot hold the character NUL")
    return text


def _countable(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise PydanticCustomError("time_out_of_range", "not an instant that can be counted")
    return at


def _claimable(at: datetime) -> datetime:
    if at.year not in CLAIMED:
        raise PydanticCustomError("time_out_of_range", "not an instant that can be counted")
    return at


Storable = AfterValidator(_storable)
Instant = Annotated[AwareDatetime, AfterValidator(_countable)]
Claimed = Annotated[AwareDatetime, AfterValidator(_claimable)]
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


#: Acts that name a crew or unit.
NamesHands = Literal["dispatch", "add_task", "designate", "ask_department", "grant"]


class In(Schema):
    """What comes in names only fields that exist."""

    model_config = ConfigDict(extra="forbid")


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
    occurred_at: Claimed | None = None
    photos: list[UUID] = Field(default_factory=list, max_length=9)
    reporter: Reporter | None = None
    deadline: Instant | None = None


class ActIn(In):
    expected_version: int = Field(ge=1)
    occurred_at: Claimed | None = None


class AssigneeIn(In):
    kind: Literal["crew", "unit"]
    id: UUID


class LimitIn(In):
    """A joint-duty limit for one task, beside the limit of the standard."""

    value: int = Field(ge=1, le=1000)
    unit: Literal["minute", "urgent_hour", "work_hour", "work_day", "natural_day", "duty_hour"]


#: Every field that an act may carry. All may be left out: what is missing is the rule's to say,
#: in the reader's language and with the field's name.
_FIELDS: dict[str, Any] = {
    "class": (ClassKey | None, Field(None, alias="class")),
    "standard_id": (UUID | None, None),
    "reason": (Text, ""),
    "note": (Text, ""),
    "reply": (Text, ""),
    "photos": (list[UUID], Field(default_factory=list, max_length=9)),
    "photos_before": (list[UUID], Field(default_factory=list, max_length=9)),
    "case_id": (UUID | None, None),
    "assignee": (AssigneeIn | None, None),
    "task_id": (UUID | None, None),
    "request_id": (UUID | None, None),
    "duty_line_id": (UUID | None, None),
    "until": (date | None, None),
    "limit": (LimitIn | None, None),
    "found": (bool | None, None),
    "means": (Literal["", "look", "video", "call"], ""),
}


def _bodies() -> dict[str, type[ActIn]]:
    """The body of every act on a case, from the table: what its lines need and take."""
    found: dict[str, type[ActIn]] = {}
    for act in ACTS:
        lines = [line for line in LIFECYCLE if line.act == act and line.sources]
        names = dict.fromkeys(n for line in lines for n in (*line.needs, *line.takes))
        fields: dict[str, Any] = {("class_" if n == "class" else n): _FIELDS[n] for n in names}
        title = "".join(part.capitalize() for part in act.split("_")) + "In"
        if lines:
            found[act] = create_model(title, __base__=ActIn, **fields)
    return found


BODIES = _bodies()


def said(body: ActIn) -> Said:
    """What came with an act, as the actions take it."""
    given: dict[str, Any] = {name: getattr(body, name) for name in type(body).model_fields}
    for name in ("expected_version", "occurred_at"):
        given.pop(name)
    key, assignee, limit = given.pop("class_", None), given.get("assignee"), given.get("limit")
    for name in ("photos", "photos_before"):
        given[name] = tuple(given.get(name, ()))
    return Said(
        **given
        | {
            "class_key": (key.kind, key.code) if key else None,
            "assignee": (assignee.kind, assignee.id) if assignee else None,
            "limit": (limit.value, limit.unit) if limit else None,
        }
    )


class SettledIn(ReportIn):
    source: Source = "patrol"
    photos_before: list[UUID] = Field(default_factory=list, max_length=9)
    photos_after: list[UUID] = Field(default_factory=list, max_length=9)
    outcome: Literal["", "educated", "corrected", "penalised"] = ""
    note: Text = ""
