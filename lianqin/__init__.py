"""Lianqin 联勤: the platform for joint duty in a city."""

__version__ = "0.1.0"
