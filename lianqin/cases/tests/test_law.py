"""The Law on Administrative Penalties by article: who may begin one, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lianqin.accounts.refusals import Refusal
from lianqin.cases import actions
from lianqin.cases.brief import brief
from lianqin.cases.detail import detail
from lianqin.cases.export import export
from lianqin.cases.models import Case, CasePhoto, Task
from lianqin.cases.rules import OUTCOMES, Refused, Served, article_33, article_42, qualified
from lianqin.cases.tests.world import CENTRES, DISTRICT, World, build
from lianqin.force.models import Member
from lianqin.journal.models import Entry
from lianqin.worktime import duty_date

pytestmark = pytest.mark.django_db
HERE = CENTRES[0]
CREW = f"crew@{HERE}"
DAY = date(2026, 11, 23)
ONE = timedelta(days=1)
OFFICER = Served("enforcement_officer", True)


@pytest.fixture
def world() -> World:
    return build()


def settle(world: World, outcome: str, **more: Any) -> Case:
    world.clock.advance(timedelta(seconds=1))
    settled = actions.Settlement(
        (world.photo(CREW),), () if outcome == "penalised" else (world.photo(CREW),), "", outcome
    )
    new = actions.NewReport(
        source="patrol", class_key=("event", "0406"), spot=world.spot(HERE), settled=settled, **more
    )
    done = actions.report(world.command(CREW, "settle", new), new)
    return Case.objects.get(id=done.answer["case_id"])


# Article 42: officers who are entitled to enforce, and not fewer than two.


@pytest.mark.parametrize(
    ("crew", "ok"),
    [
        ([OFFICER, OFFICER], True),
        ([OFFICER], False),
        ([OFFICER, Served("assistant", True)], False),
        ([OFFICER, Served("police_officer", True)], False),
        ([OFFICER, Served("enforcement_officer", False)], False),
        ([OFFICER, Served("enforcement_officer", True, DAY, DAY)], True),
        ([OFFICER, Served("enforcement_officer", True, DAY + ONE)], False),
        ([OFFICER, Served("enforcement_officer", True, None, DAY - ONE)], False),
    ],
)
def test_article_42_two_officers_of_the_body_with_a_certificate_in_force(
    crew: list[Served], ok: bool
) -> None:
    found = qualified(crew, DAY)
    assert found.ok is ok
    article_42("educated", found)
    article_42("corrected", found)
    if not ok:
        with pytest.raises(Refused, match="penalty_needs_two_officers"):
            article_42("penalised", found)


def test_article_42_a_crew_with_one_lapsed_certificate_begins_no_penalty(world: World) -> None:
    Member.objects.filter(user=world.people[CREW]).update(
        certificate_dates=DateRange(date(2020, 1, 1), DAY)
    )
    with pytest.raises(Refusal, match="penalty_needs_two_officers") as refused:
        settle(world, "penalised")
    assert refused.value.params == {"officers": "1"}
    assert (Case.objects.count(), CasePhoto.objects.count()) == (0, 0)
    assert settle(world, "corrected").state in ("closed", "to_check")


# Article 33: what is minor and put right at once is not punished; a first time need not be.


def test_article_33_asks_where_nothing_of_the_kind_was_found_before() -> None:
    assert article_33("penalised", known_before=False) is True
    assert article_33("penalised", known_before=True) is False
    assert article_33("educated", known_before=False) is False


def test_article_33_the_entry_says_whether_it_was_the_first_found_here(world: World) -> None:
    first = settle(world, "penalised")
    again = settle(world, "penalised")
    said = {c.id: Entry.objects.get(subject_id=c.id).data["first"] for c in (first, again)}
    assert said == {first.id: True, again.id: False}


# What becomes of it.


def test_a_penalty_that_was_begun_closes_nothing(world: World) -> None:
    case = settle(world, "penalised")
    assert (case.state, case.settled, case.outcome, case.closed_at) == (
        "reported", False, "penalised", None,
    )  # fmt: skip
    assert (case.crew_id, Task.objects.count(), case.photo_count) == (None, 0, 1)
    data = Entry.objects.get(subject_id=case.id).data
    assert (data["outcome"], data["article"], data["officers"]) == ("penalised", "42", 2)
    assert "seed" not in data
    world.walk_from(case, "closed")
    assert case.outcome == "penalised"


@pytest.mark.parametrize(("outcome", "article"), [("educated", "33"), ("corrected", "28")])
def test_education_and_an_order_settle_and_say_so(world: World, outcome: str, article: str) -> None:
    case = settle(world, outcome)
    data = Entry.objects.get(subject_id=case.id).data
    assert (data["outcome"], data["article"]) == (outcome, article)
    assert detail(world.who(CREW), case, world.clock.now())["outcome"] == outcome
    assert case.settled


def test_a_find_needs_its_picture_whatever_it_came_to(world: World) -> None:
    for settled, code in (
        (actions.Settlement((), (), "", "penalised"), "photos_before_needed"),
        (actions.Settlement((world.photo(CREW),), (), "", "educated"), "photo_needed"),
    ):
        new = actions.NewReport(source="patrol", class_key=("event", "0406"), settled=settled)
        with pytest.raises(Refusal, match=code):
            actions.report(world.command(CREW, "settle", new), new)
    assert Case.objects.count() == 0


def test_the_page_of_the_day_counts_what_was_done_on_the_spot_and_the_sheet_names_it(
    world: World,
) -> None:
    for outcome in ("educated", "corrected", "corrected", "penalised"):
        settle(world, outcome)
    scope, now = world.who(f"district_desk@{DISTRICT}").scope, world.clock.now()
    found = brief(scope, duty_date(now, ZoneInfo("Asia/Shanghai")), now)
    counts = {name: found["settled"][name] for name in ("count", *OUTCOMES)}
    assert counts == {"count": 3, "educated": 1, "corrected": 2, "penalised": 1}
    lines = list(export(scope, "all", now))
    column = lines[0].index("现场处理")
    assert [line[column] for line in lines[1:]] == ["处罚", "责令改正", "责令改正", "教育"]
