"""Two languages on the console: the reader's locale chooses, English where it says nothing."""

from __future__ import annotations

import os


def chinese() -> bool:
    """True when LIANQIN_LANGUAGE, or else the locale of the terminal, is Chinese."""
    for name in ("LIANQIN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.lower().startswith("zh")
    return False


def tr(zh: str, en: str) -> str:
    """The text in the reader's language."""
    return zh if chinese() else en


class Refusal(Exception):
    """Something the person at the console can put right; shown as plain text, without a trace."""
