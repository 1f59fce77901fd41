"""English: the back end shows dates as the office writes them, so they have to be understood as well."""

from __future__ import annotations

from typing import Final

DATE_INPUT_FORMATS: Final = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"]
DATETIME_INPUT_FORMATS: Final = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M"]
