"""Every write on cases: one function per verb of the field.

The verbs register themselves; `act` does the one that the command names.
"""

from . import alerting, asking, checking, handling, intake, pressing, sending
from .on_case import VERBS, Said, act
from .report import NewReport, report
from .settling import Settlement

__all__ = [
    "VERBS",
    "NewReport",
    "Said",
    "Settlement",
    "act",
    "alerting",
    "asking",
    "checking",
    "handling",
    "intake",
    "pressing",
    "report",
    "sending",
]
