"""Twins in two centres and two subdistricts: no reading shows what is outside the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqin.accounts.principal import Scope, subdistrict_of, within
from lianqin.accounts.refusals import NotHere
from lianqin.cases import queries
from lianqin.cases.detail import detail
from lianqin.cases.export import export
from lianqin.cases.map_columns import map_columns
from lianqin.cases.models import Case, CasePhoto, Task
from lianqin.cases.my_tasks import my_tasks
from lianqin.cases.rules import OPEN, State
from lianqin.cases.tests.world import CENTRES, DISTRICT, NOW, OFFICES, World, build
from lianqin.console.projection import project_range
from lianqin.force.queries import force
from lianqin.journal.queries import head
from lianqin.territory.queries import territory

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]

#: reader → the places whose cases it may list
READERS = {
    **{f"operator@{place}": (place,) for place in CENTRES},
    **{f"assessor@{place}": (place,) for place in CENTRES},
    **{f"office_staff@{office}": (office,) for office in OFFICES},
    f"district_desk@{DISTRICT}": (DISTRICT,),
    **{f"{role}@{DISTRICT}": () for role in ("system_admin", "security_admin", "audit_admin")},
    f"reporter_client@{DISTRICT}": (),
}
#: those who see single cases instead of a place
HANDS = (
    *(f"{role}@{place}" for role in ("collector", "crew", "mate") for place in CENTRES),
    *(f"unit@{office}" for office in OFFICES),
    f"unit@{DISTRICT}",
)


@pytest.fixture
def world() -> World:
    """The same four cases in every centre: one just reported, one with a picture to be checked,
    one that somebody is to look at before it is filed, and one in which the section helps."""
    world = build()
    for place in CENTRES:
        world.report(place)
        world.walk(world.report(place), "to_check")
        world.act(f"operator@{place}", "ask_verify", world.report(place, source="public"))
        helped = world.walk(world.report(place), "handling")
        section = ("unit", world.units[subdistrict_of(place)].id)
        world.act(f"operator@{place}", "add_task", helped, assignee=section)
    return world


def seen_by(world: World, reader: str, case: Case) -> bool:
    """Who may see a case, said once more in other words than the scope's."""
    if reader in READERS:
        return any(within(case.place, place) for place in READERS[reader])
    role, place = reader.split("@")
    if role == "collector":
        drawn = case.state == "to_check" and case.checker_id == world.people[reader].id
        return drawn or (case.state == "verifying" and case.place == place)
    if role == "unit":
        unit = world.units["district" if place == DISTRICT else place].id
        return case.unit_id == unit or unit in case.side_hands
    return case.crew_id == world.crews[place].id


def texts(world: World, scope: Scope) -> Iterator[tuple[str, str]]:
    """Everything that a reader can list, as text, by the name of the list."""
    for tab in (*queries.TABS, *State):
        yield tab, str(queries.queue(scope, str(tab), NOW, limit=100))
    yield "search", str(queries.queue(scope, "all", NOW, text="占道"))
    yield "map", map_columns(scope, 0)
    yield "export", str(list(export(scope, "all", NOW)))
    yield "force", str({k: v for k, v in force(scope).items() if k != "units"})
    shown = [f for f in territory(scope)["features"] if f["properties"]["layer"] == "site"]
    yield "sites", str(shown)
    frames = [event.render(scope) for event in project_range(0, head())]
    yield "stream", b"".join(frame for frame in frames if frame).decode()


def test_no_list_shows_what_a_reader_may_not_see(world: World) -> None:
    cases, shown = list(Case.objects.all()), []
    for reader in (*READERS, *HANDS):
        seen = [c for c in cases if seen_by(world, reader, c)]
        foreign = set(CENTRES) - {c.place for c in seen}
        foreign -= {p for p in CENTRES for outer in READERS.get(reader, ()) if within(p, outer)}
        hidden = {str(c.id) for c in cases if c not in seen}
        hidden |= {c.number for c in cases if c not in seen}
        hidden |= {str(world.crews[place].id) for place in foreign} | foreign
        for name, text in texts(world, world.who(reader).scope):
            shown += [(reader, name, secret) for secret in hidden if secret in text]
    assert shown == []


def test_every_list_shows_what_a_reader_may_see(world: World) -> None:
    """The twin of the test above: a filter that hides everything would pass that one."""
    cases, missing = list(Case.objects.all()), []
    for reader in (*READERS, *HANDS):
        scope = world.who(reader).scope
        inside = [c for c in cases if seen_by(world, reader, c)]
        for name, text in texts(world, scope):
            if name in ("open", "all", "map", "search", "stream"):
                missing += [(reader, name, c.number) for c in inside if str(c.id) not in text]
        counts = queries.counts(scope, NOW)
        for state in OPEN:
            assert counts[state] == sum(c.state == state for c in inside), (reader, state)
    assert missing == []


def test_the_readers_see_neither_everything_nor_nothing(world: World) -> None:
    """What the two tests above rest on: every kind of hands sees something, and not the whole."""
    found = {
        reader: sum(seen_by(world, reader, c) for c in Case.objects.all())
        for reader in (*READERS, *HANDS)
    }
    assert found[f"district_desk@{DISTRICT}"] == 16
    assert {found[f"operator@{place}"] for place in CENTRES} == {4}
    assert {found[f"crew@{place}"] for place in CENTRES} == {2}
    assert {found[f"unit@{office}"] for office in OFFICES} == {2}
    assert sum(found[f"collector@{place}"] for place in CENTRES) == 8
    assert found[f"unit@{DISTRICT}"] == 0


def test_cases_pictures_and_candidates_of_others_are_absent(world: World) -> None:
    for reader in (*READERS, *HANDS):
        for case in Case.objects.all():
            if seen_by(world, reader, case):
                _open_up(world, reader, case)
            else:
                _absent(world, reader, case)


def _open_up(world: World, reader: str, case: Case) -> None:
    who = world.who(reader)
    found = queries.case_for(who.scope, case.id)
    detail(who, found, NOW)
    for candidate in queries.candidates(who, found, NOW.date()):
        if candidate["kind"] == "crew":
            assert who.scope.holds(candidate["place"])
    photos = CasePhoto.objects.filter(case=case)
    assert all(queries.photo_file(who.scope, p.id) for p in photos)


def _absent(world: World, reader: str, case: Case) -> None:
    scope = world.who(reader).scope
    with pytest.raises(NotHere):
        queries.case_for(scope, case.id)
    for photo in CasePhoto.objects.filter(case=case):
        with pytest.raises(NotHere):
            queries.photo_file(scope, photo.id)


def waiting_for(world: World, name: str) -> set[str]:
    """The cases on somebody's own list."""
    return {t["case"]["id"] for t in my_tasks(world.who(name), NOW)}


def test_a_crew_sees_its_own_tasks_alone(world: World) -> None:
    for place in CENTRES:
        before = waiting_for(world, f"crew@{place}")
        case = world.walk(world.report(place), "dispatched")
        assert waiting_for(world, f"crew@{place}") == before | {str(case.id)}
        for other in set(CENTRES) - {place}:
            assert str(case.id) not in waiting_for(world, f"crew@{other}")


@pytest.mark.parametrize("place", CENTRES[:2])
def test_a_collector_sees_what_they_were_drawn_for_and_what_is_to_be_verified_at_home(
    world: World, place: str
) -> None:
    name = f"collector@{place}"
    waiting = my_tasks(world.who(name), NOW)
    checks = {str(c.id) for c in Case.objects.filter(checker=world.people[name])}
    verify = {str(c.id) for c in Case.objects.filter(state="verifying", place=place)}
    assert {t["case"]["id"] for t in waiting if t["kind"] == "check"} == checks
    assert {t["case"]["id"] for t in waiting if t["kind"] == "verify"} == verify
    assert len(waiting) == len(checks) + len(verify)
    offered = {a["act"] for t in waiting for a in t["acts"]}
    assert offered - {"check_pass", "check_fail"} == {"verify"}


def frames_for(world: World, reader: str, after: int) -> str:
    """What this reader is told of everything after a position."""
    scope = world.who(reader).scope
    return b"".join(e.render(scope) or b"" for e in project_range(after, head())).decode()


def test_a_side_task_shows_the_case_to_those_hands_while_it_lasts(world: World) -> None:
    case = world.walk(world.report(), "handling")
    section, other = f"unit@{OFFICES[0]}", f"unit@{OFFICES[1]}"
    hands = ("unit", world.units[OFFICES[0]].id)
    for ending in ("report_back", "withdraw_task", "send_back", "lead_sends_back"):
        after = head()
        if case.state == "filed":
            world.walk_from(case, "handling")
        with pytest.raises(NotHere):
            queries.case_for(world.who(section).scope, case.id)
        world.act(f"operator@{HERE}", "add_task", case, assignee=hands)
        assert queries.case_for(world.who(section).scope, case.id)
        assert [f"event: {k}" in frames_for(world, section, after) for k in ("case", "gone")] == [
            True,
            False,
        ]
        assert str(case.id) in waiting_for(world, section)
        with pytest.raises(NotHere):
            queries.case_for(world.who(other).scope, case.id)
        after = head()
        _end_side_task(world, case, section, ending)
        with pytest.raises(NotHere):
            queries.case_for(world.who(section).scope, case.id)
        assert f'event: gone\ndata: {{"position":{head()},"id":"{case.id}"' in frames_for(
            world, section, after
        )
        assert frames_for(world, other, after) == ""


def _end_side_task(world: World, case: Case, section: str, ending: str) -> None:
    match ending:
        case "report_back":
            world.act(section, "accept", case)
            world.act(section, "report_back", case, photos=(world.photo(section),))
        case "withdraw_task":
            side = Task.objects.get(case=case, lead=False, ended_at=None)
            world.act(f"operator@{HERE}", "withdraw_task", case, task_id=side.id, reason="不需要")
        case "send_back":
            world.send_back(section, case)
        case _:
            world.send_back(f"crew@{HERE}", case)


def test_a_collector_is_told_that_a_check_is_theirs_and_that_it_no_longer_is(world: World) -> None:
    case = world.walk(world.report(by=f"office_staff@{OFFICES[0]}"), "handling")
    after = head()
    world.step(case, "to_check")
    first = world.checker(case)
    assert "event: case" in frames_for(world, first, after)
    others = {f"collector@{place}" for place in CENTRES} - {first}
    assert {frames_for(world, name, after) for name in others} == {""}

    after = head()
    world.act(f"operator@{HERE}", "draw_checker", case, reason="休假")
    second = world.checker(case)
    assert second != first
    assert "event: gone" in frames_for(world, first, after)
    assert "event: case" in frames_for(world, second, after)

    after = head()
    world.act(f"operator@{HERE}", "check_pass", case, means="video")
    assert "event: gone" in frames_for(world, second, after)
    assert frames_for(world, first, after) == ""


def test_a_handler_learns_neither_who_checks_nor_how_it_was_drawn(world: World) -> None:
    case = world.walk(world.report(), "to_check")
    before = world.people[world.checker(case)]
    world.act(f"operator@{HERE}", "draw_checker", case, reason="休假")
    checker = world.checker(case)
    for act in ("", "check_fail"):
        if act:
            world.act(checker, act, case, reason="未清")
        crew, desk = world.who(f"crew@{HERE}"), world.who(f"operator@{HERE}")
        shown = detail(crew, queries.case_for(crew.scope, case.id), NOW)
        whole = detail(desk, queries.case_for(desk.scope, case.id), NOW)
        for user in (before, world.people[checker]):
            assert str(user.id) not in str(shown)
            assert user.display_name not in str(shown)
            assert str(user.id) in str(whole)
        assert "'seed'" not in str(shown)
        assert "'pool'" not in str(shown)
        assert "'seed'" in str(whole)
    assert (shown["timeline"][-1]["act"], shown["timeline"][-1]["actor"]["name"]) == (act, "")
    assert whole["timeline"][-1]["actor"]["name"] != ""


@pytest.mark.parametrize("act", ["send_back", "cancel", "designate", "reopen"])
def test_who_loses_sight_of_a_case_is_told_that_it_left(world: World, act: str) -> None:
    case = world.walk(world.report(), "closed" if act == "reopen" else "dispatched")
    crew, after = f"crew@{HERE}", head()
    match act:
        case "send_back":
            world.send_back(crew, case)
        case "designate":
            section = ("unit", world.units[OFFICES[0]].id)
            world.act(f"commander@{HERE}", "designate", case, assignee=section, reason="裁定")
        case _:
            world.act(f"shift_leader@{HERE}", act, case, reason="误报")
    case.refresh_from_db()
    if act == "cancel":  # it stays where it was last: its crew may look it up
        assert case.crew_id is not None
        assert "event: case" in frames_for(world, crew, after)
        return
    frames = frames_for(world, crew, after)
    assert re.match(r"id: \d+\nevent: gone\n", frames)
    assert str(case.id) in frames


def test_an_event_carries_no_reporter_and_no_words(world: World) -> None:
    after = head()
    world.report(description="王小明来电", reporter_name="王小明", reporter_phone="13812345678")
    desk = world.who(f"district_desk@{DISTRICT}").scope
    text = b"".join(e.render(desk) or b"" for e in project_range(after, head())).decode()
    assert "占道经营" in text
    assert "王小明" not in text
    assert "138" not in text


def test_a_reading_costs_the_same_number_of_queries_however_much_there_is(world: World) -> None:
    """One case beside thirty; one request, part and side task beside several."""
    operator, checker, crew, unit = (
        world.who(name)
        for name in (f"operator@{HERE}", f"collector@{HERE}", f"crew@{HERE}", f"unit@{OFFICES[0]}")
    )
    whole = world.walk(world.report(), "handling")
    part = world.walk(world.report(), "to_check")
    for case in (whole, part):
        Case.objects.filter(id=case.id).update(checker=world.people[f"collector@{HERE}"])
    world.act(f"operator@{HERE}", "set_parent", part, case_id=whole.id)
    world.act(f"operator@{HERE}", "add_task", whole, assignee=("unit", unit.posts[0].unit_id))
    world.ask(f"crew@{HERE}", "ask_extension", whole)
    readings = {
        "queue": lambda: queries.queue(operator.scope, "open", NOW, limit=100)["items"],
        "search": lambda: queries.queue(operator.scope, "all", NOW, text="占道")["items"],
        "map": lambda: map_columns(operator.scope, 0),
        "counts": lambda: queries.counts(operator.scope, NOW),
        "detail": lambda: detail(operator, queries.case_for(operator.scope, whole.id), NOW),
        "detail of a part": lambda: detail(
            operator, queries.case_for(operator.scope, part.id), NOW
        ),
        "tasks of a checker": lambda: my_tasks(checker, NOW),
        "tasks of a crew": lambda: my_tasks(crew, NOW),
        "tasks of a unit": lambda: my_tasks(unit, NOW),
        "stream": lambda: project_range(0, head()),
    }
    few = {name: _cost(read) for name, read in readings.items()}
    _more(world, whole)
    assert {name: _cost(read) for name, read in readings.items()} == few
    assert max(few.values()) <= 30


def _cost(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert read()
    return len(captured)


def _more(world: World, whole: Case) -> None:
    section = ("unit", world.units[OFFICES[0]].id)
    district = ("unit", world.units["district"].id)
    for number in range(30):
        reached = ("reported", "dispatched", "handling", "to_check", "to_check")[number % 5]
        case = world.walk(world.report(), reached)
        if reached == "handling":
            world.ask(f"crew@{HERE}", "ask_extension", case)
            world.act(f"operator@{HERE}", "add_task", case, assignee=section)
        if reached == "to_check":
            Case.objects.filter(id=case.id).update(checker=world.people[f"collector@{HERE}"])
        if reached == "reported":
            world.act(f"operator@{HERE}", "set_parent", case, case_id=whole.id)
    world.act(f"operator@{HERE}", "add_task", whole, assignee=district)
    for act in ("ask_backup", "dispute"):
        world.ask(f"crew@{HERE}", act, whole)
    for number in range(12):
        world.act(f"operator@{HERE}", "urge", whole, note=f"第 {number} 次")


def test_a_join_tells_each_place_of_its_own_case_alone(world: World) -> None:
    """A case of the district's own desk joins one of a centre: that is theirs, the other not."""
    client = f"reporter_client@{DISTRICT}"
    case, into = world.report(spot=None, by=client), world.report(CENTRES[0])
    assert case.place == DISTRICT
    after = head()
    desk = f"district_desk@{DISTRICT}"
    world.act(desk, "join", case, case_id=into.id)
    centre, other = (world.who(f"operator@{place}").scope for place in CENTRES[:2])
    texts = [e.render(centre) for e in project_range(after, head())]
    seen = b"".join(text for text in texts if text)
    assert str(into.id).encode() in seen
    assert f'"id":"{case.id}"'.encode() not in seen
    assert [e.render(other) for e in project_range(after, head())] == [None, None]

    own = world.report(CENTRES[0])
    after = head()
    world.act(desk, "join", own, case_id=world.report(CENTRES[2]).id)
    assert [e.render(centre) is not None for e in project_range(after + 1, head())] == [False, True]
