"""A demo district may be wiped; a real one never, and none while it is served."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lianqin.console.home import Busy, Home
from lianqin.console.postgres import Embedded
from lianqin.console.reset import reset
from lianqin.console.roles import APP, OWNER
from lianqin.console.tests.serving import temporary_root
from lianqin.console.words import Refusal


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with temporary_root() as made:
        yield made


def with_district(root: Path, demo: bool) -> Home:
    with Embedded(root, durable=False) as server, psycopg.connect(server.url(OWNER)) as connection:
        connection.execute("CREATE TABLE territory_district (demo boolean)")
        connection.execute("INSERT INTO territory_district VALUES (%s)", [demo])
    (root / "files" / "photo").write_text("x")
    return Home(root)


def test_a_demo_district_is_wiped(root: Path) -> None:
    home = with_district(root, demo=True)
    reset(home)
    assert not (root / "files").exists()
    with Embedded(root, durable=False) as server, psycopg.connect(server.url(APP)) as connection:
        row = connection.execute("SELECT to_regclass('territory_district')").fetchone()
    assert row == (None,)


def test_a_real_district_is_not(root: Path) -> None:
    home = with_district(root, demo=False)
    with pytest.raises(Refusal, match="not a demo district"):
        reset(home)
    assert (root / "files" / "photo").exists()


def _hold(root: Path, ready: object, done: object) -> None:
    with Home(root).hold():
        ready.set()  # type: ignore[attr-defined]
        done.wait(30)  # type: ignore[attr-defined]


def test_none_is_wiped_while_it_is_served(root: Path) -> None:
    home = Home(root)
    home.prepare()
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(root, ready, done))
    other.start()
    try:
        assert ready.wait(30)
        with pytest.raises(Busy, match="in use"):
            reset(home)
    finally:
        done.set()
        other.join()
