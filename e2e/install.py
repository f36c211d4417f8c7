"""One demo install for the whole suite: started, asked over HTTP, and stopped by its own pid."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from lianqin.console.demo_district import SCENES, photo
from lianqin.console.home import Home
from lianqin.console.services import Plan, web_dist

ROOT = Path(__file__).resolve().parents[1]
START_S = 180
PENGCHENG = "pengcheng"
QINGNIAN = "qingnian"


class Install:
    """A running demo district and what its accounts may ask of it over HTTP."""

    def __init__(self, home: Path, address: str) -> None:
        self.home = Home(home)
        self.address = address
        self.http = httpx.Client(base_url=address, trust_env=False, timeout=30)

    @property
    def dist(self) -> Path:
        """The built front end that this install serves."""
        return self.home.root / "dist"

    @cached_property
    def accounts(self) -> dict[str, dict[str, Any]]:
        """Demo accounts by user name: name, token, roles."""
        text = (self.home.root / "demo-accounts.json").read_text(encoding="utf-8")
        return {account["username"]: account for account in json.loads(text)["accounts"]}

    def headers(self, username: str) -> dict[str, str]:
        """What a program of this account sends with every request."""
        return {"Authorization": f"Bearer {self.accounts[username]['token']}"}

    def get(self, username: str, path: str, **query: Any) -> dict[str, Any]:
        """The answer to a reading that must succeed."""
        answer = self.http.get(f"/api/v1{path}", params=query, headers=self.headers(username))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def post(self, username: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a write that must succeed; each call is an intent of its own."""
        headers = {**self.headers(username), "Idempotency-Key": str(uuid.uuid4())}
        answer = self.http.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    def report(
        self, address: str, spot: tuple[float, float], *, code: str = "0406"
    ) -> dict[str, Any]:
        """Send a report as the public's own program does; returns the case's row."""
        body = {
            "class": {"kind": "event", "code": code},
            "description": "占用人行道摆摊,行人绕行到机动车道。",
            "address": address,
            "lon": spot[0],
            "lat": spot[1],
        }
        case: dict[str, Any] = self.post("reporter-client", "/reports", body)["case"]
        return case

    def act(self, username: str, case: dict[str, Any], act: str, **body: Any) -> dict[str, Any]:
        """Do an act on the case as last seen; returns its new row."""
        body["expected_version"] = case["version"]
        row: dict[str, Any] = self.post(username, f"/cases/{case['id']}/acts/{act}", body)["case"]
        return row

    def filed(self, username: str, case: dict[str, Any]) -> dict[str, Any]:
        """File a case under the first condition of its class; a public report is verified first."""
        # Whoever reported may not read the case: its row is then blank.
        case = self.get(username, f"/cases/{case['id']}")["case"]
        if case["source"] == "public":
            case = self.act(username, case, "verify", found=True, means="video")
        path = f"/classes/{case['kind']}/{case['code']}/standards"
        items = self.get(username, path)["items"]
        return self.act(username, case, "file", standard_id=items[0]["id"])

    def checker(self, username: str, case_id: str) -> str:
        """User name of whoever was drawn to check a case."""
        drawn = self.get(username, f"/cases/{case_id}")["checker"]
        assert drawn["drawn"], "nobody could be drawn"
        return next(n for n, account in self.accounts.items() if account["name"] == drawn["name"])

    def upload(self, username: str, picture: bytes) -> str:
        """Store a photo; returns its id."""
        headers = {**self.headers(username), "Idempotency-Key": str(uuid.uuid4())}
        files = {"file": ("photo.jpg", picture, "image/jpeg")}
        answer = self.http.post("/api/v1/files", files=files, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def timeline(self, username: str, case_id: str) -> list[str]:
        """The acts of a case in the order of the journal."""
        entries = self.get(username, f"/cases/{case_id}")["timeline"]
        return [e["act"] for e in sorted(entries, key=lambda entry: entry["position"])]

    def crew_account(self, crew_id: str) -> str:
        """User name of the first account that belongs to a crew."""
        return next(
            username
            for username, account in sorted(self.accounts.items())
            if any(role["crew_id"] == crew_id for role in account["roles"])
        )

    def nearest_crew(self, username: str, case_id: str) -> dict[str, Any]:
        """The first crew among those that may be sent to a case."""
        items = self.get(username, f"/cases/{case_id}/candidates")["items"]
        found: dict[str, Any] = next(item for item in items if item["kind"] == "crew")
        return found

    def state(self) -> dict[str, Any]:
        """What `serve` says of itself."""
        return self.home.read_state() or {}

    def pid_of(self, service: str) -> int:
        """Process of a service as `serve` published it."""
        return int(self.state()["services"][service]["pid"])

    @property
    def stream_socket(self) -> Path:
        """Where the stream process listens behind Caddy."""
        return Plan(self.home).site.stream_socket

    def streams_open(self) -> int:
        """How many connections the stream process holds now, as the kernel counts them."""
        path, connected = str(self.stream_socket), "03"
        lines = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
        return sum(1 for line in lines if line[-1] == path and line[5] == connected)


@contextlib.contextmanager
def running_demo(day: str = "off", host: str = "") -> Iterator[Install]:
    """A fresh demo district behind a free port, in a home of its own that is removed after; on the
    real present, unless `day` is "on". With `host` it serves https under that name, with
    certificates of its own.

    While writing tests: LIANQIN_E2E_HOME names the home of a demo that runs already.
    """
    if named := os.environ.get("LIANQIN_E2E_HOME"):
        yield already_running(Path(named))
        return
    # A short path, for the sockets; traversable, for the database's own user.
    home = Path(tempfile.mkdtemp(prefix="lqe-"))
    home.chmod(0o711)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    env = os.environ | {"LIANQIN_HOME": str(home), "LIANQIN_PORT": str(port)}
    env["LIANQIN_DEMO_DAY"] = day
    # A front end of its own: a test may put the next version in its place.
    env["LIANQIN_WEB_DIST"] = str(shutil.copytree(web_dist(), home / "dist"))
    for name in ("DATABASE_URL", "LIANQIN_DATABASE", "LIANQIN_HOST"):
        env.pop(name, None)
    if host:
        env["LIANQIN_HOST"] = host
    log = (home / "serve.log").open("w+b")
    process = subprocess.Popen(
        [sys.executable, "-m", "lianqin.console.cli", "serve", "--demo"],
        cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    install = Install(home, f"https://{host}:{port}" if host else f"http://127.0.0.1:{port}")
    try:
        until(
            lambda: install.state().get("phase") == "serving" or process.poll() is not None,
            START_S,
        )
        assert process.poll() is None, (home / "serve.log").read_text()
        yield install
    finally:
        install.http.close()
        _stop(process)
        log.close()
        shutil.rmtree(home, ignore_errors=True)


def already_running(home: Path) -> Install:
    """The demo that runs on a home now."""
    state = Home(home).serving()
    assert state, f"no `lianqin serve --demo` runs on {home}"
    return Install(home, str(state["address"]))


def _stop(process: subprocess.Popen[bytes]) -> None:
    # A failed test may have left it stopped.
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(
    true: Callable[[], object],
    seconds: float = 30.0,
    pause: Callable[[float], object] = lambda s: time.sleep(s),
) -> None:
    """Wait until something is so; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        pause(0.05)


def scene(number: int = 0, *, after: bool = False) -> bytes:
    """A drawn photo of a street, before or after somebody put it right."""
    return photo(sorted(SCENES)[number % len(SCENES)], after=after, number=number)
