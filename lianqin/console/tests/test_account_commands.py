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


OWN = "quiet river below the hill"


def change(client: Client, before: str = PASSWORD, after: str = OWN) -> Any:
    """Do what the first sign-in with somebody else's password asks for."""
    typed = {"oldpassword": before, "password1": after, "password2": after}
    return client.post("/account/password/change/", typed)


def test_an_added_operator_chooses_a_password_and_sees_the_own_centre(
    world: World, lianqin: Any
) -> None:
    made = lianqin("add", "li", "--name", "李四", "--role", "operator", "--place", CENTRES[0])
    assert (made.exit_code, made.output.strip()) == (0, f"added li: operator {CENTRES[0]}")
    world.report()
    client = Client()
    client.post("/sign-in", {"username": "li", "password": PASSWORD})
    assert client.get("/api/v1/cases").json()["code"] == "password_change_needed"
    assert client.get("/desk/").headers["Location"] == "/account/password/change/"
    assert change(client).headers["Location"] == "/account/"
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


def test_an_invited_administrator_sets_the_first_password(world: World, lianqin: Any) -> None:
    """The very first of a real district: nothing else is there to invite anybody with."""
    words = ("--name", "安管", "--role", "security_admin", "--place", DISTRICT)
    said = lianqin("invite", "sec", *words).output
    link = next(word for word in said.split() if "/account/invitation?token=" in word)
    assert not User.objects.get(username="sec").has_usable_password()
    client = Client()
    client.get("/account/invitation?" + link.partition("?")[2])
    typed = {"password": OWN, "again": OWN}
    assert client.post("/account/invitation", typed).headers["Location"] == "/sign-in?invited=1"
    answer = client.post("/sign-in", {"username": "sec", "password": OWN})
    assert client.get(answer.headers["Location"]).headers["Location"] == "/account/2fa/"


def test_who_is_invited_again_needs_no_more_than_the_name(world: World, lianqin: Any) -> None:
    lianqin("add", "li", "--name", "李四", "--role", "operator", "--place", CENTRES[0])
    assert "/account/invitation?token=" in lianqin("invite", "li").output
    assert "say --name, --role and --place" in lianqin("invite", "nobody").output
    assert not User.objects.filter(username="nobody").exists()


def test_a_real_district_has_no_account_that_nobody_made(server: Any) -> None:
    """No default account: what the migrations leave holds nobody who could come in."""
    import psycopg

    with psycopg.connect(server.url("lianqin_owner")) as owner:
        found = owner.execute("SELECT count(*) FROM accounts_user").fetchone()
    assert found == (0,)


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
