"""The day's page, the small records and reveals over HTTP. No logic."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema, Status
from pydantic import Field, StringConstraints

from lianqin.accounts import http
from lianqin.accounts.http import command, principal
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Done
from lianqin.journal.queries import head
from lianqin.territory.queries import Spot

from .actions import recording
from .actions.recording import NewRecord
from .actions.revealing import reveal
from .brief import brief, today
from .records import record, records
from .schemas import Claimed, In, Line, Storable, Text
from .shown import Area, CaseRow, Names

router = Router(tags=["records"])
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), Storable]
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), Storable]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), Storable]


class RecordIn(In):
    text: Text = ""
    address: Line = ""
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    area_code: Code = ""
    occurred_at: Claimed | None = None


class LeadIn(RecordIn):
    handed_to: Short = ""
    police_number: Number = ""


class LeadNumberIn(In):
    police_number: Number = ""


class ServiceRecordOut(Schema):
    id: UUID
    duty_date: date
    text: str
    address: str
    area: Area | None
    place: str
    place_name: Names
    lon: float | None
    lat: float | None
    crew: Names | None
    recorded_by: str
    occurred_at: datetime
    recorded_at: datetime
    marked: bool
    origin: str


class SecurityLeadOut(ServiceRecordOut):
    handed_to: str
    police_number: str


class ServicePage(Schema):
    items: list[ServiceRecordOut]
    next: str | None


class LeadPage(Schema):
    items: list[SecurityLeadOut]
    next: str | None


@router.get("/records/services", response=ServicePage)
def get_services(request: HttpRequest, after: str = "", limit: int = 50) -> Any:
    """便民服务 of the reader's place, newest first; 1 to 100 rows."""
    return records(principal(request).scope, "services", after=after, limit=limit)


@router.post("/records/services", response={201: ServiceRecordOut})
def post_service(request: HttpRequest, response: HttpResponse, body: RecordIn) -> Any:
    """Keep a record of help given to a citizen: what, where, when."""
    made = command(request, "record_service", occurred_at=body.occurred_at)
    return _kept(request, response, "services", recording.record_service(made, _new(body)))


@router.get("/records/leads", response=LeadPage)
def get_leads(request: HttpRequest, after: str = "", limit: int = 50) -> Any:
    """治安线索 of the reader's place, newest first; 1 to 100 rows."""
    return records(principal(request).scope, "leads", after=after, limit=limit)


@router.post("/records/leads", response={201: SecurityLeadOut})
def post_lead(request: HttpRequest, response: HttpResponse, body: LeadIn) -> Any:
    """Keep a record of a lead handed to the police: to which body, under which number."""
    made = command(request, "record_lead", occurred_at=body.occurred_at)
    return _kept(request, response, "leads", recording.record_lead(made, _new(body)))


@router.post("/records/leads/{record_id}/number", response=SecurityLeadOut)
def post_lead_number(
    request: HttpRequest, response: HttpResponse, record_id: UUID, body: LeadNumberIn
) -> Any:
    """Note the police's number on a lead that had none yet."""
    made = command(request, "record_lead")
    done = recording.note_lead_number(made, record_id, body.police_number)
    return _kept(request, response, "leads", done).value


def _new(body: RecordIn) -> NewRecord:
    spot = None
    if body.lon is not None and body.lat is not None:
        spot = Spot(body.lon, body.lat, body.datum)
    elif body.lon is not None or body.lat is not None:
        raise Refusal("position_incomplete", field="lat" if body.lat is None else "lon")
    more = {}
    if isinstance(body, LeadIn):
        more = {"handed_to": body.handed_to, "police_number": body.police_number}
    return NewRecord(body.text, body.address, spot, body.area_code, **more)


def _kept(request: HttpRequest, response: HttpResponse, kind: str, done: Done) -> Status[Any]:
    if done.replayed:
        response["Idempotent-Replay"] = "true"
    return Status(201, record(principal(request).scope, kind, UUID(done.answer["id"])))


class RevealIn(In):
    reason: Line = ""


class Revealed(Schema):
    report_id: UUID
    source: str
    name: str
    phone: str
    text: str


class RevealOut(Schema):
    reporters: list[Revealed]


@router.post("/cases/{case_id}/reveal", response=RevealOut)
def post_reveal(request: HttpRequest, response: HttpResponse, case_id: UUID, body: RevealIn) -> Any:
    """Name and phone of who reported a case, in full. Each call stands in the access log.

    For a desk of the place; for the handler of an open case those of hotline callers, who must be
    phoned. Takes no Idempotency-Key: an answer kept for later would keep the names.
    """
    response["Cache-Control"] = "no-store"
    who, where = principal(request), http.address(request)
    return {"reporters": reveal(who, case_id, body.reason, http.clock, where)}


class Figures(Schema):
    """`overdue` are closed cases that ran over and were not exempted; `exempted` stand apart."""

    reports: int
    reported: int
    filed: int
    rejected: int
    dispatched: int
    closed: int
    on_time: int
    overdue: int
    exempted: int
    settled: int
    open: int
    open_overdue: int


class BySource(Figures):
    source: str


class ByGroup(Figures):
    kind: str | None
    code: str
    name: Names


class ByCentre(Figures):
    place: str
    name: Names


class Sampled(Schema):
    count: int
    drawn: int
    passed: int
    failed: int
    educated: int
    corrected: int
    penalised: int


class Listed(Schema):
    count: int
    items: list[CaseRow]


class Brief(Schema):
    """日报: the duty date on one page."""

    duty_date: date
    from_: datetime = Field(alias="from")
    to: datetime
    as_of: datetime
    running: bool
    demo: bool
    places: list[Names]
    total: Figures
    by_source: list[BySource]
    by_group: list[ByGroup]
    by_centre: list[ByCentre]
    settled: Sampled
    joined: int
    cancelled: int
    reopened: int
    sent_back: int
    urged: int
    recurrences: int
    supervised_open: int
    suspended_open: int
    service_records: int
    security_leads: int
    overdue: Listed
    supervised: Listed
    position: int


@router.get("/brief", response=Brief, by_alias=True)
def get_brief_now(request: HttpRequest) -> Any:
    """日报 of the duty date that runs now, as far as it has come."""
    at = head()
    now = http.now()
    return {**brief(principal(request).scope, today(now), now), "position": at}


@router.get("/brief/{duty_date}", response=Brief, by_alias=True)
def get_brief(request: HttpRequest, duty_date: Path[date]) -> Any:
    """日报: one duty date (07:00 to 07:00) within the reader's places."""
    at = head()
    return {**brief(principal(request).scope, duty_date, http.now()), "position": at}
