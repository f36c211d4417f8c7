"""What every request passes through."""

from __future__ import annotations

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from .problems import database_away_problem


class DatabaseAway:
    """Answer 503 instead of a fault page while the database does not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a lost database into an answer that says so."""
        if isinstance(error, OperationalError | InterfaceError):
            return database_away_problem(request)
        return None
