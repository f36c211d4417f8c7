"""The words of a notice, rendered when somebody reads it; both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: kind → (Chinese, English); {case} is number and class, {stage} the clock's stage.
_WORDS: dict[str, tuple[str, str]] = {
    "task": ("派遣：{case}，请签收", "Sent to you: {case}; please accept"),
    "unit_task": ("派遣：{case}，请签收", "Sent to you: {case}; please accept"),
    "returned": ("退回重办：{case}", "To be done again: {case}"),
    "sent_back": ("承办退回：{case}，请重新派遣", "Sent back: {case}; please dispatch again"),
    "urged": ("催办：{case}", "Urged: {case}"),
    "supervised": ("督办：{case}，限 {until} 前办结", "Under supervision: {case}, until {until}"),
    "assigned": ("领导交办：{case}", "Assigned by a leader: {case}"),
    "half": ("{stage}时限过半：{case}", "Half the time for {stage} is gone: {case}"),
    "pressing": ("{stage}时限已过八成：{case}", "Four fifths of the time for {stage} gone: {case}"),
    "overdue": ("{stage}超期：{case}", "Overdue, {stage}: {case}"),
    "backup": ("请求支援：{case}", "Backup requested: {case}"),
    "request": ("待审批（{request}）：{case}", "To decide ({request}): {case}"),
    "endorsed": (
        "初审同意、待审批（{request}）：{case}",
        "Endorsed ({request}): {case}",
    ),
    "answered": (
        "申请已答复（{request}）：{case}",
        "Request answered ({request}): {case}",
    ),
    "moved": ("机动调整：请本组到新位置备勤", "Moved: your crew is to stand by at a new place"),
    "deputy": ("您被指定为代理指挥长", "You have been named deputy commander"),
}
_STAGES = {
    "intake": ("立案", "filing"),
    "verify": ("核实", "verifying"),
    "dispatch": ("派遣", "dispatching"),
    "handle": ("处置", "handling"),
    "joint": ("联合处置", "joint handling"),
    "check": ("核查", "checking"),
    "reply": ("回复", "replying"),
    "close": ("结案", "closing"),
}
_REQUESTS = {
    "extension": ("延期", "extension"),
    "suspension": ("挂账", "suspension"),
    "department": ("提请部门", "department"),
    "backup": ("支援", "backup"),
    "force_close": ("强制结案", "forced close"),
    "appeal": ("超期申诉", "appeal"),
    "dispute": ("裁定", "ruling"),
}


class _Filled(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def text_of(kind: str, number: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """What a notice says, in Chinese and English; an unknown kind stands for itself."""
    said = _WORDS.get(kind, (kind, kind))
    return tuple(_filled(words, n, number, params) for n, words in enumerate(said))  # type: ignore[return-value]


def _filled(words: str, language: int, number: str, params: Mapping[str, Any]) -> str:
    name = str(params.get("class_en" if language else "class_zh", ""))
    stage, request = str(params.get("stage", "")), str(params.get("kind", ""))
    return words.format_map(
        _Filled(
            case=" ".join(filter(None, (number, name))),
            stage=_STAGES.get(stage, (stage, stage))[language],
            request=_REQUESTS.get(request, (request, request))[language],
            until=str(params.get("until", "…")),
        )
    )
