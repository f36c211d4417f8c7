"""Reports, cases, tasks, clocks and their pictures; the current state, history beside it."""

from .case import SOURCES, Bigrams, Case, CasePhoto, Note, Report, salt
from .record import Reveal, SecurityLead, ServiceRecord
from .task import CaseRequest, StageClock, Task

__all__ = [
    "SOURCES",
    "Bigrams",
    "Case",
    "CasePhoto",
    "CaseRequest",
    "Note",
    "Report",
    "Reveal",
    "SecurityLead",
    "ServiceRecord",
    "StageClock",
    "Task",
    "salt",
]
