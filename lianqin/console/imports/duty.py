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
from lianqin.console.words import tr

from .cells import Fault, by_column, class_code, dates, kind, known_place, names, text
from .columns import Known
from .progress import shown
from .running import Part
from .standards import Classes, Numbered, known_class


@dataclass(frozen=True)
class KnownUnit:
    """A unit that takes cases, and the place that it answers for."""

    id: UUID
    code: str
    name: str
    name_en: str
    reach: str


@dataclass(frozen=True)
class Around:
    """What the rows are read against."""

    district: str
    classes: Classes
    units: Sequence[KnownUnit]
    places: frozenset[str]
    today: date


def read_duty_list(known: Known, around: Around, part: Part) -> Numbered:
    """Versions of lines of the duty list."""
    found = Numbered()
    for number, cells in shown(known.rows(), tr("权责清单", "duty list"), known.table.about):
        part.read += 1
        try:
            found.take(number, _version(by_column(known, cells), around), "line")
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return found


def _version(row: Mapping[str, str], around: Around) -> NewVersion:
    line = text("line", row["line"], 40, needed=True)
    case_class = known_class((kind(row["kind"]), class_code(row["code"])), around.classes)
    unit = _unit(row["unit"], around)
    place = known_place("place", row.get("place", ""), around.district, around.places)
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
    content |= names(row, "basis", 200, 400)
    return NewVersion((line,), content, *dates(row, around.today))


def _unit(value: str, around: Around) -> KnownUnit:
    """The unit of that code, else the only one of that name."""
    by_code = [unit for unit in around.units if unit.code == value]
    by_name = [unit for unit in around.units if value in (unit.name, unit.name_en)]
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
