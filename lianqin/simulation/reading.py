"""Request files as a stream of cleaned rows, with a count of everything odd about them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .profiles import Profile
from .request import SERVICE_LENGTH, Ids, Request, clean, read_row
from .words import tr

#: Cells longer than this are a broken quote, not a text.
LONGEST_CELL = 1_000_000


class FileUnreadable(ValueError):
    """The file cannot be read at all; the text says why and what can be."""


@dataclass
class Tally:
    """What became of the rows: read, left out and odd, by reason, with an example row each."""

    read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    example: dict[str, int] = field(default_factory=dict)

    def note(self, counter: Counter[str], reason: str, row: int) -> None:
        """Count one row under a reason."""
        counter[reason] += 1
        self.example.setdefault(reason, row)


@dataclass(frozen=True)
class Raw:
    """One row as it stands in the file; `broken` when no cells could be had from it."""

    row: int
    cells: Mapping[str, Any]
    odd: tuple[str, ...] = ()
    broken: bool = False


def kind_of(path: Path) -> str:
    """`csv` or `parquet`, by name; FileUnreadable for anything else."""
    suffix = path.suffix.lower()
    if suffix in (".csv", ".txt"):
        return "csv"
    if suffix in (".parquet", ".pq"):
        return "parquet"
    raise FileUnreadable(
        tr(
            f"不认识的文件类型 {suffix or path.name}:目前可读 .csv 与 .parquet。",
            f"Unknown kind of file {suffix or path.name}: .csv and .parquet can be read so far.",
        )
    )


def columns_of(path: Path) -> list[str]:
    """The names of the columns."""
    if kind_of(path) == "parquet":
        from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]

        return list(ParquetFile(path).schema_arrow.names)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return [clean(name) for name in next(csv.reader(stream), [])]


def raw_rows(path: Path) -> Iterator[Raw]:
    """Rows of the file in its order, counted from 1; never more than a batch in memory."""
    yield from _parquet(path) if kind_of(path) == "parquet" else _csv(path)


def _csv(path: Path) -> Iterator[Raw]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = csv.reader(stream)
        header = [clean(name) for name in next(lines, [])]
        number = 0
        while True:
            number += 1
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error:
                yield Raw(number, {}, broken=True)
                continue
            yield Raw(number, dict(zip(header, cells, strict=False)), _shape(cells, header))


def _shape(cells: list[str], header: list[str]) -> tuple[str, ...]:
    odd = []
    if cells and len(cells) != len(header):
        odd.append("cells_too_few" if len(cells) < len(header) else "cells_too_many")
    if any("\ufffd" in cell for cell in cells):
        odd.append("not_utf8")
    return tuple(odd)


def _parquet(path: Path) -> Iterator[Raw]:
    from pyarrow.parquet import ParquetFile

    number = 0
    for batch in ParquetFile(path).iter_batches(batch_size=2_000):
        for cells in batch.to_pylist():
            number += 1
            yield Raw(number, cells)


def read_file(
    path: Path, profile: Profile, tally: Tally, limit: int | None = None
) -> Iterator[Request]:
    """Cleaned requests in the file's order, at most `limit` rows read; counts into `tally`.

    Left out are only rows that hold nothing, rows that cannot be taken apart, and, where the
    profile says so, further rows of the same request; each is counted.
    """
    ids = Ids()
    for raw in raw_rows(path):
        if limit is not None and tally.read >= limit:
            return
        tally.read += 1
        reason = _left_out(raw)
        if reason:
            tally.note(tally.left_out, reason, raw.row)
            continue
        request = read_row(raw.row, raw.cells, profile, ids)
        if profile.one_per_id and request.repeat:
            tally.note(tally.left_out, "further_row_of_same_request", raw.row)
            continue
        for reason in (*raw.odd, *request.odd):
            tally.note(tally.odd, reason, raw.row)
        yield request


def _left_out(raw: Raw) -> str:
    if raw.broken:
        return "row_broken"
    return "" if any(clean(v) for v in raw.cells.values()) else "row_empty"


@dataclass(frozen=True)
class Words:
    """Every area and every service that a whole file names, sorted ('' when a row names none),
    and which services come in which areas."""

    areas: tuple[str, ...]
    services: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]


def words_of(path: Path, profile: Profile) -> Words:
    """The words of the whole file, so that what is made of them does not depend on --limit."""
    pairs = frozenset(
        (
            clean(raw.cells.get(profile.area)) if profile.area else "",
            clean(raw.cells.get(profile.service), SERVICE_LENGTH) if profile.service else "",
        )
        for raw in raw_rows(path)
    )
    areas, services = {area for area, _ in pairs}, {service for _, service in pairs}
    return Words(tuple(sorted(areas)), tuple(sorted(services)), pairs)


#: Reasons in words, for the table at the end.
REASONS: dict[str, tuple[str, str]] = {
    "row_broken": ("行无法解析", "row cannot be taken apart"),
    "row_empty": ("空行", "row holds nothing"),
    "further_row_of_same_request": ("同一请求的后续行", "further row of the same request"),
    "cells_too_few": ("单元格过少", "fewer cells than columns"),
    "cells_too_many": ("单元格过多", "more cells than columns"),
    "not_utf8": ("含非 UTF-8 字符", "bytes that are not UTF-8"),
    "id_missing": ("无编号(用行号代替)", "no id (the row's number stands in)"),
    "id_repeated": ("编号重复(并入前一件)", "id came before (joins that case)"),
    "type_missing": ("无类别", "no type"),
    "area_missing": ("无区域(见分配表)", "no area (see the table above)"),
    "created_missing": ("无上报时间(以收到为准)", "no time of report (arrival counts)"),
    "created_unreadable": ("上报时间不可读", "time of report cannot be read"),
    "due_unreadable": ("时限不可读", "due time cannot be read"),
    "closed_unreadable": ("结案时间不可读", "closing time cannot be read"),
    "duration_negative": ("结案早于上报", "closed before it was reported"),
    "due_before_created": ("时限早于上报", "due before it was reported"),
    "answer_without_case": ("服务器应答中没有案件", "the server's answer names no case"),
    "created_in_future": ("上报时间在未来", "reported in the future (arrival counts)"),
    "position_missing": ("无坐标", "no position"),
    "position_not_a_number": ("坐标不是数", "position is not numbers"),
    "position_null_island": ("坐标为零", "position is zero, zero"),
    "position_rounded": ("坐标取整到度", "position rounded to whole degrees"),
    "position_swapped": ("经纬度颠倒", "longitude and latitude swapped"),
    "position_outside_district": ("坐标在该城市之外", "position outside the file's own city"),
}


def reason_in_words(reason: str) -> str:
    """A reason of the tally in the reader's language."""
    return tr(*REASONS.get(reason, (reason, reason)))
