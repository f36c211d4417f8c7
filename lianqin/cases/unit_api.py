"""The list of a unit's tasks over HTTP. No logic."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from lianqin.accounts.http import now, principal
from lianqin.journal.queries import head

from . import unit_tasks
from .shown import ActOffered, CaseRow, Clock, Names, Photo

router = Router(tags=["unit"])


class Unit(Schema):
    id: UUID
    name: Names


class CameBack(Schema):
    """By which act a task that had been reported was given back, when and why."""

    act: str
    at: datetime
    reason: str


class UnitRequest(Schema):
    id: UUID
    kind: str
    state: str
    asked_at: datetime
    decided_at: datetime | None
    until: date | None
    reason: str


class UnitTask(Schema):
    id: UUID
    lead: bool
    state: str
    tab: Literal["new", "in_hand", "returned", "waiting", "ended"]
    dispatched_at: datetime
    accepted_at: datetime | None
    reported_back_at: datetime | None
    ended_at: datetime | None
    extensions: int


class UnitTaskRow(Schema):
    """A task with its case; `clock` is the task's own, `replies` says whether the citizen hears
    back."""

    task: UnitTask
    case: CaseRow
    clock: Clock | None
    description: str
    photos: list[Photo]
    replies: bool
    returned: CameBack | None
    requests: list[UnitRequest]
    acts: list[ActOffered]


class UnitTasks(Schema):
    """Least time left first. `more`: there are more than one answer holds."""

    units: list[Unit]
    items: list[UnitTaskRow]
    more: bool
    position: int


class EndedTasks(Schema):
    items: list[UnitTaskRow]
    next: str | None


@router.get("/unit/tasks", response=UnitTasks)
def get_unit_tasks(request: HttpRequest) -> Any:
    """The open tasks of the reader's units, with what may be done with each now; 200 at most."""
    at = head()
    return {**unit_tasks.unit_tasks(principal(request), now()), "position": at}


@router.get("/unit/tasks/ended", response=EndedTasks)
def get_ended_tasks(request: HttpRequest, after: str = "") -> Any:
    """A page of the units' tasks that are over, newest first."""
    return unit_tasks.ended_tasks(principal(request), now(), after)
