"""Accounts of the demo: a few for every role, so that each can be tried and simulated.

No passwords here: they are made at installation, and only an install flagged *demo* has these
accounts at all.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from lianqin.console.demo_district import agencies, areas, force, names
from lianqin.console.demo_district.data import DISTRICT
from lianqin.console.demo_district.models import Name

# The people of the teams come first in the list of names.
_FIRST_FREE, _FIRST_ELSEWHERE = 200, 2000
Account = dict[str, Any]


@cache
def accounts(teams: int = areas.PILOT_TEAMS) -> tuple[Account, ...]:
    """Accounts as ``{username, name, title, roles: [{role, place, crew?, unit?}], demo}``.

    ``crew`` and ``unit`` are keys of a crew and of an agency. ``title`` says on the sign-in
    card what this person does.
    """
    people = _Names(_FIRST_FREE)
    found = [*_district(people), *_offices(people, pilot=True)]
    for centre in areas.centres():
        found += _centre(people, centre.key, centre.place, centre.short)
    found += [*_crews(), *_units(people), *_machines()]
    for centre in areas.centres():  # last, so that those before keep their names
        found += _two_seats(people, centre.key, centre.place, centre.short)
    if teams > areas.PILOT_TEAMS:
        found += _elsewhere(teams)
    return tuple(found)


def _elsewhere(teams: int) -> list[Account]:
    """Offices, centres and crews outside the pilot, so that its people keep their names."""
    people = _Names(_FIRST_ELSEWHERE)
    found = _offices(people, pilot=False)
    for centre in areas.centres(teams)[areas.PILOT_TEAMS :]:
        found += _centre(people, centre.key, centre.place, centre.short)
    found += _crews(teams)[2 * 4 * areas.PILOT_TEAMS :]
    for centre in areas.centres(teams)[areas.PILOT_TEAMS :]:
        found += _two_seats(people, centre.key, centre.place, centre.short)
    return found


class _Names:
    """Hands out names that no member of a team has."""

    def __init__(self, first: int) -> None:
        self._next = first

    def take(self) -> Name:
        self._next += 1
        return names.person(self._next)


def _account(
    username: str, name: Name, zh: str, en: str, role: str, place: str, **more: str
) -> Account:
    roles = [{"role": role, "place": place, **more}]
    return {
        "username": username,
        "name": dict(name),
        "title": {"zh": zh, "en": en},
        "roles": roles,
        "demo": True,
    }


def _district(people: _Names) -> list[Account]:
    wanted = (
        ("desk-1", "区值班领导", "District duty leader", "district_desk"),
        ("desk-2", "区联勤办", "District joint-duty office", "district_desk"),
        ("assessor-1", "考核员", "Assessor", "assessor"),
        ("admin-system", "系统管理员", "System administrator", "system_admin"),
        ("admin-security", "安全管理员", "Security administrator", "security_admin"),
        ("admin-audit", "审计管理员", "Audit administrator", "audit_admin"),
    )
    return [
        _account(username, people.take(), zh, en, role, DISTRICT)
        for username, zh, en, role in wanted
    ]


def _offices(people: _Names, *, pilot: bool) -> list[Account]:
    found = []
    for office in areas.offices():
        if office.pilot is pilot:
            zh, en = f"{office.name['zh']}", f"{office.name['en']}, staff"
            for number in (1, 2):
                username = f"office-{office.code}-{number}"
                found.append(
                    _account(username, people.take(), zh, en, "office_staff", office.place)
                )
    return found


def _centre(people: _Names, key: str, place: str, short: Name) -> list[Account]:
    wanted = (
        (f"commander-{key}", "指挥长", "commander", "commander"),
        (f"lead-{key}", "值班长", "shift leader", "shift_leader"),
        (f"op-{key}-1", "坐席员", "seat operator", "operator"),
        (f"op-{key}-2", "坐席员", "seat operator", "operator"),
        (f"collector-{key}-1", "信息采集员", "collector", "collector"),
        (f"collector-{key}-2", "信息采集员", "collector", "collector"),
    )
    return [
        _account(username, people.take(), short["zh"] + zh, f"{short['en']} {en}", role, place)
        for username, zh, en, role in wanted
    ]


def _two_seats(people: _Names, key: str, place: str, short: Name) -> list[Account]:
    """An operator's work in two hands: one takes in and files, the other sends."""
    wanted = (
        (f"acceptor-{key}", "受理员", "acceptor", "acceptor"),
        (f"dispatcher-{key}", "派遣员", "dispatcher", "dispatcher"),
    )
    return [
        _account(username, people.take(), short["zh"] + zh, f"{short['en']} {en}", role, place)
        for username, zh, en, role in wanted
    ]


def _crews(teams: int = areas.PILOT_TEAMS) -> list[Account]:
    """Two accounts a crew: its lead and its leading police officer."""
    by_key = {member.key: member for member in force.members(teams)}
    found = []
    for crew in force.crews(teams):
        for number, key in enumerate((crew.lead, crew.leading_police), start=1):
            duty = ("带班人", "lead") if number == 1 else ("带班民警", "leading police officer")
            found.append(
                _account(
                    f"crew-{crew.key}-{number}",
                    by_key[key].name,
                    f"{crew.name['zh']}{duty[0]}",
                    f"{crew.name['en']}, {duty[1]}",
                    "crew_member",
                    crew.place,
                    crew=crew.key,
                )
            )
            found[-1]["member"] = key
    return found


def _units(people: _Names) -> list[Account]:
    return [
        _account(
            f"unit-{unit.key}",
            people.take(),
            f"{unit.name['zh']}联络员",
            f"{unit.name['en']}, liaison",
            "unit_liaison",
            unit.reach or unit.place,
            unit=unit.key,
        )
        for unit in agencies.units()
    ]


def _machines() -> list[Account]:
    """Programs that hold a token instead of signing in."""
    reporter = {"zh": "公众上报接口", "en": "Public reporting client"}
    replayer = {"zh": "数据回放", "en": "Replay"}
    return [
        _account("reporter-client", reporter, "接口", "API client", "reporter_client", DISTRICT),
        _account("replayer", replayer, "接口", "API client", "replayer", DISTRICT),
    ]
