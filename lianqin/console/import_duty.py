"""The rows of a duty list: which unit a class is the duty of, where, and by which document."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lianqin.accounts.principal import within
from lianqin.catalogue.versions import NewVersion

from .import_cells import Fault, by_column, class_code, columns_of, dates, kind, text
from .import_files import LeftOut, Table
from .import_standards import Classes, Numbered, known_class
from .words import tr

NEEDED = ("line", "kind", "code", "unit", "basis_zh")
MAY_HAVE = ("place", "basis_en", "valid_from", "valid_until")
#: Longest text of each column; what is not here is not text.
LENGTHS = {"basis_zh": 200, "basis_en": 400}


@dataclass(frozen=True)
class KnownUnit:
    """A unit that takes cases, and the place that it answers for."""

    id: UUID
    code: str
    name: str
    reach: str


@dataclass(frozen=True)
class Around:
    """What the rows are read against."""

    district: str
    classes: Classes
    units: Sequence[KnownUnit]
    places: frozenset[str]
    today: date


def read_duty_list(table: Table, around: Around) -> Numbered:
    """Versions of lines of the duty list."""
    columns = columns_of(table, NEEDED, MAY_HAVE, {})
    found = Numbered()
    for number, cells in table.rows:
        try:
            found.take(number, _version(by_column(table, columns, cells), around), "line")
        except Fault as fault:
            found.left.append(LeftOut(number, fault.field, fault.reason))
    return found


def _version(row: Mapping[str, str], around: Around) -> NewVersion:
    line = text("line", row["line"], 40, needed=True)
    case_class = known_class((kind(row["kind"]), class_code(row["code"])), around.classes)
    unit = _unit(row["unit"], around)
    place = _place(row.get("place", ""), around)
    if not within(place, unit.reach):
        raise Fault(
            "place",
            tr(
                f"“{unit.name}”的管辖范围是 {unit.reach},不含 {place}",
                f"'{unit.code}' answers for {unit.reach}, which {place} does not lie in; "
                f"name a place within {unit.reach}",
            ),
        )
    content: dict[str, Any] = {
        "case_class_id": case_class,
        "place": place,
        "unit_id": unit.id,
        "sample": False,
    }
    for name, longest in LENGTHS.items():
        if name in row:
            content[name] = text(name, row[name], longest, needed=name == "basis_zh")
    return NewVersion((line,), content, *dates(row, around.today))


def _place(value: str, around: Around) -> str:
    if not value:
        return around.district
    if value == around.district or value in around.places:
        return value
    near = difflib.get_close_matches(value, sorted(around.places), n=3)
    hint_zh = f",相近的有 {'、'.join(near)}" if near else ""
    hint_en = f"; near it are {', '.join(near)}" if near else ""
    raise Fault(
        "place",
        tr(
            f"本区没有“{value}”,应为街道或指挥中心的路径,如 {around.district}/…{hint_zh}",
            f"there is no '{value}' here; it should be the path of a subdistrict or centre, "
            f"such as {around.district}/…{hint_en}",
        ),
    )


def _unit(value: str, around: Around) -> KnownUnit:
    """The unit of that code, else the only one of that name."""
    by_code = [unit for unit in around.units if unit.code == value]
    by_name = [unit for unit in around.units if unit.name == value]
    found = by_code or by_name
    if len(found) == 1:
        return found[0]
    if found:
        codes = ", ".join(unit.code for unit in found)
        raise Fault(
            "unit",
            tr(
                f"有 {len(found)} 个单位名为“{value}”,请填写代码:{codes}",
                f"{len(found)} units are called '{value}'; give the code: {codes}",
            ),
        )
    names = [unit.code for unit in around.units] + [unit.name for unit in around.units]
    near = ", ".join(difflib.get_close_matches(value, names, n=3)) or ", ".join(names[:3])
    raise Fault(
        "unit",
        tr(
            f"没有承办案件的单位“{value}”,应为其代码或全称,例如 {near}",
            f"no unit that takes cases is '{value}'; give its code or full name, such as {near}",
        ),
    )
