"""Request files of any source that districts bring, and the people of a rehearsal district."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db.models import F
from django.test import Client
from django.utils import timezone

from lianqin.accounts.models import ApiToken, Posting, User
from lianqin.cases.models import Case, Report
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.console.cli import main
from lianqin.console.demo import seed
from lianqin.console.demo_staff import write_staff
from lianqin.console.imports.requests import ACCOUNT, Asked, import_requests_file
from lianqin.console.words import Refusal
from lianqin.journal.models import Entry
from lianqin.territory.models import Area, District
from lianqin.territory.queries import forget_zone

pytestmark = pytest.mark.django_db
HEAD = "id,service,description,area,address,lon,lat,created,due\n"
Take = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")


@pytest.fixture(autouse=True)
def world() -> World:
    return build()


@pytest.fixture
def take(tmp_path: Path) -> Take:
    def _take(text: str, source: str = "public", **more: Any) -> dict[str, Any]:
        path = tmp_path / "requests.csv"
        path.write_text(text, encoding="utf-8")
        return import_requests_file(path, Asked(source, **more))

    return _take


def an_area(world: World) -> Area:
    return world.areas[CENTRES[0]]


def test_each_good_row_opens_a_case_marked_as_imported(take: Take, world: World) -> None:
    area = an_area(world)
    told = take(HEAD + f"R-1,Stalls,Blocks the way,{area.code},Main St 1,,,,\n")
    assert (told["opened"], told["known"], told["errors"]) == (1, 0, [])
    case = Case.objects.get()
    assert (case.source, case.origin, case.area, case.place) == (
        "public", "import", area, CENTRES[0],
    )  # fmt: skip
    assert (case.case_class.code, case.service_name) == ("0406", "Stalls")
    acts = Entry.objects.order_by("position").values_list("act", "actor_role")
    assert list(acts) == [("report", "district_desk"), ("import_tickets", "district_desk")]
    assert not User.objects.get(username=ACCOUNT).has_usable_password()


def test_the_same_file_again_opens_nothing_and_leaves_no_entry(take: Take) -> None:
    text = HEAD + "R-1,Noise,,,,,,,\nR-2,Noise,,,,,,,\n"
    assert take(text)["opened"] == 2
    before = Entry.objects.count()
    again = take(text + "R-3,Noise,,,,,,,\n")
    assert (again["opened"], again["known"]) == (1, 2)
    assert Entry.objects.count() == before + 2
    assert take(text)["known"] == 2
    assert Entry.objects.count() == before + 2


def test_an_area_without_a_shape_is_found_by_its_code_or_its_name(take: Take, world: World) -> None:
    Area.objects.create(
        code="99X", kind="community", name_zh="东岸", name_en="East Bank", place=CENTRES[1]
    )
    told = take(HEAD + "1,a,,99x,,,,,\n2,a,,east bank,,,,,\n3,a,,东岸,,,,,\n4,a,,East Bnk,,,,,\n")
    assert set(Case.objects.values_list("area__code", "place")) == {("99X", CENTRES[1])}
    (error,) = told["errors"]
    assert (error["row"], error["field"]) == (5, "area")
    assert "near it are east bank" in error["reason"]


def test_a_position_that_cannot_be_used_stays_with_the_report(take: Take) -> None:
    assert take(HEAD + "1,a,,,,-77,39,,\n")["opened"] == 1
    assert Report.objects.get().position_refused == "rounded"
    assert not Case.objects.get().place_known


def test_where_no_area_is_drawn_a_good_position_counts_and_the_area_goes_by_its_name(
    take: Take, world: World
) -> None:
    Area.objects.update(geometry=None)
    District.objects.update(outline=None, version=F("version") + 1)
    area = an_area(world)
    assert take(HEAD + f"1,a,,{area.name_zh},,-76.61,39.29,,\n")["opened"] == 1
    case = Case.objects.get()
    assert (case.lon, case.lat, case.place_known) == (-76.61, 39.29, True)
    assert (case.area, case.place) == (area, area.place)


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (",a,,,,,,,", "id", "is empty"),
        ("1,,,,,,,,", "description", "enter one at least"),
        ("1,a,,,,117.2,,,", "lat", "come together"),
        ("1,a,,,,east,34.2,,", "lon", "degrees"),
        ("1,a,,,,,,soon,", "created", "--date-format"),
        ("1,a,,,,,,2099-01-01 08:00,", "created", "later than now"),
        ("1,a,,,,,,2026-01-02 08:00,2026-01-01 08:00", "due", "should be after"),
    ],
)
def test_a_row_that_cannot_be_taken_says_what_would_be_right(
    take: Take, row: str, field: str, said: str
) -> None:
    (error,) = take(HEAD + row + "\n")["errors"]
    assert error["field"] == field
    assert said in error["reason"]
    assert not Case.objects.exists()


def test_an_id_that_comes_twice_is_taken_once(take: Take) -> None:
    told = take(HEAD + "1,a,,,,,,,\n1,b,,,,,,,\n")
    assert told["opened"] == 1
    assert told["errors"][0]["reason"].startswith("the same id as row 2")


def test_a_dry_run_of_requests_leaves_no_trace(take: Take) -> None:
    told = take(HEAD + "1,a,,,,,,,\n", dry_run=True)
    assert (told["opened"], told["written"]) == (1, 0)
    assert not Case.objects.exists()
    assert not User.objects.filter(username=ACCOUNT).exists()


def test_columns_of_any_file_are_named_and_its_times_read_in_their_zone(take: Take) -> None:
    text = "Ticket,Type,Opened,Number\nT-9,Noise,11/20/2026 07:30 PM,17\n"
    named = {"id": "Ticket", "service": "Type", "created": "Opened"}
    told = take(text, columns=named, zone="America/New_York", formats=("%m/%d/%Y %I:%M %p",))
    assert told["ignored_columns"] == ["number"]
    report = Report.objects.get()
    assert report.external_number == "T-9"
    # Older than a day when it came in: what was claimed stands in the entry, the arrival counts.
    assert report.marked or report.occurred_at == datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"colour": "Type"}, "no such field"), ({"id": "Nummer"}, "no such column")],
)
def test_a_column_that_is_not_there_is_told(take: Take, columns: dict[str, str], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        take("Ticket,Type\n1,a\n", columns=columns)


# --- the command ---------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    env = {"LIANQIN_DATABASE": "postgresql:///unused"}
    return CliRunner().invoke(main, ["import", "requests", *map(str, arguments)], env=env)


def test_tickets_of_the_hotline_are_read_as_before_and_others_as_requests(
    tmp_path: Path,
) -> None:
    file = tmp_path / "t.csv"
    file.write_text("任务号,问题描述\nT-1,占道\n", encoding="utf-8")
    assert "1 rows read, 1 taken in" in run(file, "--source", "hotline").output
    assert "1 rows read, 1 taken in" in run(file, "--source", "public").output
    named = run(file, "--source", "hotline", "--column", "id=任务号", "--json")
    assert json.loads(named.output)["known"] == 1
    assert run(file).exit_code == 2
    assert run(file, "--source", "public", "--column", "id").exit_code == 2
    assert run().exit_code == 2
    assert run("--template", tmp_path / "r.xlsx").exit_code == 0


# --- a rehearsal district ------------------------------------------------------------------------


def test_the_staff_of_a_rehearsal_district_get_tokens_and_the_replay_its_own(
    settings: Any,
) -> None:
    User.objects.update(origin="demo")
    told = list(write_staff())
    written = json.loads((settings.LIANQIN_HOME / "demo-accounts.json").read_text())
    assert written["district"]["code"] == DISTRICT
    assert written["replayer"]["token"]
    assert {a["username"] for a in written["accounts"]} >= {f"operator@{CENTRES[0]}"}
    assert Posting.objects.get(user__username="replayer").role == "replayer"
    assert len(told) == 1

    list(write_staff())
    live = ApiToken.objects.filter(name="demo", revoked_at=None)
    assert live.count() == live.values("user").distinct().count()


def test_where_a_post_is_not_filled_the_staff_command_says_so() -> None:
    User.objects.update(origin="live")
    told = list(write_staff())
    assert "Nobody is operator, shift_leader, collector" in told[1]


def test_a_real_district_has_no_demo_staff() -> None:
    District.objects.update(demo=False)
    with pytest.raises(Refusal, match="a real district"):
        list(write_staff())


def test_the_demo_is_not_put_into_somebody_elses_rehearsal_district() -> None:
    assert "rehearsal district" in "".join(seed())
    assert not User.objects.filter(username="demo-setup").exists()


def test_who_is_posted_today_is_asked_by_the_districts_own_date(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 02:00 in Greenwich it is the 24th in China and still the 23rd in New York."""
    from lianqin.worktime import FrozenNow

    at = FrozenNow(datetime(2026, 11, 24, 2, tzinfo=UTC))
    monkeypatch.setattr("lianqin.accounts.http.clock", at)
    name = f"operator@{CENTRES[0]}"
    day = timezone.localdate(at.now(), timezone=UTC).replace(day=23)
    posting = Posting.objects.get(user__username=name)
    posting.dates = type(posting.dates)(day, day.replace(day=24))
    posting.save()
    client = Client()
    client.force_login(world.people[name])
    assert client.get("/api/v1/me").json()["roles"] == []

    District.objects.update(timezone="America/New_York")
    forget_zone()
    assert [role["role"] for role in client.get("/api/v1/me").json()["roles"]] == ["operator"]
