"""`lianqin clock`: the loop that gives the alerts of the clocks and lifts suspensions that ended.

It keeps nothing of its own: what is due stands in the rows, so it may be killed at any moment, and
two of them do no harm.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from .commands import set_up_django
from .words import Refusal, tr

if TYPE_CHECKING:
    from lianqin.accounts.principal import Principal
    from lianqin.cases.alerts import Round
    from lianqin.worktime import NowSource, Present

log = logging.getLogger(__name__)

#: Seconds between rounds, and where somebody was at a case just when its alert was due.
EVERY, AGAIN = 15.0, 1.0
#: The shortest pause between rounds, however fast a demo's time runs.
SHORTEST = 0.5
#: Nothing has to wait longer than this while the loop runs (four rounds).
LAG_ALLOWED = timedelta(minutes=1)
ACCOUNT, NAME = "clock", "计时"


def principal(now: NowSource) -> Principal:
    """The loop's account, made if it is missing. Raises Refusal if a person has that name, and
    NoDistrict before there is a district."""
    from lianqin.accounts.actions import ensure_service
    from lianqin.accounts.queries import principal_of
    from lianqin.cases.actions.on_case import RECKONED
    from lianqin.territory.queries import district

    here, at = district(), now.now()
    user = ensure_service(ACCOUNT, NAME, "clock", here.code, now=at)
    if user.is_active:
        raise Refusal(
            tr(
                f"账号名 {ACCOUNT} 已被他人使用,请改名后重启。",
                f"A person's account is called {ACCOUNT}; rename it, then start again.",
            )
        )
    return principal_of(user, at.astimezone(here.tz).date(), scopes=[RECKONED])


def quickness(present: Present) -> float:
    """How many rounds are made in the time of one: as many as the demo's time is faster, so that
    an alert comes as soon in it as in a real district."""
    pace = present.pace()
    if pace is None or pace.paused or pace.at_present(present.machine.now()):
        return 1.0
    return min(float(pace.speed), EVERY / SHORTEST)


def lag_allowed(present: Present) -> timedelta:
    """What an alert may wait, in the time that is shown."""
    pace = present.pace()
    if pace is None or pace.at_present(present.machine.now()):
        return LAG_ALLOWED
    return LAG_ALLOWED * pace.speed


def rest(until: float, present: Present) -> None:
    """Sleep until that tick of the monotonic clock, or until somebody changes the demo's time."""
    kept = present.pace()
    while (left := until - time.monotonic()) > 0 and present.pace() == kept:
        time.sleep(min(left, SHORTEST))


def round_once(now: NowSource) -> Round:
    """One round; a database that is away, or has no district yet, is asked again in the next."""
    from django.db import InterfaceError, OperationalError, close_old_connections

    from lianqin.cases.alerts import Loop, Round
    from lianqin.territory.queries import NoDistrict
    from lianqin.worktime import PRESENT

    close_old_connections()
    try:
        done = Loop(principal(now), now).round()
    except NoDistrict:
        return Round()
    except (OperationalError, InterfaceError) as error:
        log.warning("clock: the database is away (%s)", type(error).__name__)
        return Round()
    if done.lag > lag_allowed(PRESENT):
        log.warning("clock: %s alerts written, the oldest %s late", done.alerts, done.lag)
    return done


@click.command(
    help=tr(
        "计时提醒与挂账到期(由 serve 启动)",
        "Give the alerts of the clocks, lift suspensions that ended (started by serve)",
    )
)
@click.option(
    "--every", default=EVERY, show_default=True, help=tr("间隔秒", "seconds between rounds")
)
@click.option("--once", is_flag=True, help=tr("只执行一轮", "one round, then end"))
def command(every: float, once: bool) -> None:
    """Run rounds until stopped."""
    with set_up_django():
        from lianqin.worktime import PRESENT

        while True:
            began = time.monotonic()
            done = round_once(PRESENT)
            if once:
                words = (done.alerts, done.lifted, done.busy, done.failed)
                click.echo("alerts {} · lifted {} · busy {} · failed {}".format(*words))
                return
            wanted = min(every, AGAIN) if done.busy else every / quickness(PRESENT)
            rest(began + wanted, PRESENT)
