"""Who was told what, by which ways, and whether somebody took it.

A notice is a reading of the journal: the follower reads entries from the position it keeps and
writes these rows; only what people do about them is journalled.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.db.models.functions import Now
from uuid6 import uuid7

from lianqin.accounts.models import User

LEVELS = ["info", "alert"]
OUTCOMES = ["", "acknowledged", "acted", "nobody"]
HOWS = ["", "here", "radio", "push", "acted"]
WAYS = ["page", "push", "sms", "call", "wecom", "dingtalk"]
STEP_STATES = ["waiting", "sent", "failed", "absent", "skipped"]


def _always() -> DateRange:
    return DateRange(date(2000, 1, 1), None)


class Follower(models.Model):
    """The position up to which the journal has been read; its lock lets one reader read."""

    name = models.CharField(max_length=20, primary_key=True)
    position = models.BigIntegerField()


class LadderPlan(models.Model):
    """Seconds after which each way is taken, and after which the next person is told; dated."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dates = DateRangeField(default=_always)
    push_after = models.PositiveIntegerField(default=0)
    sms_after = models.PositiveIntegerField(default=60)
    call_after = models.PositiveIntegerField(default=180)
    next_after = models.PositiveIntegerField(default=300)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_ladder_plan_at_a_time", expressions=[("dates", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(
                condition=Q(push_after__lte=F("sms_after"))
                & Q(sms_after__lte=F("call_after"))
                & Q(call_after__lte=F("next_after"), next_after__gt=0),
                name="ladder_climbs",
            ),
        ]


class Matter(models.Model):
    """What happened that somebody is to hear of: one journal entry, one kind. An alert climbs from
    rung to rung until it is taken; when, stands in `next_rung_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.BigIntegerField(help_text="the journal entry that it is a reading of")
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=5)
    place = models.CharField(max_length=120)
    case_id = models.UUIDField(null=True)
    case_number = models.CharField(max_length=40, blank=True)
    # Codes of the entry that tell it apart (task, request, crew) and names of the class: no text.
    params = models.JSONField(default=dict)
    hands = models.JSONField(default=list, help_text="crews and units that it is about")
    raised_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    next_rung_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["position", "kind"], name="one_matter_per_entry"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="matter_level_known"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="matter_outcome_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(next_rung_at=None), name="ended_matter_climbs_not"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_rung_at"],
                name="matter_climbs",
                condition=Q(next_rung_at__isnull=False),
            ),
            models.Index(fields=["case_id"], name="matter_open", condition=Q(ended_at=None)),
        ]


class Notice(models.Model):
    """A matter as one person is told of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="notices")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    rung = models.PositiveSmallIntegerField(default=0)
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_how = models.CharField(max_length=5, blank=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # By the database's own clock, whatever a demo shows: what the stream asks by.
    touched_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "user"], name="one_notice_per_person"),
            models.CheckConstraint(
                condition=Q(acknowledged_how__in=HOWS), name="notice_acknowledged_somehow"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_by_user"),
            models.Index(
                fields=["user", "-id"],
                name="notice_open",
                condition=Q(acknowledged_at=None),
            ),
            models.Index(fields=["touched_at"], name="notice_touched"),
        ]


class Step(models.Model):
    """One way by which a person is told, and when its turn is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="steps")
    way = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")
    at = models.DateTimeField(null=True, help_text="when the state was reached")
    tries = models.PositiveSmallIntegerField(default=0)
    # Of the machine's time: a gateway waits in no demo's time.
    retry_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "way"], name="each_way_once"),
            models.CheckConstraint(condition=Q(way__in=WAYS), name="step_way_known"),
            models.CheckConstraint(condition=Q(state__in=STEP_STATES), name="step_state_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="step_due", condition=Q(state="waiting")),
        ]


class PushSubscription(models.Model):
    """A browser that may be pushed to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    language = models.CharField(max_length=2, default="zh")
    made_at = models.DateTimeField()


class Contact(models.Model):
    """How somebody who agreed to it is reached outside the page; erased with its row."""

    KINDS = [("phone", "手机号"), ("wecom", "企业微信"), ("dingtalk", "政务钉钉")]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=8, choices=KINDS)
    value = models.CharField(max_length=64)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_contact_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["phone", "wecom", "dingtalk"]), name="contact_kind_known"
            ),
        ]


class Presence(models.Model):
    """Whether somebody whose post has no shift has signed off; without a row they are there."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True)
    on_duty = models.BooleanField()
    since = models.DateTimeField()
