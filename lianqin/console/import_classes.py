"""The rows of a file of case classes: checked one by one, the good ones as the catalogue keeps
them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .import_cells import Fault, by_column, class_code, columns_of, kind, limit, text
from .import_files import LeftOut, Table
from .words import tr

#: Longest text of each column; what is not here is not text.
LENGTHS = {"name_zh": 60, "name_en": 120, "group_zh": 60, "group_en": 120}
NEEDED = ("kind", "code", "name_zh")
MAY_HAVE = ("name_en", "group_zh", "group_en", "limit_value", "limit_unit")
#: Column names of other files that mean the same.
OTHER_NAMES = {"subclass_name": "name_zh", "class_name": "group_zh"}


def read_classes(table: Table) -> tuple[list[dict[str, Any]], list[LeftOut]]:
    """Rows for the catalogue, and those left out with their reasons.

    Columns that the file does not have are not in the rows, so that what the install already knows
    stays; an empty cell in a column that it has means empty.
    """
    columns = columns_of(table, NEEDED, MAY_HAVE, OTHER_NAMES)
    good: list[dict[str, Any]] = []
    left: list[LeftOut] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in table.rows:
        try:
            row = _row(table, columns, cells)
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
            left.append(LeftOut(number, fault.field, fault.reason))
    return good, left


def _row(table: Table, columns: Mapping[str, int], cells: list[str]) -> dict[str, Any]:
    found = by_column(table, columns, cells)
    row: dict[str, Any] = {"kind": kind(found["kind"]), "code": class_code(found["code"])}
    for name, longest in LENGTHS.items():
        if name in found:
            row[name] = text(name, found[name], longest, needed=name == "name_zh")
    if "limit_value" in found or "limit_unit" in found:
        row |= _limit(found.get("limit_value", ""), found.get("limit_unit", ""))
    return row


def _limit(value: str, unit: str) -> dict[str, Any]:
    """A class may be without a limit; one that a district brings is its own, no sample."""
    if not value and not unit:
        return {"limit_value": None, "limit_unit": "", "sample": False}
    return {**limit(value, unit), "sample": False}
