"""What a staffing would come to: the plan of a replay, counted and not posted."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from lianqin.worktime import BeyondHorizon, Calendar, Clock, Limit, Unit, due, plain

from .decisions import Judge
from .explain import Ruled, explain
from .explain_words import number, percent, why
from .hours import Hours
from .profiles import ClassKey
from .queueing import Person
from .reading import Tally
from .setting import Setting
from .staff import Staffing
from .told import Told, told
from .words import tr
from .world import District

Tables = dict[str, Any]
_EVER = date(1970, 1, 1), date(2100, 12, 31)
DAY = 86_400.0
#: A longer span of open hours is reckoned by the week.
LONG = timedelta(days=90)


def compare(setting: Setting, staffings: Sequence[Staffing], limit: int | None) -> Tables:
    """The same file under each staffing, one after the other, nothing posted."""
    return {"model": [_one(setting, staffing, limit) for staffing in staffings]}


def _one(setting: Setting, staffing: Staffing, limit: int | None) -> Tables:
    judge = Judge(setting.seed, staffing.minutes)
    district, tally = setting.district(staffing, judge, beyond=True), Tally()
    rows = [told(plan) for plan in setting.planned(district, judge, tally, limit)]
    limits = _limits(setting)
    calendar = plain(setting.zone, *_EVER)

    def rule(row: Told) -> Ruled | None:
        key = setting.plan.class_of(row.service) or setting.general
        return ruled(row, limits.get(key) if key else None, calendar)

    return {
        "rows": len(rows),
        "left_out": tally.left_out.total(),
        "median_days": median_days(rows),
        "explanation": explain([(row, rule(row)) for row in rows]),
        "staffing": staffing_of(staffing, district),
    }


def _limits(setting: Setting) -> dict[ClassKey, Limit]:
    found = {}
    for item in setting.known["classes"]["items"]:
        if item["limit"]:
            limit = Limit(item["limit"]["value"], Unit.parse(item["limit"]["unit"]))
            found[item["kind"], item["code"]] = limit
    return found


def ruled(row: Told, limit: Limit | None, calendar: Calendar) -> Ruled | None:
    """What the handling clock would say: from the first dispatch to the last report back."""
    if limit is None or row.dispatched is None or row.handled is None:
        return None
    try:
        ends = due(Clock(limit).start(row.dispatched), calendar)
    except BeyondHorizon:
        return None
    if ends is None:
        return None
    return Ruled(row.handled > ends, (ends - row.dispatched).total_seconds())


def median_days(rows: Iterable[Told]) -> float | None:
    """Median days from the report to the end."""
    days = [(r.ended - r.created).total_seconds() / DAY for r in rows if r.ended and r.created]
    return round(statistics.median(days), 2) if days else None


def staffing_of(staffing: Staffing, district: District) -> Tables:
    """Who there was and how much of their time was taken, by role; the busiest by name."""
    roles: defaultdict[str, dict[str, Person]] = defaultdict(dict)
    for role, persons in district.posts():
        roles[role] |= {person.name: person for person in persons}
    free = [p.free for p in district.persons.values() if p.free]
    end = max(free, default=None)
    return {
        "said": staffing.text,
        "posts": {role: _post(persons.values(), end) for role, persons in sorted(roles.items())},
    }


def _post(persons: Iterable[Person], end: datetime | None) -> Tables:
    everybody = list(persons)
    shares = [(_taken(person, end), person.name) for person in everybody if person.acts]
    busiest = max(shares, default=(0.0, ""))
    return {
        "people": len(everybody),
        "worked_hours": round(sum(p.worked.total_seconds() for p in everybody) / 3600, 1),
        "busiest": busiest[1],
        "busiest_share": round(busiest[0], 3),
    }


def _taken(person: Person, end: datetime | None) -> float:
    """Share of a person's open hours that was work, from their first act to the end of all."""
    if person.first is None or end is None or end <= person.first:
        return 0.0
    open_hours = _open(person.hours, person.first, end)
    return person.worked / open_hours if open_hours > timedelta() else 0.0


def _open(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """Open hours between two instants: counted over a few months, by the week over more."""
    if end - start > LONG:
        length = (hours.closes - hours.opens) % 24 or 24
        return length * len(hours.days) / (24 * 7) * (end - start)
    return hours.between(start, end)


def in_words(data: Tables) -> str:
    """The comparison for a person: a line per staffing, then why, for each."""
    lines = [tr("推演(未上报)", "Model (nothing was posted)")]
    for found in data["model"]:
        shares = found["explanation"]["yardsticks"]
        lines += [
            "",
            f"--staff {found['staffing']['said']}",
            f"  {tr('行', 'rows')} {found['rows']}, "
            f"{tr('按时(计时)', 'on time (clock)')} {percent(shares['replay_clock']['on_time'])}, "
            f"{tr('按时(文件时限)', 'by the due time')} "
            f"{percent(shares['replay_own_due']['on_time'])}, "
            f"{tr('中位天数', 'median days')} {number(found['median_days'])}",
            *posts(found["staffing"]),
            *("  " + line for line in why(found["explanation"])),
        ]
    return "\n".join(lines)


def posts(staffing: Tables) -> list[str]:
    """A line per post: people, hours worked, the busiest."""
    return [
        f"  {role:<16}{row['people']:>5} {tr('人', 'people')}{row['worked_hours']:>12.1f} h  "
        f"{tr('最忙', 'busiest')} {row['busiest'] or '–'} {percent(row['busiest_share'])}"
        for role, row in staffing["posts"].items()
    ]
