"""Keep a list of services alive: start, wait until ready, restart what dies, stop in order.

One thread, no callbacks: `tick()` looks once at everything and is called often. Each service has a
session of its own, and when its first process ends the rest of that session is killed, because a
web server's workers outlive their killed parent.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lianqin.console.processes import in_session, send, spawn, wait_gone
from lianqin.console.words import Refusal, tr

LOG_LIMIT = 20 * 1024 * 1024  # bytes; beyond it a log is copied aside once and begun anew
BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before the n-th restart in a row
STEADY = 30.0  # seconds of life after which a service has a clean slate
GIVE_UP = 5  # deaths before it was ever ready


@dataclass
class Service:
    """One long-running process.

    `ready` asks whether it answers; `before` runs ahead of every start (an old socket is removed);
    `start`, where given, starts the process itself (the database changes user, for instance).
    """

    name: str
    command: Sequence[str] = ()
    env: dict[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True
    before: Callable[[], None] | None = None
    start: Callable[[int], subprocess.Popen[bytes]] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 8.0  # seconds between the stop signal and SIGKILL
    may_end: bool = False  # exit 0 means that its work is done


class _Running:
    """A service with its process and its history."""

    def __init__(self, spec: Service) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.again_at = 0.0
        self.deaths_in_a_row = 0
        self.restarts = 0
        self.was_ready = False
        self.is_back = True


class Supervisor:
    """Runs services with logs in a folder; `say` gets a line per event worth knowing."""

    def __init__(self, log: Path, cwd: Path, say: Callable[[str], None]) -> None:
        self.log = log
        self.cwd = cwd
        self.say = say
        self.running: list[_Running] = []
        self.on_change: Callable[[], None] = lambda: None
        self.also: Callable[[], None] = lambda: None
        self._looked_at_logs = time.monotonic()

    def add(self, *specs: Service) -> None:
        """Start services now (all at once), without waiting."""
        for spec in specs:
            service = _Running(spec)
            self.running.append(service)
            self._start(service)
        self.on_change()

    def wait_ready(self, seconds: float | None = None) -> None:
        """Wait until every service has answered; Refusal, with its log's end, if one won't."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while waiting := [s for s in self.running if not self._check_ready(s)]:
            for service in waiting:
                late = deadline is not None and time.monotonic() > deadline
                if late or service.deaths_in_a_row >= GIVE_UP:
                    raise Refusal(self._why(service.spec.name))
            self.pause(0.05)
            self.tick()

    def pause(self, seconds: float) -> None:
        """Sleep; a signal handler that raises ends it early."""
        time.sleep(seconds)

    def tick(self) -> None:
        """Look once: restart the dead, note who is back, keep logs in bounds."""
        for service in self.running:
            if service.process is not None and service.process.poll() is not None:
                self._buried(service)
            elif service.process is None and time.monotonic() >= service.again_at:
                service.restarts += 1
                self._start(service)
                self.on_change()
            elif not service.is_back and self._check_ready(service):
                service.is_back = True
                self.say(tr(f"{service.spec.name} 已恢复", f"{service.spec.name} is back"))
        self.also()
        if time.monotonic() - self._looked_at_logs > 60:
            self._looked_at_logs = time.monotonic()
            self._bound_logs()

    def run_step(self, command: Sequence[str], env: dict[str, str], name: str) -> None:
        """Run a command to its end while keeping the services alive. Raises Refusal if it fails."""
        with self._log_of(name) as log:
            process = spawn(command, env=env, cwd=self.cwd, output=log)
        try:
            while process.poll() is None:
                self.pause(0.02)
                self.tick()
        finally:
            if process.poll() is None:
                self._end_session(process.pid)
                process.wait()
        if process.returncode != 0:
            raise Refusal(self._why(name))

    def stop(self, only: Callable[[Service], bool] = lambda _: True) -> None:
        """Stop services in the reverse order of their start, each with its own signal."""
        for service in reversed([s for s in self.running if only(s.spec)]):
            self.running.remove(service)
            process = service.process
            if process is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(service.spec.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=service.spec.patience)
            self._end_session(process.pid)
            process.wait()

    def describe(self) -> dict[str, dict[str, int]]:
        """Process ids and restarts by service, for state.json."""
        return {
            s.spec.name: {"pid": s.process.pid, "restarts": s.restarts}
            for s in self.running
            if s.process is not None
        }

    # ------------------------------------------------------------------------------------------

    def _start(self, service: _Running) -> None:
        service.started = time.monotonic()
        try:
            self._launch(service)
        except OSError as error:
            # A full disk or a spent process table may pass; the others must not fall with this one.
            service.again_at = time.monotonic() + BACKOFF[-1]
            service.deaths_in_a_row += 1
            self.say(f"{service.spec.name}: {error}")

    def _launch(self, service: _Running) -> None:
        if service.spec.before:
            service.spec.before()
        with self._log_of(service.spec.name) as log:
            if service.spec.start:
                service.process = service.spec.start(log)
            else:
                service.process = spawn(
                    service.spec.command, env=service.spec.env, cwd=self.cwd, output=log
                )

    def _check_ready(self, service: _Running) -> bool:
        if service.was_ready and service.is_back:
            return True
        alive = service.process is not None and service.process.poll() is None
        if alive and service.spec.ready():
            service.was_ready = True
            return True
        return False

    def _buried(self, service: _Running) -> None:
        """A service's first process has ended: end its session, plan the next start."""
        assert service.process is not None
        self._end_session(service.process.pid)
        if time.monotonic() - service.started > STEADY:
            service.deaths_in_a_row = 0
        if service.spec.may_end and service.process.returncode == 0:
            service.process, service.again_at = None, math.inf
            self.on_change()
            return
        delay = BACKOFF[min(service.deaths_in_a_row, len(BACKOFF) - 1)]
        service.deaths_in_a_row += 1
        how = ended(service.process.returncode)
        self.say(
            tr(
                f"{service.spec.name} 已退出({how}),{delay:g} 秒后重启",
                f"{service.spec.name} ended ({how}); starting it again in {delay:g} s",
            )
        )
        service.process, service.is_back = None, False
        service.again_at = time.monotonic() + delay

    def _end_session(self, session: int) -> None:
        """Kill what is left of a session whose leader is to end or has ended."""
        for _ in range(20):
            left = in_session(session)
            if not left:
                return
            send(left, signal.SIGKILL)
            wait_gone(lambda: in_session(session), 0.25)

    @contextlib.contextmanager
    def _log_of(self, name: str) -> Iterator[int]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self.log / f"{name}.log", flags, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _bound_logs(self) -> None:
        """Copy aside and truncate; the writers append, so they go on at the new end."""
        for service in self.running:
            path = self.log / f"{service.spec.name}.log"
            with contextlib.suppress(OSError):
                if path.stat().st_size > LOG_LIMIT:
                    path.with_suffix(".log.1").write_bytes(path.read_bytes())
                    os.truncate(path, 0)

    def _why(self, name: str) -> str:
        """Words for a step or service that failed, with the end of its log."""
        path = self.log / f"{name}.log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
        head = tr(
            f"{name} 未能完成。日志 {path} 的末尾:", f"{name} failed. The end of its log, {path}:"
        )
        return "\n".join([head, *("    " + line for line in lines)])


def ended(code: int) -> str:
    """A process's end in words: 'signal 9 (SIGKILL)' or 'exit 1'."""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {-code} ({signal.Signals(-code).name})"
    return f"exit {code}"
