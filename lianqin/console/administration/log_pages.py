"""The auditor's access log: filtered, page by page, and as a sheet. Each reading leaves a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import xlsxwriter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lianqin.accounts.access import note_access
from lianqin.accounts.access_api import midnight
from lianqin.accounts.access_queries import KINDS as KIND_CODES
from lianqin.accounts.access_queries import Wanted, access_lines, access_sheet
from lianqin.accounts.administering import administrator, both, places
from lianqin.accounts.http import address, real_now

from .site import language_of
from .words import ACTS, KINDS, LOGGED, OUTCOMES, WELL, WORDS

POWER = "audit_admin"
_SHEET_COLUMNS = (
    "position", "at", "kind", "act", "outcome", "person", "username", "subject", "address",
    "sealed",
)  # fmt: skip
_WIDTHS = (9, 19, 12, 34, 14, 14, 22, 40, 18, 8)


class Days(forms.Form):
    """First and last day, both counted in; the district's."""

    first = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"],
        label=both("首日", "First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    last = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"],
        label=both("末日", "Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    after = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})

    def span(self) -> dict[str, Any]:
        """The days as instants, as far as they were given."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        found = {"since": midnight(first)} if first and first.year > 1999 else {}
        if last and last.year < 2200:
            found["until"] = midnight(last + timedelta(days=1))
        return found

    def asked(self) -> str:
        """The filters as they stand in an address, without the page."""
        given = {n: v for n, v in self.cleaned_data.items() if v not in (None, "") and n != "after"}
        return urlencode(given)


class Filters(Days):
    """What lines of the access log are asked for."""

    person = forms.CharField(
        required=False,
        max_length=60,
        label=both("人员(姓名或用户名)", "Person (name or user name)"),
    )
    kind = forms.ChoiceField(required=False, label=both("种类", "Kind"))
    act = forms.CharField(required=False, max_length=60, label=both("办理(代码)", "Act (code)"))
    outcome = forms.CharField(
        required=False, max_length=30, label=both("结果(代码)", "Outcome (code)")
    )
    field_order = ("person", "kind", "act", "outcome", "first", "last")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", both("全部", "all")), *((k, both(*KINDS[k])) for k in KIND_CODES)]

    def wanted(self) -> Wanted:
        """The question; what is not understood is not asked."""
        names = ("person", "kind", "act", "outcome")
        said: dict[str, Any] = {name: self.cleaned_data.get(name) or "" for name in names}
        return Wanted(**said, **self.span())


def access_log(request: HttpRequest) -> HttpResponse:
    """A page of the log, newest first."""
    from . import site

    form = Filters(request.GET)
    form.is_valid()
    wanted = form.wanted()
    page = access_lines(places(request, POWER), wanted, after=form.cleaned_data.get("after"))
    _note(request, "read_access_log", wanted.named)
    context = {
        **site.each_context(request),
        "title": both("访问日志", "Access log"),
        "form": form,
        "lines": [_worded(line) for line in page["items"]],
        "older": page["next"],
        "asked": form.asked(),
        "seals_words": seals_words(page["seals"]),
        "here_url": reverse("admin:access_log"),
        "sheet_url": reverse("admin:access_sheet"),
    }
    return render(request, "admin/lianqin_access_log.html", context)


def _worded(line: dict[str, Any]) -> dict[str, Any]:
    """A line with the names of its codes in the reader's language."""
    column, words = int(language_of() == "en"), WORDS[language_of()]
    seen_from_outside = line["kind"] in ("sign_in", "denial")
    return {
        **line,
        "kind": KINDS.get(line["kind"], (line["kind"],) * 2)[column],
        "act": (LOGGED.get(line["act"]) or ACTS.get(line["act"]) or (line["act"],) * 2)[column],
        "outcome": OUTCOMES.get(line["outcome"], (line["outcome"],) * 2)[column],
        "well": line["outcome"] in WELL,
        "without": words["nobody"] if seen_from_outside else words["install"],
    }


def seals_words(seals: dict[str, Any]) -> str:
    """How far a log is sealed, in a sentence."""
    words = WORDS[language_of()]
    if not seals["number"]:
        return words["seals_none"].format(**seals)
    at = timezone.localtime(seals["sealed_at"])
    return words["seals_line"].format(**seals, at=f"{at:%Y-%m-%d %H:%M:%S}")


def sheet(request: HttpRequest) -> HttpResponse:
    """The lines asked for as a spreadsheet, newest first: CSV, or XLSX with `format=xlsx`."""
    form = Filters(request.GET)
    form.is_valid()
    wanted = form.wanted()
    _note(request, "export_access_log", wanted.named)
    words = WORDS[language_of()]
    head = [words["person" if c == "person" else c] for c in _SHEET_COLUMNS]
    rows = _cells(access_sheet(places(request, POWER), wanted))
    if request.GET.get("format") == "xlsx":
        answer = HttpResponse(
            _workbook(head, rows),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        name = "access-log.xlsx"
    else:
        answer = HttpResponse(_csv(head, rows), content_type="text/csv; charset=utf-8")
        name = "access-log.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _note(request: HttpRequest, act: str, subject: str) -> None:
    who = administrator(request)
    note_access(
        "audit", act, "granted", real_now(),
        actor_id=who.id if who else None, subject=subject, address=address(request),
    )  # fmt: skip


def _cells(lines: Iterator[dict[str, Any]]) -> Iterator[list[str]]:
    words = WORDS[language_of()]
    for line in map(_worded, lines):
        actor = line["actor"] or {}
        yield [
            str(line["position"]),
            f"{timezone.localtime(line['at']):%Y-%m-%d %H:%M:%S}",
            line["kind"],
            line["act"],
            line["outcome"],
            actor.get("name", line["without"]),
            actor.get("username", ""),
            line["subject"],
            line["address"],
            words["yes"] if line["sealed"] else words["no"],
        ]


def _csv(head: list[str], rows: Iterator[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    # Excel takes a file for UTF-8 by its mark.
    return "\ufeff" + out.getvalue()


def _inert(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _workbook(head: list[str], rows: Iterator[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
        page = book.add_worksheet(str(both("访问日志", "Access log")))
        page.freeze_panes(1, 0)
        for at, (word, width) in enumerate(zip(head, _WIDTHS, strict=True)):
            page.set_column(at, at, width)
            page.write_string(0, at, word, bold)
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                page.write_string(number, at, cell)
    return out.getvalue()
