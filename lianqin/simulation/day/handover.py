"""What the night hands over: cases that were in hand when the day began are finished early."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lianqin.simulation.client import Api

from .ledger import Ledger, write_whole
from .script import Script, Story
from .stage import Stage

#: Where a case must stand to be handed over to the hands that have it.
STATES = ("dispatched", "handling")
#: Minute at which the first is reported back, and minutes until the next: the oldest first.
FROM, APART = 432, 6


async def handed_over(api: Api, stage: Stage, begins: datetime, ledger: Ledger) -> list[Story]:
    """Stories of the cases that were in hand when the day began, as found when it was first
    played; kept on disk, so that the next start tells the same."""
    kept = stage.folder / f"handed-over-{stage.install}.json"
    if kept.exists():
        rows = json.loads(kept.read_text(encoding="utf-8"))
    else:
        rows = [_kept(row) for row in await _open(api, stage, begins)]
        write_whole(kept, rows)
    found = []
    for number, row in enumerate(rows):
        if ledger.told(_key(number)).steps == 0:
            ledger.note(_key(number), 0, row["id"], row["version"])
        found.append(_story(number, row))
    return found


async def _open(api: Api, stage: Stage, begins: datetime) -> Iterable[Mapping[str, Any]]:
    desk = stage.people["desk-1"].token
    answer = await api.get(desk, "/cases", tab="open", limit=100)
    rows = answer.body["items"] if answer.ok else []
    found = [
        row
        for row in rows
        if row["origin"] == "demo"
        and row["state"] in STATES
        and row["assignee"]
        and stage.hands(str(row["assignee"]["id"])) is not None
        and datetime.fromisoformat(row["reported_at"]) < begins
    ]
    return sorted(found, key=lambda row: row["reported_at"])


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "version", "state", "source", "place")
    return {**{name: row[name] for name in names}, "hands": row["assignee"]["id"]}


def _key(number: int) -> str:
    return f"handed-over-{number + 1}"


def _story(number: int, row: Mapping[str, Any]) -> Story:
    who = f"hands:{row['hands']}"
    script = Script(_key(number), random.Random(number), FROM - 10 + number * APART)  # noqa: S311
    if row["state"] == "dispatched":
        script.do("accept", who)
    more = {"reply": "您反映的问题已处置完毕，感谢监督。"} if row["source"] == "hotline" else {}
    script.do("report_back", who, 10, 10, photos=["after"], **more)
    if row["source"] in ("city_platform", "hotline"):
        script.do("reply", "operator", 4, 8)
        script.do("closed_elsewhere", "operator", 9, 20)
    else:
        script.do("check_pass", "checker", 9, 20)
        script.do("close", "lead", 4, 9)
    centre = str(row["place"]).rsplit("/", 1)[-1]
    return Story(_key(number), centre, "carried", tuple(script.steps), "", None, row["source"])
