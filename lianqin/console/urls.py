"""Every address of the console."""

from __future__ import annotations

from django.urls import include, path, re_path

from . import certificate_pages, entry_pages, handheld_pages, views
from .administration import site
from .api import api

#: Also for a database that is away before or behind a view, where the session is read or kept.
handler500 = "lianqin.console.middleware.fault"
#: allauth's answer to whoever tries too often.
handler429 = "lianqin.console.signing.views.too_many"

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("lianqin.console.signing.urls")),
    path("sign-in/demo", views.sign_in_demo, name="sign-in-demo"),
    path("tokens.css", views.tokens, name="tokens"),
    path("notices-worker.js", views.notices_worker, name="notices-worker"),
    path("admin/", site.urls),
    path("healthz", views.healthz, name="healthz"),
    re_path(r"^desk(?:/.*)?$", views.desk, name="desk"),
    path("unit/", entry_pages.unit, name="unit"),
    path("commander/", entry_pages.commander, name="commander"),
    path("handheld/", handheld_pages.page, name="handheld"),
    path("handheld/worker.js", handheld_pages.worker, name="handheld-worker"),
    path("handheld/manifest.webmanifest", handheld_pages.manifest, name="handheld-manifest"),
    path("certificate/", certificate_pages.page, name="certificate"),
    path("certificate/root.crt", certificate_pages.root_file, name="certificate-root"),
    path("", entry_pages.home, name="home"),
]
