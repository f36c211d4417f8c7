"""Sealing a log in blocks, off the hot path, and verifying it entry by entry."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from .canonical import block_hash, entry_hash
from .findings import Finding, name_findings
from .models import Entry, Head, Seal

BLOCK = 1000
HASH = 32


@dataclass(frozen=True)
class SealedLog:
    """One append-only table that is sealed: its name, model and the fields that are hashed."""

    name: str
    model: type[models.Model]

    def fields(self) -> list[str]:
        """Names of the hashed columns, in no particular order (the canonical form sorts them)."""
        return [f.attname for f in self.model._meta.concrete_fields if f.name != "position"]

    def hashes(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """Position and hash of every stored entry from `first` to `last`, streamed."""
        rows = self.model._default_manager.filter(position__gte=first, position__lte=last)
        names = self.fields()
        for row in rows.order_by("position").values("position", *names).iterator(2000):
            position = row.pop("position")
            yield position, entry_hash(row)


JOURNAL = SealedLog("journal", Entry)


@dataclass(frozen=True)
class Report:
    """What a verification saw: counts, the last seal and everything that is wrong.

    `not_in_file`: seals that only the database vouches for. A crash leaves one; many mean that
    the file was cut, and what they cover should be held against the printed seals.
    """

    log: str
    entries: int
    sealed: int
    seals: int
    head: int
    last_seal: str
    findings: list[Finding]
    not_in_file: int = 0

    @property
    def clean(self) -> bool:
        """True when nothing was found."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, for `--json`."""
        return {
            "log": self.log,
            "entries": self.entries,
            "sealed": self.sealed,
            "unsealed": self.entries - self.sealed,
            "seals": self.seals,
            "head": self.head,
            "last_seal": self.last_seal,
            "not_in_file": self.not_in_file,
            "clean": self.clean,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def seal(log: SealedLog, now: datetime, file: Path | None = None) -> int:
    """Seal every complete run of unsealed entries; return how many entries were sealed.

    Never goes past the head row, so an entry smuggled in behind it is not made respectable.
    Each new seal is appended to `file` too: whoever rewrites the database must also find the file
    (or the printed page).
    """
    sealed = 0
    while True:
        with transaction.atomic():
            # One sealer at a time; writers never wait for it.
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"seal {log.name}"]
                )
            last_seal = Seal.objects.filter(log=log.name).order_by("-number").first()
            first = last_seal.last + 1 if last_seal else 1
            head = Head.objects.get(log=log.name).position
            wanted = range(first, min(head, first + BLOCK - 1) + 1)
            found = list(islice(log.hashes(first, wanted.stop - 1), BLOCK)) if wanted else []
            if not found or [position for position, _ in found] != list(wanted):
                return sealed
            new = _make_seal(log, last_seal, found, now)
        if file is not None:
            _note(file, new)
        sealed += len(found)


def _make_seal(
    log: SealedLog, before: Seal | None, found: list[tuple[int, bytes]], now: datetime
) -> Seal:
    hashes = b"".join(digest for _, digest in found)
    previous = bytes(before.hash) if before else b"\0" * HASH
    first, last = found[0][0], found[-1][0]
    return Seal.objects.create(
        log=log.name,
        number=before.number + 1 if before else 1,
        first=first,
        last=last,
        entry_hashes=hashes,
        previous=previous,
        hash=block_hash(first, last, hashes, previous),
        sealed_at=now,
    )


@dataclass(frozen=True)
class SealState:
    """How far a log is sealed: the last seal and the last position given out. Says nothing of
    whether the entries still match; `verify` does."""

    log: str
    head: int
    number: int = 0
    sealed_to: int = 0
    hash: str = ""
    sealed_at: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """The state as plain data."""
        return {**self.__dict__, "unsealed": self.head - self.sealed_to}


def seal_state(log: SealedLog) -> SealState:
    """How far the log is sealed (two queries)."""
    head = Head.objects.values_list("position", flat=True).get(log=log.name)
    last = Seal.objects.filter(log=log.name).defer("entry_hashes").order_by("-number").first()
    if last is None:
        return SealState(log.name, head)
    return SealState(log.name, head, last.number, last.last, bytes(last.hash).hex(), last.sealed_at)


def line(seal: Seal) -> str:
    """One seal as it stands in the file and on paper."""
    at = seal.sealed_at.isoformat(timespec="seconds")
    return f"{seal.number}\t{seal.first}\t{seal.last}\t{bytes(seal.hash).hex()}\t{at}"


def _note(file: Path, seal: Seal) -> None:
    """Append the seal's line, on disk when it returns; a line that a power cut tore in the middle
    stays alone, so that it takes no other with it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab+") as out:
        torn = False
        if out.tell():
            out.seek(-1, os.SEEK_END)
            torn = out.read(1) != b"\n"
        out.write(("\n" if torn else "").encode() + line(seal).encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def verify(log: SealedLog, file: Path | None = None) -> Report:
    """Check a whole log against its seals and the seals against their file; streams.

    Names every altered, dropped, added, moved or swapped entry by position. Entries newer than
    the last seal can only be checked for gaps, and the report says how many those are.
    Reads one snapshot, so that what is written meanwhile is not taken for something added.
    """
    # The file first: a seal is in the database before it is in the file.
    kept = _kept_lines(file)
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        noted = set(kept)
        report = _verify(log, kept)
        if file is None:
            return report
        return replace(report, not_in_file=len(set(range(1, report.seals + 1)) - noted))


def _verify(log: SealedLog, kept: dict[int, str]) -> Report:
    findings: list[Finding] = []
    sealed_at: dict[int, bytes] = {}
    stored_at: dict[int, bytes] = {}
    previous, expected, number, sealed, entries = b"\0" * HASH, 1, 0, 0, 0
    last_hash = ""
    for block in Seal.objects.filter(log=log.name).order_by("number").iterator(50):
        number += 1
        findings += _check_chain(block, number, expected, previous, kept)
        hashes = bytes(block.entry_hashes)
        wrong, count = _check_block(log, block.first, block.last, hashes)
        entries += count
        for position, (sealed_hash, stored_hash) in wrong.items():
            if sealed_hash is not None:
                sealed_at[position] = sealed_hash
            if stored_hash is not None:
                stored_at[position] = stored_hash
        previous, expected = bytes(block.hash), block.last + 1
        sealed += block.last - block.first + 1
        last_hash = previous.hex()
    for lost in sorted(kept):
        findings.append(Finding("seal_missing", lost))
    head = Head.objects.get(log=log.name).position
    tail, count = _check_tail(log, expected, head)
    stored_at.update(tail.stored)
    findings += name_findings(sealed_at, stored_at) + tail.findings
    return Report(log.name, entries + count, sealed, number, head, last_hash, findings)


def _check_chain(
    block: Seal, number: int, expected: int, previous: bytes, kept: dict[int, str]
) -> list[Finding]:
    found = []
    whole = block_hash(block.first, block.last, bytes(block.entry_hashes), bytes(block.previous))
    if (
        block.number != number
        or block.first != expected
        or bytes(block.previous) != previous
        or bytes(block.hash) != whole
    ):
        found.append(Finding("seal_broken", block.number))
    noted = kept.pop(block.number, None)
    if noted is not None and noted != bytes(block.hash).hex():
        found.append(Finding("seal_differs_from_file", block.number))
    return found


def _check_block(
    log: SealedLog, first: int, last: int, hashes: bytes
) -> tuple[dict[int, tuple[bytes | None, bytes | None]], int]:
    stored = dict(log.hashes(first, last))
    wrong: dict[int, tuple[bytes | None, bytes | None]] = {}
    for index, position in enumerate(range(first, last + 1)):
        sealed = hashes[index * HASH : (index + 1) * HASH]
        if stored.get(position) != sealed:
            wrong[position] = (sealed, stored.get(position))
    return wrong, len(stored)


@dataclass
class _Tail:
    findings: list[Finding]
    stored: dict[int, bytes]


def _check_tail(log: SealedLog, first: int, head: int) -> tuple[_Tail, int]:
    """Entries without a seal: only gaps and strangers (behind the head, before 1) can be seen.

    Their hashes are kept when something is amiss, to recognise entries that were moved there.
    """
    rows = log.model._default_manager
    findings = [
        Finding("added", position)
        for position in rows.filter(
            models.Q(position__gt=head) | models.Q(position__lt=1)
        ).values_list("position", flat=True)[:1000]
    ]
    expected, count, stored = first, 0, {}
    for position, digest in log.hashes(first, head):
        findings += [
            Finding("dropped", gap) for gap in range(expected, min(position, expected + 1000))
        ]
        stored[position] = digest
        expected, count = position + 1, count + 1
    findings += [Finding("dropped", gap) for gap in range(expected, min(head + 1, expected + 1000))]
    return _Tail(findings, stored if len(stored) <= 5 * BLOCK else {}), count + len(
        [f for f in findings if f.kind == "added"]
    )


def _kept_lines(file: Path | None) -> dict[int, str]:
    """Seal number → hash, as the file has them; torn lines are passed over."""
    kept: dict[int, str] = {}
    if file is not None and file.exists():
        for text in file.read_text(encoding="utf-8", errors="replace").splitlines():
            parts = text.split("\t")
            if len(parts) == 5 and parts[0].isdigit():
                kept[int(parts[0])] = parts[3]
    return kept
