"""Files as people really bring them: any common encoding, cut off, or something else altogether.

Whatever is wrong with a file as a whole is a Refusal in words; whatever is wrong with one row is a
`LeftOut` and the rest goes on.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .words import Refusal, tr

MAX_BYTES = 100 * 1024 * 1024
#: First bytes of files that are sometimes taken for text, and what they are.
_KNOWN = {
    b"PK\x03\x04": ("电子表格或压缩包", "a spreadsheet or an archive"),
    b"\xd0\xcf\x11\xe0": ("旧版 Excel 文件", "an old Excel file"),
    b"%PDF": ("PDF 文件", "a PDF"),
    b"\x1f\x8b": ("gzip 压缩文件", "a gzip file"),
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Text:
    """A file's text, how it was encoded, and the hash of its bytes."""

    name: str
    text: str
    encoding: str
    sha256: str


@dataclass(frozen=True)
class LeftOut:
    """A row that was not taken: its number in the file, the field, and why."""

    row: int
    field: str
    reason: str

    def as_dict(self) -> dict[str, object]:
        """Plain data, for the report."""
        return {"row": self.row, "field": self.field, "reason": self.reason}


def read_text(file: Path) -> Text:
    """The text of a file in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030.

    Raises Refusal when it cannot be read, is empty, too large, binary, or cut off within a
    character.
    """
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise Refusal(
                tr(
                    f"{file.name} 超过 100 MB,请拆分后导入。",
                    f"{file.name} is larger than 100 MB; split it.",
                )
            )
        content = file.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(tr(f"无法读取 {file}:{why}", f"{file} cannot be read: {why}")) from error
    text, encoding = _decode(file.name, content)
    if not text.strip():
        raise Refusal(tr(f"{file.name} 是空文件。", f"{file.name} is empty."))
    return Text(file.name, text, encoding, hashlib.sha256(content).hexdigest())


def _decode(name: str, content: bytes) -> tuple[str, str]:
    for start, (zh, en) in _KNOWN.items():
        if content.startswith(start):
            raise Refusal(
                tr(
                    f"{name} 是{zh},不是文本。请另存为 CSV(UTF-8)或 GeoJSON 后导入。",
                    f"{name} is {en}, not text. Save it as CSV (UTF-8) or GeoJSON first.",
                )
            )
    try:
        if content.startswith(_UTF16):
            return content.decode("utf-16"), "utf-16"
        if b"\0" in content:
            raise _binary(name)
        return _utf8_or_gb(name, content)
    except UnicodeDecodeError as error:
        raise _binary(name) from error


def _utf8_or_gb(name: str, content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        # Good UTF-8 up to a last character that is not whole: read as GB18030 it would turn into
        # wrong but readable names.
        at_end = error.reason == "unexpected end of data"
        if at_end and any(byte > 127 for byte in error.object[: error.start]):
            raise Refusal(
                tr(
                    f"{name} 不完整,最后一个字被截断。请重新导出。",
                    f"{name} is cut off in the middle of its last character. Export it again.",
                )
            ) from error
        return content.decode("gb18030"), "gb18030"


def _binary(name: str) -> Refusal:
    return Refusal(
        tr(
            f"{name} 不是文本文件(UTF-8 或 GB18030)。",
            f"{name} is not a text file (UTF-8 or GB18030).",
        )
    )


@dataclass(frozen=True)
class Table:
    """A CSV file: the names of its columns and its rows, numbered as a spreadsheet shows them."""

    columns: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(source: Text) -> Table:
    """Split a CSV file (comma, semicolon or tab) into rows; blank rows are passed over.

    Raises Refusal for a file that ends inside a quoted cell or whose quotes do not match.
    """
    first = source.text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                records.append((number, [cell.strip() for cell in cells]))
    except csv.Error as error:
        line = reader.line_num
        raise Refusal(
            tr(
                f"{source.name} 第 {line} 行:引号不成对,或文件被截断。",
                f"{source.name}, line {line}: quotes do not match, or the file is cut off.",
            )
        ) from error
    columns = [name.lower() for name in records[0][1]]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise Refusal(
            tr(f"列名重复:{'、'.join(twice)}", f"Columns that come twice: {', '.join(twice)}")
        )
    return Table(columns, records[1:])


def read_json(source: Text) -> Any:
    """The JSON value in a file. Raises Refusal naming the line where it stops being JSON."""
    try:
        return json.loads(source.text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Refusal(
            tr(
                f"{source.name} 第 {error.lineno} 行第 {error.colno} 列起不是有效的 JSON"
                "(文件可能不完整)。",
                f"{source.name} stops being JSON at line {error.lineno}, column {error.colno} "
                "(perhaps it is cut off).",
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise Refusal(
            tr(f"{source.name} 不是有效的 JSON。", f"{source.name} is not valid JSON.")
        ) from error


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def text_fault(value: str, longest: int) -> str | None:
    """Why a text cannot be kept: too long, or with characters that no name has. None if it can."""
    if len(value) > longest:
        return tr(f"最多 {longest} 个字", f"at most {longest} characters")
    # Control characters and halves of pairs: a database refuses some, no eye sees any.
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        return tr("含有不可见或无效的字符", "holds characters that cannot be shown")
    return None
