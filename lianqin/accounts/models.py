"""Who may come in: people and machines, what they are posted to, and what they were refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from uuid6 import uuid7


def _always() -> DateRange:
    return DateRange(date(2000, 1, 1), None)


class User(AbstractUser):
    """A person or a machine that acts under its own name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    display_name = models.CharField("姓名", max_length=60)
    origin = models.CharField(max_length=10, default="live")
    # Grows when an account is signed out everywhere; every session's hash stands for one round.
    session_round = models.PositiveIntegerField(default=0)
    # Somebody else knows the password: it opens nothing but the page that changes it.
    must_change_password = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        """What a session is compared with: the password's hash and the round."""
        return self._of_this_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the keys that were replaced."""
        return (self._of_this_round(each) for each in super().get_session_auth_fallback_hash())

    def _of_this_round(self, hashed: str) -> str:
        # The first round is the plain hash, so that an upgrade signs nobody out.
        if not self.session_round:
            return hashed
        return sha256(f"{hashed}:{self.session_round}".encode()).hexdigest()


class Posting(models.Model):
    """One role at one place for a stretch of dates; a person may hold several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=30)
    place = models.CharField(max_length=120)
    # Ids of force's crew and agency: opaque here, because accounts knows no upper room.
    crew_id = models.UUIDField(null=True, blank=True)
    unit_id = models.UUIDField(null=True, blank=True)
    dates = DateRangeField(default=_always)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_posting_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("dates", RangeOperators.OVERLAPS),
                ],
            )
        ]


class ApiToken(models.Model):
    """A machine's way in: only the hash is kept, it has scopes and an end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20), default=list)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Written at most once an hour.
    last_used_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """A link with which somebody sets their own password: only its hash is kept, it is good for
    one use and until it expires; a newer one takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    hash = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at=None, withdrawn_at=None),
                name="one_open_invitation",
            )
        ]


class Idempotency(models.Model):
    """The answer to a write, kept 30 days under the caller's own key."""

    pk = models.CompositePrimaryKey("principal", "key")
    principal = models.UUIDField()
    key = models.UUIDField()
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]


class AccessEntry(models.Model):
    """A sign-in, a denial or a reveal: append-only, sealed like the journal, kept ≥ 6 months."""

    position = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=30)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["actor_id", "position"], name="access_by_actor"),
            models.Index(fields=["kind", "position"], name="access_by_kind"),
            # Lines stand in the order of their time, so that a few pages' bounds find a day.
            BrinIndex(fields=["at"], name="access_by_day", pages_per_range=16),
        ]
