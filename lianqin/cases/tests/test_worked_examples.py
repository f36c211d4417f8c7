"""Worked examples of the clocks and rules, as a shift leader would check them with a watch.

Times are local, of 2026 where no year is said: 23 November is a Monday, National Day is off from
1 to 7 October and worked for on Saturday the 10th. The instants were counted by hand.
"""

# ruff: noqa: E501  (a row is a sentence in two languages)

from __future__ import annotations

import pytest

from lianqin.cases.tests.story import Story, china
from lianqin.cases.tests.worked_clocks import MORE_TIME, PAUSES, STAGES, UNITS
from lianqin.cases.tests.world import World, build

pytestmark = pytest.mark.django_db

RULINGS = [
    ("两小时内可退回 · two hours to send it back", "4 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 11:00 send_back
        11-23 12:00 dispatch crew
        11-23 14:01 send_back ! send_back_window_over"""),
    ("退两次后由街道裁定,承办不变 · after two returns the office rules; who has it stays", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:10 send_back
        11-23 09:20 dispatch section
        11-23 09:30 send_back
        11-23 09:40 dispatch crew
        11-23 09:50 send_back ! send_back_limit
        11-23 09:51 dispute
        = answers hands
        = handle due 11-23 11:30
        11-23 10:00 designate office crew
        = handle due 11-23 11:30
        11-23 10:01 send_back ! designation_stands
        11-23 10:02 dispute
        11-23 10:03 designate district crew
        11-23 10:04 dispute ! designation_is_final"""),
    ("裁定给别家重新计时 · ruled to somebody else, it starts anew", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:10 accept
        11-23 10:00 designate office section
        = state dispatched
        = handle due 11-23 12:00"""),
    ("下级不能改上级的裁定 · a ruling stands against the level below", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:10 designate office section
        11-23 09:20 designate commander crew ! designation_stands
        11-23 09:30 designate district crew"""),
    ("夜里值班员看视频核查 · at night the desk checks by video", "2 urgent_hour", """
        11-23 19:30 dispatch crew
        11-23 19:35 accept
        11-23 20:00 report_back
        11-23 20:05 check_pass operator look ! night_check_by_video
        11-23 20:10 check_pass operator video
        = state to_close"""),
    ("天亮后只由抽中的人核查 · from seven it is for whoever was drawn", "2 urgent_hour", """
        11-23 22:00 dispatch crew
        11-23 22:05 accept
        11-23 23:00 report_back
        11-24 07:00 check_pass operator video ! checker_is_drawn
        11-24 07:30 check_pass drawn look"""),
    ("办理的人不核查 · who handled it does not check it, even at night", "2 urgent_hour", """
        11-23 19:30 dispatch crew
        11-23 19:35 accept
        11-23 20:00 report_back
        11-23 20:05 check_pass office video ! forbidden"""),
    ("申诉免于考核,超时仍在 · an appeal exempts; that it was late stays", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 11:30 report_back
        11-23 12:00 check_pass
        11-23 14:30 close
        = handle ever late
        11-23 15:00 get appeal
        = handle ever late exempt
        11-23 15:10 ask appeal ! appealed_before"""),
    ("没超时不能申诉 · without having been late there is no appeal", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 10:00 report_back
        11-23 10:30 check_pass
        11-23 11:00 close
        11-23 15:00 ask appeal ! was_not_overdue"""),
]  # fmt: skip

LATE_NEWS = [
    ("没信号时做的按做的时候算 · work done without a signal counts when it was done", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 14:00 accept (done 11-23 09:20)
        = journal unmarked 11-23 09:20
        11-23 14:05 report_back (done 11-23 10:30)
        = journal unmarked 11-23 10:30
        = handle used 1:30
        = handle ever punctual"""),
    ("整二十四小时内补报算数 · told twenty-four hours later still counts", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:20 accept
        11-24 10:30 report_back (done 11-23 10:30)
        = journal unmarked 11-23 10:30"""),
    ("过二十四小时按收到时算并标记 · later than that it is marked and counts on arrival", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:20 accept
        11-24 10:31 report_back (done 11-23 10:30)
        = journal marked 11-24 10:31
        = handle ever late"""),
    ("手机快几分钟不打紧 · a device some minutes fast is forgiven", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:20 accept (done 11-23 09:25)
        = journal unmarked 11-23 09:20"""),
    ("快五分钟以上要标记 · more than five minutes ahead is marked", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:20 accept (done 11-23 09:26)
        = journal marked 11-23 09:20"""),
    ("不早于上一步 · nothing happens before what came before it", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:20 accept (done 11-23 08:50)
        = journal marked 11-23 09:20"""),
]  # fmt: skip

TICKETS = [
    ("市平台的期限就是办理期限 · the city's deadline is the handler's, and does not wait", "2 urgent_hour", """
        11-23 08:50 report city_platform 11-24 12:00
        11-23 08:55 sign
        11-23 09:00 dispatch crew
        = handle due 11-24 12:00
        11-23 09:10 accept
        11-23 15:00 report_back
        = state to_reply
        = handle is stopped
        = reply due 11-23 17:00
        11-24 09:00 rework
        = handle due 11-24 12:00
        11-24 11:00 report_back
        11-24 11:10 reply
        = answers elsewhere
        11-25 09:00 closed_elsewhere
        = answers nobody"""),
    ("期限已过还有一分钟 · past the deadline there is one minute, and it is late", "2 urgent_hour", """
        11-23 08:50 report city_platform 11-23 12:00
        11-23 08:55 sign
        11-23 13:00 dispatch crew
        = handle due 11-23 13:01
        11-23 13:02 accept
        11-23 13:05 report_back
        = handle ever late"""),
    ("联勤时限与工作时限并行 · the joint-duty limit runs beside the work hours", "1 work_hour", """
        11-23 20:00 dispatch crew 1 urgent_hour
        = handle due 11-24 09:00
        = joint due 11-23 21:00
        11-23 20:05 accept
        11-23 20:30 report_back
        = joint is paused
        = joint used 0:30
        11-23 21:30 check_pass operator video
        11-23 22:00 rework
        = joint due 11-23 22:30"""),
    ("协办另有自己的钟 · a side task has a clock of its own", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 10:00 add_task section
        = handle due 11-23 12:00
        11-23 10:05 accept crew
        11-23 10:10 report_back ! side_tasks_open
        11-23 10:20 accept section
        11-23 10:50 report_back section
        = handle is stopped
        = handle used 0:50
        11-23 10:55 report_back crew"""),
]  # fmt: skip

ROWS = [*UNITS, *STAGES, *PAUSES, *MORE_TIME, *RULINGS, *LATE_NEWS, *TICKETS]


@pytest.fixture
def world() -> World:
    return china(build())


@pytest.mark.parametrize(("limit", "story"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_it_goes_by_the_watch(world: World, limit: str, story: str) -> None:
    Story(world).play(limit, story)
