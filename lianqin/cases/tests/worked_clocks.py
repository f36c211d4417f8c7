"""Worked examples of the clocks: units, stages, pauses, more time. See `test_worked_examples`."""

# ruff: noqa: E501  (a row is a sentence in two languages)

from __future__ import annotations

#: Sentence, limit of the class, story.
UNITS = [
    ("半小时跨过零点 · half an hour across midnight", "30 minute", """
        11-23 23:50 dispatch crew
        = handle due 11-24 00:20"""),
    ("紧急工时昼夜、节假日都走 · urgent hours run at night and on a holiday", "2 urgent_hour", """
        10-01 23:00 dispatch crew
        = handle due 10-02 01:00
        = handle alert 10-02 00:00"""),
    ("工作时午休不走 · work hours rest over noon", "2 work_hour", """
        11-23 11:00 dispatch crew
        = handle due 11-23 15:00"""),
    ("工作时跨周末 · work hours go on after the weekend", "2 work_hour", """
        11-27 17:00 dispatch crew
        = handle due 11-30 09:00
        11-29 12:00 told_by_radio
        = handle used 1:00"""),
    ("晚班到早晨没有钟走 · no work hour runs from the late shift to the morning", "1 work_hour", """
        11-23 20:00 dispatch crew
        11-24 07:59 told_by_radio
        = handle used 0:00
        = handle due 11-24 09:00"""),
    ("一个工作日到次日同时 · one work day ends at the same hour next day", "1 work_day", """
        11-23 15:00 dispatch crew
        = handle due 11-24 15:00"""),
    ("夜里派的工作日到次日下班 · sent at night it ends with the next day's work", "1 work_day", """
        11-23 20:00 dispatch crew
        = handle due 11-24 18:00"""),
    ("国庆七天不算 · the seven days of National Day do not count", "1 work_day", """
        09-30 16:00 dispatch crew
        = handle due 10-08 16:00"""),
    ("调休的周六要上班 · the Saturday worked in exchange counts", "4 work_hour", """
        10-09 17:00 dispatch crew
        = handle due 10-10 11:00"""),
    ("中秋连休 · the Mid-Autumn days do not count", "1 work_day", """
        09-24 17:00 dispatch crew
        = handle due 09-28 17:00"""),
    ("自然日不看休息日 · a natural day knows no weekend", "1 natural_day", """
        11-28 10:30 dispatch crew
        = handle due 11-29 10:30"""),
    ("联勤工时夜班也走 · joint-duty hours run in the night shift", "6 duty_hour", """
        11-24 01:00 dispatch crew
        = handle due 11-24 07:00"""),
    ("过了日历尽头只算周末 · past the end of the calendar only weekends are off", "3 work_day", """
        12-31 15:00 dispatch crew
        = handle due 2027-01-05 15:00
        = handle counts weekends"""),
    ("已知的节假日仍算 · what is known of the holidays stays known", "70 work_day", """
        09-30 16:00 dispatch crew
        = handle due 2027-01-12 16:00
        = handle counts weekends"""),
]  # fmt: skip

STAGES = [
    ("核实时受理钟停 · verifying takes its time off the intake clock", "2 urgent_hour", """
        11-23 09:00 report public
        = intake due 11-23 09:30
        11-23 09:10 ask_verify
        = intake is paused
        = verify due 11-23 09:40
        = answers centre
        11-23 09:35 verify
        = verify ever punctual
        = intake due 11-23 09:55
        11-23 09:50 file
        = intake ever punctual
        = intake used 0:25
        = dispatch due 11-23 10:05"""),
    ("核实过了三十分钟 · verifying took more than its half hour", "2 urgent_hour", """
        11-23 09:00 report public
        11-23 09:10 ask_verify
        11-23 09:41 verify
        = verify ever late
        = intake due 11-23 10:01"""),
    ("公众上报先核实再立案 · what the public reports is looked at first", "2 urgent_hour", """
        11-23 09:00 report public
        11-23 09:05 file ! verify_first
        11-23 09:10 ask_verify
        11-23 09:20 verify
        11-23 09:21 file"""),
    ("巡查所见不用核实 · a crew's own find needs no verifying", "2 urgent_hour", """
        11-23 09:00 report patrol
        11-23 09:01 ask_verify ! own_find_needs_no_verifying
        11-23 09:02 file"""),
    ("十五分钟整派出算按时 · sent out on the fifteenth minute is in time", "2 urgent_hour", """
        11-23 09:00 report patrol
        11-23 09:00 file
        11-23 09:15 dispatch crew
        = dispatch ever punctual"""),
    ("晚一分钟派遣超时 · a minute more is late, and the handler has the whole limit", "2 urgent_hour", """
        11-23 09:00 report patrol
        11-23 09:00 file
        11-23 09:16 dispatch crew
        = dispatch ever late
        = handle due 11-23 11:16"""),
    ("结案时限按工作时 · two work hours to close, from a noon check", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 10:00 report_back
        = check due 11-24 10:00
        11-23 12:00 check_pass
        = close due 11-23 16:00
        = answers centre
        11-23 16:01 close
        = close ever late
        = handle ever punctual"""),
]  # fmt: skip

PAUSES = [
    ("退回停钟,再派同一组接着走 · sent back it rests, to the same crew it goes on", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        = answers hands
        11-23 09:30 send_back
        = handle is stopped
        = answers centre
        = state filed
        11-23 12:00 dispatch crew
        = handle due 11-23 13:30"""),
    ("改派别的单位重新计时 · another unit has the whole limit", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:30 send_back
        11-23 12:00 dispatch section
        = handle due 11-23 14:00"""),
    ("又回到头一家仍接着走 · back with the first it still goes on with what was left", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:30 send_back
        11-23 10:00 dispatch section
        11-23 10:20 send_back
        11-23 11:00 dispatch crew
        = handle due 11-23 12:30"""),
    ("工作时退回过周末 · a return over the weekend takes no work hour", "4 work_hour", """
        11-27 16:00 dispatch crew
        11-27 17:00 send_back
        11-30 09:00 dispatch crew
        = handle used 1:00
        = handle due 11-30 12:00"""),
    ("重新办理从头计时 · what was reopened starts anew, whoever had sent it back", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:30 send_back
        11-23 09:40 cancel
        11-23 10:00 reopen
        11-23 10:05 dispatch crew
        = handle due 11-23 12:05"""),
    ("核查不算办理时间 · the check does not count on the handler's clock", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 10:00 report_back
        = handle is paused
        11-23 15:00 check_fail
        = handle due 11-23 16:00
        11-23 15:30 report_back
        11-23 18:00 check_fail
        = handle due 11-23 18:30"""),
    ("返工用余下的时间 · rework has what was left", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 10:00 report_back
        11-23 11:00 check_pass
        11-23 13:00 rework
        = handle due 11-23 14:00"""),
    ("超时后返工没有剩余 · a clock that had run out has nothing left", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 12:00 report_back
        11-23 15:00 check_fail
        = handle due 11-23 11:00
        = handle ever late"""),
    ("挂账停钟,解除接着走 · suspended it rests, resumed it goes on", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 09:30 get suspension 12-20
        = state suspended
        = handle is paused
        = answers hands
        11-30 09:30 resume
        = handle due 11-30 11:00
        11-30 09:40 ask suspension 12-20 ! suspended_before"""),
    ("挂账时协办的钟也停 · a suspension holds the side tasks too", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 09:15 add_task section
        11-23 09:30 get suspension 12-20
        = handle is paused
        11-30 09:30 resume
        = handle due 11-30 11:15"""),
    ("挂账至多一年 · a suspension lasts a year at most", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 09:30 ask suspension 2027-11-24 ! until_out_of_range
        11-23 09:31 ask suspension 2027-11-23"""),
]  # fmt: skip

MORE_TIME = [
    ("延两次,每次加一个原时限 · two extensions of one limit each, no third", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:05 accept
        11-23 10:00 get extension
        = handle due 11-23 13:00
        11-23 12:00 get extension
        = handle due 11-23 15:00
        11-23 14:00 ask extension ! extended_enough"""),
    ("退回再派不另给延期 · a return does not give the extensions again", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:10 get extension
        11-23 09:20 get extension
        11-23 09:30 send_back
        11-23 10:00 dispatch crew
        = handle due 11-23 15:30
        11-23 10:05 ask extension ! extended_enough"""),
    ("延期按工作时顺延 · an extension counts as its limit does", "2 work_hour", """
        11-27 16:00 dispatch crew
        = handle due 11-27 18:00
        11-27 17:00 get extension
        = handle due 11-30 10:00"""),
    ("到点那一刻还可以申请 · asked at the very instant it is due is in time", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 11:00 ask extension"""),
    ("超时后不能再申请 · asked after it ran out is refused", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 11:01 ask extension ! overdue_already"""),
    ("按时申请,批得晚也算 · asked in time, granted late, it counts", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 10:50 ask extension
        11-23 11:10 endorse
        11-23 11:30 grant
        = handle due 11-23 13:00"""),
    ("延期要两级 · an extension takes two levels", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 10:00 ask extension
        11-23 10:10 grant ! endorse_first
        11-23 10:20 endorse
        11-23 10:30 grant leader ! endorser_grants_nothing
        = handle due 11-23 11:00"""),
    ("任务没了,申请随之作废 · what was asked for a task that ended is over", "2 urgent_hour", """
        11-23 09:00 dispatch crew
        11-23 09:10 ask extension
        11-23 09:20 endorse
        11-23 09:30 designate office section
        11-23 09:40 ask extension
        11-23 09:50 endorse"""),
]  # fmt: skip
