"""One of the dates by which an answer was given: what says so, and when that was."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

MAIL, INSIDE, DISK = "mail", "inside", "disk"


class Dated(NamedTuple):
    """``by``: the mail it came in, the workbook itself, or the file on the disk."""

    by: str
    at: datetime
