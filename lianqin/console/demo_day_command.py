"""`lianqin demo day`: the living day that `serve` runs beside a demo district."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from . import demo_day_file
from .commands import set_up_django
from .home import Home
from .words import Refusal, tr


@click.group("day", help=tr("演示日:start、stop、restart、status", "The living day of the demo"))
def day() -> None:
    pass


@day.command("start", help=tr("继续", "let it go on"))
def start() -> None:
    home = _demo_home()
    demo_day_file.write(home.root, replace(demo_day_file.read(home.root), wanted=True))
    click.echo(_status(home))


@day.command("stop", help=tr("停下;已发生的保留", "stop it; what happened stays"))
def stop() -> None:
    home = _demo_home()
    demo_day_file.write(home.root, replace(demo_day_file.read(home.root), wanted=False))
    click.echo(_status(home))


@day.command(
    "restart",
    help=tr("从下一勤务日 07:00 重新开始", "begin again at 07:00 of the following duty date"),
)
def restart() -> None:
    home = _demo_home()
    with set_up_django():
        from lianqin.territory.queries import district
        from lianqin.worktime import PRESENT

        found = demo_day_file.following(PRESENT.now(), PRESENT.machine.now(), district().tz)
    if found is None:
        raise Refusal(
            tr(
                "下一勤务日尚未到来,没有可以快放的时间。重新开始请用 make demo-reset。",
                "The following duty date has not begun yet, so that there is no time to run "
                "through. `make demo-reset` starts over.",
            )
        )
    wish = demo_day_file.read(home.root)
    demo_day_file.write(home.root, demo_day_file.Wish(True, found.isoformat(), wish.round + 1))
    click.echo(_status(home))


@day.command("status", help=tr("是否在运行", "whether it runs"))
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    home = _demo_home()
    if as_json:
        wish, pid = demo_day_file.read(home.root), _pid(home)
        found = {"wanted": wish.wanted, "date": wish.date or None, "pid": pid}
        click.echo(json.dumps(found))
        return
    click.echo(_status(home))


def _demo_home() -> Home:
    """The home, if its district is a demo. Raises Refusal."""
    with set_up_django():
        from lianqin.territory.models import District

        if not District.objects.filter(demo=True).exists():
            raise Refusal(tr("不是演示城区。", "This is not a demo district."))
    return Home.from_environment()


def _pid(home: Home) -> int | None:
    state = home.serving() or {}
    found = state.get("services", {}).get("day", {}).get("pid")
    return int(found) if found else None


def _status(home: Home) -> str:
    wish, pid = demo_day_file.read(home.root), _pid(home)
    name = tr("演示日", "the living day") + (f" {wish.date}" if wish.date else "")
    if not wish.wanted:
        return name + tr(":已停下", ": stopped")
    if pid:
        return name + tr(f":运行中(进程 {pid})", f": runs (process {pid})")
    if home.serving():
        return name + tr(":将由 serve 启动,或已演完", ": serve starts it, or it has ended")
    return name + tr(":随 lianqin serve --demo 启动", ": starts with `lianqin serve --demo`")
