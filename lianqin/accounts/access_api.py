"""The access log over HTTP, for the auditor. No logic."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from .access import note_access
from .access_queries import Wanted, access_lines
from .http import address, principal, real_now
from .policy import posts_for
from .refusals import Forbidden

router = Router(tags=["access log"])

Word = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=60, pattern=r"^[^\x00]*$")
]

#: No install is older, and no line is newer.
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]


class Asked(Schema):
    """Days are the district's, both counted in. `after` is the `next` of the page before."""

    person: Word = ""
    kind: Literal["", "sign_in", "denial", "reveal", "account", "audit"] = ""
    act: Word = ""
    outcome: Word = ""
    first: Day | None = None
    last: Day | None = None
    after: int | None = Field(None, ge=1, le=2**63 - 1)
    limit: int = Field(50, ge=1, le=100)


class PersonOut(Schema):
    id: UUID
    name: str
    username: str


class LineOut(Schema):
    """`sealed`: a seal covers the line; whether it still matches, `lianqin journal verify` says."""

    position: int
    at: datetime
    kind: str
    act: str
    outcome: str
    actor: PersonOut | None
    subject: str
    address: str
    sealed: bool


class SealsOut(Schema):
    log: str
    head: int
    number: int
    sealed_to: int
    unsealed: int
    hash: str
    sealed_at: datetime | None


class AccessPage(Schema):
    items: list[LineOut]
    next: str | None
    seals: SealsOut


def wanted_of(asked: Asked) -> Wanted:
    """What is asked for, with days as instants of the district."""
    return Wanted(
        asked.person,
        asked.kind,
        asked.act,
        asked.outcome,
        midnight(asked.first) if asked.first else None,
        midnight(asked.last + timedelta(days=1)) if asked.last else None,
    )


def midnight(day: date) -> datetime:
    """The beginning of a day in the district."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())


@router.get("/access-log", response=AccessPage)
def get_access_log(request: HttpRequest, response: HttpResponse, asked: Query[Asked]) -> Any:
    """Sign-ins, denials, reveals and audits of the reader's place, newest first. The reading
    leaves a line of its own."""
    response["Cache-Control"] = "no-store"
    who = principal(request)
    places = {post.place for post in posts_for(who, "read_access_log")}
    if not places:
        raise Forbidden("read_access_log")
    wanted = wanted_of(asked)
    page = access_lines(places, wanted, after=asked.after, limit=asked.limit)
    note_access(
        "audit", "read_access_log", "granted", real_now(),
        actor_id=who.id, subject=wanted.named, address=address(request),
    )  # fmt: skip
    return page
