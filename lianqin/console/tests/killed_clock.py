"""`lianqin clock` that kills itself at a named point of an alert.

The product has no such switch: here its own functions are wrapped from outside, then the real loop
runs. `LIANQIN_FAULT=point:n` is the n-th time that the point is reached.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from lianqin.console.commands import set_up_django

#: point → module, function, and whether the end comes before or after it has run.
POINTS = {
    "before_reading": ("lianqin.cases.alerts", "due_alerts", "before"),
    "after_reading": ("lianqin.cases.alerts", "due_alerts", "after"),
    "before_the_key": ("lianqin.accounts.runner", "_claim", "before"),
    "after_the_key": ("lianqin.accounts.runner", "_claim", "after"),
    "after_locking_the_case": ("lianqin.cases.actions.alerting", "lock_case", "after"),
    "after_locking_the_clock": ("lianqin.cases.actions.alerting", "lock_clock", "after"),
    "after_writing_the_row": ("lianqin.cases.clocks", "give", "after"),
    "before_the_entry": ("lianqin.accounts.runner", "append", "before"),
    "after_the_entry_before_commit": ("lianqin.accounts.runner", "append", "after"),
    "after_commit": ("lianqin.cases.alerts", "clock_alert", "after"),
}


def arm(point: str, nth: int) -> None:
    """Let the process die at the n-th passing of `point`."""
    import importlib

    name, function, when = POINTS[point]
    module = importlib.import_module(name)
    passed = 0

    def die() -> None:
        nonlocal passed
        passed += 1
        if passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrapped(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            if when == "before":
                die()
            result = original(*args, **more)
            if when == "after":
                die()
            return result

        return run

    setattr(module, function, wrapped(getattr(module, function)))


if __name__ == "__main__":
    chosen, _, number = os.environ["LIANQIN_FAULT"].partition(":")
    with set_up_django():
        arm(chosen, int(number or 1))
        from lianqin.console.clock_loop import command

        command(sys.argv[1:])
