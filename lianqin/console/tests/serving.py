"""A small install for tests: the real supervisor, database, granian, uvicorn and Caddy, with tiny
applications in place of Django. Run as a program it is `lianqin serve` on those.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from lianqin.console.guardian import GUARDIAN_MARK
from lianqin.console.home import Home
from lianqin.console.processes import is_alive, marked, postgres_of, sweep
from lianqin.console.serve import run
from lianqin.console.services import Plan, standard_services
from lianqin.console.supervisor import Service
from lianqin.console.words import Refusal

HERE = "lianqin.console.tests.serving"


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer with one value from the database, as the application role."""
    try:
        with psycopg.connect(os.environ["LIANQIN_DATABASE"], connect_timeout=2) as connection:
            row = connection.execute("SELECT current_user").fetchone()
    except psycopg.OperationalError:
        start_response("503 Away", [("Content-Type", "text/plain")])
        return [b"database away"]
    # As Django does: one of the headers that Caddy would add is there already.
    headers = [("Content-Type", "text/plain"), ("Server", "tiny"), ("Referrer-Policy", "origin")]
    start_response("200 OK", headers)
    return [str(row[0] if row else "").encode()]


async def asgi(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Stream two events and stay open."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"].endswith("shutdown"):
                return
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
    await receive()
    await receive()


def tiny_services(plan: Plan, env: dict[str, str]) -> list[Service]:
    """The standard services with the applications above."""
    chosen = standard_services(plan, env)
    for service in chosen:
        command = list(service.command)
        if service.name == "web":
            command[-1] = f"{HERE}:wsgi"
        elif service.name == "stream":
            command[-1] = f"{HERE}:asgi"
        elif service.name in ("tend", "clock", "notices"):
            command = ["sleep", "1000"]
        service.command = command
    return chosen


class Install:
    """One home with a `serve` that tests start, kill and ask: the tiny one, or the real one."""

    def __init__(self, root: Path, command: Sequence[str] = (sys.executable, "-m", HERE)) -> None:
        self.home = Home(root)
        self.command = list(command)
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = int(trial.getsockname()[1])
        self.process: subprocess.Popen[str] | None = None

    def start(self, **more: str) -> subprocess.Popen[str]:
        """Start `serve` without waiting for it."""
        env = os.environ | {"LIANQIN_HOME": str(self.home.root), "LIANQIN_PORT": str(self.port)}
        env |= {"LIANQIN_LANGUAGE": "en", "LIANQIN_WEB_DIST": str(self.home.root / "dist")}
        env["LIANQIN_DEMO_DAY"] = "off"
        for name in ("DATABASE_URL", "LIANQIN_DATABASE", "LIANQIN_HOST"):
            env.pop(name, None)
        self.process = subprocess.Popen(
            self.command,
            env=env | more,
            cwd=Path(__file__).resolve().parents[3],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.process

    def start_and_wait(self, seconds: float = 30.0) -> subprocess.Popen[str]:
        """Start `serve` and wait until its page answers."""
        process = self.start()
        self.until(lambda: self.phase() == "serving" or process.poll() is not None, seconds)
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        return process

    def phase(self) -> str:
        """What the `serve` started last says of itself (a killed one's state is not its own)."""
        state = self.home.read_state() or {}
        ours = self.process is not None and state.get("pid") == self.process.pid
        return str(state.get("phase", "")) if ours else ""

    def pid_of(self, service: str) -> int:
        """First process of a service as `serve` published it; 0 while it has none."""
        services = (self.home.read_state() or {}).get("services", {})
        return int(services.get(service, {}).get("pid", 0))

    def get(self, path: str = "/") -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of a page through Caddy; status 0 when nobody answers."""
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=15) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)
        except OSError:
            return 0, b"", {}

    def works(self) -> bool:
        return self.get()[:2] == (200, b"lianqin_app")

    def everyone(self) -> list[int]:
        """Every live process of this install."""
        root = self.home.root
        return sorted({*marked(root), *marked(root, GUARDIAN_MARK), *postgres_of(self.home.pg)})

    def until(self, true: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait until something is so; fail after `seconds`."""
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, f"still not so after {seconds} s"
            time.sleep(0.05)

    def clear(self) -> None:
        """Stop whatever a failed test has left."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout=30)
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()
        self.until(lambda: not [p for p in marked(self.home.root, GUARDIAN_MARK) if is_alive(p)])
        sweep(self.home.root)


@contextlib.contextmanager
def temporary_root() -> Iterator[Path]:
    """A folder that the database's own user can reach too (pytest's are closed to it). Its name
    begins with a dot, as one does on the way to a home where it usually lies (~/.local/share)."""
    root = Path(tempfile.mkdtemp(prefix=".lianqin-test-")).resolve()
    root.chmod(0o711)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    plan = Plan.from_environment(demo=False)
    plan.services, plan.migrate = tiny_services, False
    try:
        run(plan)
    except Refusal as refusal:
        sys.exit(str(refusal))
