"""The entry pages of the front end beside the desk, and which of them is whose home."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from lianqin.accounts.http import now
from lianqin.accounts.models import User
from lianqin.accounts.queries import principal_of

#: Where people of one single kind of post begin their day; everybody else begins at the desk.
HOMES = {
    frozenset({"unit_liaison"}): "/unit/",
    frozenset({"crew_member"}): "/handheld/",
    frozenset({"collector"}): "/handheld/",
}
DESK = "/desk/"


def home_of(user: User) -> str:
    """The page on which somebody's work begins, by the posts that they hold today."""
    posts = principal_of(user, timezone.localdate(now())).posts
    return HOMES.get(frozenset(post.role for post in posts), DESK)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """On to the page on which this person's work begins, with the notice that they came for."""
    user = request.user
    page = home_of(user) if isinstance(user, User) and user.is_active else DESK
    notice = request.GET.get("notice", "")
    return redirect(f"{page}?{urlencode({'notice': notice})}" if notice else page)


def _entry(request: HttpRequest, file: str) -> HttpResponse:
    """A built page, for whoever is signed in; everything else it asks of the API."""
    if not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    page: Path = settings.WEB_DIST / file
    if not page.exists():
        return HttpResponse("The front end has not been built: run 'make build'.", status=503)
    answer = HttpResponse(page.read_bytes())
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@ensure_csrf_cookie
def unit(request: HttpRequest) -> HttpResponse:
    """The list of a unit's tasks."""
    return _entry(request, "unit.html")


@require_safe
@ensure_csrf_cookie
def commander(request: HttpRequest) -> HttpResponse:
    """The commander's phone."""
    return _entry(request, "commander.html")
