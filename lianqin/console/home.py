"""LIANQIN_HOME: where one install keeps its keys, data, sockets and logs.

Django is not imported here: settings.py itself asks this module where the home is.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianqin.console.words import Refusal, tr

KEYS = (
    "secret_key",
    "second_factor_key",
    "db_superuser_password",
    "db_owner_password",
    "db_app_password",
)
FOLDERS = ("keys", "run", "files", "seals", "log", "static")
# sun_path holds 108 bytes with the closing zero; the longest name we put there is PostgreSQL's.
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = "postgres/.s.PGSQL.5432"

_held: dict[Path, tuple[int, int]] = {}  # lock file → (descriptor, how often this process holds it)


def default_home() -> Path:
    """The home when LIANQIN_HOME is not set: below /var/lib for root, else the XDG data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/lianqin")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "lianqin"


class Busy(Refusal):
    """The home is held by another process."""


@dataclass(frozen=True)
class Home:
    """The data folder of one install. Call `prepare()` before writing into it."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The home that LIANQIN_HOME names, or the default."""
        named = os.environ.get("LIANQIN_HOME")
        return cls((Path(named).expanduser() if named else default_home()).resolve())

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def pg(self) -> Path:
        return self.root / "pg"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def static(self) -> Path:
        return self.root / "static"

    @property
    def state_file(self) -> Path:
        return self.run / "state.json"

    @property
    def lock_file(self) -> Path:
        return self.run / "lock"

    @property
    def sockets(self) -> Path:
        """Folder of the sockets: `run/`, or a private one in /tmp where that path is too long."""
        if len(os.fsencode(self.run / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.run
        short = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path("/tmp") / f"lianqin-{os.geteuid()}-{short}"

    def prepare(self) -> None:
        """Make the folders and keys that are missing. Raises Refusal where that is not possible."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            # As root the database runs as another user, who must be able to walk through.
            self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for name in FOLDERS:
                (self.root / name).mkdir(exist_ok=True)
                (self.root / name).chmod(0o700)
            self.run.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for name in KEYS:
                if not (self.keys / name).exists():
                    self._write_private(self.keys / name, secrets.token_urlsafe(48))
        except OSError as error:
            raise refusal_of(error, self.root) from error
        self._prepare_sockets()

    def _prepare_sockets(self) -> None:
        folder = self.sockets
        if folder == self.run:
            return
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        # Anyone may make names in /tmp: use the folder only if it is a real one and ours.
        if not folder.is_dir() or folder.is_symlink() or found.st_uid != os.geteuid():
            raise Refusal(
                tr(
                    f"{folder} 属于他人,请移走它。",
                    f"{folder} belongs to somebody else; move it away.",
                )
            )
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)

    def key(self, name: str) -> str:
        """The content of one key file, without the line end."""
        return (self.keys / name).read_text(encoding="ascii").strip()

    def _write_private(self, path: Path, text: str) -> None:
        """Write through a temporary file, so that a reader or a crash never meets half a key."""
        handle, temporary = tempfile.mkstemp(dir=path.parent)  # 0600 from the start
        with os.fdopen(handle, "w") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)

    def write_state(self, state: dict[str, Any]) -> None:
        """Publish what `serve` runs (it holds the database address, so it is private too)."""
        self._write_private(self.state_file, json.dumps(state, indent=1, ensure_ascii=False))

    def read_state(self) -> dict[str, Any] | None:
        """What the last `serve` published, whether or not it still runs; None if nothing."""
        try:
            state = json.loads(self.state_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return state if isinstance(state, dict) else None

    def is_held(self) -> bool:
        """True while another process (a `serve`, or a command with a database) has the home."""
        if self.lock_file in _held:
            return False
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def serving(self) -> dict[str, Any] | None:
        """The state of the `serve` that runs on this home now, or None."""
        return self.read_state() if self.is_held() else None

    @contextlib.contextmanager
    def hold(self, wait: float = 0.0, on_wait: Callable[[], None] | None = None) -> Iterator[int]:
        """Hold the home alone; yields the lock's descriptor.

        May be nested within one process. Waits up to `wait` seconds (calling `on_wait` once) and
        raises Busy when another process keeps it.
        """
        descriptor, depth = _held.get(self.lock_file, (-1, 0))
        if depth == 0:
            descriptor = self._lock(wait, on_wait)
        _held[self.lock_file] = (descriptor, depth + 1)
        try:
            yield descriptor
        finally:
            if depth == 0:
                del _held[self.lock_file]
                os.close(descriptor)
            else:
                _held[self.lock_file] = (descriptor, depth)

    def _lock(self, wait: float, on_wait: Callable[[], None] | None) -> int:
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise refusal_of(error, self.root) from error
        deadline = time.monotonic() + wait
        said = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    raise Busy(self._busy_words()) from None
            if not said and on_wait:
                on_wait()
                said = True
            time.sleep(0.1)

    def _busy_words(self) -> str:
        state = self.read_state() or {}
        pid, address = state.get("pid", "?"), state.get("address", "?")
        return tr(
            f"{self.root} 正在使用中(进程 {pid},{address})。请先停止它(Ctrl-C)。",
            f"{self.root} is in use (process {pid}, {address}). Stop that one first (Ctrl-C).",
        )


def refusal_of(error: OSError, place: Path) -> Refusal:
    """Turn an error of the file system into words that say what to do."""
    where = error.filename or place
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal(
            tr(
                f"磁盘已满:{where}。请腾出空间后重试。",
                f"The disk is full: {where}. Free some space, then try again.",
            )
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Refusal(
            tr(
                f"无法写入 {where}。请用 LIANQIN_HOME 指定一个可写的数据目录。",
                f"{where} is not writable. Name a data folder that is, in LIANQIN_HOME.",
            )
        )
    return Refusal(f"{where}: {error.strerror or error}")
