"""The ways of a demo: what would be sent stands in LIANQIN_HOME/outbox.log, marked as a demo's.

Nothing leaves the machine, and nobody's number is needed.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from lianqin.worktime.now import PRESENT

from .plug import Message

FILE = "outbox.log"


class _Outbox:
    key = ""
    name = ""
    needs_contact = False

    def send(self, to: str, message: Message) -> None:
        """Append one line."""
        at = PRESENT.now().isoformat(timespec="seconds")
        line = f"[演示 demo] {at} {self.name} → {to}: {message.zh} / {message.en} ({message.id})\n"
        path = Path(settings.LIANQIN_HOME) / FILE
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


class Sms(_Outbox):
    """短信, as a line in a file."""

    key, name = "sms", "短信 SMS"


class Call(_Outbox):
    """电话, likewise."""

    key, name = "call", "电话 call"


DEMO = (f"{__name__}.Sms", f"{__name__}.Call")
