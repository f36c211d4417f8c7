"""Every act × every role × inside and outside the place, against the policy table."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from lianqin.accounts.policy import POLICY, ROLES, Target, allowed
from lianqin.accounts.principal import Post, Principal
from lianqin.accounts.refusals import Forbidden, NotHere, Refusal
from lianqin.accounts.runner import Command, Done
from lianqin.cases import actions
from lianqin.cases.models import Case
from lianqin.cases.rules import GRANTERS, LIFECYCLE
from lianqin.cases.tests.situations import FINDER, SITUATIONS, Situation, said_by
from lianqin.cases.tests.world import CENTRES, DESK_ROLES, DISTRICT, OFFICES, World, build, picture
from lianqin.catalogue.actions import import_classes
from lianqin.files.actions import upload
from lianqin.files.models import StoredFile

pytestmark = pytest.mark.django_db

HERE, SIBLING, ELSEWHERE = CENTRES[0], CENTRES[1], CENTRES[2]
A_REPORT = actions.NewReport(source="public", description="x")

#: Where the policy lets a role try and a rule still says no: whose level it is, who asked.
RULES = {
    ("grant", "shift_leader"): "not_your_level",
    ("grant", "commander"): "not_your_level",
    ("refuse", "shift_leader"): "not_your_level",
    ("refuse", "commander"): "not_your_level",
    **{
        ("withdraw_request", role): "not_your_request"
        for role in ("operator", "dispatcher", "shift_leader", "commander", "district_desk")
    },
}


@pytest.fixture
def world() -> World:
    return build()


def situation(world: World, act: str, place: str) -> Situation:
    """The situation of an act at a place; whatever is to be checked was drawn for one collector."""
    found = SITUATIONS[act][1](world, place)
    found.case.refresh_from_db()
    if found.case.checker_id is not None:
        found.case.checker = world.people[f"collector@{HERE}"]
        found.case.save(update_fields=["checker"])
    return found


def _own_photo(name: str, world: World) -> UUID:
    return StoredFile.objects.create(
        sha256="0", view_sha256="0", type="jpeg", width=1, height=1, size=1,
        uploader_id=world.people[name].id, uploaded_at="2026-11-23T00:00:00Z", id=uuid4(),
    ).id  # fmt: skip


def outcome(run: Callable[[], Done]) -> str:
    """What happened when this person tried: done, forbidden, not_here or the rule that refused;
    nothing of it is kept."""
    with transaction.atomic():
        try:
            run()
            found = "done"
        except Forbidden:
            found = "forbidden"
        except NotHere:
            found = "not_here"
        except Refusal as refusal:
            found = refusal.code
        transaction.set_rollback(True)
    return found


def tries(world: World, act: str, name: str, on: Situation) -> str:
    """What happens when this person tries the act in its situation."""
    said = said_by(act, world.who(name).posts[0].role, on.said)
    if said.get("photos") == "own":
        said = said | {"photos": (_own_photo(name, world),)}
    case, command = on.case, world.command(name, act)
    return outcome(lambda: actions.act(command, case.id, case.version, actions.Said(**said)))


def people(role: str) -> list[tuple[str, str]]:
    """(account, its place) of a role whose place holds HERE."""
    named = {
        "crew_member": [(f"crew@{HERE}", HERE)],
        "unit_liaison": [(f"unit@{OFFICES[0]}", OFFICES[0])],
        "office_staff": [(f"office_staff@{OFFICES[0]}", OFFICES[0])],
    }
    if role in named:
        return named[role]
    if role in DESK_ROLES:
        return [(f"{role}@{HERE}", HERE)]
    return [(f"{role}@{DISTRICT}", DISTRICT)]


def inside(place: str, case_place: str) -> bool:
    return case_place == place or case_place.startswith(place + "/")


def held_by(world: World, role: str, case: Case) -> bool:
    """Whether the case is in the hands of this role's account, at the time of the act."""
    if role == "crew_member":
        return case.crew_id == world.crews[HERE].id
    section = world.units[OFFICES[0]].id
    return role == "unit_liaison" and (case.unit_id == section or section in case.side_hands)


def expected(world: World, act: str, role: str, place: str, case: Case) -> set[str]:
    """What the table says of this role at this place on this case."""
    may = role in POLICY[act].roles
    yes = {RULES.get((act, role), "done")}
    if role in ("crew_member", "unit_liaison"):
        held = held_by(world, role, case)
        reaches = POLICY[act].reach in ("own_task", "own_request", "hands_or_place")
        return (yes if may and reaches else {"forbidden"}) if held else {"not_here"}
    drawn = role == "collector" and case.checker_id == world.people[f"collector@{HERE}"].id
    if drawn and not inside(place, case.place):
        return yes if may and POLICY[act].reach == "drawn" else {"forbidden"}
    if not inside(place, case.place):
        return {"not_here"}
    return yes if may else {"forbidden", "not_here"}


@pytest.mark.parametrize("act", SITUATIONS)
def test_every_role_may_do_on_a_case_what_the_table_says_and_nothing_else(
    world: World, act: str
) -> None:
    """At home, and where the draw may reach across; every other place and the days around a post:
    the generated walk (`console/tests/test_walk.py`)."""
    wrong = []
    for at in (HERE, ELSEWHERE) if POLICY[act].reach == "drawn" else (HERE,):
        on = situation(world, act, at)
        for role in ROLES:
            for name, place in people(role):
                found = tries(world, act, name, on)
                right = expected(world, act, role, place, on.case)
                if found not in right:
                    wrong.append((role, at, found, right))
    assert wrong == []


def test_every_act_on_a_case_is_walked() -> None:
    assert set(SITUATIONS) == {line.act for line in LIFECYCLE if line.sources}
    assert set(SITUATIONS) <= set(POLICY)


@pytest.mark.parametrize("act", POLICY)
def test_every_line_of_the_table_reaches_as_far_as_it_says(act: str) -> None:
    """Without a database: each role's post at a centre, on what lies there, beside it, elsewhere,
    in its hands."""
    me, crew, unit = uuid4(), uuid4(), uuid4()
    targets = {
        "here": Target(HERE),
        "sibling": Target(SIBLING),
        "elsewhere": Target(ELSEWHERE),
        "in hand here": Target(HERE, frozenset({crew, uuid4()}), frozenset({unit})),
        "in hand elsewhere": Target(ELSEWHERE, frozenset({crew}), frozenset({unit, uuid4()})),
        "in other hands here": Target(HERE, frozenset({uuid4()}), frozenset({uuid4()})),
        "mine elsewhere": Target(ELSEWHERE, people=frozenset({me, uuid4()})),
    }
    lies_here = {"here", "in hand here", "in other hands here"}
    in_hand = {"in hand here", "in hand elsewhere"}
    for role in ROLES:
        handler = role in ("crew_member", "unit_liaison")
        hands = {"crew_member": (crew, None), "unit_liaison": (None, unit)}.get(role, (None, None))
        who = Principal(me, "x", "x", (Post(role, HERE, *hands),))
        reached = {name for name, target in targets.items() if allowed(who, act, target)}
        by_reach = {
            "any": set(targets),
            "place": lies_here,
            "own_task": in_hand if handler else set(),
            "drawn": set(targets) if role == "collector" else lies_here,
            "hands_or_place": in_hand if handler else lies_here,
            "own_request": in_hand if handler else lies_here,
            "own_notice": {"mine elsewhere"},
        }
        grant = POLICY[act]
        assert reached == (by_reach[grant.reach] if role in grant.roles else set()), (act, role)


def test_a_unit_works_what_was_given_to_it_and_nothing_else(world: World) -> None:
    case = world.walk(world.report(HERE, by=FINDER), "filed")
    hands = ("unit", world.units[OFFICES[0]].id)
    world.act(f"operator@{HERE}", "dispatch", case, assignee=hands)
    for name, right in (
        (f"unit@{OFFICES[0]}", "done"),
        (f"unit@{OFFICES[1]}", "not_here"),
        (f"unit@{DISTRICT}", "not_here"),
        (f"crew@{HERE}", "not_here"),
    ):
        assert tries(world, "accept", name, Situation(case)) == right, name


@pytest.mark.parametrize("act", ["check_pass", "check_fail"])
def test_a_collector_who_was_not_drawn_checks_nothing(world: World, act: str) -> None:
    """At home they are told whose it is, elsewhere there is no such case."""
    for at, right in ((SIBLING, "checker_is_drawn"), (HERE, "not_here"), (ELSEWHERE, "not_here")):
        on = situation(world, act, at)
        assert tries(world, act, f"collector@{SIBLING}", on) == right, at


@pytest.mark.parametrize("kind", GRANTERS)
def test_who_grants_what_is_one_table(world: World, kind: str) -> None:
    """Every kind of request before every post that may decide at all."""
    case, said = _asked_for(world, kind)
    granters = {}
    for role in ("shift_leader", "commander", "office_staff", "district_desk"):
        name, _ = people(role)[0]
        found = tries(world, "grant", name, Situation(case, said))
        assert found in ("done", "not_your_level", "endorser_grants_nothing"), (kind, role)
        granters[role] = found == "done"
    assert {role for role, may in granters.items() if may} == GRANTERS[kind]
    assert tries(world, "grant", f"operator@{HERE}", Situation(case, said)) == "forbidden"


def _asked_for(world: World, kind: str) -> tuple[Case, dict[str, object]]:
    """A case on which something of that kind was asked for (and endorsed, where it must be)."""
    asks = {
        "extension": "ask_extension",
        "suspension": "ask_suspension",
        "department": "ask_department",
        "backup": "ask_backup",
        "force_close": "ask_force_close",
        "appeal": "appeal_overdue",
    }
    found = situation(world, asks[kind], HERE)
    asker = "operator" if kind in ("department", "force_close") else "crew"
    asked = world.ask(f"{asker}@{HERE}", asks[kind], found.case, **found.said)
    if kind in ("extension", "suspension"):
        world.act(f"shift_leader@{HERE}", "endorse", found.case, request_id=asked)
    said: dict[str, object] = {"request_id": asked}
    if kind == "backup":
        said["assignee"] = ("unit", world.units[OFFICES[0]].id)
    return found.case, said


@pytest.mark.parametrize("act", ["report", "upload", "import"])
def test_acts_without_a_case_follow_the_table_too(world: World, act: str) -> None:
    def run(command: Command) -> Done:
        if act == "report":
            return actions.report(command, A_REPORT)
        if act == "upload":
            return upload(command, picture())
        return import_classes(command, HERE, [])

    for role in ROLES:
        for name, _ in people(role):
            right = "done" if role in POLICY[act].roles else "forbidden"
            assert outcome(lambda n=name: run(world.command(n, act))) == right, (role, act)


def test_only_a_crew_settles_on_the_spot(world: World) -> None:
    for role in ROLES:
        for name, _ in people(role):
            settled = actions.Settlement((_own_photo(name, world),), (_own_photo(name, world),))
            new = actions.NewReport(source="patrol", class_key=("event", "0406"), settled=settled)
            found = outcome(lambda n=name, w=new: actions.report(world.command(n, "settle"), w))
            assert found == ("done" if role == "crew_member" else "forbidden"), role


def test_no_role_is_missing_from_the_walk(world: World) -> None:
    assert all(name in world.people for role in ROLES for name, _ in people(role))


@pytest.mark.parametrize("act", ["dispatch", "add_task"])
@pytest.mark.parametrize(
    ("assignee", "code"),
    [
        (("crew", SIBLING), "crew_outside_your_place"),
        (("crew", ELSEWHERE), "crew_outside_your_place"),
        (("unit", OFFICES[1]), "unit_has_no_authority_here"),
    ],
)
def test_nobody_is_sent_without_authority(
    world: World, act: str, assignee: tuple[str, str], code: str
) -> None:
    kind, place = assignee
    case = world.walk(world.report(by=FINDER), "filed" if act == "dispatch" else "handling")
    hands = (world.crews if kind == "crew" else world.units)[place]
    with pytest.raises(Refusal, match=code):
        world.act(f"operator@{HERE}", act, case, assignee=(kind, hands.id))


def test_a_unit_that_the_duty_list_does_not_name_is_not_sent(world: World) -> None:
    case = world.walk(world.report(by=FINDER), "filed")
    section = world.units[OFFICES[0]]
    section.duty_lines.all().delete()
    with pytest.raises(Refusal, match="not_on_the_duty_list"):
        world.act(f"operator@{HERE}", "dispatch", case, assignee=("unit", section.id))


def test_even_the_district_desk_moves_no_crew_to_another_subdistrict_by_dispatch(
    world: World,
) -> None:
    case = world.walk(world.report(by=FINDER), "filed")
    hands = ("crew", world.crews[ELSEWHERE].id)
    with pytest.raises(Refusal, match="crew_of_another_subdistrict"):
        world.act(f"district_desk@{DISTRICT}", "dispatch", case, assignee=hands)
