"""Every address of the console."""

from __future__ import annotations

from django.urls import path, re_path

from . import entry_pages, views
from .api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/demo", views.sign_in_demo, name="sign-in-demo"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("tokens.css", views.tokens, name="tokens"),
    path("notices-worker.js", views.notices_worker, name="notices-worker"),
    path("healthz", views.healthz, name="healthz"),
    re_path(r"^desk(?:/.*)?$", views.desk, name="desk"),
    path("unit/", entry_pages.unit, name="unit"),
    path("commander/", entry_pages.commander, name="commander"),
    path("", entry_pages.home, name="home"),
]
