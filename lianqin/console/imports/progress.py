"""How far a long import has come, on a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
#: Seconds between two signs of life; nothing is shown of what takes less.
_EVERY = 0.5
_WIDTH = 24


def shown(rows: Iterable[T], label: str, about: int | None = None) -> Iterator[T]:
    """The same rows; while they are gone through, a line on the terminal tells how many there
    were, and a bar how many there will be (`about`, where it is known)."""
    if not sys.stderr.isatty():
        yield from rows
        return
    began = told = time.monotonic()
    count = 0
    try:
        for count, row in enumerate(rows, start=1):
            yield row
            if time.monotonic() - told >= _EVERY:
                told = time.monotonic()
                sys.stderr.write("\r" + _line(label, count, about, told - began) + "\x1b[K")
                sys.stderr.flush()
    finally:
        if told != began:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _line(label: str, count: int, about: int | None, seconds: float) -> str:
    rate = f"{count / seconds:,.0f}/s" if seconds else ""
    if not about:
        return f"{label} {count:,}  {rate}"
    part = min(1.0, count / about)
    full = round(part * _WIDTH)
    return f"{label} [{'#' * full}{'.' * (_WIDTH - full)}] {part:4.0%} {count:,}/{about:,}  {rate}"
