"""Every write on cases: one function per verb of the field."""

from .acts import (
    accept,
    check_fail,
    check_pass,
    close,
    dispatch,
    file,
    join,
    reject,
    report_back,
    send_back,
    told_by_radio,
)
from .report import NewReport, report

__all__ = [
    "NewReport",
    "accept",
    "check_fail",
    "check_pass",
    "close",
    "dispatch",
    "file",
    "join",
    "reject",
    "report",
    "report_back",
    "send_back",
    "told_by_radio",
]
