"""Request files with every rough edge: nothing is dropped in silence, nothing makes it fall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.simulation.profiles import BALTIMORE, SF_DISPATCH, ProfileUnknown, generic, recognise
from lianqin.simulation.reading import FileUnreadable, Tally, columns_of, read_file, words_of
from lianqin.simulation.request import Ids, clean, read_row, read_spot, read_time

HEAD = (
    "SRRecordID,ServiceRequestNum,SRType,MethodReceived,CreatedDate,DueDate,CloseDate,"
    "Address,PoliceDistrict,Latitude,Longitude\n"
)
GOOD = (
    "a,18-1,SW-Dirty Alley,Phone,04/12/2018 11:11:26 AM,04/13/2018 11:11:26 AM,"
    "04/12/2018 12:45:47 PM,1 X ST,Northern,39.30,-76.60\n"
)


def read(tmp_path: Path, text: str | bytes, limit: int | None = None):
    file = tmp_path / "calls.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    tally = Tally()
    return list(read_file(file, recognise(columns_of(file)), tally, limit)), tally


def test_a_good_row_is_read_whole_and_in_utc(tmp_path):
    (row,), tally = read(tmp_path, HEAD + GOOD)
    assert row.row_id == "18-1"
    assert row.created == datetime(2018, 4, 12, 15, 11, 26, tzinfo=UTC)
    assert (row.lon, row.lat, row.odd) == (-76.6, 39.3, ())
    assert (tally.read, tally.left_out, tally.odd) == (1, {}, {})


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("a,,T,Phone,04/12/2018 11:11:26 AM,,,x,N,39.3,-76.6", ""),
        (",,T,Phone,04/12/2018 11:11:26 AM,,,x,N,39.3,-76.6", "id_missing"),
        ("a,1,,Phone,04/12/2018 11:11:26 AM,,,x,N,39.3,-76.6", "type_missing"),
        ("a,1,T,Phone,yesterday,,,x,N,39.3,-76.6", "created_unreadable"),
        ("a,1,T,Phone,,,,x,N,39.3,-76.6", "created_missing"),
        ("a,1,T,Phone,13/45/2018 11:11:26 AM,,,x,N,39.3,-76.6", "created_unreadable"),
        (
            "a,1,T,Phone,04/12/2018 11:11:26 AM,,04/11/2018 11:11:26 AM,x,N,39.3,-76.6",
            "duration_negative",
        ),
        (
            "a,1,T,Phone,04/12/2018 11:11:26 AM,04/11/2018 11:11:26 AM,,x,N,39.3,-76.6",
            "due_before_created",
        ),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,N,39,-77", "position_rounded"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,N,0,0", "position_null_island"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,N,-76.6,39.3", "position_swapped"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,N,51.5,-0.1", "position_outside_district"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,N,,", "position_missing"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,N,north,west", "position_not_a_number"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,,39.3,-76.6", "area_missing"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM,,,x,N,39.3,-76.6,more,cells", "cells_too_many"),
        ("a,1,T,Phone,04/12/2018 11:11:26 AM", "cells_too_few"),
    ],
)
def test_an_odd_row_is_still_read_and_its_oddity_counted(tmp_path, cells, reason):
    rows, tally = read(tmp_path, HEAD + cells + "\n")
    assert len(rows) == 1
    assert not tally.left_out
    assert (reason in tally.odd) or (not reason and not tally.odd)


def test_only_empty_rows_are_left_out_and_counted(tmp_path):
    rows, tally = read(tmp_path, HEAD + "\n,,,,,,,,,,\n" + GOOD)
    assert len(rows) == 1
    assert tally.read == 3
    assert tally.left_out == {"row_empty": 2}
    assert tally.example["row_empty"] == 1


def test_the_second_row_of_an_id_is_a_repeat_and_not_lost(tmp_path):
    rows, tally = read(tmp_path, HEAD + GOOD + GOOD + GOOD)
    assert [r.repeat for r in rows] == [0, 1, 2]
    assert tally.odd["id_repeated"] == 2


def test_bytes_that_are_not_text_do_not_stop_it(tmp_path):
    text = (HEAD + GOOD).encode().replace(b"1 X ST", b"1 \xff\x00 ST")
    (row,), tally = read(tmp_path, text)
    assert "\0" not in row.address
    assert tally.odd["not_utf8"] == 1


def test_a_broken_quote_is_counted_and_the_rest_goes_on(tmp_path):
    huge = 'b,2,T,Phone,"' + "x" * 1_100_000 + '"\n'
    rows, tally = read(tmp_path, HEAD + huge + GOOD)
    assert tally.left_out.total() + len(rows) == tally.read
    assert tally.left_out["row_broken"] >= 1


def test_limit_counts_rows_of_the_file(tmp_path):
    rows, tally = read(tmp_path, HEAD + "\n" + GOOD * 5, limit=3)
    assert (tally.read, len(rows)) == (3, 2)


def test_words_are_those_of_the_whole_file(tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + GOOD + GOOD.replace("Northern", "") + GOOD.replace("Northern", "West"))
    assert list(words_of(file, BALTIMORE).areas) == ["", "Northern", "West"]


def test_a_parquet_of_dispatches_gives_one_request_per_incident(tmp_path):
    file = tmp_path / "dispatch.parquet"
    at = datetime(2018, 1, 1, 23, 50)  # noqa: DTZ001 (as the file has it)
    table = {
        "Incident Number": ["1", "1", "2"],
        "Call Type": ["Fire", "Fire", "Medical"],
        "Received DtTm": [at, at, None],
        "Available DtTm": [at, at, at],
        "Battalion": ["B1", "B1", ""],
        "lat": [37.8, 37.8, None],
        "lon": [-122.4, -122.4, None],
    }
    pq.write_table(pa.table(table), file)
    tally = Tally()
    profile = recognise(columns_of(file))
    rows = list(read_file(file, profile, tally))
    assert profile is SF_DISPATCH
    assert [r.row_id for r in rows] == ["1", "2"]
    assert rows[0].created == datetime(2018, 1, 2, 7, 50, tzinfo=UTC)
    assert tally.left_out == {"further_row_of_same_request": 1}


def test_an_unknown_layout_says_so_and_can_be_named(tmp_path):
    with pytest.raises(ProfileUnknown):
        recognise(["Ticket", "Opened"])
    profile = generic(
        {"id": "Ticket", "created": "Opened", "lon": "x"}, "Asia/Shanghai", ["%d.%m.%Y"]
    )
    row = read_row(1, {"Ticket": "7", "Opened": "02.01.2020"}, profile, Ids())
    assert row.created == datetime(2020, 1, 1, 16, tzinfo=UTC)
    with pytest.raises(ProfileUnknown):
        generic({"id": "Ticket"}, "UTC", [])
    with pytest.raises(ProfileUnknown):
        generic({"id": "Ticket", "created": "Opened", "colour": "c"}, "UTC", [])


def test_other_kinds_of_files_are_refused_with_words(tmp_path):
    with pytest.raises(FileUnreadable, match="xlsx"):
        columns_of(tmp_path / "calls.xlsx")


def test_a_very_long_id_stays_distinct():
    cells = {"ServiceRequestNum": "9" * 80, "CreatedDate": ""}
    other = {"ServiceRequestNum": "9" * 79 + "8", "CreatedDate": ""}
    ids = Ids()
    first, second = read_row(1, cells, BALTIMORE, ids), read_row(2, other, BALTIMORE, ids)
    assert len(first.row_id) <= 60
    assert first.row_id != second.row_id


@given(st.text())
def test_any_text_as_a_date_is_read_or_refused_but_never_raises(text):
    moment = read_time(text, "America/New_York", BALTIMORE.date_formats)
    assert moment is None or moment.tzinfo is UTC


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)))  # noqa: DTZ001 (wall clock)
def test_a_written_wall_clock_is_read_back_within_the_hour_that_comes_twice(wall):
    wall = wall.replace(microsecond=0)
    text = wall.strftime("%m/%d/%Y %I:%M:%S %p")
    moment = read_time(text, "America/New_York", BALTIMORE.date_formats)
    assert moment is not None
    assert timedelta(hours=4) <= moment.replace(tzinfo=None) - wall <= timedelta(hours=5)


@given(
    st.one_of(st.none(), st.text(), st.floats(), st.integers()),
    st.one_of(st.none(), st.text(), st.floats()),
)
def test_any_position_is_numbers_that_fit_or_none_with_a_reason(lon, lat):
    x, y, fault = read_spot(lon, lat, BALTIMORE)
    assert (x is None) == (y is None)
    if x is None or y is None:
        assert fault
    else:
        assert -180 <= x <= 180
        assert -90 <= y <= 90


@given(st.text())
def test_cleaned_text_has_no_control_characters(text):
    assert all(c.isprintable() or c == "\u2028" for c in clean(text)) or clean(text) == clean(
        clean(text)
    )
    assert "\0" not in clean(text)
