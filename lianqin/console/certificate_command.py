"""`lianqin certificate`: what an operator needs to bring the root certificate onto phones."""

from __future__ import annotations

import io
from pathlib import Path

import click
import qrcode

from .certificate import PAGE, Root, root_of
from .home import Home
from .services import Plan
from .words import Refusal, tr


@click.command(
    "certificate",
    help=tr(
        "本安装根证书的位置、指纹和手机打开的地址(二维码)",
        "Where the install's root certificate is, its fingerprint, and the address for phones as "
        "a QR code",
    ),
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=tr("另存一份", "also write a copy to this file"),
)
def command(output: Path | None) -> None:
    root = _root()
    click.echo(tr("根证书", "Root certificate") + f"  {root.path}")
    click.echo("SHA-256  " + root.fingerprint)
    click.echo(tr("有效至", "Valid until") + f"  {root.until:%Y-%m-%d}")
    if output is not None:
        output.write_bytes(root.pem)
        click.echo(tr("已写到", "Written to") + f"  {output}")
    for host in (plan := Plan.from_environment(demo=False)).hosts:
        address = f"https://{host}:{plan.port}{PAGE}"
        click.echo("\n" + tr("手机打开", "Open on the phone") + f"  {address}\n")
        click.echo(_drawn(address))


def _root() -> Root:
    plan = Plan.from_environment(demo=False)
    if not plan.hosts:
        raise Refusal(
            tr(
                "本安装未设置 LIANQIN_HOST,自己不签发证书。",
                "This install has no LIANQIN_HOST and issues no certificate of its own.",
            )
        )
    root = root_of(Home.from_environment().root)
    if root is None:
        raise Refusal(
            tr(
                "还没有证书。请先用 LIANQIN_HOST 启动一次 lianqin serve。",
                "There is no certificate yet. Start `lianqin serve` with LIANQIN_HOST once.",
            )
        )
    return root


def _drawn(text: str) -> str:
    """A QR code in characters, dark on light as scanners expect on a dark terminal too."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue()
