"""The demo's standards and duty list: every class has both, everywhere, in both languages."""

from __future__ import annotations

from collections import Counter

from lianqin.accounts.principal import within
from lianqin.console.demo_district import demo, reports
from lianqin.worktime import Limit, Unit

DEMO = demo()
CLASSES = {(one.kind, one.code) for one in DEMO.case_classes}
REACH = {agency.key: agency.reach for agency in DEMO.agencies if agency.takes_cases}


def test_every_class_has_a_standard_and_every_standard_a_class() -> None:
    assert {(one.kind, one.code) for one in DEMO.standards} == CLASSES
    assert len(DEMO.standards) == 507


def test_conditions_are_numbered_from_one_within_their_class() -> None:
    for key, count in Counter((one.kind, one.code) for one in DEMO.standards).items():
        found = [s.condition for s in DEMO.standards if (s.kind, s.code) == key]
        assert found == [str(n) for n in range(1, count + 1)]


def test_every_condition_is_worded_in_both_languages_and_has_a_limit() -> None:
    for one in DEMO.standards:
        for words in (one.filing, one.closing):
            assert words["zh"].strip()
            assert words["en"].strip()
            assert words["en"].isascii() or "²" in words["en"] or "ç" in words["en"]
        assert Limit(one.limit_value, Unit(one.limit_unit))


def test_a_class_has_no_condition_twice() -> None:
    worded = Counter((s.kind, s.code, s.filing["zh"]) for s in DEMO.standards)
    assert [key for key, count in worded.items() if count > 1] == []


def test_the_limit_of_a_class_is_that_of_one_of_its_conditions() -> None:
    limits = {(s.kind, s.code, s.limit_value, s.limit_unit) for s in DEMO.standards}
    for one in DEMO.case_classes:
        unit = Unit.parse(one.limit_unit).value
        assert (one.kind, one.code, one.limit_value, unit) in limits


def test_every_class_has_a_unit_on_duty_in_every_centre_and_subdistrict() -> None:
    places = [*(c.place for c in DEMO.centres), *(o.place for o in DEMO.offices)]
    for key in CLASSES:
        lines = [line for line in DEMO.duty_lines if (line.kind, line.class_code) == key]
        for place in places:
            assert any(within(place, line.place) for line in lines), (key, place)


def test_every_line_has_a_number_of_its_own_and_a_unit_that_answers_for_the_place() -> None:
    codes = [line.code for line in DEMO.duty_lines]
    assert len(codes) == len(set(codes))
    assert max(map(len, codes)) <= 40
    for line in DEMO.duty_lines:
        assert within(line.place, str(REACH[line.unit]))
        assert "样例" in line.basis["zh"]


def test_the_invented_cases_go_to_units_that_the_duty_list_names() -> None:
    named = {(line.kind, line.class_code, line.unit) for line in DEMO.duty_lines}
    for (kind, code), unit in reports._DEPARTMENT.items():
        assert (kind, code, unit) in named
    for kind, code in reports._SANITATION:
        assert (kind, code, "sanitation-320303001") in named
