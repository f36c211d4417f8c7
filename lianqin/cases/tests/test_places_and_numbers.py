"""Where a report belongs, and how a case's number is read back; without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqin.cases.numbers import parse_number
from lianqin.cases.placing import place_of

DISTRICT = "320303"
CENTRE = f"{DISTRICT}/320303001/qingnian"
places = st.sampled_from([DISTRICT, f"{DISTRICT}/320303001", CENTRE, f"{DISTRICT}/320303002/x"])


@given(
    st.one_of(st.none(), st.tuples(st.just("a1"), places)),
    st.sampled_from(["", "rounded", "outside_district"]),
    st.one_of(st.none(), st.tuples(st.just("c1"), places)),
)
def test_every_report_has_a_place(
    position: tuple[str, str] | None, refused: str, code: tuple[str, str] | None
) -> None:
    placed = place_of(DISTRICT, by_position=position, refused=refused, by_code=code)
    assert placed.place.startswith(DISTRICT)
    assert placed.known is (position is not None and not refused)
    if not placed.known and code is not None:
        assert (placed.area_code, placed.place) == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("云龙-20261123-0042", ("2026-11-23", 42)),
        ("20261123-0042", ("2026-11-23", 42)),
        (" 云龙-20261123-10042 ", ("2026-11-23", 10042)),
        ("20261323-0042", None),
        ("0042", None),
        ("", None),
        ("解放路", None),
    ],
)
def test_a_number_is_read_back(text: str, found: tuple[str, int] | None) -> None:
    parsed = parse_number(text)
    assert (parsed and (parsed[0].isoformat(), parsed[1])) == found


@given(st.text(max_size=60))
def test_reading_a_number_never_fails(text: str) -> None:
    parse_number(text)
