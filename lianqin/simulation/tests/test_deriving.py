"""A rehearsal district from a request file."""

from __future__ import annotations

import csv
from collections import Counter

from click.testing import CliRunner

from lianqin.simulation.derive import derive
from lianqin.simulation.deriving import Found, Tables, Wish, limit_of
from lianqin.simulation.profiles import BALTIMORE
from lianqin.simulation.reading import Raw

DAY = 86_400


def raw(number: int, **changes: str) -> Raw:
    cells = {
        "SRRecordID": f"18-{number}",
        "ServiceRequestNum": f"18-{number}",
        "SRType": "SW-Dirty Alley",
        "CreatedDate": "04/12/2018 11:00:00 AM",
        "DueDate": "04/19/2018 11:00:00 AM",
        "PoliceDistrict": "Northern",
        "Agency": "Solid Waste",
    }
    return Raw(number, cells | changes)


def tables(*raws: Raw) -> dict[str, list[dict[str, str]]]:
    wish = Wish("24510", "Baltimore", "BAL", "America/New_York", units=1)
    return Tables(Found().take(raws, BALTIMORE), wish, "calls.csv").all()


def test_the_files_own_areas_and_agencies_are_the_districts():
    made = tables(raw(1), raw(2, PoliceDistrict="Central", Agency="Health"), raw(3, Agency=""))
    assert [a["name_en"] for a in made["areas"]] == ["Central", "Northern"]
    units = [a["code"] for a in made["agencies"] if a["takes_cases"] == "yes"]
    assert units == ["health", "solid-waste"]
    assert {c["place"] for c in made["centres"]} == {a["place"] for a in made["areas"]}


def test_a_limit_is_the_median_of_the_type():
    late = raw(3, DueDate="05/12/2018 11:00:00 AM")
    (standard,) = tables(raw(1), raw(2), late)["standards"]
    assert (standard["limit_value"], standard["limit_unit"]) == ("7", "natural_day")
    assert standard["valid_from"] == "2018-01-01"


def test_the_unit_is_the_longest_in_which_the_median_is_whole():
    def limit(*seconds):
        found = limit_of(Counter(seconds))
        return found and (found.value, found.unit)

    assert limit(5 * DAY) == (5, "natural_day")
    assert limit(DAY - 3600) == (1, "natural_day"), "the day on which clocks go forward"
    assert limit(6 * 3600) == (6, "urgent_hour")
    assert limit(90 * 60) == (90, "minute")
    assert limit(1) == (1, "minute")
    assert limit() is None


def test_a_type_without_due_dates_has_a_class_and_no_standard():
    made = tables(
        raw(1, DueDate=""), raw(2, SRType="TRM-Pothole", DueDate="04/12/2018 11:00:00 AM")
    )
    assert [c["limit_value"] for c in made["classes"]] == ["", ""]
    assert made["standards"] == []


def test_duty_is_whoever_had_the_type_most():
    rows = [raw(n, Agency="Health" if n < 3 else "Solid Waste") for n in range(10)]
    (line,) = tables(*rows)["duty"]
    assert line["unit"] == "solid-waste"


def test_every_unit_and_every_centre_has_people():
    made = tables(raw(1), raw(2, PoliceDistrict="Central"))
    posts = {(a["role"], a["place"], a["unit"]) for a in made["accounts"]}
    for area in made["areas"]:
        assert ("operator", area["place"], "") in posts
        assert ("shift_leader", area["place"], "") in posts
    assert ("unit_liaison", "24510", "solid-waste") in posts
    assert ("collector", "24510", "") in posts
    names = [a["username"] for a in made["accounts"]]
    assert len(names) == len(set(names))


def test_the_command_writes_the_tables_and_says_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    cells = raw(1).cells
    file = tmp_path / "calls.csv"
    file.write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    result = CliRunner().invoke(derive, [str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "lianqin import territory" in result.output
    assert "--timezone America/New_York --demo" in result.output
    with (tmp_path / "out" / "classes.csv").open() as stream:
        (row,) = csv.DictReader(stream)
    assert (row["code"], row["name_en"]) == ("0001", "SW-Dirty Alley")


def test_an_empty_file_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    file = tmp_path / "calls.csv"
    file.write_text("SRRecordID,ServiceRequestNum,SRType,CreatedDate\n")
    result = CliRunner().invoke(derive, [str(file), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "holds no rows" in result.output
