"""`lianqin import tickets` and `export replies`, as they work behind the command line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from lianqin.accounts.models import User
from lianqin.cases.models import Case
from lianqin.cases.tests.sheets import ticket, xlsx
from lianqin.cases.tests.world import World, build
from lianqin.catalogue.models import CaseClass
from lianqin.console.imports.tickets import (
    ACCOUNT,
    export_replies_file,
    import_tickets_file,
    say_tickets,
)
from lianqin.console.words import Refusal
from lianqin.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")


def file_of(folder: Path, rows: list[list[Any]]) -> Path:
    made = folder / "tickets.xlsx"
    made.write_bytes(xlsx(rows))
    return made


def row(world: World, number: str, **more: Any) -> list[Any]:
    now = timezone.localtime()
    later = f"{now + timedelta(days=1):%Y-%m-%d %H:%M}"
    return ticket(world, number, **({"reported_at": None, "deadline": later} | more))


def take(file: Path, *, dry_run: bool = False) -> dict[str, Any]:
    return import_tickets_file(file, "hotline", dry_run=dry_run, datum="wgs84")


def test_a_file_comes_in_under_an_account_that_cannot_sign_in(world: World, tmp_path: Path) -> None:
    file = file_of(tmp_path, [row(world, "0017")])
    assert take(file, dry_run=True)["opened"] == 1
    assert not Case.objects.exists()
    assert take(file)["opened"] == 1
    user = User.objects.get(username=ACCOUNT)
    assert not user.has_usable_password()
    assert Entry.objects.get(act="import_tickets").actor_id == user.id


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    file = file_of(tmp_path, [row(world, "0017")])
    take(file)
    before = Entry.objects.count()
    for _ in range(2):
        again = take(file)
        assert (again["opened"], again["known"]) == (0, 1)
    assert Entry.objects.count() == before


def test_a_row_that_was_left_out_goes_in_once_the_catalogue_has_its_class(
    world: World, tmp_path: Path
) -> None:
    file = file_of(tmp_path, [row(world, "1", code="0407")])
    assert take(file)["left_out"] == 1
    CaseClass.objects.create(kind="event", code="0407", name_zh="店外经营")
    assert take(file)["opened"] == 1
    assert Entry.objects.filter(act="import_tickets").count() == 1


def test_what_was_left_out_is_said_by_cell(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(tmp_path, [row(world, "1"), row(world, "2", code="9999")])
    say_tickets(take(file), as_json=False)
    said = capsys.readouterr().out
    assert "2 rows read, 1 taken in, 0 known already, 1 left out" in said
    assert "C3: the catalogue has no event 9999" in said


def test_a_file_that_cannot_be_used_is_refused_in_words(tmp_path: Path, world: World) -> None:
    file = tmp_path / "old.xls"
    file.write_bytes(b"\xd0\xcf\x11\xe0 old")
    with pytest.raises(Refusal, match="Save it as XLSX"):
        take(file)


def test_the_reply_sheet_of_the_district_is_written(world: World, tmp_path: Path) -> None:
    take(file_of(tmp_path, [row(world, "0017")]))
    day = Case.objects.get().duty_date
    out = tmp_path / "replies.xlsx"
    assert export_replies_file(out, "hotline", day, day) == 1
    assert load_workbook(out).worksheets[0]["A2"].value == "0017"
    with pytest.raises(Refusal):
        export_replies_file(tmp_path / "no" / "where.xlsx", "hotline", day, day)
