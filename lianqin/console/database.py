"""Which database this process talks to, and how a command outside `serve` gets at it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg

from lianqin.console import roles
from lianqin.console.home import Home
from lianqin.console.postgres import DATABASE, Embedded
from lianqin.console.processes import with_package
from lianqin.console.roles import APP, OWNER
from lianqin.console.words import Refusal, tr

VARIABLE = "LIANQIN_DATABASE"
WAIT_FOR_LOCK = 20.0


@dataclass(frozen=True)
class External:
    """A PostgreSQL of the user's, named by DATABASE_URL (an administrator's login)."""

    admin_url: str
    home: Home

    @property
    def database(self) -> str:
        """The database named in the address; `postgres` and none mean `lianqin`."""
        named = unquote(urlsplit(self.admin_url).path.lstrip("/"))
        return DATABASE if named in ("", "postgres") else named

    def url(self, role: str = APP) -> str:
        """Address for lianqin_app or lianqin_owner."""
        key = {APP: "db_app_password", OWNER: "db_owner_password"}[role]
        return roles.with_login(self.admin_url, role, self.home.key(key), self.database)

    def prepare(self) -> None:
        """Make roles, database and rights as far as missing; see `roles.prepare`."""
        roles.prepare(
            self.admin_url,
            self.database,
            owner_password=self.home.key("db_owner_password"),
            app_password=self.home.key("db_app_password"),
        )


def external(home: Home) -> External | None:
    """The user's own server, if DATABASE_URL names one. Raises Refusal for another kind of URL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return None
    if urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise Refusal(
            tr(
                "DATABASE_URL 须以 postgresql:// 开头;本系统只使用 PostgreSQL。",
                "DATABASE_URL must begin with postgresql://; Lianqin runs on PostgreSQL only.",
            )
        )
    return External(url, home)


@contextmanager
def database(
    role: str = APP, home: Home | None = None, *, first_tables: bool = True
) -> Iterator[str]:
    """The address of the install's database, for a command outside `serve`.

    Takes LIANQIN_DATABASE as it stands; else asks the `serve` that runs on the home; else uses
    DATABASE_URL; else starts the embedded server for the duration. While inside, LIANQIN_DATABASE
    is set, so call this before `django.setup()`. A database that has no tables at all yet gets them
    (not for the owner, who is about to migrate, nor without `first_tables`).
    """
    if given := os.environ.get(VARIABLE):
        yield given
        return
    home = home or Home.from_environment()
    home.prepare()
    if state := home.serving():
        with _as_variable(_of_serving(home, state, role)) as url:
            yield url
        return
    if own := external(home):
        own.prepare()
        if first_tables and role == APP:
            _make_first_tables(home, own.url(OWNER))
        with _as_variable(own.url(role)) as url:
            yield url
        return
    with (
        home.hold(WAIT_FOR_LOCK),
        Embedded(home) as server,
        _as_variable(server.url(role)) as url,
    ):
        if first_tables and role == APP:
            _make_first_tables(home, server.url(OWNER))
        yield url


def _make_first_tables(home: Home, owner_url: str) -> None:
    """Migrate a database that nobody has migrated yet; upgrades are left to `serve`."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    if row and row[0]:
        return
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--noinput", "--verbosity=0"],
        env=with_package(os.environ)
        | {
            VARIABLE: owner_url,
            "LIANQIN_HOME": str(home.root),
            "DJANGO_SETTINGS_MODULE": "lianqin.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refusal(tr("无法建立数据表:", "The tables could not be made:") + "\n" + done.stderr)


def _of_serving(home: Home, state: dict[str, object], role: str) -> str:
    url = str(state.get("database") or "")
    if not url:
        raise Refusal(
            tr(
                "lianqin serve 正在启动,请稍后再试。",
                "`lianqin serve` is still starting; try again in a moment.",
            )
        )
    if role == APP:
        return url
    name = unquote(urlsplit(url).path.lstrip("/"))
    return roles.with_login(url, role, home.key("db_owner_password"), name)


@contextmanager
def _as_variable(url: str) -> Iterator[str]:
    os.environ[VARIABLE] = url
    try:
        yield url
    finally:
        del os.environ[VARIABLE]
