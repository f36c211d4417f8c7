"""`lianqin import territory`: areas, sites, the calendar; the first import sets the district up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import shapely
from shapely.geometry import mapping, shape

from lianqin.console.words import Refusal, tr
from lianqin.force.models import Centre
from lianqin.geo import Datum
from lianqin.geo.position import Box
from lianqin.territory.actions import Territory, import_territory
from lianqin.territory.models import Area, CalendarDay, District, Site

from .areas import Areas, Ground, as_json, check_areas, rows_of
from .areas import Known as KnownArea
from .cells import Fault, by_column
from .columns import Known, recognised
from .features import check_collection, features
from .files import Opened, open_file
from .kinds import AREAS, CALENDAR, SITES, TERRITORY
from .new_district import NewDistrict, district_for, nothing_to_set_up
from .progress import shown
from .running import ORIGIN, Part, Report, database_in_words, run_import
from .sites import Where, read_days, read_sites
from .tables import tables_of

T = TypeVar("T")
Numbered = Callable[[], Iterator[tuple[int, Any]]]
#: Rows compared with the install at once.
_CHUNK = 500
#: Degrees around the outline within which a site may stand: some kilometres.
_MARGIN = 0.05
_AREA_SAYS = ("code", "kind", "name_zh", "name_en", "place", "geometry", "illustrative")


@dataclass(frozen=True)
class Asked:
    """What the command line says of a file."""

    dry_run: bool = False
    datum: str = Datum.WGS84.value
    what: str | None = None
    calendar_until: date | None = None


def import_territory_file(
    file: Path,
    *,
    district: NewDistrict | None = None,
    **asked: Any,
) -> dict[str, Any]:
    """Bring areas (GeoJSON or a table), sites and the calendar in; keywords as `Asked`.

    `district` sets up an empty install; for one that has this district already it changes nothing.
    Returns counts and every row left out with its reason. Raises Refusal when the file as a whole
    cannot be used.
    """
    said = Asked(**asked)
    source = open_file(file)
    known: list[Known] = []
    report = Report(source, said.dry_run)
    if source.format == "json":
        check_collection(source)
    else:
        known, report.passed_sheets = recognised(tables_of(source), TERRITORY, said.what)
    with database_in_words():
        here, new = district_for(district)
        _Import(source, report, said, here, new).run(known)
    return report.as_dict()


class _Import:
    """One file on its way in."""

    def __init__(
        self,
        source: Opened,
        report: Report,
        said: Asked,
        here: District,
        new: NewDistrict | None,
    ) -> None:
        self.source, self.report, self.said = source, report, said
        self.here, self.new = here, new
        self.ground = _ground(here, Datum(said.datum))
        self.found = Areas()
        self.territory = Territory(origin=ORIGIN, file_hash=source.sha256)

    def run(self, known: list[Known]) -> None:
        """Check everything, then write what differs unless this is a dry run."""
        if self.source.format == "json":
            self._areas(lambda: features(self.source), self.report.part("areas"))
        for one in known:
            part = self.report.part(one.kind.name)
            part.ignored = one.ignored
            if one.kind is AREAS:
                self._areas(lambda one=one: _as_features(one), part)  # type: ignore[misc]
            elif one.kind is SITES:
                self._sites(one, part)
            elif one.kind is CALENDAR:
                self._days(one, part)
        if self.said.calendar_until and CALENDAR.name not in [p.what for p in self.report.parts]:
            raise Refusal(
                tr(
                    "--calendar-until 须与日历表同用。",
                    "--calendar-until goes with a calendar.",
                )
            )
        self._set_up()
        if not self.said.dry_run and any(part.changes for part in self.report.parts):
            self._write()

    def _areas(self, numbered: Numbered, part: Part) -> None:
        label = tr("核对区域", "checking areas")
        self.found = check_areas(shown(numbered(), label), self.ground)
        part.read, part.left = self.found.read, self.found.left

        def changed() -> Iterator[dict[str, Any]]:
            yield from _changed_areas(rows_of(numbered, self.found, self.ground))

        part.changes = sum(1 for _ in changed())
        if part.changes:
            label = tr("写入区域", "writing areas")
            rows = shown(changed(), label, part.changes)
            self.territory = replace(self.territory, areas=rows)
        outline = self._outline()
        if self.found.outline is not None and outline:
            part.changes += 1
        if outline:
            self.territory = replace(self.territory, district={"outline": outline})

    def _outline(self) -> dict[str, Any] | None:
        """The outline to keep: the file's own, else for a new district what its subdistricts
        cover."""
        if self.found.outline is not None:
            return None if self.found.outline == self.here.outline else self.found.outline
        if self.new is None or not self.found.shapes:
            return None
        drawn: dict[str, Any] = as_json(
            mapping(shapely.union_all([shape(one) for one in self.found.shapes]))
        )
        return drawn

    def _sites(self, one: Known, part: Part) -> None:
        outline = self.found.outline or self.here.outline
        where = Where(
            self.here.code,
            {*self._places(), *(place for _, place in self.found.places.values())},
            self.ground.datum,
            _box(outline) if outline else None,
        )
        rows = read_sites(one, where, part)
        changed = [row for some in _chunks(iter(rows)) for row in _changed_sites(some)]
        part.changes = len(changed)
        self.territory = replace(self.territory, sites=changed)

    def _places(self) -> set[str]:
        return {
            *Area.objects.exclude(place="").values_list("place", flat=True),
            *Centre.objects.values_list("place", flat=True),
        }

    def _days(self, one: Known, part: Part) -> None:
        rows = read_days(one, part)
        known = {d.day: (d.kind, d.name_zh) for d in CalendarDay.objects.all()}
        changed = [row for row in rows if known.get(row[0]) != row[1:]]
        until = self._horizon(rows)
        part.changes = len(changed)
        if until is not None:
            part.changes = max(part.changes, 1)
            self.report.notes.append(tr(f"节假日录至 {until}", f"holidays are known to {until}"))
        self.territory = replace(self.territory, days=changed, days_until=until)

    def _horizon(self, rows: list[tuple[date, str, str]]) -> date | None:
        """The last day of which the calendar now speaks, if that is another one than before:
        what was said, else the end of the last year in the file."""
        before = self.here.calendar_until
        said = self.said.calendar_until
        if said is not None:
            last = max((row[0] for row in rows), default=said)
            if said < last:
                raise Refusal(
                    tr(
                        f"--calendar-until {said} 早于文件中的 {last}。",
                        f"--calendar-until {said} is before {last}, which the file holds.",
                    )
                )
            return said if said != before else None
        if not rows:
            return None
        end = date(max(row[0].year for row in rows), 12, 31)
        return end if before is None or end > before else None

    def _set_up(self) -> None:
        """What a new district brings with it besides what the file says."""
        if self.new is None:
            return
        if not any(part.what == AREAS.name and part.changes for part in self.report.parts):
            raise nothing_to_set_up([one for part in self.report.parts for one in part.left])
        district = {**self.new.row, **(self.territory.district or {"outline": None})}
        brought = {} if self.territory.days else self.new.holidays
        self.territory = replace(self.territory, district=district, **brought)

    def _write(self) -> None:
        done = run_import(
            "territory",
            self.here,
            self.source,
            lambda command: import_territory(command, self.here.code, self.territory),
        )
        for part in self.report.parts:
            part.written = part.changes
        self.report.done(done)


def _as_features(known: Known) -> Iterator[tuple[int, Any]]:
    """The rows of a table of areas, as features without a geometry."""
    for number, cells in known.rows():
        try:
            found = by_column(known, cells)
            yield number, {"type": "Feature", "properties": found, "geometry": None}
        except Fault as fault:
            yield number, fault


def _ground(here: District, datum: Datum) -> Ground:
    rows = Area.objects.values_list("code", "kind", "place")
    return Ground(
        district=here.code,
        datum=datum,
        known={code: KnownArea(kind, place) for code, kind, place in rows},
        outline=shape(here.outline) if here.outline else None,
    )


def _box(outline: dict[str, Any]) -> Box:
    west, south, east, north = shape(outline).bounds
    return Box(west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)


def _chunks(rows: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(rows, _CHUNK)):
        yield some


def _changed_areas(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows that differ from the install, in what they say (one query per some hundred)."""
    for some in _chunks(rows):
        stored = {
            row.pop("code"): row
            for row in Area.objects.filter(code__in=[row["code"] for row in some]).values(
                *_AREA_SAYS, "parent__code"
            )
        }
        for row in some:
            known = stored.get(row["code"])
            said = {k: v for k, v in row.items() if k not in ("code", "parent")}
            if (
                known is None
                or any(known[name] != value for name, value in said.items())
                or known["parent__code"] != row["parent"]
            ):
                yield row


def _changed_sites(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    codes = [row["code"] for row in rows]
    stored: dict[str, dict[str, Any]] = {
        site["code"]: dict(site) for site in Site.objects.filter(code__in=codes).values()
    }
    for row in rows:
        known = stored.get(row["code"])
        if known is None or any(known[name] != value for name, value in row.items()):
            yield row
