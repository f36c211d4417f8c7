"""Start a child that cannot outlive us, and find and stop the ones of an install.

Three nets under every child, because `kill -9` runs no clean-up of ours: the kernel signals the
child when its parent dies (PR_SET_PDEATHSIG), the guardian stops what bears the install's mark,
and the next `serve` does the same sweep before it starts anything.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

# Every child carries this variable with the home's path; found again in /proc/<pid>/environ.
MARK = "LIANQIN_SERVE"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | str,
    output: IO[Any] | int | None,
    death_signal: signal.Signals = signal.SIGTERM,
    uid: int | None = None,
    gid: int | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own that is signalled when this process dies.

    `uid`/`gid` (only as root) are taken on in the child before the command runs.
    """
    parent = os.getpid()

    def in_child() -> None:
        # After the change of user, which would clear it. The parent may already be gone by now.
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    as_user: dict[str, Any] = {}
    if uid is not None:
        as_user = {"user": uid, "group": gid, "extra_groups": []}
    return subprocess.Popen(
        list(command),
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=in_child,
        pass_fds=tuple(pass_fds),
        **as_user,
    )


def with_package(env: Mapping[str, str]) -> dict[str, str]:
    """The environment with this package importable, however we ourselves came to import it."""
    here = str(Path(__file__).resolve().parents[2])
    others = [p for p in env.get("PYTHONPATH", "").split(os.pathsep) if p and p != here]
    return dict(env) | {"PYTHONPATH": os.pathsep.join([here, *others])}


def pids() -> list[int]:
    """All process ids of this machine (or container)."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat after the name: state, ppid, pgrp, session, … (empty if gone)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def is_alive(pid: int) -> bool:
    """True while the process runs; a zombie that nobody has reaped counts as gone."""
    fields = _stat(pid)
    return bool(fields) and fields[0] not in ("Z", "X")


def in_session(session: int) -> list[int]:
    """Live processes of one session: a service and whatever it has started."""
    found = []
    for pid in pids():
        fields = _stat(pid)
        if fields and fields[0] not in ("Z", "X") and int(fields[3]) == session:
            found.append(pid)
    return found


def marked(root: Path, mark: str = MARK) -> list[int]:
    """Live processes that carry the mark of this home in the environment they were started with."""
    wanted = f"{mark}={root}".encode()
    found = []
    for pid in pids():
        with contextlib.suppress(OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0") and is_alive(pid):
                found.append(pid)
    return found


def name_of(pid: int) -> str:
    """The kernel's short name of a process, or '' when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def postgres_of(pg: Path) -> list[int]:
    """Live PostgreSQL processes of a data folder.

    PostgreSQL overwrites its environment with its title and gives each backend its own session,
    so it is known by its working folder, and by postmaster.pid where that may not be looked at.
    """
    found = set()
    for pid in pids():
        if name_of(pid) != "postgres":
            continue
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/cwd") == str(pg) and is_alive(pid):
                found.add(pid)
    master = postmaster(pg)
    if master:
        found.add(master)
        found.update(p for p in pids() if (s := _stat(p)) and int(s[1]) == master and s[0] != "Z")
    return sorted(found)


def postmaster(pg: Path) -> int | None:
    """Process id of the server that runs on a data folder now, or None.

    A number left in postmaster.pid may by now be another program's: it must be a `postgres`.
    """
    try:
        pid = int((pg / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if is_alive(pid) and name_of(pid) == "postgres" else None


def send(targets: Sequence[int], number: signal.Signals) -> None:
    """Signal each process; those already gone are passed over."""
    for pid in targets:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def wait_gone(find: Callable[[], list[int]], seconds: float) -> list[int]:
    """Wait until `find` names nobody; returns who is left when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        left = find()
        if not left or time.monotonic() >= deadline:
            return left
        time.sleep(0.05)


def sweep(root: Path, patience: float = 8.0) -> list[int]:
    """Stop every process of a home: services first, the database last and by its own shutdown.

    Returns those that could not be stopped (normally none).
    """
    pg = root / "pg"

    def services() -> list[int]:
        database = set(postgres_of(pg))
        return [pid for pid in marked(root) if pid not in database and pid != os.getpid()]

    send(services(), signal.SIGTERM)
    wait_gone(services, patience)
    _until_gone(services, signal.SIGKILL)

    for number, seconds in ((signal.SIGINT, 2 * patience), (signal.SIGQUIT, patience)):
        if master := postmaster(pg):
            send([master], number)  # fast shutdown, then immediate
        if not wait_gone(lambda: postgres_of(pg), seconds):
            break
    return _until_gone(lambda: services() + postgres_of(pg), signal.SIGKILL)


def _until_gone(find: Callable[[], list[int]], number: signal.Signals) -> list[int]:
    """Signal again and again: a child may have been forked between our look and our signal."""
    for _ in range(20):
        left = find()
        if not left:
            return []
        send(left, number)
        wait_gone(find, 0.25)
    return find()
