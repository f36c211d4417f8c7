"""Every act × every role × inside and outside the place, against the policy table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction

from lianqin.accounts.policy import POLICY, ROLES
from lianqin.accounts.refusals import Forbidden, NotHere
from lianqin.accounts.runner import Command, Done
from lianqin.cases import actions
from lianqin.cases.models import Case
from lianqin.cases.rules import LIFECYCLE
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build, picture
from lianqin.catalogue.actions import import_classes
from lianqin.files.actions import upload

pytestmark = pytest.mark.django_db

A_REPORT = actions.NewReport(source="public", description="x")
#: Finds every case of the walk, and is nobody who could check one.
FINDER = f"reporter_client@{DISTRICT}"
HERE, SIBLING, ELSEWHERE = CENTRES[0], CENTRES[1], CENTRES[2]


@dataclass
class Ground:
    """One case per place and state, made when first asked for."""

    world: World
    other: UUID
    made: dict[tuple[str, str], Case]

    def case(self, place: str, state: str) -> Case:
        """The case at that place in that state."""
        if (place, state) not in self.made:
            reported = self.world.report(place, by=FINDER)
            self.made[place, state] = self.world.walk(reported, state)
        return self.made[place, state]


STARTS = {line.act: sorted(line.sources)[-1].value for line in LIFECYCLE}


@pytest.fixture
def ground() -> Ground:
    world = build()
    return Ground(world, world.report(HERE, by=FINDER).id, {})


def _run(ground: Ground, act: str, command: Command, case: Case) -> Done:
    world, version = ground.world, case.version
    runs: dict[str, Callable[[], Done]] = {
        "report": lambda: actions.report(
            command, actions.NewReport(source="public", description="x")
        ),
        "upload": lambda: upload(command, picture()),
        "import": lambda: import_classes(command, case.place, []),
        "file": lambda: actions.file(command, case.id, version),
        "reject": lambda: actions.reject(command, case.id, version, "理由"),
        "join": lambda: actions.join(command, case.id, version, ground.other),
        "dispatch": lambda: actions.dispatch(
            command, case.id, version, ("crew", world.crews[case.place].id)
        ),
        "told_by_radio": lambda: actions.told_by_radio(command, case.id, version),
        "accept": lambda: actions.accept(command, case.id, version),
        "report_back": lambda: actions.report_back(
            command, case.id, version, [_own_photo(command)]
        ),
        "send_back": lambda: actions.send_back(command, case.id, version, "理由"),
        "check_pass": lambda: actions.check_pass(command, case.id, version),
        "check_fail": lambda: actions.check_fail(command, case.id, version, "理由"),
        "close": lambda: actions.close(command, case.id, version),
    }
    return runs[act]()


def _own_photo(command: Command) -> UUID:
    from uuid import uuid4

    from lianqin.files.models import StoredFile

    return StoredFile.objects.create(
        sha256="0", view_sha256="0", type="jpeg", width=1, height=1, size=1,
        uploader_id=command.principal.id, uploaded_at="2026-11-23T00:00:00Z", id=uuid4(),
    ).id  # fmt: skip


def outcome(ground: Ground, act: str, name: str, case: Case) -> str:
    """What happened when this person tried: done, forbidden or not_here; nothing of it is kept."""
    with transaction.atomic():
        try:
            _run(ground, act, ground.world.command(name, act), case)
            found = "done"
        except Forbidden:
            found = "forbidden"
        except NotHere:
            found = "not_here"
        transaction.set_rollback(True)
    return found


def people(role: str) -> list[tuple[str, str]]:
    """(account, its place) of a role whose place holds HERE."""
    named = {
        "crew_member": [(f"crew@{HERE}", HERE)],
        "unit_liaison": [(f"unit@{OFFICES[0]}", OFFICES[0])],
        "office_staff": [(f"office_staff@{OFFICES[0]}", OFFICES[0])],
    }
    if role in named:
        return named[role]
    if role in ("operator", "shift_leader", "commander", "collector"):
        return [(f"{role}@{HERE}", HERE)]
    return [(f"{role}@{DISTRICT}", DISTRICT)]


def inside(place: str, case_place: str) -> bool:
    return case_place == place or case_place.startswith(place + "/")


@pytest.mark.parametrize("act", [a for a in POLICY if a not in ("report", "upload", "import")])
def test_every_role_may_do_on_a_case_what_the_table_says_and_nothing_else(
    ground: Ground, act: str
) -> None:
    wrong = []
    for role in ROLES:
        for name, place in people(role):
            for at in (HERE, SIBLING, ELSEWHERE):
                case = ground.case(at, STARTS[act])
                if role == "unit_liaison":
                    # No case of this ground is in the unit's hands: it must not see any.
                    expected = {"not_here"}
                elif role == "crew_member":
                    held = at == HERE and case.crew_id is not None
                    may = POLICY[act].reach == "own_task" and held
                    expected = {"done"} if may else ({"forbidden"} if held else {"not_here"})
                    if not held and role not in POLICY[act].roles:
                        expected = {"not_here"}
                elif role in POLICY[act].roles and inside(place, at):
                    expected = {"done"}
                else:
                    expected = {"forbidden", "not_here"} if inside(place, at) else {"not_here"}
                found = outcome(ground, act, name, case)
                if found not in expected:
                    wrong.append((role, at, found, expected))
    assert wrong == []


def test_a_unit_works_what_was_given_to_it_and_nothing_else(ground: Ground) -> None:
    world = ground.world
    case = ground.case(HERE, "filed")
    unit = world.units[OFFICES[0]]
    actions.dispatch(
        world.command(f"operator@{HERE}", "dispatch"), case.id, case.version, ("unit", unit.id)
    )
    case.refresh_from_db()
    for name, expected in (
        (f"unit@{OFFICES[0]}", "done"),
        (f"unit@{OFFICES[1]}", "not_here"),
        (f"unit@{DISTRICT}", "not_here"),
        (f"crew@{HERE}", "not_here"),
    ):
        assert outcome(ground, "accept", name, case) == expected, name


@pytest.mark.parametrize("act", ["report", "upload", "import"])
def test_acts_without_a_case_follow_the_table_too(ground: Ground, act: str) -> None:
    case = ground.case(HERE, "reported")
    for role in ROLES:
        for name, _ in people(role):
            expected = "done" if role in POLICY[act].roles else "forbidden"
            assert outcome(ground, act, name, case) == expected, (role, act)


def test_no_role_is_missing_from_the_walk() -> None:
    world = build()
    assert all(name in world.people for role in ROLES for name, _ in people(role))


@pytest.mark.parametrize(
    ("assignee", "code"),
    [
        (("crew", SIBLING), "crew_outside_your_place"),
        (("crew", ELSEWHERE), "crew_outside_your_place"),
        (("unit", OFFICES[1]), "unit_has_no_authority_here"),
    ],
)
def test_nobody_is_dispatched_without_authority(
    ground: Ground, assignee: tuple[str, str], code: str
) -> None:
    from lianqin.accounts.refusals import Refusal

    kind, place = assignee
    world, case = ground.world, ground.case(HERE, "filed")
    hands = (world.crews if kind == "crew" else world.units)[place]
    with pytest.raises(Refusal, match=code):
        actions.dispatch(
            world.command(f"operator@{HERE}", "dispatch"), case.id, case.version, (kind, hands.id)
        )


def test_even_the_district_desk_moves_no_crew_to_another_subdistrict_by_dispatch(
    ground: Ground,
) -> None:
    from lianqin.accounts.refusals import Refusal

    world, case = ground.world, ground.case(HERE, "filed")
    with pytest.raises(Refusal, match="crew_of_another_subdistrict"):
        actions.dispatch(
            world.command(f"district_desk@{DISTRICT}", "dispatch"),
            case.id,
            case.version,
            ("crew", world.crews[ELSEWHERE].id),
        )
