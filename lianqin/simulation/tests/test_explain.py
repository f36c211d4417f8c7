"""Why the shares differ, in figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lianqin.simulation.explain import Ruled, explain
from lianqin.simulation.explain_words import why
from lianqin.simulation.told import Time, Told

START = datetime(2018, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(service="SW-Dirty Alley", *, due=24, closed=12, ended=36, shut=0, **spent: int) -> Told:
    hands = Time(closed=shut * HOUR, **{name: hours * HOUR for name, hours in spent.items()})
    return Told(
        service,
        START,
        START + due * HOUR if due else None,
        START + closed * HOUR if closed else None,
        START + HOUR,
        START + ended * HOUR,
        START + ended * HOUR,
        stages={"hands": hands},
    )


LATE, IN_TIME = Ruled(True, 24 * 3600.0), Ruled(False, 24 * 3600.0)


def test_both_are_laid_on_each_others_yardstick():
    found = explain([(row(closed=12, ended=36), LATE), (row(closed=48, ended=20), IN_TIME)])
    assert {k: v["on_time"] for k, v in found["yardsticks"].items()} == {
        "file_own_due": 0.5,
        "file_median_of_type": 0.5,
        "replay_own_due": 0.5,
        "replay_clock": 0.5,
    }


def test_late_cases_are_sorted_by_what_took_most_of_their_time():
    returned = row(busy=1)
    returned.sent_back = True
    found = explain(
        [
            (row(busy=30, shut=2, worked=1), LATE),
            (row(busy=1, shut=30, worked=1), LATE),
            (row(worked=25), LATE),
            (returned, LATE),
            (row(busy=50), IN_TIME),
        ]
    )
    assert found["late_because"] == {
        "people_busy": 1,
        "closed_hours": 1,
        "limit_shorter_than_work": 1,
        "sent_back": 1,
    }


def test_what_cannot_be_compared_is_counted():
    found = explain([(row(due=None), None), (row(closed=None), IN_TIME), (row(due=0), None)])
    assert found["not_compared"] | {} == {
        "no_due_in_file": 2,
        "due_at_once_in_file": 0,
        "never_closed_in_file": 1,
        "no_clock_in_replay": 2,
    }


def test_the_types_that_make_the_difference_come_first():
    rows = [(row("A", closed=48), IN_TIME)] * 3 + [(row("B"), IN_TIME)] * 7
    first = explain(rows)["types"][0]
    assert (first["service"], first["points"]) == ("A", 30.0)


def test_it_is_said_in_words(monkeypatch):
    monkeypatch.setenv("LIANQIN_LANGUAGE", "en")
    said = "\n".join(why(explain([(row(busy=30), LATE)])))
    assert "people were busy with other cases" in said
    assert "100.0%" in said
