"""The sheet of a unit's tasks: out, filled in, and in again."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook

from lianqin.accounts.refusals import Forbidden, Refusal
from lianqin.cases.models import Case, CaseRequest
from lianqin.cases.tests.sheets import xlsx
from lianqin.cases.tests.test_unit_tasks import LIAISON, OFFICE, TWIN, given
from lianqin.cases.tests.world import CENTRES, World, build
from lianqin.cases.unit_sheet.taking import take_sheet
from lianqin.cases.unit_sheet.writing import workbook
from lianqin.journal.models import Entry

pytestmark = pytest.mark.django_db
Rows = list[dict[str, Any]]


@pytest.fixture
def world() -> World:
    return build()


def taken_out(world: World, language: str = "zh") -> tuple[list[str], Rows]:
    """The heading and the rows of the liaison's sheet, each by its heading."""
    content = workbook(world.who(LIAISON), world.clock.now(), language)
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    head = [str(cell) for cell in rows[0]]
    return head, [dict(zip(head, row, strict=True)) for row in rows[1:]]


def brought_in(
    world: World, head: list[str], rows: Rows, name: str = LIAISON, **more: Any
) -> dict[str, Any]:
    content = xlsx([[row.get(word) for word in head] for row in rows], head)
    command = world.command(name, "import_unit_sheet", uuid4())
    return dict(take_sheet(command, content, **more).answer)


def outcomes(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["outcome"], one["code"]) for one in answer["results"]]


def test_the_sheet_holds_the_tasks_with_what_may_be_done(world: World) -> None:
    case = given(world)
    _, (row,) = taken_out(world)
    assert row["案号"] == case.number
    assert row["可办事项"] == "签收 / 回退 / 申请延期"
    _, (english,) = taken_out(world, "en")
    assert english["What may be done"] == "accept / send back / ask for more time"


def test_a_filled_row_is_an_act_of_its_own_and_the_same_sheet_again_does_nothing(
    world: World,
) -> None:
    cases = [given(world), given(world)]
    head, rows = taken_out(world)
    for row in rows:
        row["办理"] = "签收"
    assert outcomes(brought_in(world, head, rows)) == [("done", ""), ("done", "")]
    assert outcomes(brought_in(world, head, rows)) == [("already", ""), ("already", "")]
    acts = Entry.objects.filter(subject_id__in=[case.id for case in cases], act="accept")
    assert acts.count() == 2
    assert Entry.objects.filter(act="import_unit_sheet").count() == 1


def test_a_dry_run_finds_what_is_wrong_and_changes_nothing(world: World) -> None:
    given(world)
    given(world)
    case = given(world)
    head, rows = taken_out(world)
    rows[0]["办理"] = "签收"
    rows[1] |= {"办理": "办理反馈", "说明或理由": "已清"}
    rows[2] |= {"办理": "回退", "权责单位": "街道城管科0"}
    answer = brought_in(world, head, rows, dry_run=True)
    assert outcomes(answer) == [
        ("would", ""),
        ("refused", "not_in_this_state"),
        ("refused", "reason_needed"),
    ]
    assert not Entry.objects.filter(act="accept").exists()
    assert Case.objects.get(id=case.id).state == "dispatched"


def test_results_go_in_with_photos_by_their_file_names(world: World) -> None:
    case = given(world)
    world.act(LIAISON, "accept", case)
    head, rows = taken_out(world)
    rows[0] |= {"办理": "办理反馈", "说明或理由": "已清理", "照片文件名": "a.jpg;b.jpg"}
    lacking = brought_in(world, head, rows, photos={"a.jpg": world.photo(LIAISON)})
    assert outcomes(lacking) == [("refused", "sheet_photo_missing")]

    photos: dict[str, UUID] = {name: world.photo(LIAISON) for name in ("a.jpg", "b.jpg")}
    assert outcomes(brought_in(world, head, rows, photos=photos)) == [("done", "")]
    case.refresh_from_db()
    assert case.state == "to_check"
    assert case.photos.filter(stage="after").count() == 2
    # The same pictures chosen again are uploads of their own: still the same row.
    photos = {name: world.photo(LIAISON) for name in photos}
    assert outcomes(brought_in(world, head, rows, photos=photos)) == [("already", "")]


def test_sending_back_cites_the_unit_on_the_duty_list(world: World) -> None:
    case = given(world)
    head, rows = taken_out(world)
    rows[0] |= {"办理": "回退", "说明或理由": "不属本街道", "权责单位": "园林局"}
    answer = brought_in(world, head, rows)
    assert outcomes(answer) == [("refused", "sheet_line_unknown")]
    assert "城管局" in answer["results"][0]["params"]["expected"]
    rows[0]["权责单位"] = "城管局"
    assert outcomes(brought_in(world, head, rows)) == [("done", "")]
    case.refresh_from_db()
    assert case.state == "filed"


def test_more_time_is_asked_for_with_a_reason(world: World) -> None:
    case = given(world)
    head, rows = taken_out(world)
    rows[0] |= {"办理": "延期", "说明或理由": "等待材料"}
    assert outcomes(brought_in(world, head, rows)) == [("done", "")]
    assert CaseRequest.objects.get(case=case).kind == "extension"


def test_a_case_that_moved_on_is_told_and_not_overwritten(world: World) -> None:
    case = given(world)
    head, rows = taken_out(world)
    world.act(LIAISON, "accept", case)
    rows[0] |= {"办理": "回退", "说明或理由": "不属本街道", "权责单位": "城管局"}
    answer = brought_in(world, head, rows)
    assert outcomes(answer) == [("conflict", "conflict")]
    theirs = answer["results"][0]["params"]
    assert (theirs["act"], theirs["state"]) == ("accept", "handling")


def test_cells_that_cannot_be_used_are_told_by_row_and_the_rest_is_done(world: World) -> None:
    for _ in range(5):
        given(world)
    head, rows = taken_out(world)
    rows[0]["办理"] = "签收"
    rows[1]["办理"] = "签字"
    rows[2]["说明或理由"] = "没选办理"
    rows[3] |= {"办理": "签收", "任务标记": "1"}
    answer = brought_in(world, head, rows)
    assert outcomes(answer) == [
        ("done", ""),
        ("wrong", "sheet_act_unknown"),
        ("wrong", "sheet_act_missing"),
        ("wrong", "sheet_mark_unusable"),
    ]
    assert (answer["rows"], answer["blank"], answer["wrong"]) == (5, 1, 3)


def test_a_mark_of_another_unit_is_as_unknown_as_one_that_never_was(world: World) -> None:
    given(world)
    head, rows = taken_out(world)
    rows[0]["办理"] = "签收"
    foreign = brought_in(world, head, rows, name=TWIN)
    rows[0]["任务标记"] = f"{uuid4().hex}.1"
    absent = brought_in(world, head, rows, name=TWIN)
    assert foreign["results"] == absent["results"]
    assert outcomes(foreign) == [("refused", "task_unknown")]


def test_a_file_that_is_no_sheet_and_a_person_without_a_unit_are_refused(world: World) -> None:
    given(world)
    head, rows = taken_out(world)
    with pytest.raises(Refusal) as caught:
        brought_in(world, ["案号"], rows)
    assert caught.value.code == "unit_sheet_heading_missing"
    with pytest.raises(Forbidden):
        brought_in(world, head, rows, name=f"operator@{CENTRES[0]}")


def test_nothing_that_was_reported_becomes_a_formula(world: World) -> None:
    case = world.walk(world.report(address="=1+1", description="@SUM(A1)"), "filed")
    hands = ("unit", world.units[OFFICE].id)
    world.act(f"operator@{CENTRES[0]}", "dispatch", case, assignee=hands)
    content = workbook(world.who(LIAISON), world.clock.now(), "zh")
    cells = load_workbook(io.BytesIO(content)).worksheets[0][2]
    assert {cell.data_type for cell in cells if cell.value in ("=1+1", "@SUM(A1)")} == {"s"}
