"""The file's words in the district's: stable, honest about what is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from lianqin.simulation.keys import act_key, report_key
from lianqin.simulation.mapping import allot, class_of, general_class, not_ours, report_body
from lianqin.simulation.profiles import BALTIMORE
from lianqin.simulation.request import Ids, read_row

AREAS = [
    {"code": f"32030300{n}", "kind": kind, "place": place, "name": {"zh": zh, "en": en}}
    for n, (kind, place, zh, en) in enumerate(
        [
            ("subdistrict", "320303/a", "彭城街道", "Pengcheng"),
            ("community", "320303/a/x", "户部山社区", "Hubushan"),
            ("community", "320303/a/x", "庆新社区", "Qingxin"),
            ("community", "320303/b/y", "津浦社区", "Jinpu"),
            ("community", "320303/c", "无中心社区", "Nowhere"),
        ]
    )
]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def classes(*keys):
    return [{"kind": k, "code": c, "name": {"zh": zh, "en": zh}} for k, c, zh in keys]


def row(**cells):
    base = {"ServiceRequestNum": "18-1", "SRType": "SW-Dirty Alley", "MethodReceived": "Phone"}
    base |= {"CreatedDate": "04/12/2018 11:11:26 AM", "PoliceDistrict": "Northern"}
    return read_row(1, base | cells, BALTIMORE, Ids())


def test_a_name_that_is_an_area_gets_that_area():
    found = allot(["Hubushan", "320303003", "Northern"], AREAS)
    assert (found["Hubushan"].code, found["Hubushan"].invented) == ("320303001", False)
    assert (found["320303003"].code, found["320303003"].invented) == ("320303003", False)
    assert found["Northern"].invented


def test_other_names_are_spread_over_what_a_centre_answers_for_and_always_alike():
    names = ["West", "", "East", "North"]
    found = allot(names, AREAS)
    assert found == allot(names[::-1], AREAS[::-1])
    assert {a.code for a in found.values()} == {"320303001", "320303002", "320303003"}


def test_without_areas_nothing_is_allotted():
    assert allot(["West"], []) == {}


def test_a_class_is_named_only_if_the_server_knows_it():
    assert class_of("SW-Dirty Alley Proactive", BALTIMORE, [("event", "0112")]) == ("event", "0112")
    assert class_of("SW-Dirty Alley", BALTIMORE, []) is None
    assert class_of("TRS-Parking Complaint", BALTIMORE, [("event", "0112")]) is None


def test_the_longest_beginning_counts():
    known = [("part", "0137"), ("event", "0187")]
    assert class_of("TRM-StLighting Inadequate/Too Bright", BALTIMORE, known) == ("event", "0187")
    assert class_of("TRM-StLight Pole Missing", BALTIMORE, known) == ("part", "0137")


def test_the_general_class_is_one_called_other_else_by_rule():
    assert general_class(classes(("event", "0699", "其他事件"), ("event", "0112", "道路不洁"))) == (
        "event",
        "0699",
    )
    assert general_class(
        classes(("event", "0112", "道路不洁"), ("part", "0598", "其他标识牌"))
    ) == (
        "event",
        "0112",
    )
    assert general_class(classes(("part", "0101", "上水井盖"))) == ("part", "0101")
    assert general_class([]) is None


def test_questions_and_bills_are_not_ours():
    assert not_ours("ECC-Vehicle Look Up", BALTIMORE)
    assert not_ours("FCCS-Refunds", BALTIMORE)
    assert not not_ours("SW-Dirty Alley", BALTIMORE)
    assert not not_ours("", BALTIMORE)


def test_a_report_carries_the_refused_position_and_the_area():
    request = row(Latitude="39", Longitude="-77")
    body = report_body(request, BALTIMORE, "320303001", ("event", "0112"), "hotline", NOW)
    assert (body["lon"], body["lat"], body["area_code"]) == (-77.0, 39.0, "320303001")
    assert body["occurred_at"] == "2018-04-12T15:11:26+00:00"
    assert body["external_number"] == "18-1"
    assert body["class"] == {"kind": "event", "code": "0112"}


def test_a_report_without_position_or_class_is_still_a_report():
    body = report_body(row(SRType=""), BALTIMORE, None, None, "public", NOW)
    assert body["class"] is None
    assert "lon" not in body
    assert "area_code" not in body
    assert body["description"]


def test_a_time_in_the_real_future_is_left_to_the_server():
    request = row()
    assert request.created is not None
    body = report_body(request, BALTIMORE, None, None, "public", request.created - timedelta(1))
    assert "occurred_at" not in body


def test_sources_follow_the_channel_and_unknown_ones_are_the_public():
    assert [BALTIMORE.source_of(c) for c in ("Phone", "API", "Web", "Pigeon", "")] == [
        "hotline",
        "public",
        "public",
        "public",
        "public",
    ]


def test_keys_never_change():
    """Golden: another value would make every install take its files again."""
    assert report_key("0" * 64, "18-1") == UUID("7eb9ca93-2c9c-5370-a97f-29b497038b3b")
    assert act_key("c", "file", 1) == UUID("64097c1a-8437-5d3d-b7be-cd70c8386f5b")


def test_keys_differ_by_row_repeat_act_version_and_attempt():
    keys = {
        report_key("d", "1"),
        report_key("d", "2"),
        report_key("d", "1", 1),
        report_key("e", "1"),
        act_key("c", "file", 1),
        act_key("c", "file", 2),
        act_key("c", "close", 1),
        act_key("c", "file", 1, 1),
    }
    assert len(keys) == 8
