"""Ways to reach people outside the page, and how a district plugs in its own."""

from .plug import Failed, Gone, Message, Way, in_time, installed

__all__ = ["Failed", "Gone", "Message", "Way", "in_time", "installed"]
