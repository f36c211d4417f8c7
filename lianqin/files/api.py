"""Uploads over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from lianqin.accounts.http import command, only
from lianqin.accounts.refusals import Refusal

from .actions import upload
from .checks import MAX_BYTES

router = Router(tags=["files"])


class TooLarge(Refusal):
    """Refused before it is read."""

    code = "too_large"
    status = 413


class Stored(Schema):
    id: UUID
    sha256: str
    type: str
    width: int
    height: int
    taken_at: datetime | None


@router.post("/files", response={201: Stored})
def post_file(request: HttpRequest, response: HttpResponse, file: File[UploadedFile]) -> Any:
    """Keep one picture; an act names it by its id within a day, else it is swept."""
    only(request, "file")
    if file.size is not None and file.size > MAX_BYTES:
        raise TooLarge(field="file", bytes=file.size, max_bytes=MAX_BYTES)
    content = file.read()
    done = upload(command(request, "upload", content=content), content)
    if done.replayed:
        response["Idempotent-Replay"] = "true"
    return Status(201, done.answer)
