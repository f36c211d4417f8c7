"""The sheet of a unit's tasks over HTTP: out to fill in, and in again with a word for each row."""

from __future__ import annotations

import json
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from lianqin.accounts.http import command, now, only, principal
from lianqin.accounts.refusals import Refusal
from lianqin.cases.shown import Names
from lianqin.cases.tickets.sheet import MAX_BYTES, SheetTooLarge
from lianqin.cases.unit_sheet.taking import take_sheet
from lianqin.cases.unit_sheet.writing import workbook

from .unit_sheet_words import in_words

router = Router(tags=["unit"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Names of photos that may come with one sheet.
MOST_PHOTOS = 500


class SheetRow(Schema):
    """What became of one filled row. `would`: a dry run finds nothing wrong with it."""

    row: int
    number: str
    act: str
    outcome: Literal["done", "already", "would", "conflict", "refused", "wrong"]
    code: str
    field: str
    reason: Names | None


class SheetTaken(Schema):
    """What a sheet did, or with `dry_run` would do; `blank` rows ask for nothing."""

    sha256: str
    dry_run: bool
    rows: int
    blank: int
    done: int
    already: int
    would: int
    conflict: int
    refused: int
    wrong: int
    results: list[SheetRow]


@router.get("/unit/tasks.xlsx", include_in_schema=False)
def get_sheet(request: HttpRequest) -> HttpResponse:
    """The open tasks of the reader's units as a spreadsheet to fill in."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    answer = HttpResponse(workbook(principal(request), now(), language), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="unit-tasks.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.post("/unit/sheet", response={201: SheetTaken})
def post_sheet(
    request: HttpRequest,
    response: HttpResponse,
    file: File[UploadedFile],
    photos: Form[str] = "{}",
    dry_run: Form[bool] = False,
) -> Any:
    """Take a filled sheet in (XLSX or CSV): every filled row is an act of its own and is answered
    by row. `photos` is a JSON object: the name that the sheet gives a picture, and the id under
    which it was uploaded. The same sheet again does nothing twice."""
    only(request, "file", "photos", "dry_run")
    if file.size is not None and file.size > MAX_BYTES:
        raise SheetTooLarge(field="file", max_bytes=MAX_BYTES)
    content = file.read()
    names = _photos(photos)
    made = command(request, "import_unit_sheet", content=f"{dry_run} {photos} ".encode() + content)
    done = take_sheet(made, content, photos=names, dry_run=dry_run)
    if done.replayed:
        response["Idempotent-Replay"] = "true"
    return Status(201, in_words(done.answer))


def _photos(text: str) -> dict[str, UUID]:
    try:
        found = json.loads(text)
        if not isinstance(found, dict) or len(found) > MOST_PHOTOS:
            raise ValueError
        return {str(name): UUID(str(id)) for name, id in found.items()}
    except (ValueError, RecursionError) as error:
        raise Refusal("sheet_photos_unusable", field="photos", max_length=MOST_PHOTOS) from error
