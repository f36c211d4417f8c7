"""What can be wrong in a street, when it is taken in and when it is over, how long that may take,
whose duty it is, and who performs which stage. What changes with time is kept in dated rows:
`valid` says from when, up to when, and the database lets no two versions overlap."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from uuid6 import uuid7

from lianqin.force.models import Agency
from lianqin.worktime import Unit

from .rules import SOURCES, STAGES, Practice

_UNITS = [unit.value for unit in Unit]
_DEFAULT = Practice()


def always() -> DateRange:
    """From before there was an install, without an end."""
    return DateRange(date(2000, 1, 1), None)


def _one_at_a_time(name: str, *fields: str) -> ExclusionConstraint:
    """No two rows of the same `fields` in force on one day."""
    same = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(name=name, expressions=[*same, ("valid", RangeOperators.OVERLAPS)])


def _some_day(name: str) -> models.CheckConstraint:
    """A version that is in force on no day at all is a slip."""
    return models.CheckConstraint(condition=Q(valid__isempty=False), name=name)


class CaseClass(models.Model):
    """One subclass of events or parts. The same four digits exist as both.

    The limit here is what holds for a case filed without a standard.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=5, choices=[("event", "事件"), ("part", "部件")])
    code = models.CharField(max_length=6)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    group_zh = models.CharField(max_length=60, blank=True)
    group_en = models.CharField(max_length=120, blank=True)
    limit_value = models.PositiveIntegerField(null=True)
    limit_unit = models.CharField(max_length=16, blank=True)
    sample = models.BooleanField(default=False, help_text="limit borrowed from another city")
    origin = models.CharField(max_length=10, default="live")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="class_key_is_kind_and_code"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["event", "part"]), name="class_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.name_zh}"


class Standard(models.Model):
    """立案结案标准: one condition of a class, in one version. A case keeps the one it was filed
    under, so a version that has begun is closed and followed, never rewritten."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, related_name="standards")
    condition = models.CharField(max_length=8, help_text="short code within the class: 1, 2, …")
    filing_zh = models.CharField(max_length=300)
    filing_en = models.CharField(max_length=600, blank=True)
    closing_zh = models.CharField(max_length=300)
    closing_en = models.CharField(max_length=600, blank=True)
    limit_value = models.PositiveIntegerField()
    limit_unit = models.CharField(max_length=16)
    valid = DateRangeField(default=always)
    sample = models.BooleanField(default=False, help_text="borrowed from another city")
    origin = models.CharField(max_length=10, default="live")

    class Meta:
        constraints = [
            _one_at_a_time("one_standard_at_a_time", "case_class", "condition"),
            _some_day("standard_holds_some_day"),
            models.CheckConstraint(
                condition=Q(limit_unit__in=_UNITS, limit_value__gte=1), name="standard_limit_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition} {self.filing_zh}"


class DutyLine(models.Model):
    """One line of the duty list (权责清单): at `place` and within it, the class is the unit's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, help_text="the number that people cite")
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, related_name="duty_lines")
    place = models.CharField(max_length=120)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="duty_lines")
    basis_zh = models.CharField(max_length=200, help_text="document that says so")
    basis_en = models.CharField(max_length=400, blank=True)
    valid = DateRangeField(default=always)
    sample = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, default="live")

    class Meta:
        constraints = [
            _one_at_a_time("one_duty_line_at_a_time", "code"),
            _some_day("duty_line_holds_some_day"),
        ]
        indexes = [models.Index(fields=["case_class", "place"], name="duty_by_class_and_place")]

    def __str__(self) -> str:
        return self.code


class SourceWay(models.Model):
    """Who performs which stage for cases from one source; see `rules.Way`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=16)
    verify = models.BooleanField()
    filed_by = models.CharField(max_length=10)
    checked_by = models.CharField(max_length=10)
    closed_by = models.CharField(max_length=10)
    reply = models.BooleanField(default=False)
    valid = DateRangeField(default=always)

    class Meta:
        constraints = [
            _one_at_a_time("one_way_at_a_time", "source"),
            _some_day("way_holds_some_day"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="way_source_known"),
            models.CheckConstraint(
                condition=Q(
                    filed_by__in=["here", "elsewhere"],
                    checked_by__in=["here", "elsewhere"],
                    closed_by__in=["centre", "district", "elsewhere"],
                ),
                name="way_hands_known",
            ),
        ]


class PracticeVersion(models.Model):
    """The figures of the daily work in one version; see `rules.Practice`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    send_back_window = models.PositiveIntegerField(default=_DEFAULT.send_back_window)
    send_back_limit = models.PositiveIntegerField(default=_DEFAULT.send_back_limit)
    twin_metres = models.PositiveIntegerField(default=_DEFAULT.twin_metres)
    twin_hours = models.PositiveIntegerField(default=_DEFAULT.twin_hours)
    recurrence_days = models.PositiveIntegerField(default=_DEFAULT.recurrence_days)
    recurrence_metres = models.PositiveIntegerField(default=_DEFAULT.recurrence_metres)
    sample_percent = models.PositiveIntegerField(default=_DEFAULT.sample_percent)
    collectors_from = models.PositiveIntegerField(default=_DEFAULT.collectors_from)
    collectors_until = models.PositiveIntegerField(default=_DEFAULT.collectors_until)
    extension_max = models.PositiveIntegerField(default=_DEFAULT.extension_max)
    suspension_days_max = models.PositiveIntegerField(default=_DEFAULT.suspension_days_max)
    valid = DateRangeField(default=always)

    class Meta:
        constraints = [
            _one_at_a_time("one_practice_at_a_time"),
            _some_day("practice_holds_some_day"),
            # Without a sample everybody learns to settle on paper; above a tenth nobody looks.
            models.CheckConstraint(
                condition=Q(sample_percent__range=(5, 10)), name="sample_is_five_to_ten_percent"
            ),
            models.CheckConstraint(
                condition=Q(collectors_from__lt=F("collectors_until"), collectors_until__lte=24),
                name="collectors_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(suspension_days_max__range=(1, 365)),
                name="suspension_at_most_a_year",
            ),
        ]


class StageLimit(models.Model):
    """How long one stage of a case may take. A stage without a row has no clock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stage = models.CharField(max_length=10)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)
    sample = models.BooleanField(default=False)
    valid = DateRangeField(default=always)

    class Meta:
        constraints = [
            _one_at_a_time("one_stage_limit_at_a_time", "stage"),
            _some_day("stage_limit_holds_some_day"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="stage_known"),
            models.CheckConstraint(
                condition=Q(unit__in=_UNITS, value__gte=1), name="stage_limit_known"
            ),
        ]
