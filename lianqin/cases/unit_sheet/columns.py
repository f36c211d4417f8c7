"""Which column of a unit's sheet is which, and what an office writes into it. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from lianqin.accounts.refusals import Refusal
from lianqin.cases.tickets.cells import Wrong, instant, shown, text
from lianqin.cases.tickets.columns import Body, bare, below
from lianqin.cases.tickets.sheet import HEADING_WITHIN, Cell, Row, Sheet

#: Columns in the order of the sheet: our name, heading in Chinese and English, width, and whether
#: the unit fills it in.
COLUMNS: tuple[tuple[str, str, str, int, bool], ...] = (
    ("number", "案号", "Case number", 22, False),
    ("stage", "状态", "Stage", 10, False),
    ("class", "类别", "Class", 16, False),
    ("address", "地址", "Address", 26, False),
    ("description", "问题描述", "Description", 34, False),
    ("dispatched", "派遣时间", "Dispatched", 16, False),
    ("due", "到期时间", "Due", 16, False),
    ("why", "退回原因", "Came back because", 24, False),
    ("may", "可办事项", "What may be done", 22, False),
    ("act", "办理", "Act", 12, True),
    ("said", "说明或理由", "Words or reason", 34, True),
    ("reply", "答复内容", "Reply to the citizen", 28, True),
    ("photos", "照片文件名", "Photo files", 22, True),
    ("line", "权责单位", "Whose work it is", 22, True),
    ("at", "办理时间", "Done at", 16, True),
    ("mark", "任务标记", "Task mark", 12, False),
)
#: The acts of the sheet, the first word being the one it offers.
ACTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "accept": (("签收", "接单"), ("accept",)),
    "report_back": (("办理反馈", "反馈", "办结"), ("report back", "done")),
    "send_back": (("回退", "退回"), ("send back",)),
    "ask_extension": (("申请延期", "延期"), ("ask for more time", "extension")),
}
#: The field of the act that the column of words fills.
SAID = {"report_back": "note", "send_back": "reason", "ask_extension": "reason"}

_NAMES = {bare(word): name for name, zh, en, _, _ in COLUMNS for word in (zh, en, name)}
_ACTS = {
    bare(word): act for act, (zh, en) in ACTS.items() for word in (*zh, *en, act.replace("_", " "))
}
_MARK = re.compile(r"([0-9a-f]{32})\.(\d{1,9})")


@dataclass(frozen=True)
class Filled:
    """One row that asks for an act, read and not yet checked against the case.

    `version` is the case's when the sheet was taken out; `photos` are names of files.
    """

    row: int
    number: str
    task_id: UUID
    version: int
    act: str
    said: str = ""
    reply: str = ""
    photos: tuple[str, ...] = ()
    line: str = ""
    at: datetime | None = None

    @property
    def digest(self) -> str:
        """What the row says, in one word: the same row again is the same intent."""
        at = self.at.isoformat() if self.at else ""
        parts = (self.act, self.said, self.reply, *self.photos, self.line, at)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def mark(task_id: UUID, version: int) -> str:
    """What ties a row to its task, and to the state of the case that the office saw."""
    return f"{task_id.hex}.{version}"


def body_of(sheet: Sheet) -> Body:
    """Find the heading among the first rows; Refusal when it is not a sheet of this kind."""
    for index, (_, row) in enumerate(sheet.rows[:HEADING_WITHIN]):
        named = [_NAMES.get(bare(cell.value)) for cell in row]
        if {"mark", "act"} <= set(named):
            return below(sheet, index, named)
    raise Refusal("unit_sheet_heading_missing", field="file")


def read(body: Body, number: int, row: Row, zone: ZoneInfo) -> Filled | None:
    """The row as an act; None where nothing was filled in. Raises Wrong for a cell that cannot
    be used."""

    def at(name: str) -> Cell:
        index = body.at.get(name)
        there = index is not None and index < len(row)
        return row[index] if there and index is not None else Cell("", None)

    said = text("said", at("said"), 2000)
    reply = text("reply", at("reply"), 2000)
    photos = _photos(text("photos", at("photos"), 500))
    line = text("line", at("line"), 120)
    act = _act(at("act"), filled=bool(said or reply or photos or line))
    if not act:
        return None
    if act == "accept" and (said or reply or photos or line):
        raise Wrong(
            "said",
            "accept_says_nothing",
            "签收不附说明和照片,请改选办理事项或清空这些格",
            "an accepted task carries no words and no photos; choose another act or clear them",
        )
    task_id, version = _mark(at("mark"))
    return Filled(
        row=number,
        number=text("number", at("number"), 60),
        task_id=task_id,
        version=version,
        act=act,
        said=said,
        reply=reply,
        photos=photos,
        line=line,
        at=instant("at", at("at"), zone),
    )


def _act(cell: Cell, *, filled: bool) -> str:
    said = bare(text("act", cell, 60))
    if said in _ACTS:
        return _ACTS[said]
    zh, en = "、".join(a[0][0] for a in ACTS.values()), ", ".join(a[1][0] for a in ACTS.values())
    if said:
        raise Wrong(
            "act", "sheet_act_unknown", f"“{shown(cell)}”应为:{zh}", f"should be one of: {en}"
        )
    if filled:
        raise Wrong(
            "act", "sheet_act_missing", f"填了内容却没有选办理事项:{zh}", f"no act is chosen: {en}"
        )
    return ""


def _mark(cell: Cell) -> tuple[UUID, int]:
    found = _MARK.fullmatch(text("mark", cell, 60).lower())
    if found is None:
        raise Wrong(
            "mark",
            "sheet_mark_unusable",
            "任务标记缺失或被改动,请重新导出后在新表里填写",
            "the task mark is missing or was changed; take the sheet out again and fill that in",
        )
    return UUID(found[1]), int(found[2])


def _photos(said: str) -> tuple[str, ...]:
    names = (name.strip() for name in re.split(r"[;;,,、\n]+", said))
    return tuple(dict.fromkeys(name for name in names if name))
