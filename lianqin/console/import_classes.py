"""The rows of a file of case classes: checked one by one, the good ones as the catalogue keeps
them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lianqin.worktime import Unit

from .import_files import LeftOut, Table, text_fault
from .words import Refusal, tr

#: Longest text of each column; what is not here is not text.
LENGTHS = {"name_zh": 60, "name_en": 120, "group_zh": 60, "group_en": 120}
#: Column names of other files that mean the same.
OTHER_NAMES = {"subclass_name": "name_zh", "class_name": "group_zh"}
KNOWN = {"kind", "code", *LENGTHS, "limit_value", "limit_unit"}
_KINDS = {"event": "event", "part": "part", "事件": "event", "部件": "part"}
_CODE = re.compile(r"[0-9]{4,6}")
_NUMBER = re.compile(r"[0-9]{1,6}")


class _Fault(Exception):
    """One field of one row cannot be used."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def columns_of(table: Table) -> dict[str, int]:
    """Where each known column stands. Raises Refusal for missing ones; others are passed over."""
    named = {OTHER_NAMES.get(name, name): at for at, name in enumerate(table.columns)}
    for own in table.columns:  # a file with both names means its own
        named[own] = table.columns.index(own)
    missing = [name for name in ("kind", "code", "name_zh") if name not in named]
    if missing:
        raise Refusal(
            tr(
                f"缺少列:{'、'.join(missing)}。需要 kind、code、name_zh,"
                "可有 name_en、group_zh、group_en、limit_value、limit_unit。",
                f"Missing columns: {', '.join(missing)}. Needed: kind, code, name_zh; "
                "may have: name_en, group_zh, group_en, limit_value, limit_unit.",
            )
        )
    return {name: at for name, at in named.items() if name in KNOWN}


def read_classes(table: Table) -> tuple[list[dict[str, Any]], list[LeftOut]]:
    """Rows for the catalogue, and those left out with their reasons.

    Columns that the file does not have are not in the rows, so that what the install already knows
    stays; an empty cell in a column that it has means empty.
    """
    columns = columns_of(table)
    good: list[dict[str, Any]] = []
    left: list[LeftOut] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in table.rows:
        try:
            row = _row(table, columns, cells)
            key = (row["kind"], row["code"])
            if key in seen:
                raise _Fault(
                    "code",
                    tr(f"与第 {seen[key]} 行重复", f"the same class as row {seen[key]}"),
                )
            seen[key] = number
            good.append(row)
        except _Fault as fault:
            left.append(LeftOut(number, fault.field, fault.reason))
    return good, left


def _row(table: Table, columns: Mapping[str, int], cells: list[str]) -> dict[str, Any]:
    if len(cells) != len(table.columns):
        raise _Fault(
            "",
            tr(
                f"有 {len(cells)} 格,表头有 {len(table.columns)} 列",
                f"{len(cells)} cells under {len(table.columns)} columns",
            ),
        )
    found = {name: cells[at] for name, at in columns.items()}
    row: dict[str, Any] = {"kind": _kind(found["kind"]), "code": _class_code(found["code"])}
    for name, longest in LENGTHS.items():
        if name in found:
            row[name] = _text(name, found[name], longest)
    if not row["name_zh"]:
        raise _Fault("name_zh", tr("名称为空", "the name is empty"))
    if "limit_value" in found or "limit_unit" in found:
        row |= _limit(found.get("limit_value", ""), found.get("limit_unit", ""))
    return row


def _kind(value: str) -> str:
    kind = _KINDS.get(value.lower())
    if kind is None:
        raise _Fault(
            "kind",
            tr(f"“{value}”应为 event 或 part", f"'{value}' should be event or part"),
        )
    return kind


def _class_code(value: str) -> str:
    if _CODE.fullmatch(value):
        return value
    # What a spreadsheet makes of 0406.
    hint = value.isascii() and value.isdigit()
    raise _Fault(
        "code",
        tr(
            f"“{value}”应为 4 至 6 位数字" + (",是否丢失了开头的 0?" if hint else ""),
            f"'{value}' should be 4 to 6 digits" + ("; was a leading 0 lost?" if hint else ""),
        ),
    )


def _text(name: str, value: str, longest: int) -> str:
    value = " ".join(value.split())
    fault = text_fault(value, longest)
    if fault:
        raise _Fault(name, fault)
    return value


def _limit(value: str, unit: str) -> dict[str, Any]:
    if not value and not unit:
        return {"limit_value": None, "limit_unit": "", "sample": False}
    if not _NUMBER.fullmatch(value) or int(value) == 0:
        raise _Fault(
            "limit_value",
            tr(
                f"“{value}”应为 1 以上的整数",
                f"'{value}' should be a whole number from 1",
            ),
        )
    try:
        parsed = Unit.parse(unit)
    except ValueError:
        known = ", ".join(u.value for u in Unit)
        raise _Fault(
            "limit_unit", tr(f"“{unit}”应为 {known} 之一", f"'{unit}' should be one of {known}")
        ) from None
    # A limit that a district brings is its own, no longer a sample.
    return {"limit_value": int(value), "limit_unit": parsed.value, "sample": False}
