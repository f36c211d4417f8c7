"""The API as a client meets it: keys, problems, languages, places."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from lianqin.accounts import http
from lianqin.accounts.models import AccessEntry, ApiToken
from lianqin.accounts.queries import token_hash
from lianqin.accounts.scopes import BEFORE
from lianqin.cases.lifecycle import LIFECYCLE
from lianqin.cases.tests.world import CENTRES, World, build, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


class Caller:
    """One account's HTTP client, by bearer token."""

    def __init__(self, world: World, name: str, scopes: list[str] | None = None) -> None:
        token = f"token-{name}"
        ApiToken.objects.create(
            user=world.people[name],
            name="test",
            hash=token_hash(token),
            scopes=list(BEFORE) if scopes is None else scopes,
            expires_at=timezone.now() + timedelta(days=1),
        )
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=headers)

    def post(self, path: str, body: Any, key: str | None = "", **headers: str) -> Any:
        if key is not None:
            headers["Idempotency-Key"] = key or str(uuid4())
        return self.client.post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
        )


@pytest.fixture
def operator(world: World) -> Caller:
    return Caller(world, f"operator@{CENTRES[0]}")


def test_a_report_answers_with_the_case_it_opened(world: World, operator: Caller) -> None:
    spot = world.spot(CENTRES[0])
    answer = operator.post(
        "/reports",
        {"class": {"kind": "event", "code": "0406"}, "lon": spot.lon, "lat": spot.lat},
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["case"]["number"].endswith("-0001")
    assert answer.json()["case"]["class_name"]["zh"] == "占道经营"


def test_the_same_key_gives_the_same_answer_and_another_body_422(operator: Caller) -> None:
    key = str(uuid4())
    first = operator.post("/reports", {"description": "a"}, key)
    again = operator.post("/reports", {"description": "a"}, key)
    other = operator.post("/reports", {"description": "b"}, key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replay"] == "true"
    assert first.json()["report_id"] == again.json()["report_id"]
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert other.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("key", [None, "not-a-uuid"])
def test_a_write_without_a_key_is_refused(operator: Caller, key: str | None) -> None:
    answer = operator.post("/reports", {}, key)
    assert answer.status_code == 428


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"lon": "east"}, "lon", "value_invalid"),
        ({"lon": 999, "lat": 1}, "lon", "number_out_of_range"),
        ({"sauce": "x"}, "sauce", "field_unknown"),
        ({"source": "rumour"}, "source", "not_one_of"),
        ({"description": "x" * 2001}, "description", "text_too_long"),
        ({}, "description", "report_says_nothing"),
        ({"description": "x", "lon": 117.2}, "lat", "position_incomplete"),
        ({"occurred_at": "2026-11-23T20:00:00"}, "occurred_at", "offset_needed"),
        ({"photos": ["x"]}, "photos.0", "uuid_needed"),
        ({"class": {"kind": "event", "code": "9999"}}, "class.code", "class_unknown"),
    ],
)
def test_bad_input_names_the_field_and_what_would_be_right(
    operator: Caller, body: dict[str, Any], field: str, code: str
) -> None:
    for language, word in (("zh-CN", "。"), ("en", ".")):
        answer = operator.post("/reports", body, **{"Accept-Language": language})
        assert answer.status_code == 422, answer.content
        error = answer.json()["errors"][0]
        assert (error["field"], error["code"]) == (field, code)
        assert error["message"].endswith(word)


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", "\x00"])
def test_a_body_that_is_no_object_is_a_problem_and_never_a_fault(
    operator: Caller, body: str
) -> None:
    answer = operator.client.post(
        "/api/v1/reports",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_what_an_act_lacks_is_named_as_the_request_names_it(world: World) -> None:
    case = world.walk(world.report(), "handling")
    crew = Caller(world, f"crew@{CENTRES[0]}")
    answer = crew.post(f"/cases/{case.id}/acts/report_back", {"expected_version": case.version})
    assert answer.json()["errors"][0]["field"] == "photos"
    nothing = crew.client.post("/api/v1/files", {}, headers={"Idempotency-Key": str(uuid4())})
    assert [e["field"] for e in nothing.json()["errors"]] == ["file"]


def test_nobody_comes_in_without_a_token_or_session(world: World) -> None:
    for path in ("/me", "/cases", "/cases/map", "/territory", f"/photos/{uuid4()}"):
        answer = Client().get(f"/api/v1{path}")
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "sign_in_needed"


def test_expired_and_revoked_tokens_are_refused(world: World, operator: Caller) -> None:
    assert operator.get("/me").status_code == 200
    ApiToken.objects.update(revoked_at=timezone.now())
    assert operator.get("/me").status_code == 401
    ApiToken.objects.update(revoked_at=None, expires_at=timezone.now())
    assert operator.get("/me").status_code == 401


def test_a_session_writes_only_with_the_csrf_header(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people[f"operator@{CENTRES[0]}"])
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"content_type": "application/json", "headers": headers}
    report = json.dumps({"description": "占道"})
    assert client.post("/api/v1/reports", report, **body).status_code == 403
    client.get("/desk/")
    headers["X-CSRFToken"] = client.cookies["csrftoken"].value
    assert client.post("/api/v1/reports", report, **body).status_code == 201


def test_foreign_and_absent_answer_identically(world: World, operator: Caller) -> None:
    foreign = world.report(CENTRES[1])
    for path in ("/cases/{}", "/cases/{}/candidates"):
        one, other = operator.get(path.format(foreign.id)), operator.get(path.format(uuid4()))
        assert (one.status_code, one.content) == (404, other.content)
    body = {"expected_version": 1}
    one = operator.post(f"/cases/{foreign.id}/acts/close", body)
    other = operator.post(f"/cases/{uuid4()}/acts/close", body)
    assert (one.status_code, one.content) == (404, other.content)


def test_a_denial_stands_in_the_access_log(world: World, operator: Caller) -> None:
    case = world.report()
    answer = operator.post(f"/cases/{case.id}/acts/accept", {"expected_version": 1})
    assert answer.status_code == 403
    line = AccessEntry.objects.get()
    assert (line.kind, line.outcome) == ("denial", "forbidden")
    assert line.actor_id == world.people[f"operator@{CENTRES[0]}"].id


def test_a_conflict_carries_both_sides(world: World, operator: Caller) -> None:
    case = world.report()
    world.step(case, "filed")
    answer = operator.post(
        f"/cases/{case.id}/acts/reject", {"expected_version": 1, "reason": "重复"}
    )
    assert answer.status_code == 409
    params = answer.json()["params"]
    assert params["yours"] == {"act": "reject", "expected_version": 1}
    assert params["theirs"]["act"] == "file"


def test_the_case_says_what_this_person_may_do_now(
    world: World, operator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "clock", world.clock)
    case = world.report()
    offered = operator.get(f"/cases/{case.id}").json()["acts"]
    assert [line["act"] for line in offered] == [
        "file",
        "reject",
        "join",
        "urge",
        "link_recurrence",
        "set_parent",
    ]
    assert offered[1]["needs"] == ["reason"]
    crew = Caller(world, f"crew@{CENTRES[0]}")
    assert crew.get(f"/cases/{case.id}").status_code == 404
    world.walk(case, "dispatched")
    own = crew.get("/my/tasks").json()["tasks"][0]["acts"]
    assert [t["act"] for t in own] == [
        "accept",
        "under_way",
        "on_scene",
        "send_back",
        "dispute",
        "ask_backup",
        "ask_extension",
    ]
    task = str(case.tasks.get().id)
    assert {t["act"] for t in own if t["task_id"] == task} == {
        "accept",
        "under_way",
        "on_scene",
        "send_back",
    }


def test_every_act_of_the_table_has_an_address_of_its_own(world: World, operator: Caller) -> None:
    """Foreign and absent alike, whichever act is asked for; an act that is none is not found."""
    foreign = world.report(CENTRES[2])
    for act in {line.act for line in LIFECYCLE if line.sources}:
        body = {"expected_version": 1}
        answers = [operator.post(f"/cases/{one}/acts/{act}", body) for one in (foreign.id, uuid4())]
        assert [a.status_code for a in answers] == [404, 404], act
        assert answers[0].content == answers[1].content, act
        assert answers[0].headers["Content-Type"] == "application/problem+json", act


def test_an_act_carries_only_what_the_table_says(world: World, operator: Caller) -> None:
    case = world.report()
    body = {"expected_version": 1, "reason": "x", "assignee": {"kind": "crew", "id": str(uuid4())}}
    answer = operator.post(f"/cases/{case.id}/acts/reject", body)
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("assignee", "field_unknown")
    ]


def _upload(caller: Caller, content: bytes, name: str = "a.jpg") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return caller.client.post(
        "/api/v1/files",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Idempotency-Key": str(uuid4())},
    )


def test_a_picture_is_served_only_with_its_case(world: World, operator: Caller) -> None:
    stored = _upload(operator, picture())
    assert stored.status_code == 201, stored.content
    spot = world.spot(CENTRES[0])
    report = {"lon": spot.lon, "lat": spot.lat, "photos": [stored.json()["id"]]}
    case = operator.post("/reports", report).json()["case"]
    url = operator.get(f"/cases/{case['id']}").json()["photos"][0]["url"].removeprefix("/api/v1")

    assert operator.get(url).content[:3] == b"\xff\xd8\xff"
    assert Caller(world, f"operator@{CENTRES[1]}").get(url).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty"),
        (b"%PDF-1.4 nothing", 415, "type_not_supported"),
        (picture()[:200], 422, "truncated"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(
    operator: Caller, content: bytes, status: int, code: str
) -> None:
    answer = _upload(operator, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_export_is_limited_and_inert(world: World, operator: Caller) -> None:
    world.report()
    world.report(CENTRES[1])
    case = world.report()
    case.address = "=HYPERLINK(1)"
    case.save()
    text = b"".join(operator.get("/cases/export.csv").streaming_content).decode()
    assert text.startswith("\ufeff案号")
    assert text.count("试验-") == 2
    assert "'=HYPERLINK" in text
    assert "待立案" in text
    assert "2026-11-23 20:00" in text
    english = operator.get("/cases/export.csv", **{"Accept-Language": "en"})
    assert ",Reported," in b"".join(english.streaming_content).decode()


@pytest.mark.parametrize(
    "name", ["docs/openapi.json", "docs/lifecycle.md", "docs/policy.md", "docs/columns.md"]
)
def test_a_generated_document_is_what_the_code_says(name: str) -> None:
    from lianqin.console.generated import documents, project_root

    assert (project_root() / name).read_text() == documents()[name], "run: lianqin docs"
