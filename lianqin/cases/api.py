"""Cases over HTTP: what comes in becomes a command, what goes out is a reading. No logic."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
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
from lianqin.territory.queries import Spot, district

from . import actions, detail, queries, schemas, shown
from . import my_tasks as waiting
from .export import export
from .lifecycle import ACT_WORDS
from .map_columns import map_columns

router = Router(tags=["cases"])


@router.post("/reports", response={201: shown.ReportOut})
def report(request: HttpRequest, response: HttpResponse, body: schemas.ReportIn) -> Any:
    """Take a report in: it opens a case, or joins the one it names.

    Who may not read that case is answered with its number and state; the rest of it is blank.
    """
    done = actions.report(
        command(request, "report", occurred_at=body.occurred_at), _new_report(body)
    )
    return _reported(request, response, done)


@router.post("/reports/settled", response={201: shown.ReportOut})
def settle(request: HttpRequest, response: HttpResponse, body: schemas.SettledIn) -> Any:
    """现场办结: found and dealt with at once, with pictures from before and after.

    The case opens closed; a share of them is drawn and opens to be checked. With the outcome
    `penalised` it is a find like any other and waits to be filed: a penalty was begun, and its
    crew had the two officers whom that takes.
    """
    before, after = tuple(body.photos_before), tuple(body.photos_after)
    settled = actions.Settlement(before, after, body.note, body.outcome)
    new = replace(_new_report(body), settled=settled)
    done = actions.report(command(request, "settle", occurred_at=body.occurred_at), new)
    return _reported(request, response, done)


def _new_report(body: schemas.ReportIn) -> actions.NewReport:
    spot = None
    if body.lon is not None and body.lat is not None:
        spot = Spot(body.lon, body.lat, body.datum)
    elif body.lon is not None or body.lat is not None:
        raise Refusal("position_incomplete", field="lat" if body.lat is None else "lon")
    return actions.NewReport(
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
        deadline=body.deadline,
    )


def _reported(request: HttpRequest, response: HttpResponse, done: Done) -> Any:
    _mark(response, done)
    case = queries.answered(principal(request).scope, done.answer)
    return Status(201, {**done.answer, "case": case})


@router.get("/cases", response=shown.Page)
def cases(
    request: HttpRequest, tab: str = "open", after: str = "", limit: int = 50, q: schemas.Query = ""
) -> Any:
    """One page of a tab of the queue, newest first; 1 to 100 rows, whatever `limit` asks."""
    at = head()
    page = queries.queue(principal(request).scope, tab, now(), after=after, limit=limit, text=q)
    return {**page, "position": at}


@router.get("/cases/counts", response=shown.Counts)
def counts(request: HttpRequest) -> Any:
    """How many open cases stand in each state of the reader's place."""
    at = head()
    return {"counts": queries.counts(principal(request).scope, now()), "position": at}


@router.get("/cases/map", response=shown.MapOut)
def on_map(request: HttpRequest) -> Any:
    """Open cases with a position, column by column."""
    text = map_columns(principal(request).scope, head())
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@router.get("/cases/export.csv", include_in_schema=False)
def export_csv(request: HttpRequest, tab: str = "open") -> StreamingHttpResponse:
    """A tab of the queue as a spreadsheet (CSV with BOM, as Excel wants it)."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    rows = export(principal(request).scope, tab, now(), language)
    answer = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="cases.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@router.get("/cases/{case_id}", response=shown.CaseDetail)
def case(request: HttpRequest, case_id: UUID) -> Any:
    """One case with its history and the acts that this person may do on it now."""
    at = head()
    who = principal(request)
    found = queries.case_for(who.scope, case_id)
    return {**detail.detail(who, found, now()), "position": at}


@router.get("/cases/{case_id}/candidates", response=shown.Candidates)
def candidates(request: HttpRequest, case_id: UUID, act: schemas.NamesHands = "dispatch") -> Any:
    """Crews and units that may be named with an act."""
    who = principal(request)
    at = now()
    today = at.astimezone(district().tz).date()
    case = queries.case_for(who.scope, case_id)
    return {"items": queries.candidates(who, case, today, act, at)}


@router.get("/photos/{photo_id}", include_in_schema=False)
def photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """A case's picture without its metadata, for whoever may see the case."""
    sha256, _ = queries.photo_file(principal(request).scope, photo_id)
    with store().open(sha256) as content:
        answer = HttpResponse(content.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get("/my/tasks", response=shown.MyTasks)
def my_tasks(request: HttpRequest) -> Any:
    """What waits for this person: to handle, or to check."""
    at = head()
    return {"tasks": waiting.my_tasks(principal(request), now()), "position": at}


def _act_endpoint(act: str, body_schema: type[schemas.ActIn]) -> Callable[..., Any]:
    """The operation of one act: what comes in is said, what goes out is the case as it is now."""

    def run(request: HttpRequest, response: HttpResponse, case_id: UUID, body: Any) -> Any:
        made = command(request, act, occurred_at=body.occurred_at)
        done = actions.act(made, case_id, body.expected_version, schemas.said(body))
        return _acted(request, response, done)

    run.__name__, run.__doc__ = act, " · ".join(ACT_WORDS[act])
    run.__annotations__ = {
        "request": HttpRequest,
        "response": HttpResponse,
        "case_id": UUID,
        "body": body_schema,
        "return": Any,
    }
    return run


for _act, _body in schemas.BODIES.items():
    router.post(f"/cases/{{case_id}}/acts/{_act}", response=shown.ActOut)(
        _act_endpoint(_act, _body)
    )


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
