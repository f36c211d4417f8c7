"""An answer to a write shows no more than its sender may see, now and when it is asked again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqin.accounts import http
from lianqin.accounts.http import now
from lianqin.accounts.models import AccessEntry, Posting
from lianqin.cases.models import Case
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build, picture
from lianqin.console.tests.test_api import Caller
from lianqin.files.actions import ORPHAN_AFTER, sweep
from lianqin.files.models import StoredFile

pytestmark = pytest.mark.django_db
HERE, THERE = CENTRES[0], CENTRES[2]


@pytest.fixture
def world() -> World:
    return build()


def says_nothing_of(answer: Any, case: Case) -> bool:
    """Whether the answer names the case and says neither where it is nor who has it."""
    row, text = answer.json()["case"], answer.content.decode()
    assert (row["id"], row["number"]) == (str(case.id), case.number)
    hidden = [case.address, case.place, str(case.crew_id), str(case.lon)]
    return not any(secret in text for secret in hidden if secret) and row["clock"] is None


def test_a_client_that_names_a_case_learns_its_number_and_state_alone(world: World) -> None:
    case = world.walk(world.report(), "handling")
    client = Caller(world, f"reporter_client@{DISTRICT}")
    answer = client.post("/reports", {"case_number": case.number, "description": "还在"})
    assert answer.status_code == 201
    assert answer.json()["joined"] is True
    assert answer.json()["case"]["state"] == "handling"
    assert says_nothing_of(answer, case)


def test_nor_does_a_client_follow_its_own_case_by_sending_again(world: World) -> None:
    client = Caller(world, f"reporter_client@{DISTRICT}")
    spot = world.spot(HERE)
    body = {"lon": spot.lon, "lat": spot.lat, "address": "解放路 1 号", "external_number": "7"}
    key = str(uuid4())
    body |= {"class": {"kind": "event", "code": "0406"}}
    case = Case.objects.get(id=client.post("/reports", body, key).json()["case"]["id"])
    world.walk(case, "handling")
    for again in (client.post("/reports", body, key), client.post("/reports", body)):
        assert says_nothing_of(again, case)


def test_an_operator_whose_report_lands_elsewhere_learns_the_number(world: World) -> None:
    spot = world.spot(THERE)
    body = {"lon": spot.lon, "lat": spot.lat, "description": "一处"}
    operator = Caller(world, f"operator@{HERE}")
    answer = operator.post("/reports", body)
    assert says_nothing_of(answer, Case.objects.get())
    mine = world.spot(HERE)
    answer = operator.post("/reports", {"lon": mine.lon, "lat": mine.lat, "description": "一处"})
    assert answer.json()["case"]["place"] == HERE


def test_an_act_sent_again_shows_the_case_only_while_it_may_be_seen(world: World) -> None:
    case = world.walk(world.report(), "dispatched")
    crew = Caller(world, f"crew@{HERE}")
    key, path = str(uuid4()), f"/cases/{case.id}/acts/accept"
    body = {"expected_version": case.version}
    assert crew.post(path, body, key).json()["case"]["address"] == case.address
    again = crew.post(path, body, key)
    assert (again.headers["Idempotent-Replay"], again.json()["case"]["place"]) == ("true", HERE)

    Posting.objects.filter(user=world.people[f"crew@{HERE}"]).delete()
    again = crew.post(path, body, key)
    case.refresh_from_db()
    assert again.status_code == 200
    assert again.json()["case"]["state"] == "handling"
    assert says_nothing_of(again, case)


def test_who_gives_a_case_away_sees_it_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "clock", world.clock)
    case = world.walk(world.report(), "dispatched")
    answer = Caller(world, f"crew@{HERE}").post(
        f"/cases/{case.id}/acts/send_back",
        {
            "expected_version": case.version,
            "reason": "不属本组",
            "duty_line_id": str(world.duty_line(OFFICES[0])),
        },
    )
    assert (answer.json()["case"]["state"], answer.json()["case"]["place"]) == ("filed", HERE)


def test_a_key_belongs_to_one_act_on_one_case(world: World) -> None:
    one, two = world.report(), world.report()
    operator, key = Caller(world, f"operator@{HERE}"), str(uuid4())
    body = {"expected_version": 1, "reason": "x"}
    assert operator.post(f"/cases/{one.id}/acts/reject", body, key).status_code == 200
    for path in (f"/cases/{two.id}/acts/reject", f"/cases/{one.id}/acts/send_back", "/reports"):
        answer = operator.post(path, body if "cases" in path else {"description": "x"}, key)
        assert answer.json()["code"] == "idempotency_key_reused", path


def test_the_key_of_an_act_that_was_refused_is_free_again(world: World) -> None:
    case, operator, key = world.report(), Caller(world, f"operator@{HERE}"), str(uuid4())
    path = f"/cases/{case.id}/acts/reject"
    assert operator.post(path, {"expected_version": 1}, key).status_code == 422
    assert operator.post(path, {"expected_version": 1, "reason": "x"}, key).status_code == 200


def test_a_request_runs_on_the_one_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = Caller(world, f"operator@{HERE}")
    monkeypatch.setattr(http, "clock", world.clock)
    spot = world.spot(HERE)
    body = {"lon": spot.lon, "lat": spot.lat, "description": "一处"}
    answer = operator.post("/reports", body).json()["case"]
    assert Case.objects.get(id=answer["id"]).reported_at == world.clock.now()
    case = world.walk(world.report(), "dispatched")
    overdue = lambda: operator.get("/cases/counts").json()["counts"]["overdue"]  # noqa: E731
    assert case.clock_due_at is not None
    # The one that was just sent in runs to its thirty minutes of intake, the other to its limit.
    world.clock.move_to(case.clock_due_at - timedelta(minutes=1))
    assert overdue() == 1
    world.clock.move_to(case.clock_due_at + timedelta(minutes=1))
    assert overdue() == 2


def _upload(caller: Caller, content: bytes, key: str) -> Any:
    return caller.client.post(
        "/api/v1/files",
        {"file": SimpleUploadedFile("a.jpg", content)},
        headers={"Idempotency-Key": key},
    )


def test_an_upload_key_belongs_to_one_picture(world: World) -> None:
    crew, key = Caller(world, f"crew@{HERE}"), str(uuid4())
    first = _upload(crew, picture("grey"), key)
    again = _upload(crew, picture("grey"), key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replay"] == "true"
    assert _upload(crew, picture("red"), key).json()["code"] == "idempotency_key_reused"


def test_an_upload_that_was_swept_is_taken_anew_under_its_key(world: World) -> None:
    """A phone that was without a signal for two days sends its outbox again."""
    crew, key = Caller(world, f"crew@{HERE}"), str(uuid4())
    first = _upload(crew, picture(), key).json()["id"]
    assert sweep(now() + ORPHAN_AFTER + timedelta(minutes=1)) == 1
    again = _upload(crew, picture(), key)
    assert "Idempotent-Replay" not in again.headers
    assert again.json()["id"] != first
    assert StoredFile.objects.filter(id=again.json()["id"]).exists()


@pytest.mark.parametrize(
    ("direct", "claimed", "noted"),
    [("", "203.0.113.7", "203.0.113.7"), ("", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
     ("198.51.100.2", "6.6.6.6", "198.51.100.2"), ("", "", "")],
)  # fmt: skip
def test_a_denial_says_where_it_came_from(
    world: World, direct: str, claimed: str, noted: str
) -> None:
    case, operator = world.report(), Caller(world, f"operator@{HERE}")
    operator.client.post(
        f"/api/v1/cases/{case.id}/acts/accept",
        {"expected_version": 1},
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4()), "X-Forwarded-For": claimed},
        REMOTE_ADDR=direct,
    )
    assert AccessEntry.objects.get().address == noted


def test_a_replayer_reads_the_case_that_it_sent_in(world: World) -> None:
    """The replay finds out from the answer who has to work the case."""
    replayer = Caller(world, f"replayer@{DISTRICT}", ["read", "replay", "report"])
    answer = replayer.post("/reports", {"description": "x", "area_code": "990101001001"})
    assert answer.json()["case"]["place"] == CENTRES[0]
