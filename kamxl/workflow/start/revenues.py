"""What the segments brought in earlier periods: from the register as it was kept when these were
issued.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from kamxl.apart import Died, call
from kamxl.core.ids import same_id
from kamxl.core.period import Period, in_order
from kamxl.core.portfolio.changing import Revenues
from kamxl.core.records.register import Register
from kamxl.excel.reading.limits import Refused
from kamxl.store import memory
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace
from kamxl.workflow.files.registers import REGISTER, register_in
from kamxl.workflow.start.register import MOST

_MOST = 4  # periods looked back: each is a workbook to read


def remembered_revenues(workspace: Workspace, answered: Iterable[str], period: str) -> Revenues:
    """Of the latest periods before ``period`` among those ``answered`` in: account and segment to
    revenue.

    A copy that is today's register says nothing new, and one that cannot be read, nothing: then
    today's revenues are taken.
    """
    earlier = {p for p in answered if Period.parse(p) and in_order(p) < in_order(period)}
    today = _bytes(workspace.register)
    found: dict[str, dict[tuple[str, str], float | None]] = {}
    for one in sorted(earlier, key=in_order)[-_MOST:]:
        path = memory.kept_register(workspace, one)
        data = _bytes(path) if path else b""
        if data and data != today:
            with contextlib.suppress(Refused, Died):
                found[one] = _revenues(call(register_in, data, None, MOST).register)
    return found


def _revenues(register: Register) -> dict[tuple[str, str], float | None]:
    return {(same_id(s.account), same_id(s.id)): s.revenue for s in register.segments}


def _bytes(path: Path) -> bytes:
    """What is in a file; nothing, if it cannot be read or is too large."""
    with contextlib.suppress(OSError):
        return content(path, REGISTER.file)
    return b""
