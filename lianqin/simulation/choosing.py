"""The options by which a command is told what the columns of a request file mean."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from . import reading
from .profiles import COLUMNS, PROFILES, Profile, ProfileUnknown, generic, recognise
from .words import tr

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--profile",
        type=click.Choice(sorted(PROFILES)),
        help=tr("文件格式(默认按列名识别)", "layout of the file (default: by its columns)"),
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="FIELD=COLUMN",
        help=tr(
            f"未知格式:{'、'.join(COLUMNS)}",
            f"unknown layout: {', '.join(COLUMNS)}",
        ),
    ),
    click.option(
        "--zone",
        default="UTC",
        show_default=True,
        help=tr("--column 时的时区", "time zone, with --column"),
    ),
    click.option(
        "--date-format",
        "formats",
        multiple=True,
        metavar="STRPTIME",
        help=tr(
            "--column 时的时间格式(另可读 ISO 8601)",
            "format of times, with --column (ISO 8601 is always read)",
        ),
    ),
)


def profile_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command; they arrive as profile, columns, zone and formats."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)


def choose(
    file: Path, name: str | None, columns: tuple[str, ...], zone: str, formats: tuple[str, ...]
) -> Profile:
    """The profile that was named, or made from columns, or known by the file's own columns.

    Raises ProfileUnknown with what to do, FileUnreadable, click.BadParameter for an unknown zone.
    """
    if columns:
        named = dict(part.partition("=")[::2] for part in columns)
        return generic(named, _zone(zone), formats)
    if name:
        return PROFILES[name]
    try:
        return recognise(reading.columns_of(file))
    except ProfileUnknown as error:
        raise ProfileUnknown(
            tr(
                f"不认识此文件的列({error})。请用 --profile 指定,或用 --column 说明各列,例如 "
                "--column id=编号 --column created=上报时间 --column service=类别。",
                f"The layout of this file is not known (columns: {error}). Name it with --profile, "
                "or say which column is what: --column id=Ticket --column created=Opened "
                "--column service=Type.",
            )
        ) from error


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"{name}?", param_hint="--zone") from error
