"""The generated walk: every role, posted at every kind of place, on every day around a post's own,
tries every act, and what happens is what `docs/policy.md` says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts.models import Posting, User
from lianqin.accounts.policy import Target, allowed
from lianqin.accounts.principal import Principal
from lianqin.accounts.queries import principal_of
from lianqin.accounts.refusals import Forbidden, NotHere, Refusal
from lianqin.accounts.runner import Command, request_hash
from lianqin.cases import actions
from lianqin.cases.actions import on_case, recording
from lianqin.cases.actions.recording import NewRecord
from lianqin.cases.actions.revealing import reveal
from lianqin.cases.models import Case
from lianqin.cases.rules import Refused
from lianqin.cases.tests.situations import SITUATIONS, Situation
from lianqin.cases.tests.world import CENTRES, DISTRICT, NOW, OFFICES, World, build, picture
from lianqin.cases.tickets.taking import take_tickets
from lianqin.catalogue.actions import import_classes
from lianqin.console.tests.policy_document import page
from lianqin.files.actions import upload

pytestmark = pytest.mark.django_db

HERE = CENTRES[0]
#: Where somebody is posted, seen from a case at HERE.
PLACES = {
    "own centre": HERE,
    "twin centre": CENTRES[1],
    "other subdistrict": CENTRES[2],
    "subdistrict around": OFFICES[0],
    "district around": DISTRICT,
    "inside": f"{HERE}/kiosk",
    "looks alike": f"{HERE}2",
}
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 26)
DAYS = {
    "the day before": FIRST - timedelta(days=1),
    "the first day": FIRST,
    "the last day": LAST,
    "the day after": LAST + timedelta(days=1),
}
IN_FORCE = ("the first day", "the last day")
#: Services of the install, which no post is given for; their lines are held by their own tests.
TRIED = [role for role in page().roles if role != "clock"]


@dataclass(frozen=True)
class Walker:
    """Somebody with one post: its role, where, on which day they come."""

    who: Principal
    role: str
    place: str
    posted: bool = True


class Walk:
    """A world with a walker for every role and place."""

    def __init__(self) -> None:
        self.world: World = build()
        self.users: dict[tuple[str, str], User] = {}
        self.seen: dict[tuple[str, str, date], Principal] = {}

    def walker(self, role: str, where: str, day: str = "the first day") -> Walker:
        """Who is posted there as that, as the database knows them on the day."""
        place = PLACES[where]
        user = self.users.get((role, where)) or self._post(role, where, place)
        key = (role, where, DAYS[day])
        who = self.seen.get(key) or principal_of(user, DAYS[day])
        self.seen[key] = who
        return Walker(who, role, place, day in IN_FORCE)

    def _post(self, role: str, where: str, place: str) -> User:
        user = User.objects.create(username=f"{role} {where}"[:150], display_name="某")
        hands: dict[str, UUID] = {}
        if role == "crew_member":
            hands = {"crew_id": self.world.crews.get(place, self.world.crews[CENTRES[3]]).id}
        if role == "unit_liaison":
            hands = {"unit_id": self.world.units.get(place[:16], self.world.units["district"]).id}
        days = DateRange(FIRST, LAST + timedelta(days=1))
        Posting.objects.create(user=user, role=role, place=place, dates=days, **hands)
        self.users[role, where] = user
        return user

    def everybody(self, act: str, *, whole: bool = False) -> Iterator[tuple[str, str, Walker]]:
        """Who has a mark: at home on the days around, and elsewhere; who has none: at home.

        The `whole` walk goes everywhere with every act; the short one shares the places out among
        the acts, so that each role meets each place with some of them.
        """
        roles, number = page().acts[act].roles, list(page().acts).index(act)
        places = list(PLACES) if whole else [*PLACES][1:][number % 3 :: 3]
        for role in TRIED:
            for where in (
                places if role in roles else ["own centre", "district around"][: 1 + whole]
            ):
                yield where, "the first day", self.walker(role, where)
            for day in DAYS if role in roles or whole else ():
                yield "own centre", day, self.walker(role, "own centre", day)

    def command(self, walker: Walker, act: str) -> Command:
        """A command of theirs under a new key."""
        return Command(walker.who, act, uuid4(), request_hash(act), now=self.world.clock)


def inside(place: str, outer: str) -> bool:
    """Said once more in other words than the policy's."""
    return place.split("/")[: len(outer.split("/"))] == outer.split("/")


def held(walker: Walker, target: Target) -> bool:
    """Whether it is in the hands of the walker's crew or unit."""
    return bool(walker.who.crews & target.crews or walker.who.units & target.units)


def reaches(walker: Walker, act: str, target: Target) -> bool:
    """Whether the line of the page covers this post and this target."""
    line = page().acts[act]
    if not walker.posted or walker.role not in line.roles:
        return False
    covered = inside(target.place, walker.place)
    handler = page().reads[walker.role] == "hands"
    match line.reach:
        case "any":
            return True
        case "place":
            return covered
        case "own_task":
            return held(walker, target)
        case "drawn":
            return walker.role == "collector" or covered
        case "own_notice":
            return walker.who.id in target.people
        case _:
            return held(walker, target) if handler else covered


def sees(walker: Walker, case: Case, target: Target) -> bool:
    """Whether the page lets this post read the case."""
    if not walker.posted:
        return False
    match page().reads[walker.role]:
        case "place":
            return inside(case.place, walker.place)
        case "hands":
            return held(walker, target)
        case "checks":
            mine = case.state == "to_check" and case.checker_id == walker.who.id
            return mine or (case.state == "verifying" and inside(case.place, walker.place))
    return False


def what_happens(run: Callable[[], object]) -> str:
    """let in (whatever a rule says then), forbidden or not here; nothing of it is kept."""
    with transaction.atomic():
        try:
            run()
            found = "let in"
        except Forbidden:
            found = "forbidden"
        except NotHere:
            found = "not here"
        except Refusal:
            found = "let in"
        transaction.set_rollback(True)
    return found


def _turnstile(*args: object, **more: object) -> None:
    raise Refused("through_the_turnstile")


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_on_a_case_everybody_is_let_in_as_far_as_the_page_says(whole: bool) -> None:
    walk = Walk()
    wrong: list[str] = []
    # First every case, then the walkers: a collector who is posted may be drawn.
    due = {act: make(walk.world, HERE) for act, (_, make) in SITUATIONS.items()}
    for act, on in due.items():
        on.case.refresh_from_db()
        if on.case.checker_id is not None:
            on.case.checker_id = walk.walker("collector", "own centre").who.id
            on.case.save(update_fields=["checker"])
        with patch.object(on_case, "decide", _turnstile):
            wrong += _tried(walk, act, on, whole)
    assert wrong == []


def _tried(walk: Walk, act: str, on: Situation, whole: bool) -> Iterator[str]:
    case = on.case
    target = on_case.target_of(case)
    said = {name: value for name, value in on.said.items() if value != "own"}
    for where, day, walker in walk.everybody(act, whole=whole):
        made = walk.command(walker, act)
        found = what_happens(
            lambda made=made: actions.act(made, case.id, case.version, actions.Said(**said))
        )
        right = "forbidden"
        if not sees(walker, case, target):
            right = "not here"
        elif reaches(walker, act, target):
            right = "let in"
        # A collector who knows the place is told whose a case is, not that there is none.
        at_home = walker.posted and walker.role == "collector" and inside(case.place, walker.place)
        told = reaches(walker, act, target)
        if at_home and right == "not here":
            right = "let in" if told else "forbidden"
        if found != right:
            yield f"{act}: {walker.role}, {where}, {day}: {found} instead of {right}"


def _without_a_case(walk: Walk) -> dict[str, tuple[Target, Callable[[Walker], object]]]:
    """Acts that need no case: what they are about, and how they are done."""
    new = actions.NewReport(source="patrol", description="x", class_key=("event", "0406"))
    own = actions.Settlement((uuid4(),), (uuid4(),))
    record, lead = NewRecord("x"), NewRecord("x", handed_to="x")

    def command(walker: Walker, act: str) -> Command:
        return walk.command(walker, act)

    return {
        "report": (Target(DISTRICT), lambda w: actions.report(command(w, "report"), new)),
        "settle": (
            Target(DISTRICT),
            lambda w: actions.report(command(w, "settle"), replace(new, settled=own)),
        ),
        "upload": (Target(""), lambda w: upload(command(w, "upload"), picture())),
        "import": (Target(HERE), lambda w: import_classes(command(w, "import"), HERE, [])),
        "import_tickets": (
            Target(DISTRICT),
            lambda w: take_tickets(command(w, "import_tickets"), "hotline", b"", dry_run=True),
        ),
        "record_service": (
            Target(DISTRICT),
            lambda w: recording.record_service(command(w, "record_service"), record),
        ),
        "record_lead": (
            Target(DISTRICT),
            lambda w: recording.record_lead(command(w, "record_lead"), lead),
        ),
    }


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_what_needs_no_case_follows_the_page_too(whole: bool) -> None:
    walk = Walk()
    wrong = []
    for act, (target, run) in _without_a_case(walk).items():
        for where, day, walker in walk.everybody(act, whole=whole):
            found = what_happens(lambda run=run, w=walker: run(w))
            right = "let in" if reaches(walker, act, target) else "forbidden"
            if found != right:
                wrong.append(f"{act}: {walker.role}, {where}, {day}: {found} instead of {right}")
    assert wrong == []


def test_a_reporters_name_is_revealed_to_whom_the_page_says() -> None:
    walk = Walk()
    case = walk.world.walk(walk.world.ticket("hotline", by=f"operator@{HERE}"), "handling")
    target = on_case.target_of(case)
    wrong = []
    for where, day, walker in walk.everybody("reveal", whole=True):
        found = what_happens(lambda w=walker: reveal(w.who, case.id, "回访", walk.world.clock))
        right = "not here"
        if sees(walker, case, target):
            may = reaches(walker, "reveal", target)
            right = "let in" if may else "forbidden"
        if found != right:
            wrong.append(f"{walker.role}, {where}, {day}: {found} instead of {right}")
    assert wrong == []


def test_every_line_of_the_page_holds_for_every_post_and_target() -> None:
    """All acts, those of other rooms too: the table's own answer against the page."""
    walk = Walk()
    crew, unit = walk.world.crews[HERE].id, walk.world.units[OFFICES[0]].id
    wrong = []
    for act in page().acts:
        for where, day, walker in walk.everybody(act, whole=True):
            for name, target in {
                "untouched": Target(HERE),
                "in hands": Target(HERE, frozenset({crew}), frozenset({unit})),
                "in other hands": Target(HERE, frozenset({uuid4()})),
                "addressed": Target(CENTRES[3], people=frozenset({walker.who.id})),
            }.items():
                found = allowed(walker.who, act, target) is not None
                if found != reaches(walker, act, target):
                    wrong.append(f"{act}: {walker.role}, {where}, {day}, {name}: {found}")
    assert wrong == []


def test_the_walk_tries_every_act_that_can_be_tried_here() -> None:
    """Acts of the rooms above and beside are walked by the table's own answer alone."""
    walk: dict[str, Any] = {**SITUATIONS, **_without_a_case(Walk()), "reveal": None}
    for act in page().acts:
        if f"cases/<case_id>/acts/{act}" in {at for _, at, _ in page().doors}:
            assert act in walk
    assert NOW.date() > FIRST
