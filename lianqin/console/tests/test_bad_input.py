"""Whatever comes in, the answer is a problem document with a code: no fault, no HTML page."""

from __future__ import annotations

import itertools
import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianqin.cases.tests.world import CENTRES, World, build, picture
from lianqin.console.tests.test_api import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def operator(world: World) -> Caller:
    caller = Caller(world, f"operator@{CENTRES[0]}")
    caller.client.raise_request_exception = False
    return caller


def is_problem(answer: Any) -> bool:
    """A problem document with words, of a client's fault."""
    return (
        400 <= answer.status_code < 500
        and answer.headers["Content-Type"] == "application/problem+json"
        and bool(answer.json()["code"])
        and bool(answer.json()["title"])
    )


STRANGE: list[Any] = [
    "\x00",
    "a\x00b",
    "\ud800",
    "",
    " ",
    "%",
    "x" * 3000,
    0,
    -1,
    10**40,
    1e308,
    True,
    None,
    [],
    {},
    [[[[[]]]]],
    {"kind": "event", "code": "0406"},
    {"kind": "crew", "id": "x"},
    "0193a2b4-0000-7000-8000-000000000002",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30T00:00:00Z",
    "１２３４",
]
ACTS = {
    "file": {"class": {"kind": "event", "code": "0406"}},
    "reject": {"reason": "x"},
    "join": {"case_id": str(uuid4())},
    "dispatch": {"assignee": {"kind": "crew", "id": str(uuid4())}, "note": "x"},
    "told_by_radio": {},
    "accept": {},
    "report_back": {"photos": [str(uuid4())], "note": "x"},
    "send_back": {"reason": "x"},
    "check_pass": {"note": "x", "photos": []},
    "check_fail": {"reason": "x"},
    "close": {"note": "x"},
}
REPORT = {
    "source": "public",
    "class": {"kind": "event", "code": "0406"},
    "service_name": "x",
    "description": "x",
    "address": "x",
    "lon": 117.2,
    "lat": 34.2,
    "datum": "wgs84",
    "area_code": "990101001001",
    "case_number": "",
    "external_number": "x",
    "occurred_at": "2026-11-23T20:04:00+08:00",
    "photos": [],
    "reporter": {"name": "x", "phone": "1"},
}


def _bodies(plain: dict[str, Any]) -> list[dict[str, Any]]:
    found = [{**plain, name: odd} for name in [*plain, "sauce", "\x00"] for odd in STRANGE]
    for name, odd in itertools.product(("kind", "code"), STRANGE):
        found.append({**plain, "class": {"kind": "event", "code": "0406", name: odd}})
    for name, odd in itertools.product(("name", "phone"), STRANGE):
        found.append({**plain, "reporter": {"name": "x", "phone": "x", name: odd}})
    return found


def _faults(caller: Caller, path: str, bodies: list[dict[str, Any]]) -> list[Any]:
    wrong = []
    for body in bodies:
        answer = caller.post(path, body)
        if not (answer.status_code in (200, 201) or is_problem(answer)):
            wrong.append((path, str(body)[:160], answer.status_code))
    return wrong


def test_a_report_with_any_strange_field(operator: Caller) -> None:
    assert _faults(operator, "/reports", _bodies(REPORT)) == []


@pytest.mark.parametrize("act", ACTS)
def test_an_act_with_any_strange_field(world: World, operator: Caller, act: str) -> None:
    case = world.report()
    plain = {"expected_version": 1, "occurred_at": "2026-11-23T20:04:00+08:00", **ACTS[act]}
    bodies = [{**plain, name: odd} for name in [*plain, "sauce"] for odd in STRANGE]
    assert _faults(operator, f"/cases/{case.id}/acts/{act}", bodies) == []


PATHS = [
    "/cases?tab={}",
    "/cases?after={}",
    "/cases?limit={}",
    "/cases?q={}",
    "/cases?q=a&tab={}",
    "/cases/export.csv?tab={}",
    "/cases/{}",
    "/cases/{}/candidates",
    "/cases/counts?{}",
    "/cases/map?x={}",
    "/photos/{}",
    "/my/tasks?{}",
    "/territory?{}",
    "/nothing/{}",
]
QUERY = [
    "%00", "a%00b", "%ED%A0%80", "%FF", "%25", "%20%20", "_", "'", '"', "-1", "0", "9" * 40, "1e3",
    "garbage", "x" * 3000, "%E5%8D%A0" * 400, "a%20" * 900, "null", "[]", "00000000-0000", "\\",
    "试", "2026-20261123-0001", "99999999-1", "²",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_or_query_with_anything_in_it(operator: Caller, path: str) -> None:
    wrong = []
    for text in QUERY:
        answer = operator.get(path.format(text))
        if answer.streaming:
            b"".join(answer.streaming_content)
        if not (answer.status_code == 200 or is_problem(answer)):
            wrong.append((text[:40], answer.status_code, answer.headers.get("Content-Type")))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "trace"])
def test_any_method_anywhere(world: World, operator: Caller, method: str) -> None:
    case = world.report()
    wrong = []
    for path in ("/reports", "/cases", f"/cases/{case.id}", "/files", "/me", "/nothing",
                 "/", "/cases/", f"/cases/{case.id}/acts/dance"):  # fmt: skip
        answer = getattr(operator.client, method)(f"/api/v1{path}")
        if not (answer.status_code == 200 or is_problem(answer)):
            wrong.append((path, answer.status_code, answer.headers.get("Content-Type")))
    assert wrong == []


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{}", "text/plain"),
        (b"{}", ""),
        (b"a=1", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"<a/>", "application/xml"),
        (b"\xff\xfe{", "application/json"),
        (b'{"description":"\xff"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"reporter":' * 2000 + b"1" + b"}" * 2000, "application/json"),
        (b'{"lon": NaN, "lat": Infinity}', "application/json"),
        (b'{"lon": 1e999, "lat": 1}', "application/json"),
        (b'{"description": "' + b"x" * 3_000_000 + b'"}', "application/json"),
        (b'{"description": "a", "description": "b"}', "application/json"),
        (b'{"expected_version": ' + b"9" * 5000 + b"}", "application/json"),
    ],
)
def test_a_body_of_any_kind(world: World, operator: Caller, body: bytes, kind: str) -> None:
    for path in ("/reports", f"/cases/{world.report().id}/acts/close", "/files"):
        answer = operator.client.post(
            f"/api/v1{path}", data=body, content_type=kind, headers=_key()
        )
        assert answer.status_code in (200, 201) or is_problem(answer), (path, answer.content[:300])


def test_uploads_of_any_shape(operator: Caller) -> None:
    def send(**data: Any) -> Any:
        return operator.client.post("/api/v1/files", data, headers=_key())

    def one(name: str = "a.jpg") -> SimpleUploadedFile:
        return SimpleUploadedFile(name, picture())

    assert is_problem(send())
    assert is_problem(send(file="text"))
    assert is_problem(send(picture=one()))
    assert send(file=[one(), one("b.jpg")]).status_code in (201, 422)
    for name in ("\x00.jpg", "../../x", "x" * 400, "照片.jpg"):
        answer = send(file=one(name))
        assert answer.status_code == 201 or is_problem(answer), name
    assert is_problem(send(**{f"f{n}": "x" for n in range(2000)}))
    assert is_problem(send(**{f"f{n}": one() for n in range(200)}))


@pytest.mark.parametrize(
    "key",
    ["\x00", "", "x" * 5000, "{}", "0" * 32, "ＡＢ", "0193a2b4-0000-7000-8000-000000000001\x00"],
)
def test_any_idempotency_key(operator: Caller, key: str) -> None:
    answer = operator.client.post(
        "/api/v1/reports", "{}", content_type="application/json", headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 201 or is_problem(answer)


@pytest.mark.parametrize("token", ["\x00", "", "x" * 9000, "é", "a b"])
def test_any_token_and_any_session(world: World, token: str) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert is_problem(answer)
    from django.conf import settings

    client.cookies[settings.SESSION_COOKIE_NAME] = token
    assert is_problem(client.get("/api/v1/me"))


def test_a_problem_speaks_the_readers_language_everywhere(operator: Caller) -> None:
    for path in ("/nothing", "/cases/x", "/cases?tab=garbage", "/cases/export.csv?tab=garbage"):
        zh = operator.get(path, **{"Accept-Language": "zh-CN"}).json()
        en = operator.get(path, **{"Accept-Language": "en"}).json()
        assert zh["code"] == en["code"]
        assert zh["title"] != en["title"]
        assert json.dumps(en, ensure_ascii=False).isascii()


def test_a_fault_of_ours_is_a_problem_too(
    operator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianqin.cases import queries

    def broken(*_: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(queries, "counts", broken)
    answer = operator.get("/cases/counts")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content


def test_a_database_that_is_away_where_the_session_is_read_is_said_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from lianqin.accounts import sitting

    def away(*_: Any) -> None:
        raise OperationalError("server closed the connection")

    client = Client(raise_request_exception=False)
    client.force_login(world.people[f"operator@{CENTRES[0]}"])
    monkeypatch.setattr(sitting, "sitting_of", away)
    answer = client.get("/api/v1/cases/counts")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")


def test_the_sign_in_page_takes_anything(world: World) -> None:
    client = Client(raise_request_exception=False)
    for name in ("\x00", "x" * 5000, "é\x00"):
        for path in ("/sign-in", "/sign-in/demo"):
            answer = client.post(path, {"username": name, "password": name, "next": "//evil\x00"})
            assert answer.status_code < 500, (path, name)


def test_who_waits_too_long_is_told_that_others_are_busy(
    operator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from lianqin.cases import queries

    class Cause(Exception):
        sqlstate = "55P03"

    def waiting(*_: Any) -> None:
        raise OperationalError("lock timeout") from Cause()

    monkeypatch.setattr(queries, "counts", waiting)
    answer = operator.get("/cases/counts")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]
