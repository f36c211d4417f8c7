"""Forced browsing, other methods, fields that nobody asked for, tokens and keys of others."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lianqin.accounts.models import AccessEntry, ApiToken, Idempotency
from lianqin.cases.models import Case
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build, picture
from lianqin.console.api import api
from lianqin.console.doors import DOORS, Door
from lianqin.console.tests.policy_document import page
from lianqin.console.tests.test_api import Caller
from lianqin.console.tests.test_api_promises import ASKERS
from lianqin.console.tests.test_doors import BODIES as PLAIN
from lianqin.journal.queries import head
from lianqin.territory.models import District

pytestmark = pytest.mark.django_db

HERE = CENTRES[0]
API = [door for door in DOORS if door.method != "page"]
PAGES = [door for door in DOORS if door.method == "page" and "*" not in door.route]
#: Something in the place of every word of a route.
WORDS = {"kind": "event", "code": "0406", "duty_date": "2026-11-23"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def world() -> World:
    return build()


def address_of(door: Door) -> str:
    """An address of the door; ids are nobody's."""
    route = door.route.replace("^desk(?:/.*)?$", "desk/")
    while "<" in route:
        word = route[route.index("<") + 1 : route.index(">")]
        if (door.route, word) == ("api/v1/contacts/<kind>", "kind"):
            route = route.replace("<kind>", "phone")
        route = route.replace(f"<{word}>", WORDS.get(word, str(uuid4())))
    return f"/{route}"


def ask(client: Client, door: Door, **headers: str) -> Any:
    """The plainest request at a door."""
    sent = {"Idempotency-Key": str(uuid4()), **headers}
    if door.method == "GET":
        return client.get(address_of(door), headers=headers)
    body = json.dumps(PLAIN.get(door.act, {"expected_version": 1}))
    return client.generic(
        door.method, address_of(door), body, content_type="application/json", headers=sent
    )


def test_nobody_comes_in_unsigned(world: World) -> None:
    before, wrong = head(), []
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        for door in API:
            answer = ask(Client(), door, **headers)
            if answer.status_code != 401 or answer.json()["code"] != "sign_in_needed":
                wrong.append((door.method, door.route, answer.status_code))
    assert wrong == []
    assert head() == before


def test_a_page_that_is_not_open_leads_to_the_sign_in(world: World) -> None:
    District.objects.update(demo=False)
    for door in PAGES:
        answer = Client().get(address_of(door))
        if door.opens in ("person", "administrator"):
            where = answer.headers.get("Location", "")
            assert answer.status_code == 404 or where.startswith("/sign-in"), door
        elif door.opens == "demo":
            assert Client().post(address_of(door), {"username": "x"}).status_code == 404
        else:
            assert answer.status_code in (200, 302, 401, 404, 405), door


def test_reading_writes_nothing_and_never_fails_whoever_reads(world: World) -> None:
    world.walk(world.report(), "to_check")
    before, wrong = head(), []
    cases = list(Case.objects.values_list("id", "version", "state"))
    for name in ASKERS:
        client = Caller(world, name).client
        for door in API:
            if door.method != "GET":
                continue
            status = ask(client, door).status_code
            right = {200} if door.opens == "common" else {200, 404, 422}
            if door.act:
                role = name.split("@")[0].replace("crew", "crew_member")
                marked = role.replace("unit", "unit_liaison") in page().acts[door.act].roles
                right = {200} if marked else {403, 404}
            if status not in right:
                wrong.append((name, door.route, status))
    assert wrong == []
    assert (head(), list(Case.objects.values_list("id", "version", "state"))) == (before, cases)


def test_another_method_is_another_door_and_no_header_changes_it(world: World) -> None:
    client = Caller(world, f"district_desk@{DISTRICT}").client
    by_route: dict[str, set[str]] = {}
    for door in API:
        by_route.setdefault(door.route, set()).add(door.method)
    before, wrong = head(), []
    for door in API:
        for method in METHODS - by_route[door.route]:
            override = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
            answer = client.generic(method, address_of(door), headers=override)
            # An address may fit a door beside it, whose word takes anything.
            if answer.status_code not in (404, 405):
                wrong.append((method, door.route, answer.status_code))
    assert wrong == []
    assert head() == before


#: What belongs to the server, to other operations, or to the language underneath.
FORBIDDEN = {
    "id": str(uuid4()),
    "state": "closed",
    "place": DISTRICT,
    "version": 99,
    "origin": "live",
    "actor_id": str(uuid4()),
    "recorded_at": "2026-11-23T00:00:00Z",
    "is_superuser": True,
    "role": "district_desk",
    "_state": {},
    "__class__": "x",
}


def _model(door: Door, schema: dict[str, Any]) -> set[str]:
    """The fields that an operation takes in its body, by the schema."""
    path = f"/{door.route}".replace("<", "{").replace(">", "}")
    content = schema["paths"][path][door.method.lower()].get("requestBody", {}).get("content", {})
    found = content.get("application/json", {}).get("schema", {})
    name = found.get("$ref", "").rpartition("/")[2]
    return set(schema["components"]["schemas"][name]["properties"]) if name else set()


def test_a_field_that_the_operation_does_not_have_is_refused_by_name(world: World) -> None:
    desk = Caller(world, f"district_desk@{DISTRICT}")
    schema = api.get_openapi_schema()
    before, wrong, tried = head(), [], 0
    for door in API:
        own = _model(door, schema) if door.method != "GET" else set()
        for name, value in FORBIDDEN.items() if own else ():
            if name in own:
                continue
            body = {**PLAIN.get(door.act, {"expected_version": 1}), name: value}
            answer = desk.client.generic(
                door.method, address_of(door), json.dumps(body), content_type="application/json",
                headers={"Idempotency-Key": str(uuid4())},
            )  # fmt: skip
            told = answer.json().get("errors", [])
            if {"field": name, "code": "field_unknown"} not in [
                {"field": one["field"], "code": one["code"]} for one in told
            ]:
                wrong.append((door.route, name, answer.status_code, told))
            tried += 1
    assert tried > 500
    assert wrong == []
    assert head() == before


@pytest.mark.parametrize("path", ["/files", "/tickets", "/unit/sheet"])
def test_a_form_is_held_to_its_fields_too(world: World, path: str) -> None:
    desk = Caller(world, f"operator@{HERE}")
    for name in ("uploader_id", "place", "state"):
        sent = {"file": SimpleUploadedFile("x.jpg", picture()), "source": "hotline", name: "x"}
        if path != "/tickets":
            sent.pop("source")
        answer = desk.client.post(f"/api/v1{path}", sent, headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code == 422, answer.content
        assert answer.json()["errors"][0]["field"] == name


def _opens(token: str) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return int(Client(headers=headers).get("/api/v1/me").status_code)


def test_a_token_opens_nothing_once_it_is_over(world: World) -> None:
    """Revoked, expired, of another install, of an account that was switched off."""
    name = f"operator@{HERE}"
    Caller(world, name)
    token = f"token-{name}"
    assert _opens(token) == 200

    ApiToken.objects.update(revoked_at=timezone.now())
    assert _opens(token) == 401
    ApiToken.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert _opens(token) == 401
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert _opens(token) == 200
    assert _opens(f"{token}x") == _opens("of-another-install") == 401
    assert _opens(ApiToken.objects.get().hash) == 401, "the stored hash is no token"

    user = world.people[name]
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert _opens(token) == 401


def test_a_token_is_taken_from_its_header_alone(world: World) -> None:
    name = f"operator@{HERE}"
    Caller(world, name)
    for query in (f"?token=token-{name}", f"?access_token=token-{name}", f"?key=token-{name}"):
        assert Client().get(f"/api/v1/me{query}").status_code == 401
    answer = Client().get("/api/v1/me", headers={"cookie": f"token=token-{name}"})
    assert answer.status_code == 401


def test_a_key_of_somebody_else_gives_nobody_their_answer(world: World) -> None:
    key = str(uuid4())
    one, two = (Caller(world, f"operator@{place}") for place in (HERE, CENTRES[3]))
    mine = one.post("/reports", {"description": "甲"}, key)
    theirs = two.post("/reports", {"description": "甲"}, key)

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert "Idempotent-Replay" not in theirs.headers
    assert mine.json()["report_id"] != theirs.json()["report_id"]
    assert Idempotency.objects.filter(key=key).count() == 2
    assert two.post("/reports", {"description": "乙"}, key).json()["code"] == (
        "idempotency_key_reused"
    )


def test_a_refusal_at_a_door_leaves_its_line(world: World) -> None:
    before = AccessEntry.objects.count()
    Caller(world, f"audit_admin@{DISTRICT}").post("/reports", {"description": "x"})
    line = AccessEntry.objects.order_by("-position")[0]
    assert AccessEntry.objects.count() == before + 1
    assert (line.kind, line.outcome) == ("denial", "forbidden")
