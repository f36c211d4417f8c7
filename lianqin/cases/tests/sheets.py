"""Ticket files as platforms send them, for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from lianqin.cases.tests.world import CENTRES, World

HEAD = (
    "任务号", "类型", "小类代码", "问题描述", "内部说明", "地址", "经度", "纬度", "坐标系",
    "社区/网格代码", "上报时间", "处置截止时间", "诉求人", "电话",
)  # fmt: skip
#: One hour before, and two days after, the moment at which tests stand (20:00 on 23 November).
REPORTED = datetime(2026, 11, 23, 19, 0)  # noqa: DTZ001
DEADLINE = datetime(2026, 11, 25, 18, 0)  # noqa: DTZ001


def xlsx(rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> bytes:
    """A workbook with a heading and rows; datetimes become dates of the spreadsheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        when = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for at, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(at, column, value, when)
                elif isinstance(value, int | float):
                    sheet.write_number(at, column, value)
                elif value is not None:
                    sheet.write_string(at, column, value)
    return out.getvalue()


def ticket(world: World, number: Any, **more: Any) -> list[Any]:
    """A good row; named columns say otherwise."""
    spot = world.spot(more.pop("centre", CENTRES[0]))
    row: dict[str, Any] = {
        "number": number, "kind": "事件", "code": "0406", "description": "三轮车占道卖水果",
        "note": None, "address": "解放路 12 号", "lon": spot.lon, "lat": spot.lat, "datum": None,
        "area": None, "reported_at": REPORTED, "deadline": DEADLINE, "name": "王小明",
        "phone": "13812345678",
    }  # fmt: skip
    return list((row | more).values())
