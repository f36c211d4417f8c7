"""Invented reports: in their area, for an existing crew or unit, in the proportions of the day."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from shapely.geometry import Point, shape

from lianqin.console.demo_district import SCENES, demo, photo
from lianqin.files.checks import check_image
from lianqin.worktime import shift_of

DEMO = demo()
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
REPORTS = DEMO.reports(NOW)
AREAS = {area.code: area for area in DEMO.areas}
STATES = {
    "reported", "filed", "dispatched", "handling", "to_check", "to_close", "closed", "rejected",
    "joined",
}  # fmt: skip


def test_there_are_about_sixty_in_every_state_and_from_every_source() -> None:
    assert 55 <= len(REPORTS) <= 70
    assert {report.state for report in REPORTS} == STATES
    assert len({report.source for report in REPORTS}) >= 7
    assert {report.kind for report in REPORTS} == {"event", "part"}


def test_they_keep_the_proportions_of_the_day() -> None:
    mine = [report for report in REPORTS if report.joins is None]
    classes = Counter(report.code for report in mine if report.kind == "event")
    assert classes["0405"] >= classes["0201"] >= classes["0107"]
    sources = Counter(report.source for report in mine)
    assert sources["patrol"] == max(sources.values())
    centres = Counter(report.place.rsplit("/", 1)[-1] for report in mine)
    assert centres["pengcheng"] > centres["tianqiao"] > 0


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.key)
def test_a_report_lies_in_its_area(report) -> None:
    assert shape(AREAS[report.area].geometry).covers(Point(report.lon, report.lat))
    assert AREAS[report.area].place == report.place
    assert report.demo


def test_references_exist() -> None:
    crews = {crew.key: crew for crew in DEMO.crews}
    units = {agency.key: agency for agency in DEMO.agencies if agency.takes_cases}
    keys = {(one.kind, one.code) for one in DEMO.case_classes}
    by_key = {report.key: report for report in REPORTS}
    assert len(by_key) == len(REPORTS)
    for report in REPORTS:
        assert (report.kind, report.code) in keys
        assert report.photo in SCENES
        worked = report.state in ("dispatched", "handling", "to_check", "to_close", "closed")
        assert (report.assignee is not None) == worked
        assert (report.reason is not None) == (report.state == "rejected")
        if report.assignee is None:
            continue
        kind, key = report.assignee
        if kind == "crew":
            assert crews[key].place == report.place
        else:
            assert report.place.startswith(units[key].reach or "nowhere")


def test_a_crew_is_the_one_on_duty_at_that_time() -> None:
    crews = {crew.key: crew for crew in DEMO.crews}
    for report in REPORTS:
        if report.assignee and report.assignee[0] == "crew":
            on = shift_of(report.occurred_at, ZoneInfo("Asia/Shanghai")).shift.key
            assert crews[report.assignee[1]].shift == on


def test_twins_join_an_open_one_of_the_same_class_nearby_and_later() -> None:
    by_key = {report.key: report for report in REPORTS}
    twins = [report for report in REPORTS if report.state == "joined"]
    assert len(twins) == 5
    for twin in twins:
        first = by_key[twin.joins or ""]
        assert (twin.kind, twin.code) == (first.kind, first.code)
        assert first.occurred_at < twin.occurred_at < NOW
        assert abs(twin.lon - first.lon) + abs(twin.lat - first.lat) < 0.001


def test_they_come_in_the_order_of_time_within_a_day() -> None:
    times = [report.occurred_at for report in REPORTS]
    assert times == sorted(times)
    assert NOW - timedelta(hours=24) < times[0] < times[-1] < NOW


def test_the_same_moment_gives_the_same_reports_and_another_the_same_places() -> None:
    assert DEMO.reports(NOW) == REPORTS
    later = DEMO.reports(NOW + timedelta(hours=5))
    assert [report.address for report in later] == [report.address for report in REPORTS]


def test_two_are_overdue() -> None:
    old = [
        report
        for report in REPORTS
        if report.state == "handling" and NOW - report.occurred_at > timedelta(hours=4)
    ]
    assert len(old) == 2


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_photo_can_be_uploaded(scene: str, after: bool) -> None:
    found = check_image(photo(scene, after))
    assert (found.width, found.height) == (960, 720)
    assert (found.taken_at, found.position) == (None, None)


def test_a_photo_is_the_same_every_time_and_others_differ() -> None:
    assert photo("stall") == photo("stall")
    assert len({photo("stall", after, number) for after in (False, True) for number in (0, 1)}) == 4


def test_a_photo_carries_its_mark() -> None:
    with Image.open(io.BytesIO(photo("road"))) as image:
        band = image.crop((16, 682, 80, 712)).convert("L")
    low, high = band.getextrema()
    assert low < 70
    assert high > 220
