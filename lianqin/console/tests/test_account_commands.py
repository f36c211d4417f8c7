"""The first accounts of a real district, made at the console."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from lianqin.accounts.models import ApiToken, Posting, User
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.console.cli import main
from lianqin.journal.models import Entry
from lianqin.territory.models import District

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough sentence"


@pytest.fixture
def world() -> World:
    world = build()
    District.objects.update(demo=False)
    return world


@pytest.fixture
def lianqin(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    monkeypatch.setenv("LIANQIN_DATABASE", "postgresql://the-tests-own/")

    def run(*words: str, typed: str = PASSWORD) -> Result:
        return CliRunner().invoke(main, ["account", *words], input=typed + "\n")

    return run


def test_an_added_operator_signs_in_and_sees_the_own_centre(world: World, lianqin: Any) -> None:
    made = lianqin("add", "li", "--name", "李四", "--role", "operator", "--place", CENTRES[0])
    assert (made.exit_code, made.output.strip()) == (0, f"added li: operator {CENTRES[0]}")
    world.report()
    client = Client()
    client.post("/sign-in", {"username": "li", "password": PASSWORD})
    assert len(client.get("/api/v1/cases").json()["items"]) == 1
    assert f"operator {CENTRES[0]}" in lianqin("list").output


def test_a_crew_member_is_posted_to_the_crew_and_a_liaison_to_the_unit(
    world: World, lianqin: Any
) -> None:
    crew = world.crews[CENTRES[0]]
    words = ("--name", "王", "--place", CENTRES[0], "--role")
    assert lianqin("add", "w", *words, "crew_member", "--crew", crew.name_zh).exit_code == 0
    assert lianqin("add", "x", *words, "unit_liaison", "--unit", "section0").exit_code == 0
    assert Posting.objects.get(user__username="w").crew_id == crew.id
    assert Posting.objects.get(user__username="x").unit_id == world.units["990101/990101001"].id


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["--role", "king", "--place", DISTRICT], PASSWORD, "No such role"),
        (["--role", "operator", "--place", "320303"], PASSWORD, "begins with 990101"),
        (["--role", "crew_member", "--place", DISTRICT], PASSWORD, "No crew named"),
        (["--role", "unit_liaison", "--place", DISTRICT], PASSWORD, "No unit"),
        (["--role", "operator", "--place", DISTRICT], "short", "too short"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(
    world: World, lianqin: Any, words: list[str], typed: str, said: str
) -> None:
    before = User.objects.count()
    answer = lianqin("add", "new", "--name", "新", *words, typed=typed)
    assert answer.exit_code == 1
    assert said in answer.output
    assert User.objects.count() == before


def test_a_program_gets_a_token_and_no_password(world: World, lianqin: Any) -> None:
    words = ("--name", "接口", "--role", "reporter_client", "--place", DISTRICT, "--machine")
    assert lianqin("add", "app", *words).exit_code == 0
    token = lianqin("token", "app", "--days", "30").output.strip()
    client = Client(headers={"authorization": f"Bearer {token}"})
    assert client.get("/api/v1/me").json()["user"]["username"] == "app"
    assert ApiToken.objects.get().scopes == ["act", "read", "report"]
    assert not User.objects.get(username="app").has_usable_password()
    assert "There is no account" in lianqin("token", "nobody").output


def test_what_the_console_does_stands_in_the_journal_like_an_administrators_act(
    world: World, lianqin: Any
) -> None:
    words = ("--name", "接口", "--role", "reporter_client", "--place", DISTRICT, "--machine")
    lianqin("add", "app", *words)
    lianqin("token", "app")
    user = User.objects.get(username="app")
    told = Entry.objects.filter(subject_kind="account", subject_id=user.id).order_by("position")
    assert [(e.act, e.actor_role) for e in told] == [
        ("invite", "security_admin"),
        ("issue_token", "security_admin"),
    ]
    assert not User.objects.get(username="console").is_active
    assert "No tokens for administrators" in lianqin("token", f"audit_admin@{DISTRICT}").output
    assert "own account" in lianqin("add", "clock", *words).output
