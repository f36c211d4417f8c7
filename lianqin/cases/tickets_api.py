"""Tickets over HTTP: files of them in, the sheet of replies out. No logic."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from lianqin.accounts.http import command, only, principal

from . import replies
from .shown import Names
from .tickets.sheet import MAX_BYTES, SheetTooLarge
from .tickets.taking import take_tickets
from .tickets.template import template

router = Router(tags=["tickets"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of one request; each is a transaction of its own, and nobody waits for minutes at a screen.
MOST_ROWS = 2_000

TicketSource = Literal["city_platform", "hotline"]


class WrongCell(Schema):
    """A cell for which its row was left out: what is wrong, and what would be right."""

    cell: str
    row: int
    field: str
    code: str
    reason: Names


class Difference(Schema):
    """A known number of which the file says something else; nothing was changed."""

    cell: str
    row: int
    field: str
    number: str
    case_id: str
    case_number: str | None
    reason: Names


class TicketsTaken(Schema):
    """What a file did, or with `dry_run` would do. `opened` + `known` + `left_out` = `rows`."""

    source: str
    sha256: str
    dry_run: bool
    rows: int
    opened: int
    known: int
    left_out: int
    ignored_columns: list[str]
    errors: list[WrongCell]
    differs: list[Difference]
    more: int


@router.post("/tickets", response={201: TicketsTaken})
def post_tickets(
    request: HttpRequest,
    response: HttpResponse,
    file: File[UploadedFile],
    source: Form[TicketSource],
    dry_run: Form[bool] = False,
    datum: Form[Literal["wgs84", "gcj02", "bd09"]] = "wgs84",
) -> Any:
    """Take a file of tickets in (XLSX or CSV, 20 MB and 2,000 rows at most): every good row is a
    report, every other one is told by its cell. The same file again changes nothing."""
    only(request, "file", "source", "dry_run", "datum")
    if file.size is not None and file.size > MAX_BYTES:
        raise SheetTooLarge(field="file", max_bytes=MAX_BYTES)
    content = file.read()
    asked = f"{source} {datum} {dry_run} ".encode() + content
    done = take_tickets(
        command(request, "import_tickets", content=asked),
        source,
        content,
        dry_run=dry_run,
        datum=datum,
        most_rows=MOST_ROWS,
    )
    if done.replayed:
        response["Idempotent-Replay"] = "true"
    return Status(201, done.answer)


@router.get("/tickets/template.xlsx", include_in_schema=False)
def get_template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in, with an example and an explanation of its columns."""
    return _workbook(template(_language()), "tickets.xlsx")


@router.get("/tickets/replies.xlsx", include_in_schema=False)
def get_replies(
    request: HttpRequest,
    source: TicketSource,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> HttpResponse:
    """What became of the tickets that came in from `from` to `to` (duty dates, both included)."""
    found = replies.replies(principal(request).scope, source, first, last)
    name = f"replies-{source}-{first:%Y%m%d}-{last:%Y%m%d}.xlsx"
    return _workbook(replies.workbook(found, _language()), name)


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
