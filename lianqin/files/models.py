"""What has been uploaded: the bytes live in the content store, this row says whose they are."""

from __future__ import annotations

from django.db import models
from uuid6 import uuid7

from lianqin.accounts.models import User


class StoredFile(models.Model):
    """One uploaded picture: the original as it came, and a view of it without its metadata."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sha256 = models.CharField(max_length=64)
    view_sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="bytes")
    taken_at = models.DateTimeField(null=True, help_text="from the picture's own EXIF, if any")
    taken_lon = models.FloatField(null=True)
    taken_lat = models.FloatField(null=True)
    uploader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    position = models.BigIntegerField(null=True)
    attached = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["uploaded_at"], name="file_orphans", condition=models.Q(attached=False)
            ),
            models.Index(fields=["sha256"], name="file_by_content"),
            models.Index(fields=["view_sha256"], name="file_by_view"),
        ]
