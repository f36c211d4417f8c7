"""Cases, the reports that opened or joined them, words and pictures."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from uuid6 import uuid7

from lianqin.accounts.models import User
from lianqin.cases.lifecycle import OPEN, State
from lianqin.catalogue.models import CaseClass, Standard
from lianqin.files.models import StoredFile
from lianqin.force.models import Agency, Crew
from lianqin.territory.models import Area

SOURCES = [
    ("patrol", "巡查发现"),
    ("collector", "信息采集"),
    ("city_platform", "市平台派件"),
    ("hotline", "12345 转办"),
    ("video", "视频巡查"),
    ("community_post", "社区工作站"),
    ("public", "公众直报"),
    ("police_110", "110 分流"),
]


def salt() -> str:
    """Thirty-two random characters for the hash of a text (see Note)."""
    return secrets.token_hex(16)


class Bigrams(models.Func):
    """Two-character pieces of a text, for searching Chinese: see the migration's function."""

    function = "text_bigrams"
    output_field = ArrayField(models.TextField())


class Case(models.Model):
    """A problem taken in, with a number and a state."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    duty_date = models.DateField()
    serial = models.PositiveIntegerField(null=True)
    number_prefix = models.CharField(max_length=12)
    position = models.BigIntegerField(null=True, help_text="journal position of the last change")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12)
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, null=True)
    service_name = models.CharField(max_length=120, blank=True, help_text="the sender's own word")
    # The version it was filed under; a later one does not change what was promised.
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, null=True)
    source = models.CharField(max_length=16, choices=SOURCES)
    external_number = models.CharField(max_length=60, blank=True)
    # Who performs the stages, as it was for this source on the day of the report.
    verify_first = models.BooleanField(default=False)
    filed_by = models.CharField(max_length=9, default="here")
    checked_by = models.CharField(max_length=9, default="here")
    closed_by = models.CharField(max_length=9, default="centre")
    replies = models.BooleanField(default=False)
    origin = models.CharField(max_length=10)
    place = models.CharField(max_length=120)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    place_known = models.BooleanField()
    reported_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    joined_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    recurrence_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="recurrences"
    )
    verified = models.BooleanField(null=True, help_text="found by whoever was sent to look")
    settled = models.BooleanField(default=False, help_text="settled on the spot by its finder")
    outcome = models.CharField(
        max_length=10, blank=True, help_text="what the crew did on the spot, where it said so"
    )
    checker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    send_backs = models.PositiveSmallIntegerField(default=0)
    designated = models.PositiveSmallIntegerField(default=0, help_text="level of the last ruling")
    urged_count = models.PositiveSmallIntegerField(default=0)
    supervised_at = models.DateTimeField(null=True)
    supervised_until = models.DateField(null=True)
    assigned_by_leader_at = models.DateTimeField(null=True)
    assigned_until = models.DateField(null=True)
    suspended_until = models.DateField(null=True)
    # What the citizen is told, apart from what is said inside; erasable like every text.
    reply_text = models.TextField(blank=True)
    deadline = models.DateTimeField(null=True, help_text="set by the platform that sent it")
    # The lead task's hands, kept here so that one index serves each list.
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, null=True, db_index=False)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, db_index=False)
    # Crews and units that have a task beside the lead's.
    side_hands = ArrayField(models.UUIDField(), default=list)
    told_by_radio_at = models.DateTimeField(null=True)
    # The clock that counts now, copied here so that a list reads one row per case.
    clock_stage = models.CharField(max_length=8, blank=True)
    clock_started_at = models.DateTimeField(null=True)
    clock_paused_at = models.DateTimeField(null=True)
    clock_due_at = models.DateTimeField(null=True)
    clock_stopped_at = models.DateTimeField(null=True)
    clock_used_s = models.PositiveIntegerField(default=0)
    clock_allowed_s = models.PositiveIntegerField(default=0)
    clock_late = models.BooleanField(default=False)
    clock_limit_value = models.PositiveIntegerField(null=True)
    clock_limit_unit = models.CharField(max_length=16, blank=True)
    # How long handling may take: from the standard it was filed under.
    limit_value = models.PositiveIntegerField(null=True)
    limit_unit = models.CharField(max_length=16, blank=True)
    photo_count = models.PositiveIntegerField(default=0)
    report_count = models.PositiveIntegerField(default=1)
    search_text = models.TextField(blank=True)
    search = models.GeneratedField(
        expression=Bigrams("search_text"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty_date", "serial"], name="case_number_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "educated", "corrected", "penalised"]),
                name="case_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(crew=None) | Q(unit=None), name="case_in_one_pair_of_hands"
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="case_position_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=~Q(state="joined") | Q(joined_into__isnull=False),
                name="joined_case_names_the_other",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="case_by_state"),
            models.Index(
                fields=["place", "state", "-id"],
                name="case_by_place",
                opclasses=["varchar_pattern_ops", "varchar_ops", "uuid_ops"],
            ),
            models.Index(fields=["-id"], name="case_open", condition=Q(state__in=OPEN)),
            models.Index(
                fields=["clock_due_at"],
                name="case_due",
                condition=Q(state__in=OPEN, clock_stopped_at=None),
            ),
            models.Index(
                fields=["crew", "-id"], name="case_by_crew", condition=Q(crew__isnull=False)
            ),
            models.Index(
                fields=["unit", "-id"], name="case_by_unit", condition=Q(unit__isnull=False)
            ),
            models.Index(
                fields=["case_class", "lat", "lon"],
                name="case_twins",
                condition=Q(state__in=OPEN, lat__isnull=False),
            ),
            models.Index(
                fields=["checker", "-id"],
                name="case_by_checker",
                condition=Q(state="to_check", checker__isnull=False),
            ),
            models.Index(
                fields=["supervised_until", "-id"],
                name="case_supervised",
                condition=Q(state__in=OPEN, supervised_at__isnull=False),
            ),
            models.Index(
                fields=["case_class", "lat", "lon"],
                name="case_recurs",
                condition=Q(state="closed", lat__isnull=False),
            ),
            models.Index(
                fields=["source", "external_number"],
                name="case_by_ticket",
                condition=~Q(external_number=""),
            ),
            models.Index(fields=["duty_date", "settled"], name="case_by_duty_date"),
            # What was still open at the end of a day that is over.
            models.Index(
                fields=["closed_at"], name="case_by_end", condition=Q(closed_at__isnull=False)
            ),
            GinIndex(fields=["side_hands"], name="case_by_side_hands"),
            GinIndex(fields=["search"], name="case_search"),
        ]

    @property
    def number(self) -> str | None:
        """The number people say: prefix, duty date, serial. Gapless within a duty date."""
        if self.serial is None:
            return None
        return f"{self.number_prefix}-{self.duty_date:%Y%m%d}-{self.serial:04d}"


class Report(models.Model):
    """What somebody saw and said; erasable, unlike the journal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    source = models.CharField(max_length=16, choices=SOURCES)
    external_number = models.CharField(max_length=60, null=True)
    description = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    given_lon = models.FloatField(null=True)
    given_lat = models.FloatField(null=True)
    given_datum = models.CharField(max_length=6, blank=True)
    position_refused = models.CharField(max_length=20, blank=True)
    reporter_name = models.CharField(max_length=60, blank=True)
    reporter_phone = models.CharField(max_length=30, blank=True)
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    marked = models.BooleanField(default=False)
    origin = models.CharField(max_length=10)
    salt = models.CharField(max_length=32, default=salt)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "source", "external_number"],
                name="external_number_once",
                condition=Q(external_number__isnull=False),
            ),
            # A ticket of the city or the hotline is one, whoever of us brings it in.
            models.UniqueConstraint(
                fields=["source", "external_number"],
                name="ticket_once",
                condition=Q(source__in=["city_platform", "hotline"], external_number__isnull=False),
            ),
        ]


class Note(models.Model):
    """The words that go with one journal entry; its hash stands in the entry."""

    entry_id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    # Hashed with the words and erased with them: without it a short text could be guessed back
    # from the hash that stays in the journal.
    salt = models.CharField(max_length=32, default=salt)


class CasePhoto(models.Model):
    """A picture that belongs to a case, and the moment of the work it shows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(
        max_length=8, choices=[("report", "上报"), ("before", "处置前"), ("after", "处置后")]
    )
    recorded_at = models.DateTimeField()
