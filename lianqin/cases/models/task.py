"""Tasks, what is asked for on a case, and the clocks that run."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from uuid6 import uuid7

from lianqin.accounts.models import User
from lianqin.force.models import Agency, Crew

from .case import Case

TASK_STATES = ["dispatched", "accepted", "reported_back", "returned", "withdrawn", "done"]
REQUEST_STATES = ["asked", "endorsed", "granted", "refused", "withdrawn", "lapsed"]
REQUEST_KINDS = [
    "extension", "suspension", "department", "backup", "force_close", "appeal", "dispute",
]  # fmt: skip


class Task(models.Model):
    """(A part of) a case in the hands of one crew or one unit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    lead = models.BooleanField(default=True)
    state = models.CharField(max_length=16)
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, null=True)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)
    dispatched_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    under_way_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    told_by_radio_at = models.DateTimeField(null=True)
    reported_back_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    extensions = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="one_lead_task_per_case",
                condition=Q(lead=True, ended_at=None),
            ),
            models.CheckConstraint(
                condition=Q(crew__isnull=False, unit=None) | Q(crew=None, unit__isnull=False),
                name="task_has_one_pair_of_hands",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TASK_STATES),
                name="task_state_known",
            ),
        ]


class CaseRequest(models.Model):
    """Something asked for on a case that somebody else grants, refuses or rules on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="requests")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default="asked")
    place = models.CharField(max_length=120)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_entry = models.UUIDField(help_text="the journal entry, with the reason beside it")
    endorsed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    endorsed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    until = models.DateField(null=True)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=REQUEST_KINDS), name="request_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=REQUEST_STATES), name="request_state_known"
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                name="one_open_request_of_a_kind",
                condition=Q(state__in=["asked", "endorsed"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "-id"],
                name="request_open",
                opclasses=["varchar_pattern_ops", "uuid_ops"],
                condition=Q(state__in=["asked", "endorsed"]),
            )
        ]


class StageClock(models.Model):
    """The clock of one stage of a case, or of one task.

    `spans` are the stretches in which it ran ([from, to or null], ISO instants), `added` the
    extensions ([value, unit]). What follows from them stands beside them, so that a list or the
    loop of alerts reads columns: when it is due, and when the next alert is to be given.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="clocks")
    stage = models.CharField(max_length=8)
    limit_value = models.PositiveIntegerField()
    limit_unit = models.CharField(max_length=16)
    spans = models.JSONField(default=list)
    added = models.JSONField(default=list)
    started_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    used_s = models.PositiveIntegerField(default=0, help_text="counted seconds at its last change")
    allowed_s = models.PositiveIntegerField(default=0, help_text="limit and extensions, likewise")
    late = models.BooleanField(default=False, help_text="had run over when it last changed")
    exempt = models.BooleanField(default=False, help_text="an appeal took it out of the figures")
    plain = models.BooleanField(default=False, help_text="beyond the calendar: weekends only")
    alerted = models.PositiveSmallIntegerField(default=0, help_text="percent of the last alert")
    next_alert_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(next_alert_at=None), name="stopped_clock_is_silent"
            ),
            models.UniqueConstraint(
                fields=["case", "stage"],
                name="one_clock_per_stage",
                condition=Q(task=None, stopped_at=None),
            ),
            models.UniqueConstraint(
                fields=["task", "stage"],
                name="one_clock_per_task",
                condition=Q(task__isnull=False, stopped_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="clock_by_case"),
            models.Index(
                fields=["next_alert_at"],
                name="clock_next_alert",
                condition=Q(next_alert_at__isnull=False),
            ),
        ]
