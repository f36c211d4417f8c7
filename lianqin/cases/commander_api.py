"""What a commander needs away from the desk, over HTTP. No logic."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from lianqin.accounts.http import command, now, principal
from lianqin.journal.queries import head

from . import crews_now
from .approvals import approvals
from .schemas import In, Line
from .shown import ActOffered, Assignee, CaseRow, Clock, Names, Photo
from .shown import Request as CaseRequest

router = Router(tags=["commander"])


class Approval(Schema):
    """A request with what has to be known to answer it; `acts` are the answers that this person
    may give. A dispute has none here: it is ruled on by naming who handles."""

    request: CaseRequest
    case: CaseRow
    clock: Clock | None
    assignee: Assignee | None
    extensions: int
    description: str
    photos: list[Photo]
    acts: list[ActOffered]


class Approvals(Schema):
    """The oldest first. `more`: there are more than one answer holds."""

    items: list[Approval]
    more: bool
    position: int


class CrewTask(Schema):
    """`step`: the last thing that the crew said of its task, `since` when."""

    case_id: UUID
    number: str | None
    state: str
    class_name: Names
    address: str
    lead: bool
    step: Literal["dispatched", "accepted", "under_way", "on_scene"]
    since: datetime
    clock: Clock | None


class Stand(Schema):
    kind: Literal["site", "area"]
    code: str
    name: Names
    since: datetime
    until: datetime
    by: str


class CrewNow(Schema):
    id: UUID
    name: Names
    place: str
    place_name: Names
    members: int
    certified: int
    tasks: list[CrewTask]
    stand_by: Stand | None


class SpotOut(Schema):
    """A site or a community; `of` is its own kind (kiosk, station, community …)."""

    kind: Literal["site", "area"]
    of: str
    code: str
    name: Names
    place: str


class CrewsNow(Schema):
    shift: str
    label: Names
    ends_at: datetime
    crews: list[CrewNow]
    spots: list[SpotOut]
    position: int


class MoveIn(In):
    """Where to; all left out: back to the crew's own centre."""

    kind: Literal["site", "area"] | None = None
    code: Line = ""


class Moved(Schema):
    crew_id: UUID


@router.get("/approvals", response=Approvals)
def get_approvals(request: HttpRequest) -> Any:
    """Requests of the reader's place that wait for this person's word; 100 at most."""
    at = head()
    return {**approvals(principal(request), now()), "position": at}


@router.get("/crews/now", response=CrewsNow)
def get_crews_now(request: HttpRequest) -> Any:
    """The crews of the reader's place that are on duty now: tasks, stand-by, where they may be
    sent."""
    at = head()
    return {**crews_now.crews_now(principal(request), now()), "position": at}


@router.post("/crews/{crew_id}/move", response=Moved)
def post_move(request: HttpRequest, response: HttpResponse, crew_id: UUID, body: MoveIn) -> Any:
    """Tell a crew that is on duty to stand by at a site or in an area until its shift is over."""
    done = crews_now.move(command(request, "move_crew"), crew_id, body.kind, body.code)
    if done.replayed:
        response["Idempotent-Replay"] = "true"
    return done.answer
