"""`lianqin notices`: the loop that reads the journal, tells people and lets alerts climb.

It keeps nothing of its own: how far it has read, what is due and what was sent stands in the rows,
so it may be killed at any moment, and two of them do no harm.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import click

from .clock_loop import principal
from .commands import set_up_django
from .words import Refusal, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lianqin.notices.ways import Way
    from lianqin.worktime import NowSource

log = logging.getLogger(__name__)

#: Seconds between rounds.
EVERY = 1.0


@dataclass
class Round:
    """What one round did."""

    read: int = 0
    climbed: int = 0
    ended: int = 0
    sent: int = 0
    failed: int = 0


@cache
def ways(demo: bool) -> Mapping[str, Way]:
    """The ways of this install, loaded once; in a demo without ways of its own those that write
    into a file. Raises Refusal for a plug-in that cannot be loaded."""
    from django.conf import settings

    from lianqin.notices.ways import installed
    from lianqin.notices.ways.outbox import DEMO
    from lianqin.notices.ways.plug import WayUnknown

    named = settings.LIANQIN_NOTICE_WAYS
    try:
        found = installed(named)
        return installed(DEMO) if demo and not found else found
    except WayUnknown as error:
        raise Refusal(
            tr(f"通知渠道插件无法使用:{error}", f"A plug-in for notices cannot be used: {error}")
        ) from error


def round_once(now: NowSource) -> Round:
    """One round: read what is new, let climb what is due, send. A database that is away, or has no
    district yet, is asked again in the next."""
    from django.db import InterfaceError, OperationalError, close_old_connections

    from lianqin.notices.actions.climbing import climb
    from lianqin.notices.actions.following import Telling, follow
    from lianqin.notices.actions.sending import send_due
    from lianqin.territory.queries import NoDistrict, district
    from lianqin.worktime import machine_now

    from .noticing import House

    close_old_connections()
    done = Round()
    try:
        there = ways(district().demo)
        telling = Telling(House(), {"push", *there}, now.now())
        while read := follow(telling):
            done.read += read
        done.climbed, done.ended = climb(telling, partial(principal, now), now)
        sent = send_due(telling, machine_now(now), there)
        done.sent, done.failed = sent.sent, sent.failed
    except NoDistrict:
        return done
    except (OperationalError, InterfaceError) as error:
        log.warning("notices: the database is away (%s)", type(error).__name__)
    return done


@click.command(
    help=tr(
        "通知与提醒升级(由 serve 启动)",
        "Tell people, let alerts climb (started by serve)",
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
            done = round_once(PRESENT)
            if once:
                words = (done.read, done.climbed, done.ended, done.sent, done.failed)
                click.echo(
                    "read {} · climbed {} · unanswered {} · sent {} · failed {}".format(*words)
                )
                return
            time.sleep(every)
