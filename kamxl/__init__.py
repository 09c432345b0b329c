"""Key account scorecards in Excel: issue them, read what customers send back, see the portfolio.

``Requirement``, ``Scorecard`` and ``rank_accounts`` are the method without any file; ``issue``,
``check`` and ``consolidate`` are what the commands of the same names do.
"""

from kamxl import errors as _errors

TYPE_CHECKING = False  # type checkers know the name; the module typing is what a start waits for
if TYPE_CHECKING:
    from kamxl.core.finding import Finding
    from kamxl.core.method.scoring import Requirement, Scorecard
    from kamxl.core.method.selection import Candidate, rank_accounts
    from kamxl.core.records.register import Account
    from kamxl.errors import KamxlError
    from kamxl.workflow.incoming.check import check
    from kamxl.workflow.incoming.consolidate import consolidate
    from kamxl.workflow.outgoing.issue import issue

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


# Each name and the module that has it, loaded when first asked for: whoever only calculates needs
# no workbooks, and a button of the add-in needs none of it.
_HOMES = {
    "Account": "kamxl.core.records.register",
    "Candidate": "kamxl.core.method.selection",
    "Finding": "kamxl.core.finding",
    "KamxlError": "kamxl.errors",
    "Requirement": "kamxl.core.method.scoring",
    "Scorecard": "kamxl.core.method.scoring",
    "check": "kamxl.workflow.incoming.check",
    "consolidate": "kamxl.workflow.incoming.consolidate",
    "issue": "kamxl.workflow.outgoing.issue",
    "rank_accounts": "kamxl.core.method.selection",
}


def _said(problem: _errors.KamxlError, part: str, language: str) -> str:
    """What an error says, told where all is imported: texts are read when one is said."""
    from kamxl.wording.mistakes import sentence

    return sentence(problem, part, language)


def _so_here(problem: _errors.KamxlError) -> bool:
    from kamxl.wording.mistakes import is_so

    return is_so(problem)


_errors.speaker = _said
_errors.prover = _so_here


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
