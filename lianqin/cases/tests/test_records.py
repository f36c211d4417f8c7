"""便民服务, 治安线索 and reveals: small, apart from the cases, seen by those of the place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqin.accounts.models import AccessEntry
from lianqin.accounts.refusals import Forbidden, NotHere, Refusal
from lianqin.cases.actions.recording import (
    NewRecord,
    note_lead_number,
    record_lead,
    record_service,
)
from lianqin.cases.actions.revealing import reveal
from lianqin.cases.detail import detail
from lianqin.cases.kin import brief
from lianqin.cases.models import Case, Reveal, SecurityLead, ServiceRecord
from lianqin.cases.records import record, records
from lianqin.cases.tests.sheets import ticket, xlsx
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.cases.tickets.taking import take_tickets
from lianqin.journal.canonical import text_hash
from lianqin.journal.models import Entry

pytestmark = pytest.mark.django_db
HERE, NEXT, THERE = CENTRES[0], CENTRES[1], CENTRES[2]
OPERATOR, CREW = f"operator@{HERE}", f"crew@{HERE}"
HELPED = NewRecord("帮老人找到回家的路", "解放路 8 号")
LEAD = NewRecord("夜间有人撬车", "解放路 9 号", handed_to="青年派出所", police_number="J2026-7")


@pytest.fixture
def world() -> World:
    return build()


def keep(world: World, by: str, new: NewRecord = HELPED) -> UUID:
    act, how = ("record_lead", record_lead) if new.handed_to else ("record_service", record_service)
    return UUID(how(world.command(by, act, new), new).answer["id"])


def listed(world: World, reader: str, kind: str = "services") -> set[str]:
    return {row["id"] for row in records(world.who(reader).scope, kind)["items"]}


def test_a_crew_keeps_what_it_did_where_and_when_as_one_entry(world: World) -> None:
    spot = world.spot(HERE)
    pk = keep(world, CREW, NewRecord("帮老人找到回家的路", "解放路 8 号", spot))
    row = ServiceRecord.objects.get(id=pk)
    assert (row.place, row.crew_id, str(row.duty_date)) == (
        HERE,
        world.crews[HERE].id,
        "2026-11-23",
    )
    entry = Entry.objects.get()
    assert (entry.act, entry.subject_kind, entry.subject_id) == (
        "record_service",
        "service_record",
        pk,
    )
    assert entry.text_hash == text_hash([row.salt, row.text, row.address])
    assert row.position == entry.position
    assert "老人" not in str(entry.data)


def test_the_same_key_keeps_one_record(world: World) -> None:
    command = world.command(CREW, "record_service", "x")
    assert (
        record_service(command, HELPED).answer["id"] == record_service(command, HELPED).answer["id"]
    )
    assert ServiceRecord.objects.count() == 1


def test_a_lead_names_the_police_body_and_takes_their_number_once(world: World) -> None:
    with pytest.raises(Refusal) as caught:
        record_lead(world.command(CREW, "record_lead"), HELPED)
    assert caught.value.code == "police_body_needed"
    pk = keep(world, CREW, NewRecord("夜间有人撬车", handed_to="青年派出所"))
    note_lead_number(world.command(OPERATOR, "record_lead"), pk, "J2026-7")
    assert SecurityLead.objects.get().police_number == "J2026-7"
    with pytest.raises(Refusal) as caught:
        note_lead_number(world.command(OPERATOR, "record_lead"), pk, "J2026-8")
    assert caught.value.code == "police_number_noted"
    assert list(Entry.objects.values_list("act", flat=True)) == ["record_lead", "record_lead"]


def test_a_foreign_lead_is_absent_when_its_number_is_noted(world: World) -> None:
    pk = keep(world, CREW, NewRecord("夜间有人撬车", handed_to="青年派出所"))
    with pytest.raises(NotHere):
        note_lead_number(world.command(f"operator@{THERE}", "record_lead"), pk, "1")


def test_a_record_says_something(world: World) -> None:
    with pytest.raises(Refusal) as caught:
        record_service(world.command(CREW, "record_service"), NewRecord(""))
    assert caught.value.code == "record_says_nothing"


@pytest.mark.parametrize("name", ["unit", "assessor", "system_admin", "reporter_client"])
def test_others_keep_no_records(world: World, name: str) -> None:
    for act, how in (("record_service", record_service), ("record_lead", record_lead)):
        with pytest.raises(Forbidden):
            how(world.command(f"{name}@{DISTRICT}", act), LEAD)


@pytest.mark.parametrize(("kind", "new"), [("services", HELPED), ("leads", LEAD)])
def test_a_record_is_listed_in_its_place_and_by_its_crew(
    world: World, kind: str, new: NewRecord
) -> None:
    pk = keep(world, CREW, new)
    for reader in (OPERATOR, f"office_staff@{OFFICES[0]}", f"district_desk@{DISTRICT}", CREW):
        assert listed(world, reader, kind) == {str(pk)}, reader
    for reader in (f"operator@{NEXT}", f"crew@{THERE}", f"system_admin@{DISTRICT}"):
        assert listed(world, reader, kind) == set(), reader
        with pytest.raises(NotHere):
            record(world.who(reader).scope, kind, pk)


def test_a_long_list_goes_page_by_page_with_the_same_queries(world: World) -> None:
    scope = world.who(OPERATOR).scope

    def page(after: str = "") -> tuple[dict[str, Any], int]:
        with CaptureQueriesContext(connection) as queries:
            found = records(scope, "services", after=after, limit=3)
        return found, len(queries)

    keep(world, CREW)
    few = page()[1]
    for _ in range(4):
        keep(world, CREW)
    first, many = page()
    second, _ = page(str(first["next"]))
    assert (many, len(first["items"]), len(second["items"]), second["next"]) == (few, 3, 2, None)


def hotline_case(world: World, source: str = "hotline") -> Case:
    content = xlsx([ticket(world, "1")])
    take_tickets(world.command(OPERATOR, "import_tickets"), source, content)
    return Case.objects.get()


def seen_by(world: World, name: str, case: Case, reason: str = "回电核实") -> list[dict[str, Any]]:
    return reveal(world.who(name), case.id, reason, world.clock, "10.0.0.1")


def test_a_desk_of_the_place_learns_who_reported_and_it_stands_in_the_access_log(
    world: World,
) -> None:
    case = hotline_case(world)
    entries = Entry.objects.count()
    shown = seen_by(world, OPERATOR, case)
    assert [(one["name"], one["phone"]) for one in shown] == [("王小明", "13812345678")]
    line = AccessEntry.objects.get(kind="reveal")
    why = Reveal.objects.get()
    assert (line.outcome, line.actor_id) == ("granted", world.people[OPERATOR].id)
    assert line.subject == f"case {case.id} {text_hash([why.salt, '回电核实'])[:32]}"
    assert line.address == "10.0.0.1"
    assert Entry.objects.count() == entries


def test_every_look_is_a_line_of_its_own(world: World) -> None:
    case = hotline_case(world)
    seen_by(world, OPERATOR, case)
    seen_by(world, OPERATOR, case)
    assert AccessEntry.objects.filter(kind="reveal").count() == 2


def in_hand(world: World, case: Case) -> None:
    world.act(OPERATOR, "sign", case, class_key=("event", "0406"))
    world.act(OPERATOR, "dispatch", case, assignee=("crew", world.crews[HERE].id))
    world.act(CREW, "accept", case)


def test_the_handler_of_a_hotline_case_learns_whom_to_phone_until_it_ends(world: World) -> None:
    case = hotline_case(world)
    in_hand(world, case)
    assert seen_by(world, CREW, case)[0]["phone"] == "13812345678"
    world.act(CREW, "report_back", case, photos=(world.photo(CREW),), reply="已清走")
    world.act(OPERATOR, "reply", case)
    world.act(OPERATOR, "closed_elsewhere", case)
    with pytest.raises(Refusal) as caught:
        seen_by(world, CREW, case)
    assert (caught.value.code, caught.value.status) == ("reveal_hotline_only", 403)


def test_the_handler_of_any_other_case_learns_nobody(world: World) -> None:
    case = hotline_case(world, "city_platform")
    in_hand(world, case)
    with pytest.raises(Refusal) as caught:
        seen_by(world, CREW, case)
    assert caught.value.code == "reveal_hotline_only"
    assert not AccessEntry.objects.filter(kind="reveal").exists()


def test_without_a_reason_nothing_is_shown(world: World) -> None:
    case = hotline_case(world)
    with pytest.raises(Refusal) as caught:
        seen_by(world, OPERATOR, case, "")
    assert caught.value.code == "reason_needed"
    assert not Reveal.objects.exists()


def test_others_learn_nothing(world: World) -> None:
    case = hotline_case(world)
    for name in (f"operator@{NEXT}", f"crew@{HERE}", f"system_admin@{DISTRICT}"):
        with pytest.raises(NotHere):
            seen_by(world, name, case)
    for name in (f"assessor@{HERE}", f"office_staff@{OFFICES[0]}"):
        with pytest.raises(Forbidden):
            seen_by(world, name, case)


def test_a_number_in_what_was_said_is_shown_by_its_ends_until_somebody_says_why(
    world: World,
) -> None:
    case = world.report(HERE, description="请打13812345678找王先生,路牌 20261123 号")
    seen = detail(world.who(OPERATOR), case, world.clock.now())["reports"][0]["description"]
    assert seen == "请打138****5678找王先生,路牌 20261123 号"
    assert "13812345678" not in str(brief(case))
    assert seen_by(world, OPERATOR, case)[0]["text"].startswith("请打13812345678")
