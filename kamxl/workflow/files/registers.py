"""What a register says: its cells, and what the form makes of them.

Only in a process apart, like all that opens a file: whoever can write in a shared folder can put
anything in the place of Register.xlsx.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kamxl.apart import holds, raises
from kamxl.core.records.register import Register
from kamxl.excel.reading.book import LIMITS, Refused, read
from kamxl.excel.reading.limits import MB, MEMORY
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register import book as form
from kamxl.forms.register.places import Places
from kamxl.workflow.files.opening import only_if_sure

# A register grows with the team, and kamxl writes it itself: it is more than anybody returns.
# One of 900 accounts has 84,000 cells in 72 MB, nearly all of it formulas. One of 10,000 accounts,
# in which what formulas would say stands as values, has 1,000,000 cells in 120 MB.
REGISTER = replace(
    LIMITS, file=40 * MB, part=160 * MB, inflated=480 * MB, cells=1_500_000, strings=500_000,
    text=48 * MB, shown=192 * MB, elements=9_000_000,
)  # fmt: skip
_VALUES = 28_000_000  # of which a register with all its cells consists at the most

Told = tuple[tuple[str, str, str], ...]  # the workspaces a register names: id, sheet and cell


@dataclass(frozen=True, slots=True)
class RegisterRead:
    """The register in a workbook, whose it says to be, and its cells where they are wanted."""

    register: Register
    told: Told
    raw: RawBook | None = None


def understood(raw: RawBook) -> Register:
    """What the form makes of a register's cells."""
    return form.read(raw)


@holds(_VALUES)
@raises(Refused)
def register_in(data: bytes, _: None) -> RegisterRead:
    """What a register says (Refused)."""
    raw = cells_of(data)
    return RegisterRead(understood(raw), tuple(form.workspaces(raw)))


@holds(_VALUES)
@raises(Refused)
def register_with_cells(data: bytes, _: None) -> RegisterRead:
    """What a register says, and its cells as they stand there (Refused)."""
    raw = cells_of(data)
    return RegisterRead(understood(raw), tuple(form.workspaces(raw)), raw)


@raises(Refused)
def places_in(data: bytes, _: None) -> Places:
    """Where in a register the texts stand that go out (Refused)."""
    return Places.of(cells_of(data))


def cells_of(data: bytes) -> RawBook:
    """The cells of a register (Refused; MemoryError, as ``opening.read_any``)."""
    try:
        return read(data, REGISTER)
    except Refused as refused:
        if refused.reason == MEMORY:
            raise MemoryError from None
        only_if_sure([refused.code])
        raise
