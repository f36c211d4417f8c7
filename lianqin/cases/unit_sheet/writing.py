"""The sheet as an office takes it out: its tasks, and beside each the columns to fill in."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter

from lianqin.accounts.principal import Principal
from lianqin.cases.lifecycle import ACT_WORDS
from lianqin.cases.unit_tasks import unit_tasks
from lianqin.territory.queries import district

from .columns import ACTS, COLUMNS, mark

#: Where a task stands, as the page calls it.
STAGES = {
    "new": ("待签收", "To accept"),
    "in_hand": ("办理中", "In hand"),
    "returned": ("返工", "Sent back by the check"),
    "waiting": ("等待他方", "Waiting for others"),
}
_TITLE = ("办理表", "Tasks")
_HELP_TITLE = ("填写说明", "How to fill it in")
_HELP = (
    (
        "只填写浅色表头的列;没有填“办理”的行不作处理。",
        "Fill in the light columns alone; rows without an act are left as they are.",
    ),
    (
        "签收不附内容;办理反馈须有照片;回退和申请延期须写理由。",
        "Accepting carries nothing; reporting back needs a photo; sending back and asking for more "
        "time need a reason.",
    ),
    (
        "照片:写文件名,多张用分号隔开,导入时把这些照片一并选上。",
        "Photos: name the files, a semicolon between them, and choose the same files when you "
        "bring the sheet in.",
    ),
    (
        "回退须写权责单位(按权责清单该由谁办),名称与页面上的一致。",
        "Sending back names the unit whose work it is by the duty list, as the page calls it.",
    ),
    (
        "办理时间可不填;填写则按实际时间计,格式如 2026-11-23 14:30。",
        "Done at may stay blank; else it says when it really happened, such as 2026-11-23 14:30.",
    ),
    (
        "请勿改动“任务标记”。同一份表重复导入不会重复办理;案件已变化的行会逐行说明。",
        "Leave the task mark alone. The same sheet again does nothing twice; rows whose case has "
        "moved on are told one by one.",
    ),
)


def workbook(principal: Principal, now: datetime, language: str) -> bytes:
    """The open tasks of the reader's units as XLSX; `language` is zh or en."""
    at = 0 if language == "zh" else 1
    items, zone = unit_tasks(principal, now)["items"], district().tz
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(_TITLE[at])
        _head(sheet, at, formats)
        for row, item in enumerate(items, start=1):
            _write(sheet, row, _values(item, at, language, zone), formats)
        choices = [words[at][0] for words in ACTS.values()]
        column = [name for name, *_ in COLUMNS].index("act")
        last = max(len(items), 1)
        sheet.data_validation(1, column, last, column, {"validate": "list", "source": choices})
        _help(book.add_worksheet(_HELP_TITLE[at]), at, formats)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}
    return {
        "head": book.add_format({**head, "bg_color": "#E8EEF7"}),
        "fill": book.add_format({**head, "bg_color": "#FDF4E3"}),
        "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        "when": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
    }


def _head(sheet: Any, at: int, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, (name, zh, en, width, fill) in enumerate(COLUMNS):
        cells = formats["when"] if name == "at" else formats["text"]
        options = {"hidden": True} if name == "mark" else {}
        sheet.set_column(column, column, width, cells, options)
        sheet.write_string(0, column, (zh, en)[at], formats["fill" if fill else "head"])


def _values(item: dict[str, Any], at: int, language: str, zone: ZoneInfo) -> dict[str, Any]:
    case, task, back = item["case"], item["task"], item["returned"]
    offered = [act["act"] for act in item["acts"] if act["act"] in ACTS]
    due = item["clock"]["due_at"] if item["clock"] else None
    return {
        "number": case["number"] or "",
        "stage": STAGES[task["tab"]][at],
        "class": case["class_name"][language],
        "address": case["address"],
        "description": item["description"],
        "dispatched": _local(task["dispatched_at"], zone),
        "due": _local(due, zone),
        "why": f"{ACT_WORDS[back['act']][at]}:{back['reason']}" if back else "",
        "may": " / ".join(ACTS[act][at][0] for act in offered),
        "mark": mark(UUID(task["id"]), case["version"]),
    }


def _local(at: str | None, zone: ZoneInfo) -> datetime | None:
    """The district's wall clock, which is what a spreadsheet can hold."""
    if at is None:
        return None
    return datetime.fromisoformat(at).astimezone(zone).replace(tzinfo=None, microsecond=0)


def _write(sheet: Any, row: int, values: dict[str, Any], formats: dict[str, Any]) -> None:
    for column, (name, *_) in enumerate(COLUMNS):
        value = values.get(name)
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, formats["when"])
        elif value:
            # As text whatever it looks like: nothing that somebody reported becomes a formula.
            sheet.write_string(row, column, value, formats["text"])


def _help(sheet: Any, at: int, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 100, formats["text"])
    for row, words in enumerate(_HELP):
        sheet.write_string(row, 0, words[at], formats["text"])
