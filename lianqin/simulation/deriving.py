"""From a request file to the tables of a rehearsal district: its areas, agencies, people, classes,
limits and duty list. Pure: rows in, tables out.

What the file says is taken from it; what it does not say (people, posts, stations) is made up and
called so.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .profiles import Profile
from .reading import Raw
from .request import SERVICE_LENGTH, clean, read_time

#: Longest names that the district keeps: of its classes, of anything else.
CLASS_NAME, NAME = 60, 80
#: The unit that a rehearsal uses: the longest in which the median is a whole number.
UNITS = (("natural_day", 86_400), ("urgent_hour", 3_600), ("minute", 60))
Table = list[dict[str, str]]


@dataclass
class Found:
    """What a file says, gathered row by row; memory follows its words, not its rows."""

    rows: int = 0
    services: Counter[str] = field(default_factory=Counter)
    areas: Counter[str] = field(default_factory=Counter)
    agencies: Counter[str] = field(default_factory=Counter)
    of_service: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    spans: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    years: Counter[int] = field(default_factory=Counter)
    at_once: Counter[str] = field(default_factory=Counter)

    def take(self, raws: Iterable[Raw], profile: Profile) -> Found:
        """Read rows; broken and empty ones are passed over."""
        for raw in raws:
            if not raw.broken and any(clean(v) for v in raw.cells.values()):
                self._row(raw, profile)
        return self

    def _row(self, raw: Raw, profile: Profile) -> None:
        def cell(column: str, length: int = NAME) -> str:
            return clean(raw.cells.get(column), length) if column else ""

        def moment(column: str) -> datetime | None:
            value = raw.cells.get(column) if column else None
            return read_time(value, profile.zone, profile.date_formats)

        self.rows += 1
        service, agency = cell(profile.service, SERVICE_LENGTH), cell(profile.agency)
        self.services[service] += 1
        self.areas[cell(profile.area)] += 1
        if agency:
            self.agencies[agency] += 1
            self.of_service[service][agency] += 1
        created, due = moment(profile.created), moment(profile.due)
        if created:
            self.years[created.year] += 1
        if created and due == created:
            self.at_once[service] += 1
        if created and due and due > created:
            self.spans[service][round((due - created) / timedelta(seconds=1))] += 1


@dataclass(frozen=True)
class Wish:
    """How the rehearsal district is called and how many people it gets.

    `operators` and `leaders` per centre, `checkers` for the district, `units` per agency.
    """

    code: str
    name: str
    prefix: str
    zone: str
    operators: int = 2
    leaders: int = 1
    checkers: int = 4
    units: int = 4


@dataclass(frozen=True)
class Limit:
    """A limit as the catalogue takes it, and from how many rows it is the median."""

    value: int
    unit: str
    rows: int


def limit_of(spans: Counter[int]) -> Limit | None:
    """The median of due − created, in the longest unit in which it is a whole number; a minute at
    least. None where the file has no due dates for the type."""
    if not spans:
        return None
    median = statistics.median(sorted(spans.elements()))
    for unit, seconds in UNITS:
        value = round(median / seconds)
        # Clocks go forward and back: a day of 23 or 25 hours is a day.
        slack = 3_600 if unit == "natural_day" else 30
        if value >= 1 and abs(median - value * seconds) <= slack:
            return Limit(value, unit, spans.total())
    return Limit(max(1, round(median / 60)), "minute", spans.total())


def slug(text: str) -> str:
    """A code from a name: small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:32] or "unit"


class Tables:
    """The tables of a rehearsal district."""

    def __init__(self, found: Found, wish: Wish, source: str) -> None:
        self.found, self.wish, self.source = found, wish, source
        self.areas = sorted(name for name in found.areas if name) or [wish.name]
        self.agencies = _codes(sorted(found.agencies) or [wish.name])
        self.services = sorted(found.services)
        self.limits = {service: limit_of(found.spans[service]) for service in self.services}

    def all(self) -> dict[str, Table]:
        """Every table by the name of its file."""
        return {
            "areas": self._areas(),
            "agencies": self._agencies(),
            "centres": self._centres(),
            "accounts": self._accounts(),
            "classes": self._classes(),
            "standards": self._standards(),
            "duty": self._duty(),
        }

    @property
    def since(self) -> str:
        """The first day of the file's first year: everything with dates holds from then on."""
        return f"{min(self.found.years, default=2000)}-01-01"

    def units(self) -> Counter[str]:
        """How many types have their limit in which unit ('' = no due dates in the file)."""
        return Counter(limit.unit if limit else "" for limit in self.limits.values())

    def _area_codes(self) -> list[tuple[str, str]]:
        return [(f"{self.wish.code}{n:03d}", name) for n, name in enumerate(self.areas, start=1)]

    def _place(self, code: str) -> str:
        return f"{self.wish.code}/{code}/centre"

    def _areas(self) -> Table:
        return [
            {"code": code, "kind": "subdistrict", "parent": ""}
            | _names(name)
            | {"place": self._place(code)}
            for code, name in self._area_codes()
        ]

    def _agencies(self) -> Table:
        root = self.wish.code
        police = {"code": "police", "kind": "police_sub_bureau"} | _names("Police sub-bureau")
        found = [police | {"parent": "", "takes_cases": "no", "reach": root}]
        for code, name in self._area_codes():
            station = {"code": f"station-{code}", "kind": "police_station"}
            station |= _names(f"{name} police station")
            found.append(
                station | {"parent": "police", "takes_cases": "no", "reach": self._place(code)}
            )
        for name, code in self.agencies.items():
            agency = {"code": code, "kind": "partner"} | _names(name)
            found.append(agency | {"parent": "", "takes_cases": "yes", "reach": root})
        return found

    def _centres(self) -> Table:
        return [
            {"place": self._place(code)}
            | _names(f"{name} joint command centre")
            | {"station": f"station-{code}"}
            | _names(f"{name} team", "team_name_")
            for code, name in self._area_codes()
        ]

    def _accounts(self) -> Table:
        wish, root = self.wish, self.wish.code
        found = [self._account(f"desk-{n}", "district_desk", root) for n in (1, 2)]
        for at, (code, _) in enumerate(self._area_codes(), start=1):
            place = self._place(code)
            for word, role, number in (
                ("op", "operator", wish.operators),
                ("lead", "shift_leader", wish.leaders),
            ):
                for n in range(1, number + 1):
                    found.append(self._account(f"{word}-{at}-{n}", role, place))
        for n in range(1, wish.checkers + 1):
            found.append(self._account(f"checker-{n}", "collector", root))
        for code in self.agencies.values():
            for n in range(1, wish.units + 1):
                found.append(self._account(f"{code}-{n}", "unit_liaison", root, code))
        return found

    def _account(self, username: str, role: str, place: str, unit: str = "") -> dict[str, str]:
        row = {"username": username, "name": f"Demo {username}", "role": role, "place": place}
        return row | {"unit": unit, "crew": "", "from": "", "until": ""}

    def _codes_of_services(self) -> list[tuple[str, str]]:
        return [(f"{n:04d}", service) for n, service in enumerate(self.services, start=1)]

    def _classes(self) -> Table:
        found = []
        for code, service in self._codes_of_services():
            limit = self.limits[service]
            row = {"kind": "event", "code": code}
            row |= _names(service or "Type not stated", longest=CLASS_NAME)
            row |= _names(group_of(service), "group_")
            row |= {"limit_value": str(limit.value) if limit else ""}
            found.append(row | {"limit_unit": limit.unit if limit else ""})
        return found

    def _standards(self) -> Table:
        found = []
        for code, service in self._codes_of_services():
            limit = self.limits[service]
            if limit is None:
                continue
            said = f"Rehearsal: median of due minus created in {limit.rows} rows of {self.source}"
            row = {"kind": "event", "code": code, "condition": "1"}
            row |= _names(said, "filing_", 300) | _names("Reported back as done", "closing_")
            row |= {"limit_value": str(limit.value), "limit_unit": limit.unit}
            found.append(row | {"valid_from": self.since, "valid_until": ""})
        return found

    def _duty(self) -> Table:
        basis = _names(f"Rehearsal: had most of this type in {self.source}", "basis_")
        return [
            {
                "line": f"R{code}",
                "kind": "event",
                "code": code,
                "place": self.wish.code,
                "unit": self._agency_of(service),
            }
            | basis
            | {"valid_from": self.since, "valid_until": ""}
            for code, service in self._codes_of_services()
        ]

    def _agency_of(self, service: str) -> str:
        """Whoever had the type most; of a type without agency, whoever has most of everything."""
        had = self.found.of_service.get(service) or self.found.agencies
        name = min(had, key=lambda one: (-had[one], one), default=next(iter(self.agencies)))
        return self.agencies[name]


def _names(name: str, start: str = "name_", longest: int = NAME) -> dict[str, str]:
    """A file speaks one language; its words stand in both columns."""
    return {f"{start}zh": name[:longest], f"{start}en": name}


def _codes(names: Sequence[str]) -> dict[str, str]:
    """A code for every name, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        code, number = slug(name), 2
        while code in found.values():
            code, number = f"{slug(name)}-{number}", number + 1
        found[name] = code
    return found


def group_of(service: str) -> str:
    """The beginning of a service's name up to its first dash, where it has one."""
    start, dash, _ = service.partition("-")
    return start.strip()[:NAME] if dash else ""


def rows_of(tables: Mapping[str, Table]) -> dict[str, int]:
    """How many rows each table has."""
    return {name: len(rows) for name, rows in tables.items()}
