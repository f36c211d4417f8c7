"""`lianqin check`: configuration and health, in words, with an exit code that says the same.

A check is a function from the home to a `Finding`; rooms add theirs with `@check("name")` in a
module named in `MODULES`, where Django is set up and the database reachable.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

import click
import psycopg

from lianqin.console.database import database
from lianqin.console.home import KEYS, Home
from lianqin.console.processes import is_alive
from lianqin.console.roles import APP, OLDEST
from lianqin.console.services import Plan, check_port, takes_connections
from lianqin.console.words import Refusal, tr

State = Literal["ok", "warning", "failed"]
SCARCE_DISK = 2 * 1024**3  # bytes
SUPPORTED = ((3, 11), (3, 13))
# Modules whose import registers the rooms' own checks (calendar horizon, age of the last seal, …).
MODULES: list[str] = ["lianqin.console.room_checks"]


@dataclass(frozen=True)
class Finding:
    """What one check found: a state and a sentence."""

    state: State
    words: str


Check = Callable[[Home], Finding]
PLAIN: dict[str, Check] = {}
WITH_DATABASE: dict[str, Check] = {}


def check(name: str, *, database: bool = True) -> Callable[[Check], Check]:
    """Register a check. With `database` it runs inside `database()`, after `django.setup()`."""

    def register(function: Check) -> Check:
        (WITH_DATABASE if database else PLAIN)[name] = function
        return function

    return register


@check("python", database=False)
def python(home: Home) -> Finding:
    """The interpreter is one that is tested."""
    found = sys.version_info[:2]
    words = f"Python {sys.version.split()[0]}"
    if found < SUPPORTED[0]:
        return Finding("failed", words + tr(":需要 3.11 或更新", ": 3.11 or newer is needed"))
    if found > SUPPORTED[1]:
        return Finding("warning", words + tr(":尚未测试", ": not tested yet"))
    return Finding("ok", words)


@check("home", database=False)
def home_folder(home: Home) -> Finding:
    """The data folder can be written and lies on a disk with room."""
    if not home.root.exists():
        words = tr("尚未建立(首次运行时建立)", "not made yet (the first run makes it)")
        return Finding("warning", f"{home.root}: {words}")
    if not os.access(home.root, os.W_OK | os.X_OK):
        return Finding("failed", f"{home.root}: " + tr("不可写", "not writable"))
    free = shutil.disk_usage(home.root).free
    words = f"{home.root}, {free / 1024**3:.1f} GiB " + tr("可用", "free")
    return Finding("ok" if free > SCARCE_DISK else "warning", words)


@check("keys", database=False)
def keys(home: Home) -> Finding:
    """Every key is there and readable by its owner alone."""
    missing, open_ones = [], []
    for name in KEYS:
        try:
            mode = stat.S_IMODE((home.keys / name).stat().st_mode)
        except OSError:
            missing.append(name)
            continue
        if mode & 0o077:
            open_ones.append(f"{name} ({mode:o})")
    if open_ones:
        words = tr("他人可读,请 chmod 600:", "readable by others, chmod 600: ")
        return Finding("failed", words + ", ".join(open_ones))
    if missing:
        words = tr("尚未建立:", "not made yet: ")
        return Finding("warning", words + ", ".join(missing))
    return Finding("ok", tr("齐全,仅本人可读", "complete, readable by their owner alone"))


@check("serve", database=False)
def serve(home: Home) -> Finding:
    """A running `serve` has all its processes and answers; a port is free for one that is not."""
    state = home.serving()
    if state is None:
        try:
            check_port(Plan.from_environment(demo=False))
        except Refusal as refusal:
            return Finding("failed", str(refusal))
        return Finding("ok", tr("未运行;端口可用", "not running; its port is free"))
    services = state.get("services", {})
    dead = [name for name, one in services.items() if not is_alive(int(one["pid"]))]
    if dead:
        return Finding("failed", tr("已停止的进程:", "not alive: ") + ", ".join(dead))
    if state.get("phase") != "serving":
        return Finding("warning", tr("正在启动", "starting"))
    if not takes_connections(int(state["port"])):
        return Finding("failed", f"{state['address']}: " + tr("无应答", "no answer"))
    restarts = sum(int(one["restarts"]) for one in services.values())
    words = f"{state['address']}, {len(services)} " + tr("个进程", "processes")
    if restarts:
        words += tr(f",重启过 {restarts} 次", f", {restarts} restarts so far")
    return Finding("ok", words)


@check("front end", database=False)
def front_end(home: Home) -> Finding:
    """The staff front end is built."""
    desk = Plan(home).desk
    if (desk / "index.html").exists():
        return Finding("ok", str(desk))
    return Finding("failed", f"{desk}: " + tr("尚未构建(make run)", "not built (make run)"))


@check("database")
def server(home: Home) -> Finding:
    """PostgreSQL answers, is new enough, and we are the role without power over tables."""
    with psycopg.connect(os.environ["LIANQIN_DATABASE"], connect_timeout=10) as connection:
        row = connection.execute(
            """SELECT current_user, r.rolsuper, pg_database_size(current_database())
                 FROM pg_roles r WHERE r.rolname = current_user"""
        ).fetchone()
        version = connection.info.server_version
    assert row is not None
    role, superuser, size = row
    words = f"PostgreSQL {version // 10000}.{version % 10000}, {role}, {size / 1024**2:.0f} MiB"
    if version // 10000 < OLDEST:
        return Finding("failed", words + tr(":版本过旧", f": {OLDEST} or newer is needed"))
    if superuser or role != APP:
        return Finding("failed", words + tr(":应为", ": should be ") + APP)
    return Finding("ok", words)


@check("journal is append-only")
def append_only(home: Home) -> Finding:
    """The role that runs may neither change nor delete what the journal and access log hold."""
    question = """
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname = ANY(%s)
           AND (has_table_privilege(%s, c.oid, 'DELETE')
             OR has_table_privilege(%s, c.oid, 'TRUNCATE')
             OR has_any_column_privilege(%s, c.oid, 'UPDATE')
             OR pg_get_userbyid(c.relowner) = %s)"""
    tables = ["journal_entry", "journal_seal", "accounts_accessentry"]
    with psycopg.connect(os.environ["LIANQIN_DATABASE"]) as connection:
        loose = [r[0] for r in connection.execute(question, [tables, APP, APP, APP, APP])]
    if loose:
        return Finding("failed", tr("可被改动:", "may be changed: ") + ", ".join(loose))
    return Finding("ok", tr(f"{APP} 只能追加", f"{APP} may only append"))


@check("migrations")
def migrations(home: Home) -> Finding:
    """Every migration of this version has been applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        words = tr(f"{len(pending)} 个迁移待执行(serve 会执行)", f"{len(pending)} not applied yet")
        return Finding("failed", words)
    return Finding("ok", tr("均已执行", "all applied"))


def examine(home: Home) -> dict[str, Finding]:
    """Run every check; one that breaks is itself a failed finding, never the end of the rest."""
    findings = {name: _tried(function, home) for name, function in PLAIN.items()}
    try:
        # Looking must not make a home, nor start a server that was never set up.
        if not (home.pg.exists() or home.serving() or os.environ.get("DATABASE_URL")):
            raise Refusal(tr("尚未建立", "not made yet"))
        with database(APP, home, first_tables=False):
            findings |= _with_django(home)
    except Refusal as refusal:
        findings["database"] = Finding("failed", str(refusal))
    return findings


def examined_here(home: Home) -> dict[str, Finding]:
    """The same from inside the running server, whose database is already set up."""
    for module in MODULES:
        importlib.import_module(module)
    return {name: _tried(run, home) for name, run in (PLAIN | WITH_DATABASE).items()}


def _with_django(home: Home) -> dict[str, Finding]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqin.settings")
    os.environ.setdefault("LIANQIN_HOME", str(home.root))
    django.setup()
    for module in MODULES:
        importlib.import_module(module)
    return {name: _tried(function, home) for name, function in WITH_DATABASE.items()}


def _tried(function: Check, home: Home) -> Finding:
    try:
        return function(home)
    except Exception as error:  # whatever it is, the reader must hear of it
        return Finding("failed", f"{type(error).__name__}: {error}".strip())


MARKS = {"ok": "✓", "warning": "!", "failed": "✗"}


@click.command(
    help=tr(
        "检查配置与健康状况。全部正常时退出码为 0,有失败时为 1。",
        "Say whether configuration and health are right. Exit code 0, or 1 if a check failed.",
    )
)
@click.option("--json", "as_json", is_flag=True, help=tr("输出 JSON", "Print JSON."))
def command(as_json: bool) -> None:
    """Say whether configuration and health are right."""
    findings = examine(Home.from_environment())
    ok = all(finding.state != "failed" for finding in findings.values())
    if as_json:
        checks = {name: asdict(finding) for name, finding in findings.items()}
        click.echo(json.dumps({"ok": ok, "checks": checks}, ensure_ascii=False, indent=1))
    else:
        width = max(len(name) for name in findings)
        for name, finding in findings.items():
            click.echo(f"{MARKS[finding.state]} {name:<{width}}  {finding.words}")
    sys.exit(0 if ok else 1)


__all__ = ["MODULES", "Finding", "check", "command", "examine"]
