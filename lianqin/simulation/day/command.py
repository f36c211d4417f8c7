"""`lianqin day`: the demo's day, played over the public HTTP API."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
import httpx

from lianqin.simulation.client import Api, GaveUp
from lianqin.simulation.staff import default_accounts
from lianqin.simulation.words import tr
from lianqin.worktime import china, duty_date

from . import stage as stages
from .events import listed
from .figures import figures
from .living import STATUS, Living
from .pace import DemoTime

#: Seconds for which a server that is away is waited for, before the process ends and is started
#: again by whoever supervises it.
PATIENCE = 600.0
#: The day that begins within that time is the one meant where none is named.
SOON = timedelta(hours=1)

HELP = tr(
    """按演示时间经公开 HTTP 接口演一个勤务日:164 件上报及当日事件,并补演此前两周;之后逐日继续。

停止或中断后再次运行即从中断处继续。仅限演示城区;所演内容均标为演示。""",
    """Play a duty date over the public HTTP API on the demo's time: its 164 reports and its events,
and in between the two weeks before it; then day after day.

Stopped or killed, it goes on where it was. Demo districts only; all of it is marked demo.""",
)


@click.command(help=HELP)
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help=tr("有事件的勤务日", "the duty date that has the events"),
)
@click.option(
    "--speed",
    type=click.Choice(["paced", "max"]),
    default="paced",
    show_default=True,
    help=tr(
        "跟随演示时间,或尽快演完一天并推进演示时间",
        "follow the demo's time, or play one day at once and move that time along",
    ),
)
@click.option("--only-events", is_flag=True, help=tr("只演事件(尽快)", "only the events, at once"))
@click.option(
    "--list", "listing", is_flag=True, help=tr("列出当日事件", "list the day's events and end")
)
@click.option("--status", is_flag=True, help=tr("演到哪里", "how far it has come"))
@click.option("--json", "as_json", is_flag=True)
@click.option("--server", metavar="URL", default=lambda: _server(), help="http://127.0.0.1:…")
def command(
    on: datetime | None, speed: str, only_events: bool, listing: bool, status: bool,
    as_json: bool, server: str,
) -> None:  # fmt: skip
    """Play, or tell about the day."""
    home = default_accounts().parent
    if listing:
        _list(as_json)
        return
    if status:
        _status(home, as_json)
        return
    try:
        stage = stages.load(home)
        with _alone(stage.folder):
            at_once = only_events or speed == "max"
            asyncio.run(_run(stage, server, on.date() if on else None, at_once, only_events))
    except stages.NoStage as error:
        raise click.UsageError(str(error)) from error
    except GaveUp as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        sys.exit(130)


async def _run(
    stage: stages.Stage, server: str, on: date | None, at_once: bool, only_events: bool
) -> None:
    timeout = httpx.Timeout(30.0, connect=5.0)
    # trust_env: a proxy of the environment is not meant for the district's own server.
    async with httpx.AsyncClient(base_url=server, timeout=timeout, trust_env=False) as http:
        api = Api(http, patience=PATIENCE)
        demo_time = DemoTime(api, stage.people["desk-1"].token)
        first = on or await _first(stage, demo_time, at_once)
        living = Living(api, stage, demo_time, figures(), china(), first, click.echo)
        click.echo(tr(f"演示日 {first}", f"the demo's day {first}"))
        if not at_once:
            await living.forever()
        left = await living.at_once(events=only_events)
        for story, why in sorted(left.items()):
            click.echo(f"{story}: {why}", err=True)
        if left:
            sys.exit(1)


async def _first(stage: stages.Stage, demo_time: DemoTime, at_once: bool) -> date:
    """The duty date meant where none is named: the one that was begun; else the one that begins
    soon or runs on the demo's time; on the present the last whole one."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        kept = json.loads((stage.folder / STATUS).read_text(encoding="utf-8"))
        if kept["install"] == stage.install:
            return date.fromisoformat(kept["date"])
    shown = await demo_time.shown()
    if shown.on:
        return duty_date(shown.at + SOON, stage.zone)
    return duty_date(datetime.now(UTC), stage.zone) - timedelta(days=1)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process plays at a time: the same step twice at once would wait for itself."""
    with (folder / "playing.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                tr(
                    "演示日正在运行。先停下:lianqin demo day stop。",
                    "The day is being played already. Stop that first: lianqin demo day stop.",
                )
            ) from None
        yield


def _server() -> str:
    return f"http://127.0.0.1:{os.environ.get('LIANQIN_PORT') or '8420'}"


def _list(as_json: bool) -> None:
    found = listed(figures())
    if as_json:
        rows = [{**asdict(one.event), "story": one.story, "missing": one.missing} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in found:
        shown = tr("演示", "shown") if one.story else tr("未演示,缺", "not shown, no") + " "
        event = one.event
        click.echo(f"{event.time:<10} {event.centre:<3} {event.kind:<12} {shown}{one.missing}")
        click.echo(f"{'':<15} {event.what} → {event.expected}")


def _status(home: Path, as_json: bool) -> None:
    try:
        text = (home / stages.FOLDER / STATUS).read_text(encoding="utf-8")
    except OSError:
        click.echo("{}" if as_json else tr("尚未开始。", "Nothing has been played yet."))
        return
    if as_json:
        click.echo(text)
        return
    said = json.loads(text)
    on, done, phase = said["date"], f"{said['played']} / {said['steps']}", said["phase"]
    click.echo(tr(f"勤务日 {on}:{done} 步({phase})", f"duty date {on}: {done} steps ({phase})"))
    if said["history"]:
        click.echo(tr(f"历史已补至 {said['history']}", f"history told up to {said['history']}"))
    for story, why in said["left"].items():
        click.echo(tr(f"未演完 {story}:{why}", f"left {story}: {why}"))
