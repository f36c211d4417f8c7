"""Sorting more rows than fit into memory: runs on disk, merged as they are read."""

from __future__ import annotations

import heapq
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

from .request import Request

#: Rows sorted in memory at once.
RUN = 5_000
_LAST = datetime.max.replace(tzinfo=UTC)


def by_time(requests: Iterable[Request]) -> Iterator[Request]:
    """The requests in the order in which they were made, undated ones last; of a long file only
    one run is in memory, the others lie in temporary files that nobody else can open."""
    runs: list[Iterator[Request]] = []
    part: list[Request] = []
    for request in requests:
        part.append(request)
        if len(part) == RUN:
            runs.append(_read(_written(sorted(part, key=_when))))
            part = []
    return heapq.merge(*runs, sorted(part, key=_when), key=_when)


def _when(request: Request) -> tuple[datetime, int]:
    return request.created or _LAST, request.row


def _written(rows: Iterable[Request]) -> IO[bytes]:
    # Our own rows, written and read by this process alone.
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has been read)
    for row in rows:
        pickle.dump(row, file, pickle.HIGHEST_PROTOCOL)
    file.seek(0)
    return file


def _read(file: IO[bytes]) -> Iterator[Request]:
    with file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return
