"""The access log is sealed like the journal, and whoever tampers with it is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from lianqin.accounts.access import ACCESS, note_access
from lianqin.journal.seals import seal, verify

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_an_altered_access_log_is_named(committed: Callable[[str], str], home: Path) -> None:
    for number in range(4):
        note_access("denial", f"act{number}", "forbidden", NOW, address="10.0.0.1")
    file = home / "access.txt"
    assert seal(ACCESS, NOW, file) == 4
    with psycopg.connect(committed("lianqin_owner"), autocommit=True) as owner:
        owner.execute("UPDATE accounts_accessentry SET address = '' WHERE position = 2")
        owner.execute("DELETE FROM accounts_accessentry WHERE position = 3")
    found = [(f.kind, f.position) for f in verify(ACCESS, file).findings]
    assert found == [("altered", 2), ("dropped", 3)]
