"""The sheet that goes back to a platform: what became of each ticket, and nothing internal."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianqin.accounts.refusals import Refusal
from lianqin.cases.models import Case
from lianqin.cases.replies import replies, workbook
from lianqin.cases.tests.sheets import ticket, xlsx
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.cases.tickets.taking import take_tickets

pytestmark = pytest.mark.django_db
HERE, THERE = CENTRES[0], CENTRES[2]
DAY = date(2026, 11, 23)
OPERATOR, CREW = f"operator@{HERE}", f"crew@{HERE}"


@pytest.fixture
def world() -> World:
    return build()


def take(world: World, content: bytes) -> dict[str, Any]:
    command = world.command(OPERATOR, "import_tickets", content)
    return dict(take_tickets(command, "hotline", content).answer)


def sheet(world: World, reader: str = OPERATOR, language: str = "zh") -> list[list[Any]]:
    """The reply sheet as another program opens it."""
    content = workbook(replies(world.who(reader).scope, "hotline", DAY, DAY), language)
    opened = load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in opened.iter_rows(values_only=True)]


def work(world: World, case: Case, reply: str = "已清走,谢谢来电") -> None:
    """A hotline's ticket from signing for it to its end."""
    place = case.place
    world.clock.advance(timedelta(seconds=1))
    world.act(f"operator@{place}", "sign", case, class_key=("event", "0406"))
    crew = ("crew", world.crews[place].id)
    world.act(f"operator@{place}", "dispatch", case, assignee=crew, note="内部:老摊贩")
    world.act(f"crew@{place}", "accept", case)
    photos = (world.photo(f"crew@{place}"),)
    world.act(
        f"crew@{place}", "report_back", case, photos=photos, reply=reply, note="内部:已口头警告"
    )
    world.act(f"operator@{place}", "reply", case)
    world.act(f"operator@{place}", "closed_elsewhere", case)


def test_a_worked_ticket_goes_out_with_its_reply_and_never_with_internal_words(
    world: World,
) -> None:
    take(world, xlsx([ticket(world, "0017", note="内部:常客")]))
    work(world, Case.objects.get())
    head, row, total = sheet(world)
    case = Case.objects.get()
    assert row[:3] == ["0017", case.number, "已结案"]
    assert row[3] == "east晚班组"
    assert (row[7], row[8], row[10], row[11]) == ("是", "已清走,谢谢来电", 1, "演示")
    assert row[6].isoformat() == "2026-11-25T18:00:00"
    assert total[:2] == ["合计", "共 1 件"]
    assert "内部" not in str([head, row, total])
    assert "王小明" not in str(row)


def test_a_ticket_that_was_not_taken_on_says_why(world: World) -> None:
    take(world, xlsx([ticket(world, "1")]))
    case = Case.objects.get()
    world.act(OPERATOR, "reject", case, reason="不属本区,请转市水务")
    row = sheet(world, language="en")[1]
    assert (row[2], row[9], row[7]) == ("Rejected", "不属本区,请转市水务", None)


def test_a_ticket_handled_after_its_deadline_is_not_on_time(world: World) -> None:
    take(world, xlsx([ticket(world, "1", deadline="2026-11-23 20:10")]))
    world.clock.advance(timedelta(minutes=11))
    work(world, Case.objects.get())
    assert sheet(world)[1][7] == "否"


def test_a_joined_ticket_tells_what_became_of_the_case_it_joined(world: World) -> None:
    take(world, xlsx([ticket(world, "1"), ticket(world, "2")]))
    one, two = Case.objects.order_by("id")
    world.act(OPERATOR, "join", two, case_id=one.id)
    work(world, one)
    first, second = sheet(world)[1:3]
    assert (second[0], second[1]) == ("2", two.number)
    assert second[2:11] == first[2:11]


def test_ids_are_text_and_a_reply_is_no_formula(world: World) -> None:
    take(world, xlsx([ticket(world, "0000123")]))
    work(world, Case.objects.get(), reply="=1+1")
    content = workbook(replies(world.who(OPERATOR).scope, "hotline", DAY, DAY), "zh")
    opened = load_workbook(io.BytesIO(content)).worksheets[0]
    assert (opened["A2"].value, opened["A2"].data_type) == ("0000123", "s")
    assert (opened["I2"].value, opened["I2"].data_type) == ("=1+1", "s")
    assert opened.freeze_panes == "B2"


def test_a_sheet_holds_what_lies_in_the_readers_place(world: World) -> None:
    take(world, xlsx([ticket(world, "1"), ticket(world, "2", centre=THERE)]))

    def numbers(reader: str) -> list[str]:
        return [row[0] for row in sheet(world, reader)[1:-1]]

    assert numbers(OPERATOR) == ["1"]
    assert numbers(f"operator@{THERE}") == ["2"]
    assert numbers(f"district_desk@{DISTRICT}") == ["1", "2"]
    assert numbers(f"system_admin@{DISTRICT}") == []


def test_other_days_and_sources_are_not_in_it(world: World) -> None:
    take(world, xlsx([ticket(world, "1")]))
    scope = world.who(OPERATOR).scope
    yesterday = DAY - timedelta(days=1)
    assert replies(scope, "hotline", yesterday, yesterday) == []
    assert replies(scope, "city_platform", DAY, DAY) == []
    for source, last, code in (
        ("patrol", DAY, "not_one_of"),
        ("hotline", yesterday, "dates_turned"),
    ):
        with pytest.raises(Refusal) as caught:
            replies(scope, source, DAY, last)
        assert caught.value.code == code


def test_a_long_sheet_takes_no_more_queries_than_a_short_one(world: World) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            replies(world.who(OPERATOR).scope, "hotline", DAY, DAY)
        return len(queries)

    take(world, xlsx([ticket(world, "1")]))
    few = count()
    take(world, xlsx([ticket(world, str(n)) for n in range(2, 40)]))
    assert count() == few


def _convert(content: bytes, folder: Path) -> str:
    """The sheet as LibreOffice reads it, as CSV."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine: the sheet was not opened with it")
    (folder / "replies.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76"
    command = [office, profile, "--headless", "--convert-to", as_csv, "--outdir", str(folder)]
    command.append(str(folder / "replies.xlsx"))
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / "replies.csv").read_text(encoding="utf-8")


def test_the_sheet_opens_in_libreoffice(world: World, tmp_path: Path) -> None:
    take(world, xlsx([ticket(world, "0017")]))
    work(world, Case.objects.get())
    content = workbook(replies(world.who(OPERATOR).scope, "hotline", DAY, DAY), "zh")
    lines = _convert(content, tmp_path).splitlines()
    assert lines[1].startswith("0017,")
    assert "已清走" in lines[1]


@pytest.mark.long
def test_a_thousand_tickets_in_worked_and_out_again(world: World, tmp_path: Path) -> None:
    """The whole way: one file in, every ticket worked to its end, one sheet out, nothing twice."""
    content = xlsx([ticket(world, f"{n:010d}", address=f"解放路 {n} 号") for n in range(1000)])
    began = time.monotonic()
    assert take(world, content)["opened"] == 1000
    print(f"1,000 rows in: {time.monotonic() - began:.1f} s")
    for case in Case.objects.order_by("id"):
        work(world, case)
    print(f"worked to the end: {time.monotonic() - began:.1f} s")
    found = replies(world.who(OPERATOR).scope, "hotline", DAY, DAY)
    out = workbook(found, "zh")
    rows = list(load_workbook(io.BytesIO(out)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 1002
    assert {row[2] for row in rows[1:-1]} == {"已结案"}
    assert [row[0] for row in rows[1:-1]] == [f"{n:010d}" for n in range(1000)]
    assert rows[-1][1] == "共 1000 件"
    again = take(world, content)
    assert (again["opened"], again["known"]) == (0, 1000)
    assert Case.objects.count() == 1000
    assert len(_convert(out, tmp_path).splitlines()) == 1002
