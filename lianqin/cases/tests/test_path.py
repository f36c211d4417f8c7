"""One path: from a report to a closed case."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from lianqin.accounts.models import Posting
from lianqin.accounts.refusals import Conflict, KeyReused, NotHere, Refusal
from lianqin.accounts.runner import Command, request_hash
from lianqin.cases import actions
from lianqin.cases.actions import Said
from lianqin.cases.detail import detail
from lianqin.cases.models import Case, Report, StageClock
from lianqin.cases.queries import queue
from lianqin.journal.models import Entry
from lianqin.territory.queries import Spot

from .world import CENTRES, NOW, World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def test_a_report_becomes_a_case_and_is_worked_to_its_end(world: World) -> None:
    case = world.walk(world.report(), "closed")

    assert case.state == "closed"
    assert case.number == "试验-20261123-0001"
    acts = list(Entry.objects.filter(subject_id=case.id).values_list("act", flat=True))
    assert acts == ["report", "file", "dispatch", "accept", "report_back", "check_pass", "close"]
    assert (
        case.position == Entry.objects.filter(subject_id=case.id).order_by("-position")[0].position
    )


def test_numbers_and_positions_have_no_gaps(world: World) -> None:
    cases = [world.report() for _ in range(5)]

    assert [case.serial for case in cases] == [1, 2, 3, 4, 5]
    positions = list(Entry.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


def test_the_clock_starts_at_dispatch_and_rests_when_the_crew_reports_back(world: World) -> None:
    case = world.walk(world.report(), "dispatched")
    assert case.clock_started_at is not None
    assert case.clock_due_at is not None
    assert (case.clock_due_at - case.clock_started_at).total_seconds() == 2 * 3600

    due = case.clock_due_at
    for state in ("handling", "to_check"):
        world.step(case, state)
        case.refresh_from_db()
    handling = StageClock.objects.get(case=case, stage="handle")
    assert (handling.paused_at, handling.due_at) == (case.changed_at, None)
    assert (case.clock_stage, case.clock_due_at) != ("handle", due)
    for state in ("to_close", "closed"):
        world.step(case, state)
    handling.refresh_from_db()
    assert (handling.stopped_at, handling.late) == (Case.objects.get().closed_at, False)


def test_a_check_that_fails_sends_the_case_back_with_what_is_left_of_the_limit(
    world: World,
) -> None:
    case = world.walk(world.report(), "handling")
    started = case.clock_started_at
    assert started is not None
    world.clock.advance(timedelta(minutes=20))
    world.step(case, "to_check")
    case.refresh_from_db()
    used = case.changed_at - started
    world.clock.advance(timedelta(hours=3))
    world.act(world.checker(case), "check_fail", case, reason="摊位仍在")

    assert (case.state, case.clock_stage) == ("handling", "handle")
    assert case.clock_due_at == case.changed_at + timedelta(hours=2) - used
    shown = detail(world.who(f"crew@{case.place}"), case, world.clock.now())
    assert shown["timeline"][-1]["note"] == "摊位仍在"


def test_the_same_request_twice_makes_one_case(world: World) -> None:
    new = actions.NewReport(source="patrol", description="一处占道")
    command = world.command(f"operator@{CENTRES[0]}", "report", "body")
    first, second = actions.report(command, new), actions.report(command, new)

    assert second.replayed
    assert {**first.answer} == {**second.answer}
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    new = actions.NewReport(source="patrol", description="x")
    command = world.command(f"operator@{CENTRES[0]}", "report", "body")
    actions.report(command, new)
    other = Command(
        command.principal, "report", command.key, request_hash("another"), now=world.clock
    )
    with pytest.raises(KeyReused):
        actions.report(other, new)


def test_the_same_external_number_names_the_case_it_opened(world: World) -> None:
    new = actions.NewReport(source="hotline", description="x", external_number="12345-7")
    first = actions.report(world.command(f"operator@{CENTRES[0]}", "report"), new)
    again = actions.report(world.command(f"operator@{CENTRES[0]}", "report"), new)

    assert again.answer["already"] is True
    assert again.answer["case_id"] == first.answer["case_id"]
    assert Report.objects.count() == 1
    assert Entry.objects.filter(act="report").count() == 1


def test_a_report_that_names_an_open_case_joins_it(world: World) -> None:
    case = world.report()
    new = actions.NewReport(source="public", case_number=case.number, description="还在")
    done = actions.report(world.command(f"operator@{CENTRES[0]}", "report"), new)
    case.refresh_from_db()

    assert done.answer["joined"] is True
    assert case.report_count == 2
    assert Case.objects.count() == 1


def test_a_report_that_names_a_closed_case_is_refused(world: World) -> None:
    case = world.walk(world.report(), "closed")
    with pytest.raises(Refusal, match="joins_only_open_cases"):
        actions.report(
            world.command(f"operator@{CENTRES[0]}", "report"),
            actions.NewReport(source="public", description="x", case_number=case.number),
        )


def test_a_report_that_names_a_joined_case_goes_to_the_one_it_was_joined_into(
    world: World,
) -> None:
    first, second = world.report(), world.report()
    world.act(f"operator@{CENTRES[0]}", "join", second, case_id=first.id)
    new = actions.NewReport(source="public", case_number=second.number or "", description="还在")
    done = actions.report(world.command(f"operator@{CENTRES[0]}", "report"), new)
    assert done.answer["case_id"] == str(first.id)


def test_the_far_kerb_of_a_border_street_still_belongs_to_the_district(world: World) -> None:
    here = world.spot(CENTRES[0])
    for metres, known in ((40, True), (80, False)):
        spot = Spot(here.lon - 0.005 - metres / 92_000, here.lat)
        assert world.report(spot=spot).place_known is known


def test_joining_counts_the_reports_with_the_other_case(world: World) -> None:
    first, second = world.report(), world.report()
    world.act(f"operator@{CENTRES[0]}", "join", second, case_id=first.id)
    first.refresh_from_db()

    assert (second.state, second.joined_into_id) == ("joined", first.id)
    assert first.report_count == 2
    assert first.position == second.position


@pytest.mark.parametrize(
    ("spot", "code", "place", "known"),
    [
        ("inside", "", CENTRES[0], True),
        (None, "990101001001", CENTRES[0], False),
        ((-76.61, 39.29), "990101002001", CENTRES[2], False),
        ((39.0, -77.0), "990101002001", CENTRES[2], False),
        (None, "", CENTRES[0], False),
    ],
)
def test_no_report_is_left_out_for_want_of_a_position(
    world: World, spot: object, code: str, place: str, known: bool
) -> None:
    given = world.spot(CENTRES[0]) if spot == "inside" else Spot(*spot) if spot else None
    case = world.report(spot=given, area_code=code)

    assert (case.place, case.place_known) == (place, known)
    assert (case.lon is not None) is known


def test_a_report_from_outside_that_says_nothing_of_where_goes_to_the_district_desk(
    world: World,
) -> None:
    case = world.report(spot=None, by="reporter_client@990101")
    assert (case.place, case.place_known) == ("990101", False)


def test_the_hash_of_a_short_text_cannot_be_guessed_back(world: World) -> None:
    from lianqin.journal.canonical import text_hash

    world.report(reporter_phone="13812345678")
    said = ["解放路 12 号", "13812345678"]
    entry, told = Entry.objects.get(act="report"), Report.objects.get()
    assert entry.text_hash == text_hash([told.salt, *said])
    assert entry.text_hash != text_hash(said)


def test_whoever_handled_a_case_does_not_close_it(world: World) -> None:
    case = world.walk(world.report(), "to_close")
    crew = world.people[f"crew@{case.place}"]
    Posting.objects.create(user=crew, role="shift_leader", place=case.place)
    with pytest.raises(Refusal, match="closer_is_handler"):
        world.act(f"crew@{case.place}", "close", case)


def test_the_loser_of_a_race_is_told_what_happened(world: World) -> None:
    case = world.report()
    world.step(case, "filed")
    with pytest.raises(Conflict) as caught:
        actions.act(
            world.command(f"shift_leader@{case.place}", "reject"), case.id, 1, Said(reason="重复")
        )
    theirs = caught.value.params["theirs"]
    assert (theirs["act"], theirs["state"], theirs["version"]) == ("file", "filed", 2)
    assert theirs["actor_name"].startswith("operator")


def test_a_case_of_another_centre_is_as_absent_as_one_that_never_was(world: World) -> None:
    case = world.report(CENTRES[1])
    answers = []
    for case_id in (case.id, uuid4()):
        with pytest.raises(NotHere) as caught:
            actions.act(world.command(f"operator@{CENTRES[0]}", "file"), case_id, 1)
        answers.append((caught.value.code, caught.value.params))
    assert answers[0] == answers[1]


def test_reporting_back_needs_a_picture_of_ones_own(world: World) -> None:
    case = world.walk(world.report(), "handling")
    crew, mate = f"crew@{case.place}", f"mate@{case.place}"
    with pytest.raises(Refusal, match="photo_needed"):
        world.act(crew, "report_back", case)
    for photo in (world.photo(mate), uuid4()):
        with pytest.raises(Refusal, match="photo_not_found"):
            world.act(crew, "report_back", case, photos=(photo,))


@pytest.mark.parametrize("checker", ["operator", "collector", "shift_leader"])
def test_whoever_found_the_problem_does_not_check_it(world: World, checker: str) -> None:
    case = world.walk(world.report(by=f"{checker}@{CENTRES[0]}"), "to_check")
    with pytest.raises(Refusal, match="checker_is_finder"):
        world.act(f"{checker}@{case.place}", "check_pass", case, means="video")


def test_an_unknown_class_or_area_is_named(world: World) -> None:
    for new, code in (
        (actions.NewReport(source="patrol", class_key=("event", "9999")), "class_unknown"),
        (actions.NewReport(source="patrol", description="x", area_code="nowhere"), "area_unknown"),
    ):
        with pytest.raises(Refusal, match=code):
            actions.report(world.command(f"operator@{CENTRES[0]}", "report"), new)
    assert Case.objects.count() == 0


def test_nothing_personal_stands_in_the_journal(world: World) -> None:
    world.report(description="王小明举报", reporter_name="王小明", reporter_phone="13812345678")
    text = " ".join(str(e.data) for e in Entry.objects.all())
    assert "王小明" not in text
    assert "138" not in text
    assert all(e.text_hash for e in Entry.objects.filter(act="report"))


def test_the_queue_pages_through_every_case_once(world: World) -> None:
    cases = {str(world.report().id) for _ in range(7)}
    scope = world.who(f"operator@{CENTRES[0]}").scope
    seen: list[str] = []
    after = ""
    while True:
        page = queue(scope, "open", NOW, after=after, limit=3)
        seen += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert len(seen) == 7
    assert set(seen) == cases


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("占道", True),
        ("解放路", True),
        ("解放 占道", True),
        ("放", True),
        ("建国", False),
        ("1", True),
    ],
)
def test_two_characters_of_chinese_find_a_case(world: World, text: str, found: bool) -> None:
    world.report()
    scope = world.who(f"operator@{CENTRES[0]}").scope
    assert bool(queue(scope, "open", NOW, text=text)["items"]) is found


def test_a_case_is_found_by_its_number(world: World) -> None:
    case = world.report()
    scope = world.who(f"operator@{CENTRES[0]}").scope
    assert queue(scope, "open", NOW, text=case.number or "")["items"][0]["id"] == str(case.id)
    assert queue(scope, "open", NOW, text="20261123-0001")["items"][0]["id"] == str(case.id)


def test_a_demo_replay_sets_its_own_time_and_nobody_else_does(world: World) -> None:
    from datetime import datetime

    past = datetime.fromisoformat("2018-04-12T11:11:26-04:00")
    new = actions.NewReport(source="hotline", description="x")
    replayer = world.who("replayer@990101", "replay")
    done = actions.report(
        Command(replayer, "report", uuid4(), "x", occurred_at=past, now=world.clock), new
    )
    replayed = Case.objects.get(id=UUID(done.answer["case_id"]))
    assert replayed.reported_at == past
    assert replayed.duty_date.isoformat() == "2018-04-12"
    assert replayed.origin == "replay"

    command = world.command(f"operator@{CENTRES[0]}", "report", occurred_at=past)
    live = Case.objects.get(id=UUID(actions.report(command, new).answer["case_id"]))
    assert live.reported_at == world.clock.now()
    assert Report.objects.get(case=live).marked
