"""What an import did, in words for the console."""

from __future__ import annotations

import json
from typing import Any

import click

from lianqin.console.words import tr

#: Rows left out that the console lists; --json lists all.
SHOWN = 40


def say_import(report: dict[str, Any], as_json: bool) -> None:
    """Print what an import did."""
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    errors = report["errors"]
    click.echo(
        tr(
            f"读取 {report['read']} 行,{_outcome(report)},未变 {report['unchanged']},"
            f"未采用 {len(errors)}。",
            f"{report['read']} rows read, {_outcome(report)}, {report['unchanged']} unchanged, "
            f"{len(errors)} left out.",
        )
    )
    several = len(report["tables"]) > 1
    for table in report["tables"]:
        _say_table(table, several)
    say_rest(report)
    if not report["changes"] and not errors:
        click.echo(tr("内容与现有数据一致,没有改动。", "Nothing differs; nothing was changed."))


def say_rest(report: dict[str, Any]) -> None:
    """Notes, what was passed over, and the first of the rows left out."""
    for note in report["notes"]:
        click.echo(f"  {note}")
    errors = report["errors"]
    for zh, en, key in (
        ("未使用的列", "columns not used", "ignored_columns"),
        ("未使用的工作表", "sheets not used", "ignored_sheets"),
    ):
        if report[key]:
            click.echo("  " + tr(f"{zh}:", f"{en}: ") + ", ".join(report[key]))
    for error in errors[:SHOWN]:
        table = f"{error['table']} " if "table" in error else ""
        click.echo(f"  {table}{error['row']}: {error['field']}: {error['reason']}")
    if len(errors) > SHOWN:
        more = len(errors) - SHOWN
        click.echo(tr(f"  另有 {more} 行,见 --json", f"  and {more} more: --json lists them"))


def _say_table(table: dict[str, Any], several: bool) -> None:
    if not several:
        click.echo(tr(f"  表:{table['what']}", f"  table: {table['what']}"))
        return
    click.echo(
        tr(
            f"  {table['what']}:读取 {table['read']},不同 {table['changes']},"
            f"写入 {table['written']},未采用 {table['left_out']}",
            f"  {table['what']}: {table['read']} read, {table['changes']} differ, "
            f"{table['written']} written, {table['left_out']} left out",
        )
    )


def _outcome(report: dict[str, Any]) -> str:
    if report["dry_run"]:
        count = report["changes"]
        return tr(f"将写入 {count}(只检查,未写入)", f"{count} to be written (only checked)")
    return tr(f"写入 {report['written']}", f"{report['written']} written")
