"""`lianqin import catalogue`: classes, and the dated tables in which each new version closes the
old one: standards, the duty list, ways by source, limits of stages, figures of the daily work.

The plan made for a dry run is the plan that is carried out; see `lianqin.catalogue.versions`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from uuid6 import uuid7

from lianqin.accounts.runner import Done
from lianqin.catalogue.actions import (
    import_classes,
    import_duty_list,
    import_practice,
    import_stage_limits,
    import_standards,
    import_ways,
)
from lianqin.catalogue.models import CaseClass
from lianqin.catalogue.queries import class_ids
from lianqin.catalogue.rules import Succession
from lianqin.catalogue.versions import (
    DUTY_LIST,
    PRACTICE,
    STAGE_LIMITS,
    STANDARDS,
    WAYS,
    Dated,
    NewVersion,
    plan,
)
from lianqin.console.words import tr
from lianqin.force.models import Agency, Centre
from lianqin.territory.models import Area, District

from . import kinds
from .classes import read_classes
from .columns import Known, recognised
from .duty import Around, KnownUnit, read_duty_list
from .files import LeftOut, open_file
from .practice import READERS
from .running import ORIGIN, Part, Report, database_in_words, district_here, run_import, today
from .standards import Classes, Numbered, read_standards
from .tables import tables_of

#: Table, what its entry in the journal is about, and the action.
_DATED: dict[str, tuple[Dated, str, Callable[..., Done]]] = {
    "standards": (STANDARDS, "standards", import_standards),
    "duty": (DUTY_LIST, "duty_list", import_duty_list),
    "ways": (WAYS, "ways", import_ways),
    "stage_limits": (STAGE_LIMITS, "stage_limits", import_stage_limits),
    "practice": (PRACTICE, "practice", import_practice),
}


def import_catalogue_file(
    file: Path, *, dry_run: bool = False, what: str | None = None
) -> dict[str, Any]:
    """Bring tables of the catalogue in; a workbook may hold them all.

    Returns counts and every row left out with its reason. Raises Refusal when the file as a whole
    cannot be used or the install has no district yet.
    """
    source = open_file(file)
    known, passed = recognised(tables_of(source), kinds.CATALOGUE, what)
    report = Report(source, dry_run, passed_sheets=passed)
    with database_in_words():
        here = district_here()
        coming: list[tuple[str, str]] = []
        for one in known:
            part = report.part(one.kind.name)
            part.ignored = one.ignored
            if one.kind is kinds.CLASSES:
                coming = _classes(report, here, one, part)
            else:
                found = _read(one, here, _class_ids(coming), part)
                _carry_out(report, here, found, part)
    return report.as_dict()


def _classes(report: Report, here: District, one: Known, part: Part) -> list[tuple[str, str]]:
    """Write the classes that differ; gives the keys of all that the table brings."""
    rows = read_classes(one, part)
    changed = _changed_classes(rows)
    part.changes = len(changed)
    if changed and not report.dry_run:
        sha256 = report.source.sha256
        done = run_import(
            "catalogue",
            here,
            report.source,
            lambda command: import_classes(command, here.code, changed, ORIGIN, sha256),
        )
        part.written = done.answer["counts"]["classes"]
        report.done(done)
    return [(row["kind"], row["code"]) for row in rows]


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


def _class_ids(coming: list[tuple[str, str]]) -> Classes:
    """Ids of the classes; in a dry run those that the same workbook would bring stand in."""
    return {**{key: uuid7() for key in coming}, **class_ids()}


def _read(one: Known, here: District, classes: Classes, part: Part) -> Numbered:
    on = today(here)
    if one.kind is kinds.STANDARDS:
        return read_standards(one, classes, on, part)
    if one.kind is kinds.DUTY:
        return read_duty_list(one, _around(here, classes), part)
    return READERS[one.kind.name](one, on, part)


def _carry_out(report: Report, here: District, found: Numbered, part: Part) -> None:
    """Plan, tell what cannot follow, and write the rest unless this is a dry run."""
    table, what, action = _DATED[part.what]
    asked = plan(table, [row for _, row in found.rows], today(here))
    for (number, row), step in zip(found.rows, asked.steps, strict=True):
        if (fault := _cannot_follow(number, row, step)) is not None:
            part.left.append(fault)
    part.changes = asked.changes
    if not asked.changes or report.dry_run:
        return
    rows: list[NewVersion] = [
        row for (_, row), step in zip(found.rows, asked.steps, strict=True) if step.changes
    ]
    sha256 = report.source.sha256
    done = run_import(
        what,
        here,
        report.source,
        lambda command: action(command, here.code, rows, ORIGIN, sha256),
    )
    part.written = done.answer["counts"][what]
    report.done(done)


def _cannot_follow(number: int, row: NewVersion, step: Succession) -> LeftOut | None:
    if step.clash is not None:
        return LeftOut(
            number,
            "valid_until",
            tr(
                f"{step.clash} 起已有另一版本;valid_until 应早于 {step.clash},或留空",
                f"another version begins on {step.clash}; end before it or leave this empty",
            ),
        )
    if step.in_force:
        return LeftOut(
            number,
            "valid_from",
            tr(
                f"{row.start} 起的版本已被引用,不能改写;请用更晚的日期另立新版本",
                f"the version of {row.start} has been cited and is not rewritten; "
                "give the change a later first day",
            ),
        )
    return None


def _around(here: District, classes: Classes) -> Around:
    units = Agency.objects.filter(takes_cases=True).order_by("code")
    places = {
        *Area.objects.exclude(place="").values_list("place", flat=True),
        *Centre.objects.values_list("place", flat=True),
    }
    return Around(
        district=here.code,
        classes=classes,
        units=[KnownUnit(u.id, u.code, u.name_zh, u.name_en, u.reach) for u in units],
        places=frozenset(places),
        today=today(here),
    )
