"""Calendars from data: the public holidays that come with the project, and plain weeks."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files

from lianqin.worktime.calendar import STANDARD_HOURS, WHOLE_DAY, Calendar, Interval

CHINA_ZONE = "Asia/Shanghai"


class DayKind(StrEnum):
    """What is unusual about a day."""

    HOLIDAY = "holiday"
    EXTRA_WORKDAY = "extra_workday"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day off, or a weekend day on which work is done in exchange."""

    date: date
    kind: DayKind
    zh: str
    en: str


def read_days(rows: Iterable[Mapping[str, str]]) -> tuple[SpecialDay, ...]:
    """Read special days from rows with ``date, kind, name_zh, name_en``.

    Raises
    ------
    ValueError
        If a date or kind cannot be read, or a date comes twice.
    """
    days = tuple(
        SpecialDay(
            date.fromisoformat(row["date"]), DayKind(row["kind"]), row["name_zh"], row["name_en"]
        )
        for row in rows
    )
    if len({day.date for day in days}) != len(days):
        raise ValueError("a date comes twice in the list of special days")
    return days


def seed_days() -> tuple[SpecialDay, ...]:
    """The days that come with the project: China 2025 and 2026, as announced by the State Council.

    The year after is announced in its autumn; whoever runs the product enters it then.
    """
    source = files("lianqin.worktime") / "data" / "cn_holidays.csv"
    with source.open(encoding="utf-8") as lines:
        return read_days(csv.DictReader(lines))


def calendar_from(
    days: Iterable[SpecialDay],
    zone: str,
    valid_from: date,
    valid_until: date,
    working: tuple[Interval, ...] = STANDARD_HOURS,
    duty: tuple[Interval, ...] = WHOLE_DAY,
) -> Calendar:
    """A calendar of special days."""
    listed = tuple(days)
    return Calendar(
        zone=zone,
        valid_from=valid_from,
        valid_until=valid_until,
        holidays=frozenset(d.date for d in listed if d.kind is DayKind.HOLIDAY),
        extra_workdays=frozenset(d.date for d in listed if d.kind is DayKind.EXTRA_WORKDAY),
        working=working,
        duty=duty,
    )


def china(
    working: tuple[Interval, ...] = STANDARD_HOURS, duty: tuple[Interval, ...] = WHOLE_DAY
) -> Calendar:
    """China with the holidays that come with the project, valid to the end of their last year."""
    days = seed_days()
    years = [day.date.year for day in days]
    return calendar_from(
        days, CHINA_ZONE, date(min(years), 1, 1), date(max(years), 12, 31), working, duty
    )


def plain(zone: str, valid_from: date, valid_until: date) -> Calendar:
    """Weekends off and no holidays: for replaying data of a place whose holidays nobody entered."""
    return Calendar(zone=zone, valid_from=valid_from, valid_until=valid_until)
