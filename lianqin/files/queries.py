"""Reading stored files: the bytes behind a row."""

from __future__ import annotations

from django.conf import settings

from .store import Store


def store() -> Store:
    """The content store of this install."""
    return Store(settings.LIANQIN_HOME / "files")
