"""The pages of an account: its overview, invitations, how long a session lasts."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from django.contrib.auth.decorators import login_required
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lianqin.accounts import sitting
from lianqin.accounts.http import address, real_now
from lianqin.accounts.invitation_actions import InvitationGone, invited, take_invitation
from lianqin.accounts.refusals import Refusal
from lianqin.console.views import sign_in_context

from .words import word

#: An invitation that is being taken: kept in the visitor's session, so that it leaves the address.
_TAKEN = "lianqin_invitation"


class SignInView(LoginView):  # type: ignore[misc]
    """Sign in by name and password or passkey; in a demo install also by a card per role."""

    template_name = "console/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The district and, in a demo, who may be entered as."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        wanted = get_next_redirect_url(self.request) or ""
        ended = self.request.GET.get("ended") == "idle"
        return found | sign_in_context() | {"next": wanted, "timed_out": ended}


sign_in = SignInView.as_view()


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Password, second factors, sessions: where each is changed."""
    assert request.user.id is not None  # login_required saw to it
    shown = {"has_factor": sitting.has_second_factor(request.user.id)}
    return render(request, "account/overview.html", shown)


@require_http_methods(["GET", "POST"])
@never_cache
@ensure_csrf_cookie
def session(request: HttpRequest) -> HttpResponse:
    """How long the session lasts if nothing is done; a POST says that somebody is there.

    The middleware has noted the use by then. 401 when nobody is signed in (any more).
    """
    held = sitting.sitting_of(request.session) if request.user.is_authenticated else None
    if held is None:
        return JsonResponse({"signed_in": False}, status=401)
    left = held.ends_at - sitting.clock()
    return JsonResponse(
        {
            "signed_in": True,
            "idle_seconds": int(held.idle.total_seconds()),
            "seconds_left": max(0, int(left.total_seconds())),
            "at_most": held.ends_at < held.used_at + held.idle,
        }
    )


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: HttpRequest) -> HttpResponse:
    """Take an invitation: set the first password of an account."""
    if "token" in request.GET:
        return _open_invitation(request, request.GET["token"])
    token = request.session.get(_TAKEN, "")
    user = invited(token, real_now()) if token else None
    if user is None:
        return render(request, "account/invitation_gone.html", status=404)
    errors = _take(request, token) if request.method == "POST" else []
    if request.method == "POST" and not errors:
        return HttpResponseRedirect("/sign-in?invited=1")
    shown = {"invited": user, "errors": errors}
    return render(request, "account/invitation.html", shown, status=422 if errors else 200)


def _open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Put a good token away where no history and no referrer finds it."""
    if "\x00" in token or invited(token, real_now()) is None:
        return render(request, "account/invitation_gone.html", status=404)
    request.session.cycle_key()
    request.session[_TAKEN] = token
    return HttpResponseRedirect("/account/invitation")


def _take(request: HttpRequest, token: str) -> list[str]:
    """What is wrong with what was typed, nothing if the password has been set."""
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        return [word("password_differs")]
    try:
        take_invitation(token, password, real_now(), address=address(request))
    except InvitationGone:
        return [word("invitation_gone")]
    except Refusal as refusal:
        return [str(said) for said in refusal.params["said"]]
    request.session.flush()
    return []


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its proof: the page was open too long, or was not ours."""
    shown = {"title": word("form_old_title"), "said": word("form_old")}
    return render(request, "account/said.html", shown, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody tries too often."""
    shown = {"title": word("slow_down_title"), "said": word("slow_down")}
    answer = render(request, "account/said.html", shown, status=429)
    answer["Retry-After"] = "300"
    return answer
