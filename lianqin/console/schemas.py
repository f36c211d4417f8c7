"""Shapes of the district's own endpoints."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema

from lianqin.cases.shown import LimitOut, Names

from .demo_time_api import DemoTime


class UserOut(Schema):
    id: UUID
    username: str
    name: str


class RoleOut(Schema):
    role: str
    place: str
    place_name: Names


class DistrictOut(Schema):
    code: str
    name: Names
    demo: bool
    timezone: str


class DutyOut(Schema):
    date: str
    shift: str
    label: Names
    begins_at: datetime
    ends_at: datetime


class CrewOut(Schema):
    id: UUID
    name: Names


class MemberOut(Schema):
    """Somebody of one's own crew; `entitled`: whether they may enforce today."""

    name: str
    kind: str
    entitled: bool


class QualifiedOut(Schema):
    """Whether the crew may begin a penalty today (Law on Administrative Penalties, article 42), so
    that a phone without a signal can say so before: how many officers it has, how many it takes,
    and of how many the certificate is not in force."""

    ok: bool
    officers: int
    needed: int
    lapsed: int
    article: str


class CentreOfCrew(Schema):
    name: Names
    place: str
    phone: str


class OwnCrew(CrewOut):
    shift: str
    centre: CentreOfCrew | None
    members: list[MemberOut]
    qualified: QualifiedOut


class Me(Schema):
    user: UserOut
    roles: list[RoleOut]
    district: DistrictOut
    duty: DutyOut
    crew: OwnCrew | None
    may: list[str]
    position: int
    demo_time: DemoTime | None


class AreaOut(Schema):
    code: str
    kind: str
    parent_code: str | None
    name: Names
    place: str


class Areas(Schema):
    items: list[AreaOut]


class ClassOut(Schema):
    kind: str
    code: str
    name: Names
    group: Names
    limit: LimitOut | None


class Classes(Schema):
    items: list[ClassOut]


class CentreOut(Schema):
    code: str
    name: Names
    place: str


class CrewAtPlace(CrewOut):
    place: str
    shift: str


class UnitOut(Schema):
    id: UUID
    name: Names
    reach: str


class Force(Schema):
    centres: list[CentreOut]
    crews: list[CrewAtPlace]
    units: list[UnitOut]
