"""Words of what became of a unit's sheet, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianqin.cases.lifecycle import ACT_WORDS, STATE_WORDS, State
from lianqin.territory.queries import district

from .problem_words import words


def in_words(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with a reason in both languages beside every row that was not done."""
    return {**answer, "results": [_row(one) for one in answer["results"]]}


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in one.items() if name != "params"}
    if one["reason"] is not None or not one["code"]:
        return said
    tell = _conflict if one["code"] == "conflict" else _refused
    return {**said, "reason": {"zh": tell(one, "zh"), "en": tell(one, "en")}}


def _refused(one: Mapping[str, Any], language: str) -> str:
    title, detail = words(one["code"], language, {**one["params"], "act": one["act"]})
    mark = ":" if language == "zh" else ": "
    return f"{title}{mark}{detail}" if detail else title


def _conflict(one: Mapping[str, Any], language: str) -> str:
    """Who did what since the sheet was taken out, and what to do."""
    column, theirs = int(language == "en"), one["params"]
    state = STATE_WORDS[State(theirs["state"])][column]
    act = ACT_WORDS.get(theirs.get("act", ""), ("", ""))[column]
    who = theirs.get("actor_name") or ("他人", "somebody")[column]
    at = theirs.get("recorded_at")
    when = f"{datetime.fromisoformat(at).astimezone(district().tz):%m-%d %H:%M}" if at else ""
    if language == "zh":
        return (
            f"导出后案件已变化:{who}于 {when} {act},现为“{state}”。"
            "未办理;如仍需办理,请重新导出后填写"
        )
    return (
        f"the case has moved on since the sheet was taken out: {who} did '{act}' at {when}, it is "
        f"now '{state}'. Nothing was done; take the sheet out again if it is still needed"
    )
