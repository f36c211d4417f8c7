"""What every request of a signed-in person passes: is the session over, what comes first."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from lianqin.accounts import sitting
from lianqin.accounts.http import now
from lianqin.accounts.session_rules import PASSWORD, Sitting
from lianqin.console.problems import problem

from .noting import note

#: What opens before the rest does: the account's own pages and the ways in and out.
_OPEN = (
    "/account/", "/sign-in", "/sign-out", "/language", "/tokens.css", "/healthz", "/static/",
    "/handheld/", "/certificate/",
)  # fmt: skip

#: A look at how long the session lasts is no use of it, nor is what browsers ask for by themselves
#: to see whether there is another version of the application.
LOOKS = ("/account/session", "/handheld/worker.js", "/handheld/manifest.webmanifest")


class Sittings:
    """Ends a session that was left alone too long, notes that it is used, and leads to what its
    person has to do before anything else opens.

    A use is a page that is opened and every write. What the desk asks for by itself – lists again
    after a break, the stream – are reads of the API and no use; when somebody moves or types
    there, the desk says so with a POST to /account/session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self.get_response(request)
        held = sitting.sitting_of(request.session)
        if held is None:  # signed in before there were sittings
            held = sitting.begin(request.session, request.user, timezone.localdate(now()))
        if held.over(sitting.clock()):
            note(request, "time_out", "ended", request.user.id)
            logout(request)
            return self._timed_out(request)
        if _is_use(request) and held.to_be_noted(sitting.clock()):
            today = timezone.localdate(now())
            held = sitting.use(request.session, held, request.user, today)
        if held.to_do and not request.path.startswith(_OPEN):
            return _first(request, held)
        return self.get_response(request)

    def _timed_out(self, request: HttpRequest) -> HttpResponse:
        """A page says why one has to sign in again; everything else finds nobody signed in."""
        if request.method == "GET" and not request.path.startswith(("/api/", *_OPEN)):
            query = urlencode({"next": request.get_full_path(), "ended": "idle"})
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{query}")
        return self.get_response(request)


def _is_use(request: HttpRequest) -> bool:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return True
    return not request.path.startswith("/api/") and request.path not in LOOKS


def _first(request: HttpRequest, held: Sitting) -> HttpResponse:
    """The way to what has to be done first."""
    code = "password_change_needed" if held.to_do[0] == PASSWORD else "second_factor_needed"
    if request.path.startswith("/api/"):
        return problem(403, code)
    page = "/account/password/change/" if held.to_do[0] == PASSWORD else "/account/2fa/"
    return HttpResponseRedirect(page)
