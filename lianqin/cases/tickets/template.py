"""The empty ticket sheet to fill in: headings, an example, what each column takes."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from .columns import COLUMNS

#: Rows below the heading whose cells are formatted as text, so that a typed 0406 stays one.
_PREPARED = 2000
_HELP = {
    "number": ("平台或热线的编号,必填;一个编号一行", "the platform's own id, needed; one row each"),
    "kind": ("事件 或 部件", "event or part"),
    "code": ("四位代码,例如 0406;可不填,由坐席选定", "four digits such as 0406; may be left to us"),
    "description": ("没有小类代码时必填", "needed where there is no class code"),
    "note": ("只在内部可见,不会回复给诉求人", "for us alone, never told to the citizen"),
    "datum": ("WGS-84、CGCS2000、GCJ-02 或 BD-09", "WGS-84, CGCS2000, GCJ-02 or BD-09"),
    "area": ("没有坐标时填写", "where there is no position"),
    "reported_at": ("本地时间", "local time"),
    "deadline": ("平台要求的截止时间;只写日期指当日结束", "a date alone means the end of that day"),
}


def template(language: str) -> bytes:
    """An XLSX workbook: the sheet to fill in, an example, and an explanation of the columns."""
    out = io.BytesIO()
    at = 0 if language == "zh" else 1
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "border": 1, "num_format": "@"}
        )
        text = book.add_format({"num_format": "@"})
        _to_fill(book.add_worksheet(("任务", "Tickets")[at]), at, head, text)
        _example(book.add_worksheet(("示例", "Example")[at]), at, head, text)
        _columns(book.add_worksheet(("填写说明", "Columns")[at]), at, head, text)
    return out.getvalue()


def _headings(at: int) -> list[str]:
    return [(column.zh, column.en)[at][0] for column in COLUMNS]


def _to_fill(sheet: Any, at: int, head: Any, text: Any) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(COLUMNS) - 1, 18, text)
    sheet.write_row(0, 0, _headings(at), head)
    kind = [column.name for column in COLUMNS].index("kind")
    choices = [["事件", "部件"], ["event", "part"]][at]
    sheet.data_validation(1, kind, _PREPARED, kind, {"validate": "list", "source": choices})


def _example(sheet: Any, at: int, head: Any, text: Any) -> None:
    sheet.set_column(0, len(COLUMNS) - 1, 18, text)
    sheet.write_row(0, 0, _headings(at), head)
    for column, one in enumerate(COLUMNS):
        sheet.write_string(1, column, one.example, text)


def _columns(sheet: Any, at: int, head: Any, text: Any) -> None:
    sheet.set_column(0, 2, 44, text)
    titles = [["列名", "可用的其他列名", "说明"], ["Column", "Other headings", "What it takes"]][at]
    sheet.write_row(0, 0, titles, head)
    for row, one in enumerate(COLUMNS, start=1):
        names = [*(one.zh, one.en)[at], *(one.en, one.zh)[at]]
        told = _HELP.get(one.name, ("", ""))[at]
        for column, said in enumerate([names[0], ", ".join(names[1:]), told]):
            sheet.write_string(row, column, said, text)
