"""Which column is which, by its Chinese or English heading, in any order. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lianqin.accounts.refusals import Refusal

from .sheet import HEADING_WITHIN, MAX_ROWS, Row, Sheet


@dataclass(frozen=True)
class Column:
    """A column of a ticket file: our name of it, its headings (the first is the template's in
    that language), and an example."""

    name: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    example: str = ""


COLUMNS: tuple[Column, ...] = (
    Column(
        "number",
        ("任务号", "任务编号", "工单编号", "工单号", "外部编号", "受理编号", "案件编号"),
        ("External number", "Ticket number", "Number"),
        "0032026112300017",
    ),
    Column("kind", ("类型", "案件类型", "事部件类型"), ("Kind", "Type"), "事件"),
    Column("code", ("小类代码", "小类编码", "类别代码"), ("Class code", "Code", "Class"), "0406"),
    Column(
        "description",
        ("问题描述", "诉求内容", "描述", "案件描述"),
        ("Description",),
        "三轮车占道卖水果",
    ),
    Column("note", ("内部说明", "内部备注", "备注"), ("Internal note", "Note"), "诉求人可下午联系"),
    Column("address", ("地址", "事发地址", "详细地址", "位置描述"), ("Address",), "解放路 12 号"),
    Column("lon", ("经度",), ("Longitude", "Lon", "Lng"), "116.4074"),
    Column("lat", ("纬度",), ("Latitude", "Lat"), "39.9042"),
    Column("datum", ("坐标系",), ("Datum", "Coordinate system"), "GCJ-02"),
    Column(
        "area",
        ("社区/网格代码", "社区代码", "社区编码", "网格代码", "网格编码", "单元网格编码"),
        ("Area code", "Community code", "Grid code"),
        "110101001001",
    ),
    Column(
        "reported_at",
        ("上报时间", "受理时间", "登记时间"),
        ("Reported at", "Reported"),
        "2026-11-23 08:05",
    ),
    Column(
        "deadline",
        ("处置截止时间", "截止时间", "处置时限", "办结时限"),
        ("Deadline", "Due"),
        "2026-11-25 18:00",
    ),
    Column("name", ("诉求人", "来电人", "反映人", "联系人"), ("Reporter", "Caller"), "王女士"),
    Column("phone", ("电话", "联系电话", "来电号码"), ("Phone", "Telephone"), "13800000000"),
)


def bare(text: object) -> str:
    """A heading as far as it matters: without blanks, marks and what stands in brackets."""
    without = re.sub(r"[(（\[【].*?[)）\]】]", "", str(text or ""))
    return re.sub(r"[\s_*:：/／\-]+", "", without).lower()


_NAMES = {bare(word): column.name for column in COLUMNS for word in (*column.zh, *column.en)}
# Our own names, as the API and this file have them.
_NAMES |= {bare(column.name): column.name for column in COLUMNS}


@dataclass(frozen=True)
class Body:
    """The rows below the heading, where each column stands, and the headings not used."""

    at: dict[str, int]
    rows: list[tuple[int, Row]]
    ignored: list[str]


def body_of(sheet: Sheet) -> Body:
    """Find the heading among the first rows.

    Raises Refusal when there is none with a number and something to say, and for a column that
    comes twice.
    """
    for index, (_, row) in enumerate(sheet.rows[:HEADING_WITHIN]):
        named = [_NAMES.get(bare(cell.value)) for cell in row]
        if "number" in named and {"description", "code"} & set(named):
            return below(sheet, index, named)
    raise Refusal("sheet_heading_missing", field="file")


def below(sheet: Sheet, index: int, named: list[str | None]) -> Body:
    """What stands below the heading in the row of that index; `named` are its columns by name.

    Raises Refusal for a column that comes twice and for too many rows.
    """
    twice = [name for name in dict.fromkeys(named) if name and named.count(name) > 1]
    heading = sheet.rows[index][1]
    if twice:
        cells = ", ".join(
            cell.address for cell, name in zip(heading, named, strict=True) if name == twice[0]
        )
        raise Refusal("sheet_heading_twice", field="file", cells=cells)
    rows = sheet.rows[index + 1 :]
    if len(rows) > MAX_ROWS:
        raise Refusal("sheet_too_many_rows", field="file", max_rows=MAX_ROWS)
    ignored = [
        str(cell.value)
        for cell, name in zip(heading, named, strict=True)
        if cell.value and not name
    ]
    return Body({name: at for at, name in enumerate(named) if name}, rows, ignored)
