"""The guardian: a small process that outlives `lianqin serve` by a few seconds.

It holds the reading end of a pipe whose writing end only `serve` has, and shares the home's lock.
When `serve` ends in whatever way, `kill -9` included, the pipe closes, the guardian stops every
process of the home, and only then lets go of the lock that the next `serve` waits for.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from lianqin.console.home import Home
from lianqin.console.processes import sweep, with_package

GUARDIAN_MARK = "LIANQIN_GUARDIAN"
PAUSE = 0.5  # seconds between two guardians, should one not even start


class Guardian:
    """The serving side: starts the guardian, notices its death, lets it go at the end."""

    def __init__(self, root: Path, lock: int) -> None:
        self.root = root
        self.lock = lock
        self.process: subprocess.Popen[bytes] | None = None
        self._pipe = -1
        self._started = 0.0

    def start(self) -> None:
        """Start a guardian (again)."""
        reading, writing = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lianqin.console.guardian", str(self.root), str(reading)],
                env=with_package(os.environ | {GUARDIAN_MARK: str(self.root)}),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(reading, self.lock),
            )
        finally:
            os.close(reading)
        self._pipe = writing
        self._started = time.monotonic()

    def restart_if_dead(self) -> bool:
        """Start another guardian if somebody has killed this one; True if so."""
        if self.process is None or self.process.poll() is None:
            return False
        if time.monotonic() - self._started < PAUSE:
            return False
        os.close(self._pipe)
        self.start()
        return True

    def dismiss(self) -> None:
        """Close the pipe and wait: the guardian sweeps what may be left and ends."""
        if self.process is None:
            return
        os.close(self._pipe)
        self.process.wait()
        self.process = None


def main() -> None:
    """Entry of the guardian's own process: arguments are the home and the pipe's descriptor."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    root, pipe = Path(sys.argv[1]), int(sys.argv[2])
    while os.read(pipe, 64):
        pass
    sweep(root)
    Home(root).state_file.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
