"""What an installation of kamxl can do, asked of itself: its versions, and processes apart."""

from __future__ import annotations

import platform

from kamxl import __version__
from kamxl.excel.addin.interpreter import xlwings_here
from kamxl.workflow.health.processes import apart


def able() -> dict[str, str]:
    """``kamxl``, ``python``, ``xlwings`` with their versions and ``apart``: "ok" or why not.

    What is missing has no entry. xlwings is loaded for it: that it is there is not enough.
    """
    found = {"kamxl": __version__, "python": platform.python_version(), "apart": apart()}
    xlwings = xlwings_here()
    return {**found, "xlwings": xlwings} if xlwings else found
