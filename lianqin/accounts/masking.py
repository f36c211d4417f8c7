"""Showing who or what without giving away a number that leads to a person. Pure."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?<!\w)(1\d{2})\d{4}(\d{4})(?!\w)")
_IDENTITY = re.compile(r"(?<!\w)(\d{6})\d{8}(\d{3}[\dXx])(?!\w)")


def masked(text: str) -> str:
    """The text with mobile and identity numbers shortened to their ends: people sign in with
    them, and paths may carry them."""
    return _IDENTITY.sub(r"\1********\2", _PHONE.sub(r"\1****\2", text))
