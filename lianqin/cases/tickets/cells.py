"""What one cell of a ticket means, or what is wrong with it and what would be right. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .sheet import Cell

#: A spreadsheet's number keeps fifteen digits; of a longer id the rest has been lost.
_EXACT = 10**15
_YEARS = range(2000, 2101)
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[::时]\s*(\d{1,2})\s*(?:分|[::]\s*(\d{1,2})(?:\.\d+)?)?\s*秒?)?"
)
_DATUMS = {
    "wgs84": "wgs84", "cgcs2000": "wgs84", "国家2000": "wgs84", "2000坐标": "wgs84",
    "gcj02": "gcj02", "高德": "gcj02", "腾讯": "gcj02", "火星": "gcj02",
    "bd09": "bd09", "百度": "bd09",
}  # fmt: skip
_KINDS = {"event": "event", "part": "part", "事件": "event", "部件": "part"}


class Wrong(Exception):
    """One cell cannot be used: a code, what is wrong and what would be right, in zh and en."""

    def __init__(self, name: str, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.name = name
        self.code = code
        self.zh = zh
        self.en = en


def shown(cell: Cell) -> str:
    """The content as a message may quote it: short."""
    text = str(cell.value if cell.value is not None else "")
    return text if len(text) <= 30 else text[:29] + "…"


def identifier(name: str, cell: Cell, longest: int) -> str:
    """An id as text: leading zeros stay, 12345.0 is 12345. '' for a blank cell."""
    value = cell.value
    if isinstance(value, date | datetime):
        raise Wrong(
            name,
            "id_became_a_date",
            "编号被表格变成了日期,请将该格设为文本后重填",
            "the spreadsheet made a date of the number; format the cell as text and enter it again",
        )
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            raise Wrong(
                name,
                "id_lost_digits",
                "编号超过 15 位却存成了数值,末尾数字已丢失,请将该格设为文本后重填",
                "an id of more than 15 digits was kept as a number and has lost its last ones; "
                "format the cell as text and enter it again",
            )
        whole = float(value).is_integer()
        return str(int(value)) if whole else str(value)
    return line(name, cell, longest)


def line(name: str, cell: Cell, longest: int) -> str:
    """A text on one line, '' for a blank cell."""
    return " ".join(text(name, cell, longest).split())


def text(name: str, cell: Cell, longest: int) -> str:
    """A text, '' for a blank cell. Numbers and dates are written out."""
    if cell.broken:
        raise Wrong(
            name,
            "cell_broken",
            "单元格是公式错误,请填写实际内容",
            "the cell holds a formula's error; enter what it should say",
        )
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = "" if value is None else str(value).strip()
    if len(said) > longest:
        raise Wrong(
            name,
            "text_too_long",
            f"有 {len(said)} 个字,最多 {longest} 个字",
            f"has {len(said)} characters; at most {longest} fit",
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in said):
        raise Wrong(
            name,
            "text_unusable",
            "含有不可见或无效的字符,请删去",
            "holds characters that cannot be shown; take them out",
        )
    return said


def kind(cell: Cell) -> str:
    """`event` or `part`; '' for a blank cell."""
    said = str(cell.value or "").strip().lower()
    if not said:
        return ""
    if said in _KINDS:
        return _KINDS[said]
    raise Wrong(
        "kind",
        "kind_unknown",
        f"“{shown(cell)}”应为 事件 或 部件",
        f"'{shown(cell)}' should be event (事件) or part (部件)",
    )


def datum(cell: Cell, default: str) -> str:
    """The datum's code; what the whole file is in for a blank cell."""
    said = re.sub(r"[\s\-_坐标系]", "", str(cell.value or "")).lower()
    if not said:
        return default
    if said in _DATUMS:
        return _DATUMS[said]
    raise Wrong(
        "datum",
        "datum_unknown",
        f"“{shown(cell)}”应为 WGS-84(CGCS2000)、GCJ-02 或 BD-09",
        f"'{shown(cell)}' should be WGS-84 (CGCS2000), GCJ-02 or BD-09",
    )


def degrees(name: str, cell: Cell, most: int) -> float | None:
    """A longitude or latitude in degrees; None for a blank cell."""
    value = cell.value
    if value is None and not cell.broken:
        return None
    try:
        found = float(str(value).strip().rstrip("°"))
    except ValueError:
        found = float("nan")
    if -most <= found <= most:
        return found
    example = "116.4074" if name == "lon" else "39.9042"
    raise Wrong(
        name,
        "degrees_needed",
        f"“{shown(cell)}”应为 -{most} 至 {most} 之间的度数,例如 {example}",
        f"'{shown(cell)}' should be degrees between -{most} and {most}, such as {example}",
    )


def instant(name: str, cell: Cell, zone: ZoneInfo, *, whole_day: bool = False) -> datetime | None:
    """A date and time on the district's clock (or with an offset of its own); None for blank.

    With `whole_day` a date alone means the end of that day; else it is wrong.
    """
    if cell.value is None and not cell.broken:
        return None
    read = _written(cell.value)
    if isinstance(read, datetime):
        local = read if read.tzinfo else read.replace(tzinfo=zone)
        if local.year in _YEARS:
            return local
    elif read is not None and read.year in _YEARS:
        if whole_day:
            return datetime.combine(read + timedelta(days=1), time(), zone)
        raise Wrong(
            name,
            "time_of_day_missing",
            f"“{read}”缺少时刻,例如 {read} 08:05",
            f"'{read}' lacks the time of day, such as {read} 08:05",
        )
    raise Wrong(
        name,
        "time_unreadable",
        f"“{shown(cell)}”应为 2000 至 2100 年间的日期和时间,例如 2026-11-23 08:05",
        f"'{shown(cell)}' should be a date and time between 2000 and 2100, "
        "such as 2026-11-23 08:05",
    )


def _written(value: object) -> datetime | date | None:
    """A date or an instant as cells hold it and people write it; None if it is neither."""
    if isinstance(value, datetime | date):
        return value
    if not isinstance(value, str):
        return None
    try:
        whole = datetime.fromisoformat(value)
        if whole.tzinfo:
            return whole
    except ValueError:
        pass
    found = _DATE.fullmatch(value.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001
    except ValueError:
        return None
