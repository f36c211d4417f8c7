"""`lianqin import standards` and `import duty`: dated rows, each new version closing the old one.

The plan made for a dry run is the plan that is carried out; see `lianqin.catalogue.versions`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from lianqin.accounts.runner import Done
from lianqin.catalogue.actions import import_duty_list, import_standards
from lianqin.catalogue.queries import class_ids
from lianqin.catalogue.rules import Succession
from lianqin.catalogue.versions import DUTY_LIST, STANDARDS, Dated, NewVersion, plan
from lianqin.force.models import Agency, Centre
from lianqin.territory.models import Area, District

from . import import_duty as duty
from . import import_standards as standards
from .import_files import LeftOut, Text, read_table, read_text
from .importing import ORIGIN, Report, database_in_words, district_here, run_import
from .words import tr

Import = Callable[..., Done]


def import_standards_file(file: Path, *, dry_run: bool) -> dict[str, Any]:
    """Bring standards in from a CSV file; returns and raises as `import_catalogue_file`."""
    source = read_text(file)
    table = read_table(source)
    with database_in_words():
        here = district_here()
        found = standards.read_standards(table, class_ids(), _today(here))
        known = {*standards.NEEDED, *standards.MAY_HAVE, *standards.OTHER_NAMES}
        report = Report(source, len(table.rows), 0, found.left, dry_run)
        report.ignored = [name for name in table.columns if name not in known]
        _carry_out(report, here, found, STANDARDS, ("standards", import_standards))
    return report.as_dict()


def import_duty_file(file: Path, *, dry_run: bool) -> dict[str, Any]:
    """Bring a duty list in from a CSV file; returns and raises as `import_catalogue_file`."""
    source = read_text(file)
    table = read_table(source)
    with database_in_words():
        here = district_here()
        found = duty.read_duty_list(table, _around(here))
        known = {*duty.NEEDED, *duty.MAY_HAVE}
        report = Report(source, len(table.rows), 0, found.left, dry_run)
        report.ignored = [name for name in table.columns if name not in known]
        _carry_out(report, here, found, DUTY_LIST, ("duty_list", import_duty_list))
    return report.as_dict()


def _carry_out(
    report: Report,
    here: District,
    found: standards.Numbered,
    table: Dated,
    how: tuple[str, Import],
) -> None:
    """Plan, tell what cannot follow, and write the rest unless this is a dry run."""
    what, action = how
    asked = plan(table, [row for _, row in found.rows], _today(here))
    for (number, row), step in zip(found.rows, asked.steps, strict=True):
        if (fault := _cannot_follow(number, row, step)) is not None:
            report.left.append(fault)
    report.left.sort(key=lambda one: one.row)
    report.changes = asked.changes
    if not asked.changes or report.dry_run:
        return
    rows: list[NewVersion] = [
        row for (_, row), step in zip(found.rows, asked.steps, strict=True) if step.changes
    ]
    source: Text = report.source
    done = run_import(
        what,
        here.code,
        source,
        lambda command: action(command, here.code, rows, ORIGIN, source.sha256),
    )
    report.written = done.answer["counts"][what]
    report.position = done.answer["position"]


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


def _today(here: District) -> date:
    return timezone.now().astimezone(here.tz).date()


def _around(here: District) -> duty.Around:
    units = Agency.objects.filter(takes_cases=True).order_by("code")
    places = {
        *Area.objects.exclude(place="").values_list("place", flat=True),
        *Centre.objects.values_list("place", flat=True),
    }
    return duty.Around(
        district=here.code,
        classes=class_ids(),
        units=[duty.KnownUnit(u.id, u.code, u.name_zh, u.reach) for u in units],
        places=frozenset(places),
        today=_today(here),
    )
