"""What `lianqin check` asks of the rooms: calendar's horizon, seals, clocks, the demo flag."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from lianqin.accounts.access import ACCESS
from lianqin.cases.alerts import lag
from lianqin.journal.models import Head, Seal
from lianqin.journal.seals import JOURNAL
from lianqin.notices.queries import lag as waiting
from lianqin.territory.models import District
from lianqin.worktime import PRESENT, machine_now
from lianqin.worktime.pace import pace_of

from .check import Finding, check
from .clock_loop import lag_allowed
from .demo_time import file
from .demo_time_command import spoken
from .home import Home
from .notice_loop import ways
from .words import Refusal, tr

#: Work hours promised today may reach this far; holidays beyond the horizon are not known.
NOTICE = timedelta(days=45)
#: The sealer runs every few seconds; an entry that stays unsealed that long means it does not.
SEAL_WITHIN = timedelta(minutes=5)


@check("calendar")
def calendar(home: Home) -> Finding:
    """Whether the holidays of the coming weeks are known."""
    here = District.objects.first()
    if here is None:
        return Finding("warning", tr("尚未设置区", "no district has been set up"))
    if here.calendar_until is None:
        return Finding("warning", tr("没有节假日历", "there is no calendar of holidays"))
    left = here.calendar_until - timezone.localdate(timezone=here.tz)
    if left > NOTICE:
        return Finding(
            "ok",
            tr(f"节假日已录至 {here.calendar_until}", f"holidays known to {here.calendar_until}"),
        )
    return Finding(
        "warning",
        tr(
            f"节假日只录至 {here.calendar_until}。之后的工作时限仅按周末计,请录入下一年的节假日。",
            f"holidays are known only to {here.calendar_until}; after that work-time limits count "
            "weekends alone. Enter the next year's holidays.",
        ),
    )


@check("seals")
def seals(home: Home) -> Finding:
    """Whether both logs are sealed close to their ends."""
    now = timezone.now()
    for log in (JOURNAL, ACCESS):
        head = Head.objects.get(log=log.name).position
        last = Seal.objects.filter(log=log.name).order_by("-number").first()
        waiting = head - (last.last if last else 0)
        sealed_at = last.sealed_at if last else None
        if waiting and (sealed_at is None or now - sealed_at > SEAL_WITHIN):
            return Finding(
                "warning",
                tr(
                    f"{log.name}:{waiting} 条未封存;lianqin serve 运行时每几秒封存一次,"
                    "也可运行 lianqin journal seal。",
                    f"{log.name}: {waiting} entries are not sealed; a running `lianqin serve` does "
                    "that every few seconds, or run `lianqin journal seal`.",
                ),
            )
    return Finding("ok", tr("日志与访问记录均已封存", "journal and access log are sealed"))


@check("clocks")
def clocks(home: Home) -> Finding:
    """Whether the alerts of the clocks are given in time."""
    late = lag(PRESENT.now())
    if late <= lag_allowed(PRESENT):
        return Finding("ok", tr("提醒均已按时发出", "no alert is waiting"))
    minutes = int(late.total_seconds() // 60)
    return Finding(
        "warning",
        tr(
            f"最早一条到期提醒已等待 {minutes} 分钟;lianqin serve 运行时每 15 秒发一次,"
            "见 log/clock.log。",
            f"the oldest alert that is due has waited {minutes} min; a running `lianqin serve` "
            "gives them every 15 s, see log/clock.log.",
        ),
    )


@check("notices")
def notices(home: Home) -> Finding:
    """Whether people are told in time, and by which ways."""
    here = District.objects.first()
    late = waiting(PRESENT.now(), machine_now(PRESENT))
    if late > lag_allowed(PRESENT):
        minutes = int(late.total_seconds() // 60)
        return Finding(
            "warning",
            tr(
                f"最早一条待发通知已等待 {minutes} 分钟;lianqin serve 运行时每秒发送一次,"
                "见 log/notices.log。",
                f"the oldest notice that is due has waited {minutes} min; a running "
                "`lianqin serve` sends every second, see log/notices.log.",
            ),
        )
    try:
        there = ways(bool(here and here.demo))
    except Refusal as refusal:
        return Finding("failed", str(refusal))
    named = ", ".join(["page", "push", *there])
    if not there:
        return Finding(
            "warning",
            tr(
                f"通知渠道:{named};没有短信或电话插件,提醒到不了不在页面前的人,见 docs/notices.md",
                f"ways: {named}; without a plug-in for SMS or calls an alert reaches nobody who is "
                "away from the page, see docs/notices.md",
            ),
        )
    return Finding("ok", tr(f"通知渠道:{named}", f"ways: {named}"))


@check("demo time")
def demo_time(home: Home) -> Finding:
    """Which time the install shows; in a real district a pace has no effect."""
    at = file()
    if not at.exists():
        return Finding("ok", tr("真实时间", "the present"))
    here = District.objects.first()
    if here is None or not here.demo:
        words = tr(f"不是演示城区,{at} 不起作用", f"not a demo district: {at} has no effect")
        return Finding("warning", words)
    try:
        pace_of(at.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        return Finding("failed", f"{at}: {error}")
    pace = PRESENT.pace()
    assert pace is not None  # a demo's, readable
    return Finding("ok", spoken(pace, PRESENT.now(), PRESENT.machine.now(), here.tz))


@check("district")
def district(home: Home) -> Finding:
    """Which district this install runs, and whether it is a demonstration."""
    here = District.objects.first()
    if here is None:
        return Finding("warning", tr("尚未设置区", "no district has been set up"))
    mark = tr("(演示)", " (demo)") if here.demo else ""
    return Finding("ok", f"{tr(here.name_zh, here.name_en)} {here.code}{mark}")
