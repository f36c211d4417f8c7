"""The handheld's page, worker, manifest and icons: there for anybody, and never a redirect."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from lianqin.accounts import sitting
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.console.icons import HERE, ICONS

pytestmark = pytest.mark.django_db
PATHS = ("/handheld/", "/handheld/worker.js", "/handheld/manifest.webmanifest")
CREW = f"crew@{CENTRES[0]}"


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture(autouse=True)
def _built(settings: object, tmp_path: Path) -> None:
    settings.WEB_DIST = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "handheld.html").write_text("<p>handheld</p>")
    (tmp_path / "handheld-worker.js").write_text("self.x = 1")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def test_the_page_opens_for_anybody_and_may_be_kept_only_when_it_is_asked_for_again(
    world: World,
) -> None:
    for client in (Client(), signed_in(world, CREW)):
        answer = client.get("/handheld/")
        assert answer.content == b"<p>handheld</p>"
        assert answer["Cache-Control"] == "no-cache"
        assert "worker-src 'self'" in answer["Content-Security-Policy"]
        assert "csrftoken" in "".join(client.cookies)


def test_the_worker_is_a_script_of_its_own_address(world: World) -> None:
    answer = Client().get("/handheld/worker.js")
    assert (answer.content, answer["Cache-Control"]) == (b"self.x = 1", "no-cache")
    assert answer["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize(("language", "short"), [("zh-CN", "处置通"), ("en", "Lianqin")])
def test_the_manifest_is_in_the_readers_language_and_names_icons_that_are_there(
    world: World, language: str, short: str
) -> None:
    answer = Client().get("/handheld/manifest.webmanifest", headers={"Accept-Language": language})
    body = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (body["short_name"], body["lang"]) == (short, language)
    assert (body["start_url"], body["scope"], body["display"]) == (
        "/handheld/", "/handheld/", "standalone",
    )  # fmt: skip
    assert {(icon["sizes"], icon["purpose"]) for icon in body["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in body["icons"]:
        assert Path(icon["src"]).name in ICONS


def test_every_icon_is_drawn_in_its_size() -> None:
    for name, (size, _) in ICONS.items():
        assert Image.open(HERE / name).size == (size, size)


def test_no_session_that_has_ended_or_waits_for_something_turns_them_into_another_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(world, CREW)
    assert client.get("/api/v1/me").status_code == 200
    late = sitting.clock() + timedelta(days=3)
    monkeypatch.setattr(sitting, "clock", lambda: late)
    for path in PATHS:
        assert client.get(path).status_code == 200
    assert client.get("/api/v1/me").status_code == 401


def test_crews_and_collectors_begin_there_and_keep_the_notice_they_came_for(world: World) -> None:
    for name in (CREW, f"collector@{CENTRES[0]}"):
        assert signed_in(world, name).get("/").url == "/handheld/"  # type: ignore[attr-defined]
    answer = signed_in(world, CREW).get("/?notice=a&b=c")
    assert answer.url == "/handheld/?notice=a"  # type: ignore[attr-defined]
    answer = signed_in(world, f"operator@{CENTRES[0]}").get("/", {"notice": "a&x=1"})
    assert answer.url == "/desk/?notice=a%26x%3D1"  # type: ignore[attr-defined]


def test_without_a_built_front_end_it_says_so(settings: object, tmp_path: Path) -> None:
    settings.WEB_DIST = tmp_path / "none"  # type: ignore[attr-defined]
    assert Client().get("/handheld/").status_code == 503
