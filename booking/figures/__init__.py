"""What the office did, in numbers that name nobody: the same before and after contact data is erased."""

from __future__ import annotations

from booking.figures.disclosure import FEW
from booking.figures.period import Period, Quarter
from booking.figures.report import OTHERS, Line, Quarterly, Report, first_day, report

__all__ = ["FEW", "OTHERS", "Line", "Period", "Quarter", "Quarterly", "Report", "first_day", "report"]
