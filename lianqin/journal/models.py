"""The append-only record of every act, its gapless positions and its seals."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Head(models.Model):
    """The last position given out in one log; its row lock is what makes positions gapless."""

    log = models.CharField(max_length=16, primary_key=True)
    position = models.BigIntegerField(default=0)


class Serial(models.Model):
    """The last serial given out under one key (for case numbers: the duty date)."""

    key = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveIntegerField()


class Entry(models.Model):
    """One act of the domain. Ids, codes, states and numbers only: no text, no names, no contacts.

    The application role may INSERT (through `journal_append`) and SELECT here, nothing else.
    """

    position = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(unique=True)
    act = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    place = models.CharField(max_length=120)
    actor_id = models.UUIDField()
    actor_role = models.CharField(max_length=30)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    marked = models.BooleanField()
    origin = models.CharField(max_length=10)
    serial_key = models.CharField(max_length=40, null=True)
    serial = models.PositiveIntegerField(null=True)
    text_hash = models.CharField(max_length=64, blank=True)
    data = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "position"], name="journal_by_subject"),
            # A day's entries lie together, so that a few pages' bounds find them.
            BrinIndex(fields=["occurred_at"], name="journal_by_day", pages_per_range=16),
        ]


class Seal(models.Model):
    """A closed block of a log: the hash of every entry, chained to the seal before it."""

    log = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    entry_hashes = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "number"], name="one_seal_per_number"),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="seal_covers_entries"
            ),
        ]
