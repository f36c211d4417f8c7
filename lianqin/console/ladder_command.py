"""`lianqin ladder`: after how many seconds an alert takes the next way, and from which day on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from .commands import set_up_django
from .words import Refusal, tr

if TYPE_CHECKING:
    from lianqin.notices.models import LadderPlan

_SECONDS = click.IntRange(0, 86400)


@click.command(
    help=tr(
        "提醒升级的时间:不带选项时列出,带 --by 时自某日起更改",
        "When alerts climb: lists the times, with --by changes them from a day on",
    )
)
@click.option("--by", help=tr("系统管理员账号", "account of a system administrator"))
@click.option(
    "--from",
    "start",
    type=click.DateTime(["%Y-%m-%d"]),
    help=tr("自哪日起(默认今日)", "from which day on (today)"),
)
@click.option("--push", type=_SECONDS, help=tr("推送,秒", "push, in seconds"))
@click.option("--sms", type=_SECONDS, help=tr("短信,秒", "SMS, in seconds"))
@click.option("--call", type=_SECONDS, help=tr("电话,秒", "call, in seconds"))
@click.option("--next", "next_", type=_SECONDS, help=tr("下一人,秒", "next person, in seconds"))
def command(
    by: str | None,
    start: datetime | None,
    push: int | None,
    sms: int | None,
    call: int | None,
    next_: int | None,
) -> None:
    """List, or change; what is not named stays as it is."""
    with set_up_django():
        from lianqin.notices.models import LadderPlan

        asked = {"push": push, "sms": sms, "call": call, "next": next_}
        if by is not None:
            _change(by, start, {k: v for k, v in asked.items() if v is not None})
        elif start is not None or any(v is not None for v in asked.values()):
            raise click.UsageError(tr("更改须带 --by 账号", "To change them, name --by an account"))
        for row in LadderPlan.objects.order_by("dates"):
            click.echo(_line(row))


def _change(username: str, start: datetime | None, asked: dict[str, int]) -> None:
    from dataclasses import replace

    from lianqin.accounts import refusals
    from lianqin.accounts.models import User
    from lianqin.accounts.queries import principal_of
    from lianqin.accounts.runner import Command, request_hash
    from lianqin.notices.actions.planning import set_ladder
    from lianqin.notices.queries import delays_on
    from lianqin.worktime import PRESENT

    from .imports.running import district_here
    from .problem_words import words

    here = district_here()
    today = PRESENT.now().astimezone(here.tz).date()
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Refusal(tr(f"没有账号 {username}。", f"There is no account {username}."))
    day = start.date() if start else today
    delays = replace(delays_on(day), **asked)
    told = request_hash("set_ladder", day, delays)
    try:
        who = principal_of(user, today)
        set_ladder(Command(who, "set_ladder", uuid4(), told), here.code, day, delays)
    except refusals.Refusal as refusal:
        title, detail = words(refusal.code, tr("zh", "en"), refusal.params)
        raise Refusal(f"{title}: {detail}") from refusal


def _line(row: LadderPlan) -> str:
    start = row.dates.lower.isoformat() if row.dates.lower else "…"
    end = row.dates.upper.isoformat() if row.dates.upper else "…"
    return tr(
        f"{start} 至 {end}:推送 {row.push_after} 秒,短信 {row.sms_after} 秒,"
        f"电话 {row.call_after} 秒,下一人 {row.next_after} 秒",
        f"{start} to {end}: push {row.push_after} s, SMS {row.sms_after} s, "
        f"call {row.call_after} s, next person {row.next_after} s",
    )
