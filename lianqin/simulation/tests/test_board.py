"""What the replay believes of its cases."""

from __future__ import annotations

from datetime import UTC, datetime

from lianqin.simulation.board import Board, Rhythm
from lianqin.simulation.decisions import Judge

KNOWN = {
    "id": "c",
    "state": "to_check",
    "version": 5,
    "place": "d/s/c",
    "kind": "event",
    "code": "0112",
    "changed_at": "2018-04-12T11:00:00+00:00",
    "reported_at": "2018-04-12T10:00:00+00:00",
}


def board() -> Board:
    made = Board(Judge(1), Rhythm())
    made.see(KNOWN)
    return made


def test_a_receipt_moves_the_state_and_takes_nothing_of_what_is_known():
    """A checker who passed a case and asks again after a crash may no longer read it."""
    here = board()
    here.see(KNOWN | {"state": "to_close", "version": 6, "place": "", "kind": None, "code": None})
    assert here.rows["c"]["place"] == "d/s/c"
    assert (here.rows["c"]["state"], here.rows["c"]["version"]) == ("to_close", 6)
    assert "c" not in here.certain, "somebody who may read it must look"


def test_older_news_is_ignored():
    here = board()
    here.see(KNOWN | {"state": "handling", "version": 4})
    assert here.rows["c"]["state"] == "to_check"
    assert "c" in here.certain


def test_an_act_waits_for_reports_that_are_still_to_come():
    here = board()
    here.horizon = datetime(2018, 4, 12, 11, 0, tzinfo=UTC)
    assert here.take() is None
    assert here.wait() == 1.0
    here.horizon = datetime(2018, 4, 13, tzinfo=UTC)
    assert here.take() == "c"


def test_reports_wait_while_acts_lag_behind(monkeypatch):
    monkeypatch.setattr("lianqin.simulation.board.MOST_QUEUED", 3)
    here = board()
    for number in range(4):
        here.see(KNOWN | {"id": f"c{number}"})
    assert here.lags()
    here.horizon = datetime(2018, 4, 12, 10, 0, tzinfo=UTC)
    assert not here.lags(), "what waits may not be done yet: the reports have to come first"


def test_of_an_ended_case_only_what_the_summary_needs_is_kept():
    here = board()
    here.see(KNOWN | {"state": "closed", "version": 9, "address": "3035 JANICE AVE"})
    assert "address" not in here.rows["c"]
    assert here.take() is None or here.rows["c"]["state"] == "closed"
    assert here.open() == {}
