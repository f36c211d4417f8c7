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
    ends_at: datetime


class CrewOut(Schema):
    id: UUID
    name: Names


class Me(Schema):
    user: UserOut
    roles: list[RoleOut]
    district: DistrictOut
    duty: DutyOut
    crew: CrewOut | None
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
