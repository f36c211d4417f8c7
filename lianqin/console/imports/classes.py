"""The rows of a file of case classes: checked one by one, the good ones as the catalogue keeps
them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lianqin.console.words import tr

from .cells import Fault, by_column, class_code, kind, limit, names
from .columns import Known
from .progress import shown
from .running import Part


def read_classes(known: Known, part: Part) -> list[dict[str, Any]]:
    """Rows for the catalogue.

    Columns that the file does not have are not in the rows, so that what the install already knows
    stays; an empty cell in a column that it has means empty.
    """
    good: list[dict[str, Any]] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in shown(known.rows(), tr("案件类别", "classes"), known.table.about):
        part.read += 1
        try:
            row = _row(by_column(known, cells))
            key = (row["kind"], row["code"])
            if key in seen:
                raise Fault(
                    "code",
                    tr(
                        f"与第 {seen[key]} 行重复,每个类别只留一行",
                        f"the same class as row {seen[key]}; keep one row of each class",
                    ),
                )
            seen[key] = number
            good.append(row)
        except Fault as fault:
            part.leave_out(number, fault.field, fault.reason)
    return good


def _row(found: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": kind(found["kind"]),
        "code": class_code(found["code"]),
        **names(found, "name", 60, 120),
        **names(found, "group", 60, 120, needed=False),
    }
    if "limit_value" in found or "limit_unit" in found:
        row |= _limit(found.get("limit_value", ""), found.get("limit_unit", ""))
    return row


def _limit(value: str, unit: str) -> dict[str, Any]:
    """A class may be without a limit; one that a district brings is its own, no sample."""
    if not value and not unit:
        return {"limit_value": None, "limit_unit": "", "sample": False}
    return {**limit(value, unit), "sample": False}
