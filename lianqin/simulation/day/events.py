"""The moments of the day that the software can show, told step by step; and those that it cannot.

What belongs to rooms that do not exist yet is named and left out, never acted with other means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lianqin.worktime import Limit, Unit

from .figures import Event, Figures
from .script import Script, Setting, Story
from .slots import Pin, Slot

#: Reports that the events are about; they are among the day's 164.
PINS = (
    Pin("peddler", 545, ("event", "0401"), "patrol", "wangjie", "settled",
        text="三轮车在校门口流动售卖水果，占用非机动车道"),
    Pin("back", 665, ("event", "0401"), "video", "wangjie", "on_time", "peddler",
        text="同一三轮车又回到校门口售卖，学生绕行机动车道"),
    Pin("burst", 1012, ("event", "0501"), "video", "wangjie", "to_check",
        text="人行道下供水管爆裂，水漫过路面，已影响通行"),
    Pin("burst-call", 1014, ("event", "0112"), "hotline", "wangjie", "duplicate", "burst",
        text="市民来电：路上全是泥水，行人没法走"),
    Pin("sunk", 1023, ("event", "0505"), "patrol", "wangjie", "suspended", "burst",
        text="爆管处机动车道下陷，直径约两米"),
    Pin("night", 1480, ("event", "0301"), "police_110", "tianqiao", "to_check",
        text="110 转：工地夜间浇筑，居民无法入睡"),
    Pin("night-2", 1483, ("event", "0301"), "police_110", "tianqiao", "duplicate", "night",
        text="110 再转：同一工地夜间施工"),
    Pin("night-3", 1487, ("event", "0301"), "hotline", "tianqiao", "duplicate", "night",
        text="12345 转：同一工地噪音扰民"),
)  # fmt: skip

#: Moments of the list that are shown, by time and kind, and the story that shows each.
SHOWN: Mapping[tuple[str, str], str] = {
    ("10:15", "dispute"): "cleansing",
    ("11:05", "recurrence"): "back",
    ("16:52", "emergency"): "burst",
    ("17:03", "emergency"): "sunk",
    ("17:44", "emergency"): "burst",
    ("17:52", "emergency"): "sunk",
    ("21:50", "service"): "elderly",
    ("00:40", "night"): "night",
    ("05:30", "brief"): "brief",
}
#: What the others wait for.
MISSING: Mapping[str, str] = {
    "handover": "roster",
    "shift": "roster",
    "penalty": "enforcement",
    "kit": "kit",
    "2+X": "roster",
    "emergency": "dispatch",
    "cross-zone": "dispatch",
    "obstruction": "dispatch",
    "night": "patrol",
}


@dataclass(frozen=True)
class Listed:
    """A moment of the day's list: the story that shows it, or the room that is missing."""

    event: Event
    story: str
    missing: str


def listed(figures: Figures) -> list[Listed]:
    """Every moment of the day, and whether it is shown."""
    found = []
    for event in figures.events:
        story = SHOWN.get((event.time, event.kind), "")
        found.append(Listed(event, story, "" if story else MISSING[event.kind]))
    return found


def told(slot: Slot, setting: Setting) -> Story:
    """The story of a report that an event is about."""
    assert slot.pin is not None
    script = Script(slot.pin.name, setting.dice, slot.minute)
    act, who = setting.opening(slot)
    script.on(slot.minute, act, who, **setting.report(slot, slot.pin.text))
    _TOLD[slot.pin.name](script, slot, setting)
    return Story(
        slot.pin.name, slot.centre, slot.fate, tuple(script.steps), _kind(slot.pin.name), slot.key,
        slot.source, slot.hands,
    )  # fmt: skip


def _kind(name: str) -> str:
    kinds = {story: kind for (_, kind), story in SHOWN.items()}
    return kinds.get(name.partition("-")[0], "recurrence")


def _peddler(script: Script, slot: Slot, setting: Setting) -> None:
    """Settled at once at 09:05."""


def _back(script: Script, slot: Slot, setting: Setting) -> None:
    """11:05, two hours after it was closed: a recurrence, and no duplicate."""
    script.on(667, "file", "operator", standard=0)
    script.on(668, "link_recurrence", "operator", case="peddler")
    script.on(670, "dispatch", "operator", assignee="crew:early")
    script.on(672, "accept", "crew:early")
    script.on(681, "on_scene", "crew:early")
    script.on(708, "report_back", "crew:early", photos=["after"], note="已劝离，安排该点位守控。")
    script.on(725, "check_pass", "checker")
    script.on(731, "close", "lead")


def _burst(script: Script, slot: Slot, setting: Setting) -> None:
    """16:52 seen, 16:55 filed, 16:57 sent with an hour, 17:44 the water is stopped."""
    script.on(1015, "file", "operator", standard=0)
    script.on(1017, "dispatch", "operator", assignee="unit:water")
    script.on(1018.5, "accept", "unit:water")
    script.on(1020, "under_way", "unit:water")
    script.on(1029, "on_scene", "unit:water")
    script.on(1064, "report_back", "unit:water", photos=["after"], note="17:44 已关阀止水。")
    script.on(1940, "check_pass", "checker")


def _joined(script: Script, slot: Slot, setting: Setting) -> None:
    """The same thing again: it joins the case that is open."""
    assert slot.same_as is not None
    assert slot.same_as.pin is not None
    script.on(slot.minute + 1.5, "join", "operator", case=slot.same_as.pin.name)


def _sunk(script: Script, slot: Slot, setting: Setting) -> None:
    """17:03 a part of the burst main, 17:05 sent with two hours, 17:52 fenced; the repair of five
    work days stays with its department, whose clock rests until then."""
    days = setting.day.due(Limit(5, Unit.WORK_DAY), 1072)
    until = setting.day.instant(days).astimezone(setting.day.calendar.tz).date()
    housing, crew = "unit:housing", "crew:middle"
    script.on(1024, "file", "operator", standard=0)
    script.on(1024.5, "set_parent", "operator", case="burst")
    script.on(1025, "dispatch", "operator", assignee=housing)
    script.on(1026, "add_task", "operator", assignee=crew, note="先行围挡、设警示，疏导绕行")
    script.on(1027, "accept", crew)
    script.on(1030, "accept", housing)
    script.on(1051, "on_scene", housing)
    script.on(
        1072, "report_back", crew, photos=["after"], note="17:52 已围挡并设警示，首项条件达到。"
    )
    words = "围挡警示已到位（首项条件 17:52 达到）；路面修复须五个工作日，由本单位继续办理"
    script.on(1075, "ask_suspension", housing, reason=words, until=until.isoformat())
    script.on(1079, "endorse", "lead", request="suspension", note="首项条件已达到，同意")
    script.on(1086, "grant", "office", request="suspension")


def _night(script: Script, slot: Slot, setting: Setting) -> None:
    """Three callers, one case; the crew stops the noise, and in the morning it goes on to the
    department."""
    crew, ecology = "crew:night", "unit:ecology"
    script.on(1490, "file", "operator", standard=0)
    script.on(1492, "dispatch", "operator", assignee=crew)
    script.on(1494, "accept", crew)
    script.on(1503, "on_scene", crew)
    words = "01:38 已责令停止夜间施工并记录，次日移交生态环境局。"
    script.on(1538, "report_back", crew, photos=["after"], note=words)
    script.on(1940, "check_fail", "checker", reason="夜间施工设备未撤，移交主管部门处理")
    script.on(1944, "ask_department", "operator", assignee=ecology, reason="夜间施工，次日移交")
    script.on(1952, "grant", "office", request="department")
    script.on(1956, "accept", ecology)
    script.on(1972, "report_back", ecology, photos=["after"], note="已约谈施工单位，另案处理。")
    script.on(1976, "report_back", crew, photos=["after"], note="设备已撤出。")
    script.on(2010, "check_pass", "checker")
    script.on(2020, "close", "lead")


_TOLD: Mapping[str, Callable[[Script, Slot, Setting], None]] = {
    "peddler": _peddler,
    "back": _back,
    "burst": _burst,
    "burst-call": _joined,
    "sunk": _sunk,
    "night": _night,
    "night-2": _joined,
    "night-3": _joined,
}


def cleansing(setting: Setting, spot: Mapping[str, object]) -> Story:
    """0111 of the day before: the cleansing unit sends it back twice; at 10:15 a third return is
    refused, the unit disputes, and the office rules."""
    unit, script = "unit:sanitation", Script("cleansing", setting.dice, -470)
    said: dict[str, Any] = {
        "source": "patrol",
        "class": {"kind": "event", "code": "0111"},
        "description": "背街小巷积存装修垃圾约两方，堵住半边通道",
        "scene": "bins",
        **spot,
    }
    not_ours = "装修垃圾应由产生单位清运，不属本所清扫范围"
    mine: dict[str, Any] = {"reason": not_ours, "duty_line": True}
    script.on(-470, "report", "crew", **said)
    script.on(-462, "file", "operator", standard=0)
    for sent, returned in ((-455, -390), (-380, -330)):
        script.on(sent, "dispatch", "operator", assignee=unit)
        script.on(returned, "send_back", unit, **mine)
    script.on(572, "dispatch", "operator", assignee=unit)
    script.on(615, "send_back", unit, refused="send_back_limit", **mine)
    script.on(617, "dispute", unit, reason="第三次退回被系统拒绝，提请办公室裁定")
    script.on(648, "designate", "office", assignee=unit, reason="指定环卫所承办，费用另行追偿")
    script.on(660, "accept", unit)
    script.on(920, "report_back", unit, photos=["after"], note="已清运两车。")
    script.on(945, "check_pass", "checker")
    script.on(965, "close", "lead")
    return Story(
        "cleansing", "xinsheng", "carried", tuple(script.steps), "dispute", ("event", "0111"),
        "patrol", "unit",
    )  # fmt: skip
