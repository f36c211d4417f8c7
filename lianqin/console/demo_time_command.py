"""`lianqin demo time`: which time the demo shows, and setting it."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import click

from lianqin.worktime import Pace
from lianqin.worktime.pace import FASTEST, SLOWEST

from .commands import set_up_django
from .words import Refusal, chinese, tr

if TYPE_CHECKING:
    from .demo_time import Change

#: Under whom the console acts; the account that set the demo up.
ACCOUNT, NAME = "demo-setup", "演示安装"


@click.command(
    "time",
    help=tr(
        "演示时间:不带选项时显示;只能向前,不超过真实时间",
        "The demo's time: shown without options; it goes forward only, up to the present",
    ),
)
@click.option(
    "--speed",
    type=click.IntRange(SLOWEST, FASTEST),
    help=tr("相当于真实时间的倍数", "times as fast as the machine's"),
)
@click.option("--pause", is_flag=True, help=tr("暂停", "let it stand"))
@click.option("--resume", is_flag=True, help=tr("继续", "let it go on"))
@click.option(
    "--to",
    metavar="HH:MM|DATETIME",
    help=tr("前进到,如 16:50 或 2026-11-22T16:50", "go forward to 16:50, or to 2026-11-22T16:50"),
)
@click.option(
    "--present", is_flag=True, help=tr("关闭,回到真实时间", "off: back to the real present")
)
@click.option("--json", "as_json", is_flag=True)
def command(
    speed: int | None, pause: bool, resume: bool, to: str | None, present: bool, as_json: bool
) -> None:
    """Show the demo's time, or change it and show it then."""
    if pause and resume:
        raise click.UsageError(tr("--pause 与 --resume 只能选一", "--pause or --resume, not both"))
    with set_up_django():
        from .demo_time import Change, shown

        said = shown()
        if said is None:
            raise _refusal("demo_only", {})
        paused = True if pause else False if resume else None
        at = instant(to, datetime.fromisoformat(said["shown"]), _zone()) if to else None
        change = Change(speed, paused, at, present)
        if change != Change():
            _set(change)
            said = shown()
            assert said is not None
        if as_json:
            click.echo(json.dumps(said))
        else:
            click.echo(_line(said, _zone()))


def _set(change: Change) -> None:
    from lianqin.accounts import refusals
    from lianqin.accounts.actions import make_account
    from lianqin.accounts.models import User
    from lianqin.accounts.queries import principal_of
    from lianqin.accounts.runner import Command, request_hash
    from lianqin.territory.queries import district
    from lianqin.worktime import PRESENT

    from .demo_time import set_demo_time

    here, now = district(), PRESENT.machine.now()
    user = User.objects.filter(username=ACCOUNT).first() or make_account(
        ACCOUNT, NAME, [{"role": "system_admin", "place": here.code}], now=now, origin="demo"
    )
    who = principal_of(user, PRESENT.now().astimezone(here.tz).date())
    told = request_hash("set_demo_time", change.data)
    try:
        set_demo_time(Command(who, "set_demo_time", uuid4(), told), change)
    except refusals.Refusal as refusal:
        raise _refusal(refusal.code, refusal.params) from refusal


def _refusal(code: str, params: dict[str, Any]) -> Refusal:
    from .problem_words import words

    title, detail = words(code, "zh-hans" if chinese() else "en", params)
    return Refusal(tr(f"{title}:{detail}", f"{title}. {detail}"))


def _zone() -> ZoneInfo:
    from lianqin.territory.queries import district

    return district().tz


def instant(text: str, shown: datetime, zone: ZoneInfo) -> datetime:
    """The instant that was meant: a time of day is the next one after the shown instant, a date
    with time is the district's wall clock unless it names an offset. Raises Refusal."""
    local = shown.astimezone(zone)
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", text):
            wall = time.fromisoformat(text.zfill(5))
            today = datetime.combine(local.date(), wall, zone)
            day = local.date() if today > local else local.date() + timedelta(days=1)
            return datetime.combine(day, wall, zone)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            tr(
                f"--to {text}:应为 16:50 或 2026-11-22T16:50。",
                f"--to {text}: write 16:50, or 2026-11-22T16:50.",
            )
        ) from error
    return found if found.utcoffset() is not None else found.replace(tzinfo=zone)


def _line(said: dict[str, Any], zone: ZoneInfo) -> str:
    real, at = datetime.fromisoformat(said["real"]), datetime.fromisoformat(said["shown"])
    if not said["on"]:
        words = tr("真实时间(演示时间已关闭)", "the present (the demo's time is off)")
        return f"{words} · {at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return spoken(Pace(at, real, said["speed"], said["paused"]), at, real, zone)


def spoken(pace: Pace, shown: datetime, real: datetime, zone: ZoneInfo) -> str:
    """The time that the demo shows, in a line."""
    how = tr("已暂停", "paused") if pace.paused else f"×{pace.speed}"
    if pace.at_present(real):
        how = tr("已到真实时间", "caught up with the present")
    at, really = shown.astimezone(zone), real.astimezone(zone)
    words = tr("演示时间", "demo time") + f" {how} · {at:%Y-%m-%d %H:%M:%S}"
    return words + tr(f"(真实时间 {really:%m-%d %H:%M:%S})", f" (really {really:%m-%d %H:%M:%S})")
