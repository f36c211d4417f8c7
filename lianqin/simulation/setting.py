"""The parts of a replay put together: what the district is, the plan of what happens in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import mapping, reading, staff
from .client import Api
from .decisions import Judge
from .intake import Plan
from .keys import file_digest
from .profiles import ClassKey, Profile
from .queueing import Model, Planned, World
from .reading import Tally
from .spool import by_time
from .staff import Demo, Staffing
from .world import District, duty_of


@dataclass(frozen=True)
class Setting:
    """A file in a district: its words there, the zone, the crews, whose duty the classes are."""

    file: Path
    profile: Profile
    demo: Demo
    seed: int
    plan: Plan
    known: Mapping[str, Any]
    general: ClassKey | None
    duty: Mapping[tuple[ClassKey, str], list[str]]

    @property
    def root(self) -> str:
        """The district's own place."""
        return str(self.known["me"]["district"]["code"])

    @property
    def zone(self) -> str:
        """The district's time zone."""
        return str(self.known["me"]["district"]["timezone"])

    def district(self, staffing: Staffing, judge: Judge, *, beyond: bool = False) -> District:
        """The district's people under a staffing, as the model sees them."""
        crews: dict[str, list[str]] = {}
        for crew in self.known["force"]["crews"]:
            crews.setdefault(str(crew["place"]), []).append(str(crew["id"]))
        return District(
            plan=self.plan,
            staff=staff.Staff(self.demo.accounts, staffing),
            staffing=staffing,
            judge=judge,
            zone=self.zone,
            root=self.root,
            general=self.general,
            duty=self.duty,
            crews=crews,
            beyond=beyond,
        )

    def planned(
        self, district: District, judge: Judge, tally: Tally, limit: int | None
    ) -> Iterator[Planned]:
        """Every request of the file in the order of time, with the acts that follow it."""
        rows = by_time(reading.read_file(self.file, self.profile, tally, limit))
        return model_of(district, judge).plan(rows)


def model_of(district: District, judge: Judge) -> Model:
    """The queueing model over a district."""
    world = World(district.place_of, district.path, district.people, district.hands)
    return Model(world, judge, datetime.now(UTC))


async def read_setting(
    api: Api, file: Path, profile: Profile, demo: Demo, seed: int, known: Mapping[str, Any]
) -> Setting:
    """What the file's words mean in the district, and whose duty its classes are."""
    words, classes = reading.words_of(file, profile), known["classes"]["items"]
    plan = Plan(
        digest=file_digest(file),
        profile=profile,
        areas=mapping.allot(words.areas, known["areas"]["items"]),
        classes=frozenset((c["kind"], c["code"]) for c in classes),
        words=mapping.words_of(classes),
    )
    general = mapping.general_class(classes)
    root = str(known["me"]["district"]["code"])
    keys: Iterable[ClassKey | None] = [plan.class_of(s) for s in words.services]
    duty = await duty_of(
        api,
        demo.token,
        (key for key in (*keys, general) if key is not None),
        (area.place for area in plan.areas.values()),
        root,
    )
    return Setting(file, profile, demo, seed, plan, known, general, duty)
