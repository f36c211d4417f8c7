"""The pages around the API: sign-in, its demo cards, the desk's entry."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from lianqin.accounts import http
from lianqin.accounts.models import AccessEntry, Posting
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.territory.models import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """The twin district in its late shift, whatever the time is here: cards show who is on duty."""
    found = build()
    monkeypatch.setattr(http, "clock", found.clock)
    return found


def _make_real(world: World) -> None:
    District.objects.update(demo=False)


def test_a_demo_install_offers_a_card_per_role(world: World) -> None:
    page = Client().get("/sign-in").content.decode()
    assert page.count('name="username" value=') == 13
    assert "演示数据" in page


def test_crews_of_other_shifts_have_no_card(world: World) -> None:
    world.clock.advance(timedelta(hours=6))
    page = Client().get("/sign-in").content.decode()
    assert page.count('name="username" value=') == 12
    assert "联勤组队员" not in page


def test_a_real_install_offers_no_cards_and_no_way_in_without_a_password(world: World) -> None:
    _make_real(world)
    name = f"operator@{CENTRES[0]}"
    assert 'action="/sign-in/demo"' not in Client().get("/sign-in").content.decode()
    assert Client().post("/sign-in/demo", {"username": name}).status_code == 404


def test_a_card_signs_in_and_is_noted(world: World) -> None:
    client = Client()
    answer = client.post("/sign-in/demo", {"username": f"operator@{CENTRES[0]}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert AccessEntry.objects.get().act == "sign_in_demo"
    assert client.get("/api/v1/me").json()["user"]["username"] == f"operator@{CENTRES[0]}"


def test_only_demo_accounts_have_cards(world: World) -> None:
    user = world.people[f"operator@{CENTRES[0]}"]
    user.origin = "live"
    user.save()
    assert Client().post("/sign-in/demo", {"username": user.username}).status_code == 404


def test_a_wrong_password_is_refused_in_words_and_noted(world: World) -> None:
    for language, words in (("zh-CN", "用户名或密码不对"), ("en", "password is wrong")):
        answer = Client(headers={"accept-language": language}).post(
            "/sign-in", {"username": "nobody", "password": "x"}
        )
        assert words in answer.content.decode()
    assert {entry.outcome for entry in AccessEntry.objects.all()} == {"refused"}


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_signing_in_leads_nowhere_else(world: World, target: str) -> None:
    answer = Client().post("/sign-in/demo", {"username": f"operator@{CENTRES[0]}", "next": target})
    assert answer.headers["Location"] == "/"


def test_the_desk_asks_for_a_sign_in_first(world: World) -> None:
    answer = Client().get("/desk/cases/1")
    assert answer.headers["Location"] == "/sign-in?next=/desk/cases/1"


def test_every_page_carries_the_policy_of_the_house(
    world: World, settings: object, tmp_path: Path
) -> None:
    settings.WEB_DIST = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "index.html").write_text("<!doctype html>")
    client = Client()
    client.force_login(world.people[f"operator@{CENTRES[0]}"])
    for path in ("/sign-in", "/desk/", "/api/v1/me", "/nowhere"):
        policy = client.get(path).headers["Content-Security-Policy"]
        parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert parts["script-src"] == "'self'", path
        assert parts["style-src"] == "'self'"
        assert parts["style-src-attr"] == "'unsafe-inline'"
        assert parts["worker-src"] == "'self'"
        assert parts["img-src"] == "'self' data: blob:"
        assert "frame-ancestors 'none'" in policy


def test_an_ended_posting_gives_nothing_any_more(world: World) -> None:
    from datetime import date

    from django.db.backends.postgresql.psycopg_any import DateRange

    world.report()
    client = Client()
    client.force_login(world.people[f"operator@{CENTRES[0]}"])
    assert len(client.get("/api/v1/cases").json()["items"]) == 1
    Posting.objects.filter(user=world.people[f"operator@{CENTRES[0]}"]).update(
        dates=DateRange(date(2020, 1, 1), date(2020, 2, 1))
    )
    assert client.get("/api/v1/cases").json()["items"] == []


def test_the_tokens_follow_the_readers_system_without_a_script() -> None:
    text = Client().get("/tokens.css").content.decode()
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    assert "--bg: #f6f7f9" in light
    assert "--bg: #0e141b" in dark
