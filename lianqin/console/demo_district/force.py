"""Teams, crews and their people: figures of the seed, invented persons.

A team has 12 urban-management and 12 patrol people; 2 + 2 of them make a crew on each of the four
shifts, the rest are its reserve. How many hold a certificate, and in which crew they are, follows
the demo's day: where only one serves, a crew is complete and still may not punish.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lianqin.console.demo_district import agencies, areas, names
from lianqin.console.demo_district.data import rows
from lianqin.console.demo_district.models import Centre, Crew, Member, Team
from lianqin.worktime import PILOT

# Certified officers in the early, middle, late and night crew; the sums are those of the seed.
_CERTIFIED = {
    "qingnian": (2, 2, 2, 2),
    "pengcheng": (2, 2, 2, 2),
    "xinsheng": (2, 2, 1, 1),
    "wangjie": (2, 2, 2, 1),
    "tianqiao": (1, 2, 1, 2),
}
# Kit of a team outside the pilot, and its certificates by crew, in turn. Invented.
_KIT = {"e_vehicles": 6, "body_cameras": 2, "radios": 1}
_CERTIFIED_ELSEWHERE = ((2, 2, 2, 2), (2, 2, 2, 1), (2, 2, 1, 1), (2, 1, 2, 2))
# Where the people of the other teams begin in the list of names.
_FIRST_ELSEWHERE = 1000
_RESERVE_PATROL = ("auxiliary", "auxiliary", "patrol_guard", "patrol_guard")


@cache
def teams(count: int = areas.PILOT_TEAMS) -> tuple[Team, ...]:
    """The five teams of the pilot, or all thirteen, with their kit."""
    known = {row["centre"]: row for row in rows("centres.csv")}
    kit = {c.key: known.get(c.short["zh"], _KIT) for c in areas.centres(count)}
    return tuple(
        Team(
            key=centre.key,
            name={
                "zh": f"{centre.short['zh']}综合执法队",
                "en": f"{centre.short['en']} joint enforcement team",
            },
            centre=centre.key,
            place=centre.place,
            e_vehicles=int(kit[centre.key]["e_vehicles"]),
            body_cameras=int(kit[centre.key]["body_cameras"]),
            radios=int(kit[centre.key]["radios"]),
        )
        for centre in areas.centres(count)
    )


@cache
def members(count: int = areas.PILOT_TEAMS) -> tuple[Member, ...]:
    """All people of the teams, 24 of each."""
    found: list[Member] = []
    for centre in areas.centres(count):
        first = len(found) if centre.key in _CERTIFIED else _FIRST_ELSEWHERE + len(found)
        for slot, (kind, crew, certified) in enumerate(_posts(centre.key, len(found))):
            found.append(_member(centre, slot, kind, crew, certified, number=first + slot))
    return tuple(found)


def _posts(team: str, before: int) -> list[tuple[str, str | None, bool]]:
    """Kind, crew and certificate of the 24 people of a team; `before`: people of earlier teams."""
    found: list[tuple[str, str | None, bool]] = []
    elsewhere = _CERTIFIED_ELSEWHERE[before // 24 % len(_CERTIFIED_ELSEWHERE)]
    for shift, certified in zip(PILOT, _CERTIFIED.get(team, elsewhere), strict=True):
        crew = crew_key(team, shift.key)
        second = "enforcement_officer" if certified == 2 else "assistant"
        guard = "auxiliary" if shift.key in ("early", "late") else "patrol_guard"
        found += [
            ("enforcement_officer", crew, True),
            (second, crew, certified == 2),
            ("police_officer", crew, False),
            (guard, crew, False),
        ]
    found += [("assistant", None, False)] * 4
    found += [(kind, None, False) for kind in _RESERVE_PATROL]
    return found


def _member(
    centre: Centre, slot: int, kind: str, crew: str | None, certified: bool, number: int
) -> Member:
    urban = kind in ("enforcement_officer", "assistant")
    return Member(
        key=f"{centre.key}-{slot + 1:02d}",
        name=names.person(number),
        kind=kind,
        agency=f"squad-{centre.office}" if urban else centre.station,
        team=centre.key,
        crew=crew,
        certificate=_certificate(number) if certified else None,
    )


def _certificate(number: int) -> Mapping[str, str]:
    return {
        "number": f"DEMO-320303-{number + 1:04d}",
        "body": agencies.URBAN,
        "valid_from": "2024-01-01",
        "valid_until": "2028-12-31",
    }


def crew_key(team: str, shift: str) -> str:
    """The key of a team's crew on a shift."""
    return f"{team}-{shift}"


@cache
def crews(count: int = areas.PILOT_TEAMS) -> tuple[Crew, ...]:
    """Four crews a team; the lead is a certified officer, and each has a leading police officer."""
    found = []
    for centre in areas.centres(count):
        for shift in PILOT:
            key = crew_key(centre.key, shift.key)
            people = [member for member in members(count) if member.crew == key]
            found.append(
                Crew(
                    key=key,
                    team=centre.key,
                    shift=shift.key,
                    name={
                        "zh": f"{centre.short['zh']}{shift.zh}组",
                        "en": f"{centre.short['en']} {shift.key} crew",
                    },
                    place=centre.place,
                    lead=next(m.key for m in people if m.certificate),
                    leading_police=next(m.key for m in people if m.kind == "police_officer"),
                    members=tuple(member.key for member in people),
                )
            )
    return tuple(found)
