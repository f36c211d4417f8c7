"""A spreadsheet as somebody sends it: XLSX or CSV, read with bounds, cells with their addresses."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from lianqin.accounts.refusals import Refusal

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
#: The last row that a spreadsheet can have; a file may claim any.
LAST_ROW = 1_048_576
#: What a workbook may unpack to. 20,000 rows of tickets are about 30 MB.
MAX_UNPACKED = 80 * 1024 * 1024
MAX_PARTS = 500
#: The heading stands in one of the first rows; exports like to put a title above it.
HEADING_WITHIN = 10

#: A workbook that was cut off or changed by hand fails anywhere inside the reader.
_BROKEN = (
    InvalidFileException, zipfile.BadZipFile, ParseError, zlib.error,
    LookupError, ValueError, TypeError, AttributeError, EOFError, OSError,
)  # fmt: skip
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class SheetTooLarge(Refusal):
    """Refused before it is read."""

    code = "sheet_too_large"
    status = 413


@dataclass(frozen=True)
class Cell:
    """One cell: its address as a spreadsheet shows it, and what stands there.

    `value` is None (blank), a text without blanks around it, a number, a date (a day without a
    time) or a datetime without a zone; `broken` is the spreadsheet's own error (#REF! …).
    """

    address: str
    value: str | int | float | date | datetime | None
    broken: bool = False


Row = list[Cell]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file that are not blank, and the SHA-256 of its bytes."""

    sha256: str
    rows: list[tuple[int, Row]]


def read_sheet(content: bytes) -> Sheet:
    """Read the first sheet of an XLSX workbook, or a CSV file in UTF-8, UTF-16 or GB18030.

    Raises SheetTooLarge above 20 MB, Refusal for what is neither, for a workbook that unpacks to
    more than 80 MB, for more than 20,000 rows and for a file without any.
    """
    if len(content) > MAX_BYTES:
        raise SheetTooLarge(field="file", max_bytes=MAX_BYTES)
    if content.startswith(_OLD_EXCEL):
        raise Refusal("sheet_old_excel", field="file")
    zipped = content.startswith(b"PK\x03\x04")
    rows = _filled(_workbook(content) if zipped else _csv(content))
    if not rows:
        raise Refusal("sheet_empty", field="file")
    return Sheet(hashlib.sha256(content).hexdigest(), rows)


def _filled(rows: Iterable[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """The rows with anything in them, as many as may come."""
    found = []
    for number, row in rows:
        while row and row[-1].value is None and not row[-1].broken:
            row.pop()
        if row:
            found.append((number, row))
            if len(found) > MAX_ROWS + HEADING_WITHIN:
                raise Refusal("sheet_too_many_rows", field="file", max_rows=MAX_ROWS)
    return found


def _workbook(content: bytes) -> Iterator[tuple[int, Row]]:
    _refuse_bomb(content)
    try:
        # Entities and outside references are refused: openpyxl reads through defusedxml.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        rows = sheet.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW)
        blank = None  # rows that are not in the file all come as one and the same
        for number, cells in enumerate(rows, start=1):
            if cells is blank or all(one.value is None for one in cells):
                blank = cells
                continue
            yield number, [_cell(number, at, one) for at, one in enumerate(cells, start=1)]
    except _BROKEN as error:
        unsafe = isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        )
        raise Refusal("sheet_unsafe" if unsafe else "sheet_unreadable", field="file") from error


def _refuse_bomb(content: bytes) -> None:
    """Refuse an archive that says it unpacks to more than anybody's tickets. Nothing is ever
    unpacked beyond the size that its directory states, so the statement can be relied on."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise Refusal("sheet_unreadable", field="file") from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refusal("sheet_unpacks_too_large", field="file", max_bytes=MAX_UNPACKED)


def _cell(row: int, column: int, one: Any) -> Cell:
    address = f"{get_column_letter(column)}{row}"
    value = one.value
    if getattr(one, "data_type", "") == "e":
        return Cell(address, None, broken=True)
    if isinstance(value, str):
        return Cell(address, value.strip() or None)
    if isinstance(value, bool):
        return Cell(address, str(value).upper())
    if isinstance(value, datetime):
        timed = "h" in str(one.number_format).lower() or value.time() != datetime.min.time()
        return Cell(address, value if timed else value.date())
    if value is None or isinstance(value, int | float | date):
        return Cell(address, value)
    return Cell(address, str(value))


def _csv(content: bytes) -> Iterator[tuple[int, Row]]:
    text = _decoded(content)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MAX_COLUMNS:
                raise Refusal("sheet_unreadable", field="file")
            yield (
                number,
                [
                    Cell(f"{get_column_letter(at)}{number}", _plain(one))
                    for at, one in enumerate(cells, start=1)
                ],
            )
    except csv.Error as error:
        raise Refusal("sheet_quotes", field="file", line=reader.line_num) from error


def _plain(text: str) -> str | None:
    """A text as it is meant: without the apostrophe or ="…" that keep zeros in a spreadsheet."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.removeprefix("'").strip() or None


def _decoded(content: bytes) -> str:
    try:
        if content.startswith(_UTF16):
            return content.decode("utf-16")
        if b"\0" in content:
            raise Refusal("sheet_unreadable", field="file")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Refusal("sheet_unreadable", field="file") from error
