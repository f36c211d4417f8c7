"""Idempotency keys that come out the same whenever the same thing is meant.

A replay that is run again, or a request sent again after a lost answer, carries the key it
carried before, so the server answers with what it did then and does nothing twice.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID, uuid5

#: Never change it: an install that knows the old keys would take every row of a file again.
NAMESPACE = UUID("6f1d3c5a-7f0e-5b0a-9a57-2d5f5b6f0a11")


def file_digest(path: Path) -> str:
    """SHA-256 of the file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def report_key(digest: str, row_id: str, repeat: int = 0) -> UUID:
    """The key of one row's report.

    `repeat` counts earlier rows of the file with the same id: the second of them is a report of
    its own, which the server joins to the first.
    """
    return uuid5(NAMESPACE, f"report\n{digest}\n{row_id}\n{repeat}")


def act_key(case_id: str, act: str, version: int, attempt: int = 0) -> UUID:
    """The key of an act on a case as it stood at `version`.

    `attempt` grows only when the server says that the key came before with another body.
    """
    return uuid5(NAMESPACE, f"act\n{case_id}\n{act}\n{version}\n{attempt}")
