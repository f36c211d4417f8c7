"""Who performs a stage, and which version follows which: no database needed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

import pytest

from lianqin.catalogue.rules import (
    DEFAULT_WAYS,
    SOURCES,
    Practice,
    Succession,
    Version,
    after,
    around,
    default_way,
    filled,
    nearness,
    succeed,
)

OLD, NEXT = UUID(int=1), UUID(int=2)
TODAY = date(2026, 11, 23)
JAN, JUL, OCT, DEC = (date(2026, month, 1) for month in (1, 7, 10, 12))
A, B, C = {"limit": 1}, {"limit": 2}, {"limit": 3}


def test_every_source_has_a_way() -> None:
    assert set(DEFAULT_WAYS) == set(SOURCES)


@pytest.mark.parametrize("source", ["city_platform", "hotline"])
def test_a_ticket_of_another_platform_is_filed_checked_and_closed_there(source: str) -> None:
    way = default_way(source)

    assert (way.filed_by, way.checked_by, way.closed_by) == ("elsewhere",) * 3
    assert not way.verify


def test_only_a_hotline_ticket_carries_a_reply() -> None:
    assert [way.source for way in DEFAULT_WAYS.values() if way.reply] == ["hotline"]


def test_only_what_strangers_saw_is_verified_first() -> None:
    assert {way.source for way in DEFAULT_WAYS.values() if way.verify} == {
        "public",
        "community_post",
    }


def test_own_finds_are_filed_checked_and_closed_here() -> None:
    own = [way for way in DEFAULT_WAYS.values() if way.filed_by == "here"]

    assert {way.checked_by for way in own} == {"here"}
    assert {way.closed_by for way in own} == {"centre"}


def test_a_source_nobody_knows_is_looked_at_first() -> None:
    assert default_way("pigeon").verify


def test_the_figures_of_practice_where_nothing_was_entered() -> None:
    assert asdict(Practice()) == {
        "send_back_window": 120,
        "send_back_limit": 2,
        "twin_metres": 50,
        "twin_hours": 24,
        "recurrence_days": 15,
        "recurrence_metres": 50,
        "sample_percent": 8,
        "collectors_from": 7,
        "collectors_until": 19,
        "extension_max": 2,
        "suspension_days_max": 365,
    }


def test_the_paths_around_a_place_come_nearest_first() -> None:
    assert around("a/b/c") == ["a/b/c", "a/b", "a"]


def test_the_narrowest_place_is_chosen_first() -> None:
    lines = [("a", "1"), ("a/b/c", "9"), ("a/b", "2"), ("a/b/c", "3")]

    assert sorted(lines, key=lambda line: nearness(*line)) == [
        ("a/b/c", "3"),
        ("a/b/c", "9"),
        ("a/b", "2"),
        ("a", "1"),
    ]


FROM_JANUARY = Version(OLD, JAN, None, A)
FROM_OCTOBER = Version(NEXT, OCT, None, B)
TWO = [Version(OLD, JAN, OCT, A), FROM_OCTOBER]


@pytest.mark.parametrize(
    ("known", "content", "start", "end", "wanted"),
    [
        pytest.param([], A, JAN, None, Succession(insert=(JAN, None)), id="the first of all"),
        pytest.param([], A, JAN, JUL, Succession(insert=(JAN, JUL)), id="the first, with an end"),
        pytest.param(
            [FROM_JANUARY],
            B,
            OCT,
            None,
            Succession(cut=OLD, cut_at=OCT, insert=(OCT, None)),
            id="a new one closes the old one where it begins",
        ),
        pytest.param([FROM_JANUARY], A, JAN, None, Succession(), id="the same again"),
        pytest.param([FROM_JANUARY], A, OCT, None, Succession(), id="the same from a later day"),
        pytest.param(
            TWO,
            C,
            JUL,
            None,
            Succession(cut=OLD, cut_at=JUL, insert=(JUL, OCT)),
            id="between two: the later one stays",
        ),
        pytest.param(
            [FROM_OCTOBER],
            A,
            JAN,
            None,
            Succession(insert=(JAN, OCT)),
            id="an earlier one ends where the later one begins",
        ),
        pytest.param(
            TWO,
            C,
            JUL,
            OCT,
            Succession(cut=OLD, cut_at=JUL, insert=(JUL, OCT)),
            id="its own end touches the later one",
        ),
        pytest.param(
            [Version(OLD, DEC, date(2027, 1, 1), A)],
            B,
            DEC,
            None,
            Succession(rewrite=OLD),
            id="corrected without a word on its end, which stays",
        ),
        pytest.param(
            TWO, C, JUL, DEC, Succession(clash=OCT), id="its own end lies within the later one"
        ),
        pytest.param(
            [FROM_JANUARY], B, JAN, None, Succession(in_force=True), id="history is not rewritten"
        ),
        pytest.param(
            [Version(OLD, JAN, None, A, cited=False)],
            B,
            JAN,
            None,
            Succession(rewrite=OLD),
            id="what nothing cites may be corrected",
        ),
        pytest.param(
            [Version(OLD, TODAY, None, A)],
            B,
            TODAY,
            None,
            Succession(in_force=True),
            id="today has begun",
        ),
        pytest.param(
            [Version(OLD, DEC, None, A)],
            B,
            DEC,
            None,
            Succession(rewrite=OLD),
            id="what has not begun may be corrected",
        ),
        pytest.param(
            [Version(OLD, DEC, None, A)],
            B,
            DEC,
            date(2027, 1, 1),
            Succession(rewrite=OLD, cut=OLD, cut_at=date(2027, 1, 1)),
            id="… and be given an end",
        ),
        pytest.param(
            [FROM_JANUARY], A, JAN, DEC, Succession(cut=OLD, cut_at=DEC), id="the same, now ending"
        ),
        pytest.param(
            [Version(OLD, JAN, DEC, A)], A, JAN, DEC, Succession(), id="the same, ending as before"
        ),
        pytest.param(
            [Version(OLD, JAN, JUL, A)],
            B,
            OCT,
            None,
            Succession(insert=(OCT, None)),
            id="after a gap",
        ),
    ],
)
def test_a_version_follows(
    known: list[Version],
    content: dict[str, int],
    start: date,
    end: date | None,
    wanted: Succession,
) -> None:
    assert succeed(known, content, start, end, TODAY) == wanted


def test_a_step_says_that_history_stood_in_the_way_only_when_it_did() -> None:
    assert not succeed([], A, JAN, None, TODAY).in_force


def test_after_a_step_the_versions_follow_one_another() -> None:
    cut = succeed([FROM_JANUARY], B, OCT, None, TODAY)
    assert after([FROM_JANUARY], cut, B, NEXT) == [
        Version(OLD, JAN, OCT, A),
        Version(NEXT, OCT, None, B, cited=False),
    ]
    mended = Succession(rewrite=OLD)
    assert after([FROM_JANUARY], mended, B, NEXT) == [Version(OLD, JAN, None, B)]
    assert after(TWO, Succession(), B, NEXT) == TWO


def test_what_a_row_does_not_say_comes_from_the_version_it_follows() -> None:
    known = [Version(OLD, JAN, OCT, {"limit": 1, "words": "a"})]

    assert filled(known, {"limit": 2}, JUL) == {"limit": 2, "words": "a"}
    assert filled(known, {"limit": 2}, OCT) == {"limit": 2}


def test_a_version_covers_its_first_day_and_not_its_end() -> None:
    version = Version(OLD, JAN, OCT, A)

    assert [version.covers(on) for on in (date(2025, 12, 31), JAN, JUL, OCT)] == [
        False,
        True,
        True,
        False,
    ]
    assert Version(OLD, JAN, None, A).covers(date(2099, 1, 1))


@pytest.mark.parametrize(
    ("answer", "changes"),
    [
        (Succession(), False),
        (Succession(clash=JAN), False),
        (Succession(in_force=True), False),
        (Succession(insert=(JAN, None)), True),
        (Succession(cut=OLD, cut_at=JAN), True),
        (Succession(rewrite=OLD), True),
    ],
)
def test_a_succession_knows_whether_it_writes(answer: Succession, changes: bool) -> None:
    assert answer.changes is changes
