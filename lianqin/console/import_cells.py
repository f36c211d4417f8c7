"""Cells of the catalogue's files, read one by one: what they mean, or what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from lianqin.worktime import Unit

from .import_files import Table, text_fault
from .words import Refusal, tr

_KINDS = {"event": "event", "part": "part", "事件": "event", "部件": "part"}
_CODE = re.compile(r"[0-9]{4,6}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_UNITS = {unit.zh: unit for unit in Unit}
#: Years that a version may begin or end in; others are slips of the pen.
_YEARS = range(2000, 2101)


class Fault(Exception):
    """One field of one row cannot be used."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def columns_of(
    table: Table, needed: tuple[str, ...], may_have: tuple[str, ...], other_names: Mapping[str, str]
) -> dict[str, int]:
    """Where each known column stands. Raises Refusal for missing ones; others are passed over."""
    named = {other_names.get(name, name): at for at, name in enumerate(table.columns)}
    for own in table.columns:  # a file with both names means its own
        named[own] = table.columns.index(own)
    missing = [name for name in needed if name not in named]
    if missing:
        raise Refusal(
            tr(
                f"缺少列:{'、'.join(missing)}。"
                f"需要 {'、'.join(needed)},可有 {'、'.join(may_have)}。",
                f"Missing columns: {', '.join(missing)}. Needed: {', '.join(needed)}; "
                f"may have: {', '.join(may_have)}.",
            )
        )
    return {name: at for name, at in named.items() if name in (*needed, *may_have)}


def by_column(table: Table, columns: Mapping[str, int], cells: list[str]) -> dict[str, str]:
    """The cells of a row by the names of their columns. Raises Fault when their number differs."""
    if len(cells) != len(table.columns):
        raise Fault(
            "",
            tr(
                f"有 {len(cells)} 格,表头有 {len(table.columns)} 列;含逗号的内容须加引号",
                f"{len(cells)} cells under {len(table.columns)} columns; "
                "a cell that holds a comma stands in quotes",
            ),
        )
    return {name: cells[at] for name, at in columns.items()}


def kind(value: str) -> str:
    """`event` or `part`."""
    found = _KINDS.get(value.lower())
    if found is None:
        raise Fault(
            "kind",
            tr(
                f"“{value}”应为 event(事件)或 part(部件)",
                f"'{value}' should be event or part",
            ),
        )
    return found


def class_code(value: str) -> str:
    """The digits of a class."""
    if _CODE.fullmatch(value):
        return value
    # What a spreadsheet makes of 0406.
    hint = value.isascii() and value.isdigit()
    raise Fault(
        "code",
        tr(
            f"“{value}”应为 4 至 6 位数字" + (",是否丢失了开头的 0?" if hint else ""),
            f"'{value}' should be 4 to 6 digits" + ("; was a leading 0 lost?" if hint else ""),
        ),
    )


def text(name: str, value: str, longest: int, *, needed: bool = False) -> str:
    """A text with its blanks put in order."""
    value = " ".join(value.split())
    fault = text_fault(value, longest)
    if fault:
        raise Fault(name, fault)
    if needed and not value:
        raise Fault(
            name,
            tr(f"为空,应有 1 至 {longest} 个字", f"is empty; 1 to {longest} characters are needed"),
        )
    return value


def limit(value: str, unit: str) -> dict[str, Any]:
    """`limit_value` and `limit_unit`; a unit may be given by its Chinese name."""
    if not _NUMBER.fullmatch(value) or int(value) == 0:
        raise Fault(
            "limit_value",
            tr(
                f"“{value}”应为 1 以上的整数",
                f"'{value}' should be a whole number from 1",
            ),
        )
    try:
        parsed = _UNITS.get(unit) or Unit.parse(unit)
    except ValueError:
        known = ", ".join(f"{u.value}({u.zh})" for u in Unit)
        words = ", ".join(u.value for u in Unit)
        raise Fault(
            "limit_unit", tr(f"“{unit}”应为 {known} 之一", f"'{unit}' should be one of {words}")
        ) from None
    return {"limit_value": int(value), "limit_unit": parsed.value}


def day(name: str, value: str) -> date | None:
    """A date as people and spreadsheets write it; None for an empty cell."""
    if not value:
        return None
    found = _DATE.fullmatch(value)
    try:
        read = date(*map(int, found.groups())) if found else None
    except ValueError:
        read = None
    if read is None or read.year not in _YEARS:
        raise Fault(
            name,
            tr(
                f"“{value}”应为 2000 至 2100 年间的日期,例如 2026-01-31",
                f"'{value}' should be a date between 2000 and 2100, such as 2026-01-31",
            ),
        )
    return read


def dates(found: Mapping[str, str], today: date) -> tuple[date, date | None]:
    """From when a version holds (today unless said), and the first day on which it does not.

    `valid_until` is the *last* day in force, as documents say it.
    """
    start = day("valid_from", found.get("valid_from", "")) or today
    until = day("valid_until", found.get("valid_until", ""))
    if until is not None and until < start:
        raise Fault(
            "valid_until",
            tr(
                f"早于开始日 {start},应不早于它",
                f"is before {start}, the first day; name a later one",
            ),
        )
    return start, until + timedelta(days=1) if until else None
