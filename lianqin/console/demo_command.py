"""`lianqin demo`: the district's own commands, its time, its living day."""

from __future__ import annotations

from .commands import demo
from .demo_day_command import day
from .demo_time_command import command as demo_time

demo.add_command(demo_time)
demo.add_command(day)

__all__ = ["demo"]
