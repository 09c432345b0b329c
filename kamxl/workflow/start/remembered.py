"""What is wrong with the records of issued cards: said by every command that meets them."""

from __future__ import annotations

from kamxl.core.finding import Finding, finding
from kamxl.store import memory
from kamxl.store.workspace import Workspace


def damaged_records(
    workspace: Workspace, issued: memory.Issued | None = None
) -> tuple[Finding, ...]:
    """One finding for each issued record that is damaged; it costs its own card only.

    ``issued``: the records, where they are read already.
    """
    return tuple(map(damaged, (issued or memory.load(workspace)).damaged))


def damaged(name: str) -> Finding:
    """The finding for a record's file that holds none any more."""
    return finding("record-damaged", value=name)


def mended(name: str) -> Finding:
    """The finding for one that was written again, because the same is still asked."""
    return finding("record-mended", value=name)
