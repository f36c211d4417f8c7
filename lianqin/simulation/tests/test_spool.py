"""Rows in the order of time, whatever their number."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from lianqin.simulation import spool

from .test_replay import request


def test_a_long_file_is_sorted_in_runs(monkeypatch):
    monkeypatch.setattr(spool, "RUN", 7)
    start = datetime(2018, 1, 1, tzinfo=UTC)
    rows = [request(n, created=start + timedelta(hours=n)) for n in range(50)]
    mixed = random.Random(3).sample(rows, len(rows))
    assert list(spool.by_time(mixed)) == rows


def test_undated_rows_come_last():
    undated, dated = request(1, created=None), request(2)
    assert list(spool.by_time([undated, dated])) == [dated, undated]
