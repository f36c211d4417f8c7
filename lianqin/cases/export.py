"""The queue as a spreadsheet, in the reader's words and the district's time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from lianqin.accounts.principal import Scope
from lianqin.territory.queries import district

from .lifecycle import STATE_WORDS, State
from .models import SOURCES, Case
from .queries import labels_of_places, tab, visible
from .rows import for_rows, row
from .rules import OUTCOMES

HEAD = {
    "zh": ["案号", "状态", "类别", "编码", "地址", "区域", "来源", "上报时间", "承办", "到期时间",
        "现场处理"],
    "en": [
        "Number", "State", "Class", "Code", "Address", "Area", "Source", "Reported",
        "In the hands of", "Due", "Done on the spot",
    ],
}  # fmt: skip
SOURCES_EN = {
    "patrol": "Patrol",
    "collector": "Collector",
    "city_platform": "City platform",
    "hotline": "Hotline 12345",
    "video": "Video",
    "community_post": "Community post",
    "public": "Public",
    "police_110": "Police 110",
}
KINDS = {"event": ("事件", "Event "), "part": ("部件", "Part ")}


def export(scope: Scope, name: str, now: datetime, language: str = "zh") -> Iterator[list[str]]:
    """The head and the rows of a tab, streamed; `language` is zh or en.

    An unknown tab is refused here and not in the middle of the answer.
    """
    return _lines(tab(Case.objects.filter(visible(scope)), name, now), language)


def _lines(cases: QuerySet[Case], language: str) -> Iterator[list[str]]:
    yield HEAD[language]
    zone = district().tz
    labels = labels_of_places()
    for case in for_rows(cases).order_by("-id").iterator(500):
        yield _cells(row(case, labels), case, language, zone)


def _cells(shown: dict[str, Any], case: Case, language: str, zone: ZoneInfo) -> list[str]:
    column = 0 if language == "zh" else 1
    sources = dict(SOURCES) if language == "zh" else SOURCES_EN
    kind = KINDS[shown["kind"]][column] if shown["kind"] else ""
    return [
        shown["number"] or "",
        STATE_WORDS[State(case.state)][column],
        shown["class_name"][language],
        f"{kind}{shown['code'] or ''}",
        case.address,
        shown["area"][language] if shown["area"] else "",
        sources[case.source],
        _local(case.reported_at, zone),
        shown["assignee"]["name"][language] if shown["assignee"] else "",
        _local(case.clock_due_at, zone),
        OUTCOMES[case.outcome][column] if case.outcome else "",
    ]


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    """Date and time on the district's wall, as a spreadsheet reads them."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
