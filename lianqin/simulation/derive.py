"""`lianqin derive FILE --out DIR`: the import files of a rehearsal district."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from . import deriving, reading
from .choosing import choose, profile_options
from .profiles import Profile, ProfileUnknown
from .words import tr

HELP = tr(
    """由请求文件 FILE(CSV、Parquet)生成演练城区的导入表:文件自己的区域、单位、类别、
时限(各类“时限 − 上报”的中位数)、权责清单,以及虚构的账号。

只写文件,不接触服务器。写完后给出接下来要运行的命令。""",
    """Make the import files of a rehearsal district from a request file (CSV, Parquet): the file's
own areas, agencies and types, their limits (the median of due minus created), who has which type,
and invented accounts.

It writes files and talks to no server. It ends with the commands to run next.""",
)


@click.command(help=HELP)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=tr("写到此目录", "the folder to write to"),
)
@profile_options
@click.option("--district", metavar="CODE", help=tr("城区代码", "the district's code"))
@click.option("--name", help=tr("城区名称", "the district's name"))
@click.option("--prefix", help=tr("案号前缀", "the beginning of case numbers"))
@click.option(
    "--operators",
    default=2,
    show_default=True,
    type=click.IntRange(1, 50),
    help=tr("每个中心的坐席", "operators per centre"),
)
@click.option(
    "--checkers",
    default=4,
    show_default=True,
    type=click.IntRange(1, 200),
    help=tr("全区的核查员", "collectors in the whole district"),
)
@click.option(
    "--units",
    default=4,
    show_default=True,
    type=click.IntRange(1, 200),
    help=tr("每个单位的承办人员", "people per agency"),
)
def derive(
    file: Path, out: Path, profile: str | None, columns: tuple[str, ...], zone: str,
    formats: tuple[str, ...], district: str | None, name: str | None, prefix: str | None,
    operators: int, checkers: int, units: int,
) -> None:  # fmt: skip
    """Read the file, write the tables, say what was made and what comes next."""
    try:
        known = choose(file, profile, columns, zone, formats)
        found = deriving.Found().take(reading.raw_rows(file), known)
    except (ProfileUnknown, reading.FileUnreadable) as error:
        raise click.UsageError(str(error)) from error
    if not found.rows:
        raise click.ClickException(tr(f"{file} 没有可用的行", f"{file} holds no rows"))
    wish = deriving.Wish(
        code=district or known.city.get("code", "900001"),
        name=name or known.city.get("name", file.stem),
        prefix=prefix or known.city.get("prefix", "R"),
        zone=known.zone,
        operators=operators,
        checkers=checkers,
        units=units,
    )
    tables = deriving.Tables(found, wish, file.name)
    _write(out, tables.all())
    for line in (*_said(found, tables, known), "", *_next(out, tables)):
        click.echo(line)


def _write(out: Path, tables: dict[str, deriving.Table]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]) if rows else [])
            writer.writeheader()
            writer.writerows(rows)


def _said(found: deriving.Found, tables: deriving.Tables, known: Profile) -> Iterator[str]:
    yield f"{known.title or known.name}: {found.rows} {tr('行', 'rows')}"
    for name, rows in deriving.rows_of(tables.all()).items():
        yield f"  {name + '.csv':<16}{rows:>6}"
    units = ", ".join(
        f"{unit or tr('文件未写时限', 'no due dates in the file')} {n}"
        for unit, n in sorted(tables.units().items(), reverse=True)
    )
    yield tr(f"各类时限的单位:{units}", f"Limits of types, by unit: {units}")
    if found.at_once:
        yield tr(
            f"{len(found.at_once)} 类({found.at_once.total()} 行)的时限就是上报之时,不作时限",
            f"{len(found.at_once)} types ({found.at_once.total()} rows) are due the moment they "
            "are made: that is no limit",
        )
    if nameless := found.areas[""]:
        yield tr(
            f"{nameless} 行未写区域,由全区值班台处理",
            f"{nameless} rows name no area: the district's own desk takes them",
        )
    yield tr(
        "单位、区域、类别、时限、权责来自文件;派出所、指挥中心、账号是虚构的。",
        "Agencies, areas, types, limits and duty are the file's; stations, centres and accounts "
        "are invented.",
    )


def _next(out: Path, tables: deriving.Tables) -> Iterator[str]:
    wish = tables.wish
    yield tr(
        "接下来(另一终端已运行 lianqin serve):", "Next (with lianqin serve in another terminal):"
    )
    here = shlex.quote(str(out))
    yield (
        f"  lianqin import territory {here}/areas.csv --district {wish.code}"
        f" --name {shlex.quote(wish.name)} --name-en {shlex.quote(wish.name)}"
        f" --prefix {shlex.quote(wish.prefix)} --timezone {wish.zone}"
        " --demo"
    )
    for room, files in (
        ("force", ("agencies", "centres", "accounts")),
        ("catalogue", ("classes", "standards", "duty")),
    ):
        for name in files:
            yield f"  lianqin import {room} {here}/{name}.csv"
    yield "  lianqin demo staff"
    yield "  lianqin replay FILE --speed max"
