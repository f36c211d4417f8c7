"""Files as people really bring them: any common encoding, cut off, or something else altogether.

A file is looked through once, in pieces: what it is, how it is encoded, its hash. Whatever is wrong
with it as a whole is a Refusal in words; whatever is wrong with one row is a `LeftOut` and the rest
goes on.
"""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lianqin.console.words import Refusal, tr

MAX_BYTES = 1024 * 1024 * 1024
_PIECE = 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANK = b" \t\r\n"
#: First bytes of what is read, and of what is sometimes taken for it.
_BINARY = {b"PK\x03\x04": "xlsx", b"PAR1": "parquet"}
_KNOWN = {
    b"\xd0\xcf\x11\xe0": ("旧版 Excel 文件", "an old Excel file"),
    b"%PDF": ("PDF 文件", "a PDF"),
    b"\x1f\x8b": ("gzip 压缩文件", "a gzip file"),
}


@dataclass(frozen=True)
class Opened:
    """A file that can be read: what it is (`csv`, `json`, `xlsx`, `parquet`), how its text is
    encoded ('' if it is none), how large it is, and the hash of its bytes."""

    path: Path
    format: str
    encoding: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Its name, as messages call it."""
        return self.path.name

    @property
    def codec(self) -> str:
        """What Python calls the encoding when a mark at the beginning is to be passed over."""
        return "utf-8-sig" if self.encoding == "utf-8" else self.encoding


@dataclass(frozen=True)
class LeftOut:
    """A row that was not taken: its number in the file, the field, what is wrong and what would be
    right; `table` where a file holds several."""

    row: int
    field: str
    reason: str
    table: str = ""

    def as_dict(self) -> dict[str, object]:
        """Plain data, for the report."""
        found = {"row": self.row, "field": self.field, "reason": self.reason}
        return {"table": self.table, **found} if self.table else found


def open_file(path: Path) -> Opened:
    """Look a file through: UTF-8 (with or without BOM), UTF-16 with BOM, GB18030, XLSX, Parquet.

    Raises Refusal when it cannot be read, is empty, too large, something else, or cut off within
    a character.
    """
    digest = hashlib.sha256()
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Refusal(
                tr(
                    f"{path.name} 超过 1 GB,请拆分后导入。",
                    f"{path.name} is larger than 1 GB; split it.",
                )
            )
        first = b""
        for piece in _pieces(path):
            first = first or piece
            digest.update(piece)
        kind = _binary_kind(path.name, first)
        encoding = "" if kind else _encoding(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refusal(tr(f"无法读取 {path}:{why}", f"{path} cannot be read: {why}")) from error
    if not kind:
        kind = _text_kind(path, first, encoding)
    return Opened(path, kind, encoding, size, digest.hexdigest())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _binary_kind(name: str, first: bytes) -> str:
    for start, (zh, en) in _KNOWN.items():
        if first.startswith(start):
            raise Refusal(
                tr(
                    f"{name} 是{zh}。请另存为 CSV(UTF-8)、XLSX 或 GeoJSON 后导入。",
                    f"{name} is {en}. Save it as CSV (UTF-8), XLSX or GeoJSON first.",
                )
            )
    return next((kind for start, kind in _BINARY.items() if first.startswith(start)), "")


def _text_kind(path: Path, first: bytes, encoding: str) -> str:
    head = first.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    if not head and path.stat().st_size <= len(first):
        raise Refusal(tr(f"{path.name} 是空文件。", f"{path.name} is empty."))
    named = path.suffix.lower() in (".json", ".geojson")
    return "json" if named or head[:1] in ("{", "[") else "csv"


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(2)
    if start in _UTF16:
        return _decodes(path, "utf-16") or _refuse_binary(path.name)
    if any(b"\0" in piece for piece in _pieces(path)):
        _refuse_binary(path.name)
    return _utf8(path) or _decodes(path, "gb18030") or _refuse_binary(path.name)


def _decodes(path: Path, encoding: str) -> str:
    """The encoding, if the whole file is in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(path):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return ""
    return encoding


def _utf8(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    beyond_ascii = False
    try:
        for piece in _pieces(path):
            beyond_ascii = not decoder.decode(piece).isascii() or beyond_ascii
    except UnicodeDecodeError:
        return ""
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # Good UTF-8 up to a last character that is not whole: read as GB18030 it would turn into
        # wrong but readable names.
        if not beyond_ascii:
            return ""
        raise Refusal(
            tr(
                f"{path.name} 不完整,最后一个字被截断。请重新导出。",
                f"{path.name} is cut off in the middle of its last character. Export it again.",
            )
        ) from error
    return "utf-8"


def _refuse_binary(name: str) -> str:
    raise Refusal(
        tr(
            f"{name} 不是文本文件(UTF-8 或 GB18030)。",
            f"{name} is not a text file (UTF-8 or GB18030).",
        )
    )


def text_fault(value: str, longest: int) -> str | None:
    """Why a text cannot be kept: too long, or with characters that no name has. None if it can."""
    if len(value) > longest:
        return tr(f"最多 {longest} 个字", f"at most {longest} characters")
    # Control characters and halves of pairs: a database refuses some, no eye sees any.
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in value):
        return tr("含有不可见或无效的字符", "holds characters that cannot be shown")
    return None
