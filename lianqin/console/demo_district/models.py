"""The things of a demo district, as plain data.

Everything with ``illustrative`` or ``demo`` set is invented and must be shown as such.
Names come as ``{"zh": …, "en": …}``; longitudes and latitudes are WGS 84 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Name = Mapping[str, str]
Geometry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class District:
    """The district itself; the outline is a fact."""

    code: str
    name: Name
    number_prefix: str
    timezone: str
    outline: Geometry
    outline_source: str


@dataclass(frozen=True, slots=True)
class Area:
    """A subdistrict or community. Codes and names are facts, polygons are not.

    ``statistical`` areas have a code of their own in the statistics but no office; their
    ``place`` is that of the office around them.
    """

    code: str
    kind: str  # subdistrict | community
    parent: str
    name: Name
    place: str
    statistical: bool
    geometry: Geometry
    illustrative: bool = True


@dataclass(frozen=True, slots=True)
class Office:
    """The joint enforcement office of a subdistrict."""

    code: str
    name: Name
    place: str
    pilot: bool


@dataclass(frozen=True, slots=True)
class Centre:
    """A joint command centre, in a police station."""

    key: str
    name: Name
    short: Name
    place: str
    office: str
    station: str


@dataclass(frozen=True, slots=True)
class Site:
    """A fixed place. Stations and kiosks exist, where they stand here is invented."""

    key: str
    kind: str  # station | kiosk | community_post | stand_by_point
    name: Name
    lon: float
    lat: float
    place: str
    area: str
    illustrative: bool = True


@dataclass(frozen=True, slots=True)
class Agency:
    """A node of the tree of agencies; with ``takes_cases`` it is a unit one can dispatch to.

    ``reach`` is the place in which it may be given cases.
    """

    key: str
    parent: str | None
    kind: str
    name: Name
    place: str
    takes_cases: bool = False
    reach: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A centre's team with its kit (figures of the seed)."""

    key: str
    name: Name
    centre: str
    place: str
    e_vehicles: int
    body_cameras: int
    radios: int


@dataclass(frozen=True, slots=True)
class Crew:
    """The 2 + 2 of one shift."""

    key: str
    team: str
    shift: str
    name: Name
    place: str
    lead: str
    leading_police: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a team; everybody here is invented."""

    key: str
    name: Name
    kind: str  # enforcement_officer | assistant | police_officer | auxiliary | patrol_guard
    agency: str
    team: str
    crew: str | None
    certificate: Mapping[str, str] | None
    demo: bool = True


@dataclass(frozen=True, slots=True)
class CaseClass:
    """A class of the catalogue: codes and names are facts.

    The limit is the one most often met in the standards of another city (the shortest of
    those met equally often): a sample, and to be shown as one.
    """

    kind: str
    code: str
    name: Name
    group: Name
    local_extension: bool
    limit_value: int
    limit_unit: str
    limit_note: Name


@dataclass(frozen=True, slots=True)
class Standard:
    """One condition of a class. The limit is another city's, the wording is ours: a sample."""

    kind: str
    code: str
    condition: str
    filing: Name
    closing: Name
    limit_value: int
    limit_unit: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A line of the duty list: within `place` the class is the unit's. Invented."""

    code: str
    kind: str
    class_code: str
    place: str
    unit: str
    basis: Name


@dataclass(frozen=True, slots=True)
class DemoReport:
    """A report to be sent in and worked by the real actions up to ``state``.

    ``joins`` is the key of an earlier report whose case it joins. ``assignee`` is
    ``("crew", key)`` or ``("unit", agency key)``. ``photo`` names a scene of ``photos``.
    """

    key: str
    kind: str
    code: str
    description: str
    address: str
    lon: float
    lat: float
    area: str
    place: str
    source: str
    occurred_at: datetime
    state: str
    assignee: tuple[str, str] | None = None
    joins: str | None = None
    reason: str | None = None
    photo: str | None = None
    told_by_radio: bool = False
    demo: bool = True
