"""Key account scorecards in Excel: issue them, read what customers send back, see the portfolio.

``Requirement``, ``Scorecard`` and ``rank_accounts`` are the method without any file; ``issue``,
``check`` and ``consolidate`` are what the commands of the same names do.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from kamxl.core.finding import Finding
from kamxl.core.records import Account
from kamxl.core.scoring import Requirement, Scorecard
from kamxl.core.selection import Candidate, rank_accounts
from kamxl.errors import KamxlError

if TYPE_CHECKING:
    from kamxl.workflow.check import check
    from kamxl.workflow.consolidate import consolidate
    from kamxl.workflow.issue import issue

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Candidate",
    "Finding",
    "KamxlError",
    "Requirement",
    "Scorecard",
    "__version__",
    "check",
    "consolidate",
    "issue",
    "rank_accounts",
]


def __getattr__(name: str) -> object:
    """The use cases, loaded when first asked for: whoever only calculates needs no workbooks."""
    if name in ("check", "consolidate", "issue"):
        return getattr(import_module(f"kamxl.workflow.{name}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
