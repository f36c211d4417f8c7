"""Twins in two centres and two subdistricts: no reading shows what is outside the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqin.accounts.principal import Scope, within
from lianqin.accounts.refusals import NotHere
from lianqin.cases import queries
from lianqin.cases.detail import detail, my_tasks
from lianqin.cases.export import export
from lianqin.cases.models import Case, CasePhoto
from lianqin.cases.rules import State
from lianqin.cases.tests.world import CENTRES, DISTRICT, NOW, OFFICES, World, build
from lianqin.console.projection import project_range
from lianqin.force.queries import force
from lianqin.journal.queries import head
from lianqin.territory.queries import territory

pytestmark = pytest.mark.django_db

#: reader → the places whose cases it may list
READERS = {
    **{f"operator@{place}": (place,) for place in CENTRES},
    **{f"assessor@{place}": (place,) for place in CENTRES},
    **{f"office_staff@{office}": (office,) for office in OFFICES},
    f"district_desk@{DISTRICT}": (DISTRICT,),
    **{f"{role}@{DISTRICT}": () for role in ("system_admin", "security_admin", "audit_admin")},
    f"reporter_client@{DISTRICT}": (),
}


@pytest.fixture
def world() -> World:
    """The same two cases in every centre: one just reported, one with a picture, to be checked."""
    world = build()
    for place in CENTRES:
        world.report(place)
        world.walk(world.report(place), "to_check")
    return world


def texts(world: World, scope: Scope) -> Iterator[tuple[str, str]]:
    """Everything that a reader can list, as text, by the name of the list."""
    for tab in ("open", "overdue", "all", *State):
        yield tab, str(queries.queue(scope, str(tab), NOW, limit=100))
    yield "search", str(queries.queue(scope, "all", NOW, text="占道"))
    yield "map", str(queries.on_map(scope))
    yield "export", str(list(export(scope, "all", NOW)))
    yield "force", str({k: v for k, v in force(scope).items() if k != "units"})
    shown = [f for f in territory(scope)["features"] if f["properties"]["layer"] == "site"]
    yield "sites", str(shown)
    frames = [event.render(scope) for event in project_range(0, head())]
    yield "stream", b"".join(frame for frame in frames if frame).decode()


@pytest.mark.parametrize("reader", READERS)
def test_no_list_shows_what_is_outside_the_readers_place(world: World, reader: str) -> None:
    places = READERS[reader]
    scope = world.who(reader).scope
    foreign = {p for p in CENTRES if not any(within(p, outer) for outer in places)}
    hidden = {str(c.id) for c in Case.objects.all() if c.place in foreign}
    hidden |= {c.number for c in Case.objects.all() if c.place in foreign}
    hidden |= {str(world.crews[place].id) for place in foreign} | foreign
    for name, text in texts(world, scope):
        assert [secret for secret in hidden if secret in text] == [], name


@pytest.mark.parametrize("reader", READERS)
def test_every_list_shows_what_is_inside(world: World, reader: str) -> None:
    """The twin of the test above: a filter that hides everything would pass that one."""
    scope = world.who(reader).scope
    inside = [c for c in Case.objects.all() if any(within(c.place, p) for p in READERS[reader])]
    for name, text in texts(world, scope):
        if name in ("open", "all", "map", "search", "stream"):
            assert [c for c in inside if str(c.id) not in text] == [], name
    counts = queries.counts(scope, NOW)
    assert counts["reported"] == counts["to_check"] == len(inside) // 2


@pytest.mark.parametrize("reader", READERS)
def test_cases_pictures_and_candidates_of_others_are_absent(world: World, reader: str) -> None:
    who = world.who(reader)
    for case in Case.objects.all():
        seen = any(within(case.place, place) for place in READERS[reader])
        photos = CasePhoto.objects.filter(case=case)
        if seen:
            found = queries.case_for(who.scope, case.id)
            detail(who, found)
            for candidate in queries.candidates(who, found):
                if candidate["kind"] == "crew":
                    assert who.scope.holds(candidate["place"])
            assert all(queries.photo_file(who.scope, p.id) for p in photos)
        else:
            with pytest.raises(NotHere):
                queries.case_for(who.scope, case.id)
            for photo in photos:
                with pytest.raises(NotHere):
                    queries.photo_file(who.scope, photo.id)


@pytest.mark.parametrize("place", CENTRES)
def test_a_crew_and_a_collector_see_their_own_tasks_alone(world: World, place: str) -> None:
    collector, crew = world.who(f"collector@{place}"), world.who(f"crew@{place}")
    assert {t["case"]["place"] for t in my_tasks(collector)} == {place}
    assert {t["kind"] for t in my_tasks(collector)} == {"check"}
    assert my_tasks(crew) == []
    case = world.walk(world.report(place), "dispatched")
    assert [t["case"]["id"] for t in my_tasks(crew)] == [str(case.id)]
    for other in set(CENTRES) - {place}:
        assert my_tasks(world.who(f"crew@{other}")) == []


def test_a_handler_does_not_learn_who_checked(world: World) -> None:
    case = world.walk(world.report(), "to_check")
    from lianqin.cases import actions

    actions.check_fail(
        world.command(f"collector@{case.place}", "check_fail"), case.id, case.version, "未清"
    )
    case.refresh_from_db()
    shown = detail(world.who(f"crew@{case.place}"), case)["timeline"][-1]
    assert (shown["act"], shown["actor"]["name"]) == ("check_fail", "")
    desk = detail(world.who(f"operator@{case.place}"), case)["timeline"][-1]
    assert desk["actor"]["name"] != ""


def test_who_loses_sight_of_a_case_is_told_that_it_left(world: World) -> None:
    from lianqin.cases import actions

    case = world.walk(world.report(), "dispatched")
    crew = world.who(f"crew@{case.place}").scope
    after = head()
    actions.send_back(world.command(f"crew@{case.place}", "send_back"), case.id, 3, "不属本组")
    frames = [event.render(crew) for event in project_range(after, head())]
    assert len(frames) == 1
    assert re.match(rb"id: \d+\nevent: gone\n", frames[0] or b"")
    assert str(case.id).encode() in (frames[0] or b"")


def test_an_event_carries_no_reporter_and_no_words(world: World) -> None:
    after = head()
    world.report(description="王小明来电", reporter_name="王小明", reporter_phone="13812345678")
    desk = world.who(f"district_desk@{DISTRICT}").scope
    text = b"".join(e.render(desk) or b"" for e in project_range(after, head())).decode()
    assert "占道经营" in text
    assert "王小明" not in text
    assert "138" not in text


@pytest.mark.parametrize("reading", ["queue", "map", "counts", "detail", "my_tasks", "stream"])
def test_a_reading_costs_the_same_number_of_queries_however_much_there_is(
    world: World, reading: str
) -> None:
    who = world.who(f"operator@{CENTRES[0]}")
    checker = world.who(f"collector@{CENTRES[0]}")
    first = Case.objects.filter(place=CENTRES[0], state="to_check")[0]

    def read() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            match reading:
                case "queue":
                    queries.queue(who.scope, "open", NOW, limit=100)
                case "map":
                    queries.on_map(who.scope)
                case "counts":
                    queries.counts(who.scope, NOW)
                case "detail":
                    detail(who, queries.case_for(who.scope, UUID(str(first.id))))
                case "my_tasks":
                    my_tasks(checker)
                case _:
                    project_range(0, head())
        return len(captured)

    few = read()
    for _ in range(6):
        world.walk(world.report(), "to_check")
    assert read() == few


def test_a_join_tells_each_place_of_its_own_case_alone(world: World) -> None:
    """A case of the district's own desk joins one of a centre: that is theirs, the other not."""
    from lianqin.cases import actions

    client = f"reporter_client@{DISTRICT}"
    case, into = world.report(spot=None, by=client), world.report(CENTRES[0])
    assert case.place == DISTRICT
    after = head()
    desk = f"district_desk@{DISTRICT}"
    actions.join(world.command(desk, "join"), case.id, 1, into.id)
    centre, other = (world.who(f"operator@{place}").scope for place in CENTRES[:2])
    texts = [e.render(centre) for e in project_range(after, head())]
    seen = b"".join(text for text in texts if text)
    assert str(into.id).encode() in seen
    assert f'"id":"{case.id}"'.encode() not in seen
    assert [e.render(other) for e in project_range(after, head())] == [None, None]

    own = world.report(CENTRES[0])
    after = head()
    actions.join(world.command(desk, "join"), own.id, 1, world.report(CENTRES[2]).id)
    assert [e.render(centre) is not None for e in project_range(after + 1, head())] == [False, True]
