"""Two languages on the console: the reader's locale chooses, English where it says nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: Set while words are for somebody who is not at the terminal.
_reader: ContextVar[bool | None] = ContextVar("reader", default=None)


@contextmanager
def spoken(zh: bool) -> Iterator[None]:
    """Words in this language for as long as it lasts, whatever the terminal's is."""
    kept = _reader.set(zh)
    try:
        yield
    finally:
        _reader.reset(kept)


def chinese() -> bool:
    """True when LIANQIN_LANGUAGE, or else the locale of the terminal, is Chinese."""
    if (reader := _reader.get()) is not None:
        return reader
    for name in ("LIANQIN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.lower().startswith("zh")
    return False


def tr(zh: str, en: str) -> str:
    """The text in the reader's language."""
    return zh if chinese() else en


class Refusal(Exception):
    """Something the person at the console can put right; shown as plain text, without a trace."""
