"""Seals: whoever tampers with the journal is named, by position and by what they did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from lianqin.journal.append import Draft, append
from lianqin.journal.canonical import canonical_bytes, entry_hash, refuse_free_text, text_hash
from lianqin.journal.findings import name_findings
from lianqin.journal.models import Entry
from lianqin.journal.seals import JOURNAL, seal, verify

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
Address = Callable[[str], str]


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            append(
                Draft("note", "case", uuid4(), "990101", uuid4(), "operator", NOW, NOW,
                      data={"n": number})
            )  # fmt: skip


@pytest.fixture
def sealed(committed: Address, home: Path) -> Callable[[str], list[tuple[str, int, int | None]]]:
    """Ten sealed entries; gives a function that tampers as the owner and verifies."""
    write(10)
    file = home / "seals.txt"
    assert seal(JOURNAL, NOW, file) == 10
    assert verify(JOURNAL, file).clean

    def tamper(sql: str) -> list[tuple[str, int, int | None]]:
        with psycopg.connect(committed("lianqin_owner"), autocommit=True) as owner:
            owner.execute(sql)  # type: ignore[arg-type]
        return [(f.kind, f.position, f.other) for f in verify(JOURNAL, file).findings]

    return tamper


COLUMNS = (
    "id, act, subject_kind, subject_id, place, actor_id, actor_role, occurred_at, recorded_at,"
    " marked, origin, serial_key, serial, text_hash, data"
)


def test_an_altered_entry_is_named(sealed: Callable[[str], list[object]]) -> None:
    assert sealed("UPDATE journal_entry SET act = 'close' WHERE position = 4") == [
        ("altered", 4, None)
    ]


def test_a_dropped_entry_is_named(sealed: Callable[[str], list[object]]) -> None:
    assert sealed("DELETE FROM journal_entry WHERE position = 7") == [("dropped", 7, None)]


def test_an_entry_added_behind_the_head_is_named(sealed: Callable[[str], list[object]]) -> None:
    assert sealed(
        f"INSERT INTO journal_entry (position, {COLUMNS}) SELECT 11, gen_random_uuid(),"
        f" {COLUMNS.removeprefix('id,')} FROM journal_entry WHERE position = 1"
    ) == [("added", 11, None)]


def test_an_entry_pushed_in_between_is_named(sealed: Callable[[str], list[object]]) -> None:
    found = sealed(
        "UPDATE journal_entry SET position = position + 1000 WHERE position >= 5;"
        "UPDATE journal_entry SET position = position - 999 WHERE position > 1000;"
        f"INSERT INTO journal_entry (position, {COLUMNS}) SELECT 5, gen_random_uuid(),"
        f" {COLUMNS.removeprefix('id,')} FROM journal_entry WHERE position = 1;"
        "UPDATE journal_head SET position = 11 WHERE log = 'journal'"
    )
    assert found == [("added", 5, None), ("shifted", 6, 1)]


def test_two_swapped_entries_are_named(sealed: Callable[[str], list[object]]) -> None:
    assert sealed(
        "UPDATE journal_entry SET position = -1 WHERE position = 3;"
        "UPDATE journal_entry SET position = 3 WHERE position = 8;"
        "UPDATE journal_entry SET position = 8 WHERE position = -1"
    ) == [("swapped", 3, 8)]


def test_whoever_seals_anew_is_betrayed_by_the_file(
    sealed: Callable[[str], list[object]], home: Path
) -> None:
    found = sealed(
        "UPDATE journal_entry SET act = 'x' WHERE position = 4; DELETE FROM journal_seal"
    )
    assert found == [("seal_missing", 1, None)]
    seal(JOURNAL, NOW)
    assert [f.kind for f in verify(JOURNAL, home / "seals.txt").findings] == [
        "seal_differs_from_file"
    ]


def test_the_sealer_does_not_go_past_the_head(committed: Address) -> None:
    write(3)
    with psycopg.connect(committed("lianqin_owner"), autocommit=True) as owner:
        owner.execute(
            f"INSERT INTO journal_entry (position, {COLUMNS}) SELECT 4, gen_random_uuid(),"  # type: ignore[arg-type]
            f" {COLUMNS.removeprefix('id,')} FROM journal_entry WHERE position = 1"
        )
    assert seal(JOURNAL, NOW) == 3
    assert [f.kind for f in verify(JOURNAL).findings] == ["added"]


def test_many_blocks_verify_and_name_a_fault_in_the_middle(
    committed: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianqin.journal.seals.BLOCK", 4)
    write(18)
    assert seal(JOURNAL, NOW) == 18
    report = verify(JOURNAL)
    assert (report.seals, report.sealed, report.clean) == (5, 18, True)
    with psycopg.connect(committed("lianqin_owner"), autocommit=True) as owner:
        owner.execute("UPDATE journal_entry SET act = 'x' WHERE position = 10")
    assert [(f.kind, f.position) for f in verify(JOURNAL).findings] == [("altered", 10)]


@pytest.mark.parametrize("table", ["journal_entry", "journal_seal", "accounts_accessentry"])
@pytest.mark.parametrize("act", ["UPDATE {} SET position = 9", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.django_db
def test_the_application_role_may_not_change_what_is_written(table: str, act: str) -> None:
    sql = (
        act.format(table).replace("position = 9", "id = id")
        if "seal" in table
        else act.format(table)
    )
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["journal_head", "journal_serial"])
@pytest.mark.django_db
def test_the_application_role_may_not_set_positions(table: str) -> None:
    column = "position" if table == "journal_head" else "value"
    for sql in (f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_even_the_owner_does_not_truncate_by_mistake(committed: Address) -> None:
    with (
        psycopg.connect(committed("lianqin_owner"), autocommit=True) as owner,
        pytest.raises(psycopg.errors.RaiseException, match="append-only"),
    ):
        owner.execute("TRUNCATE journal_entry")


def test_the_canonical_form_of_an_entry_never_changes() -> None:
    """A golden entry: every later version must still hash it to the same bytes."""
    fields = {
        "id": "0193a2b4-0000-7000-8000-000000000001",
        "act": "file",
        "occurred_at": datetime.fromisoformat("2026-11-23T20:04:00+08:00"),
        "marked": False,
        "serial": None,
        "data": {"to": "filed", "from": "reported", "n": 1},
    }
    assert canonical_bytes(fields) == (
        b'{"act":"file","data":{"from":"reported","n":1,"to":"filed"},'
        b'"id":"0193a2b4-0000-7000-8000-000000000001","marked":false,'
        b'"occurred_at":"2026-11-23T12:04:00.000000Z","serial":null}'
    )
    assert entry_hash(fields).hex() == (
        "47d01f4547ef115d404cc6ab596ec4916497cb88a1efbd1a12760f69adad8c91"
    )


def test_a_journal_sealed_by_an_earlier_version_still_verifies(committed: Address) -> None:
    """Golden entries with the hash they were sealed under in version 0.1."""
    golden = Path(__file__).with_name("golden_journal.sql").read_text()
    with psycopg.connect(committed("lianqin_owner"), autocommit=True) as owner:
        owner.execute(golden)  # type: ignore[arg-type]
    report = verify(JOURNAL)
    assert (report.entries, report.sealed, report.clean) == (3, 3, True)
    assert Entry.objects.get(position=1).serial == 42


@pytest.mark.parametrize(
    "data",
    [{"a": "王小明"}, {"a": 1.5}, {"a": ["two words"]}, {"a": {"b": "x@y"}}, {"a": "x" * 81}],
)
def test_free_text_and_fractions_are_not_journalled(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="journal data"):
        refuse_free_text(data)


def test_the_hash_of_texts_depends_on_their_borders() -> None:
    assert text_hash(["ab", "c"]) != text_hash(["a", "bc"])
    assert text_hash([]) == ""


@given(
    st.integers(2, 30).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(1, n), st.integers(1, n))
    )
)
def test_any_single_fault_is_named_and_nothing_else(case: tuple[int, int, int]) -> None:
    count, one, other = case
    sealed = {p: bytes([p]) for p in range(1, count + 1)}

    def wrong(stored: dict[int, bytes]) -> list[tuple[str, int, int | None]]:
        positions = [p for p in sealed | stored if sealed.get(p) != stored.get(p)]
        found = name_findings(
            {p: sealed[p] for p in positions if p in sealed},
            {p: stored[p] for p in positions if p in stored},
        )
        return [(f.kind, f.position, f.other) for f in found]

    assert wrong(sealed) == []
    assert wrong({**sealed, one: b"x"}) == [("altered", one, None)]
    assert wrong({p: h for p, h in sealed.items() if p != one}) == [("dropped", one, None)]
    if one != other:
        swapped = {**sealed, one: sealed[other], other: sealed[one]}
        assert wrong(swapped) == [("swapped", min(one, other), max(one, other))]


def test_what_is_written_during_a_verification_is_not_taken_for_added(
    committed: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from django.db import connections

    from lianqin.journal import seals

    write(5)
    seal(JOURNAL, NOW)

    def other() -> None:
        write(3)
        connections["default"].close()

    check_chain = seals._check_chain

    def slow(*args: object) -> list[object]:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        return check_chain(*args)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(seals, "_check_chain", slow)
    report = verify(JOURNAL)
    assert report.clean
    assert (report.head, Entry.objects.count()) == (5, 8)


def test_a_line_torn_in_the_seals_file_takes_no_other_with_it(
    committed: Address, home: Path
) -> None:
    """The power went in the middle of a line: the next seal begins a line of its own."""
    file = home / "seals.txt"
    for _ in range(3):
        write(3)
        seal(JOURNAL, NOW, file)
    whole = file.read_bytes().splitlines(keepends=True)
    for torn in (whole[2][:1], whole[2][:7], whole[2][:40], b"\xff\xfe"):
        file.write_bytes(whole[0] + whole[1] + torn)
        write(3)
        assert seal(JOURNAL, NOW, file) == 3
        assert verify(JOURNAL, file).clean
        last = file.read_bytes().splitlines()[-1]
        assert last.count(b"\t") == 4
        assert last.startswith(str(verify(JOURNAL).seals).encode())


def test_a_seal_whose_line_was_never_written_is_counted_and_no_tampering(
    committed: Address, home: Path
) -> None:
    file = home / "seals.txt"
    write(3)
    seal(JOURNAL, NOW, file)
    write(3)
    seal(JOURNAL, NOW, None)
    report = verify(JOURNAL, file)
    assert report.clean
    assert report.as_dict()["not_in_file"] == 1


def test_two_sealers_at_once_make_one_chain(committed: Address, home: Path) -> None:
    import threading

    file = home / "seals.txt"
    write(60)
    done: list[int] = []

    def run() -> None:
        done.append(seal(JOURNAL, NOW, file))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    write(20)
    for thread in threads:
        thread.join()
    seal(JOURNAL, NOW, file)
    report = verify(JOURNAL, file)
    assert report.clean
    assert (report.sealed, report.as_dict()["not_in_file"]) == (80, 0)


def test_verifying_while_others_write_and_seal_finds_nothing(
    committed: Address, home: Path
) -> None:
    import threading

    file = home / "seals.txt"
    write(20)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            write(5)
            seal(JOURNAL, NOW, file)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert [verify(JOURNAL, file).findings for _ in range(15)] == [[]] * 15
    finally:
        stop.set()
        thread.join()
