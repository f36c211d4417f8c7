"""Cells, read one by one: what they mean, or what is wrong with them and what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from lianqin.console.words import tr
from lianqin.worktime import Unit

from .columns import Known
from .files import text_fault

_KINDS = {"event": "event", "part": "part", "事件": "event", "部件": "part"}
_CODE = re.compile(r"[0-9]{4,6}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_UNITS = {unit.zh: unit for unit in Unit}
_PLACE = re.compile(r"[0-9A-Za-z_.-]+(/[0-9A-Za-z_.-]+)*")
_YES, _NO = {"yes", "y", "true", "1", "是"}, {"no", "n", "false", "0", "否", ""}
#: Years that a version may begin or end in; others are slips of the pen.
_YEARS = range(2000, 2101)


class Fault(Exception):
    """One field of one row cannot be used."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def by_column(known: Known, cells: list[str]) -> dict[str, str]:
    """The cells of a row by the names of their columns. Raises Fault when their number differs."""
    columns = known.table.columns
    if len(cells) != len(columns):
        raise Fault(
            "",
            tr(
                f"有 {len(cells)} 格,表头有 {len(columns)} 列;含逗号的内容须加引号",
                f"{len(cells)} cells under {len(columns)} columns; "
                "a cell that holds a comma stands in quotes",
            ),
        )
    return {name: cells[at] for name, at in known.at.items()}


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


def names(
    found: Mapping[str, str], name: str, zh_longest: int, en_longest: int, *, needed: bool = True
) -> dict[str, str]:
    """`<name>_zh` and `<name>_en`. What is said in one language alone is said in both."""
    in_zh, in_en = f"{name}_zh", f"{name}_en"
    zh = text(in_zh, found.get(in_zh, ""), zh_longest)
    en = text(in_en, found.get(in_en, ""), en_longest)
    if not zh and en:
        zh = text(in_en, en, zh_longest)
    if needed and not zh:
        text(in_zh, zh, zh_longest, needed=True)
    said = {in_zh: zh} if in_zh in found or en else {}
    return said | ({in_en: en} if in_en in found else {})


def one_of(name: str, value: str, known: Mapping[str, str]) -> str:
    """A word of a list, given as itself or by its Chinese name (`known`: word to Chinese)."""
    by_word = {word.lower(): word for word in known} | {zh: word for word, zh in known.items()}
    found = by_word.get(value.lower())
    if found is None:
        both = "、".join(f"{word}({zh})" for word, zh in known.items())
        words = ", ".join(known)
        raise Fault(name, tr(f"“{value}”应为 {both} 之一", f"'{value}' should be one of {words}"))
    return found


def yes(name: str, value: str) -> bool:
    """Yes or no; an empty cell is no."""
    if value.lower() in _YES | _NO:
        return value.lower() in _YES
    raise Fault(name, tr(f"“{value}”应为 是 或 否", f"'{value}' should be yes or no"))


def whole(name: str, value: str, least: int, most: int) -> int:
    """A whole number within bounds."""
    if not _NUMBER.fullmatch(value) or not least <= int(value) <= most:
        raise Fault(
            name,
            tr(
                f"“{value}”应为 {least} 至 {most} 的整数",
                f"'{value}' should be a whole number from {least} to {most}",
            ),
        )
    return int(value)


def degrees(name: str, value: str, most: int) -> float:
    """A longitude or latitude."""
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if -most <= found <= most:
        return found
    raise Fault(
        name,
        tr(
            f"“{value}”应为 -{most} 至 {most} 之间的度数",
            f"'{value}' should be degrees between -{most} and {most}",
        ),
    )


def identifier(name: str, value: str, longest: int) -> str:
    """A code that others refer to: no blanks, not empty."""
    value = text(name, value, longest, needed=True)
    if " " in value:
        raise Fault(name, tr(f"“{value}”不能含空格", f"'{value}' should not have a blank in it"))
    return value


def place_path(name: str, value: str, district: str) -> str:
    """A place path within the district, of which nobody needs to know yet."""
    inside = value == district or value.startswith(district + "/")
    if inside and _PLACE.fullmatch(value) and len(value) <= 120:
        return value
    raise Fault(
        name,
        tr(
            f"“{value}”应以 {district} 开头,各级以 / 分隔,最多 120 个字",
            f"'{value}' should begin with {district}, levels parted by /, at most 120 characters",
        ),
    )


def near(value: str, known: Collection[str]) -> tuple[str, str]:
    """What may have been meant, as the end of a sentence in zh and en; both '' if nothing is."""
    found = difflib.get_close_matches(value, sorted(known), n=3)
    if not found:
        return "", ""
    return f",相近的有 {'、'.join(found)}", f"; near it are {', '.join(found)}"


def known_place(name: str, value: str, district: str, known: Collection[str]) -> str:
    """The path of a place that the install has; the whole district for an empty cell."""
    if not value or value == district:
        return district
    if value in known:
        return value
    zh, en = near(value, known)
    raise Fault(
        name,
        tr(
            f"本区没有“{value}”,应为街道或指挥中心的路径,如 {district}/…{zh}",
            f"there is no '{value}' here; it should be the path of a subdistrict or centre, "
            f"such as {district}/…{en}",
        ),
    )


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
    return span(found, "valid_from", "valid_until", today)


def span(
    found: Mapping[str, str], first: str, last: str, default: date
) -> tuple[date, date | None]:
    """A stretch of days from two columns: its first day (`default` if empty), and the first day
    after its last one (None if empty)."""
    start = day(first, found.get(first, "")) or default
    until = day(last, found.get(last, ""))
    if until is not None and until < start:
        raise Fault(
            last,
            tr(
                f"早于开始日 {start},应不早于它",
                f"is before {start}, the first day; name a later one",
            ),
        )
    return start, until + timedelta(days=1) if until else None
