"""Agencies, centres, crews, members and accounts that districts bring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from lianqin.accounts.access import ACCESS
from lianqin.accounts.models import AccessEntry, Posting, User
from lianqin.cases.tests.world import CENTRES, DISTRICT, OFFICES, World, build
from lianqin.console.imports.force import import_force_file
from lianqin.console.imports.kinds import ROOMS
from lianqin.console.imports.templates import write_template
from lianqin.console.words import Refusal
from lianqin.force.models import Agency, Centre, Crew, Member
from lianqin.journal.models import Entry
from lianqin.territory.models import District

pytestmark = pytest.mark.django_db

Bring = Callable[..., dict[str, Any]]
AGENCIES = "code,kind,name_zh,name_en,parent,takes_cases,reach\n"
ACCOUNTS = "username,name,role,place,unit,crew,from,until\n"
NEW_CENTRE = f"{OFFICES[0]}/south"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")


@pytest.fixture(autouse=True)
def world() -> World:
    return build()


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    def _bring(text: str, **more: Any) -> dict[str, Any]:
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return import_force_file(path, **more)

    return _bring


def only_fault(report: dict[str, Any]) -> tuple[int, str, str]:
    (error,) = report["errors"]
    return error["row"], error["field"], error["reason"]


def test_agencies_come_in_any_order_and_keep_what_a_later_file_does_not_say(bring: Bring) -> None:
    report = bring(
        AGENCIES
        + f"squad-s,squad,南中队,South squad,brigade,是,{OFFICES[0]}\n"
        + "brigade,brigade,,Enforcement brigade,,no,\n"
    )
    assert (report["written"], report["errors"]) == (2, [])
    squad = Agency.objects.get(code="squad-s")
    assert (squad.parent.code, squad.takes_cases, squad.reach) == ("brigade", True, OFFICES[0])
    brigade = Agency.objects.get(code="brigade")
    assert (brigade.name_zh, brigade.reach) == ("Enforcement brigade", DISTRICT)

    bring("code,kind,name_zh\nsquad-s,squad,南关中队\n")
    squad.refresh_from_db()
    assert (squad.name_zh, squad.name_en, squad.takes_cases) == ("南关中队", "South squad", True)


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("a b,squad,x,,,,", "code", "should not have a blank"),
        (",squad,x,,,,", "code", "is empty"),
        ("a,squad,,,,,", "name_zh", "is empty"),
        ("a,squad,x,,nobody,,", "parent", "there is no agency 'nobody'"),
        ("a,squad,x,,a,,", "parent", "above itself"),
        ("a,squad,x,,,maybe,", "takes_cases", "yes or no"),
        ("a,squad,x,,,,320303", "reach", "should begin with 990101"),
        ("a,squad,x,,,,990101/none/deep", "reach", "there is no '990101/none'"),
    ],
)
def test_an_agency_that_cannot_be_says_what_would_be_right(
    bring: Bring, row: str, field: str, said: str
) -> None:
    number, column, reason = only_fault(bring(AGENCIES + row + "\n"))
    assert (number, column) == (2, field)
    assert said in reason
    assert not Entry.objects.exists()


def test_agencies_above_one_another_in_a_circle_are_left_out(bring: Bring) -> None:
    report = bring(AGENCIES + "a,x,A,,b,,\nb,x,B,,a,,\n")
    assert [error["row"] for error in report["errors"]] == [2, 3]
    assert "circle" in report["errors"][0]["reason"]


def found_a_team(bring: Bring) -> None:
    bring(AGENCIES + "station-s,police_station,南派出所,,,no,\n")
    bring(f"place,name_zh,name_en,station\n{NEW_CENTRE},南中心,South centre,station-s\n")
    bring(f"code,place,shift,name_zh\ns-early,{NEW_CENTRE},早班,南早班组\n")


def test_a_centre_has_its_team_its_crews_and_their_members(bring: Bring) -> None:
    found_a_team(bring)
    report = bring(
        "place,crew,name,kind,certificate,certificate_from,certificate_until\n"
        f"{NEW_CENTRE},南早班组,王某,执法队员,苏-1,2024-01-01,2028-12-31\n"
        f"{NEW_CENTRE},,李某,auxiliary,,,\n"
    )
    assert report["written"] == 2
    assert Centre.objects.get(place=NEW_CENTRE).team.name_en == "South centre"
    member = Member.objects.get(name="王某")
    assert (member.crew.code, member.kind) == ("s-early", "enforcement_officer")
    assert member.certificate_dates.upper == date(2029, 1, 1)
    assert Member.objects.get(name="李某").crew is None


def test_the_same_tables_again_change_nothing(bring: Bring) -> None:
    found_a_team(bring)
    before = Entry.objects.count()
    found_a_team(bring)
    members = f"place,crew,name,kind,certificate_until\n{NEW_CENTRE},s-early,王某,辅警,2028-12-31\n"
    assert bring(members)["written"] == 1
    assert bring(members)["changes"] == 0
    assert Entry.objects.count() == before + 1


def test_a_crew_made_before_crews_had_codes_gets_its_code_and_stays_one(
    bring: Bring, world: World
) -> None:
    crew = world.crews[CENTRES[0]]
    row = f"code,place,shift,name_zh\nc-1,{CENTRES[0]},{crew.shift},{crew.name_zh}\n"
    assert bring(row)["written"] == 1
    assert Crew.objects.get(code="c-1").id == crew.id


def test_a_crew_needs_a_centre_and_a_member_a_crew_that_stands(bring: Bring) -> None:
    row, field, reason = only_fault(bring(f"code,place,shift,name_zh\nx,{OFFICES[0]},early,组\n"))
    assert (row, field) == (2, "place")
    assert "is no centre" in reason
    _, field, reason = only_fault(
        bring(f"place,crew,name,kind\n{CENTRES[0]},nobody,王某,assistant\n")
    )
    assert field == "crew"
    assert "there is no crew 'nobody'" in reason


def test_accounts_get_posts_with_dates_and_cannot_sign_in_without_a_password(
    bring: Bring,
) -> None:
    found_a_team(bring)
    report = bring(
        ACCOUNTS
        + f"li,李某,坐席员,{NEW_CENTRE},,,,\n"
        + f"li,李某,shift_leader,{NEW_CENTRE},,,2026-01-01,2026-12-31\n"
        + "wang,王某,crew_member,,,s-early,,\n"
    )
    assert (report["written"], report["errors"]) == (3, [])
    li = User.objects.get(username="li")
    assert (li.display_name, li.origin, li.has_usable_password()) == ("李某", "demo", False)
    lead = Posting.objects.get(user=li, role="shift_leader")
    assert (lead.dates.lower, lead.dates.upper) == (date(2026, 1, 1), date(2027, 1, 1))
    crew = Posting.objects.get(user__username="wang")
    assert (crew.place, crew.crew_id) == (NEW_CENTRE, Crew.objects.get(code="s-early").id)
    assert Entry.objects.get(subject_kind="accounts").data["counts"]["made"] == 2
    assert AccessEntry.objects.filter(act="make_account", subject="wang").exists()
    assert ACCESS.name == "access"


def test_accounts_of_a_real_district_are_no_demo(bring: Bring) -> None:
    District.objects.update(demo=False)
    bring(ACCOUNTS + f"li,李某,operator,{CENTRES[0]},,,,\n")
    assert User.objects.get(username="li").origin == "live"


def test_a_post_ends_when_a_later_file_says_so_and_others_stay(bring: Bring) -> None:
    row = f"li,李某,operator,{CENTRES[0]},,,2026-01-01,"
    other = f"li,李某,collector,{CENTRES[0]},,,,"
    bring(ACCOUNTS + row + "\n" + other + "\n")
    assert bring(ACCOUNTS + row + "\n")["changes"] == 0

    assert bring(ACCOUNTS + row + "2026-06-30\n")["written"] == 1
    assert Posting.objects.get(user__username="li", role="operator").dates.upper == date(2026, 7, 1)
    again = f"li,李某,operator,{CENTRES[0]},,,2026-09-01,\n"
    assert bring(ACCOUNTS + again)["written"] == 1
    assert Posting.objects.filter(user__username="li", role="operator").count() == 2
    assert Posting.objects.get(user__username="li", role="collector").dates.upper is None


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("li,李某,boss,,,,,", "role", "one of operator"),
        ("li,李某,clock,,,,,", "role", "one of operator"),
        ("clock,钟,operator,,,,,", "username", "the install's own"),
        ("l i,李某,operator,,,,,", "username", "letters, digits"),
        ("li,李某,crew_member,,,,,", "crew", "a crew_member needs a crew"),
        ("li,李某,operator,,some,,,", "unit", "has no unit"),
        ("li,李某,unit_liaison,,nobody,,,", "unit", "there is no agency 'nobody'"),
        ("li,李某,operator,990101/none,,,,", "place", "there is no '990101/none' here"),
        ("li,李某,operator,,,,2026-05-01,2026-04-01", "until", "before 2026-05-01"),
    ],
)
def test_an_account_that_cannot_be_says_what_would_be_right(
    bring: Bring, row: str, field: str, said: str
) -> None:
    _, column, reason = only_fault(bring(ACCOUNTS + row + "\n"))
    assert column == field
    assert said in reason
    assert not User.objects.filter(username="li").exists()


def test_a_replayer_exists_in_rehearsal_districts_alone(bring: Bring) -> None:
    row = ACCOUNTS + "r,回放,replayer,,,,,\n"
    assert bring(row, dry_run=True)["changes"] == 1
    District.objects.update(demo=False)
    assert only_fault(bring(row))[1] == "role"


def test_two_names_or_two_posts_at_once_for_one_account_are_told(bring: Bring) -> None:
    row = f"li,李某,operator,{CENTRES[0]},,,,\n"
    report = bring(ACCOUNTS + row + "li,王某,collector,,,,,\n" + row)
    assert [(e["row"], e["field"]) for e in report["errors"]] == [(3, "name"), (4, "from")]
    assert report["written"] == 1


def test_no_table_makes_two_administrators_of_one_person(bring: Bring) -> None:
    bring(ACCOUNTS + "an,安,security_admin,,,,2026-01-01,2026-06-30\n")
    twice = "shen,审,audit_admin,,,,,\nshen,审,system_admin,,,,,\n"
    report = bring(ACCOUNTS + twice + "an,安,audit_admin,,,,2026-06-01,\n")
    assert [(e["row"], e["field"]) for e in report["errors"]] == [(3, "role"), (4, "role")]
    assert "three people" in report["errors"][0]["reason"]
    assert bring(ACCOUNTS + "an,安,audit_admin,,,,2026-07-01,\n")["written"] == 1


def test_a_workbook_brings_the_whole_force_and_a_dry_run_of_it_sees_what_it_would_bring(
    tmp_path: Path,
) -> None:
    file = tmp_path / "force.xlsx"
    book = Workbook()
    sheets = {
        "账号": [["账号", "姓名", "岗位", "联勤组", "单位"],
               ["li", "李某", "crew_member", "s-early", None],
               ["wu", "吴某", "unit_liaison", None, "squad-s"]],
        "agencies": [["code", "kind", "name_zh", "takes_cases"],
                     ["station-s", "police_station", "南派出所", False],
                     ["squad-s", "squad", "南中队", True]],
        "指挥中心": [["范围", "名称", "派出所"], [NEW_CENTRE, "南中心", "station-s"]],
        "Crews": [["code", "place", "shift", "name_zh"], ["s-early", NEW_CENTRE, "early", "组"]],
        "Notes": [["anything"], ["at all"]],
    }  # fmt: skip
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)

    tried = import_force_file(file, dry_run=True)
    assert (tried["changes"], tried["written"], tried["errors"]) == (6, 0, [])
    assert tried["ignored_sheets"] == ["Notes"]
    assert not Entry.objects.exists()

    done = import_force_file(file)
    assert (done["written"], done["errors"]) == (6, [])
    assert [table["what"] for table in done["tables"]] == [
        "agencies", "centres", "crews", "accounts",
    ]  # fmt: skip
    assert Entry.objects.filter(act="import").count() == 2
    assert import_force_file(file)["changes"] == 0


def test_a_table_that_cannot_be_told_is_refused_with_the_nearest(bring: Bring) -> None:
    with pytest.raises(Refusal, match="Missing columns: station, if it is centres"):
        bring("place,name_zh,phone\nx,y,z\n")
    with pytest.raises(Refusal, match="Missing columns: crew|Missing columns: code"):
        bring("place,name_zh,phone\nx,y,z\n", what="crews")


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ["territory", "force", "catalogue", "requests"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_holds_every_table_of_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: str, language: str
) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", language)
    file = tmp_path / "template.xlsx"
    write_template(room, file, None)
    book = load_workbook(file)
    kinds = list(ROOMS[room].values())
    assert book.sheetnames[:-1] == [k.zh if language == "zh" else k.name for k in kinds]
    for kind, name in zip(kinds, book.sheetnames, strict=False):
        head = [cell.value for cell in book[name][1]]
        assert len(head) == len(kind.columns)


def test_a_csv_template_is_one_table_and_can_be_brought_in_as_it_is(
    tmp_path: Path, bring: Bring
) -> None:
    file = tmp_path / "t.csv"
    with pytest.raises(Refusal, match="say which with --what"):
        write_template("force", file, None)
    with pytest.raises(Refusal, match="ends in .xlsx or .csv"):
        write_template("force", tmp_path / "t.pdf", None)
    write_template("force", file, "crews")
    text = file.read_text(encoding="utf-8-sig")
    assert text == "code,place,shift,name_zh,name_en\n"
    assert import_force_file(file)["read"] == 0
