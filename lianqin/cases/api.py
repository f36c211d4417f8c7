"""Cases over HTTP: what comes in becomes a command, what goes out is a reading. No logic."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from ninja import Router, Status

from lianqin.accounts.http import command, now, principal
from lianqin.accounts.refusals import Refusal
from lianqin.accounts.runner import Done
from lianqin.files.queries import store
from lianqin.journal.queries import head
from lianqin.territory.queries import Spot

from . import actions, detail, queries, schemas
from .export import export

router = Router(tags=["cases"])


@router.post("/reports", response={201: schemas.ReportOut})
def report(request: HttpRequest, response: HttpResponse, body: schemas.ReportIn) -> Any:
    """Take a report in: it opens a case, or joins the one it names.

    Who may not read that case is answered with its number and state; the rest of it is blank.
    """
    spot = None
    if body.lon is not None and body.lat is not None:
        spot = Spot(body.lon, body.lat, body.datum)
    elif body.lon is not None or body.lat is not None:
        raise Refusal("position_incomplete", field="lat" if body.lat is None else "lon")
    new = actions.NewReport(
        source=body.source,
        description=body.description,
        class_key=(body.class_.kind, body.class_.code) if body.class_ else None,
        service_name=body.service_name,
        address=body.address,
        spot=spot,
        area_code=body.area_code,
        case_number=body.case_number,
        external_number=body.external_number,
        photos=body.photos,
        reporter_name=body.reporter.name if body.reporter else "",
        reporter_phone=body.reporter.phone if body.reporter else "",
    )
    done = actions.report(command(request, "report", occurred_at=body.occurred_at), new)
    _mark(response, done)
    case = queries.answered(principal(request).scope, done.answer)
    return Status(201, {**done.answer, "case": case})


@router.get("/cases", response=schemas.Page)
def cases(
    request: HttpRequest, tab: str = "open", after: str = "", limit: int = 50, q: schemas.Query = ""
) -> Any:
    """One page of a tab of the queue, newest first; 1 to 100 rows, whatever `limit` asks."""
    at = head()
    page = queries.queue(principal(request).scope, tab, now(), after=after, limit=limit, text=q)
    return {**page, "position": at}


@router.get("/cases/counts", response=schemas.Counts)
def counts(request: HttpRequest) -> Any:
    """How many open cases stand in each state of the reader's place."""
    at = head()
    return {"counts": queries.counts(principal(request).scope, now()), "position": at}


@router.get("/cases/map", response=schemas.MapOut)
def on_map(request: HttpRequest) -> Any:
    """Open cases with a position."""
    at = head()
    return {"position": at, "cases": queries.on_map(principal(request).scope)}


@router.get("/cases/export.csv", include_in_schema=False)
def export_csv(request: HttpRequest, tab: str = "open") -> StreamingHttpResponse:
    """A tab of the queue as a spreadsheet (CSV with BOM, as Excel wants it)."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    rows = export(principal(request).scope, tab, now(), language)
    answer = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="cases.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@router.get("/cases/{case_id}", response=schemas.CaseDetail)
def case(request: HttpRequest, case_id: UUID) -> Any:
    """One case with its history and the acts that this person may do on it now."""
    at = head()
    who = principal(request)
    return {**detail.detail(who, queries.case_for(who.scope, case_id)), "position": at}


@router.get("/cases/{case_id}/candidates", response=schemas.Candidates)
def candidates(request: HttpRequest, case_id: UUID) -> Any:
    """Crews and units that may be sent."""
    who = principal(request)
    return {"items": queries.candidates(who, queries.case_for(who.scope, case_id))}


@router.post("/cases/{case_id}/acts/file", response=schemas.ActOut)
def file(request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.FileIn) -> Any:
    """立案"""
    key = (body.class_.kind, body.class_.code) if body.class_ else None
    done = actions.file(_command(request, "file", body), case_id, body.expected_version, key)
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/reject", response=schemas.ActOut)
def reject(
    request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.ReasonIn
) -> Any:
    """不予立案"""
    done = actions.reject(
        _command(request, "reject", body), case_id, body.expected_version, body.reason
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/join", response=schemas.ActOut)
def join(request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.JoinIn) -> Any:
    """并案"""
    done = actions.join(
        _command(request, "join", body), case_id, body.expected_version, body.case_id
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/dispatch", response=schemas.ActOut)
def dispatch(
    request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.DispatchIn
) -> Any:
    """派遣"""
    done = actions.dispatch(
        _command(request, "dispatch", body),
        case_id,
        body.expected_version,
        (body.assignee.kind, body.assignee.id),
        body.note,
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/told_by_radio", response=schemas.ActOut)
def told_by_radio(
    request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.ActIn
) -> Any:
    """已对讲通知"""
    done = actions.told_by_radio(
        _command(request, "told_by_radio", body), case_id, body.expected_version
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/accept", response=schemas.ActOut)
def accept(request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.ActIn) -> Any:
    """签收"""
    done = actions.accept(_command(request, "accept", body), case_id, body.expected_version)
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/report_back", response=schemas.ActOut)
def report_back(
    request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.PhotosIn
) -> Any:
    """办理反馈"""
    done = actions.report_back(
        _command(request, "report_back", body),
        case_id,
        body.expected_version,
        body.photos,
        body.note,
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/send_back", response=schemas.ActOut)
def send_back(
    request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.ReasonIn
) -> Any:
    """回退"""
    done = actions.send_back(
        _command(request, "send_back", body), case_id, body.expected_version, body.reason
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/check_pass", response=schemas.ActOut)
def check_pass(
    request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.PhotosIn
) -> Any:
    """核查通过"""
    done = actions.check_pass(
        _command(request, "check_pass", body),
        case_id,
        body.expected_version,
        body.note,
        body.photos,
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/check_fail", response=schemas.ActOut)
def check_fail(
    request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.ReasonIn
) -> Any:
    """核查不通过"""
    done = actions.check_fail(
        _command(request, "check_fail", body), case_id, body.expected_version, body.reason
    )
    return _acted(request, response, done)


@router.post("/cases/{case_id}/acts/close", response=schemas.ActOut)
def close(request: HttpRequest, response: HttpResponse, case_id: UUID, body: schemas.NoteIn) -> Any:
    """结案"""
    done = actions.close(
        _command(request, "close", body), case_id, body.expected_version, body.note
    )
    return _acted(request, response, done)


@router.get("/photos/{photo_id}", include_in_schema=False)
def photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """A case's picture without its metadata, for whoever may see the case."""
    sha256, _ = queries.photo_file(principal(request).scope, photo_id)
    with store().open(sha256) as content:
        answer = HttpResponse(content.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get("/my/tasks", response=schemas.MyTasks)
def my_tasks(request: HttpRequest) -> Any:
    """What waits for this person: to handle, or to check."""
    at = head()
    return {"tasks": detail.my_tasks(principal(request)), "position": at}


def _command(request: HttpRequest, act: str, body: schemas.ActIn) -> Any:
    return command(request, act, occurred_at=body.occurred_at)


def _acted(request: HttpRequest, response: HttpResponse, done: Done) -> dict[str, Any]:
    _mark(response, done)
    scope = principal(request).scope
    case = queries.answered(scope, done.answer, fresh=not done.replayed)
    return {"case": case, "position": done.answer["position"]}


def _mark(response: HttpResponse, done: Done) -> None:
    if done.replayed:
        response["Idempotent-Replay"] = "true"


class _Line:
    """A file that hands back what is written to it; the csv module wants one."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([_inert(cell) for cell in row])


def _inert(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
