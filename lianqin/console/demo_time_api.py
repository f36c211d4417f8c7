"""The demo time over HTTP: read by everybody who is signed in, set by those who may."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from pydantic import AwareDatetime, ConfigDict

from lianqin.accounts.http import command
from lianqin.worktime.pace import FASTEST, SLOWEST

from .demo_time import Change, NotADemo, set_demo_time, shown

router = Router(tags=["demo"])


class DemoTime(Schema):
    """The time that the install shows, and how it goes on. `on` is false while it is simply the
    present; `at_present` says that it has caught up with it."""

    on: bool
    shown: datetime
    real: datetime
    speed: int
    paused: bool
    at_present: bool


class DemoTimeIn(Schema):
    """What is to change; `present` stands alone and gives the demo time up."""

    model_config = ConfigDict(extra="forbid")

    speed: Annotated[int, Field(ge=SLOWEST, le=FASTEST)] | None = None
    paused: bool | None = None
    to: AwareDatetime | None = None
    present: bool = False


@router.get("/demo/time", response=DemoTime)
def demo_time(request: HttpRequest) -> Any:
    """The time that this demo install shows; 404 in a real one."""
    found = shown()
    if found is None:
        raise NotADemo()
    return found


@router.post("/demo/time", response=DemoTime)
def change_demo_time(request: HttpRequest, response: HttpResponse, body: DemoTimeIn) -> Any:
    """Set speed, pause or instant of the demo time: forward only, and up to the present."""
    given = Change(body.speed, body.paused, body.to, body.present)
    if set_demo_time(command(request, "set_demo_time"), given).replayed:
        response["Idempotent-Replay"] = "true"
    return demo_time(request)
