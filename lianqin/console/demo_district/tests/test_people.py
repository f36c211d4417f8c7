"""Agencies, teams, accounts and classes agree with each other and with the seed's figures."""

from __future__ import annotations

from collections import Counter

import pytest

from lianqin.console.demo_district import demo, names
from lianqin.worktime import PILOT, Limit, Unit

DEMO = demo()
MEMBERS = {member.key: member for member in DEMO.members}
AGENCIES = {agency.key: agency for agency in DEMO.agencies}
CENTRES = {centre.key: centre for centre in DEMO.centres}
PLACES = {
    "320303",
    *(office.place for office in DEMO.offices),
    *(centre.place for centre in DEMO.centres),
}
ROLES = {
    "operator", "acceptor", "dispatcher", "shift_leader", "commander", "district_desk",
    "office_staff", "crew_member", "unit_liaison", "collector", "reporter_client", "assessor",
    "system_admin", "security_admin", "audit_admin", "replayer",
}  # fmt: skip


@pytest.mark.parametrize(
    "things", [DEMO.sites, DEMO.agencies, DEMO.teams, DEMO.crews, DEMO.members, DEMO.centres]
)
def test_keys_are_unique(things) -> None:
    assert len({thing.key for thing in things}) == len(things)


def test_agencies_form_a_tree_with_parents_first() -> None:
    seen: set[str] = set()
    for agency in DEMO.agencies:
        assert agency.parent is None or agency.parent in seen
        assert agency.place in PLACES
        seen.add(agency.key)


def test_units_have_a_reach_and_others_have_none() -> None:
    for agency in DEMO.agencies:
        assert (agency.reach is not None) == agency.takes_cases
        assert agency.reach is None or agency.reach in PLACES
    assert sum(agency.kind == "partner" for agency in DEMO.agencies) == 7
    assert sum(agency.kind == "community" for agency in DEMO.agencies) == 86
    assert sum(agency.kind == "police_station" for agency in DEMO.agencies) == 5


def test_every_centre_sits_in_a_station_and_under_an_office() -> None:
    sites = {site.key for site in DEMO.sites}
    for centre in DEMO.centres:
        assert centre.station in sites
        assert centre.station in AGENCIES
        assert centre.place.startswith(f"320303/{centre.office}/")


def test_kit_is_that_of_the_seed() -> None:
    assert sum(team.e_vehicles for team in DEMO.teams) == 30
    assert sum(team.body_cameras for team in DEMO.teams) == 8
    assert sum(team.radios for team in DEMO.teams) == 6


def test_a_team_has_twelve_and_twelve() -> None:
    for team in DEMO.teams:
        mine = [m for m in DEMO.members if m.team == team.key]
        urban = [m for m in mine if m.kind in ("enforcement_officer", "assistant")]
        assert (len(urban), len(mine)) == (12, 24)


@pytest.mark.parametrize(
    ("team", "certified"),
    [("qingnian", 8), ("pengcheng", 8), ("xinsheng", 6), ("wangjie", 7), ("tianqiao", 6)],
)
def test_certificates_are_those_of_the_day(team: str, certified: int) -> None:
    assert sum(m.team == team and m.certificate is not None for m in DEMO.members) == certified


def test_certificates_belong_to_enforcement_officers_only() -> None:
    for member in DEMO.members:
        assert (member.certificate is not None) == (member.kind == "enforcement_officer")
        assert member.certificate is None or member.certificate["number"].startswith("DEMO-")


def test_a_crew_is_two_and_two_with_its_leads() -> None:
    assert len(DEMO.crews) == 20
    for crew in DEMO.crews:
        people = [MEMBERS[key] for key in crew.members]
        urban = [m for m in people if m.kind in ("enforcement_officer", "assistant")]
        assert (len(people), len(urban)) == (4, 2)
        assert all(member.crew == crew.key for member in people)
        assert MEMBERS[crew.lead].certificate is not None
        assert MEMBERS[crew.leading_police].kind == "police_officer"
        assert crew.shift in {shift.key for shift in PILOT}


def test_two_crews_of_the_day_are_complete_and_may_not_punish() -> None:
    certified = {
        crew.key: sum(MEMBERS[key].certificate is not None for key in crew.members)
        for crew in DEMO.crews
    }
    assert certified["tianqiao-early"] == 1
    assert certified["xinsheng-late"] == 1
    assert certified["pengcheng-late"] == 2


def test_a_call_sign_reads_as_people_say_it() -> None:
    assert "青年早班组" in {crew.name["zh"] for crew in DEMO.crews}


def test_accounts_have_roles_places_and_references_that_exist() -> None:
    crews = {crew.key for crew in DEMO.crews}
    usernames = [account["username"] for account in DEMO.accounts]
    assert len(usernames) == len(set(usernames))
    for account in DEMO.accounts:
        assert account["demo"] is True
        for role in account["roles"]:
            assert role["role"] in ROLES
            assert role["place"] in PLACES
            assert ("crew" in role) == (role["role"] == "crew_member")
            assert ("unit" in role) == (role["role"] == "unit_liaison")
            assert role.get("crew", "qingnian-early") in crews
            assert role.get("unit", "water") in AGENCIES


def test_every_role_can_be_tried() -> None:
    held = Counter(role["role"] for account in DEMO.accounts for role in account["roles"])
    assert set(held) == ROLES
    assert held["operator"] == held["collector"] == 10
    assert held["acceptor"] == held["dispatcher"] == 5
    assert held["crew_member"] == 40
    assert held["unit_liaison"] == sum(agency.takes_cases for agency in DEMO.agencies)


def test_invented_people_have_names_of_their_own() -> None:
    people = [m.name["zh"] for m in DEMO.members]
    people += [
        account["name"]["zh"]
        for account in DEMO.accounts
        if account["roles"][0]["role"] not in ("crew_member", "reporter_client", "replayer")
    ]
    assert len(people) == len(set(people))
    assert all(member.demo for member in DEMO.members)


def test_there_are_not_endless_names() -> None:
    assert len({names.person(n)["zh"] for n in range(names.MOST)}) == names.MOST
    with pytest.raises(ValueError, match="invented"):
        names.person(names.MOST)


def test_all_classes_are_there_with_a_sample_limit() -> None:
    classes = DEMO.case_classes
    assert len(classes) == 188
    assert len({(one.kind, one.code) for one in classes}) == 188
    # The same digits stand for a part and for an event: a code alone names nothing.
    assert len({one.code for one in classes}) < 188
    for one in classes:
        assert Limit(one.limit_value, Unit.parse(one.limit_unit)).text()
        assert "样例" in one.limit_note["zh"]


@pytest.mark.parametrize(
    ("kind", "code", "value", "unit"),
    [("event", "0406", 2, "urgent_hour"), ("event", "0501", 1, "urgent_hour"),
     ("event", "0110", 4, "work_hour"), ("part", "0305", 3, "work_day")],
)  # fmt: skip
def test_sample_limits(kind: str, code: str, value: int, unit: str) -> None:
    found = next(one for one in DEMO.case_classes if (one.kind, one.code) == (kind, code))
    assert (found.limit_value, found.limit_unit) == (value, unit)


def test_the_whole_district_has_thirteen_teams_and_the_pilot_stays_as_it_is() -> None:
    whole = demo(13)
    per_office = Counter(centre.office[-3:] for centre in whole.centres)
    assert per_office == {"001": 3, "002": 2, "003": 2} | dict.fromkeys(
        ("004", "005", "006", "007", "008", "009"), 1
    )
    assert whole.centres[:5] == DEMO.centres
    assert whole.members[:120] == DEMO.members
    assert whole.accounts[: len(DEMO.accounts)] == DEMO.accounts
    assert (len(whole.members), len(whole.crews), len(whole.teams)) == (13 * 24, 13 * 4, 13)
    people = [m.name["zh"] for m in whole.members]
    people += [a["name"]["zh"] for a in whole.accounts if "member" not in a]
    assert len(people) == len(set(people))


def test_every_community_of_the_whole_district_has_a_centre_of_its_subdistrict() -> None:
    whole = demo(13)
    centres = {centre.place: centre.office for centre in whole.centres}
    for area in whole.areas:
        if area.kind == "community" and not area.parent.endswith(("400", "401")):
            assert centres[area.place] == area.parent
    stations = [site for site in whole.sites if site.kind == "station"]
    assert {site.place for site in stations} == set(centres)
