"""The catalogue over HTTP: standards and the duty list. No logic."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router

from lianqin.accounts.http import now, principal
from lianqin.territory.queries import district

from . import queries, schemas

router = Router(tags=["catalogue"])

Kind = Literal["event", "part"]
Code = Annotated[str, Path(pattern=r"^[0-9]{4,6}$")]
Place = Annotated[str, Query(max_length=120, pattern=r"^[0-9A-Za-z/_-]*$")]


def _day(on: date | None) -> date:
    """The date asked for; today in the district when none is."""
    return on or now().astimezone(district().tz).date()


@router.get("/classes/{kind}/{code}/standards", response=schemas.Standards)
def standards(request: HttpRequest, kind: Kind, code: Code, on: date | None = None) -> Any:
    """Conditions of a class in force on a date (today): when to file, when it is over, how long."""
    day = _day(on)
    found = queries.class_here(kind, code)
    return {"on": day, "items": queries.standards(found.kind, found.code, day)}


@router.get("/classes/{kind}/{code}/duty", response=schemas.DutyLines)
def duty(
    request: HttpRequest, kind: Kind, code: Code, place: Place = "", on: date | None = None
) -> Any:
    """Whose duty a class is at a place (the reader's own), the nearest first; cited by `code`."""
    day = _day(on)
    found = queries.class_here(kind, code)
    at = place or next((post.place for post in principal(request).posts), "")
    return {"on": day, "place": at, "items": queries.duty_lines_for(found.id, at, day)}
