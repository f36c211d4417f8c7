"""`lianqin import`: a district's own files into its rooms, through the rooms' own actions.

Only what differs from the install is written, so that the same file twice changes nothing. Every
import acts as the account `import`, a system administrator of the district who cannot sign in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import shapely
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.utils import timezone
from shapely.geometry import mapping, shape

from lianqin.accounts.actions import make_account
from lianqin.accounts.models import User
from lianqin.accounts.queries import principal_of
from lianqin.accounts.refusals import Forbidden
from lianqin.accounts.runner import Command, Done, request_hash
from lianqin.catalogue.actions import import_classes
from lianqin.catalogue.models import CaseClass
from lianqin.geo import Datum
from lianqin.journal.models import Entry
from lianqin.territory.actions import Territory, import_territory
from lianqin.territory.models import Area, District
from lianqin.worktime import china
from lianqin.worktime.holidays import CHINA_ZONE, DayKind, seed_days

from .import_areas import Areas, Ground, Known, as_json, features_of, read_areas
from .import_classes import MAY_HAVE, NEEDED, OTHER_NAMES, read_classes
from .import_files import LeftOut, Text, read_json, read_table, read_text
from .words import Refusal, tr

ACCOUNT = "import"
#: What comes from a file carries this, as the journal's entry about it does.
ORIGIN = "import"
#: Keys of imports are made from this and the file's hash.
_SPACE = UUID("5f0a6f0e-3d0c-4c59-8f0e-0b9d6a6c1f3e")
#: PostgreSQL: there is no such table.
_NO_TABLE = "42P01"


@dataclass(frozen=True)
class NewDistrict:
    """The district that a first import sets up."""

    code: str
    name_zh: str
    number_prefix: str
    name_en: str = ""
    timezone: str = CHINA_ZONE


@dataclass
class Report:
    """What an import did, as commands print it."""

    source: Text
    read: int
    changes: int
    left: list[LeftOut]
    dry_run: bool
    written: int = 0
    position: int | None = None
    ignored: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain data. `changes` is what differs from the install, `written` what was written."""
        return {
            "file": self.source.name,
            "sha256": self.source.sha256,
            "encoding": self.source.encoding,
            "dry_run": self.dry_run,
            "read": self.read,
            "changes": self.changes,
            "unchanged": self.read - self.changes - len(self.left),
            "written": self.written,
            "position": self.position,
            "ignored_columns": self.ignored,
            "errors": [one.as_dict() for one in self.left],
        }


def import_catalogue_file(file: Path, *, dry_run: bool) -> dict[str, Any]:
    """Bring classes of cases in from a CSV file.

    Returns counts and every row left out with its reason. Raises Refusal when the file as a whole
    cannot be used or the install has no district yet.
    """
    source = read_text(file)
    table = read_table(source)
    rows, left = read_classes(table)
    with database_in_words():
        here = district_here()
        changed = _changed_classes(rows)
        report = Report(source, len(table.rows), len(changed), left, dry_run)
        report.ignored = [
            name
            for name in table.columns
            if OTHER_NAMES.get(name, name) not in (*NEEDED, *MAY_HAVE)
        ]
        if changed and not dry_run:
            done = run_import(
                "catalogue",
                here.code,
                source,
                lambda command: import_classes(command, here.code, changed, ORIGIN, source.sha256),
            )
            report.written = done.answer["counts"]["classes"]
            report.position = done.answer["position"]
    return report.as_dict()


def _changed_classes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that differ from what the catalogue has, in what they say (one query)."""
    known: dict[tuple[str, str], dict[str, Any]] = {
        (c["kind"], c["code"]): dict(c) for c in CaseClass.objects.values()
    }
    changed = []
    for row in rows:
        stored = known.get((row["kind"], row["code"]))
        if stored is None or any(stored[name] != value for name, value in row.items()):
            changed.append(row)
    return changed


def import_territory_file(
    file: Path,
    *,
    dry_run: bool,
    datum: str = Datum.WGS84.value,
    district: NewDistrict | None = None,
) -> dict[str, Any]:
    """Bring areas in from a GeoJSON file whose coordinates are in `datum`.

    `district` sets up an empty install; for one that has this district already it changes nothing.
    Returns and raises as `import_catalogue_file`.
    """
    source = read_text(file)
    features = features_of(read_json(source), source.name)
    with database_in_words():
        here, new = _district_for(district)
        found = read_areas(features, _ground(here, Datum(datum)))
        changed = _changed_areas(found)
        outline = _outline(found, here, new)
        report = Report(source, found.read, len(changed), found.left, dry_run)
        if found.outline is not None:
            report.changes += 1 if outline else 0
        if new and not (changed or dry_run):
            raise _nothing_to_set_up(found.left)
        if (changed or outline) and not dry_run:
            territory = replace(_territory(new, outline, changed), file_hash=source.sha256)
            done = run_import(
                "territory",
                here.code,
                source,
                lambda command: import_territory(command, here.code, territory),
            )
            report.written = done.answer["counts"]["areas"] + (report.changes - len(changed))
            report.position = done.answer["position"]
    return report.as_dict()


def _ground(here: District, datum: Datum) -> Ground:
    rows = Area.objects.values_list("code", "kind", "place")
    return Ground(
        district=here.code,
        datum=datum,
        known={code: Known(kind, place) for code, kind, place in rows},
        outline=shape(here.outline) if here.outline else None,
    )


def _changed_areas(found: Areas) -> list[dict[str, Any]]:
    names = ["code", "kind", "name_zh", "name_en", "place", "geometry", "illustrative"]
    known = {
        row.pop("code"): row
        for row in Area.objects.values(*names, "parent__code").iterator(chunk_size=500)
    }
    changed = []
    for row in found.rows:
        stored = known.get(row["code"], {})
        wanted = {k: v for k, v in row.items() if k not in ("code", "parent")}
        same = {k: stored.get(k) for k in wanted} == wanted
        if not stored or not same or stored["parent__code"] != row["parent"]:
            changed.append(row)
    return changed


def _outline(found: Areas, here: District, new: NewDistrict | None) -> dict[str, Any] | None:
    """The outline to keep: the file's own, else for a new district what its subdistricts cover."""
    if found.outline is not None:
        return None if found.outline == here.outline else found.outline
    shapes = [
        shape(row["geometry"])
        for row in found.rows
        if row["kind"] == "subdistrict" and "geometry" in row
    ]
    if new is None or not shapes:
        return None
    drawn: dict[str, Any] = as_json(mapping(shapely.union_all(shapes)))
    return drawn


def _territory(
    new: NewDistrict | None, outline: dict[str, Any] | None, areas: list[dict[str, Any]]
) -> Territory:
    if new is None:
        return Territory({"outline": outline} if outline else None, areas, origin=ORIGIN)
    in_china = new.timezone == CHINA_ZONE
    return Territory(
        district={
            "code": new.code,
            "name_zh": new.name_zh,
            "name_en": new.name_en or new.name_zh,
            "number_prefix": new.number_prefix,
            "timezone": new.timezone,
            "demo": False,
            "outline": outline,
        },
        areas=areas,
        # The holidays that come with the project; elsewhere there are weekends alone until
        # somebody enters them.
        days=[
            (d.date, "holiday" if d.kind is DayKind.HOLIDAY else "workday", d.zh)
            for d in (seed_days() if in_china else ())
        ],
        days_until=china().valid_until if in_china else None,
        origin=ORIGIN,
    )


def district_here() -> District:
    here = District.objects.first()
    if here is None:
        raise Refusal(
            tr(
                "尚未设置区。请先导入区域,例如:"
                "lianqin import territory 区域.geojson --district 320303 --name 云龙区 "
                "--prefix 云龙",
                "There is no district yet. Import its territory first, for instance: "
                "lianqin import territory areas.geojson --district 320303 --name 云龙区 "
                "--prefix 云龙",
            )
        )
    return here


def _district_for(wanted: NewDistrict | None) -> tuple[District, NewDistrict | None]:
    """The install's district, and what is to be set up when there is none yet."""
    if wanted is None:
        return district_here(), None
    here = District.objects.first()
    if here is None:
        _refuse_unusable(wanted)
        return District(code=wanted.code, demo=False), wanted
    if here.code != wanted.code or here.demo:
        held = tr("演示区", "the demo district") if here.demo else f"{here.name_zh} ({here.code})"
        raise Refusal(
            tr(
                f"本安装已是{held}。每个安装只对应一个区,请用 LIANQIN_HOME 另设数据目录。",
                f"This install holds {held} already. One install is one district: "
                "name another data folder in LIANQIN_HOME.",
            )
        )
    same = (here.name_zh, here.number_prefix, here.timezone) == (
        wanted.name_zh,
        wanted.number_prefix,
        wanted.timezone,
    )
    if not same or (wanted.name_en and wanted.name_en != here.name_en):
        raise Refusal(
            tr(
                f"{here.name_zh}已设置(前缀 {here.number_prefix},时区 {here.timezone}),"
                "导入不更改这些内容;请去掉 --district。",
                f"{here.name_zh} is set up already (prefix {here.number_prefix}, "
                f"{here.timezone}); an import does not change that: leave --district out.",
            )
        )
    return here, None


def _refuse_unusable(wanted: NewDistrict) -> None:
    """Refuse a district whose code, names, prefix or time zone cannot be kept."""
    if not (wanted.code.isascii() and wanted.code.isalnum() and len(wanted.code) <= 12):
        raise Refusal(
            tr(
                "--district 应为区划代码,例如 320303。",
                "--district is the district's code, for instance 320303.",
            )
        )
    longest = {"--name": (wanted.name_zh, 60), "--name-en": (wanted.name_en, 60)}
    longest["--prefix"] = (wanted.number_prefix, 12)
    for option, (value, most) in longest.items():
        if len(value) > most or (not value.strip() and option != "--name-en"):
            raise Refusal(
                tr(f"{option} 应为 1 至 {most} 个字。", f"{option} has 1 to {most} characters.")
            )
    try:
        ZoneInfo(wanted.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal(
            tr(
                f"没有时区 {wanted.timezone},例如 Asia/Shanghai。",
                f"There is no time zone {wanted.timezone}; one is Asia/Shanghai.",
            )
        ) from error


def _nothing_to_set_up(left: list[LeftOut]) -> Refusal:
    first = next((f"{one.row}: {one.field}: {one.reason}" for one in left), "")
    return Refusal(
        tr(
            f"没有可用的区域,未设置区。{first}",
            f"No area can be used, so no district was set up. {first}",
        )
    )


def run_import(what: str, place: str, source: Text, action: Callable[[Command], Done]) -> Done:
    """Run an import's action as the import account, under a key of its own.

    The key is made from the file and the last import before it: two at once are one, and a file
    that is brought in again after another one counts again.
    """
    now = timezone.now()
    user = User.objects.filter(username=ACCOUNT).first() or make_account(
        ACCOUNT, "数据导入", [{"role": "system_admin", "place": place}], now=now
    )
    last = (
        Entry.objects.filter(act="import", subject_kind=what)
        .order_by("-position")
        .values_list("position", flat=True)
        .first()
    )
    key = uuid5(_SPACE, f"{what} {source.sha256} {last or 0}")
    command = Command(
        principal_of(user, timezone.localdate(now)),
        "import",
        key,
        request_hash(what, source.sha256),
    )
    try:
        return action(command)
    except Forbidden as error:
        raise Refusal(
            tr(
                f"账号 {ACCOUNT} 在 {place} 没有系统管理员岗位,未导入。",
                f"The account {ACCOUNT} has no post as system administrator at {place}; "
                "nothing was imported.",
            )
        ) from error


@contextmanager
def database_in_words() -> Iterator[None]:
    """Say it in words when the database is away or has no tables yet."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Refusal(
            tr(
                "数据库暂时无法访问,未导入。",
                "The database is away; nothing was imported.",
            )
        ) from error
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) != _NO_TABLE:
            raise
        raise Refusal(
            tr(
                "数据表尚未建立:请先启动一次 lianqin serve。",
                "There are no tables yet: start `lianqin serve` once first.",
            )
        ) from error
