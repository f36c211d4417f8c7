"""Classes, standards and the duty list, for the system administrator to look at; they change by
import, in dated versions."""

from __future__ import annotations

from lianqin.accounts.administering import Shown, both, choice, worded

from .models import CaseClass, DutyLine, Standard

_KINDS = {"event": ("事件", "Event"), "part": ("部件", "Part")}
_UNITS = {
    "minute": ("分钟", "minutes"),
    "urgent_hour": ("紧急工作时", "urgent hours"),
    "work_hour": ("工作时", "work hours"),
    "work_day": ("工作日", "work days"),
    "natural_day": ("自然日", "days"),
    "duty_hour": ("勤务时", "duty hours"),
}


class Classes(Shown):
    labels = {"group_zh": ("大类", "Group")}
    kind_named = worded("kind", _KINDS)
    unit_named = worded("limit_unit", _UNITS)
    title = both("案件类别", "Classes")
    list_display = (
        "kind_named",
        "code",
        "name_zh",
        "name_en",
        "group_zh",
        "limit_value",
        "unit_named",
    )
    list_filter = (choice("kind", _KINDS), "sample")
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("kind", "code")
    shown = (*list_display, "sample", "origin")


class Standards(Shown):
    labels = {
        "condition": ("条件号", "Condition"),
        "filing_zh": ("立案条件", "When to file"),
        "filing_en": ("立案条件(英文)", "When to file, in English"),
        "closing_zh": ("结案标准", "When it counts as closed"),
        "closing_en": ("结案标准(英文)", "When it counts as closed, in English"),
    }
    unit_named = worded("limit_unit", _UNITS)
    title = both("立案结案标准", "Standards")
    list_display = ("case_class", "condition", "filing_zh", "limit_value", "unit_named", "valid")
    list_filter = ("sample",)
    list_select_related = ("case_class",)
    search_fields = ("case_class__code", "case_class__name_zh", "filing_zh")
    ordering = ("case_class__kind", "case_class__code", "condition", "valid")
    shown = (*list_display, "filing_en", "closing_zh", "closing_en", "sample", "origin")


class DutyLines(Shown):
    labels = {
        "basis_zh": ("依据", "Basis"),
        "basis_en": ("依据(英文)", "Basis, in English"),
    }
    title = both("权责清单", "Duty list")
    place_field = "place"
    list_display = ("code", "case_class", "unit", "place", "basis_zh", "valid")
    list_filter = ("sample",)
    list_select_related = ("case_class", "unit")
    search_fields = ("code", "case_class__code", "case_class__name_zh", "unit__name_zh")
    ordering = ("code", "valid")
    shown = (*list_display, "basis_en", "sample", "origin")


PAGES = {CaseClass: Classes, Standard: Standards, DutyLine: DutyLines}
