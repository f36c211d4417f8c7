"""Who can be sent: agencies, centres, teams, crews, members."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from uuid6 import uuid7

from lianqin.accounts.models import User


class Agency(models.Model):
    """A body of the administration, in a tree; some can be given tasks themselves."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=30)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    takes_cases = models.BooleanField(default=False)
    reach = models.CharField(max_length=120, help_text="the place it answers for")
    origin = models.CharField(max_length=10, default="live")

    def __str__(self) -> str:
        return self.name_zh


class Centre(models.Model):
    """A joint command centre, in a police station."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.CharField(max_length=120, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    station = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="centres")
    phone = models.CharField(max_length=30, blank=True, help_text="of its duty room")
    origin = models.CharField(max_length=10, default="live")

    def __str__(self) -> str:
        return self.name_zh


class Team(models.Model):
    """A centre's whole enforcement team."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    centre = models.OneToOneField(Centre, on_delete=models.PROTECT, related_name="team")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class Crew(models.Model):
    """The 2 + 2 who serve one shift together."""

    SHIFTS = [("early", "早班"), ("middle", "中班"), ("late", "晚班"), ("night", "夜班")]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, null=True, unique=True, help_text="what files call it")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="crews")
    shift = models.CharField(max_length=10, choices=SHIFTS)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=120)
    origin = models.CharField(max_length=10, default="live")

    class Meta:
        indexes = [models.Index(fields=["place"], name="crew_by_place")]

    def __str__(self) -> str:
        return self.name_zh


class StandBy(models.Model):
    """Where a crew was told to stand by, and until when: at most to the end of its shift."""

    KINDS = [("site", "固定点位"), ("area", "区域")]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="stand_bys")
    kind = models.CharField(max_length=4, choices=KINDS)
    # A site or an area of territory: opaque here, because force knows no room beside it.
    code = models.CharField(max_length=40)
    place = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crew"],
                name="one_stand_by_per_crew",
                condition=models.Q(ended_at=None),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["site", "area"]), name="stand_by_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="stand_by_has_an_end"
            ),
        ]


class Member(models.Model):
    """Somebody who serves in a team; what they may do follows from kind and certificate."""

    KINDS = [
        ("enforcement_officer", "执法队员"),
        ("assistant", "协管员"),
        ("police_officer", "民警"),
        ("auxiliary", "辅警"),
        ("patrol_guard", "联防队员"),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, null=True, related_name="members")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="member")
    name = models.CharField("姓名", max_length=40)
    kind = models.CharField(max_length=20, choices=KINDS)
    certificate = models.CharField("执法证号", max_length=40, blank=True)
    certificate_dates = DateRangeField(null=True)
    origin = models.CharField(max_length=10, default="live")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "enforcement_officer",
                        "assistant",
                        "police_officer",
                        "auxiliary",
                        "patrol_guard",
                    ]
                ),
                name="member_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.name
