"""What a customer said where nothing was asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """Words beside the cells of a card: in a note, a text box, or typed next to the table.

    ``cell`` is empty where the file does not tell.
    """

    sheet: str
    cell: str
    text: str
