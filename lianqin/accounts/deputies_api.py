"""Deputies over HTTP. No logic."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from .deputy_actions import Deputy, deputies, end_deputy, name_deputy
from .http import command, now, principal

router = Router(tags=["people"])


class DeputyShown(Schema):
    """`first` and `last` are days of the district, both included."""

    id: UUID
    user_id: UUID
    name: str
    place: str
    first: date
    last: date
    in_force: bool
    named_at: datetime


class DeputyCandidate(Schema):
    user_id: UUID
    name: str
    place: str
    roles: list[str]


class Deputies(Schema):
    """`may_name` is false for a commander who is but a deputy."""

    places: list[str]
    most_days: int
    may_name: bool
    items: list[DeputyShown]
    candidates: list[DeputyCandidate]


class DeputyIn(Schema):
    model_config = ConfigDict(extra="forbid")

    user_id: UUID
    place: str = Field(max_length=120)
    first: date
    last: date


class DeputyDone(Schema):
    id: UUID


@router.get("/deputies", response=Deputies)
def get_deputies(request: HttpRequest) -> Any:
    """Deputies of the commander's place now and to come, and who could be named."""
    return deputies(principal(request), timezone.localdate(now()))


@router.post("/deputies", response={201: DeputyDone})
def post_deputy(request: HttpRequest, response: HttpResponse, body: DeputyIn) -> Any:
    """Name a deputy: a post of commander at the own place for some days, which ends by itself."""
    wanted = Deputy(body.user_id, body.place, body.first, body.last)
    done = name_deputy(command(request, "name_deputy"), wanted, today=timezone.localdate(now()))
    if done.replayed:
        response["Idempotent-Replay"] = "true"
    return Status(201, done.answer)


@router.post("/deputies/{posting_id}/end", response=DeputyDone)
def post_end(request: HttpRequest, response: HttpResponse, posting_id: UUID) -> Any:
    """End a deputy's post at once."""
    done = end_deputy(command(request, "end_deputy"), posting_id, today=timezone.localdate(now()))
    if done.replayed:
        response["Idempotent-Replay"] = "true"
    return done.answer
