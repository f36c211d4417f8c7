"""The store keeps bytes under their hash, survives what it can, and sweeps what nobody wants."""

from __future__ import annotations

import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqin.files.store import Store, Swept

# The age of a file is what the machine wrote, so these tests ask the machine.
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def age(store: Store, sha256: str, at: datetime) -> None:
    os.utime(next(store.root.glob(f"??/??/{sha256}")), (at.timestamp(), at.timestamp()))


def test_what_is_written_can_be_read(store: Store) -> None:
    name = store.write(b"photo")
    assert store.exists(name)
    assert store.read(name) == b"photo"
    with store.open(name) as stored:
        assert stored.read() == b"photo"
    assert store.intact(name)


def test_the_same_bytes_are_one_file(store: Store) -> None:
    assert store.write(b"photo") == store.write(b"photo")
    assert len(list(store.names())) == 1


def test_only_the_owner_may_look(store: Store) -> None:
    name = store.write(b"photo")
    path = next(store.root.glob(f"??/??/{name}"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "a" * 63, "a" * 64 + "\n"])
def test_a_name_is_a_hash_and_nothing_else(store: Store, name: str) -> None:
    for look in (store.open, store.read, store.exists):
        with pytest.raises(ValueError):
            look(name)


def test_a_file_that_is_not_there_is_said(store: Store) -> None:
    assert not store.exists("0" * 64)
    with pytest.raises(FileNotFoundError):
        store.open("0" * 64)


def test_a_changed_file_is_noticed(store: Store) -> None:
    name = store.write(b"photo")
    next(store.root.glob(f"??/??/{name}")).write_bytes(b"other")
    assert not store.intact(name)


def test_a_failed_write_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        store.write(b"photo")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_sweep_takes_old_files_nobody_wants(store: Store) -> None:
    wanted, orphan, fresh = (store.write(data) for data in (b"wanted", b"orphan", b"fresh"))
    age(store, wanted, NOW - 2 * HOUR)
    age(store, orphan, NOW - 2 * HOUR)
    age(store, fresh, NOW - HOUR / 2)
    swept = store.sweep({wanted}.intersection, NOW - HOUR)
    assert swept == Swept(seen=3, removed=1, bytes=6)
    assert set(store.names()) == {wanted, fresh}


def test_a_sweep_clears_what_a_crash_left(store: Store) -> None:
    store.write(b"photo")
    left = store.root / ".work" / "new-abc"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    store.sweep(set, NOW - HOUR)
    assert not left.exists()


def test_a_sweep_of_nothing_is_nothing(store: Store) -> None:
    assert store.sweep(set, NOW) == Swept()


def test_a_file_written_again_during_the_sweep_stays(store: Store) -> None:
    name = store.write(b"photo")
    age(store, name, NOW - 2 * HOUR)

    def somebody_uploads_it_again(names: list[str]) -> set[str]:
        store.write(b"photo")
        return set()

    assert store.sweep(somebody_uploads_it_again, NOW - HOUR).removed == 0
    assert store.read(name) == b"photo"


def test_writers_and_a_sweeper_at_once_lose_nothing(store: Store) -> None:
    """Every write must leave a file that a sweep with an hour's grace does not take."""
    data = [bytes([number]) * 50 for number in range(20)]
    for one in data:
        age(store, store.write(one), NOW - 2 * HOUR)
    done = threading.Event()

    def sweep() -> None:
        while not done.is_set():
            store.sweep(lambda names: (), NOW - HOUR)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        names = [store.write(one) for one in data]
    finally:
        done.set()
        sweeper.join()
    assert all(store.exists(name) for name in names)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    store = Store(tmp_path_factory.getbasetemp() / "any")
    assert store.read(store.write(data)) == data
