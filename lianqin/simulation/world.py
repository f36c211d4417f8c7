"""The district as the model of queueing sees it: who there is, when they work, whose a class is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lianqin.catalogue.rules import default_way

from .client import Api
from .decisions import Judge, path, prefers_unit
from .intake import Plan
from .mapping import not_ours
from .profiles import ClassKey
from .queueing import Hands, Person
from .request import Request
from .staff import KINDS, Account, Staff, Staffing

#: Pools that --staff may make larger than the accounts there are, in the model only.
ANY_NUMBER = "+"


@dataclass
class District:
    """People and duty as the model needs them. `duty`: ids of units by class key and place ('' =
    wherever); `crews`: ids of crews by place. `beyond`: a staffing may name more people than there
    are accounts (a model alone can have them; a run cannot)."""

    plan: Plan
    staff: Staff
    staffing: Staffing
    judge: Judge
    zone: str
    root: str
    general: ClassKey | None
    duty: Mapping[tuple[ClassKey, str], Sequence[str]] = field(default_factory=dict)
    crews: Mapping[str, Sequence[str]] = field(default_factory=dict)
    beyond: bool = False
    persons: dict[str, Person] = field(default_factory=dict)
    _posts: dict[tuple[str, str], tuple[str, list[Person]]] = field(default_factory=dict)
    _hands: dict[tuple[ClassKey, str], list[Hands]] = field(default_factory=dict)

    def place_of(self, request: Request) -> str:
        """The place that answers for a request: its area's, or the district's own."""
        area = self.plan.areas.get(request.area)
        return area.place if area and area.place else self.root

    def path(self, request: Request, key: str) -> Sequence[str]:
        """The acts that follow a request, by the national way of its source."""
        way = default_way(self.plan.profile.source_of(request.channel))
        unfit = self.plan.class_of(request.service) is None
        rejected = unfit and not_ours(request.service, self.plan.profile)
        return path(self.judge, key, way, not_ours=rejected)

    def people(self, act: str, place: str) -> tuple[str, list[Person]]:
        """The post that does an act at a place, and the persons who hold it; nobody of ours where
        we wait for the platform that sent the ticket."""
        if act == "closed_elsewhere":
            return "", []
        if (act, place) not in self._posts:
            role, accounts = self.staff.on_post(act, place)
            if act.startswith("check_") and (drawn := self.staff.holding("collector")):
                # Who checks is drawn from the collectors of the whole district.
                role, accounts = "collector", drawn
            self._posts[act, place] = role, self._persons(role, accounts)
        return self._posts[act, place]

    def hands(self, request: Request, place: str) -> list[Hands]:
        """Who may be sent: crews of the place, or the units whose duty the class is."""
        key = self.plan.class_of(request.service) or self.general
        if key is None:
            return []
        if (key, place) not in self._hands:
            self._hands[key, place] = self._find_hands(key, place)
        return self._hands[key, place]

    def posts(self) -> Iterator[tuple[str, Sequence[Person]]]:
        """Every post that the model asked for, with the persons who hold it."""
        yield from self._posts.values()
        for sent in self._hands.values():
            for hands in sent:
                yield ("crew_member" if hands.kind == "crew" else "unit_liaison"), hands.people

    def _find_hands(self, key: ClassKey, place: str) -> list[Hands]:
        units = self.duty.get((key, ""), ()) or self.duty.get((key, place), ())
        able = {
            "crew": self._able("crew", "crew_member", self.crews.get(place, ())),
            "unit": self._able("unit", "unit_liaison", units),
        }
        first, second = ("unit", "crew") if prefers_unit(*key) else ("crew", "unit")
        return able[first] or able[second]

    def _able(self, kind: str, role: str, ids: Iterable[str]) -> list[Hands]:
        found = [Hands(kind, i, tuple(self._persons(role, self.staff.hands(i)))) for i in ids]
        return [hands for hands in found if hands.people]

    def _persons(self, role: str, accounts: Sequence[Account]) -> list[Person]:
        hours = self.staffing.hours_of(role, self.zone)
        found = [self.persons.setdefault(a.username, Person(a.username, hours)) for a in accounts]
        word = next((w for w, roles in KINDS.items() if role in roles), "")
        wanted = self.staffing.at_most.get(word) if self.beyond else None
        for number in range(len(found) + 1, (wanted or 0) + 1):
            name = f"{accounts[0].username}{ANY_NUMBER}{number}" if accounts else ""
            found += [self.persons.setdefault(name, Person(name, hours))] if name else []
        return found


async def duty_of(
    api: Api, token: str, keys: Iterable[ClassKey], places: Iterable[str], root: str
) -> dict[tuple[ClassKey, str], list[str]]:
    """Ids of the units whose duty each class is: over the whole district, else by place."""
    wanted = sorted(set(keys))
    found: dict[tuple[ClassKey, str], list[str]] = {}

    async def ask(key: ClassKey, place: str) -> list[str]:
        answer = await api.get(token, f"/classes/{key[0]}/{key[1]}/duty", place=place)
        items: list[dict[str, Any]] = answer.body["items"] if answer.ok else []
        return [str(item["unit"]["id"]) for item in items]

    whole = await asyncio.gather(*(ask(key, root) for key in wanted))
    rest = [(k, p) for k, ids in zip(wanted, whole, strict=True) if not ids for p in set(places)]
    found |= {(k, ""): ids for k, ids in zip(wanted, whole, strict=True) if ids}
    parts = await asyncio.gather(*(ask(key, place) for key, place in rest))
    return found | {pair: ids for pair, ids in zip(rest, parts, strict=True) if ids}
