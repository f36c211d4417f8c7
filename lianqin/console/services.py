"""What an install runs, where it listens, and how one asks whether it answers."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from lianqin.console import caddy
from lianqin.console.database import VARIABLE
from lianqin.console.home import Home
from lianqin.console.processes import MARK, with_package
from lianqin.console.supervisor import Service
from lianqin.console.words import Refusal, tr

DEFAULT_PORT = 8420
WORKERS, THREADS = 2, 8
LIANQIN = [sys.executable, "-m", "lianqin.console.cli"]


@dataclass
class Plan:
    """What to serve and where; `services` may be replaced (tests bring small ones)."""

    home: Home
    demo: bool = False
    day: bool = False
    port: int = DEFAULT_PORT
    hosts: tuple[str, ...] = ()
    public_url: str = ""
    desk: Path = field(default_factory=lambda: web_dist())
    services: Callable[[Plan, dict[str, str]], Sequence[Service]] | None = None
    migrate: bool = True

    @classmethod
    def from_environment(cls, *, demo: bool, day: bool = True) -> Plan:
        """Read LIANQIN_HOME, LIANQIN_PORT, LIANQIN_HOST, LIANQIN_PUBLIC_URL and LIANQIN_DEMO_DAY.
        Raises Refusal for a bad port or address."""
        text = os.environ.get("LIANQIN_PORT") or str(DEFAULT_PORT)
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise Refusal(
                tr(f"LIANQIN_PORT 不是端口号:{text}", f"LIANQIN_PORT is not a port number: {text}")
            )
        hosts = tuple(h.strip() for h in os.environ.get("LIANQIN_HOST", "").split(",") if h.strip())
        day = day and demo and os.environ.get("LIANQIN_DEMO_DAY", "on") != "off"
        public = _public_url(os.environ.get("LIANQIN_PUBLIC_URL", ""), hosts)
        home = Home.from_environment()
        return cls(home, demo=demo, day=day, port=int(text), hosts=hosts, public_url=public)

    @property
    def site(self) -> caddy.Site:
        """What Caddy is told."""
        # uvicorn opens its socket to all users; as root they could walk up to it, but for this.
        sockets = self.home.sockets / "http"
        return caddy.Site(
            port=self.port,
            hosts=self.hosts,
            public_url=self.public_url,
            web_socket=sockets / "web.sock",
            stream_socket=sockets / "stream.sock",
            desk=self.desk,
            static=self.home.static,
            log=self.home.log,
            storage=self.home.root / "caddy",
        )


def _public_url(text: str, hosts: tuple[str, ...]) -> str:
    """The address under which a proxy of the district's own shows this install; '' without one."""
    if not text:
        return ""
    if hosts:
        raise Refusal(
            tr(
                "LIANQIN_HOST 与 LIANQIN_PUBLIC_URL 只设其一:前者由本安装自己提供 https,"
                "后者由前面的代理提供。",
                "Set LIANQIN_HOST (this install does https itself) or LIANQIN_PUBLIC_URL (a proxy "
                "in front does), not both.",
            )
        )
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise Refusal(
            tr(
                f"LIANQIN_PUBLIC_URL “{text}”应为不带路径的地址,如 https://city.example",
                f"LIANQIN_PUBLIC_URL '{text}' should be an address without a path, such as "
                "https://city.example",
            )
        )
    return f"{parts.scheme}://{parts.netloc}"


def web_dist() -> Path:
    """The built front end: LIANQIN_WEB_DIST, else web/dist of the checkout."""
    named = os.environ.get("LIANQIN_WEB_DIST")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "web" / "dist"


def environment(plan: Plan, database_url: str) -> dict[str, str]:
    """Environment of a child: ours, without an administrator's database login, and marked."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("PG")
    }
    return with_package(kept) | {
        VARIABLE: database_url,
        "LIANQIN_HOME": str(plan.home.root),
        "LIANQIN_PORT": str(plan.port),
        "LIANQIN_WEB_DIST": str(plan.desk),
        "DJANGO_SETTINGS_MODULE": "lianqin.settings",
        "PYTHONUNBUFFERED": "1",
        MARK: str(plan.home.root),
    }


def standard_services(plan: Plan, env: dict[str, str]) -> list[Service]:
    """The processes of an install besides the database, in the order of their start."""
    site = plan.site
    site.web_socket.parent.mkdir(mode=0o700, exist_ok=True)
    caddyfile = plan.home.run / "Caddyfile"
    caddyfile.write_text(caddy.config(site), encoding="utf-8")
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--uds", str(site.web_socket),
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws",
        "--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5",
        "--log-level", "warning", "lianqin.console.wsgi:application",
    ]  # fmt: skip
    stream = [
        sys.executable, "-m", "uvicorn", "--uds", str(site.stream_socket), "--no-access-log",
        "--log-level", "warning", "--timeout-graceful-shutdown", "2",
        "lianqin.console.stream:application",
    ]  # fmt: skip
    return [
        _behind_socket("web", web, env, site.web_socket, "/"),
        _behind_socket("stream", stream, env, site.stream_socket, "/stream"),
        Service("tend", [*LIANQIN, "tend"], env),
        Service("clock", [*LIANQIN, "clock"], env),
        Service("notices", [*LIANQIN, "notices"], env),
        Service(
            "caddy",
            [caddy.program(), "run", "--config", str(caddyfile), "--adapter", "caddyfile"],
            env | {"HOME": str(plan.home.root), "XDG_DATA_HOME": str(plan.home.root)},
            ready=lambda: takes_connections(plan.port),
        ),
    ]


def living_day(env: dict[str, str], options: Sequence[str]) -> Service:
    """The process that plays a demo's day; it is a client of the public port and may end."""
    return Service("day", [*LIANQIN, "day", *options], env, may_end=True)


def _behind_socket(
    name: str, command: list[str], env: dict[str, str], path: Path, probe: str
) -> Service:
    return Service(
        name,
        command,
        env,
        ready=lambda: answers(path, probe),
        before=lambda: path.unlink(missing_ok=True),
    )


def answers(path: Path, target: str) -> bool:
    """Whether HTTP is spoken behind a unix socket; any status will do."""
    request = f"GET {target} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode()
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2.0)
            client.connect(str(path))
            client.sendall(request)
            return client.recv(16).startswith(b"HTTP/")
    except OSError:
        return False


def takes_connections(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except OSError:
        return False
    return True


def check_port(plan: Plan) -> None:
    """Raise Refusal, naming the variable to set, when the public port cannot be had."""
    host = "" if plan.hosts else "127.0.0.1"
    # A root-only port's neighbour is root-only too.
    other = f"LIANQIN_PORT={plan.port + 1 if 1023 < plan.port < 65535 else DEFAULT_PORT}"
    try:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, plan.port))
            trial.listen(1)
    except PermissionError as error:
        raise Refusal(
            tr(
                f"端口 {plan.port} 只有 root 可用。请另选,如 {other}。",
                f"Port {plan.port} is for root only. Choose another: {other}",
            )
        ) from error
    except OSError as error:
        raise Refusal(
            tr(
                f"端口 {plan.port} 已被占用。请另选,如 {other}。",
                f"Port {plan.port} is taken by another program. Choose another: {other}",
            )
        ) from error
