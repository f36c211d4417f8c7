"""Standards and duty lists that districts bring: versions that follow, rows that cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.catalogue import queries, versions
from lianqin.catalogue.models import CaseClass, DutyLine, Standard
from lianqin.console.cli import main
from lianqin.console.imports.catalogue import import_catalogue_file
from lianqin.console.words import Refusal
from lianqin.force.models import Agency
from lianqin.journal.models import Entry

pytestmark = pytest.mark.django_db

HEAD = (
    "kind,code,condition,filing_zh,filing_en,closing_zh,closing_en,"
    "limit_value,limit_unit,valid_from,valid_until\n"
)
JANUARY = "event,0406,1,占道摆摊,A stall,已清走,Cleared,2,urgent_hour,2026-01-01,\n"
JULY = "event,0406,1,占道摆摊,A stall,已清走,Cleared,4,urgent_hour,2026-07-01,\n"
LINES = "line,kind,code,place,unit,basis_zh,basis_en,valid_from,valid_until\n"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")


@pytest.fixture(autouse=True)
def world() -> World:
    """The district before anybody has entered its duty list."""
    world = build()
    DutyLine.objects.all().delete()
    return world


@pytest.fixture
def standards(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def _import(rows: str, *, dry_run: bool = False) -> dict[str, Any]:
        path = tmp_path / "standards.csv"
        path.write_text(rows, encoding="utf-8")
        return import_catalogue_file(path, dry_run=dry_run, what="standards")

    return _import


@pytest.fixture
def duty(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def _import(rows: str, *, dry_run: bool = False) -> dict[str, Any]:
        path = tmp_path / "duty.csv"
        path.write_text(rows, encoding="utf-8")
        return import_catalogue_file(path, dry_run=dry_run, what="duty")

    return _import


@pytest.fixture
def squad() -> Agency:
    return Agency.objects.create(
        code="squad-1",
        kind="squad",
        name_zh="一街道中队",
        takes_cases=True,
        reach=OFFICES[0],
    )


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def on(day: str) -> list[dict[str, Any]]:
    return queries.standards("event", "0406", date.fromisoformat(day))


Importer = Callable[..., dict[str, Any]]


# --- versions ------------------------------------------------------------------------------------


def test_a_standard_comes_in_with_words_limit_and_dates(standards: Importer) -> None:
    report = standards(HEAD + JANUARY)

    assert (report["read"], report["written"], report["errors"]) == (1, 1, [])
    row = Standard.objects.get()
    assert (row.filing_zh, row.closing_en, row.limit_value) == ("占道摆摊", "Cleared", 2)
    assert (row.valid.lower, row.valid.upper) == (date(2026, 1, 1), None)
    assert (row.sample, row.origin) == (False, "import")
    entry = Entry.objects.get()
    assert (entry.subject_kind, entry.data["counts"]) == ("standards", {"standards": 1})
    assert entry.data["file"] == report["sha256"]


@pytest.mark.parametrize("in_one_file", [True, False], ids=["one file", "two files"])
def test_a_new_version_closes_the_old_one_on_its_first_day(
    standards: Importer, in_one_file: bool
) -> None:
    if in_one_file:
        standards(HEAD + JANUARY + JULY)
    else:
        standards(HEAD + JANUARY)
        old = Standard.objects.get()
        standards(HEAD + JULY)
        old.refresh_from_db()
        assert (old.limit_value, old.valid.upper) == (2, date(2026, 7, 1))

    assert [one["limit"]["value"] for one in on("2026-06-30")] == [2]
    assert [one["limit"]["value"] for one in on("2026-07-01")] == [4]
    assert Standard.objects.count() == 2


@pytest.mark.parametrize("rows", [JANUARY, JANUARY + JULY, JULY + JANUARY])
def test_the_same_file_again_changes_nothing(standards: Importer, rows: str) -> None:
    standards(HEAD + rows)
    before = list(Standard.objects.order_by("id").values())
    again = standards(HEAD + rows)

    assert (again["changes"], again["written"], again["errors"]) == (0, 0, [])
    assert again["unchanged"] == again["read"]
    assert list(Standard.objects.order_by("id").values()) == before
    assert Entry.objects.count() == 1


def test_without_a_first_day_it_holds_from_today(standards: Importer) -> None:
    row = "event,0406,1,占道摆摊,,已清走,,2,urgent_hour,,\n"
    assert standards(HEAD + row)["written"] == 1
    assert Standard.objects.get().valid.lower == timezone.localdate()
    assert standards(HEAD + row)["changes"] == 0


def test_a_last_day_ends_a_standard_on_the_day_after(standards: Importer) -> None:
    standards(HEAD + JANUARY)
    ending = JANUARY.replace("2026-01-01,", "2026-01-01,2026-06-30")

    assert standards(HEAD + ending)["written"] == 1
    assert (len(on("2026-06-30")), len(on("2026-07-01"))) == (1, 0)
    assert standards(HEAD + ending)["changes"] == 0


def test_what_cases_cite_is_not_rewritten_and_the_rest_goes_in(
    standards: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "cited", lambda table, ids: set(ids))
    standards(HEAD + JANUARY)
    other = JANUARY.replace("0406,1", "0406,2")
    report = standards(HEAD + JANUARY.replace(",2,urgent", ",9,urgent") + other)

    assert (report["written"], Standard.objects.count()) == (1, 2)
    (error,) = report["errors"]
    assert (error["row"], error["field"]) == (2, "valid_from")
    assert "give the change a later first day" in error["reason"]
    assert on("2026-06-30")[0]["limit"]["value"] == 2


def test_a_slip_that_no_case_cites_yet_is_corrected_in_place(standards: Importer) -> None:
    row = JANUARY.replace("2026-01-01", "")
    standards(HEAD + row)
    report = standards(HEAD + row.replace(",2,urgent", ",9,urgent"))

    assert (report["written"], report["errors"]) == (1, [])
    assert Standard.objects.get().limit_value == 9


def test_what_has_not_begun_may_be_corrected(standards: Importer) -> None:
    row = JANUARY.replace("2026-01-01", tomorrow())
    standards(HEAD + row)
    report = standards(HEAD + row.replace(",2,urgent", ",9,urgent"))

    assert (report["written"], report["errors"]) == (1, [])
    assert Standard.objects.get().limit_value == 9


def test_a_last_day_within_another_version_is_left_out(standards: Importer) -> None:
    standards(HEAD + JULY)
    report = standards(HEAD + JANUARY.replace("2026-01-01,", "2026-01-01,2026-08-01"))

    assert (report["changes"], Standard.objects.count()) == (0, 1)
    assert report["errors"][0]["field"] == "valid_until"
    assert "another version begins on 2026-07-01" in report["errors"][0]["reason"]


def test_a_column_that_is_missing_leaves_what_the_install_has(standards: Importer) -> None:
    standards(HEAD + JANUARY)
    standards(
        "kind,code,condition,filing_zh,closing_zh,limit_value,limit_unit,valid_from\n"
        "event,0406,1,占道摆摊,已清走,4,urgent_hour,2026-07-01\n"
    )
    assert on("2026-07-01")[0]["filing"]["en"] == "A stall"


def test_without_conditions_rows_are_numbered_within_their_class(standards: Importer) -> None:
    head = "kind,code,subclass_name,filing_condition,close_condition,limit_value,limit_unit\n"
    report = standards(
        head
        + "event,0406,占道,甲,清走,2,urgent_hour\n"
        + "event,0406,占道,乙,清走,2,fortnight\n"
        + "event,0406,占道,丙,清走,1,工作日\n"
    )
    assert report["written"] == 2
    assert report["ignored_columns"] == ["subclass_name"]
    rows = {row.condition: row for row in Standard.objects.all()}
    assert sorted(rows) == ["1", "3"]
    assert rows["3"].limit_unit == "work_day"


def test_a_dry_run_says_the_same_and_writes_nothing(standards: Importer) -> None:
    text = HEAD + JANUARY + JULY + "event,9999,1,a,,b,,1,minute,,\n"
    dry = standards(text, dry_run=True)
    assert not Standard.objects.exists()
    assert not Entry.objects.exists()
    wet = standards(text)

    for told in ("read", "changes", "unchanged", "errors"):
        assert dry[told] == wet[told]
    assert (dry["written"], wet["written"]) == (0, 2)


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("thing,0406,1,a,,b,,2,minute,,", "kind", "should be event or part"),
        ("event,406,1,a,,b,,2,minute,,", "code", "leading 0"),
        ("event,9999,1,a,,b,,2,minute,,", "code", "bring the class in first"),
        ("part,0401,1,a,,b,,2,minute,,", "kind", "it has event 0401"),
        ("event,0406,,a,,b,,2,minute,,", "condition", "such as 1"),
        ("event,0406,一,a,,b,,2,minute,,", "condition", "such as 1"),
        ("event,0406,1,,,b,,2,minute,,", "filing_zh", "1 to 300 characters"),
        ("event,0406,1,a,,,,2,minute,,", "closing_zh", "1 to 300 characters"),
        (f"event,0406,1,{'长' * 301},,b,,2,minute,,", "filing_zh", "at most 300"),
        ("event,0406,1,a,,b,,0,minute,,", "limit_value", "whole number from 1"),
        ("event,0406,1,a,,b,,,,,", "limit_value", "whole number from 1"),
        ("event,0406,1,a,,b,,2,fortnight,,", "limit_unit", "one of minute, urgent_hour"),
        ("event,0406,1,a,,b,,2,minute,soon,", "valid_from", "such as 2026-01-31"),
        ("event,0406,1,a,,b,,2,minute,2026-02-30,", "valid_from", "such as 2026-01-31"),
        ("event,0406,1,a,,b,,2,minute,1026-02-03,", "valid_from", "between 2000 and 2100"),
        ("event,0406,1,a,,b,,2,minute,2026-02-01,2026-01-31", "valid_until", "name a later one"),
        ("event,0406,1,a,,b,,2,minute", "", "9 cells under 11 columns"),
        ("event,0406,7,a,,b,,2,minute,2026-01-01,", "condition", "the same as row 2"),
    ],
)
def test_a_row_that_cannot_be_used_says_where_and_what_would_be_right(
    standards: Importer, row: str, field: str, reason: str
) -> None:
    CaseClass.objects.create(kind="event", code="0401", name_zh="游商")
    good = "event,0406,7,a,,b,,2,minute,2026-01-01,\n"
    report = standards(HEAD + good + row + "\n")

    assert report["written"] == 1
    (error,) = report["errors"]
    assert (error["row"], error["field"]) == (3, field)
    assert reason in error["reason"]


@pytest.mark.parametrize("written", ["2026/1/1", "2026.01.01", "2026年1月1日"])
def test_dates_are_read_as_people_write_them(standards: Importer, written: str) -> None:
    standards(HEAD + JANUARY.replace("2026-01-01", written))
    assert Standard.objects.get().valid.lower == date(2026, 1, 1)


def test_a_file_without_the_columns_is_refused(standards: Importer) -> None:
    with pytest.raises(Refusal, match="Missing columns: closing_zh, limit_value, limit_unit"):
        standards("kind,code,filing_zh\nevent,0406,a\n")


def test_reasons_are_told_in_chinese_too(
    standards: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "zh")
    CaseClass.objects.create(kind="event", code="0401", name_zh="游商")
    report = standards(HEAD + "part,0401,1,a,,b,,2,minute,,\n")
    assert report["errors"][0]["reason"] == "目录中没有 part 0401,有 event 0401,是否写错了 kind?"


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_file(
    standards: Importer,
) -> None:
    def rows(count: int) -> str:
        return HEAD + "".join(JANUARY.replace("0406,1", f"0406,{n}") for n in range(count))

    def asked(count: int) -> int:
        with CaptureQueriesContext(connection) as found:
            standards(rows(count), dry_run=True)
        return len(found)

    assert asked(3) == asked(300)


# --- the duty list -------------------------------------------------------------------------------


def test_a_line_comes_in_for_a_unit_by_code_or_by_name(duty: Importer, squad: Agency) -> None:
    report = duty(
        LINES
        + f"Q-1,event,0406,{OFFICES[0]},squad-1,云城〔2026〕1 号,Doc 1,2026-01-01,\n"
        + f"Q-2,event,0406,{CENTRES[0]},一街道中队,云城〔2026〕2 号,,2026-01-01,\n"
    )
    assert (report["written"], report["errors"]) == (2, [])
    of = CaseClass.objects.get(kind="event", code="0406")
    found = queries.units_on_duty(of.id, CENTRES[0], date(2026, 6, 30))
    assert [(line.code, line.unit) for line in found] == [("Q-2", squad), ("Q-1", squad)]
    assert Entry.objects.get().data["counts"] == {"duty_list": 2}


def test_a_line_that_goes_to_another_unit_leaves_the_old_one_its_dates(
    duty: Importer, squad: Agency
) -> None:
    other = Agency.objects.create(
        code="section-1", kind="section", name_zh="一街道科", takes_cases=True, reach=OFFICES[0]
    )
    line = f"Q-1,event,0406,{OFFICES[0]},squad-1,文件,,2026-01-01,\n"
    moved = f"Q-1,event,0406,{OFFICES[0]},section-1,新文件,,2026-07-01,\n"
    duty(LINES + line)
    old = DutyLine.objects.get()
    for _ in range(2):
        duty(LINES + moved)

    assert queries.duty_line(old.id, date(2026, 6, 30)) == old
    assert queries.duty_line(old.id, date(2026, 7, 1)) is None
    of = CaseClass.objects.get(kind="event", code="0406")
    now = queries.units_on_duty(of.id, CENTRES[0], date(2026, 7, 1))
    assert [line.unit for line in now] == [other]
    assert DutyLine.objects.count() == 2


def test_a_line_that_has_begun_may_have_been_cited_and_is_not_rewritten(
    duty: Importer, squad: Agency
) -> None:
    line = f"Q-1,event,0406,{OFFICES[0]},squad-1,文件,,2026-01-01,\n"
    duty(LINES + line)
    report = duty(LINES + line.replace("文件", "新文件"))

    assert (report["changes"], report["errors"][0]["field"]) == (0, "valid_from")


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (f",event,0406,{OFFICES[0]},squad-1,文件,,,", "line", "1 to 40 characters"),
        (f"Q,event,9999,{OFFICES[0]},squad-1,文件,,,", "code", "bring the class in first"),
        (f"Q,event,0406,{OFFICES[0]},squad-2,文件,,,", "unit", "such as squad-1"),
        (f"Q,event,0406,{OFFICES[0]},station,文件,,,", "unit", "no unit that takes cases"),
        (f"Q,event,0406,{OFFICES[0]}x,squad-1,文件,,,", "place", f"near it are {OFFICES[0]}"),
        (f"Q,event,0406,{OFFICES[1]},squad-1,文件,,,", "place", f"a place within {OFFICES[0]}"),
        ("Q,event,0406,,squad-1,文件,,,", "place", f"answers for {OFFICES[0]}"),
        (f"Q,event,0406,{OFFICES[0]},squad-1,,,,", "basis_zh", "1 to 200 characters"),
        (f"Q-1,event,0406,{OFFICES[0]},squad-1,文件,,2026-01-01,", "line", "the same as row 2"),
    ],
)
def test_a_line_that_cannot_be_used_says_where_and_what_would_be_right(
    duty: Importer, squad: Agency, row: str, field: str, reason: str
) -> None:
    Agency.objects.get_or_create(code="station", defaults={"kind": "x", "reach": DISTRICT})
    good = f"Q-1,event,0406,{OFFICES[0]},squad-1,文件,,2026-01-01,\n"
    report = duty(LINES + good + row + "\n")

    assert report["written"] == 1
    (error,) = report["errors"]
    assert (error["row"], error["field"]) == (3, field)
    assert reason in error["reason"]


def test_two_units_of_one_name_are_told_apart_by_code(duty: Importer, squad: Agency) -> None:
    Agency.objects.create(
        code="squad-9", kind="squad", name_zh="一街道中队", takes_cases=True, reach=OFFICES[0]
    )
    report = duty(LINES + f"Q-1,event,0406,{OFFICES[0]},一街道中队,文件,,,\n")
    assert "give the code: squad-1, squad-9" in report["errors"][0]["reason"]


# --- from the command line -----------------------------------------------------------------------


def run(*arguments: object) -> Result:
    # The tests' own connection is open already; the address only keeps a server from starting.
    env = {"LIANQIN_DATABASE": "postgresql:///unused"}
    return CliRunner().invoke(main, ["import", *map(str, arguments)], env=env)


@pytest.mark.parametrize(("command", "table"), [("standards", Standard), ("duty", DutyLine)])
def test_the_command_checks_writes_and_ends_with_one_when_rows_are_left_out(
    tmp_path: Path,
    squad: Agency,
    command: str,
    table: type[Standard] | type[DutyLine],
) -> None:
    file = tmp_path / "file.csv"
    good = {
        "standards": HEAD + JANUARY,
        "duty": LINES + f"Q-1,event,0406,{OFFICES[0]},squad-1,文件,,2026-01-01,\n",
    }[command]
    file.write_text(good + "x\n", encoding="utf-8")

    dry = run("catalogue", file, "--dry-run")
    assert (dry.exit_code, table.objects.count()) == (1, 0)
    assert "1 to be written (only checked)" in dry.output

    wet = run("catalogue", file, "--json")
    assert (wet.exit_code, table.objects.count()) == (1, 1)
    assert json.loads(wet.output)["errors"][0]["row"] == 3

    file.write_text(good, encoding="utf-8")
    again = run("catalogue", file)
    assert again.exit_code == 0
    assert "nothing was changed" in again.output
