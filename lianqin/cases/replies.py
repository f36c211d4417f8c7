"""The reply sheet: what became of the tickets of a platform or the hotline, to hand back.

What goes out is for the sender and the citizen: the reply, never what was said among ourselves.
The one reason that stands here is the one given for not taking a ticket on.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter
from django.db.models import Count, Q

from lianqin.accounts.principal import Scope
from lianqin.accounts.refusals import Refusal
from lianqin.force.queries import name_of
from lianqin.journal.models import Entry
from lianqin.territory.queries import district

from .actions.report import TICKETS
from .lifecycle import STATE_WORDS, State
from .models import Case, Note, Report, StageClock, Task
from .queries import visible

#: Rows of one sheet; a longer stretch is asked for in parts.
MOST = 20_000
_CHUNK = 500
#: How many joins deep a ticket is followed to the case that was worked.
_DEEP = 5
#: Acts by which a ticket goes back unworked; their one text is the reason given for it.
_RETURNS = ("reject", "cancel")
_HEAD = {
    "zh": (
        "任务号", "本系统案号", "状态", "承办单位", "签收时间", "处置完成时间", "处置截止时间",
        "是否按时", "回复内容", "退回理由", "处置后照片数", "数据性质",
    ),
    "en": (
        "External number", "Our number", "State", "In the hands of", "Accepted", "Handled",
        "Deadline", "On time", "Reply", "Returned because", "Photos after", "Data",
    ),
}  # fmt: skip
_WIDTHS = (22, 22, 12, 22, 17, 17, 17, 9, 60, 40, 12, 10)
_YES = {"zh": ("是", "否", ""), "en": ("yes", "no", "")}
_DEMO = {"zh": "演示", "en": "demo"}
_TITLE = {"zh": "回复", "en": "Replies"}


@dataclass(frozen=True)
class Reply:
    """One ticket as its sender is told about it."""

    number: str
    ours: str
    state: State
    unit: dict[str, str] | None
    accepted_at: datetime | None
    handled_at: datetime | None
    deadline: datetime | None
    on_time: bool | None
    reply: str
    reason: str
    photos: int
    demo: bool


def replies(scope: Scope, source: str, first: date, last: date) -> list[Reply]:
    """Tickets of a source that came in on these duty dates (both included), oldest first.

    Raises Refusal for a source that sends no tickets, dates the wrong way round and more than
    20,000 rows. Thousands are read in a constant number of queries per five hundred.
    """
    if source not in TICKETS:
        raise Refusal("not_one_of", field="source", expected=", ".join(sorted(TICKETS)))
    if last < first:
        raise Refusal("dates_turned", field="to")
    rows = (
        Report.objects.filter(
            case__in=Case.objects.filter(visible(scope), duty_date__range=(first, last)),
            source=source,
            external_number__isnull=False,
        )
        .order_by("id")
        .values_list("external_number", "case_id", "origin")[: MOST + 1]
    )
    found = list(rows)
    if len(found) > MOST:
        raise Refusal("sheet_too_many_rows", field="from", max_rows=MOST)
    return [
        reply
        for start in range(0, len(found), _CHUNK)
        for reply in _told(scope, found[start : start + _CHUNK])
    ]


def _told(scope: Scope, rows: list[tuple[str | None, UUID, str]]) -> Iterator[Reply]:
    cases = _cases(scope, {case_id for _, case_id, _ in rows})
    worked = {case_id: _worked(cases, case_id) for _, case_id, _ in rows}
    ids = {case.id for case in worked.values()}
    tasks, late, photos = _tasks(ids), _late(ids), _photos(ids)
    reasons = _reasons(case_id for _, case_id, _ in rows if _returned(cases[case_id]))
    for number, case_id, origin in rows:
        own, case = cases[case_id], worked[case_id]
        task = tasks.get(case.id)
        hands = (task.crew or task.unit) if task else None
        handled = task.reported_back_at if task else None
        yield Reply(
            number=number or "",
            ours=own.number or "",
            state=State(own.state if own.state != State.JOINED else case.state),
            unit=name_of(hands) if hands else None,
            accepted_at=task.accepted_at if task else None,
            handled_at=handled,
            deadline=own.deadline,
            on_time=_on_time(own, handled, case.id in late),
            reply=own.reply_text or case.reply_text,
            reason=reasons.get(case_id, ""),
            photos=photos.get(case.id, 0),
            demo=origin != "live",
        )


def _cases(scope: Scope, ids: set[UUID]) -> dict[UUID, Case]:
    """The tickets' own cases, and those they were joined into as far as the reader may see them."""
    found: dict[UUID, Case] = {}
    wanted = set(ids)
    for _ in range(_DEEP):
        rows = Case.objects.filter(visible(scope), id__in=wanted).defer("search", "search_text")
        found |= {case.id: case for case in rows}
        wanted = {c.joined_into_id for c in found.values() if c.joined_into_id} - found.keys()
        if not wanted:
            break
    return found


def _worked(cases: dict[UUID, Case], case_id: UUID) -> Case:
    """The case in which a ticket was worked: its own, or the one it was joined into."""
    case = cases[case_id]
    for _ in range(_DEEP):
        if case.joined_into_id is None or case.joined_into_id not in cases:
            break
        case = cases[case.joined_into_id]
    return case


def _tasks(ids: set[UUID]) -> dict[UUID, Task]:
    """The last lead task of each case."""
    rows = Task.objects.filter(case_id__in=ids, lead=True).select_related("crew", "unit")
    return {task.case_id: task for task in rows.order_by("id")}


def _late(ids: set[UUID]) -> set[UUID]:
    """Cases whose handling ran over and was not exempted on appeal."""
    rows = StageClock.objects.filter(case_id__in=ids, stage="handle", late=True, exempt=False)
    return set(rows.values_list("case_id", flat=True))


def _photos(ids: set[UUID]) -> dict[UUID, int]:
    rows = Case.objects.filter(id__in=ids).annotate(
        n=Count("photos", filter=Q(photos__stage="after"))
    )
    return dict(rows.values_list("id", "n"))


def _returned(case: Case) -> bool:
    return case.state in (State.REJECTED, State.CANCELLED)


def _reasons(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Why tickets were not taken on: the words of the last act that returned them."""
    entries = Entry.objects.filter(subject_id__in=list(ids), act__in=_RETURNS)
    last = {e.subject_id: e.id for e in entries.order_by("position")}
    words = dict(
        Note.objects.filter(entry_id__in=list(last.values())).values_list("entry_id", "text")
    )
    return {case_id: words.get(entry, "") for case_id, entry in last.items()}


def _on_time(case: Case, handled: datetime | None, late: bool) -> bool | None:
    """Whether it was handled by the sender's deadline, else within its limit; None if it was not
    handled."""
    if handled is None:
        return None
    return handled <= case.deadline if case.deadline else not late


def workbook(found: list[Reply], language: str) -> bytes:
    """The reply sheet as XLSX: ids as text, a frozen heading, a row of totals."""
    out = io.BytesIO()
    zone = district().tz
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1}),
            "total": book.add_format({"bold": True, "top": 1}),
            "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "when": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
            "plain": book.add_format({"valign": "top"}),
        }
        sheet = book.add_worksheet(_TITLE[language])
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for at, (word, width) in enumerate(zip(_HEAD[language], _WIDTHS, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, word, formats["head"])
        for row, one in enumerate(found, start=1):
            _write(sheet, row, _values(one, language, zone), formats)
        _total(sheet, len(found) + 1, found, language, formats["total"])
    return out.getvalue()


def _values(one: Reply, language: str, zone: ZoneInfo) -> list[str | int | datetime | None]:
    yes, no, open_ = _YES[language]
    column = 0 if language == "zh" else 1
    return [
        one.number,
        one.ours,
        STATE_WORDS[one.state][column],
        one.unit[language] if one.unit else "",
        _local(one.accepted_at, zone),
        _local(one.handled_at, zone),
        _local(one.deadline, zone),
        open_ if one.on_time is None else (yes if one.on_time else no),
        one.reply,
        one.reason,
        one.photos,
        _DEMO[language] if one.demo else "",
    ]


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The district's wall clock, which is what a spreadsheet can hold."""
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0) if at else None


def _write(
    sheet: Any, row: int, values: list[str | int | datetime | None], formats: dict[str, Any]
) -> None:
    for at, value in enumerate(values):
        if isinstance(value, datetime):
            sheet.write_datetime(row, at, value, formats["when"])
        elif isinstance(value, int):
            sheet.write_number(row, at, value, formats["plain"])
        elif value:
            # As text whatever it looks like: no id loses a zero, no reply becomes a formula.
            sheet.write_string(row, at, value, formats["text"])


def _total(sheet: Any, row: int, found: list[Reply], language: str, bold: Any) -> None:
    handled = sum(one.handled_at is not None for one in found)
    on_time = sum(one.on_time is True for one in found)
    returned = sum(_is_returned(one) for one in found)
    words = {
        "zh": ("合计", f"共 {len(found)} 件", "", f"退回 {returned} 件", "", f"办结 {handled} 件"),
        "en": ("Total", f"{len(found)} tickets", "", f"{returned} returned", "",
               f"{handled} handled"),
    }[language]  # fmt: skip
    for at, word in enumerate(words):
        sheet.write_string(row, at, word, bold)
    sheet.write_number(row, 7, on_time, bold)
    sheet.write_number(row, 10, sum(one.photos for one in found), bold)
    demo = sum(one.demo for one in found)
    if demo:
        sheet.write_string(row, 11, f"{_DEMO[language]} {demo}", bold)


def _is_returned(one: Reply) -> bool:
    return one.state in (State.REJECTED, State.CANCELLED)
