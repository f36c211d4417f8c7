"""`lianqin import force`: agencies, centres, crews, members, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lianqin.accounts.actions import NewPost, import_accounts
from lianqin.force.actions import NewForce, import_force
from lianqin.force.models import Agency, Centre, Crew, Member
from lianqin.territory.models import Area, District

from .accounts import People, Post, changed_posts, read_accounts
from .columns import Known, recognised
from .files import open_file
from .force_rows import Around, Row, read_agencies, read_centres, read_crews, read_members
from .kinds import ACCOUNTS, FORCE
from .running import ORIGIN, Report, database_in_words, district_here, run_import
from .tables import tables_of

_READERS = {
    "agencies": read_agencies,
    "centres": read_centres,
    "crews": read_crews,
    "members": read_members,
}


def import_force_file(
    file: Path, *, dry_run: bool = False, what: str | None = None
) -> dict[str, Any]:
    """Bring agencies, centres, crews, members and accounts in; a workbook may hold them all.

    Returns counts and every row left out with its reason. Raises Refusal when the file as a whole
    cannot be used or the install has no district yet.
    """
    source = open_file(file)
    known, passed = recognised(tables_of(source), FORCE, what)
    report = Report(source, dry_run, passed_sheets=passed)
    with database_in_words():
        here = district_here()
        around = _around(here)
        _force(report, here, around, [one for one in known if one.kind is not ACCOUNTS])
        for one in known:
            if one.kind is ACCOUNTS:
                _accounts(report, here, around, one)
    return report.as_dict()


def _around(here: District) -> Around:
    around = Around(here.code)
    around.places.update(Area.objects.exclude(place="").values_list("place", flat=True))
    around.agencies.update(Agency.objects.values_list("code", "parent__code"))
    taking = Agency.objects.filter(takes_cases=True)
    around.units.update(taking.values_list("code", "reach"))
    around.centres.update(Centre.objects.values_list("place", flat=True))
    for crew in Crew.objects.all():
        around.crews.add(crew.code or str(crew.id), crew.place, crew.name_zh, crew.name_en)
    return around


def _force(report: Report, here: District, around: Around, known: list[Known]) -> None:
    changed: dict[str, list[Row]] = {}
    for one in known:
        part = report.part(one.kind.name)
        part.ignored = one.ignored
        rows = _READERS[one.kind.name](one, around, part)
        changed[one.kind.name] = _changed(one.kind.name, rows)
        part.changes = len(changed[one.kind.name])
    if report.dry_run or not any(changed.values()):
        return
    new = NewForce(**changed, origin=ORIGIN, file_hash=report.source.sha256)
    report.done(
        run_import(
            "force",
            here,
            report.source,
            lambda command: import_force(command, here.code, new),
        )
    )
    for part in report.parts:
        part.written = part.changes


def _changed(what: str, rows: list[Row]) -> list[Row]:
    """The rows that differ from the install in what they say (one query)."""
    key, stored = _stored(what)
    found = []
    for row in rows:
        known = stored.get(tuple(row[name] for name in key))
        if known is None or any(known.get(name) != value for name, value in row.items()):
            found.append(row)
    return found


def _stored(what: str) -> tuple[tuple[str, ...], dict[tuple[Any, ...], dict[str, Any]]]:
    """What the install has of a table, in the words of its columns."""
    if what == "agencies":
        key: tuple[str, ...] = ("code",)
        rows = [
            {**row, "parent": row["parent__code"]}
            for row in Agency.objects.values(
                "code", "kind", "name_zh", "name_en", "takes_cases", "reach", "parent__code"
            )
        ]
    elif what == "centres":
        key = ("place",)
        rows = [
            {
                **row,
                "station": row["station__code"],
                "team_name_zh": row["team__name_zh"],
                "team_name_en": row["team__name_en"],
            }
            for row in Centre.objects.values(
                "place",
                "name_zh",
                "name_en",
                "phone",
                "station__code",
                "team__name_zh",
                "team__name_en",
            )
        ]
    elif what == "crews":
        key = ("code",)
        crews = Crew.objects.values("code", "place", "shift", "name_zh", "name_en")
        rows = [dict(row) for row in crews]
    else:
        key = ("place", "name", "kind")
        rows = [
            {**row, "place": row["team__centre__place"], "crew": _crew_code(row)}
            for row in Member.objects.values(
                "name", "kind", "certificate", "certificate_dates",
                "team__centre__place", "crew__code", "crew_id",
            )
        ]  # fmt: skip
    return key, {tuple(row[name] for name in key): row for row in rows}


def _crew_code(row: Mapping[str, Any]) -> str | None:
    code: str | None = row["crew__code"]
    return code or (str(row["crew_id"]) if row["crew_id"] else None)


def _accounts(report: Report, here: District, around: Around, known: Known) -> None:
    part = report.part(ACCOUNTS.name)
    part.ignored = known.ignored
    posts = read_accounts(known, People(around, here.demo), part)
    ids = {
        "crews": {crew.code or str(crew.id): crew.id for crew in Crew.objects.all()},
        "units": dict(Agency.objects.values_list("code", "id")),
    }
    changed = changed_posts(posts, ids)
    part.changes = len(changed)
    if report.dry_run or not changed:
        return
    rows = [_new_post(post, ids) for post in changed]
    origin = "demo" if here.demo else "live"
    sha256 = report.source.sha256
    report.done(
        run_import(
            "accounts",
            here,
            report.source,
            lambda command: import_accounts(command, here.code, rows, origin, sha256),
        )
    )
    part.written = part.changes


def _new_post(post: Post, ids: dict[str, dict[str, Any]]) -> NewPost:
    return NewPost(
        username=post.username,
        name=post.name,
        role=post.role,
        place=post.place,
        crew_id=ids["crews"].get(post.crew),
        unit_id=ids["units"].get(post.unit),
        start=post.start,
        end=post.end,
    )
