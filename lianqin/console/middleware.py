"""What every request passes through."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.defaults import server_error

from lianqin.territory.queries import read_once, zone

from .problems import database_away_problem, instead_of


class ApiProblems:
    """Below /api/ nothing answers with a page: what the framework refuses, and our own faults,
    become problem documents too (the fault itself has been logged by then)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code < 400 or not request.path.startswith("/api/"):
            return answer
        if answer.headers.get("Content-Type") == "application/problem+json":
            return answer
        return instead_of(answer)


class OfTheDistrict:
    """What every request has of its district. The date is the district's own for as long as it
    lasts: who is posted to what today is asked by it (`timezone.localdate`), and pages show their
    times in it. And the district is read once, however many of the request's readers ask for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            here = zone()
        except DatabaseError:  # the view will find that out too, and say so
            here = None
        with timezone.override(here) if here else nullcontext(), read_once():
            return self.get_response(request)


def fault(request: HttpRequest) -> HttpResponse:
    """What a fault is answered with: one of the database's absence says so, wherever on the way it
    was met; anything else is ours, has been logged, and gets the plain page."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return database_away_problem(error)
    return server_error(request)


class DatabaseAway:
    """Answer 503 instead of a fault page while the database does not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a lost database into an answer that says so."""
        if isinstance(error, OperationalError | InterfaceError):
            return database_away_problem(error)
        return None
