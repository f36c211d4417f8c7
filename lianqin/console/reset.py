"""`lianqin demo reset`: wipe a demo district, nothing else, so that the next start seeds anew."""

from __future__ import annotations

import shutil

import psycopg

from lianqin.console import roles
from lianqin.console.database import external
from lianqin.console.home import Home
from lianqin.console.postgres import DATABASE, SUPERUSER, Embedded
from lianqin.console.roles import APP
from lianqin.console.words import Refusal, tr

# What grew out of the district's data. Keys, logs and the database's own folder stay.
GROWN = ("files", "seals", "demo-day")
MARKERS = ("demo-accounts.json", "demo-seeded", "demo-time.json", "demo-day.json")


def reset(home: Home) -> None:
    """Drop the database and the stored files of an install that is flagged demo.

    Raises Refusal where the district is a real one, and Busy while `lianqin serve` runs.
    """
    home.prepare()
    with home.hold():
        own = external(home)
        if own:
            _wipe(home, own.url(APP), own.admin_url, own.database)
            return
        server = Embedded(home)
        server.start()
        try:
            _wipe(home, server.url(APP), server.url(SUPERUSER, "postgres"), DATABASE)
        finally:
            server.stop()


def _wipe(home: Home, app_url: str, admin_url: str, database: str) -> None:
    if not _may_be_wiped(app_url):
        raise Refusal(
            tr(
                "这不是演示城区,不会删除任何数据。",
                "This is not a demo district; nothing has been deleted.",
            )
        )
    roles.drop(admin_url, database)
    for name in GROWN:
        shutil.rmtree(home.root / name, ignore_errors=True)
    for name in MARKERS:
        (home.root / name).unlink(missing_ok=True)


def _may_be_wiped(app_url: str) -> bool:
    """True for a district flagged demo, and where there is no district (or database) at all."""
    try:
        with psycopg.connect(app_url) as connection:
            table = connection.execute("SELECT to_regclass('public.territory_district')").fetchone()
            if not table or table[0] is None:
                return True
            row = connection.execute("SELECT demo FROM territory_district").fetchone()
            return row is None or bool(row[0])
    except psycopg.OperationalError as error:
        if "does not exist" in str(error):
            return True
        raise Refusal(str(error)) from error
