"""Tickets of the city platform and the hotline come in from a file, once, cell by cell."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest

from lianqin.accounts.refusals import Forbidden, Refusal
from lianqin.cases.models import Case, Note, Report
from lianqin.cases.tests.sheets import HEAD, ticket, xlsx
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.cases.tickets.columns import COLUMNS
from lianqin.cases.tickets.sheet import read_sheet
from lianqin.cases.tickets.taking import take_tickets
from lianqin.cases.tickets.template import template
from lianqin.geo import Datum, Position
from lianqin.journal.models import Entry

pytestmark = pytest.mark.django_db
HERE, THERE = CENTRES[0], CENTRES[2]
OPERATOR = f"operator@{HERE}"


@pytest.fixture
def world() -> World:
    return build()


def take(world: World, content: bytes, source: str = "hotline", **more: Any) -> dict[str, Any]:
    command = world.command(more.pop("by", OPERATOR), "import_tickets", content)
    return dict(take_tickets(command, source, content, **more).answer)


def wrong(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Cells left out and why."""
    return [(one["cell"], one["code"]) for one in answer["errors"]]


def test_each_row_opens_a_case_with_its_number_deadline_and_place(world: World) -> None:
    row = ticket(world, "0012026112300017", note="诉求人下午在家")
    answer = take(world, xlsx([row]))
    assert (answer["rows"], answer["opened"], answer["left_out"]) == (1, 1, 0)
    case = Case.objects.get()
    assert case.external_number == "0012026112300017"
    assert (case.source, case.place, case.filed_by) == ("hotline", HERE, "elsewhere")
    assert case.deadline is not None
    assert case.deadline.isoformat() == "2026-11-25T10:00:00+00:00"
    assert case.reported_at.isoformat() == "2026-11-23T11:00:00+00:00"
    report = Report.objects.get()
    assert (report.reporter_name, report.reporter_phone) == ("王小明", "13812345678")
    assert Note.objects.get().text == "诉求人下午在家"


def test_every_case_has_its_entry_and_the_import_one_with_counts_and_hash(world: World) -> None:
    content = xlsx([ticket(world, str(n)) for n in range(3)] + [ticket(world, None)])
    answer = take(world, content)
    acts = list(Entry.objects.order_by("position").values_list("act", flat=True))
    assert acts == ["report", "report", "report", "import_tickets"]
    entry = Entry.objects.get(act="import_tickets")
    assert entry.data["file"] == answer["sha256"] == read_sheet(content).sha256
    assert entry.data["counts"] == {
        "rows": 4, "opened": 3, "known": 0, "left_out": 1, "differs": 0,
    }  # fmt: skip


def test_the_same_file_again_adds_nothing(world: World) -> None:
    content = xlsx([ticket(world, str(n)) for n in range(3)])
    take(world, content)
    before = Entry.objects.count()
    again = take(world, content)
    assert (again["opened"], again["known"], again["differs"]) == (0, 3, [])
    other = take(world, content, by=f"operator@{THERE}")
    assert (other["opened"], other["known"]) == (0, 3)
    assert (Case.objects.count(), Entry.objects.count()) == (3, before)


def test_a_file_with_old_and_new_rows_adds_the_new_ones(world: World) -> None:
    take(world, xlsx([ticket(world, "1")]))
    answer = take(world, xlsx([ticket(world, "1"), ticket(world, "2")]))
    assert (answer["opened"], answer["known"]) == (1, 1)


def test_the_same_number_of_the_other_source_is_another_ticket(world: World) -> None:
    take(world, xlsx([ticket(world, "1")]), "hotline")
    assert take(world, xlsx([ticket(world, "1")]), "city_platform")["opened"] == 1


def test_another_deadline_or_text_of_a_known_number_is_told_and_not_taken(world: World) -> None:
    take(world, xlsx([ticket(world, "1")]))
    case = Case.objects.get()
    answer = take(
        world, xlsx([ticket(world, "1", deadline="2026-11-26 18:00", description="别的")])
    )
    assert {(one["cell"], one["field"]) for one in answer["differs"]} == {
        ("L2", "deadline"),
        ("D2", "description"),
    }
    assert "2026-11-25 18:00" in str(answer["differs"])
    assert Case.objects.get().deadline == case.deadline


def test_what_a_foreign_case_says_is_not_compared(world: World) -> None:
    take(world, xlsx([ticket(world, "1", centre=THERE)]))
    answer = take(world, xlsx([ticket(world, "1", description="别的")]))
    assert (answer["known"], answer["differs"]) == (1, [])


def test_a_dry_run_says_the_same_and_writes_nothing(world: World) -> None:
    content = xlsx([ticket(world, "1"), ticket(world, "2", code="9999")])
    answer = take(world, content, dry_run=True)
    assert (answer["opened"], wrong(answer)) == (1, [("C3", "class_unknown")])
    assert (Case.objects.count(), Entry.objects.count()) == (0, 0)


def test_wrong_cells_are_told_by_address_in_both_languages_and_the_rest_goes_in(
    world: World,
) -> None:
    spot = world.spot(HERE)
    rows = [
        ticket(world, "1"),
        ticket(world, None),
        ticket(world, "1"),
        ticket(world, "4", code="9999"),
        ticket(world, "5", code=406.0),
        ticket(world, "6", kind="其他"),
        ticket(world, "7", lon=spot.lat, lat=spot.lon),
        ticket(world, "8", lon=121.47, lat=31.23),
        ticket(world, "9", lat=None),
        ticket(world, "10", area="000"),
        ticket(world, "11", reported_at="昨天"),
        ticket(world, "12", deadline="2026-11-22 08:00"),
        ticket(world, "13", reported_at="2026-11-30 08:00"),
        ticket(world, "14", description=None, code=None),
        ticket(world, "15", datum="北京54"),
        ticket(world, 12345678901234567890.0),
        ticket(world, "17", kind=None),
    ]
    answer = take(world, xlsx(rows))
    assert wrong(answer) == [
        ("A3", "number_missing"),
        ("A4", "number_twice"),
        ("C5", "class_unknown"),
        ("C6", "class_unknown"),
        ("B7", "kind_unknown"),
        ("G8", "position_swapped"),
        ("G9", "position_outside_district"),
        ("H10", "position_incomplete"),
        ("J11", "area_unknown"),
        ("K12", "time_unreadable"),
        ("L13", "deadline_before_report"),
        ("K14", "reported_in_future"),
        ("D15", "says_nothing"),
        ("I16", "datum_unknown"),
        ("A17", "id_lost_digits"),
        ("B18", "kind_missing"),
    ]
    assert (answer["opened"], answer["left_out"]) == (1, 16)
    assert "0406" in answer["errors"][3]["reason"]["zh"]
    assert "A2" in answer["errors"][1]["reason"]["en"]
    for one in answer["errors"]:
        assert one["reason"]["zh"] != one["reason"]["en"]


def test_a_row_with_two_wrong_cells_is_told_both(world: World) -> None:
    answer = take(world, xlsx([ticket(world, "1", code="9999", area="000")]))
    assert [cell for cell, _ in wrong(answer)] == ["C2", "J2"]
    assert (answer["left_out"], answer["opened"]) == (1, 0)


def test_ids_stay_text_whatever_the_spreadsheet_made_of_them(world: World) -> None:
    take(world, xlsx([ticket(world, "007"), ticket(world, 12345.0, phone=13812345678.0)]))
    numbers = set(Case.objects.values_list("external_number", flat=True))
    assert numbers == {"007", "12345"}
    phones = set(Report.objects.values_list("reporter_phone", flat=True))
    assert phones == {"13812345678"}


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-25 18:00", "2026/11/25 18:00:00", "2026年11月25日 18时00分", "2026.11.25 18:00",
        "2026-11-25T18:00:00+08:00", "2026-11-25T10:00:00Z",
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them_on_the_districts_clock(
    world: World, said: str
) -> None:
    take(world, xlsx([ticket(world, "1", deadline=said)]))
    deadline = Case.objects.get().deadline
    assert deadline is not None
    assert deadline.isoformat() == "2026-11-25T10:00:00+00:00"


def test_a_deadline_without_a_time_is_the_end_of_its_day(world: World) -> None:
    take(world, xlsx([ticket(world, "1", deadline="2026-11-25")]))
    deadline = Case.objects.get().deadline
    assert deadline is not None
    assert deadline.isoformat() == "2026-11-25T16:00:00+00:00"


def test_columns_may_stand_in_any_order_under_english_headings_below_a_title(
    world: World,
) -> None:
    spot = world.spot(HERE)
    head = ["Class code", "Longitude", "Latitude", "Kind", "External number *", "Weather"]
    rows = [head, ["0406", spot.lon, spot.lat, "event", "E-1", "rain"]]
    answer = take(world, xlsx(rows, head=["Tickets of 23 November"]))
    assert (answer["opened"], answer["ignored_columns"]) == (1, ["Weather"])
    assert Case.objects.get().external_number == "E-1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_says_the_same_in_any_common_encoding(world: World, encoding: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    row = ticket(world, "007", reported_at="2026-11-23 19:00", deadline="2026-11-25 18:00")
    writer.writerow(["" if value is None else value for value in row])
    writer.writerow(["" if value is None else value for value in [*row[:2], "9", *row[3:]]])
    answer = take(world, out.getvalue().encode(encoding))
    assert answer["opened"] == 1
    assert {cell for cell, _ in wrong(answer)} == {"A3", "C3"}
    assert Case.objects.get().external_number == "007"


def test_coordinates_of_commercial_maps_come_out_where_they_are(world: World) -> None:
    spot = world.spot(HERE)
    shown = Position(spot.lon, spot.lat).to(Datum.GCJ02)
    at = {"lon": shown.lon, "lat": shown.lat}
    take(world, xlsx([ticket(world, "1", datum="GCJ-02", **at)]))
    take(world, xlsx([ticket(world, "2", **at)]), datum="gcj02")
    for lon, lat in Case.objects.values_list("lon", "lat"):
        assert (lon, lat) == (pytest.approx(spot.lon, abs=1e-6), pytest.approx(spot.lat, abs=1e-6))
    assert Case.objects.count() == 2


def test_a_row_without_a_position_goes_by_its_area_else_to_whoever_brought_it(
    world: World,
) -> None:
    area = world.areas[THERE].code
    rows = [
        ticket(world, "1", lon=None, lat=None, area=area),
        ticket(world, "2", lon=None, lat=None),
    ]
    take(world, xlsx(rows))
    assert list(Case.objects.order_by("id").values_list("place", flat=True)) == [THERE, HERE]


def test_a_file_cut_short_goes_on_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lianqin.cases.tickets import taking

    content = xlsx([ticket(world, str(n)) for n in range(4)])
    real, calls = taking.report, []

    def failing(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise ConnectionError
        return real(*args)

    monkeypatch.setattr(taking, "report", failing)
    with pytest.raises(ConnectionError):
        take(world, content)
    answer = take(world, content)
    assert (answer["opened"], answer["known"]) == (2, 2)
    assert Case.objects.count() == 4


@pytest.mark.parametrize(
    "name", ["reporter_client", "assessor", "system_admin", "replayer", "office_staff", "crew"]
)
def test_only_a_desk_brings_tickets_in(world: World, name: str) -> None:
    places = {"office_staff": HERE.rsplit("/", 1)[0], "crew": HERE}
    place = places.get(name, HERE.split("/")[0])
    with pytest.raises(Forbidden):
        take(world, xlsx([ticket(world, "1")]), by=f"{name}@{place}", dry_run=True)


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_sheet(content)
    return caught.value.code


def bomb() -> bytes:
    """A workbook that unpacks to far more than it weighs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(4):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b" " * (40 * 1024 * 1024))
    return out.getvalue()


def with_entities() -> bytes:
    """A workbook whose strings expand entities."""
    plain = io.BytesIO(xlsx([["1", "x"]], head=["任务号", "问题描述"]))
    out = io.BytesIO()
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><sst><si><t>&a;</t></si></sst>'
    )
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            strings = name == "xl/sharedStrings.xml"
            target.writestr(name, evil if strings else source.read(name))
    return out.getvalue()


def test_what_is_no_sheet_is_refused_in_words() -> None:
    whole = xlsx([["1", "x"]], head=["任务号", "问题描述"])
    assert refused(b"") == "sheet_empty"
    assert refused(b"\xd0\xcf\x11\xe0 old") == "sheet_old_excel"
    assert refused(whole[:-200]) == "sheet_unreadable"
    assert refused(b"PK\x03\x04 nothing") == "sheet_unreadable"
    assert refused(b"\x00\x01\x02") == "sheet_unreadable"
    assert refused('任务号,"问题'.encode()) == "sheet_quotes"
    assert refused(bomb()) == "sheet_unpacks_too_large"
    assert refused(with_entities()) == "sheet_unsafe"
    assert refused(b"x" * (20 * 1024 * 1024 + 1)) == "sheet_too_large"
    assert refused(b"1\n" * 20_020) == "sheet_too_many_rows"


def at_row(number: int) -> bytes:
    """A workbook whose second row says that it is another one."""
    plain = io.BytesIO(xlsx([["1", "x"]], head=["任务号", "问题描述"]))
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'r="2"', f'r="{number}"'.encode())
                content = content.replace(b'r="A2"', f'r="A{number}"'.encode())
                content = content.replace(b'r="B2"', f'r="B{number}"'.encode())
            target.writestr(name, content)
    return out.getvalue()


def test_blank_rows_cost_nothing_however_many_a_file_claims() -> None:
    assert read_sheet(at_row(1_048_576)).rows[1][1][0].address == "A1048576"
    assert len(read_sheet(at_row(2_000_000_000)).rows) == 1


def test_a_heading_that_is_missing_or_comes_twice_is_told(world: World) -> None:
    for head, code in (
        (["甲", "乙"], "sheet_heading_missing"),
        (["任务号", "描述", "问题描述"], "sheet_heading_twice"),
    ):
        with pytest.raises(Refusal) as caught:
            take(world, xlsx([["1", "x", "y"]], head=head))
        assert caught.value.code == code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_has_every_column_and_can_be_sent_in(world: World, language: str) -> None:
    sheet = read_sheet(template(language))
    heading = [cell.value for cell in sheet.rows[0][1]]
    assert heading == [getattr(column, language)[0] for column in COLUMNS]
    answer = take(world, template(language))
    assert (answer["rows"], answer["ignored_columns"]) == (0, [])
