"""How a phone gets the root certificate: a page that says what to press, and the file itself.

Both are for anybody: a root certificate is no secret, and whoever needs it cannot sign in safely
before. They exist where the install issues its own certificates, and nowhere else.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .certificate import Root, root_of
from .certificate_words import WORDS
from .signing.words import english


def _root() -> Root:
    found = root_of(settings.LIANQIN_HOME) if settings.OWN_CERTIFICATE else None
    if found is None:
        raise Http404()
    return found


@require_safe
@cache_control(no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """The steps for each kind of phone, and the fingerprint to compare."""
    language = "en" if english() else "zh"
    context = {"words": WORDS[language], "language": language, "root": _root()}
    return render(request, "console/certificate.html", context)


@require_safe
@cache_control(no_cache=True)
def root_file(request: HttpRequest) -> HttpResponse:
    """The certificate, as phones take it (DER)."""
    answer = HttpResponse(_root().der, content_type="application/x-x509-ca-cert")
    answer["Content-Disposition"] = 'inline; filename="lianqin-root.crt"'
    return answer
