"""The handheld's page and what makes an application of it: its worker and its manifest.

The page opens without a session too: it shows nothing of anybody, and a phone whose session has
ended must still reach what it has to send. None of the three is ever answered with a redirect – a
worker keeps what it gets for the page, and a sign-in page kept in its place would stay there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from .icons import ICONS
from .signing.words import english

#: What phones call it on their start screen, and what it is.
_WORDS = {
    "zh": ("联勤处置通", "处置通", "一线处置:今日、任务、上报,没有信号也能用"),
    "en": ("Lianqin Handheld", "Lianqin", "Tasks and reports in the street, also without a signal"),
}
_COLOUR = "#1B57B0"


@require_safe
@ensure_csrf_cookie
@cache_control(no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """The handheld's one page, the same for everybody."""
    return _built("handheld.html", "text/html; charset=utf-8")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the page and its parts on the phone."""
    return _built("handheld-worker.js", "text/javascript; charset=utf-8")


def _built(file: str, kind: str) -> HttpResponse:
    path: Path = settings.WEB_DIST / file
    if not path.exists():
        return HttpResponse("The front end has not been built: run 'make build'.", status=503)
    return HttpResponse(path.read_bytes(), content_type=kind)


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone asks for when the page is put on its start screen, in the reader's language."""
    language = "en" if english() else "zh"
    name, short, what = _WORDS[language]
    body: dict[str, Any] = {
        "id": "/handheld/",
        "name": name,
        "short_name": short,
        "description": what,
        "lang": "en" if language == "en" else "zh-CN",
        "start_url": "/handheld/",
        "scope": "/handheld/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#ffffff",
        "theme_color": _COLOUR,
        "icons": [
            {
                "src": static(f"console/{file}"),
                "type": "image/png",
                "sizes": f"{size}x{size}",
                "purpose": "maskable" if maskable else "any",
            }
            for file, (size, maskable) in ICONS.items()
            if "apple" not in file
        ],
    }
    return JsonResponse(
        body, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
