"""Showing who or what without giving away a number that leads to a person. Pure."""

from __future__ import annotations

import re

_PHONE = re.compile(r"(?<![0-9A-Za-z_])(1\d{2})\d{4}(\d{4})(?![0-9A-Za-z_])", re.ASCII)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z_])(\d{6})\d{8}(\d{3}[\dXx])(?![0-9A-Za-z_])", re.ASCII)


def masked(text: str) -> str:
    """The text with mobile and identity numbers shortened to their ends: people sign in with
    them, callers have them written down, and paths may carry them."""
    return _IDENTITY.sub(r"\1********\2", _PHONE.sub(r"\1****\2", text))
