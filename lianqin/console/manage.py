"""`lianqin manage …`: Django's own commands on this install's database."""

from __future__ import annotations

import os
import warnings

import click

from lianqin.console.database import database
from lianqin.console.roles import APP, OWNER
from lianqin.console.words import tr

# They change tables, which only the owner may.
OWNERS = {"migrate", "flush", "sqlmigrate", "dbshell", "createcachetable"}
WITHOUT_DATABASE = {"makemigrations", "makemessages", "compilemessages", "check", "collectstatic"}


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
    help=tr("运行 Django 的管理命令。", "Run a management command of Django."),
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run a management command of Django, as the role that it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqin.settings")
    name = arguments[0] if arguments else "help"
    if name in WITHOUT_DATABASE or name in ("help", "--help"):
        # makemigrations looks for a database and complains; for these there need not be one.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent")
        _execute(arguments)
        return
    with database(OWNER if name in OWNERS else APP):
        _execute(arguments)


def _execute(arguments: tuple[str, ...]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lianqin manage", *arguments])
