"""Known layouts of request files, as data. To teach another one, add a Profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lianqin.geo.position import Box

from .baltimore import CLASSES, NOT_OURS

#: A class is keyed by kind and code: the same digits exist for events and parts.
ClassKey = tuple[str, str]

#: Fields of a profile that name a column and can be set with --column.
COLUMNS = (
    "id",
    "service",
    "channel",
    "created",
    "due",
    "closed",
    "address",
    "area",
    "agency",
    "lon",
    "lat",
)


class ProfileUnknown(ValueError):
    """No known layout fits the file; the text says what to do."""


@dataclass(frozen=True)
class Profile:
    """Where a file keeps what, and what its own words mean here.

    Column names are '' where the file has no such thing. `ids`: the first that is filled counts.
    `zone` holds for times without offset. `box`: where the file's positions should lie.
    `city`: what a rehearsal district is called, where nothing else is said.
    `one_per_id`: further rows of an id are parts of the same request and not posted.
    `not_ours`: beginnings of services that are no problem in a street.
    """

    name: str
    title: str
    ids: tuple[str, ...]
    service: str
    created: str
    channel: str = ""
    due: str = ""
    closed: str = ""
    address: str = ""
    area: str = ""
    agency: str = ""
    lon: str = ""
    lat: str = ""
    detail: tuple[str, ...] = ()
    zone: str = "UTC"
    date_formats: tuple[str, ...] = ()
    box: Box | None = None
    city: Mapping[str, str] = field(default_factory=dict)
    one_per_id: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, ClassKey] = field(default_factory=dict)
    not_ours: tuple[str, ...] = ()

    def needs(self) -> frozenset[str]:
        """Columns by which a file is recognised."""
        return frozenset({*self.ids, self.service, self.created} - {""})

    def source_of(self, channel: str) -> str:
        """The source of a case that came by the file's channel; the public's, if unknown."""
        return self.sources.get(channel.lower(), "public")


BALTIMORE = Profile(
    name="baltimore_311",
    title="Baltimore 311 service requests",
    ids=("ServiceRequestNum", "SRRecordID"),
    service="SRType",
    created="CreatedDate",
    channel="MethodReceived",
    due="DueDate",
    closed="CloseDate",
    address="Address",
    area="PoliceDistrict",
    agency="Agency",
    lon="Longitude",
    lat="Latitude",
    detail=("Agency", "Neighborhood"),
    city={"code": "24510", "name": "Baltimore", "prefix": "BAL"},
    zone="America/New_York",
    date_formats=("%m/%d/%Y %I:%M:%S %p",),
    box=Box(-76.75, 39.17, -76.5, 39.4),
    sources={
        "phone": "hotline",
        "api": "public",
        "web": "public",
        "email": "public",
        "mail": "public",
        "internal": "patrol",
    },
    classes=CLASSES,
    not_ours=NOT_OURS,
)

SF_DISPATCH = Profile(
    name="sf_dispatch",
    title="San Francisco fire unit dispatch (one row per unit; one report per incident)",
    ids=("Incident Number",),
    service="Call Type",
    created="Received DtTm",
    closed="Available DtTm",
    address="Address",
    area="Battalion",
    lon="lon",
    lat="lat",
    detail=("Call Type Group", "Neighborhood"),
    city={"code": "06075", "name": "San Francisco", "prefix": "SF"},
    zone="America/Los_Angeles",
    date_formats=("%m/%d/%Y %I:%M:%S %p",),
    box=Box(-122.55, 37.68, -122.3, 37.88),
    one_per_id=True,
)

PROFILES: dict[str, Profile] = {p.name: p for p in (BALTIMORE, SF_DISPATCH)}


def generic(columns: Mapping[str, str], zone: str, date_formats: Iterable[str]) -> Profile:
    """A profile from named columns; needs at least `id` and `created`."""
    unknown = set(columns) - set(COLUMNS)
    if unknown:
        raise ProfileUnknown(f"--column: {', '.join(sorted(unknown))}? ({', '.join(COLUMNS)})")
    if not {"id", "created"} <= set(columns):
        raise ProfileUnknown("--column id=… --column created=…")
    named: dict[str, Any] = {name: column for name, column in columns.items() if name != "id"}
    base = Profile("generic", "", ids=(columns["id"],), service="", created="", zone=zone)
    return replace(base, date_formats=tuple(date_formats), **named)


def recognise(columns: Iterable[str]) -> Profile:
    """The profile whose columns the file has, or ProfileUnknown."""
    have = frozenset(columns)
    for profile in PROFILES.values():
        if profile.needs() <= have:
            return profile
    raise ProfileUnknown(", ".join(sorted(have)))
