"""What the demo install hands to the players: who acts, with which tokens, where, and pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lianqin.simulation.words import tr

from .figures import shift_at

#: The players' folder in LIANQIN_HOME, and what `lianqin demo seed` leaves in it.
FOLDER, STAGE, PICTURES = "demo-day", "stage.json", "pictures"


class NoStage(Exception):
    """There is nothing to play with; the text says what to do."""


@dataclass(frozen=True)
class Player:
    """An account of the demo that plays a part."""

    username: str
    id: str
    token: str
    place: str
    hands: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Stage:
    """Everybody and every place of the day."""

    folder: Path
    zone: ZoneInfo
    people: Mapping[str, Player]
    spots: Mapping[str, list[dict[str, Any]]]

    @property
    def install(self) -> str:
        """What tells this seeding of the demo from an earlier one in the same folder."""
        return self.people["desk-1"].id.replace("-", "")[-12:]

    def player(self, who: str, centre: str, minute: float) -> Player:
        """Whose part it is. Raises KeyError for a part that nobody has."""
        kind, _, name = who.partition(":")
        if kind == "unit":
            office = self.office(centre)
            local = self.people.get(f"unit-{name}-{office}")
            return local or self.people[f"unit-{name}"]
        if kind == "hands":
            found = self.hands(name)
            if found is None:
                raise KeyError(who)
            return found
        if kind == "crew":
            return self.people[f"crew-{centre}-{name or shift_at(minute)}-1"]
        return self.people[_NAMES[kind].format(centre=centre, office=self.office(centre))]

    def office(self, centre: str) -> str:
        """The code of the subdistrict that a centre belongs to."""
        return self.people[f"op-{centre}-1"].place.split("/")[1]

    def hands(self, hands_id: str) -> Player | None:
        """Somebody who serves in that crew or unit."""
        return next(
            (p for p in self.people.values() if p.hands and p.hands["id"] == hands_id), None
        )

    def by_id(self, account_id: str) -> Player | None:
        """The account with that id."""
        return next((p for p in self.people.values() if p.id == account_id), None)

    def picture(self, scene: str, when: str, number: int) -> bytes:
        """A drawing of a scene `before` or `after` somebody put it right."""
        found = sorted((self.folder / PICTURES).glob(f"{scene}-{when}-*.jpg"))
        return found[number % len(found)].read_bytes()


_NAMES = {
    "operator": "op-{centre}-1",
    "neighbour": "op-{centre}-2",
    "lead": "lead-{centre}",
    "commander": "commander-{centre}",
    "collector": "collector-{centre}-1",
    "office": "office-{office}-1",
    "district": "desk-1",
}


def load(home: Path) -> Stage:
    """Read what the seeding left, or NoStage with what to do."""
    folder = home / FOLDER
    try:
        data = json.loads((folder / STAGE).read_text(encoding="utf-8"))
        people = {one["username"]: _player(one) for one in data["accounts"]}
        stage = Stage(folder, ZoneInfo(data["district"]["timezone"]), people, data["spots"])
        _ = stage.install
    except OSError as error:
        raise NoStage(
            tr(
                f"读不到 {folder / STAGE}({error.strerror})。演示日只在演示城区中进行:请先运行 "
                "`make run` 或 `lianqin demo seed`,并以同一用户、同一 LIANQIN_HOME 运行本命令。",
                f"No {folder / STAGE} ({error.strerror}). The day is played in a demo district "
                "only: first `make run` or `lianqin demo seed`, then this command as the same user "
                "with the same LIANQIN_HOME.",
            )
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise NoStage(
            tr(
                f"{folder / STAGE} 不完整({error!r}),请重新运行 `lianqin demo seed`。",
                f"{folder / STAGE} is incomplete ({error!r}): run `lianqin demo seed`.",
            )
        ) from error
    return stage


def _player(one: Mapping[str, Any]) -> Player:
    role = one["roles"][0]
    hands = None
    if role.get("crew_id"):
        hands = {"kind": "crew", "id": role["crew_id"]}
    elif role.get("unit_id"):
        hands = {"kind": "unit", "id": role["unit_id"]}
    return Player(one["username"], one["id"], one["token"], role["place"], hands)
