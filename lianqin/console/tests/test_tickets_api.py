"""Tickets, replies, records, reveals and the day's page as a client meets them."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from lianqin.accounts.models import AccessEntry, Idempotency
from lianqin.cases.models import Case, SecurityLead
from lianqin.cases.tests.sheets import ticket, xlsx
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.console.tests.test_api import Caller

pytestmark = pytest.mark.django_db
HERE, THERE = CENTRES[0], CENTRES[2]


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def operator(world: World) -> Caller:
    return Caller(world, f"operator@{HERE}")


def row(world: World, number: str, **more: Any) -> list[Any]:
    """A ticket of this very hour: requests run on the machine's clock."""
    local = timezone.localtime()
    times = {
        "reported_at": f"{local - timedelta(minutes=5):%Y-%m-%d %H:%M}",
        "deadline": f"{local + timedelta(days=1):%Y-%m-%d %H:%M}",
    }
    return ticket(world, number, **(times | more))


def send(
    caller: Caller, content: bytes, source: str = "hotline", key: str = "", **more: str
) -> Any:
    file = SimpleUploadedFile("tickets.xlsx", content)
    body = {"file": file, "source": source, **more}
    headers = {"Idempotency-Key": key or str(uuid4())}
    return caller.client.post("/api/v1/tickets", body, headers=headers)


def test_a_file_answers_with_counts_and_wrong_cells(world: World, operator: Caller) -> None:
    answer = send(operator, xlsx([row(world, "1"), row(world, "2", code="9999")]))
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["rows"], found["opened"], found["known"], found["left_out"]) == (2, 1, 0, 1)
    assert found["errors"][0]["cell"] == "C3"
    assert set(found["errors"][0]["reason"]) == {"zh", "en"}
    assert Case.objects.get().external_number == "1"


def test_the_same_key_answers_the_same_and_another_file_under_it_422(
    world: World, operator: Caller
) -> None:
    key, content = str(uuid4()), xlsx([row(world, "1")])
    first, again = send(operator, content, key=key), send(operator, content, key=key)
    assert first.json() == again.json()
    assert first.json()["opened"] == 1
    assert again.headers["Idempotent-Replay"] == "true"
    other = send(operator, xlsx([row(world, "2")]), key=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_dry_run_leaves_its_key_free(world: World, operator: Caller) -> None:
    key, content = str(uuid4()), xlsx([row(world, "1")])
    assert send(operator, content, key=key, dry_run="true").json()["opened"] == 1
    assert not Case.objects.exists()
    assert send(operator, content, key=key).json()["opened"] == 1


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "sheet_empty"),
        (b"\xd0\xcf\x11\xe0", 422, "sheet_old_excel"),
        (b"PK\x03\x04", 422, "sheet_unreadable"),
        ("甲,乙\n1,2".encode(), 422, "sheet_heading_missing"),
        (("任务号,描述\n" + "1,x\n" * 2001).encode(), 422, "sheet_too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_problem_in_both_languages(
    operator: Caller, content: bytes, status: int, code: str
) -> None:
    answer = send(operator, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["title"] != code
    assert answer.json()["errors"][0]["field"] == "file"


def test_sources_that_send_no_tickets_and_people_who_bring_none_are_refused(
    world: World, operator: Caller
) -> None:
    content = xlsx([row(world, "1")])
    assert send(operator, content, "patrol").status_code == 422
    crew = Caller(world, f"crew@{HERE}")
    assert (send(crew, content).status_code, send(crew, content).json()["code"]) == (
        403,
        "forbidden",
    )
    assert operator.client.post("/api/v1/tickets", {"source": "hotline"}).status_code in (422, 428)


def test_template_and_replies_are_workbooks_nobody_keeps_a_copy_of(
    world: World, operator: Caller
) -> None:
    send(operator, xlsx([row(world, "0017")]))
    day = Case.objects.get().duty_date
    for path in ("template.xlsx", f"replies.xlsx?source=hotline&from={day}&to={day}"):
        answer = operator.get(f"/tickets/{path}")
        assert answer.status_code == 200, answer.content
        assert answer.headers["Cache-Control"] == "private, no-store"
        load_workbook(io.BytesIO(answer.content))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet["A2"].value == "0017"
    foreign = Caller(world, f"operator@{THERE}")
    empty = foreign.get(f"/tickets/replies.xlsx?source=hotline&from={day}&to={day}")
    assert "0017" not in str(list(load_workbook(io.BytesIO(empty.content)).worksheets[0].values))
    wrong = operator.get("/tickets/replies.xlsx?source=hotline&from=2026-02-01&to=2026-01-01")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "dates_turned")


def test_records_are_kept_and_listed(world: World, operator: Caller) -> None:
    kept = operator.post("/records/services", {"text": "帮老人找到回家的路"})
    assert kept.status_code == 201, kept.content
    assert operator.get("/records/services").json()["items"] == [kept.json()]
    lead = operator.post("/records/leads", {"text": "撬车", "handed_to": "青年派出所"}).json()
    path = f"/records/leads/{lead['id']}/number"
    noted = operator.post(path, {"police_number": "J2026-7"})
    assert noted.json()["police_number"] == SecurityLead.objects.get().police_number == "J2026-7"
    foreign = Caller(world, f"operator@{THERE}")
    assert foreign.get("/records/leads").json()["items"] == []
    assert foreign.post(path, {"police_number": "1"}).status_code == 404
    assert operator.post("/records/leads", {"text": "撬车"}).json()["code"] == "police_body_needed"


def test_a_reveal_shows_all_keeps_nothing_and_a_denied_one_is_noted(
    world: World, operator: Caller
) -> None:
    send(operator, xlsx([row(world, "1")]), "city_platform")
    case = Case.objects.get()
    path = f"/cases/{case.id}/reveal"
    answer = operator.post(path, {"reason": "回电核实"}, key=None)
    assert answer.json()["reporters"][0]["phone"] == "13812345678"
    assert answer.headers["Cache-Control"] == "no-store"
    assert AccessEntry.objects.filter(kind="reveal", outcome="granted").count() == 1
    kept = [str(one.answer) for one in Idempotency.objects.all()]
    assert not any("13812345678" in one for one in kept)
    assessor = Caller(world, f"assessor@{HERE}").post(path, {"reason": "看看"}, key=None)
    assert assessor.status_code == 403
    assert AccessEntry.objects.filter(kind="denial").exists()
    assert operator.post(path, {"reason": " "}, key=None).json()["code"] == "reason_needed"


def test_the_days_page_has_the_shape_it_promises(world: World, operator: Caller) -> None:
    send(operator, xlsx([row(world, "1")]))
    day = Case.objects.get().duty_date
    for path in ("/brief", f"/brief/{day}"):
        answer = operator.get(path)
        assert answer.status_code == 200, answer.content
        found = answer.json()
        assert (found["duty_date"], found["from"][:4]) == (str(day), str(day.year))
        assert found["total"]["reported"] == 1
        assert found["by_source"][0]["source"] == "hotline"
    assert operator.get("/brief/yesterday").status_code == 422
    admin = Caller(world, f"system_admin@{DISTRICT}")
    assert admin.get(f"/brief/{day}").json()["total"]["reported"] == 0
