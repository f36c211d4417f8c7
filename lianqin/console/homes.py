"""Which page is whose first one after sign-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def home_of(user: Any) -> str:
    """The path of the person's own first page: the desk."""
    return str(settings.LOGIN_REDIRECT_URL)
