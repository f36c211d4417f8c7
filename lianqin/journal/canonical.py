"""The exact bytes of an entry that are hashed. Versioned: old seals must verify for ever.

The position is left out on purpose: it is the entry's place in the sealed list, so that a moved
entry is recognised as moved instead of as two altered ones.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

#: Codes, ids, states and short references: what may stand in an entry's data.
_CODE = re.compile(r"[A-Za-z0-9_.:/+\-]{0,80}")


def canonical_bytes(fields: Mapping[str, Any]) -> bytes:
    """Return the canonical form of one entry: JSON, sorted keys, UTC microseconds, no spaces."""
    return json.dumps(
        {name: _plain(value) for name, value in fields.items()},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def entry_hash(fields: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical bytes (32 bytes)."""
    return hashlib.sha256(canonical_bytes(fields)).digest()


def block_hash(first: int, last: int, entry_hashes: bytes, previous: bytes) -> bytes:
    """SHA-256 over a block's bounds, its entries' hashes in order and the previous seal."""
    return hashlib.sha256(f"{first}-{last}:".encode() + entry_hashes + previous).digest()


def text_hash(texts: Iterable[str]) -> str:
    """Hash of the free text that goes with an entry and lives in erasable rows; '' for none."""
    joined = "\x1f".join(texts)
    return hashlib.sha256(joined.encode()).hexdigest() if joined else ""


def refuse_free_text(data: Mapping[str, Any]) -> None:
    """Raise ValueError when data holds anything but codes, ids, whole numbers, booleans, null.

    A journal that cannot be erased must not hold what a person may ask to be erased.
    """
    for name, value in data.items():
        if isinstance(value, Mapping):
            refuse_free_text(value)
        elif isinstance(value, list):
            refuse_free_text({f"{name}[{i}]": item for i, item in enumerate(value)})
        elif isinstance(value, float):
            raise ValueError(f"journal data {name}: a fraction has no canonical form; use a string")
        elif isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"journal data {name}: only codes and ids may be journalled")
        elif value is not None and not isinstance(value, str | int | bool):
            raise ValueError(f"journal data {name}: {type(value).__name__} cannot be journalled")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, UUID):
        return str(value)
    return value
