"""Two languages on the terminal: LIANQIN_LANGUAGE, or else the locale, chooses."""

from __future__ import annotations

import os


def chinese() -> bool:
    """True when LIANQIN_LANGUAGE, or else the locale of the terminal, is Chinese."""
    for name in ("LIANQIN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value.lower().startswith("zh")
    return False


def tr(zh: str, en: str) -> str:
    """The text in the reader's language."""
    return zh if chinese() else en
