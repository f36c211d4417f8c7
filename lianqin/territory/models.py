"""Where the district's work happens: its outline, areas, fixed places and working days."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from uuid6 import uuid7


class District(models.Model):
    """The district that this install runs. There is exactly one row."""

    only = models.BooleanField(primary_key=True, default=True)
    code = models.CharField("区划代码", max_length=12)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    number_prefix = models.CharField("案号前缀", max_length=12)
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    demo = models.BooleanField(default=False)
    outline = models.JSONField(null=True, help_text="GeoJSON geometry, WGS 84")
    calendar_until = models.DateField(null=True, help_text="last day the calendar speaks for")
    # Grows with every import; processes keep reference data as long as it stands still.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="one_district_per_install")
        ]

    @property
    def tz(self) -> ZoneInfo:
        """The district's time zone."""
        return ZoneInfo(self.timezone)


class Area(models.Model):
    """A subdistrict, community or grid with its official code; geometry may be missing."""

    KINDS = [("subdistrict", "街道"), ("community", "社区"), ("grid", "单元网格")]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=KINDS)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=120, help_text="who answers for it: a place path")
    geometry = models.JSONField(null=True, help_text="GeoJSON geometry, WGS 84")
    illustrative = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, default="live")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["subdistrict", "community", "grid"]),
                name="area_kind_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} {self.code}"


class Site(models.Model):
    """A fixed place: station, kiosk, community post, stand-by point."""

    KINDS = [
        ("station", "派出所"),
        ("kiosk", "岗亭"),
        ("community_post", "社区工作站"),
        ("stand_by_point", "备勤点"),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=KINDS)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    place = models.CharField(max_length=120)
    illustrative = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, default="live")

    def __str__(self) -> str:
        return self.name_zh


class MapFeature(models.Model):
    """A quiet piece of the base map: water, green, a street."""

    id = models.BigAutoField(primary_key=True)
    layer = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, blank=True)
    name_zh = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    geometry = models.JSONField()
    illustrative = models.BooleanField(default=False)


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend worked instead."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=10, choices=[("holiday", "假日"), ("workday", "调休上班")])
    name_zh = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name_zh}".strip()
