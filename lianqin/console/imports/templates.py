"""Empty tables to fill in: headings, what each column takes, an example."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import xlsxwriter

from lianqin.console.words import Refusal, chinese, tr

from .columns import Kind
from .kinds import ROOMS

#: Rows below the heading whose cells are formatted as text, so that a typed 0406 stays one.
_WIDTH = 20


def write_template(room: str, file: Path, what: str | None) -> str:
    """Write the empty tables of a room (or the one called `what`); gives what to tell.

    Raises Refusal for an ending that is neither .xlsx nor .csv, and for a CSV of several tables.
    """
    kinds = [kind for kind in ROOMS[room].values() if what in (None, kind.name)]
    suffix = file.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise Refusal(
            tr(
                f"{file.name}:模板应以 .xlsx 或 .csv 结尾。",
                f"{file.name}: a template ends in .xlsx or .csv.",
            )
        )
    if suffix == ".csv" and len(kinds) > 1:
        names = ", ".join(kind.name for kind in kinds)
        raise Refusal(
            tr(
                f"CSV 只容一个表,请加 --what:{names}。",
                f"A CSV file holds one table: say which with --what: {names}.",
            )
        )
    try:
        _csv(file, kinds[0]) if suffix == ".csv" else _workbook(file, kinds)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refusal(tr(f"无法写入 {file}:{why}", f"{file} cannot be written: {why}")) from error
    tables = ", ".join(kind.name for kind in kinds)
    return tr(f"已写出 {file}:{tables}", f"{file}: {tables}")


def _csv(file: Path, kind: Kind) -> None:
    # With the mark at the beginning a spreadsheet reads it as UTF-8.
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, lineterminator="\n").writerow(column.name for column in kind.columns)


def _workbook(file: Path, kinds: list[Kind]) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "border": 1, "num_format": "@"}
        )
        needed = book.add_format(
            {"bold": True, "bg_color": "#FBE9D0", "border": 1, "num_format": "@"}
        )
        text = book.add_format({"num_format": "@"})
        for kind in kinds:
            sheet = book.add_worksheet(kind.zh if chinese() else kind.name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(kind.columns) - 1, _WIDTH, text)
            for at, column in enumerate(kind.columns):
                words = column.zh if chinese() else column.name
                sheet.write_string(0, at, words, needed if column.needed else head)
        _explain(book.add_worksheet(tr("填写说明", "Columns")), kinds, head, text)


def _explain(sheet: Any, kinds: list[Kind], head: Any, text: Any) -> None:
    sheet.set_column(0, 4, 24, text)
    sheet.set_column(4, 4, 80, text)
    titles = (tr("表", "Table"), tr("列", "Heading"), tr("必填", "Needed"), tr("例", "Example"))
    sheet.write_row(0, 0, (*titles, tr("说明", "What it takes")), head)
    row = 0
    for kind in kinds:
        for column in kind.columns:
            row += 1
            named = ""
            if column.needed:
                other = column.needed
                named = tr("是", "yes") if other is True else tr(f"或 {other}", f"or {other}")
            words = (kind.zh, column.zh) if chinese() else (kind.name, column.name)
            for at, said in enumerate((*words, named, column.example, tr(*column.takes))):
                sheet.write_string(row, at, said, text)
