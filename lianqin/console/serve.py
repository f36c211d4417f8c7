"""`lianqin serve`: everything an install runs, in one foreground command.

Order: lock the home, guardian, database, tables and static files, demo district, then the services
behind one public port. Every process started here is stopped at the end, whatever the end is.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import click
import psycopg

from lianqin.console import demo_day_file, demo_time_file
from lianqin.console.database import External, external
from lianqin.console.guardian import Guardian
from lianqin.console.home import Home, refusal_of
from lianqin.console.postgres import Embedded
from lianqin.console.processes import sweep
from lianqin.console.roles import APP, OWNER
from lianqin.console.services import (
    LIANQIN,
    Plan,
    check_port,
    environment,
    living_day,
    standard_services,
)
from lianqin.console.supervisor import Service, Supervisor
from lianqin.console.words import Refusal, tr
from lianqin.worktime.now import mark_of

WAIT_FOR_LOCK = 20.0  # seconds in which the guardian of a killed `serve` has surely finished
LEAST_DISK = 200 * 1024 * 1024  # bytes: a WAL segment or two, and room to say so
MANY_FILES = 65536
SEEDED = "demo-seeded"  # a file in the home: the demo district is complete


class Stopped(Exception):
    """Somebody asked us to stop."""


class Progress:
    """A line per step, counted on from the steps that `make run` has done before us."""

    def __init__(self, total: int) -> None:
        before = os.environ.get("LIANQIN_STEPS_DONE", "0")
        self.done = int(before) if before.isdigit() else 0
        self.total = total + self.done

    def step(self, words: str) -> None:
        """Announce the next step."""
        self.done += 1
        say(f"{self.done}/{self.total}  {words}")


def say(line: str) -> None:
    """One line to the console; a closed terminal is no reason to fall over."""
    with suppress(OSError, ValueError):
        click.echo(line)
        sys.stdout.flush()


def say_event(line: str) -> None:
    """A line about something that happened while serving, with the time of day."""
    say(f"{time.strftime('%H:%M:%S')}  {line}")


def run(plan: Plan) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP. Raises Refusal when it cannot."""
    raise_file_limit()
    plan.home.prepare()

    def waiting() -> None:
        say(
            tr(
                "数据目录正被另一个 lianqin serve 使用,最多等待 20 秒…",
                "Another `lianqin serve` still has the data folder; waiting up to 20 s …",
            )
        )

    with plan.home.hold(WAIT_FOR_LOCK, waiting) as lock:
        _Run(plan, lock).whole()


class _Run:
    """One run of `serve`, holding the lock."""

    def __init__(self, plan: Plan, lock: int) -> None:
        self.plan = plan
        self.home = plan.home
        self.guardian = Guardian(self.home.root, lock)
        self.supervisor = _Interruptible(self.home.log, self.home.root, say_event)
        self.supervisor.also = self._look_after_guardian
        self.progress = Progress(4 if plan.demo else 3)
        self.server: Embedded | External | None = None
        self.phase = "starting"
        self.demo = False
        self.day: LivingDay | None = None

    def whole(self) -> None:
        """Start, watch, stop."""
        self._check_room()
        left = sweep(self.home.root)  # of a run whose guardian was killed too
        if left:
            raise Refusal(
                tr(f"仍有旧进程在运行:{left}", f"Processes of an earlier run are left: {left}")
            )
        check_port(self.plan)
        with self.supervisor.signals():
            self.guardian.start()
            try:
                self._start()
                self._watch()
            except Stopped:
                say(tr("正在停止…", "Stopping …"))
            finally:
                self.supervisor.stopping = True
                self.supervisor.stop()
                self.home.state_file.unlink(missing_ok=True)
                self.guardian.dismiss()
        say(tr("已停止。", "Stopped."))

    def _check_room(self) -> None:
        if shutil.disk_usage(self.home.root).free < LEAST_DISK:
            raise Refusal(
                tr(
                    f"{self.home.root} 所在磁盘剩余不足 200 MB。请腾出空间后重试。",
                    f"Less than 200 MB are free where {self.home.root} lies. "
                    "Free some space, then try again.",
                )
            )

    def _start(self) -> None:
        self.supervisor.on_change = self._publish
        self._publish()
        self.progress.step(tr("数据库", "Database"))
        self.server = self._database()
        if self.plan.migrate:
            self.progress.step(tr("数据表与静态文件", "Tables and static files"))
            self._migrate()
            if self.plan.demo:
                self._seed()
        self.progress.step(tr("启动服务", "Services"))
        env = environment(self.plan, self.server.url(APP))
        chosen = self.plan.services or standard_services
        self.supervisor.add(*chosen(self.plan, env))
        self.supervisor.wait_ready(90)
        self.phase = "serving"
        self._publish()
        self._welcome()
        if self.plan.day and self.demo:
            self.day = LivingDay(self.home.root, self.supervisor, env)

    def _database(self) -> Embedded | External:
        own = external(self.home)
        if own:
            own.prepare()
            return own
        embedded = Embedded(self.home)
        embedded.initialise()
        self.supervisor.add(
            Service(
                "postgres",
                start=embedded.spawn,
                ready=embedded.is_ready,
                stop_signal=signal.SIGINT,
                patience=30.0,
            )
        )
        self.supervisor.wait_ready()  # recovery after a crash takes what it takes
        embedded.prepare()
        return embedded

    def _migrate(self) -> None:
        assert self.server is not None
        env = environment(self.plan, self.server.url(OWNER))
        django = [sys.executable, "-m", "django"]
        self.supervisor.run_step([*django, "migrate", "--noinput"], env, "migrate")
        self.supervisor.run_step(
            [*django, "collectstatic", "--noinput", "--verbosity=0"], env, "collectstatic"
        )

    def _seed(self) -> None:
        assert self.server is not None
        self.progress.step(tr("演示城区", "Demo district"))
        found = district_is_demo(self.server.url(APP))
        if found is False:
            say(
                tr("此处是真实城区,不装入演示数据。", "A real district is here; nothing is seeded.")
            )
            return
        # Seeding takes a while and may be killed half-way; it may be repeated, so it is.
        done = self.home.root / SEEDED
        self.demo = True
        if found and done.exists():
            return
        if found is None and self.plan.day:
            begin_demo(self.home.root)
        env = environment(self.plan, self.server.url(APP))
        self.supervisor.run_step([*LIANQIN, "demo", "seed"], env, "demo-seed")
        demo_time_file.go(self.home.root)
        done.touch()

    def _watch(self) -> None:
        while True:
            if self.day:
                self.day.look()
            self.supervisor.tick()
            self.supervisor.pause(0.1)

    def _look_after_guardian(self) -> None:
        if self.guardian.restart_if_dead():
            say_event(tr("guardian 已重启", "guardian was killed; started again"))

    def _publish(self) -> None:
        """Tell other commands and `lianqin check` what runs here."""
        state: dict[str, Any] = {
            "pid": os.getpid(),
            "phase": self.phase,
            "address": self.plan.site.address,
            "port": self.plan.port,
            "demo": self.plan.demo,
            "database": self.server.url(APP) if self.server else None,
            "embedded": not isinstance(self.server, External),
            "services": self.supervisor.describe(),
        }
        with suppress(OSError):  # a full disk must not end a running service
            self.home.write_state(state)

    def _welcome(self) -> None:
        if not (self.plan.desk / "index.html").exists():
            say(
                tr(
                    f"前端尚未构建:{self.plan.desk}(make run 会构建)。",
                    f"The front end is not built: {self.plan.desk} (`make run` builds it).",
                )
            )
        address = self.plan.site.address
        say("")
        say(
            tr(
                f"联勤已就绪:{address}    (Ctrl-C 停止)",
                f"Lianqin is ready: {address}    (Ctrl-C stops it)",
            )
        )


class _Interruptible(Supervisor):
    """A supervisor whose pauses end with Stopped once a signal has asked for it."""

    stopping = False
    asked = False

    def pause(self, seconds: float) -> None:
        if self.asked and not self.stopping:
            self.stopping = True
            raise Stopped
        time.sleep(seconds)

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Note SIGINT, SIGTERM and SIGHUP instead of dying of them."""

        def note(number: int, frame: FrameType | None) -> None:
            self.asked = True

        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, note) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class LivingDay:
    """The demo's day under the supervisor, as its wish says."""

    def __init__(self, home: Path, supervisor: Supervisor, env: dict[str, str]) -> None:
        self.home, self.supervisor, self.env = home, supervisor, env
        self.mark: tuple[int, ...] | None = None
        self.runs: demo_day_file.Wish | None = None

    def look(self) -> None:
        """Start, stop or begin again when the wish has changed."""
        mark = mark_of(self.home / demo_day_file.FILE)
        if self.runs is not None and mark == self.mark:
            return
        self.mark, wish = mark, demo_day_file.read(self.home)
        if wish == self.runs:
            return
        self.supervisor.stop(lambda spec: spec.name == "day")
        if wish.wanted:
            self.supervisor.add(living_day(self.env, wish.options()))
        else:
            self.supervisor.on_change()
        self.runs = wish


def begin_demo(home: Path) -> None:
    """A fresh demo begins on the last whole duty date, so that there is a day to run through."""
    from lianqin.console.demo_district import demo as plan

    day = demo_time_file.begin(home, plan().district.timezone)
    demo_day_file.write(home, demo_day_file.Wish(True, day.isoformat()))


def district_is_demo(url: str) -> bool | None:
    """Whether the install's district is flagged demo; None while it has no district."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT demo FROM territory_district").fetchone()
    return bool(row[0]) if row else None


def raise_file_limit() -> None:
    """Every open stream is a descriptor in Caddy and one behind it; take what the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY_FILES if hard == resource.RLIM_INFINITY else min(MANY_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@click.command()
@click.option(
    "--demo",
    is_flag=True,
    help=tr("首次启动时装入演示城区", "Seed the demo district on first start."),
)
@click.option(
    "--no-day",
    is_flag=True,
    help=tr("不运行演示日,时间为真实时间", "Without the living day, on the real present."),
)
def command(demo: bool, no_day: bool) -> None:
    """Run the whole install in the foreground until Ctrl-C."""
    try:
        run(Plan.from_environment(demo=demo, day=not no_day))
    except OSError as error:
        raise refusal_of(error, Home.from_environment().root) from error
