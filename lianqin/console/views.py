"""The pages around the API: sign-in, the desk's entry page, health."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import connection
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from lianqin.accounts.administering import administrator
from lianqin.accounts.http import now
from lianqin.accounts.models import Posting, User
from lianqin.cases.queries import labels_of_places
from lianqin.force.models import Agency, Crew
from lianqin.force.queries import name_of
from lianqin.territory.models import District
from lianqin.worktime import shift_of

from .page_words import PAGE_WORDS, ROLE_WORDS
from .signing.noting import note
from .signing.words import english


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted else settings.LOGIN_REDIRECT_URL


def _typed(request: HttpRequest, field: str) -> str:
    """What was typed, without the character that the database takes in no text."""
    return request.POST.get(field, "").replace("\x00", "")


def sign_in_context() -> dict[str, Any]:
    """What the sign-in page shows of the district, and in a demo who may be entered as."""
    here = District.objects.first()
    language = "en" if english() else "zh"
    people = _people(language, here) if here and here.demo else []
    return {
        "words": PAGE_WORDS[language],
        "language": language,
        "district": here,
        "cards": _cards(people),
        "people": people,
    }


def _cards(people: list[dict[str, str]]) -> list[dict[str, str]]:
    """The first of each post."""
    first: dict[str, dict[str, str]] = {}
    for person in people:
        first.setdefault(person["role"], person)
    return list(first.values())


def _people(language: str, here: District) -> list[dict[str, str]]:
    """Everybody whom a visitor may enter as, by post: demo accounts only; of the crews those that
    are on duty now. A card shows the first of each post; a checker may be any that was drawn."""
    labels = labels_of_places()
    on_duty = {
        crew.id: name_of(crew)
        for crew in Crew.objects.filter(shift=shift_of(now(), here.tz).shift.key)
    }
    units = {unit.id: name_of(unit) for unit in Agency.objects.filter(takes_cases=True)}
    postings = (
        Posting.objects.filter(user__origin="demo", user__is_active=True, role__in=ROLE_WORDS)
        .filter(Q(crew_id=None) | Q(crew_id__in=on_duty))
        .select_related("user")
        .order_by("place", "user__username")
    )
    found = []
    for posting in postings:
        names = labels.get(posting.place, {"zh": posting.place, "en": posting.place})
        if posting.crew_id is not None:
            names = on_duty[posting.crew_id]
        elif posting.unit_id is not None:
            names = units.get(posting.unit_id, names)
        found.append(
            {
                "username": posting.user.username,
                "name": posting.user.display_name,
                "role": ROLE_WORDS[posting.role][language],
                "place": names[language],
                "order": str(list(ROLE_WORDS).index(posting.role)),
            }
        )
    return sorted(found, key=lambda person: int(person["order"]))


@require_POST
def sign_in_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo account without a password; only where the install is flagged demo."""
    if not District.objects.filter(demo=True).exists():
        raise Http404()
    user = User.objects.filter(
        username=_typed(request, "username"), origin="demo", is_active=True
    ).first()
    if user is None:
        raise Http404()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    note(request, "sign_in_demo", "granted", user.id)
    return redirect(_next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    user = request.user if request.user.is_authenticated else None
    if user is not None:
        note(request, "sign_out", "granted", user.id)
    logout(request)
    return HttpResponseRedirect("/sign-in")


@require_safe
@ensure_csrf_cookie
def desk(request: HttpRequest) -> HttpResponse:
    """The desk's entry page, for whoever is signed in; everything else it asks of the API."""
    if not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    who = administrator(request)
    if who is not None and request.path == "/desk/" and not who.scope.sees_anything:
        return redirect("/admin/")  # an administrator reads no case: the desk would stay empty
    page: Path = settings.WEB_DIST / "index.html"
    if not page.exists():
        return HttpResponse("The front end has not been built: run 'make build'.", status=503)
    answer = HttpResponse(page.read_bytes())
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@cache_control(no_cache=True)
def notices_worker(request: HttpRequest) -> HttpResponse:
    """The worker that shows what is pushed; from here, so that its scope is the whole site."""
    path = Path(__file__).parent / "static" / "console" / "notices-worker.js"
    answer = HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    return answer


@require_safe
@cache_control(max_age=3600)
def tokens(request: HttpRequest) -> HttpResponse:
    """The front end's design tokens for pages without a script: dark where the reader's system is.

    The one tokens file names its dark values for a switch that a script sets; here the same block
    stands behind the media query instead, so that no colour is written down twice.
    """
    text = (settings.BASE_DIR / "web" / "shared" / "tokens.css").read_text(encoding="utf-8")
    dark = re.search(r':root\[data-theme="dark"\] (\{.*?\n\})', text, re.S)
    if dark is not None:
        text += f"\n@media (prefers-color-scheme: dark) {{ :root {dark[1]} }}\n"
    return HttpResponse(text, content_type="text/css; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process can answer and reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
