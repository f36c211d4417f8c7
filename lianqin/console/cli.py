"""The `lianqin` command: one name for everything a person runs.

Commands are loaded only when called, so that `--help` answers at once and without a database.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Any

import click

from lianqin import __version__
from lianqin.console.words import Refusal, tr


@dataclass(frozen=True)
class Lazy:
    """A command somewhere else: where it lies, its group in --help, its one line."""

    target: str
    group: str
    zh: str
    en: str


COMMANDS: dict[str, Lazy] = {
    "serve": Lazy(
        "lianqin.console.serve:command",
        "run",
        "在前台运行整个系统",
        "Run the whole install in the foreground",
    ),
    "certificate": Lazy(
        "lianqin.console.certificate_command:command",
        "run",
        "手机要装的根证书:位置、指纹、二维码",
        "The root certificate for phones: where, fingerprint, QR code",
    ),
    "check": Lazy(
        "lianqin.console.check:command",
        "run",
        "用文字说明配置与健康状况",
        "Say in words whether configuration and health are right",
    ),
    "demo": Lazy(
        "lianqin.console.demo_command:demo",
        "data",
        "演示城区:seed、reset、accounts、staff、time、day",
        "The demo district: seed, reset, accounts, staff, time, day",
    ),
    "import": Lazy(
        "lianqin.console.import_commands:import_",
        "data",
        "导入:territory、force、catalogue、requests",
        "Bring data in: territory, force, catalogue, requests",
    ),
    "export": Lazy(
        "lianqin.console.export_commands:export",
        "data",
        "导出任务回复表",
        "Take the sheet of replies to tickets out",
    ),
    "account": Lazy(
        "lianqin.console.account_commands:account",
        "data",
        "账号与令牌:add、invite、password、token、list",
        "Accounts and tokens: add, invite, password, token, list",
    ),
    "ladder": Lazy(
        "lianqin.console.ladder_command:command",
        "data",
        "提醒升级的时间",
        "When alerts climb, dated",
    ),
    "derive": Lazy(
        "lianqin.simulation.derive:derive",
        "data",
        "由请求文件生成演练城区的导入表",
        "Make the import files of a rehearsal district from a request file",
    ),
    "replay": Lazy(
        "lianqin.simulation.replay:replay",
        "data",
        "按文件中的节奏经 HTTP 上报",
        "Report the rows of a file over HTTP, in their own rhythm",
    ),
    "day": Lazy(
        "lianqin.simulation.day.command:command",
        "data",
        "演示日:按演示时间经 HTTP 演一天(由 serve --demo 启动)",
        "Play the demo's day over HTTP on its time (started by serve --demo)",
    ),
    "journal": Lazy(
        "lianqin.console.commands:journal",
        "inspect",
        "日志:verify、seal、seals",
        "The journal: verify, seal, seals",
    ),
    "docs": Lazy(
        "lianqin.console.commands:docs",
        "inspect",
        "由代码生成的文档",
        "Write the documents that are made from the code",
    ),
    "tend": Lazy(
        "lianqin.console.commands:tend",
        "inside",
        "封存日志、清理文件(由 serve 启动)",
        "Seal the journal, sweep files (started by serve)",
    ),
    "clock": Lazy(
        "lianqin.console.clock_loop:command",
        "inside",
        "计时提醒与挂账到期(由 serve 启动)",
        "Give the alerts of the clocks, lift suspensions (started by serve)",
    ),
    "notices": Lazy(
        "lianqin.console.notice_loop:command",
        "inside",
        "通知与提醒升级(由 serve 启动)",
        "Tell people, let alerts climb (started by serve)",
    ),
    "manage": Lazy(
        "lianqin.console.manage:command",
        "inside",
        "Django 管理命令",
        "A management command of Django",
    ),
}
GROUPS = {
    "run": ("运行", "Run"),
    "data": ("数据", "Data"),
    "inspect": ("查验", "Inspect"),
    "inside": ("内部", "Inside"),
}
EXAMPLES = (
    ("lianqin serve --demo", "演示城区,首次启动时装入", "the demo district, seeded on first start"),
    ("lianqin check", "端口、磁盘、密钥、数据库、迁移", "port, disk, keys, database, migrations"),
    ("lianqin replay calls.csv --limit 500", "前 500 行,按原有节奏", "the first 500 rows"),
    ("lianqin journal verify", "逐条核对封存", "every entry against its seal"),
    ("lianqin check --json | jq .ok", "供程序读取", "for a program to read"),
)  # fmt: skip
VARIABLES = (
    ("LIANQIN_HOME", "数据目录(默认 ~/.local/share/lianqin,root 为 /var/lib/lianqin)",
     "data folder (default ~/.local/share/lianqin; as root /var/lib/lianqin)"),
    ("LIANQIN_PORT", "唯一的对外端口(默认 8420)", "the one public port (default 8420)"),
    ("LIANQIN_HOST", "对外名称或地址,逗号分隔;设置后用 https。未设置时仅限本机",
     "public name or address, comma between several; then https. Unset: this machine only"),
    ("LIANQIN_PUBLIC_URL", "前面另有代理时,对外的地址,如 https://city.example",
     "the address under which a proxy of yours in front shows it"),
    ("DATABASE_URL", "自备的 PostgreSQL ≥ 15(管理员登录);未设置时使用内置的",
     "a PostgreSQL ≥ 15 of yours (administrator's login); unset: the embedded one"),
    ("LIANQIN_DEMO_DAY", "off:serve --demo 不启动演示日", "off: `serve --demo` runs no living day"),
    ("LIANQIN_DEMO_TEAMS", "演示城区的队数:5(试点)或 13(全区)",
     "teams of the demo district: 5 (the pilot) or 13 (all of it)"),
    ("LIANQIN_WEB_DIST", "已构建的前端(默认 web/dist)", "the built front end (default web/dist)"),
    ("LIANQIN_LANGUAGE", "本命令的语言:zh 或 en(默认随终端)",
     "language of this command: zh or en (default: the terminal's)"),
)  # fmt: skip


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        lazy = COMMANDS.get(cmd_name)
        if lazy is None:
            return None
        module, _, attribute = lazy.target.partition(":")
        loaded = getattr(importlib.import_module(module), attribute)
        assert isinstance(loaded, click.Command)
        return loaded

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for key, names in GROUPS.items():
            with formatter.section(tr(*names)):
                formatter.write_dl(
                    [(name, tr(c.zh, c.en)) for name, c in COMMANDS.items() if c.group == key]
                )
        with formatter.section(tr("例", "Examples")):
            formatter.write_dl([(text, tr(zh, en)) for text, zh, en in EXAMPLES])
        with formatter.section(tr("环境变量", "Environment")):
            formatter.write_dl([(name, tr(zh, en)) for name, zh, en in VARIABLES])

    def invoke(self, ctx: click.Context) -> Any:
        """Show a Refusal as the plain words it is, in every command."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            ctx.exit(1)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=tr(
        "联勤:城市联勤联动平台。每个安装对应一个区。",
        "Lianqin 联勤, the platform for joint duty in a city. One install is one district.",
    ),
)
@click.version_option(__version__, prog_name="lianqin")
def main() -> None:
    """The group itself does nothing; see COMMANDS."""


if __name__ == "__main__":
    sys.exit(main())
