"""Fills a running demo district with open cases, to see what weighs when there are many.

The rows go in by COPY through the app's own database role, without a journal entry each: they
are made for measuring, in a demo district only, and say so. Their numbers begin with BENCH, their
addresses with 测速, their origin is `demo`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import shapely

PREFIX = "BENCH"
#: A duty date on which nobody worked: these serials are nobody else's.
FIRST_DAY = date(2000, 1, 1)
PER_DAY = 9_999
BATCH = 2_000
#: How many in a hundred stand in each stage: a district that is far behind.
STAGES = (
    ("reported", 12), ("verifying", 6), ("filed", 10), ("dispatched", 22), ("handling", 28),
    ("to_check", 12), ("to_close", 6), ("suspended", 4),
)  # fmt: skip
STREETS = ("解放路", "建国路", "彭城路", "民主路", "淮海路", "和平路", "复兴路", "青年路")
SOURCES = ("patrol", "collector", "city_platform", "hotline", "video", "public")
LIMITS_H = (2, 4, 12, 24, 72, 120)
CLOCK_OF = {"reported": "intake", "verifying": "verify", "filed": "dispatch"}


@dataclass(frozen=True)
class District:
    """What the cases are spread over: classes, hands, areas with their shapes, a sender."""

    classes: list[Any]
    crews: list[Any]
    sender: Any
    areas: list[Any]
    shapes: list[Any]


def connect(database: str) -> None:
    """Open Django on a running install's database."""
    os.environ["LIANQIN_DATABASE"] = database
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqin.settings")
    # The browser's driver runs an event loop in this thread; nothing else uses this connection.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django

    django.setup()


def bench_cases() -> int:
    """How many cases for measuring are there."""
    from lianqin.cases.models import Case

    return Case.objects.filter(number_prefix=PREFIX).count()


def fill(count: int, *, seed: int = 1, now: datetime | None = None) -> int:
    """Make cases until there are `count` for measuring; returns how many were made.

    Raises RuntimeError in a district that is not flagged demo.
    """
    from lianqin.territory.queries import replays_allowed

    if not replays_allowed():
        raise RuntimeError("this district is real: cases for measuring go into a demo only")
    already = bench_cases()
    made = _cases(count, already, random.Random(seed), now or datetime.now(UTC))  # noqa: S311
    while batch := list(islice(made, BATCH)):
        _store(batch)
    _analyze()
    return max(0, count - already)


def empty() -> None:
    """Take the cases for measuring away again: all that were not acted on."""
    from django.db import connection

    of_bench = "IN (SELECT id FROM cases_case WHERE number_prefix = %s)"
    with connection.cursor() as cursor:
        for table in ("cases_stageclock", "cases_task", "cases_report"):
            cursor.execute(f"DELETE FROM {table} WHERE case_id {of_bench}", [PREFIX])  # noqa: S608
        cursor.execute("DELETE FROM cases_case WHERE number_prefix = %s", [PREFIX])
    _analyze()


def _analyze() -> None:
    """The planner knows at once what autovacuum would tell it within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _district() -> District:
    from lianqin.accounts.models import User
    from lianqin.catalogue.models import CaseClass
    from lianqin.force.models import Crew
    from lianqin.territory.models import Area

    areas = [a for a in Area.objects.filter(kind="community").order_by("code") if a.geometry]
    return District(
        classes=list(CaseClass.objects.order_by("kind", "code")),
        crews=list(Crew.objects.order_by("id")),
        sender=User.objects.order_by("date_joined").first(),
        areas=areas,
        shapes=[shapely.geometry.shape(area.geometry) for area in areas],
    )


def _cases(
    count: int, first: int, dice: random.Random, now: datetime
) -> Iterator[tuple[Any, list[Any]]]:
    """Cases, oldest first, each with the rows that hang on it."""
    here = _district()
    stages = [stage for stage, share in STAGES for _ in range(share)]
    for number in range(first, count):
        # The last two days, evenly: some limits are over, most are not.
        at = now - timedelta(days=2) * (1 - number / max(count, 1)) - timedelta(minutes=5)
        yield _case(here, dice, number, dice.choice(stages), at, now)


def _case(
    here: District, dice: random.Random, number: int, state: str, at: datetime, now: datetime
) -> tuple[Any, list[Any]]:
    from lianqin.cases.models import Case, Report

    which = dice.randrange(len(here.areas))
    lon, lat = _inside(here.shapes[which], dice)
    found = dice.choice(here.classes)
    address = f"测速 {dice.choice(STREETS)} {number + 1} 号"
    in_hand = state in ("dispatched", "handling", "to_check", "suspended")
    crew = _crew_of(here, here.areas[which].place, dice) if in_hand else None
    case = Case(
        id=_uuid7(at, dice),
        duty_date=FIRST_DAY + timedelta(days=number // PER_DAY),
        serial=number % PER_DAY + 1,
        number_prefix=PREFIX,
        position=0,
        state=state,
        case_class=found,
        source=dice.choice(SOURCES),
        origin="demo",
        place=here.areas[which].place,
        place_known=True,
        area=here.areas[which],
        address=address,
        lon=lon,
        lat=lat,
        reported_at=at,
        changed_at=at,
        crew=crew,
        search_text=f"{found.name_zh} {found.name_en} {address}".lower(),
        urged_count=1 if dice.random() < 0.02 else 0,
        supervised_at=at if dice.random() < 0.01 else None,
    )
    clock = _clock(case, dice, at, now)
    said = Report(
        case=case, source=case.source, description="测速用的案件", address=address,
        given_lon=lon, given_lat=lat, given_datum="wgs84", sender=here.sender,
        occurred_at=at, recorded_at=at, origin="demo",
    )  # fmt: skip
    return case, [said, *([_task(case, crew, at, clock)] if crew else []), clock]


def _crew_of(here: District, place: str, dice: random.Random) -> Any:
    near = [crew for crew in here.crews if crew.place == place]
    return dice.choice(near or here.crews)


def _task(case: Any, crew: Any, at: datetime, clock: Any) -> Any:
    from lianqin.cases.models import Task

    stands = {"dispatched": "dispatched", "to_check": "reported_back"}
    clock.task = Task(
        case=case, crew=crew, dispatched_at=at, state=stands.get(case.state, "accepted"),
        accepted_at=None if case.state == "dispatched" else at,
        reported_back_at=at if case.state == "to_check" else None,
    )  # fmt: skip
    return clock.task


def _clock(case: Any, dice: random.Random, at: datetime, now: datetime) -> Any:
    """The clock that counts now, on the case and as its own row; alerts of it are silent."""
    from lianqin.cases.models import StageClock

    hours = dice.choice(LIMITS_H)
    stage = CLOCK_OF.get(case.state, "handle" if case.crew_id else "check")
    paused = at if case.state in ("to_check", "suspended") else None
    due = None if paused else at + timedelta(hours=hours)
    used = int(((paused or now) - at).total_seconds())
    case.clock_stage, case.clock_started_at, case.clock_paused_at = stage, at, paused
    case.clock_due_at, case.clock_used_s, case.clock_allowed_s = due, used, hours * 3600
    case.clock_limit_value, case.clock_limit_unit = hours, "urgent_hour"
    case.clock_late = used > hours * 3600
    return StageClock(
        case=case, stage=stage, limit_value=hours, limit_unit="urgent_hour",
        spans=[[at.isoformat(), paused.isoformat() if paused else None]], started_at=at,
        paused_at=paused, due_at=due, used_s=used, allowed_s=hours * 3600, alerted=100,
        late=case.clock_late,
    )  # fmt: skip


def _store(batch: list[tuple[Any, list[Any]]]) -> None:
    from django.db import connection, transaction

    from lianqin.cases.models import Report, StageClock, Task

    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor, [case for case, _ in batch])
        for model in (Report, Task, StageClock):
            _copy(cursor, [r for _, rows in batch for r in rows if type(r) is model])


def _copy(cursor: Any, rows: list[Any]) -> None:
    """Rows of one model, by COPY."""
    from django.db import connection

    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with cursor.copy(f'COPY "{meta.db_table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(
                [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
            )


def _inside(ground: Any, dice: random.Random) -> tuple[float, float]:
    west, south, east, north = ground.bounds
    while True:
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
        if shapely.contains_xy(ground, lon, lat):
            return round(lon, 6), round(lat, 6)


def _uuid7(at: datetime, dice: random.Random) -> UUID:
    """An id of that instant, so that the queue has the case where it would be."""
    value = int(at.timestamp() * 1000) << 80 | 7 << 76 | dice.getrandbits(12) << 64
    return UUID(int=value | 2 << 62 | dice.getrandbits(62))
