"""What in a file belongs to a workspace: its register, a card, a plan."""

from __future__ import annotations

from kamxl.excel.reading.book import Refused
from kamxl.forms.plan.mark import identities
from kamxl.forms.register.reading import workspaces
from kamxl.forms.tables.mark import find_marks
from kamxl.store.inbox import Entry
from kamxl.workflow.files.opening import read_any, unpacked
from kamxl.workflow.start.identity import Trace


def traces_in(entry: Entry, _: None) -> list[Trace]:
    """What the process apart does: the files may come from anywhere."""
    found = []
    for member in unpacked(entry) or [entry]:
        try:
            raw = read_any(member.data or b"")
        except Refused:
            continue
        found += [Trace("register", entry.path, told) for told, *_ in workspaces(raw)]
        found += [Trace("card", entry.path, m.mark.workspace) for m in find_marks(raw)]
        found += [Trace("plan", entry.path, plan.workspace) for plan, *_ in identities(raw)]
    return found
