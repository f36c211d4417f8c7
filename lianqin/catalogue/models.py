"""What can be wrong in a street: classes keyed by (kind, code), and how long each may take."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7


class CaseClass(models.Model):
    """One subclass of events or parts. The same four digits exist as both."""

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
