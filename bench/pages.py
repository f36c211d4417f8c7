"""How long the server takes for what a desk asks for, and how much it sends."""

from __future__ import annotations

import statistics
import time

import httpx

from bench.desk import READER
from e2e.install import Install

TIMES = 9
PAGES = {
    "queue, first page": "/cases?tab=open&limit=50",
    "overdue": "/cases?tab=overdue&limit=50",
    "supervised": "/cases?tab=supervised&limit=50",
    "12345": "/cases?tab=hotline&limit=50",
    "search": "/cases?tab=all&limit=50&q=解放",
    "counts": "/cases/counts",
    "map": "/cases/map",
    "territory": "/territory",
}


def measure(install: Install) -> dict[str, float]:
    """Median milliseconds of each page, and what the map weighs on its way."""
    found: dict[str, float] = {}
    for name, path in PAGES.items():
        found[f"{name}: answer"] = statistics.median(_ask(install, path) for _ in range(TIMES))
    packed = _fetch(install, PAGES["map"], "zstd")
    found["map: kB, compressed"] = packed.num_bytes_downloaded / 1000
    return found


def _ask(install: Install, path: str) -> float:
    begun = time.perf_counter()
    _fetch(install, path, "identity")
    return (time.perf_counter() - begun) * 1000


def _fetch(install: Install, path: str, encoding: str) -> httpx.Response:
    headers = {**install.headers(READER), "Accept-Encoding": encoding}
    with install.http.stream("GET", f"/api/v1{path}", headers=headers) as answer:
        assert answer.status_code == 200, path
        for _ in answer.iter_raw():
            pass
        return answer
