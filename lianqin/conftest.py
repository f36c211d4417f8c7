"""Test ground: a real PostgreSQL per worker, a template database, and the application's own role.

Tests run as `lianqin_app`, never as the owner: a right that is missing in production is missing
here. Tests that commit get a database of their own, copied from the template.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from lianqin.console.postgres import Embedded

TEMPLATE = "lianqin"


@pytest.fixture(scope="session")
def server() -> Iterator[Embedded]:
    """The worker's own embedded server, migrated once as the owner."""
    # A short path: a unix socket's name may have 107 bytes. Traversable, for the server's own user.
    home = Path(tempfile.mkdtemp(prefix="lqt-"))
    home.chmod(0o755)
    try:
        with Embedded(home, durable=False) as running:
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "-v0"],
                check=True,
                env={
                    **os.environ,
                    "LIANQIN_DATABASE": running.url("lianqin_owner"),
                    "LIANQIN_HOME": str(home),
                    "DJANGO_SETTINGS_MODULE": "lianqin.settings",
                },
            )
            yield running
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def database_from_template(server: Embedded) -> Iterator[str]:
    """A fresh database with the application's rights, dropped at the end."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    admin = server.url("postgres", "postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE} OWNER lianqin_owner')
    try:
        yield name
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _point_at(url: str) -> None:
    from lianqin.settings import _database

    connection = connections["default"]
    connection.close()
    for key, value in _database(url).items():
        connection.settings_dict[key] = value
    connection.settings_dict["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def django_db_setup(server: Embedded, django_db_blocker: object) -> Iterator[None]:
    """Replace Django's test database: ours is migrated by the owner and used by the application."""
    with database_from_template(server) as name, django_db_blocker.unblock():  # type: ignore[attr-defined]
        _point_at(server.url("lianqin_app", name))
        yield
        connections["default"].close()


@pytest.fixture
def committed(
    server: Embedded, django_db_setup: None, django_db_blocker: object
) -> Iterator[Callable[[str], str]]:
    """A database of the test's own, in which acts really commit; gives its address per role."""
    before = dict(connections["default"].settings_dict)
    with database_from_template(server) as name, django_db_blocker.unblock():  # type: ignore[attr-defined]
        _point_at(server.url("lianqin_app", name))
        yield lambda role: server.url(role, name)
        connections["default"].close()
        connections["default"].settings_dict.update(before)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> Path:
    """A data folder of the test's own."""
    settings.LIANQIN_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def _no_zone_kept() -> None:
    from lianqin.territory.queries import forget_zone

    forget_zone()


@pytest.fixture(autouse=True)
def _fast_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
