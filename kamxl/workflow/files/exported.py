"""What another program's export holds: its tables, as far as they can be found without asking.

Only in a process apart, like all that opens a file.
"""

from __future__ import annotations

from kamxl.apart import raises
from kamxl.excel.reading.limits import Refused
from kamxl.forms.exports.found import FoundTable, tables_in
from kamxl.forms.register.reading import is_register
from kamxl.workflow.files.opening import read_export


@raises(Refused)
def tables_of(data: bytes, _: None) -> list[FoundTable] | None:
    """The tables in an export (Refused); None: it is a register."""
    book = read_export(data)
    return None if is_register(book) else tables_in(book)
