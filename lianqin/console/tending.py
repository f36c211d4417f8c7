"""What has to be done again and again while the district runs: seal, sweep, forget what is old."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from lianqin.accounts.access import ACCESS
from lianqin.accounts.models import Idempotency
from lianqin.accounts.sitting import sweep_sessions
from lianqin.files.actions import sweep
from lianqin.journal.seals import JOURNAL, seal

log = logging.getLogger(__name__)

#: Answers to writes are kept that long (a phone may be without a signal for days).
KEYS_KEPT = timedelta(days=30)
SWEEP_EVERY = timedelta(hours=1)

_swept_at: list[datetime] = []


def tend_once(seals_file: Callable[[str], Path]) -> None:
    """One round; a database that is away is simply asked again in the next."""
    close_old_connections()
    now = timezone.now()
    try:
        for sealed_log in (JOURNAL, ACCESS):
            seal(sealed_log, now, seals_file(sealed_log.name))
        if not _swept_at or now - _swept_at[-1] > SWEEP_EVERY:
            sweep(now)
            Idempotency.objects.filter(created_at__lt=now - KEYS_KEPT).delete()
            sweep_sessions(now)
            _swept_at[:] = [now]
    except (OperationalError, InterfaceError) as error:
        log.warning("tend: the database is away (%s)", type(error).__name__)
