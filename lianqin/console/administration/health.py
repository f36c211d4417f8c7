"""What the system administrator looks at: how the install is, and how data comes in."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianqin.accounts.administering import both
from lianqin.console.check import examined_here
from lianqin.console.home import Home
from lianqin.console.imports.kinds import ROOMS
from lianqin.console.words import spoken

from .site import language_of
from .words import CHECK_WORDS

_ORDER = {"failed": 0, "warning": 1, "ok": 2}


def health(request: HttpRequest) -> HttpResponse:
    """What `lianqin check` says, worst first, in the reader's language."""
    from . import site

    zh = language_of() == "zh"
    with spoken(zh):
        findings = examined_here(Home(Path(settings.LIANQIN_HOME)))
    lines = [
        {
            "name": CHECK_WORDS.get(name, (name, name))[0 if zh else 1],
            "state": finding.state,
            "words": finding.words,
        }
        for name, finding in findings.items()
    ]
    lines.sort(key=lambda line: _ORDER[line["state"]])
    context = {**site.each_context(request), "title": both("运行状况", "Health"), "lines": lines}
    return render(request, "admin/lianqin_health.html", context)


def bringing_in(request: HttpRequest) -> HttpResponse:
    """How tables come in: the commands, and what each brings."""
    from . import site

    zh = language_of() == "zh"
    rooms = [
        {
            "command": f"lianqin import {room} FILE --dry-run",
            "brings": ("、" if zh else ", ").join(
                kind.zh if zh else kind.name.replace("_", " ") for kind in kinds.values()
            ),
        }
        for room, kinds in ROOMS.items()
    ]
    context = {**site.each_context(request), "title": both("导入数据", "Bring data in")}
    return render(request, "admin/lianqin_import.html", {**context, "rooms": rooms})
