"""Tables in CSV, XLSX and Parquet, as a stream of rows: never more than a piece in memory."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lianqin.console.words import Refusal, tr

from .files import Opened

#: A row as it stands in the file: its number as a spreadsheet shows it, and its cells as text.
Row = tuple[int, list[str]]
#: What a workbook may unpack to, and how many parts it may have.
MAX_UNPACKED, MAX_PARTS = 1024 * 1024 * 1024, 500
MAX_COLUMNS, LAST_ROW = 200, 1_048_576
#: Cells longer than this are a broken quote, not a text.
LONGEST_CELL = 1_000_000
_BATCH = 1_000
#: A workbook that was cut off or changed by hand fails anywhere inside the reader.
_BROKEN = (
    InvalidFileException, zipfile.BadZipFile, ParseError, zlib.error,
    LookupError, ValueError, TypeError, AttributeError, EOFError, OSError,
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A table of a file: its name where the file has several, its headings, and its rows, which
    can be gone through again. `about` is how many rows there may be, for showing progress."""

    name: str
    columns: list[str]
    rows: Callable[[], Iterator[Row]]
    about: int | None = None


def tables_of(source: Opened) -> list[Table]:
    """The tables of a file that are not blank.

    Raises Refusal for a file that is no table or has none, and for headings that come twice.
    """
    readers = {"csv": _csv_tables, "xlsx": _xlsx_tables, "parquet": _parquet_tables}
    if source.format not in readers:
        raise Refusal(
            tr(
                f"{source.name} 不是表格,应为 CSV、XLSX 或 Parquet。",
                f"{source.name} is not a table: CSV, XLSX or Parquet is needed.",
            )
        )
    found = readers[source.format](source)
    if not found:
        raise Refusal(tr(f"{source.name} 是空文件。", f"{source.name} is empty."))
    for table in found:
        twice = sorted({n for n in table.columns if n and table.columns.count(n) > 1})
        if twice:
            raise Refusal(
                tr(f"列名重复:{'、'.join(twice)}", f"Columns that come twice: {', '.join(twice)}")
            )
    return found


def _table(name: str, rows: Callable[[], Iterator[Row]], *, ragged: bool) -> Table | None:
    """The table whose first row that is not blank is its heading; in a `ragged` one blank cells at
    the end of a row may be missing."""
    with closing(rows()) as looked:  # type: ignore[type-var]
        first = next(looked, None)
    if first is None:
        return None
    columns = [" ".join(cell.lower().split()) for cell in first[1]]

    def body() -> Iterator[Row]:
        every = rows()
        next(every, None)
        for number, cells in every:
            yield number, cells + [""] * (len(columns) - len(cells)) if ragged else cells

    return Table(name, columns, body)


# --- CSV -----------------------------------------------------------------------------------------


def _csv_tables(source: Opened) -> list[Table]:
    table = _table("", lambda: _csv(source), ragged=False)
    return [table] if table else []


def _csv(source: Opened) -> Iterator[Row]:
    """Comma, semicolon or tab; blank rows are passed over."""
    csv.field_size_limit(LONGEST_CELL)
    with source.path.open(encoding=source.codec, newline="") as stream:
        first = next((line for line in stream if line.strip()), "")
        delimiter = max(",;\t", key=first.count)
        stream.seek(0)
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(reader, start=1):
                if any(cell.strip() for cell in cells):
                    yield number, [_plain(cell) for cell in cells]
        except csv.Error as error:
            line = reader.line_num
            raise Refusal(
                tr(
                    f"{source.name} 第 {line} 行:引号不成对,或文件被截断。",
                    f"{source.name}, line {line}: quotes do not match, or the file is cut off.",
                )
            ) from error


def _plain(text: str) -> str:
    """A text as it is meant: without the ="…" that keeps zeros in a spreadsheet."""
    text = text.strip()
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


# --- XLSX ----------------------------------------------------------------------------------------


def _xlsx_tables(source: Opened) -> list[Table]:
    names = _sheets(source)
    found = [_table(name, partial(_xlsx, source, name), ragged=True) for name in names]
    return [table for table in found if table is not None]


def _sheets(source: Opened) -> list[str]:
    try:
        parts = zipfile.ZipFile(source.path).infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Refusal(
                tr(
                    f"{source.name} 展开后过大,请拆分后导入。",
                    f"{source.name} unpacks to too much; split it.",
                )
            )
        with closing(load_workbook(source.path, read_only=True, keep_links=False)) as book:
            return [sheet.title for sheet in book.worksheets]
    except _BROKEN as error:
        raise _no_workbook(source) from error


def _xlsx(source: Opened, name: str) -> Iterator[Row]:
    try:
        book = load_workbook(source.path, read_only=True, data_only=True, keep_links=False)
        with closing(book):
            sheet: Any = book[name]
            sheet.reset_dimensions()  # what a file says of its own size is often wrong
            rows = sheet.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW, values_only=True)
            for number, values in enumerate(rows, start=1):
                if any(value is not None for value in values):
                    cells = [_text(value) for value in values]
                    while cells and not cells[-1]:
                        cells.pop()
                    if cells:
                        yield number, cells
    except _BROKEN as error:
        raise _no_workbook(source) from error


def _no_workbook(source: Opened) -> Refusal:
    return Refusal(
        tr(
            f"{source.name} 不是完整的电子表格(XLSX),请重新导出。",
            f"{source.name} is not a whole spreadsheet (XLSX). Export it again.",
        )
    )


def _text(value: Any) -> str:
    """What a cell of a workbook or a Parquet file says, as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        bare = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if bare else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal) and value == value.__trunc__():
        return str(int(value))
    return str(value).strip()


# --- Parquet -------------------------------------------------------------------------------------


def _parquet_tables(source: Opened) -> list[Table]:
    from pyarrow import ArrowException  # type: ignore[import-untyped]
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]

    try:
        with ParquetFile(source.path) as file:
            about, names = file.metadata.num_rows, list(file.schema_arrow.names)
    except (ArrowException, OSError) as error:
        raise Refusal(
            tr(
                f"{source.name} 不是完整的 Parquet 文件。",
                f"{source.name} is not a whole Parquet file.",
            )
        ) from error
    return [Table("", [name.lower() for name in names], lambda: _parquet(source), about)]


def _parquet(source: Opened) -> Iterator[Row]:
    from pyarrow.parquet import ParquetFile

    number = 1
    with ParquetFile(source.path) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            columns = [column.to_pylist() for column in batch.columns]
            for values in zip(*columns, strict=True):
                number += 1
                yield number, [_text(value) for value in values]
