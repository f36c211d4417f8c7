"""What the replay believes of its cases."""

from __future__ import annotations

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
