"""A folder of files named by the SHA-256 of what is in them.

Writing the same bytes twice gives the same name and one file. A file is written before the
transaction that refers to it commits, so a crash leaves files that nobody refers to: a sweep
takes those away once they are old enough. No record of the store itself exists that could
disagree with the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files a sweep looked at, took away, and how many bytes that was."""

    seen: int = 0
    removed: int = 0
    bytes: int = 0


class Store:
    """Content-addressed files under a root folder, readable by its owner only.

    Parameters
    ----------
    root
        Made on first write. Files lie two folders deep, so that none grows too large; files
        being written or thrown away lie in ``.work``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._work = root / ".work"

    def write(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256 in hex.

        When it returns, the file survives a power cut. Bytes that are there already are marked
        as fresh, so that a sweep running at this moment leaves them alone.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        final = self._path(sha256)
        with suppress(FileNotFoundError):
            os.utime(final)
            return sha256
        for folder in (self._work, final.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp opens with mode 0600, which the rename keeps.
        handle, name = tempfile.mkstemp(dir=self._work, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as temporary:
                temporary.write(data)
                temporary.flush()
                os.fsync(temporary.fileno())
            os.replace(name, final)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise
        for folder in (final.parent, final.parent.parent, self.root):
            _sync_folder(folder)
        return sha256

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If the name is no SHA-256.
        """
        return self._path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """The bytes of a file; errors as for :meth:`open`."""
        return self._path(sha256).read_bytes()

    def exists(self, sha256: str) -> bool:
        """Whether the file is there."""
        return self._path(sha256).is_file()

    def intact(self, sha256: str) -> bool:
        """Whether the file still holds the bytes of its name; errors as for :meth:`open`."""
        with self._path(sha256).open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest() == sha256

    def names(self) -> Iterator[str]:
        """The SHA-256 of every file, in no particular order."""
        for path in self.root.glob("??/??/*"):
            if _SHA256.fullmatch(path.name):
                yield path.name

    def sweep(self, keep: Callable[[list[str]], Collection[str]], older_than: datetime) -> Swept:
        """Take away files last written before an instant that nobody wants.

        Parameters
        ----------
        keep
            Given some names, returns those that are wanted; called in batches, as one query
            each. ``some_set.intersection`` will do for a set of names.
        older_than
            An hour ago or more: younger files may belong to a transaction still under way.
        """
        cutoff = older_than.timestamp()
        total = Swept()
        old: list[str] = []
        for name in self.names():
            total = Swept(total.seen + 1, total.removed, total.bytes)
            if self._age(self._path(name)) < cutoff:
                old.append(name)
            if len(old) == _BATCH:
                total, old = self._sweep_some(old, keep, cutoff, total), []
        total = self._sweep_some(old, keep, cutoff, total)
        self._clear_work(cutoff)
        return total

    def _sweep_some(
        self,
        names: list[str],
        keep: Callable[[list[str]], Collection[str]],
        cutoff: float,
        total: Swept,
    ) -> Swept:
        wanted = set(keep(names)) if names else set()
        for name in names:
            size = 0 if name in wanted else self._remove(name, cutoff)
            if size:
                total = Swept(total.seen, total.removed + 1, total.bytes + size)
        return total

    def _remove(self, name: str, cutoff: float) -> int:
        """Take one file away and return its size, or put it back if it was just written again.

        A writer that finds the file marks it fresh; one that comes after the rename finds none
        and writes anew. So looking at the time once more after the rename misses nobody.
        """
        path, aside = self._path(name), self._work / f"gone-{name}"
        self._work.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):
            os.replace(path, aside)
            stat = aside.stat()
            if stat.st_mtime >= cutoff:
                os.replace(aside, path)
                return 0
            aside.unlink()
            return stat.st_size
        return 0

    def _clear_work(self, cutoff: float) -> None:
        """Throw away what a crash left half written or half thrown away."""
        for path in self._work.glob("*"):
            if self._age(path) < cutoff:
                path.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("a file's name is its SHA-256 in hex")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    @staticmethod
    def _age(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except FileNotFoundError:
            return float("inf")


def _sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
