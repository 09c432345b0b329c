"""What an import gives back: how files were understood, what changes, what is asked on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kamxl.workflow.results import NotCarried, has_errors

if TYPE_CHECKING:
    from kamxl.core.finding import Finding
    from kamxl.core.records.imported import RowChange


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of an imported table: its header and letters, some of what stands in it.

    ``part``: what it says ("" in a question), known by ``way``; it counts in ``times`` units.
    """

    header: str
    letters: str
    samples: tuple[str, ...] = ()
    part: str = ""
    way: str = ""
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is not sure: which of the ``choices`` says ``part`` ("decimal": which mark it is)."""

    part: str
    choices: tuple[SeenColumn, ...]


@dataclass(frozen=True, slots=True)
class SeenTable:
    """A table of an imported file (``head``: row of its headers, or 0), and how it was understood.

    ``unused`` are headers of no use, ``decimal`` the mark of its amounts, if it is known.
    """

    file: str
    sheet: str
    head: int
    rows: int
    columns: tuple[SeenColumn, ...]
    questions: tuple[Asked, ...]
    unused: tuple[str, ...]
    decimal: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What files tell, what that changes in the register, and where the changed one stands.

    ``state``: "written" (at ``path``), "unchanged" (there is nothing to write), "shown" (nobody was
    asked), "declined", or "refused" (too much, or no table). ``findings`` are by file.
    """

    language: str
    tables: tuple[SeenTable, ...]
    changes: tuple[RowChange, ...]
    findings: tuple[tuple[str, Finding], ...]
    state: str
    path: str | None = None
    left: tuple[NotCarried, ...] = ()
    notes: bool = False
    asked: bool = False  # somebody saw it all before it was written or declined

    @property
    def attention(self) -> bool:
        """Whether somebody has to look: something is not sure, not used or did not come along."""
        wrong = has_errors(found for _, found in self.findings)
        return wrong or self.state == "shown" or bool(self.left) or self.notes
