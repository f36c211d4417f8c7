"""Where people begin their work, and the pages beside the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from lianqin.accounts.models import Posting
from lianqin.cases.tests.world import CENTRES, OFFICES, World, build

pytestmark = pytest.mark.django_db
LIAISON = f"unit@{OFFICES[0]}"


@pytest.fixture
def world() -> World:
    return build()


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


@pytest.mark.parametrize(
    ("name", "page"), [(LIAISON, "/unit/"), (f"operator@{CENTRES[0]}", "/desk/")]
)
def test_everybody_begins_where_their_work_is(world: World, name: str, page: str) -> None:
    assert signed_in(world, name).get("/").url == page  # type: ignore[attr-defined]


def test_a_liaison_who_holds_another_post_too_begins_at_the_desk(world: World) -> None:
    Posting.objects.create(user=world.people[LIAISON], role="operator", place=CENTRES[0])
    assert signed_in(world, LIAISON).get("/").url == "/desk/"  # type: ignore[attr-defined]


def test_who_signs_in_for_no_page_in_particular_is_sent_home(world: World) -> None:
    answer = Client().post("/sign-in/demo", {"username": LIAISON}, follow=True)
    assert answer.redirect_chain[-1][0] == "/unit/"


def test_the_page_is_for_the_signed_in_and_keeps_its_policy(
    world: World, settings: object, tmp_path: Path
) -> None:
    settings.WEB_DIST = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "unit.html").write_text("<p>list</p>")
    assert Client().get("/unit/").url == "/sign-in?next=/unit/"  # type: ignore[attr-defined]
    answer = signed_in(world, LIAISON).get("/unit/")
    assert answer.content == b"<p>list</p>"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert signed_in(world, LIAISON).post("/unit/").status_code == 405
