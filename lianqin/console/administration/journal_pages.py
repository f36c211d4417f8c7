"""The journal and the seals, for the auditor to read and to verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lianqin.accounts.access import ACCESS, note_access
from lianqin.accounts.administering import administrator, both, places
from lianqin.accounts.http import address, real_now
from lianqin.accounts.queries import names
from lianqin.cases.lifecycle import ACT_WORDS
from lianqin.journal.models import Seal
from lianqin.journal.queries import Wanted, page_of
from lianqin.journal.seals import JOURNAL, seal_state, verify

from .log_pages import POWER, Days, seals_words
from .site import language_of, role_word
from .words import ACTS, JOURNALLED, WORDS

PAGE = 50
#: More than a page can wait for; the command on the server takes it.
VERIFIED_HERE = 200_000
_LOGS = {"journal": JOURNAL, "access": ACCESS}
_SUBJECTS = {
    "case": ("案件", "Case"),
    "account": ("账号", "Account"),
    "file": ("照片", "Picture"),
    "accounts": ("账号导入", "Accounts brought in"),
}


class Filters(Days):
    """What entries of the journal are asked for."""

    act = forms.CharField(required=False, max_length=40, label=both("办理(代码)", "Act (code)"))
    about = forms.CharField(required=False, max_length=20, label=both("对象(代码)", "About (code)"))
    field_order = ("act", "about", "first", "last")

    def wanted(self) -> Wanted:
        """The question; what is not understood is not asked."""
        said = self.cleaned_data
        return Wanted(said.get("act") or "", said.get("about") or "", **self.span())


def journal(request: HttpRequest) -> HttpResponse:
    """A page of the journal, newest first: ids and codes, as they are sealed."""
    from . import site

    form = Filters(request.GET)
    form.is_valid()
    after = form.cleaned_data.get("after")
    rows, older = page_of(places(request, POWER), form.wanted(), after=after, limit=PAGE)
    state = seal_state(JOURNAL)
    people = names(row.actor_id for row in rows)
    column = 1 if language_of() == "en" else 0
    note(request, "read_journal", "")
    lines = [
        {
            "entry": row,
            "act": _act_words(row.act)[column],
            "about": _SUBJECTS.get(row.subject_kind, (row.subject_kind,) * 2)[column],
            "who": people.get(str(row.actor_id), ""),
            "role": role_word(row.actor_role),
            "data": json.dumps(row.data, ensure_ascii=False),
            "sealed": row.position <= state.sealed_to,
        }
        for row in rows
    ]
    context = {
        **site.each_context(request),
        "title": both("办理日志", "Journal"),
        "form": form,
        "lines": lines,
        "older": older,
        "asked": form.asked(),
        "seals_words": seals_words(state.as_dict()),
        "here_url": reverse("admin:journal"),
    }
    return render(request, "admin/lianqin_journal.html", context)


def _act_words(act: str) -> tuple[str, str]:
    return ACTS.get(act) or ACT_WORDS.get(act) or JOURNALLED.get(act) or (act, act)


def seals(request: HttpRequest) -> HttpResponse:
    """The last seals of both logs; a POST verifies them now, entry by entry."""
    from . import site

    found: list[dict[str, Any]] = []
    for name, log in _LOGS.items():
        state = seal_state(log)
        last = Seal.objects.filter(log=name).defer("entry_hashes").order_by("-number")[:10]
        found.append(
            {
                "title": WORDS[language_of()][f"log_{name}"],
                "words": seals_words(state.as_dict()),
                "seals": [{"seal": one, "hash": bytes(one.hash).hex()} for one in last],
                "result": _verified(name) if request.method == "POST" else None,
            }
        )
    if request.method == "POST":
        clean = all(one["result"]["clean"] for one in found)
        note(request, "verify_logs", "", "clean" if clean else "not_clean")
    context = {**site.each_context(request), "title": both("封存与核验", "Seals"), "logs": found}
    return render(request, "admin/lianqin_seals.html", context)


def _verified(name: str) -> dict[str, Any]:
    words, state = WORDS[language_of()], seal_state(_LOGS[name])
    if state.head > VERIFIED_HERE:
        said = words["too_many"].format(entries=state.head, limit=VERIFIED_HERE)
        return {"clean": False, "words": said, "findings": []}
    report = verify(_LOGS[name], Path(settings.LIANQIN_HOME) / "seals" / f"{name}.txt")
    count = {"entries": report.entries, "sealed": report.sealed, "seals": report.seals}
    said = (
        words["clean"].format(**count)
        if report.clean
        else words["not_clean"].format(count=len(report.findings))
    )
    if report.not_in_file:
        said += " " + words["not_in_file"].format(count=report.not_in_file)
    return {
        "clean": report.clean,
        "words": said,
        "findings": [str(finding) for finding in report.findings[:100]],
    }


def note(request: HttpRequest, act: str, subject: str, outcome: str = "granted") -> None:
    """The auditor's own line in the access log."""
    who = administrator(request)
    note_access(
        "audit", act, outcome, real_now(),
        actor_id=who.id if who else None, subject=subject, address=address(request),
    )  # fmt: skip
