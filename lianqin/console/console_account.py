"""Whoever sits at the server's own console: a security administrator of the district under the
account `console`, which cannot sign in. So the command goes the same way as an administrator's
page, and its acts stand in the journal as its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

from lianqin.accounts import refusals
from lianqin.accounts.actions import ensure_service
from lianqin.accounts.http import clock, real_now
from lianqin.accounts.queries import principal_of
from lianqin.accounts.runner import Command, request_hash
from lianqin.territory.queries import district

from .problem_words import words
from .words import Refusal, chinese

ACCOUNT, NAME = "console", "控制台"


@contextmanager
def at_the_console(act: str, *said: object) -> Iterator[tuple[Command, date, bool]]:
    """A command of the console's account, the district's date, and whether it is a demo; what an
    action refuses is said in the words of the terminal."""
    here = district()
    today = clock.now().astimezone(here.tz).date()
    user = ensure_service(ACCOUNT, NAME, "security_admin", here.code, now=real_now())
    command = Command(principal_of(user, today), act, uuid4(), request_hash(act, *said), now=clock)
    try:
        yield command, today, here.demo
    except refusals.Refusal as refusal:
        title, detail = words(refusal.code, "zh" if chinese() else "en", refusal.params)
        raise Refusal(f"{title}: {detail}" if detail else title) from None
