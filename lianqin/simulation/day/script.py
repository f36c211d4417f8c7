"""From a report and its fate to the steps of its story: who does what, when, and says what."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from .fates import OWN, Day, department, urgent
from .figures import ENDS, Figures, shift_at
from .slots import Slot

#: What is said with an act in stories without words of their own.
WORDS: Mapping[str, Mapping[str, str]] = {
    "reject": {"reason": "现场核实未见所述问题"},
    "report_back": {"note": "已现场处置完毕，恢复原状。"},
    "check_fail": {"reason": "现场仍有残留，请返工。"},
    "rework": {"reason": "照片显示尚未清理干净，请返工。"},
    "reply": {"reply": "您反映的问题已处置完毕，感谢监督。"},
    "ask_extension": {"reason": "需协调清运车辆，原时限内难以完成"},
}
#: Collectors are on their feet between these minutes; then and there they verify and check.
BY_DAY = 7 * 60, 19 * 60


@dataclass(frozen=True)
class Step:
    """One request. `minute` counts from midnight of the duty date; `who` is a part that the cast
    gives to an account; `said` holds fields of the request, and names of things for ids. A step
    that is to be `refused` is one that the software must refuse, by that code."""

    story: str
    number: int
    minute: float
    act: str
    who: str
    said: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Story:
    """What happens to one report, from being made to its end. `event`: the kind of the moment of
    the day that it shows, if it shows one."""

    key: str
    centre: str
    fate: str
    steps: tuple[Step, ...]
    event: str = ""
    class_key: tuple[str, str] | None = None
    source: str = ""
    hands: str = ""
    marks: frozenset[str] = frozenset()


class Script:
    """Writes a story down: each step so many minutes after the one before."""

    def __init__(self, key: str, dice: random.Random, minute: float) -> None:
        self.key, self.dice, self.at = key, dice, minute
        self.steps: list[Step] = []

    def do(self, act: str, who: str, low: float = 0, high: float = 0, **said: Any) -> None:
        """A step between `low` and `high` minutes after the last."""
        self.at += self.dice.uniform(low, high)
        self.on(self.at, act, who, **said)

    def on(self, minute: float, act: str, who: str, refused: str = "", **said: Any) -> None:
        """A step at a minute."""
        self.at = minute
        said = {**WORDS.get(act, {}), **said}
        number = len(self.steps) + 1
        self.steps.append(Step(self.key, number, round(minute, 3), act, who, said, refused))


def story(slot: Slot, key: str, keys: Mapping[int, str], setting: Setting) -> Story:
    """The story of a slot that no event tells; `keys` are those of all stories by slot."""
    script = Script(key, setting.dice, slot.minute)
    act, who = setting.opening(slot)
    script.on(slot.minute, act, who, **setting.report(slot))
    if slot.fate == "duplicate":
        assert slot.same_as is not None
        script.do("join", "operator", 2, 7, case=keys[slot.same_as.number])
    elif slot.fate == "settled":
        if "sampled" in slot.marks:
            script.do("check_pass", "checker", 25, 80)
    else:
        _verify(script, slot)
        if slot.fate == "rejected":
            script.do("reject", "operator", 2, 8)
        else:
            _send(script, slot, setting)
            _HANDLED[slot.fate](script, slot, setting)
    return Story(
        key, slot.centre, slot.fate, tuple(script.steps), "", slot.key, slot.source, slot.hands,
        frozenset(slot.marks),
    )  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What every story of a day has in common; `spots` are where the reports lie, by slot."""

    day: Day
    figures: Figures
    dice: random.Random
    spots: Mapping[int, Mapping[str, Any]]

    def opening(self, slot: Slot) -> tuple[str, str]:
        """The act that opens the case, and whose it is."""
        settled = slot.fate == "settled"
        return "settle" if settled else "report", "crew" if slot.source == "patrol" else "operator"

    def report(self, slot: Slot, text: str = "") -> dict[str, Any]:
        """What the report says."""
        scene, words = self.dice.choice(self.figures.texts[slot.key])
        said: dict[str, Any] = {
            "source": slot.source,
            "class": {"kind": slot.key[0], "code": slot.key[1]},
            "description": text or words,
            "scene": scene,
            **self.spots[slot.number],
        }
        return said

    def unit(self, slot: Slot) -> str:
        """The part of the unit whose duty it is."""
        return f"unit:{department(slot, self.figures)}"

    def hands(self, slot: Slot, minute: float) -> str:
        """The part of who is sent at that minute."""
        return f"crew:{shift_at(minute)}" if slot.hands == "crew" else self.unit(slot)


def _verify(script: Script, slot: Slot) -> None:
    """Somebody looks first where a citizen said it."""
    found = slot.fate != "rejected"
    if slot.source not in ("public", "community_post"):
        return
    if BY_DAY[0] <= script.at % 1440 < BY_DAY[1]:
        script.do("ask_verify", "operator", 1, 3)
        script.do("verify", "collector", 3, 8, found=found, means="look")
    else:
        script.do("verify", "operator", 2, 5, found=found, means="video")


def _send(script: Script, slot: Slot, setting: Setting) -> None:
    """File or sign for it, send it, and have it accepted."""
    elsewhere = slot.source not in OWN
    script.do("sign" if elsewhere else "file", "operator", 1.5, 6, standard=slot.condition)
    script.do("dispatch", "operator", 1, 5)
    hands = setting.hands(slot, script.at)
    script.steps[-1] = _with(script.steps[-1], assignee=hands)
    script.do("accept", hands, 1, 6)


def _with(step: Step, **said: Any) -> Step:
    return Step(
        step.story,
        step.number,
        step.minute,
        step.act,
        step.who,
        {**step.said, **said},
        step.refused,
    )


def _hands(script: Script) -> str:
    """Who has it: whoever accepted."""
    return next(step.who for step in reversed(script.steps) if step.act == "accept")


def _dispatched(script: Script) -> float:
    return next(step.minute for step in reversed(script.steps) if step.act == "dispatch")


def _work(script: Script, slot: Slot, low: float, high: float) -> None:
    """Handle and report back so many minutes after the dispatch, and not while somebody is still
    to report it again."""
    who, began = _hands(script), _dispatched(script)
    until = max(began + script.dice.uniform(low, high), slot.held_until, script.at + 4)
    if who.startswith("crew") and script.dice.random() < 0.4:
        there = script.at + (until - script.at) * 0.35
        script.on(script.at + (there - script.at) * 0.4, "under_way", who)
        script.on(there, "on_scene", who)
    _report_back(script, slot, until)


def _report_back(script: Script, slot: Slot, minute: float) -> None:
    more = {"reply": WORDS["reply"]["reply"]} if slot.source == "hotline" else {}
    script.on(minute, "report_back", _hands(script), photos=["after"], **more)


def _finish(script: Script, slot: Slot) -> None:
    """Checked and closed, here or by the platform whose ticket it is."""
    if slot.source in OWN:
        script.do("check_pass", "checker", 8, 28)
        script.do("close", "lead", 3, 14)
    else:
        script.do("reply", "operator", 3, 10)
        script.do("closed_elsewhere", "operator", 8, 24)


def _on_time(script: Script, slot: Slot, setting: Setting) -> None:
    if "extended" in slot.marks:
        _ask_for_time(script, setting.day)
        _work(script, slot, 130, 195)
    elif "reworked" in slot.marks:
        _rework(script, slot)
    elif slot.limit.value == 1 and urgent(slot):
        _work(script, slot, 20, 45)
    else:
        _work(script, slot, 20, 82)
    _finish(script, slot)


def _ask_for_time(script: Script, day: Day) -> None:
    """More time is asked for; meanwhile the commander watches over it."""
    until = (day.date + timedelta(days=1)).isoformat()  # it may be past midnight
    script.do("supervise", "commander", 20, 35, reason="群众多次反映，限次日前办结", until=until)
    script.do("ask_extension", _hands(script), 20, 30)
    script.do("endorse", "lead", 4, 9, request="extension")
    script.do("grant", "office", 5, 14, request="extension")


def _rework(script: Script, slot: Slot) -> None:
    """Reported back too early: the check, or the shift leader, sends it back to work."""
    _work(script, slot, 16, 35)
    if slot.number % 2:
        script.do("check_fail", "checker", 8, 20)
    else:
        script.do("check_pass", "checker", 8, 20)
        script.do("rework", "lead", 2, 8)
    _report_back(script, slot, script.at + script.dice.uniform(12, 28))


def _late(script: Script, slot: Slot, setting: Setting) -> None:
    script.do("urge", "operator", 70, 90, note="时限将到，请尽快到场")
    _work(script, slot, 140, 250)
    _finish(script, slot)


def _to_check(script: Script, slot: Slot, setting: Setting) -> None:
    """Done in time; the check waits for the collectors of the morning."""
    _work(script, slot, 20, 60)
    script.at = ENDS + script.dice.uniform(40, 150)
    _finish(script, slot)


def _in_hand(script: Script, slot: Slot, setting: Setting) -> None:
    """Nothing more before seven; then within what is left."""
    due = setting.day.due(slot.limit, _dispatched(script))
    latest = min(due - 8, ENDS + 210)
    _report_back(script, slot, script.dice.uniform(min(ENDS + 25, latest - 1), latest))
    _finish(script, slot)


def _overdue(script: Script, slot: Slot, setting: Setting) -> None:
    _report_back(script, slot, ENDS + script.dice.uniform(70, 180))
    _finish(script, slot)


_HANDLED = {
    "on_time": _on_time,
    "late": _late,
    "to_check": _to_check,
    "in_hand": _in_hand,
    "overdue": _overdue,
}
