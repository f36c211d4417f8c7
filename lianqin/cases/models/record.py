"""Small records beside the cases: help given, leads handed to the police, and who saw a name."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7

from lianqin.accounts.models import User
from lianqin.force.models import Crew
from lianqin.territory.models import Area

from .case import Case, salt


class Record(models.Model):
    """What both have: what, where, when, by which crew. The text is erasable, like a note."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.BigIntegerField(null=True, help_text="journal position of the last change")
    duty_date = models.DateField()
    place = models.CharField(max_length=120)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    text = models.TextField()
    crew = models.ForeignKey(
        Crew, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    marked = models.BooleanField(default=False)
    origin = models.CharField(max_length=10)
    # Hashed with the text and erased with it (see Note).
    salt = models.CharField(max_length=32, default=salt)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lon=None, lat=None)
                | models.Q(lon__isnull=False, lat__isnull=False),
                name="%(class)s_position_whole",
            )
        ]
        indexes = [
            models.Index(
                fields=["place", "-id"],
                name="%(class)s_by_place",
                opclasses=["varchar_pattern_ops", "uuid_ops"],
            ),
            models.Index(fields=["crew", "-id"], name="%(class)s_by_crew"),
            models.Index(fields=["duty_date"], name="%(class)s_by_date"),
        ]


class ServiceRecord(Record):
    """便民服务: help to a citizen; no case, and nobody's name."""


class SecurityLead(Record):
    """治安线索: handed to the police. The link to their network is a number and nothing else."""

    handed_to = models.CharField(max_length=80, help_text="the police body, not a person")
    police_number = models.CharField(max_length=40, blank=True)


class Reveal(models.Model):
    """Why somebody looked at a reporter's name; the access log holds that they did.

    The reason is a text and may be erased; its hash stands in the log.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reveals")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    salt = models.CharField(max_length=32, default=salt)
